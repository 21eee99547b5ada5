"""One lead that nobody calls, told from the hand-off to the pool by the tasks that the schedule runs, every minute or late."""

from datetime import timedelta

import pytest
from django.core import mail

from handoff.models import Handoff
from sla import taking_up, tasks
from sla.models import Notice
from smarketing.accounts.models import Absence, User
from tests.assertions import assert_invariants_hold
from tests.factories import AgreementFactory
from tests.sla.moments import TUESDAY_TEN, call, contact_clock_of, on

pytestmark = pytest.mark.django_db

LADDER = [
    {"who": "HOLDER", "after_minutes": 0},
    {"who": "TEAM_LEAD", "after_minutes": 60},
    {"who": "MANAGERS", "after_minutes": 120},
    {"who": "POOL", "after_minutes": 180},
]


@pytest.fixture
def agreement(db, sonia):
    return AgreementFactory(ladder=LADDER, acknowledgement_minutes=60, intake_seat=sonia)


@pytest.fixture
def at(time_machine):
    """`at("13:01")`: the schedule rings at that minute of Tuesday, twice as it may. Who was told by then, and of what, by mail."""
    read = 0

    def ring(time: str, day: int = 24) -> set[tuple[str, str]]:
        nonlocal read
        time_machine.move_to(on(day, time), tick=False)
        for _ in range(2):
            tasks.sweep()
            tasks.deliver_mail()
        fresh, read = mail.outbox[read:], len(mail.outbox)
        return {(sent.to[0].partition("@")[0], sent.subject) for sent in fresh}

    return ring


def test_holder_lead_managers_pool(at, send, sam, sonia, sven, max, mia):
    handoff = send()
    handoff.accept(by=sam, at=TUESDAY_TEN)
    Absence.objects.create(user=sam, starts_at=on(24, "12:00"), ends_at=on(25, "00:00"), deputy=sonia)
    User.objects.exclude(pk__in=[sam.pk, sonia.pk, sven.pk, max.pk, mia.pk]).update(is_active=False)
    at("10:05")

    # An hour before it is due Sam would be warned; he is away by then, so Sonia is, who stands in for him.
    assert at("12:01") == {("sonia", "Due soon: First contact")}
    assert at("13:00") == set()
    assert at("13:01") == {("sonia", "Late: First contact")}

    # Sonia has it, for an hour of work; what comes after keeps its distance.
    taking_up.take_up(contact_clock_of(handoff), by=sonia, at=on(24, "13:30"))
    assert at("14:29") == set()
    assert at("14:31") == {("sven", "Still late at Sales: First contact")}

    # The managers hear next. One of them has left the company meanwhile.
    assert at("15:31") == {("max", "Still late at Sales: First contact")}

    # At the top it lies in the pool again, and everybody of sales may have it.
    assert at("16:31")
    handoff = Handoff.objects.get(pk=handoff.pk)
    assert handoff.is_in_pool
    assert contact_clock_of(handoff).breach_holder == sam

    # Sonia claims it and calls. No task has anything to say any more, that evening or after a night without workers.
    handoff.claim(by=sonia, at=on(24, "16:40"))
    call(Handoff.objects.get(pk=handoff.pk), occurred_at=on(24, "16:45"), by=sonia)
    assert at("16:50") == set()
    assert not [who for who in at("12:00", day=25) if "First contact" in who[1]]
    clock = contact_clock_of(handoff)
    assert (clock.is_open, clock.next_check_at) == (False, None)
    assert Notice.objects.filter(event__clock=clock, channel="IN_APP", event__kind="BREACHED").count() == 1
    assert_invariants_hold(as_of=on(25, "12:00") + timedelta(seconds=1))
