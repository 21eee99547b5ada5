"""What came of each promise: one worked example per kind, with the awkward leads in it, and every figure opened and counted.

All of them happen in November 2026 in Amsterdam, Monday to Friday from nine to five; the moments are those of one week.
"""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from handoff.models import Handoff
from leads import closing
from leads.models import Opportunity, Stage
from sla.models import Clock, TermKind
from sla.scorecard import cases, facts, measuring
from sla.scorecard.facts import ALL, WHOLE, Part
from smarketing.periods import month_of
from tests.factories import (
    MONDAY_MORNING,
    AgreementFactory,
    CampaignFactory,
    LeadFactory,
    RestatementFactory,
    SourceFactory,
)
from tests.sla.moments import (
    BRIEF,
    TUESDAY_NINE,
    TUESDAY_NOON,
    TUESDAY_TEN,
    answer_of,
    call,
    contact_clock_of,
    drop,
    give_back,
    on,
)

pytestmark = pytest.mark.django_db
NOVEMBER, OCTOBER = month_of(date(2026, 11, 1)), month_of(date(2026, 10, 1))
FRIDAY = on(27, "16:00")


def figures(month=NOVEMBER, at=FRIDAY):
    return {figure.key: figure for figure in measuring.of_month(month, at=at)}


def figure(kind, month=NOVEMBER, at=FRIDAY):
    return figures(month, at)[kind.lower()]


def parts(kind, month=NOVEMBER, at=FRIDAY):
    return {part.value: n for part, n in figure(kind, month, at).parts.items()}


def hand_over(mia, to, *, at=TUESDAY_NINE, brief=BRIEF, **lead):
    moments = {"captured_at": min(at, MONDAY_MORNING), "sql_at": min(at, MONDAY_MORNING)}
    ready = LeadFactory(stage=Stage.SQL, **moments | lead)
    return Handoff.send(ready, brief=brief, to=to, by=mia, at=at)


# One worked example per kind


def test_hand_offs_sent_in_the_month_are_delivered(agreement, send):
    """Two on Tuesday, one on the last second of November, one on the first of December: 3 of 160.
    On Friday the 27th, 20 of the 21 working days are gone: 160 x 20 / 21 = 152.4 were expected."""
    send(), send()
    send(at=on(30, "23:59") + timedelta(seconds=59))
    send(at=on(1, "00:00", month=12))

    delivered = figure(TermKind.SQLS_DELIVERED)

    assert (delivered.actual, delivered.target, delivered.pace) == (3, 160, 152.4)
    assert delivered.words == "149 behind pace"


def test_a_lead_that_was_returned_and_sent_again_is_two_hand_offs(agreement, send, sam, mia):
    """Returned on Tuesday, sent again and accepted: 2 delivered, quality 1 of 2 = 50%."""
    handoff = send()
    give_back(handoff, TUESDAY_TEN, sam)
    handoff.lead.refresh_from_db()
    again = Handoff.send(handoff.lead, brief=BRIEF, to=sam, by=mia, at=TUESDAY_NOON)
    again.accept(by=sam, at=TUESDAY_NOON)

    assert figure(TermKind.SQLS_DELIVERED).actual == 2
    quality = figure(TermKind.SQL_QUALITY)
    assert (quality.actual, quality.cases, quality.misses) == (50, 2, 1)


def test_quality_is_accepted_of_answered(agreement, send, sam):
    """Three accepted, one returned, one not answered yet: 3 / 4 = 75%, the fifth stands apart.
    At 80% of 4 cases floor(0.8) = 0 may be missed, so 1 is too many."""
    for _number in range(3):
        send().accept(by=sam, at=TUESDAY_TEN)
    give_back(send(), TUESDAY_TEN, sam)
    send()

    quality = figure(TermKind.SQL_QUALITY)

    assert (quality.actual, quality.cases, quality.misses, quality.misses_left) == (75, 4, 1, -1)
    assert quality.words == "1 too many"
    assert parts(TermKind.SQL_QUALITY) == {"kept": 3, "missed": 1, "open": 1}


