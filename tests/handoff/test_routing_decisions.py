"""What routing heeds beside load: shares, capacity, rules, the company's earlier rep, hours; and what it keeps of each decision."""

from datetime import timedelta

import pytest

from handoff import rules as agreed
from handoff.models import Handoff, Overflow, RoutingDecision, RoutingTally, Way
from handoff.routing import choose_receiver, managing, matching, replaying
from handoff.routing.ranking import Out
from handoff.usual_brief import USUAL_BRIEF
from leads.append_only import FactsDoNotChange
from leads.models import Stage
from sla.models import Notice, NoticeKind
from smarketing.accounts.models import Absence, User
from tests.assertions import assert_invariants_hold
from tests.conftest import TUESDAY_NOON
from tests.factories import (
    FIRST_OF_NOVEMBER,
    MONDAY_MORNING,
    AgreementFactory,
    CompanyFactory,
    ContactFactory,
    LeadFactory,
    TeamFactory,
    UserFactory,
)
from tests.handoff.moments import BRIEF, TUESDAY_ONE, TUESDAY_TEN

SATURDAY_NOON = TUESDAY_NOON + timedelta(days=4)


@pytest.fixture
def agree():
    """`agree(routing_shares={...}, capacity_per_month=30)`: these rules count from the first of November on."""

    def install(**more):
        return agreed.install(
            agreement_version=7, brief_items=USUAL_BRIEF, hot_rule=None, at=FIRST_OF_NOVEMBER, **more
        )

    return install


@pytest.fixture
def route(mia):
    """`route(language="French")` hands one more lead over to whom routing finds."""

    def send(at=TUESDAY_NOON, *, to="route", company=None, **contact):
        company = company or CompanyFactory(
            country=contact.pop("country", "NL"), size=contact.pop("size", 240)
        )
        lead = LeadFactory(
            stage=Stage.SQL, sql_at=MONDAY_MORNING, contact=ContactFactory(company=company, **contact)
        )
        return Handoff.send(lead, brief=BRIEF, to=to, by=mia, at=at)

    return send


def away(person, *, until):
    return Absence.objects.create(user=person, starts_at=MONDAY_MORNING, ends_at=until)


# Shares


def test_each_gets_his_agreed_share(agree, route, sam, sonia, sven):
    agree(routing_shares={str(sam.pk): 50, str(sonia.pk): 30, str(sven.pk): 20})

    got = [route().receiver for _ in range(20)]

    assert [got.count(person) for person in (sam, sonia, sven)] == [10, 6, 4]
    assert {tally.receiver: tally.received for tally in RoutingTally.objects.all()} == {
        sam: 10,
        sonia: 6,
        sven: 4,
    }
    assert_invariants_hold(TUESDAY_NOON)


def test_no_echo_after_leave(agree, route, sam, sonia):
    """Sonia was away while Sam got six; back again, she gets her half and not what she missed."""
    agree(routing_shares={str(sam.pk): 50, str(sonia.pk): 50})
    away(sonia, until=TUESDAY_NOON)
    missed = [route(at=TUESDAY_TEN).receiver for _ in range(6)]

    back = [route(at=TUESDAY_ONE).receiver for _ in range(6)]

    assert missed == [sam] * 6
    assert back.count(sonia) == 3


def test_a_new_agreement_begins_to_count_anew(agree, route, sam, sonia):
    agree(routing_shares={str(sam.pk): 100})
    route()
    agreed.install(
        agreement_version=8,
        brief_items=USUAL_BRIEF,
        hot_rule=None,
        routing_shares={str(sonia.pk): 100},
        at=TUESDAY_NOON,
    )

    assert route(at=TUESDAY_ONE).receiver == sonia
    assert sorted(RoutingTally.objects.values_list("received", flat=True)) == [1, 1]


def test_the_reason_names_the_share(agree, route, sam):
    agree(routing_shares={str(sam.pk): 40})

    assert route().routed_because == "Furthest behind the agreed share of 40 %."


# Capacity


def test_who_had_his_part_of_the_month_gets_no_more(agree, route, sam, sonia):
    agree(capacity_per_month=4, overflow=Overflow.POOL)
    for _ in range(2):
        route(to=sam)

    assert [route().receiver for _ in range(3)] == [sonia, sonia, None]


def test_when_all_are_full_it_waits_and_the_team_lead_hears_it(agree, route, sam, sven):
    agree(capacity_per_month=0, overflow=Overflow.POOL)

    handoff = route()

    assert handoff.is_in_pool
    assert handoff.routed_because == "Everybody is at capacity for this month: it waits in the pool."
    told = Notice.objects.filter(kind=NoticeKind.POOL_WAITING, channel="IN_APP")
    assert [notice.recipient for notice in told] == [sven]


def test_or_it_is_handed_over_anyway_as_agreed(agree, route, sam):
    agree(capacity_per_month=0, overflow=Overflow.ANYWAY)

    handoff = route()

    assert handoff.receiver == sam
    assert "Everybody is at capacity: handed over anyway, as agreed." in handoff.routed_because
    assert handoff.decision.went_over


