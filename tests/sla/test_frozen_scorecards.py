"""A month that ended is written down once; what changes afterwards is restated, with the leads and the reason."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handoff.models import Handoff
from leads.models import Campaign, Stage
from sla import invariants  # noqa: F401 (registers)
from sla.models import (
    ClockEvent,
    Notice,
    Restatement,
    ScorecardMonth,
    ScorecardRow,
    TermKind,
)
from sla.scorecard import freezing, history, measuring, restating
from sla.scorecard import invariants as always
from sla.scorecard.facts import Part
from sla.sweeps import sweep
from smarketing.periods import month_of
from tests.factories import MONDAY_MORNING, AgreementFactory, LeadFactory
from tests.sla.moments import (
    BRIEF,
    TUESDAY_NINE,
    TUESDAY_TEN,
    call,
    contact_clock_of,
    drop,
    give_back,
    on,
    pass_on,
)

pytestmark = pytest.mark.django_db
NOVEMBER, DECEMBER = month_of(date(2026, 11, 1)), month_of(date(2026, 12, 1))
MIDNIGHT = on(1, "00:00", month=12)
NEXT_DAY = on(2, "12:00", month=12)


def row(kind) -> ScorecardRow:
    return ScorecardRow.objects.get(key=kind.lower())


def freeze(at=MIDNIGHT) -> ScorecardMonth:
    frozen = freezing.freeze(NOVEMBER, at=at)
    assert frozen
    return frozen


# Freezing


def test_a_month_is_frozen_when_it_ended_and_not_before(agreement):
    assert freezing.freeze_what_ended(MIDNIGHT - timedelta(seconds=1)) == []

    assert [frozen.month for frozen in freezing.freeze_what_ended(MIDNIGHT)] == [NOVEMBER.first]


def test_twice_is_once(agreement, send):
    send()
    freeze()

    assert freezing.freeze(NOVEMBER, at=NEXT_DAY) is None
    assert freezing.freeze_what_ended(NEXT_DAY) == []
    assert ScorecardRow.objects.filter(key="sqls_delivered").count() == 1


def test_after_an_outage_every_month_that_ended_is_frozen(agreement):
    frozen = freezing.freeze_what_ended(on(5, "10:00", month=2).replace(year=2027))

    assert [each.month.month for each in frozen] == [11, 12, 1]


def test_without_an_agreement_there_is_nothing_to_freeze(db):
    assert freezing.freeze_what_ended(NEXT_DAY) == []


def test_a_row_says_what_was_measured_with_the_very_ids(agreement, send, sam):
    """Two accepted in time, one late, one returned: quality 3 / 4 = 75%."""
    kept = [send(), send(), send()]
    for handoff in kept:
        handoff.accept(by=sam, at=TUESDAY_TEN)
    returned = send()
    give_back(returned, TUESDAY_TEN, sam)

    freeze()

    quality = row(TermKind.SQL_QUALITY)
    assert (quality.actual, quality.target, quality.cases, quality.misses, quality.misses_left) == (75, 80, 4, 1, -1)  # fmt: skip
    assert quality.kept_ids == [handoff.pk for handoff in kept]
    assert quality.missed_ids == [returned.pk]
    assert quality.scorecard.agreement == agreement


def test_the_database_refuses_to_change_what_was_frozen(agreement, send):
    send()
    frozen = freeze()

    for change in (
        "UPDATE sla_scorecardrow SET actual = 99", "DELETE FROM sla_scorecardrow", "UPDATE sla_scorecardmonth SET frozen_at = now()",
        "DELETE FROM sla_scorecardmonth",
    ):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)
    ScorecardMonth.objects.filter(pk=frozen.pk).update(compared_at=NEXT_DAY)


def test_the_page_shows_what_was_frozen_after_the_facts_moved(agreement, send, sam, signed_in, mia):
    for _number in range(20):
        send().accept(by=sam, at=TUESDAY_TEN)
    freeze()
    Handoff.objects.update(accepted_at=None)

    text = signed_in(mia).get(reverse("sla:scorecard") + "?month=2026-11").content.decode()

    assert "frozen on" in text
    assert "100%" in text


def test_a_frozen_figure_opens_what_it_counted_then(agreement, send, sam, signed_in, mia):
    handoff = send()
    handoff.accept(by=sam, at=TUESDAY_TEN)
    freeze()
    browser = signed_in(mia)

    for line in history.scorecard(NOVEMBER, at=NEXT_DAY).lines:
        figure = line.figure
        for url, n in ((figure.cases_url, figure.cases), (figure.misses_url, figure.misses or 0)):
            if url and line.term.kind != TermKind.CONVERSION:
                assert browser.get(url).context["page"].paginator.count == n, url


# Restating


def test_while_nothing_changes_nothing_is_restated(agreement, send, sam):
    call(send(), occurred_at=TUESDAY_TEN, by=sam)
    frozen = freeze()

    assert restating.compare(frozen, at=NEXT_DAY) == []


def test_a_contact_logged_after_the_month_is_a_correction_with_its_reason(agreement, send, sam):
    """Handed over on Monday the 30th at nine, due at one, called at noon, logged on the first of December: from 0 of 1 to 1 of 1."""
    handoff = send(at=on(30, "09:00"))
    sweep(on(30, "14:00"))
    frozen = freeze()
    call(handoff, occurred_at=on(30, "12:00"), logged_at=on(1, "09:00", month=12), by=sam)

    found = {each.row.key: each for each in restating.compare(frozen, at=NEXT_DAY)}

    restated = found["first_contact_other"]
    assert (restated.actual_was, restated.actual, restated.misses_was, restated.misses) == (0, 100, 1, 0)
    assert restated.kind == "CORRECTED"
    moved = restated.moved.get()
    assert (moved.was, moved.part, moved.lead) == ("missed", "kept", handoff.lead)
    assert moved.event.kind == "CLEARED"
    assert restating.compare(frozen, at=NEXT_DAY) == []


def test_what_was_open_at_month_end_is_told_as_settled(agreement, send, sam):
    """Handed over on the last afternoon; answered the next morning in time."""
    handoff = send(at=on(30, "16:30"))
    frozen = freeze()
    assert row(TermKind.ANSWER_HANDOFF).still_open == 1
    handoff.accept(by=sam, at=on(1, "09:10", month=12))

    found = {each.row.key: each for each in restating.compare(frozen, at=NEXT_DAY)}

    assert found["answer_handoff"].kind == "SETTLED"
    assert (found["answer_handoff"].actual_was, found["answer_handoff"].actual) == (None, 100)


def test_a_clock_that_became_void_leaves_the_cases(agreement, send, sam, max):
    handoff = send()
    frozen = freeze()
    clock = contact_clock_of(handoff)
    type(clock).objects.filter(pk=clock.pk).update(state="VOID", next_check_at=None)
    ClockEvent.objects.create(
        clock=clock, kind="VOIDED", happened_at=NEXT_DAY, detected_at=NEXT_DAY, actor=max, note="The phone system was down"
    )  # fmt: skip

    restated = next(
        each for each in restating.compare(frozen, at=NEXT_DAY) if each.row.key == "first_contact_other"
    )

    assert (restated.cases_was, restated.cases) == (1, 0)
    assert restated.moved.get().part == ""
    from sla.scorecard.wording import why

    assert why(restated) == "The phone system was down"


def test_a_cost_entered_late_restates_the_cost_per_lead(db, mia, sam):
    agreement = AgreementFactory(state="DRAFT")
    agreement.terms.create(
        kind=TermKind.COST_PER_SQL, key="cost_per_sql", side="JOINT", target_amount=100, position=20
    )
    vera, victor = AgreementFactory.signers()
    agreement.propose(by=vera, at=on(1, "09:00"))
    agreement.sign("MARKETING", by=vera, at=on(1, "09:00"))
    agreement.sign("SALES", by=victor, at=on(1, "09:00"))
    lead = LeadFactory(stage=Stage.SQL, sql_at=MONDAY_MORNING)
    Handoff.send(lead, brief=BRIEF, to=sam, by=mia, at=TUESDAY_NINE)
    campaign = Campaign.objects.create(name="Ads", starts_on=date(2026, 11, 1), ends_on=date(2026, 11, 30))
    frozen = freeze()

    Campaign.objects.filter(pk=campaign.pk).update(spend=80)
    restated = {each.row.key: each for each in restating.compare(frozen, at=NEXT_DAY)}["cost_per_sql"]

    assert (restated.actual_was, restated.actual) == (None, 80)


def test_the_button_compares_at_once_and_the_page_lists_it(agreement, send, sam, signed_in, mia):
    handoff = send(at=on(30, "09:00"))
    freeze()
    call(handoff, occurred_at=on(30, "12:00"), logged_at=on(1, "09:00", month=12), by=sam)
    browser = signed_in(mia)

    answer = browser.post(reverse("sla:check_scorecard"), {"month": "2026-11"}, follow=True)

    text = answer.content.decode()
    assert "read differently now." in text
    assert "It occurred in time and was logged later." in text
    moved = browser.get(
        reverse("sla:restatement", args=[Restatement.objects.get(row__key="first_contact_other").pk])
    )
    assert "Noor de Wit" in moved.content.decode()


def test_the_comparison_runs_once_a_day(agreement, send):
    frozen = freeze()
    send(at=on(30, "09:00"))

    assert restating.compare_all(MIDNIGHT + timedelta(hours=1)) == []
    assert restating.compare_all(MIDNIGHT + timedelta(hours=24)) != []
    frozen.refresh_from_db()
    assert frozen.compared_at == MIDNIGHT + timedelta(hours=24)


def test_a_missing_number_reminds_those_who_lead_the_side(mara, sven, sam):
    agreement = AgreementFactory(state="DRAFT")
    agreement.terms.create(kind="OWN", key="webinars", label="Webinars", side="MARKETING", target_amount=2, position=9)  # fmt: skip
    vera, victor = AgreementFactory.signers()
    agreement.propose(by=vera, at=on(1, "09:00"))
    agreement.sign("MARKETING", by=vera, at=on(1, "09:00"))
    agreement.sign("SALES", by=victor, at=on(1, "09:00"))

    freezing.freeze_what_ended(MIDNIGHT)
    freezing.freeze_what_ended(NEXT_DAY)

    told = Notice.objects.filter(kind="OWN_VALUE", channel="IN_APP")
    assert mara.pk in told.values_list("recipient", flat=True)
    assert not told.filter(recipient__in=[sven, sam]).exists()
    assert told.filter(recipient=mara).count() == 1


def test_twelve_months_are_read_in_a_fixed_number_of_statements(agreement, django_assert_max_num_queries):
    at = on(5, "10:00", month=12).replace(year=2027)
    freezing.freeze_what_ended(at)

    with django_assert_max_num_queries(22):
        card = history.scorecard(month_of(at.date()), at=at)

    assert [point.month.first_day.month for point in card.lines[0].points] == [*range(1, 13)]
    assert card.lines[0].values[0] == 0  # January was frozen: nothing was delivered


# What always holds


def broken() -> list:
    return [
        found
        for check in (always.changed, always.does_not_add_up, always.forgotten)
        for found in check(NEXT_DAY + timedelta(days=3))
    ]


def test_a_row_that_somebody_changed_behind_our_back_is_found(agreement, send):
    send()
    freeze()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL smarketing.facts_may_change = 'on'")
        cursor.execute("UPDATE sla_scorecardrow SET actual = 99 WHERE key = 'sqls_delivered'")

    assert [found[1] for found in always.changed(NEXT_DAY)] == ["sqls_delivered"]


def test_a_correction_that_nobody_looked_for_is_found(agreement, send):
    freeze()
    send(at=on(30, "09:00"))

    assert "sqls_delivered" in [found[1] for found in always.forgotten(NEXT_DAY + timedelta(days=3))]


ACTS = ["accept", "return", "call", "call_late", "drop", "pass_on", "nothing"]


@settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    st.lists(
        st.tuples(st.sampled_from(ACTS), st.integers(1, 28), st.sampled_from(ACTS)), min_size=1, max_size=6
    )
)
def test_any_history_recounts_as_frozen_and_restated(agreement, send, sam, sonia, max, told):
    """Whatever happened in the month, what was frozen is a recount at that moment; whatever happens later, the restatements add up."""
    with transaction.atomic():
        handoffs = [(send(at=on(day, "09:30")), before, after) for before, day, after in told]
        for handoff, before, _after in handoffs:
            act(handoff, before, handoff.sent_at + timedelta(hours=2), sam, sonia, max)
        frozen = freeze()
        for each in measuring.with_ids(agreement.terms_in_order(), agreement, NOVEMBER, at=MIDNIGHT):
            written = row(TermKind(each.figure.term.kind))
            assert (written.actual, written.cases, written.misses) == (
                measuring.exact(each.figure.actual), each.figure.cases, each.figure.misses,
            )  # fmt: skip
            assert written.kept_ids == each.ids(Part.KEPT)
        assert restating.compare(frozen, at=MIDNIGHT) == []

        for handoff, _before, after in handoffs:
            act(handoff, after, on(1, "11:00", month=12), sam, sonia, max)
        restating.compare(frozen, at=NEXT_DAY + timedelta(days=3))

        assert restating.compare(frozen, at=NEXT_DAY + timedelta(days=3)) == []
        assert broken() == []
        transaction.set_rollback(True)


def act(handoff, name, at, sam, sonia, max) -> None:
    """The act, unless the hand-off has moved on so that it cannot be done any more."""
    handoff = Handoff.objects.get(pk=handoff.pk)
    try:
        with transaction.atomic():
            match name:
                case "accept":
                    handoff.accept(by=handoff.receiver or sam, at=at)
                case "return":
                    give_back(handoff, at, handoff.receiver)
                case "call":
                    call(handoff, occurred_at=at, by=handoff.receiver)
                case "call_late":
                    call(handoff, occurred_at=handoff.sent_at + timedelta(minutes=30), logged_at=at, by=handoff.receiver)  # fmt: skip
                case "drop":
                    drop(handoff, at, max)
                case "pass_on":
                    pass_on(handoff, sonia if handoff.receiver == sam else sam, at, max)
    except Exception as refused:
        if isinstance(refused, AssertionError):
            raise


def test_what_a_cost_lacks_reads_in_the_language_of_the_reader(db, mia, sam):
    agreement = AgreementFactory(state="DRAFT")
    agreement.terms.create(kind=TermKind.COST_PER_SQL, key="cost_per_sql", side="JOINT", target_amount=100, position=20)  # fmt: skip
    vera, victor = AgreementFactory.signers()
    agreement.propose(by=vera, at=on(1, "09:00"))
    agreement.sign("MARKETING", by=vera, at=on(1, "09:00"))
    agreement.sign("SALES", by=victor, at=on(1, "09:00"))
    Campaign.objects.create(name="Ads", starts_on=date(2026, 11, 1), ends_on=date(2026, 11, 30))
    freeze()

    figure = next(
        line.figure
        for line in history.scorecard(NOVEMBER, at=NEXT_DAY).lines
        if line.term.key == "cost_per_sql"
    )

    assert figure.note == "1 campaign of the month has no cost entered."
    with translation.override("nl"):
        assert figure.note.startswith("Van 1 campagne")