def test_a_contested_return_is_neither_until_both_sides_agree(agreement, send, sam, mia):
    """One accepted, one returned and contested: 1 / 1, the other is disputed."""
    send().accept(by=sam, at=TUESDAY_TEN)
    returned = send()
    give_back(returned, TUESDAY_TEN, sam)
    returned.contest("It has sixty vehicles.", by=mia, at=TUESDAY_NOON)

    assert parts(TermKind.SQL_QUALITY) == {"kept": 1, "disputed": 1}


def test_a_brief_is_complete_with_every_demanded_item(agreement, mia, sam):
    """Two complete; of a third, half was imported without its words: 2 / 3 = 66.67%."""
    hand_over(mia, sam), hand_over(mia, sam)
    lacking = hand_over(mia, sam)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL smarketing.facts_may_change = 'on'")
        cursor.execute(
            "UPDATE handoff_briefitem SET text = '' WHERE handoff_id = %s AND key = 'need'", [lacking.pk]
        )

    complete = figure(TermKind.BRIEF_COMPLETE)

    assert (complete.actual, complete.cases, complete.misses) == (66.67, 3, 1)


def test_an_answer_counts_by_its_clock(agreement, send, sam):
    """Within two hours of nine: at ten in time, at noon late, exactly at eleven still in time, one open since nine
    and overdue on Friday: kept 2, missed 2, 50%. On Tuesday at ten the last one is no case yet."""
    for moment in ("10:00", "12:00", "11:00"):
        send().accept(by=sam, at=on(24, moment))
    send()

    answered = figure(TermKind.ANSWER_HANDOFF)
    earlier = figure(TermKind.ANSWER_HANDOFF, at=on(24, "11:00"))

    assert (answered.actual, answered.misses) == (50, 2)
    assert earlier.parts[Part.OPEN] == 1


def test_void_disputed_cancelled_and_without_hours_stand_apart(agreement, send, sam, max):
    """One kept; one cancelled before it was due; one void; one disputed; one without a due moment: 1 of 1 case, the whole is 5."""
    kept, cancelled, void, disputed, lost = (send() for _number in range(5))
    call(kept, occurred_at=TUESDAY_TEN, by=sam)
    drop(cancelled, TUESDAY_TEN, max)
    rows = Clock.objects.filter(measure="FIRST_CONTACT")
    rows.filter(handoff=void).update(state="VOID", next_check_at=None)
    rows.filter(handoff=disputed).update(disputed_at=TUESDAY_TEN)
    rows.filter(handoff=lost).update(due_at=None)

    first = figure(TermKind.FIRST_CONTACT_OTHER)

    assert (first.actual, first.cases) == (100, 1)
    assert parts(TermKind.FIRST_CONTACT_OTHER) == {
        "kept": 1, "cancelled": 1, "void": 1, "disputed": 1, "unmeasured": 1,
    }  # fmt: skip


def test_a_contact_logged_late_that_occurred_in_time_is_kept(agreement, send, sam):
    """Due at one o'clock, called at noon, logged at four."""
    handoff = send()
    call(handoff, occurred_at=TUESDAY_NOON, logged_at=on(24, "16:00"), by=sam)

    assert parts(TermKind.FIRST_CONTACT_OTHER) == {"kept": 1}


def test_what_was_late_and_then_closed_stays_missed(agreement, send, sam, max):
    handoff = send()
    handoff.accept(by=sam, at=TUESDAY_TEN)
    drop(handoff, on(25, "12:00"), max)

    assert parts(TermKind.FIRST_CONTACT_OTHER) == {"missed": 1}


def test_each_clock_is_judged_by_the_version_it_started_with(agreement, send, sam):
    """A later version with a target of one hour changes nothing about a call that came after three of four hours."""
    call(send(), occurred_at=TUESDAY_NOON, by=sam)
    AgreementFactory(at=on(25, "09:00"), terms={TermKind.FIRST_CONTACT_OTHER: {"target_seconds": 3_600}})

    later = figure(TermKind.FIRST_CONTACT_OTHER)

    assert later.term.target_seconds == 3_600
    assert (later.actual, later.cases) == (100, 1)