def test_what_was_given_back_does_not_count(agree, route, sam):
    agree(capacity_per_month=1, overflow=Overflow.POOL)
    route(at=TUESDAY_TEN).return_("DUPLICATE", by=sam, at=TUESDAY_NOON)

    assert route(at=TUESDAY_ONE).receiver == sam


def test_a_month_later_everybody_has_room_again(agree, route, sam):
    agree(capacity_per_month=1, overflow=Overflow.POOL)
    route()

    assert route(at=TUESDAY_NOON + timedelta(days=7)).receiver == sam


# Hours


def test_who_is_at_work_goes_first(route, sam, sonia):
    """Sonia keeps her own days: not on Tuesdays."""
    AgreementFactory(brief_items=USUAL_BRIEF)
    route(to=sam)
    User.objects.filter(pk=sonia.pk).update(own_week={"0": [["09:00", "17:00"]]})

    assert route().receiver == sam


def test_at_night_those_who_start_first_compete(route, sam, sonia):
    """On Saturday nobody works; on Monday only Sonia does."""
    AgreementFactory(brief_items=USUAL_BRIEF)
    User.objects.filter(pk=sam.pk).update(own_week={"1": [["09:00", "17:00"]]})
    route(to=sonia)

    handoff = route(at=SATURDAY_NOON)

    assert handoff.receiver == sonia
    assert {row["id"]: row["out"] for row in handoff.decision.candidates}[sam.pk] == Out.NOT_AT_WORK


# The company's earlier rep, and the company's own rules


def test_the_earlier_rep_gets_the_company_again(route, sam, sonia):
    company = CompanyFactory()
    route(at=TUESDAY_TEN, to=sonia, company=company).accept(by=sonia, at=TUESDAY_TEN)

    handoff = route(company=company)

    assert handoff.receiver == sonia
    assert handoff.routed_because == "Had the earlier lead of Vandersteen Logistics."


def test_unless_he_is_away(route, sam, sonia):
    company = CompanyFactory()
    route(at=TUESDAY_TEN, to=sonia, company=company).accept(by=sonia, at=TUESDAY_TEN)
    away(sonia, until=TUESDAY_ONE)

    assert route(company=company).receiver == sam


@pytest.mark.parametrize(
    ("condition", "fits", "does_not"),
    [
        ({"languages": "French"}, {"language": "fr"}, {"language": "Dutch"}),
        ({"languages": "Dutch, German"}, {"language": "duits"}, {"language": ""}),
        ({"countries": "BE"}, {"country": "Belgium"}, {"country": "NL"}),
        ({"size_from": 500}, {"size": 500}, {"size": 499}),
        ({"size_to": 50}, {"size": 50}, {"size": None}),
        (
            {"languages": "fr", "size_from": 100},
            {"language": "fr", "size": 200},
            {"language": "fr", "size": 9},
        ),
    ],
)
def test_a_rule_sends_leads_that_fit_to_its_people(route, sam, sonia, sven, condition, fits, does_not):
    route(to=sonia)
    managing.add(people=[sonia], by=sven, at=MONDAY_MORNING, **condition)

    assert route(**fits).receiver == sonia
    assert route(**does_not).receiver != sonia


def test_the_first_rule_counts_and_moving_changes_that(route, sam, sonia, sven):
    managing.add(people=[sonia], countries="NL", by=sven, at=MONDAY_MORNING)
    second = managing.add(people=[sven], countries="NL", by=sven, at=MONDAY_MORNING)
    before = route().receiver

    managing.move(second, up=True)

    assert (before, route().receiver) == (sonia, sven)


def test_removing_a_rule_closes_the_gap(sven):
    first, second, third = (managing.add(people=[sven], by=sven, at=MONDAY_MORNING) for _ in range(3))

    managing.remove(second)

    assert [rule.pk for rule in matching.rules_in_order()] == [first.pk, third.pk]
    assert [rule.position for rule in matching.rules_in_order()] == [1, 2]


def test_a_rule_can_send_to_another_team(route, sam, sven):
    team = TeamFactory(name="Sales France")
    fleur = UserFactory(first_name="Fleur", team=team)
    managing.add(team=team, languages="fr", by=sven, at=MONDAY_MORNING)

    handoff = route(language="French")

    assert (handoff.receiver, handoff.receiving_team) == (fleur, team)
    assert handoff.routed_because.startswith("Rule 1, Language is fr: Sales France.")


def test_without_anybody_a_rule_goes_on_or_waits(route, sam, sonia, sven):
    away(sonia, until=TUESDAY_ONE)
    rule = managing.add(people=[sonia], by=sven, at=MONDAY_MORNING)
    on = route()
    managing.change(rule, people=[sonia], if_nobody="POOL", by=sven, at=MONDAY_MORNING)

    assert on.receiver in (sam, sven)
    assert "Nobody of rule 1 could take it." in on.routed_because
    assert route().is_in_pool


