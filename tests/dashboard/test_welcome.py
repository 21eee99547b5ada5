"""Who is new finds the first steps of the role, the words, and a day in the other team's shoes."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dashboard.welcome import shoes, steps
from dashboard.welcome.glossary import BY_KEY, WORDS
from handoff.models import Handoff
from leads.models import Stage
from smarketing.accounts.models import FirstStep, Side
from tests.conftest import TUESDAY_NOON
from tests.factories import MONDAY_MORNING, AgreementFactory, CriteriaSetFactory, LeadFactory
from tests.handoff.moments import TUESDAY_TEN
from tests.sla.moments import BRIEF, TUESDAY_NINE, call, give_back

pytestmark = pytest.mark.django_db


def standing(person) -> dict[str, bool]:
    return {each.step.key: each.is_done for each in steps.of(person)}


def hand_over(mia, sam, sales, at=TUESDAY_NINE) -> Handoff:
    lead = LeadFactory(stage=Stage.SQL, sql_at=MONDAY_MORNING)
    return Handoff.send(lead, brief=BRIEF, to=sam, team=sales, by=mia, at=at)


@pytest.fixture
def agreement(db):
    return AgreementFactory()


# First steps


def test_what_a_rep_does_ticks_off_the_first_steps(agreement, mia, sam, sales):
    handoff = hand_over(mia, sam, sales)
    assert not any(standing(sam).values())

    handoff.open_call_sheet(by=sam, at=TUESDAY_NINE)
    call(handoff, occurred_at=TUESDAY_TEN, by=sam)

    done = [key for key, is_done in standing(sam).items() if is_done]
    assert done == ["accept", "prepare", "call"]
    assert standing(mia)["hand-over"]


def test_what_is_only_read_is_done_when_it_was_opened(signed_in, sam):
    client = signed_in(sam)

    answer = client.post(reverse("dashboard:first_step", args=["words"]))
    client.post(reverse("dashboard:first_step", args=["words"]))

    assert answer.url == reverse("dashboard:glossary")
    assert standing(sam)["words"]
    assert FirstStep.objects.count() == 1


def test_the_steps_of_another_role_are_not_found(signed_in, sam):
    assert signed_in(sam).post(reverse("dashboard:first_step", args=["spend"])).status_code == 404


@pytest.mark.parametrize("person", ["mia", "sam", "mara", "max", "fin", "ada"])
def test_everybody_begins_with_the_steps_of_the_role(client, request, person):
    client.force_login(request.getfixturevalue(person), backend="django.contrib.auth.backends.ModelBackend")

    page = client.get("/", follow=True).content.decode()

    assert "Your first steps" in page


def test_hidden_they_stay_hidden_until_asked_for_again(signed_in, sam):
    client = signed_in(sam)

    client.post(reverse("dashboard:hide_first_steps"))
    assert "Your first steps" not in client.get(reverse("sla:queue")).content.decode()

    client.post(reverse("dashboard:show_first_steps"))
    assert "Your first steps" in client.get(reverse("sla:queue")).content.decode()


def test_every_step_leads_somewhere(client, max, sam, mia, fin):
    for person in (max, sam, mia, fin):
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        for each in steps.steps_of(person):
            assert client.get(each.where()).status_code == 200, each.key


# Words


def test_each_word_is_explained_once(signed_in, sam):
    page = signed_in(sam).get(reverse("dashboard:glossary")).content.decode()

    assert len(BY_KEY) == len(WORDS)
    assert all(f'id="{word.key}"' in page for word in WORDS)


# A day in the other team's shoes


def test_sales_as_marketing_sees_it(agreement, mia, sam, sales):
    waiting, returned = hand_over(mia, sam, sales), hand_over(mia, sam, sales)
    give_back(returned, TUESDAY_TEN, sam)

    day = shoes.day_of(Side.SALES, at=TUESDAY_NOON)
    queue, inbox, sheets, returns, promises = (hour.items for hour in day)

    assert [item.what for item in queue] == [str(waiting.lead)]
    assert queue[0].chip.segments  # no page keeps the hours for it
    assert [item.url for item in inbox] == [reverse("handoff:detail", args=[waiting.pk])]
    assert sheets[0].url == reverse("handoff:call_sheet", args=[waiting.lead_id])
    assert [(item.what, item.about) for item in returns] == [("Outside the agreed definition", "1")]
    assert promises
    assert all(item.url for item in promises)


def test_marketing_as_sales_sees_it(agreement, mia, sam, sales):
    CriteriaSetFactory()
    fresh = LeadFactory(stage=Stage.MQL, mql_at=TUESDAY_NINE)
    returned, won = hand_over(mia, sam, sales), hand_over(mia, sam, sales)
    give_back(returned, TUESDAY_TEN, sam)
    won.accept(by=sam, at=TUESDAY_TEN)

    came_in, unknown, brief, came_back, became, promises = (
        hour.items for hour in shoes.day_of(Side.MARKETING, at=TUESDAY_NOON)
    )

    assert [item.what for item in came_in] == [str(fresh)]
    assert unknown[0].about
    assert {item.what for item in brief} == {item["label"] for item in agreement.brief_items}
    assert [(item.what, item.about) for item in came_back] == [
        (str(returned.lead), "Outside the agreed definition")
    ]
    assert [(item.what, item.about) for item in became] == [
        ("Handed over", "2"),
        ("Accepted", "1"),
        ("Spoken with", "0"),
        ("Returned", "1"),
        ("Customer", "0"),
    ]
    assert promises


@pytest.mark.parametrize("side", ["sales", "marketing"])
def test_an_empty_company_has_a_day_too(signed_in, max, side):
    page = signed_in(max).get(reverse("dashboard:shoes", args=[side]))

    assert page.status_code == 200
    assert "A day in the shoes of" in page.content.decode()


def test_there_are_two_sides(signed_in, max):
    assert signed_in(max).get(reverse("dashboard:shoes", args=["finance"])).status_code == 404


@pytest.mark.parametrize("side", list(Side))
def test_a_day_asks_as_often_however_much_happens(agreement, mia, sam, sales, side):
    CriteriaSetFactory()
    happen(mia, sam, sales, 3)
    shoes.day_of(side, at=TUESDAY_NOON)  # the criteria in force are read once in each process
    with CaptureQueriesContext(connection) as with_few:
        shoes.day_of(side, at=TUESDAY_NOON)

    happen(mia, sam, sales, 9)
    with CaptureQueriesContext(connection) as with_many:
        shoes.day_of(side, at=TUESDAY_NOON)

    assert len(with_many) == len(with_few)


def happen(mia, sam, sales, number):
    for _lead in range(number):
        hand_over(mia, sam, sales)
        LeadFactory(stage=Stage.MQL, mql_at=TUESDAY_NINE)
