"""The connection breaks before the k-th statement of sweep, hand-off or contact, for every k: what was begun is as if it never was,
and done again it comes to the same end, once.
"""

import contextlib
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import DatabaseError, InterfaceError, OperationalError, connection

from handoff.models import Handoff
from leads.models import Stage
from sla.models import ClockEvent, ClockEventKind, Notice
from sla.sweeps import sweep
from tests.assertions import assert_invariants_hold
from tests.factories import AgreementFactory, LeadFactory
from tests.sla.moments import BRIEF, TUESDAY_NINE, TUESDAY_TEN, on

pytestmark = pytest.mark.django_db(transaction=True)

SECOND = timedelta(seconds=1)
LATE = on(24, "14:00") + SECOND  # the answer and the first contact are late, and the team lead must know
MOST = 200  # statements of one act


class Killed(Exception):
    """Where a process would have died."""


class Guillotine:
    """Before its k-th statement the act loses its backend, as when PostgreSQL or the process is killed."""

    def __init__(self, at: int) -> None:
        self.at, self.seen = at, 0

    def __call__(self, execute, sql, params, many, context):
        self.seen += 1
        if self.seen == self.at:
            with contextlib.suppress(DatabaseError):
                execute("SELECT pg_terminate_backend(pg_backend_pid())", None, False, context)
            raise Killed
        return execute(sql, params, many, context)


def cut(act: Callable[[], object], at: int) -> bool:
    """Whether the act was cut off before its statement `at`; False when it ended before."""
    guillotine = Guillotine(at)
    try:
        with connection.execute_wrapper(guillotine):
            act()
    except (Killed, DatabaseError, InterfaceError):
        connection.close()
        return True
    assert guillotine.seen < at
    return False


def cut_everywhere(act: Callable[[], object], still_nothing: Callable[[], bool] | None = None) -> int:
    """The act is cut off before its first statement, its second, ... until one attempt runs to its end. How often it was cut off."""
    for number in range(1, MOST):
        if not cut(act, number):
            return number - 1
        if still_nothing:
            assert still_nothing(), f"cut off before statement {number} it left something behind"
    raise AssertionError("The act has no end.")


def numbers() -> dict[str, int]:
    """What must be there once, however often it was begun."""
    return {
        "breaches": ClockEvent.objects.filter(kind=ClockEventKind.BREACHED).count(),
        "rungs": ClockEvent.objects.filter(kind=ClockEventKind.ESCALATED).count(),
        "told": Notice.objects.exclude(event=None).count(),
    }


def test_a_sweep_cut_off_before_each_of_its_statements_flags_once(send, sven):
    for _ in range(3):
        send()

    cuts = cut_everywhere(lambda: sweep(LATE, batch=2))

    assert cuts > 10
    # two clocks of three hand-offs; each late one is told to its holder, each rung to the team lead, by two channels
    assert numbers() == {"breaches": 6, "rungs": 6, "told": 24}
    sweep(LATE)
    assert numbers() == {"breaches": 6, "rungs": 6, "told": 24}
    assert_invariants_hold(as_of=LATE)


def test_a_sweep_that_gives_leads_back_to_the_pool_does_so_once(send, sven, sam, agreement, mia, sales):
    ladder = [{"who": "HOLDER", "after_minutes": 0}, {"who": "POOL", "after_minutes": 30}]
    AgreementFactory(ladder=ladder, at=on(2, "09:00"))
    handoff = send()
    handoff.accept(by=sam, at=TUESDAY_TEN)

    cuts = cut_everywhere(lambda: sweep_until_nothing_is_left(LATE))

    handoff.refresh_from_db()
    assert cuts > 20
    assert handoff.is_in_pool
    assert handoff.events.filter(kind="PUT_BACK").count() == 1
    assert Notice.objects.filter(kind="TAKEN_AWAY", recipient=sam, channel="IN_APP").count() == 1
    assert_invariants_hold(as_of=LATE)


def sweep_until_nothing_is_left(at) -> None:
    """A clock that could not be swept is left for the next sweep: here it comes at once, with a new connection."""
    result = sweep(at)
    if result.failed:
        raise OperationalError("left for the next sweep")


def test_a_hand_off_is_there_with_its_clocks_and_its_notice_or_not_at_all(agreement, mia, sam, sales):
    lead = LeadFactory(stage=Stage.SQL, sql_at=TUESDAY_NINE)

    cuts = cut_everywhere(
        lambda: Handoff.send(lead, brief=BRIEF, to=sam, team=sales, by=mia, at=TUESDAY_NINE),
        still_nothing=lambda: not Handoff.objects.exists() and not Notice.objects.exists(),
    )

    handoff = Handoff.objects.get()
    assert cuts > 10
    assert handoff.clocks.count() == 2
    assert sorted(Notice.objects.values_list("channel", flat=True)) == ["IN_APP", "MAIL"]
    assert_invariants_hold(as_of=TUESDAY_NINE)


def test_a_contact_stops_its_clocks_or_was_never_logged(send, sam):
    handoff = send()

    cuts = cut_everywhere(
        lambda: Handoff.objects.get(pk=handoff.pk).log_contact("CALL", "SPOKE", by=sam, at=TUESDAY_TEN),
        still_nothing=lambda: not Handoff.objects.get().contact_attempts.exists(),
    )

    handoff.refresh_from_db()
    assert cuts > 15
    assert (handoff.attempts, handoff.first_contact_at) == (1, TUESDAY_TEN)
    assert set(handoff.clocks.values_list("state", "stopped_at")) == {("STOPPED", TUESDAY_TEN)}
    assert_invariants_hold(as_of=TUESDAY_TEN)