def test_attempts_before_giving_up_count_enough_of_them_over_enough_days(mia, sam):
    """At least 2 attempts over 3 days. Monday and Wednesday: kept. Twice on Monday: missed, all on one day.
    Never called: missed. Spoken with: not given up unreached, so it is not among them. 1 / 3 = 33.33%."""
    AgreementFactory(terms={TermKind.CONTACT_ATTEMPTS: {"target_count": 2, "min_days": 3}})
    monday = on(23, "10:00")
    spread, hasty, never, spoken = (hand_over(mia, sam, at=on(23, "09:00")) for _number in range(4))
    for handoff, moments in (
        (spread, [monday, on(25, "10:00")]),
        (hasty, [monday, on(23, "15:00")]),
        (spoken, [monday]),
    ):
        for moment in moments:
            call(handoff, occurred_at=moment, by=sam, result="SPOKE" if handoff is spoken else "NO_ANSWER")
    for handoff in (spread, hasty, never, spoken):
        handoff.lead.refresh_from_db()
        give_up = closing.recycle if handoff is never else closing.disqualify
        give_up(handoff.lead, "Nobody answers", by=sam, at=on(26, "10:00"))

    given_up = figure(TermKind.CONTACT_ATTEMPTS)

    assert (given_up.actual, given_up.cases, given_up.misses) == (33.33, 3, 2)


def test_capacity_is_what_sales_accepted_in_the_month(mia, sam):
    """Sent in October and accepted in November counts for November; accepted in December does not."""
    AgreementFactory(at=on(1, "09:00", month=10))
    october, november, late = on(30, "16:00", month=10), TUESDAY_NINE, on(30, "16:00")
    for sent_at, accepted_at in ((october, on(2, "09:00")), (november, TUESDAY_TEN), (late, on(1, "09:00", month=12))):  # fmt: skip
        hand_over(mia, sam, at=sent_at, captured_at=october).accept(by=sam, at=accepted_at)

    assert figure(TermKind.CAPACITY).actual == 2


def test_conversion_is_about_the_cohort_of_so_many_months_before(agreement):
    """After 6 months: captured in May. Of four, one was a customer in June, one on the last day of November, one in December: 2 / 4 = 50%."""
    in_may = on(12, "12:00", month=5)
    for customer_at in (on(3, "12:00", month=6), on(30, "23:00"), on(1, "12:00", month=12), None):
        stage = Stage.CUSTOMER if customer_at else Stage.NEW
        LeadFactory(captured_at=in_may, stage=stage, customer_at=customer_at)
    LeadFactory(captured_at=TUESDAY_NOON, stage=Stage.CUSTOMER, customer_at=TUESDAY_NOON)

    conversion = figure(TermKind.CONVERSION)

    assert (conversion.actual, conversion.cases) == (50, 4)
    assert conversion.misses is None  # nobody missed anything


@pytest.fixture
def with_money(db):
    """Revenue of 10,000 a month, and at most 100 spent per hand-off."""
    agreement = AgreementFactory(state="DRAFT")
    for kind, amount in ((TermKind.REVENUE, 10_000), (TermKind.COST_PER_SQL, 100)):
        agreement.terms.create(kind=kind, key=kind.lower(), side="JOINT", target_amount=amount, position=20)
    vera, victor = AgreementFactory.signers()
    at = on(1, "09:00")
    agreement.propose(by=vera, at=at)
    agreement.sign("MARKETING", by=vera, at=at)
    agreement.sign("SALES", by=victor, at=at)
    return agreement


def test_revenue_adds_up_what_was_won_in_the_companys_currency(with_money):
    """1,500 and 2,500 won in November, 9,000 in October, 700 dollars apart, one without an amount apart: 4,000."""
    for amount, won_at, currency in (
        (1500, TUESDAY_NOON, "EUR"), (2500, on(30, "23:00"), "EUR"), (9000, on(30, "12:00", month=10), "EUR"), (700, TUESDAY_NOON, "USD"),
        (None, TUESDAY_NOON, "EUR"),
    ):  # fmt: skip
        lead = LeadFactory(stage=Stage.CUSTOMER, customer_at=won_at)
        Opportunity.objects.create(
            lead=lead, amount=amount, currency=currency, opened_at=MONDAY_MORNING, won_at=won_at
        )

    revenue = figure(TermKind.REVENUE)

    assert (revenue.actual, revenue.cases) == (4000, 2)
    assert parts(TermKind.REVENUE) == {"kept": 2, "unmeasured": 2}
    assert revenue.said == "€4,000"


