"""The demo company: believable, the same for the same seed and day, and never in production."""

from datetime import datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from dashboard import counts
from leads.models import Lead, Stage
from sla import notices
from sla.models import (
    Clock,
    ClockState,
    Connection,
    Decision,
    Dispute,
    Notice,
    NoticeKind,
    Recompute,
    RecomputeState,
    Restatement,
)
from smarketing.accounts.models import Absence, User
from smarketing.management.commands.seed_demo import move_in
from tests.conftest import AMSTERDAM

pytestmark = pytest.mark.django_db
MONDAY_AFTERNOON = datetime(2026, 11, 23, 15, 0, tzinfo=AMSTERDAM)


def test_it_has_leads_in_every_part_of_the_house():
    move_in(60, seed=7, now=MONDAY_AFTERNOON)

    assert {Stage.NEW, Stage.CUSTOMER, Stage.DISQUALIFIED} <= set(
        Lead.objects.values_list("stage", flat=True)
    )
    assert Clock.objects.met().exists()
    assert counts.disagreements() == []
    assert Restatement.objects.exists()
    assert not Connection.objects.get().is_on
    assert Absence.objects.get().deputy
    assert Notice.objects.filter(kind=NoticeKind.TO_SIGN, read_at=None).exists()
    assert notices.set_aside().count() == 1


@pytest.mark.parametrize("now", [MONDAY_AFTERNOON, MONDAY_AFTERNOON - timedelta(days=2, hours=13)])
def test_on_a_working_day_and_on_a_weekend_there_are_clocks_of_every_kind(now):
    move_in(60, seed=7, now=now)

    assert Clock.objects.filter(state=ClockState.PAUSED).exists()
    assert Clock.objects.filter(state=ClockState.VOID).exists()
    assert {"", Decision.REJECTED} <= set(Dispute.objects.values_list("decision", flat=True))
    assert Recompute.objects.get().state == RecomputeState.DONE
    assert Recompute.objects.get().moved > 0


def told_and_forgotten(seed):
    with transaction.atomic():
        move_in(15, seed=seed, now=MONDAY_AFTERNOON)
        story = list(Lead.objects.order_by("id").values_list("stage", "contact__email"))
        transaction.set_rollback(True)
    return story


def test_the_same_seed_tells_the_same_story():
    assert told_and_forgotten(seed=3) == told_and_forgotten(seed=3)
    assert told_and_forgotten(seed=3) != told_and_forgotten(seed=4)


def test_it_refuses_in_production(settings):
    settings.PRODUCTION = True

    with pytest.raises(CommandError, match="never moves into a production"):
        call_command("seed_demo")


def test_it_refuses_where_people_work_already(sam):
    with pytest.raises(CommandError, match="only into an empty database"):
        call_command("seed_demo")

    assert User.objects.count() == 1
