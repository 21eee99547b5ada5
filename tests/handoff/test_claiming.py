"""Forty colleagues click at the same moment: one has it, the others are told by whom it was taken."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, Request, build_opener

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from handoff.errors import AlreadyAnswered, AlreadyClaimed, Conflict
from handoff.models import EventKind, Handoff
from leads.models import Stage, StageChange
from tests.conftest import TUESDAY_NOON
from tests.factories import UserFactory
from tests.handoff.moments import TUESDAY_ELEVEN

FORTY = 40


@pytest.fixture
def crowd(sales):
    return [UserFactory(first_name=f"Rep{number}", team=sales) for number in range(FORTY)]


def all_at_once(people, act):
    """Each person's result, or the conflict that he was told."""
    barrier = Barrier(len(people))

    def one(person):
        try:
            barrier.wait()
            return act(person)
        except Conflict as told:
            return told
        finally:
            connection.close()

    with ThreadPoolExecutor(len(people)) as pool:
        return dict(zip(people, pool.map(one, people), strict=True))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("verb", "kind", "refusal"),
    [
        (Handoff.claim, EventKind.CLAIMED, AlreadyClaimed),
        (Handoff.accept, EventKind.ACCEPTED, AlreadyAnswered),
    ],
)
def test_of_forty_one_has_it_and_the_others_know_who(pooled, crowd, verb, kind, refusal):
    def act(person):
        return verb(Handoff.objects.get(pk=pooled.pk), by=person, at=TUESDAY_NOON)

    results = all_at_once(crowd, act)

    winners = [person for person, result in results.items() if not isinstance(result, Conflict)]
    told = [result for result in results.values() if isinstance(result, Conflict)]
    assert len(winners) == 1
    assert len(told) == FORTY - 1
    assert {type(conflict) for conflict in told} == {refusal}
    assert {conflict.who for conflict in told} == set(winners)
    assert Handoff.objects.get(pk=pooled.pk).receiver == winners[0]
    assert pooled.events.filter(kind=kind).count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_lead_moves_once(pooled, crowd):
    all_at_once(crowd, lambda person: Handoff.objects.get(pk=pooled.pk).accept(by=person, at=TUESDAY_NOON))

    accepted = StageChange.objects.get(lead=pooled.lead_id, to_stage=Stage.ACCEPTED)
    pooled.lead.refresh_from_db()
    assert pooled.lead.owner == accepted.changed_by == Handoff.objects.get(pk=pooled.pk).receiver


@pytest.mark.django_db(transaction=True)
def test_forty_contacts_at_once_are_forty_attempts_and_one_first_contact(pooled, crowd):
    def call(person):
        return Handoff.objects.get(pk=pooled.pk).log_contact("CALL", "SPOKE", by=person, at=TUESDAY_NOON)

    results = all_at_once(crowd, call)

    counted = [result for result in results.values() if not isinstance(result, Conflict)]
    fresh = Handoff.objects.get(pk=pooled.pk)
    assert fresh.attempts == fresh.contact_attempts.count() == len(counted)
    assert fresh.first_contact_at == TUESDAY_NOON
    assert StageChange.objects.filter(lead=pooled.lead_id, to_stage=Stage.CONTACTED).count() == 1


def test_a_claim_never_overwrites_a_claim(pooled, sam, sonia):
    stale = Handoff.objects.get(pk=pooled.pk)
    pooled.claim(by=sam, at=TUESDAY_ELEVEN)

    with pytest.raises(AlreadyClaimed, match="Sam Smit claimed this") as told:
        stale.claim(by=sonia, at=TUESDAY_NOON)

    assert (told.value.who, told.value.when) == (sam, TUESDAY_ELEVEN)


def test_what_has_a_receiver_is_not_in_the_pool(handoff, sonia):
    with pytest.raises(AlreadyClaimed):
        handoff.claim(by=sonia, at=TUESDAY_NOON)


def test_an_answered_hand_off_is_not_claimed(pooled, sam, sonia):
    stale = Handoff.objects.get(pk=pooled.pk)
    pooled.accept(by=sam, at=TUESDAY_ELEVEN)

    with pytest.raises(AlreadyAnswered, match="Sam Smit accepted this"):
        stale.claim(by=sonia, at=TUESDAY_NOON)


# Over HTTP, against a server


def answer_of(server, person_session, url):
    """Status and text of a POST by this person, as a browser sends it."""
    secret = "x" * 32
    request = Request(
        f"{server.url}{url}",
        data=b"",
        headers={
            "Cookie": f"{settings.SESSION_COOKIE_NAME}={person_session}; csrftoken={secret}",
            "X-CSRFToken": secret,
        },
    )
    try:
        with build_opener(StayHere).open(request, timeout=60) as response:
            return response.status, response.read().decode()
    except HTTPError as refused:
        return refused.code, refused.read().decode()


class StayHere(HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("verb", ["claim", "accept"])
def test_of_forty_browsers_one_has_it_and_the_others_are_told(live_server, pooled, crowd, verb):
    sessions = {}
    for person in crowd:
        client = Client()
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        sessions[person] = client.cookies[settings.SESSION_COOKIE_NAME].value

    answers = all_at_once(
        crowd, lambda person: answer_of(live_server, sessions[person], f"/handoffs/{pooled.pk}/{verb}/")
    )

    winner = Handoff.objects.get(pk=pooled.pk).receiver
    assert [person for person, (status, _) in answers.items() if status == 302] == [winner]
    told = [
        (status, f"{winner} {verb}ed this" in page)
        for person, (status, page) in answers.items()
        if person != winner
    ]
    assert told == [(409, True)] * (FORTY - 1)
