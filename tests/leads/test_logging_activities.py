"""People and systems write on a lead's timeline what happened."""

from datetime import timedelta

import pytest

from leads import activities
from leads.models import ActivityKind, Lead
from tests.conftest import TUESDAY_NOON
from tests.factories import LeadFactory

pytestmark = pytest.mark.django_db


def test_a_note_says_who_wrote_it(sam):
    lead = LeadFactory()

    note = activities.log(lead, ActivityKind.NOTE, by=sam, at=TUESDAY_NOON, body="Call back\x00 after lunch")

    assert (note.actor, note.occurred_at, note.body) == (sam, TUESDAY_NOON, "Call back after lunch")
    assert Lead.objects.get(pk=lead.pk).last_activity_at == TUESDAY_NOON


def test_something_logged_late_does_not_turn_back_the_last_activity(sam):
    lead = LeadFactory(last_activity_at=TUESDAY_NOON)

    activities.log(
        lead, ActivityKind.CALL, by=sam, at=TUESDAY_NOON, occurred_at=TUESDAY_NOON - timedelta(days=3)
    )

    assert Lead.objects.get(pk=lead.pk).last_activity_at == TUESDAY_NOON


def test_a_site_visit_raises_the_number_of_visits():
    lead = LeadFactory(facts={"site_visits": 2})

    activities.log(lead, ActivityKind.VISIT, by=None, at=TUESDAY_NOON, details={"page": "/pricing"})

    assert Lead.objects.get(pk=lead.pk).facts["site_visits"] == 3


def test_the_future_has_not_happened(sam):
    with pytest.raises(activities.NotYetHappened):
        activities.log(
            LeadFactory(),
            ActivityKind.CALL,
            by=sam,
            at=TUESDAY_NOON,
            occurred_at=TUESDAY_NOON + timedelta(hours=1),
        )


def test_a_clock_that_runs_a_little_ahead_is_forgiven(sam):
    call = activities.log(
        LeadFactory(),
        ActivityKind.CALL,
        by=sam,
        at=TUESDAY_NOON,
        occurred_at=TUESDAY_NOON + timedelta(minutes=2),
    )

    assert call.occurred_at == TUESDAY_NOON
