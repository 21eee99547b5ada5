"""Who is away gets no new hand-offs."""

from datetime import timedelta

import pytest
from django.utils import timezone

from smarketing.accounts.models import Absence, User

pytestmark = pytest.mark.django_db


def away(person, **changes):
    today = timezone.localdate()
    return {
        "user": person.pk,
        "first_day": today,
        "last_day": today + timedelta(days=2),
        "note": "Skiing",
    } | changes


def test_a_person_enters_his_own_absence(signed_in, sam):
    signed_in(sam).post("/settings/absences/", away(sam))

    assert not User.objects.present(timezone.now()).filter(pk=sam.pk).exists()


def test_the_last_day_away_is_a_whole_day(signed_in, sam):
    signed_in(sam).post("/settings/absences/", away(sam))

    absence = Absence.objects.get()
    assert absence.last_day == timezone.localdate() + timedelta(days=2)
    assert User.objects.present(absence.ends_at).filter(pk=sam.pk).exists()


def test_nobody_enters_an_absence_for_a_colleague(signed_in, sam, sonia):
    assert signed_in(sam).post("/settings/absences/", away(sonia)).status_code == 422
    assert not Absence.objects.exists()


def test_a_team_lead_does(signed_in, sven, sam):
    signed_in(sven).post("/settings/absences/", away(sam))

    assert Absence.objects.get().user == sam


def test_a_last_day_before_the_first_is_refused_in_words(signed_in, sam):
    answer = signed_in(sam).post(
        "/settings/absences/", away(sam, last_day=timezone.localdate() - timedelta(days=1))
    )

    assert "before the first one" in answer.content.decode()


def test_somebody_elses_absence_cannot_be_removed(signed_in, sam, sonia):
    absence = Absence.objects.create(
        user=sonia, starts_at=timezone.now(), ends_at=timezone.now() + timedelta(days=1)
    )

    assert signed_in(sam).post(f"/settings/absences/{absence.pk}/remove/").status_code == 403
    assert Absence.objects.exists()