def test_a_cost_is_spread_over_the_days_of_its_campaign(with_money, mia, sam):
    """600 over 60 days, 30 of them in November: 300. A campaign without a cost is said; one of October only costs nothing now.
    Four hand-offs, one of a lead without a campaign: 300 / 4 = 75 each, below 100."""
    CampaignFactory(name="Long", starts_on=date(2026, 11, 1), ends_on=date(2026, 12, 30), spend=600)
    CampaignFactory(name="Unknown", starts_on=date(2026, 11, 5), ends_on=date(2026, 11, 6), spend=None)
    CampaignFactory(name="Past", starts_on=date(2026, 10, 1), ends_on=date(2026, 10, 31), spend=900)
    for _number in range(3):
        hand_over(mia, sam, campaign=CampaignFactory(name="Long"))
    hand_over(mia, sam)

    cost = figure(TermKind.COST_PER_SQL)

    assert (cost.actual, cost.cases, cost.state) == (75, 4, "met")
    assert cost.note == "1 campaign of the month has no cost entered."


def test_no_cost_entered_is_not_nothing(with_money, mia, sam):
    hand_over(mia, sam)

    assert figure(TermKind.COST_PER_SQL).actual is None


# What the agreement says about measuring


def test_sources_that_the_agreement_leaves_out_stand_apart(mia, sam):
    """Of three hand-offs one came from a fair, which the promise leaves out; a lead without a source counts."""
    SourceFactory(key="fair")
    AgreementFactory(
        terms={
            kind: {"excluded_sources": ["fair"]}
            for kind in (TermKind.SQLS_DELIVERED, TermKind.ANSWER_HANDOFF, TermKind.CAPACITY)
        }
    )
    for source in (SourceFactory(key="fair"), SourceFactory(key="webinar"), None):
        hand_over(mia, sam, source=source).accept(by=sam, at=TUESDAY_TEN)

    assert parts(TermKind.SQLS_DELIVERED) == {"kept": 2, "left_out": 1}
    assert parts(TermKind.ANSWER_HANDOFF) == {"kept": 2, "left_out": 1}
    assert figure(TermKind.FIRST_CONTACT_OTHER).parts[Part.MISSED] == 3


def test_a_quarterly_promise_counts_its_quarter_so_far(mia, sam):
    """October has 22 working days, November 21, December 23 (the calendar has no holidays): on Friday the 27th 42 of 66 are gone.
    Two in October and one in November: 3 of 330, with 330 x 42 / 66 = 210 expected."""
    AgreementFactory(
        at=on(1, "09:00", month=10),
        terms={TermKind.SQLS_DELIVERED: {"period": "QUARTER", "target_count": 330}},
    )
    for at in (on(5, "10:00", month=10), on(6, "10:00", month=10), TUESDAY_NINE):
        hand_over(mia, sam, at=at)

    delivered = figure(TermKind.SQLS_DELIVERED)

    assert (delivered.actual, delivered.pace) == (3, 210)
    assert figure(TermKind.SQLS_DELIVERED, month=OCTOBER).actual == 2


def test_before_any_agreement_nothing_was_promised(agreement):
    assert measuring.of_month(month_of(date(2026, 9, 1)), at=FRIDAY) == []


def test_under_twenty_cases_there_is_too_little_to_judge(agreement, send, sam):
    send().accept(by=sam, at=TUESDAY_TEN)

    quality = figure(TermKind.SQL_QUALITY)

    assert (quality.is_few, quality.state) == (True, "calm")
    assert quality.few_words == "1 case: too few to judge"


# Every figure is opened and counted


