"""Two leads with sales are one person: one hand-off is closed onto the other, and of each promise the earliest running start counts."""

import pytest
from django.urls import reverse
from django.utils import timezone

from handoff import duplicating
from handoff.errors import AlreadyAnswered, NotADuplicate
from handoff.models import EventKind, Handoff, Outcome, State
from leads.models import Contact, Lead, Stage
from sla import holding
from sla.models import ClockEventKind, ClockState, PauseReason
from tests.assertions import assert_invariants_hold
from tests.sla.moments import (
    TUESDAY_NINE,
    TUESDAY_TEN,
    answer_of,
    call,
    contact_clock_of,
    kinds,
    on,
)

pytestmark = pytest.mark.django_db

ELEVEN = on(24, "11:00")


@pytest.fixture
def first(send):
    return send(at=TUESDAY_NINE)


@pytest.fixture
def second(send):
    return send(at=TUESDAY_TEN)


def test_the_one_that_goes_on_has_the_earlier_start(first, second, sam):
    first.confirm_duplicate(second, by=sam, at=ELEVEN)

    clock = contact_clock_of(second)
    assert (clock.state, clock.started_at, clock.due_at) == (
        ClockState.RUNNING,
        TUESDAY_NINE,
        on(24, "13:00"),
    )
    assert ClockEventKind.MERGED in kinds(clock)
    for ended in (answer_of(first), contact_clock_of(first)):
        assert (ended.state, ended.events.get(kind=ClockEventKind.CANCELLED).note) == (
            ClockState.CANCELLED,
            "MERGED",
        )
    assert_invariants_hold(as_of=ELEVEN)


def test_the_duplicate_is_closed_and_its_lead_ends(first, second, sam):
    second.accept(by=sam, at=TUESDAY_TEN)

    second.confirm_duplicate(first, by=sam, at=ELEVEN)

    closed = Handoff.objects.select_related("lead").get(pk=second.pk)
    assert (closed.state, closed.outcome, closed.duplicate_of) == (State.CLOSED, Outcome.DUPLICATE, first)
    assert closed.lead.stage == Stage.DISQUALIFIED
    assert first.events.filter(kind=EventKind.JOINED, actor=sam).exists()
    assert Handoff.objects.get(pk=first.pk).is_open


def test_the_time_for_which_it_was_looked_at_does_not_count_and_ends(first, second, sam):
    """Held from half past nine: of four hours half an hour has gone when it goes on at eleven."""
    holding.hold(first, PauseReason.DUPLICATE_REVIEW, until=None, by=sam, at=on(24, "09:30"))

    first.confirm_duplicate(second, by=sam, at=ELEVEN)

    clock = contact_clock_of(second)
    assert (clock.state, clock.due_at) == (ClockState.RUNNING, on(24, "14:30"))
    assert clock.open_pauses() == []
    assert_invariants_hold(as_of=ELEVEN)


def test_what_is_finished_stays_as_it_is(first, second, sam):
    call(first, occurred_at=TUESDAY_TEN, by=sam)

    second.confirm_duplicate(first, by=sam, at=ELEVEN)

    assert contact_clock_of(first).stopped_at == TUESDAY_TEN
    assert contact_clock_of(second).state == ClockState.CANCELLED


def test_after_its_first_contact_it_has_a_story_of_its_own(first, second, sam):
    call(first, occurred_at=TUESDAY_TEN, by=sam)

    with pytest.raises(AlreadyAnswered):
        first.confirm_duplicate(second, by=sam, at=ELEVEN)


def test_it_is_no_duplicate_of_itself_nor_of_what_is_closed(first, second, sam):
    with pytest.raises(NotADuplicate):
        first.confirm_duplicate(first, by=sam, at=ELEVEN)
    first.confirm_duplicate(second, by=sam, at=ELEVEN)
    third = Handoff.objects.select_related("lead").get(pk=first.pk)

    with pytest.raises(NotADuplicate):
        second.confirm_duplicate(third, by=sam, at=ELEVEN)


def test_a_contact_with_the_duplicate_is_told_with_the_one_that_goes_on(first, second, sam):
    first.confirm_duplicate(second, by=sam, at=ELEVEN)

    with pytest.raises(AlreadyAnswered):
        call(Handoff.objects.get(pk=first.pk), occurred_at=on(24, "10:30"), logged_at=ELEVEN, by=sam)


def test_on_the_page_those_that_look_alike_are_offered(first, second, client, sam):
    phone = "+31205550199"
    Contact.objects.filter(pk__in=Lead.objects.values("contact")).update(phone=phone)
    assert list(duplicating.candidates(Handoff.objects.select_related("lead__contact").get(pk=first.pk))) == [
        second
    ]
    client.force_login(sam)
    page = reverse("handoff:duplicate", args=[first.pk])
    assert str(second.lead) in client.get(page).content.decode()

    answer = client.post(page, {"kept": second.pk})

    assert answer.headers["Location"] == reverse("handoff:detail", args=[second.pk])
    assert client.get(page).status_code == 409
    assert page not in client.get(reverse("handoff:detail", args=[first.pk])).content.decode()


def test_the_way_there_is_shown_while_a_possible_duplicate_is_looked_at(send, client, sam):
    now = timezone.now()
    handoff = send(at=now)
    page = reverse("handoff:duplicate", args=[handoff.pk])
    client.force_login(sam)
    assert page not in client.get(reverse("handoff:detail", args=[handoff.pk])).content.decode()

    holding.hold(handoff, PauseReason.DUPLICATE_REVIEW, until=None, by=sam, at=now)

    for name, number in (("handoff:detail", handoff.pk), ("sla:clock", contact_clock_of(handoff).pk)):
        assert page in client.get(reverse(name, args=[number])).content.decode()


def test_where_nothing_looks_like_it_the_page_says_what_to_do(first, client, sam):
    client.force_login(sam)

    page = client.get(reverse("handoff:duplicate", args=[first.pk]))

    assert page.status_code == 200
    said = page.content.decode()
    assert "No lead with sales looks like this one." in said
    assert f'href="{reverse("handoff:return", args=[first.pk])}">Return to marketing' in said
    assert "Close as a duplicate" not in said


def test_a_colleague_of_the_same_company_is_offered_too(first, second, client, sam):
    Contact.objects.filter(pk=second.lead.contact_id).update(email="other@vandersteen.example", phone="")
    Lead.objects.filter(pk=second.lead_id).update(company=first.lead.company_id)
    client.force_login(sam)

    page = client.get(reverse("handoff:duplicate", args=[first.pk])).content.decode()

    assert f'value="{second.pk}"' in page