# What is kept


def test_everybody_who_was_considered_is_kept(route, sam, sonia, sven):
    away(sven, until=TUESDAY_ONE)
    route(to=sonia)

    decision = route().decision

    assert (decision.way, decision.because) == (Way.ROUTED, "Fewest open hand-offs of those present: 0.")
    assert [(row["id"], row["place"], row["out"], row["open"]) for row in decision.candidates] == [
        (sam.pk, 1, None, 0),
        (sonia.pk, 2, None, 1),
        (sven.pk, None, "ABSENT", 0),
    ]


def test_a_decision_is_a_fact(route, sam):
    decision = route().decision

    with pytest.raises(FactsDoNotChange):
        RoutingDecision.objects.filter(pk=decision.pk).update(because="Another")


def test_naming_somebody_is_kept_too(route, sam):
    assert route(to=sam).decision.way == Way.NAMED
    assert route(to="pool").decision.way == Way.POOL


# The dry run


def test_the_dry_run_shows_who_would_get_them_now(agree, route, sam, sonia):
    for _ in range(4):
        route(to=sam)
    agree(routing_shares={str(sonia.pk): 75, str(sam.pk): 25})

    run = replaying.dry_run(agreed.in_force(TUESDAY_NOON))

    assert run.different == 3
    assert run.people == [("Sam Smit", 4, 1, -3), ("Sonia Smit", 0, 3, 3)]
    assert run.rows[-1].because == "Furthest behind the agreed share of 75 %."


def test_the_dry_run_heeds_who_was_away_then(route, sam, sonia):
    away(sonia, until=TUESDAY_NOON)
    route(at=TUESDAY_TEN)

    [row] = replaying.dry_run(agreed.in_force(TUESDAY_ONE)).rows

    assert row.is_same


def test_the_dry_run_changes_nothing(agree, route, sam, sonia):
    agree(routing_shares={str(sam.pk): 50, str(sonia.pk): 50})
    route()
    before = list(RoutingTally.objects.order_by("pk").values())

    replaying.dry_run(agreed.in_force(TUESDAY_NOON))

    assert list(RoutingTally.objects.order_by("pk").values()) == before


def test_the_dry_run_asks_no_more_for_more(route, sam, django_assert_max_num_queries):
    rules = agreed.in_force(TUESDAY_NOON)
    for number in (1, 8):
        for _ in range(number):
            route()

        with django_assert_max_num_queries(10):
            replaying.dry_run(rules)


def test_choosing_asks_no_more_for_more_colleagues(sales, django_assert_max_num_queries):
    rules, lead = agreed.in_force(TUESDAY_NOON), LeadFactory(stage=Stage.SQL, sql_at=MONDAY_MORNING)
    for number in (2, 12):
        for _ in range(number):
            UserFactory(team=sales)

        with django_assert_max_num_queries(11):
            choose_receiver(sales, at=TUESDAY_NOON, lead=lead, rules=rules)


# The pages


def test_those_who_lead_sales_write_rules(signed_in, sven, sonia):
    client = signed_in(sven)

    answer = client.post(
        "/settings/routing/new/", {"languages": "fr", "people": [sonia.pk], "if_nobody": "NEXT"}, follow=True
    )

    assert "Language is fr" in answer.content.decode()
    assert "Sonia Smit" in answer.content.decode()


def test_a_rule_without_people_is_refused(signed_in, sven):
    answer = signed_in(sven).post("/settings/routing/new/", {"if_nobody": "NEXT"})

    assert answer.status_code == 422
    assert "Say to whom: colleagues, a team, or both." in answer.content.decode()


def test_sizes_in_the_wrong_order_are_refused(signed_in, sven, sonia):
    answer = signed_in(sven).post(
        "/settings/routing/new/", {"people": [sonia.pk], "size_from": 90, "size_to": 10, "if_nobody": "NEXT"}
    )

    assert "The largest size is below the smallest." in answer.content.decode()


def test_the_hand_off_tells_why(signed_in, mia, route, sam, sonia):
    handoff = route()

    page = signed_in(mia).get(f"/handoffs/{handoff.pk}/").content.decode()

    assert "Fewest open hand-offs of those present: 0." in page
    assert "0 open, 0 this month" in page


def test_own_days_are_saved_and_read(signed_in, sonia):
    client = signed_in(sonia)

    client.post("/settings/working-days/", {"from_0": "09:00", "until_0": "13:00"})

    sonia.refresh_from_db()
    assert sonia.own_week == {"0": [["09:00", "13:00"]]}
    assert 'value="13:00"' in client.get("/settings/working-days/").content.decode()


def test_half_a_day_is_asked_about(signed_in, sonia):
    answer = signed_in(sonia).post("/settings/working-days/", {"from_0": "09:00"})

    assert answer.status_code == 422
    assert "Fill in both, or neither." in answer.content.decode()