@pytest.fixture
def busy(with_money, mia, sam, max):
    """A month in which everything happened that can stand somewhere."""
    accepted, returned, dropped, called, late = (hand_over(mia, sam) for _number in range(5))
    accepted.accept(by=sam, at=TUESDAY_TEN)
    give_back(returned, TUESDAY_TEN, sam)
    drop(dropped, TUESDAY_TEN, max)
    call(called, occurred_at=TUESDAY_TEN, by=sam)
    call(late, occurred_at=on(26, "10:00"), by=sam)
    hand_over(mia, sam, at=on(27, "15:00"))
    Clock.objects.filter(pk=contact_clock_of(accepted).pk).update(disputed_at=TUESDAY_NOON)
    Clock.objects.filter(pk=answer_of(dropped).pk).update(state="VOID", next_check_at=None)
    lead = LeadFactory(captured_at=on(12, "12:00", month=5), stage=Stage.CUSTOMER, customer_at=TUESDAY_NOON)
    Opportunity.objects.create(lead=lead, amount=Decimal(1200), opened_at=MONDAY_MORNING, won_at=TUESDAY_NOON)


def test_the_parts_add_up_to_the_whole_and_each_lists_what_it_counts(busy):
    for promise in measuring.of_month(NOVEMBER, at=FRIDAY):
        listed = {part: cases.rows(promise.term, NOVEMBER, part, at=FRIDAY).count() for part in Part}

        assert {part: n for part, n in listed.items() if n} == promise.parts, promise.key
        assert sum(listed.values()) == facts.behind(promise.term, NOVEMBER, WHOLE, at=FRIDAY).count(), (
            promise.key
        )
        assert cases.rows(promise.term, NOVEMBER, ALL, at=FRIDAY).count() == promise.cases, promise.key


def test_every_link_of_the_page_opens_as_many_as_it_says(busy, signed_in, sam):
    browser = signed_in(sam)
    for promise in measuring.of_month(NOVEMBER, at=FRIDAY):
        links = [(promise.cases_url, promise.cases), (promise.misses_url, promise.misses or 0)]
        links += [(url, n) for _part, n, url in promise.apart]
        for url, n in links:
            if url:
                page = browser.get(url).context["page"]
                assert abs(page.paginator.count - n) <= _settled_since(promise), (promise.key, url)


def _settled_since(promise) -> int:
    """The page looks at this moment, the figure at Friday: what was open may be overdue by now, or not yet."""
    return promise.parts.get(Part.OPEN, 0) + promise.parts.get(Part.MISSED, 0)


def test_the_ids_behind_a_figure_are_those_it_counts(busy):
    agreement = measuring.agreement_of(NOVEMBER)
    counted = measuring.with_ids(agreement.terms_in_order(), agreement, NOVEMBER, at=FRIDAY)

    for each, plain in zip(counted, measuring.of_month(NOVEMBER, at=FRIDAY), strict=True):
        assert each.figure == plain
        if plain.term.kind != TermKind.CONVERSION:
            assert len(each.ids(Part.KEPT)) == plain.parts.get(Part.KEPT, 0)


def test_a_month_takes_the_same_few_statements_however_many_hand_offs(busy, mia, sam):
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            measuring.of_month(NOVEMBER, at=FRIDAY)
        return len(queries)

    few = count()
    for _number in range(12):
        hand_over(mia, sam)

    assert count() == few <= 14


def test_an_old_link_of_the_dashboard_leads_to_the_same_list(agreement, signed_in, sam):
    answer = signed_in(sam).get("/dashboard/promises/sql_quality/?month=2026-11&show=missed")

    assert answer.url == "/agreement/scorecard/promises/sql_quality/?month=2026-11&show=missed"


def test_a_promise_that_nobody_made_is_not_found(agreement, signed_in, sam):
    assert signed_in(sam).get("/agreement/scorecard/promises/riches/?month=2026-11").status_code == 404


def test_a_restatement_opens_for_everybody(agreement, signed_in, fin):
    restated = RestatementFactory(agreement=agreement)

    assert signed_in(fin).get(f"/agreement/scorecard/restatements/{restated.pk}/").status_code == 200


def test_when_the_month_is_over_what_lacks_is_short_of_the_promise(agreement, send):
    send()

    assert figure(TermKind.SQLS_DELIVERED, at=on(2, "10:00", month=12)).words == "159 short of the promise"
