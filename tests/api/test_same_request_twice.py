"""A request with an Idempotency-Key has one effect, also when it arrives twice at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from leads.models import Activity, Lead
from smarketing.api import idempotency
from smarketing.api.models import RememberedAnswer
from tests.factories import LeadFactory

AT_ONCE = 6


def together(act):
    """What each of the threads got."""
    barrier = Barrier(AT_ONCE)

    def one(_):
        try:
            barrier.wait()
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(one, range(AT_ONCE)))


@pytest.mark.django_db(transaction=True)
def test_the_same_lead_sent_by_many_at_once_comes_in_once(software_of, mia):
    software = software_of(mia)
    body = {"external_id": "order-1", "contact": {"email": "noor@vandersteen.example"}, "message": "A price?"}

    answers = together(lambda: software.post("/api/v1/leads/", body, headers={"Idempotency-Key": "order-1"}))

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert sum("Idempotent-Replayed" in answer for answer in answers) == AT_ONCE - 1
    assert (Lead.objects.count(), Activity.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_a_visit_sent_by_many_at_once_counts_once(software_of, mia):
    lead, software = LeadFactory(), software_of(mia)

    together(
        lambda: software.post(
            f"/api/v1/leads/{lead.pk}/activities/", {"kind": "visit"}, headers={"Idempotency-Key": "visit-1"}
        )
    )

    lead.refresh_from_db()
    assert (lead.facts["site_visits"], lead.activities.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_without_a_key_each_counts(software_of, mia):
    lead, software = LeadFactory(), software_of(mia)

    together(lambda: software.post(f"/api/v1/leads/{lead.pk}/activities/", {"kind": "visit"}))

    lead.refresh_from_db()
    assert (lead.facts["site_visits"], lead.activities.count()) == (AT_ONCE, AT_ONCE)


@pytest.mark.django_db
def test_the_key_of_one_person_is_not_that_of_another(software_of, mia, sam):
    lead = LeadFactory()

    for person in (mia, sam):
        software_of(person).post(
            f"/api/v1/leads/{lead.pk}/activities/", {"kind": "note"}, headers={"Idempotency-Key": "1"}
        )

    assert {activity.actor for activity in lead.activities.all()} == {mia, sam}


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", "x" * 201, "bell\x07"])
def test_a_key_that_cannot_be_kept_is_refused(software_of, mia, key):
    answer = software_of(mia).post("/api/v1/leads/", {}, headers={"Idempotency-Key": key})

    assert answer.status_code == 400
    assert "Idempotency-Key" in answer.json()["errors"]


@pytest.mark.django_db
def test_after_a_day_it_is_forgotten(software_of, mia):
    lead, now = LeadFactory(), timezone.now()
    software_of(mia).post(
        f"/api/v1/leads/{lead.pk}/activities/", {"kind": "note"}, headers={"Idempotency-Key": "1"}
    )

    assert idempotency.forget(at=now + timedelta(hours=23)) == 0
    assert idempotency.forget(at=now + timedelta(hours=25)) == 1
    assert not RememberedAnswer.objects.exists()
