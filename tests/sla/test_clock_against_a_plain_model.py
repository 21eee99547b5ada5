"""Any sequence of acts on a clock: the engine and a plain slow model agree on state, due, worked time, breach and who answers.

CLOCK_SEQUENCES=2000 tries so many sequences instead of 24.
"""

import os
import random
from datetime import UTC, timedelta

import pytest

from handoff.models import Handoff
from leads.models import Stage
from sla import recomputing, voiding
from sla.models import Clock, Measure, PauseReason, TermKind
from sla.sweeps import sweep
from tests.assertions import assert_invariants_hold
from tests.factories import AgreementFactory, LeadFactory
from tests.sla.clock_model import MINUTE, PlainClock
from tests.sla.moments import BRIEF, TUESDAY_NINE

pytestmark = pytest.mark.django_db

DAYS = tuple((day, 9, 17) for day in range(5))
SHIFTS = (*((day, 13, 21) for day in range(5)), (5, 10, 14))
NIGHTS_OFF = (*((day, 6, 12) for day in range(4)), *((day, 14, 19) for day in range(4)))
REASONS = list(PauseReason)
LIMITS = {
    PauseReason.MARKETING_ANSWERS: 300,
    PauseReason.LEAD_ASKED_FOR_DATE: 900,
    PauseReason.DUPLICATE_REVIEW: 120,
}


def week_of(calendar):
    week: dict[str, list] = {}
    for day, opens, closes in calendar:
        week.setdefault(str(day), []).append([f"{opens:02}:00", f"{closes:02}:00"])
    return week


@pytest.mark.parametrize("seed", range(int(os.environ.get("CLOCK_SEQUENCES", "24"))))
def test_the_engine_agrees_with_the_plain_model(seed, mia, sam, sonia, sales, sven, mara):
    chance = random.Random(seed)
    agreement = AgreementFactory(pause_limits=LIMITS)
    hot = agreement.terms.get(kind=TermKind.FIRST_CONTACT_HOT)
    other = agreement.terms.get(kind=TermKind.FIRST_CONTACT_OTHER)
    start = TUESDAY_NINE.astimezone(UTC) - timedelta(weeks=2) + chance.randrange(-600, 600) * MINUTE
    lead = LeadFactory(stage=Stage.SQL, captured_at=start, sql_at=start)
    handoff = Handoff.send(lead, brief=BRIEF, to=sam, team=sales, by=mia, at=start)
    clock = Clock.objects.get(handoff=handoff, measure=Measure.FIRST_CONTACT)
    plain = PlainClock(
        calendar=DAYS,
        start=start,
        minutes=240,
        minimum=agreement.minimum_left_minutes,
        late_hours=agreement.late_logging_hours,
        limits=LIMITS,
        holders=[(start, sam, True)],
    )
    done, at = [], start

    for _ in range(chance.randrange(4, 14)):
        at += chance.choice([0, 5, 30, 60, 120, 240, 1_000]) * MINUTE
        sweep(at)
        plain.look(at)
        clock = Clock.objects.select_related("agreement", "calendar_version").get(pk=clock.pk)
        act = chance.choices(
            ["pause", "resume", "pass on", "stop", "cancel", "reopen", "class", "hours", "void"],
            weights=[8, 4, 4, 3, 1, 4, 3, 2, 0.5],
        )[0]
        done.append((act, at))
        match act:
            case "pause":
                reason = chance.choice(REASONS)
                until = chance.choice([None, at + chance.randrange(1, 4_000) * MINUTE])
                clock.pause(reason, until=until, by=sam, at=at)
                plain.pause(reason, until, at)
            case "resume":
                reason = chance.choice(["", *REASONS])
                clock.resume(reason, by=sam, at=at)
                plain.resume(reason, at)
            case "pass on":
                holder = chance.choice([None, sam, sonia])
                clock.reassign(holder, by=sven, at=at)
                plain.pass_on(holder, at)
            case "stop":
                occurred = at - chance.choice([0, 10, 90, 500, 2_000]) * MINUTE
                clock.stop(occurred_at=occurred, by=sam, at=at)
                plain.stop(occurred, at)
            case "cancel":
                clock.cancel(by=sam, at=at)
                plain.cancel(at)
            case "reopen":
                clock.reopen(by=sam, at=at)
                plain.reopen(at)
            case "class":
                term = chance.choice([hot, other])
                if clock.term_id != term.pk:
                    clock.reclass(term, "Told so.", by=sam, at=at)
                    plain.change(at, minutes=term.target_seconds // 60)
            case "hours":
                calendar = chance.choice([DAYS, SHIFTS, NIGHTS_OFF])
                agreement.sales_calendar.revise(
                    zone="Europe/Amsterdam", week=week_of(calendar), overrides={}, by=None, at=at
                )
                run = recomputing.count("HOURS", by=sven, at=at)
                moved = run.clocks.filter(clock=clock).exists()
                recomputing.confirm(run, "Other hours.", by=sven, at=at)
                if moved:
                    plain.change(at, calendar=calendar)
            case "void":
                if voiding.can_be_void(clock):
                    clock.void("Nobody's fault.", by=mara, at=at)
                plain.void(at)
        agree(Clock.objects.get(pk=clock.pk), plain, at, done)

    assert_invariants_hold(as_of=at)


def agree(clock, plain, at, done):
    assert said(clock, at) == expected(plain, at), done


def said(clock, at):
    return {
        "state": "OPEN" if clock.is_open else clock.state,
        "paused": clock.is_held_at(at),
        "due": clock.due_at,
        "stopped": clock.stopped_at,
        "worked": clock.worked_seconds,
        "left": clock.working_seconds_left(at) if clock.is_open else None,
        "late": clock.is_overdue(at),
        "breach": (clock.breached_at, clock.breach_holder) if clock.breached_at else None,
        "cleared": bool(clock.cleared_at),
        "holder": clock.holder,
    }


def expected(plain, at):
    due = plain.due()
    worked = plain.worked(plain.start, plain.stopped) * 60 if plain.stopped else None
    return {
        "state": plain.state,
        "paused": plain.is_paused(at),
        "due": due,
        "stopped": plain.stopped,
        "worked": worked,
        "left": plain.worked(at, due) * 60 if plain.state == "OPEN" else None,
        "late": plain.state == "OPEN" and at > due,
        "breach": plain.breach,
        "cleared": plain.is_cleared,
        "holder": plain.holders[-1][1],
    }


def test_the_model_can_disagree():
    """A comparison that cannot fail proves nothing."""
    plain = PlainClock(DAYS, TUESDAY_NINE.astimezone(UTC), 60, 30, 24, LIMITS, [(TUESDAY_NINE, None, True)])
    due = plain.due()

    plain.pause(PauseReason.DUPLICATE_REVIEW, None, TUESDAY_NINE.astimezone(UTC))

    assert plain.due() == due + timedelta(minutes=120)
