"""What became of it: the marketer sees it without asking; figures open their lists."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from handoff import preparation, sent
from handoff.models import Handoff
from leads import deals
from leads.models import Lead, Stage
from smarketing.periods import Period
from tests.conftest import TUESDAY_NOON
from tests.factories import MONDAY_MORNING, LeadFactory, SourceFactory
from tests.handoff.moments import BRIEF, TUESDAY_ELEVEN, TUESDAY_TEN

pytestmark = pytest.mark.usefixtures("noon")


def send(to, by, name="Noor", source="webinar", waived=None, **brief) -> Handoff:
    lead = LeadFactory(
        stage=Stage.SQL,
        sql_at=MONDAY_MORNING,
        contact__first_name=name,
        source=SourceFactory(key=source),
    )
    return Handoff.send(lead, brief=brief or BRIEF, waived=waived, to=to, by=by, at=TUESDAY_TEN)


@pytest.fixture
def story(mia, mara, sam, sonia):
    """Five of webinar: one waits, one was returned, three were contacted, of which two were prepared, one spoke, one bought. One of Mara's fair."""
    waits = send(sam, mia, "Waits", waived={"wants": "Would not say"}, why_now="Asked a price")
    returned = send(sam, mia, "Back")
    returned.return_("DUPLICATE", by=sam, at=TUESDAY_ELEVEN)
    won, spoke, silent = (send(sam, mia, name) for name in ("Won", "Spoke", "Silent"))
    for handoff in (won, silent):
        handoff.open_call_sheet(by=sam, at=TUESDAY_ELEVEN)
    for handoff in (won, spoke):
        handoff.log_contact("CALL", "SPOKE", by=sam, at=TUESDAY_ELEVEN)
    silent.log_contact("CALL", "NO_ANSWER", by=sam, at=TUESDAY_ELEVEN)
    deals.win(Lead.objects.get(pk=won.lead_id), amount=Decimal("4200"), by=sam, at=TUESDAY_NOON)
    send(sonia, mara, "Fair", source="trade_fair")
    return waits


def test_the_sums_by_hand(story, mia):
    line = sent.sums(sent.narrowed({}, Period(), reader=mia), "All")

    assert (line.sent, line.accepted, line.returned, line.reached) == (6, 3, 1, 2)
    assert (line.opportunities, line.won, line.waived, line.amount) == (1, 1, 1, Decimal("4200"))
    assert (line.acceptance.hits, line.acceptance.cases) == (3, 4)


def test_sources_add_up(story, mia):
    rows = sent.narrowed({}, Period(), reader=mia)

    lines = sent.by_source(rows, "No source")

    assert [(line.label, line.sent) for line in lines] == [("Webinar", 5), ("Trade fair", 1)]
    assert sum(line.sent for line in lines) == sent.sums(rows, "All").sent


def test_a_marketer_begins_with_his_own(story, mia, signed_in):
    page = signed_in(mia).get("/handoffs/sent/").content.decode()

    assert "Won de Wit" in page
    assert "Fair de Wit" not in page
    assert "€4,200" in page


def test_the_first_page_of_marketing_is_what_it_has_to_do_then_what_it_sent(story, mia, signed_in):
    page = signed_in(mia).get("/handoffs/").content.decode()

    assert "Returned to us" in page
    assert "Sent by us" in page


@pytest.mark.parametrize("result", sorted(sent.RESULTS))
def test_every_sum_opens_its_list(story, fin, signed_in, result):
    counted = sent.narrowed({"result": result}, Period(), reader=fin).count()

    opened = signed_in(fin).get(sent.address(Period(), result=result) + "&period=all")

    assert len(opened.context["rows"]) == counted


def test_what_means_nothing_finds_nothing(story, fin, signed_in):
    for query in ("result=nonsense", "marketer=x", "source=-1", "rep=99999999999999999999"):
        assert not signed_in(fin).get(f"/handoffs/sent/?period=all&{query}").context["rows"]
    assert signed_in(fin).get("/handoffs/sent/?from=nonsense&after=x").status_code == 200


def test_a_page_goes_on_where_it_stopped(story, fin, signed_in, monkeypatch):
    monkeypatch.setattr("handoff.sent.PAGE", 4)
    reader = signed_in(fin)

    first = reader.get("/handoffs/sent/?period=all")
    second = reader.get(first.context["next_url"])

    assert len(first.context["rows"]) == 4
    assert len(second.context["rows"]) == 2
    assert not {row.pk for row in first.context["rows"]} & {row.pk for row in second.context["rows"]}


def test_queries_do_not_grow_with_the_rows(mia, sam, fin, signed_in):
    reader = signed_in(fin)

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            reader.get("/handoffs/sent/?period=all")
        return len(asked)

    send(sam, mia)
    queries()
    few = queries()
    for number in range(6):
        send(sam, mia, f"N{number}")

    assert queries() == few <= 16


# Prepared


def test_prepared_by_hand(story, sam):
    """Three contacted, two of them prepared. Prepared: 1 of 2 reached, 1 of 2 won; not prepared: 1 of 1 reached, 0 of 1 won."""
    measured = preparation.measure(Period())

    assert (measured.all.rate.hits, measured.all.rate.cases) == (2, 3)
    assert [(line.label, line.first.rate.hits, line.first.rate.cases) for line in measured.reps] == [
        ("Sam Smit", 2, 3)
    ]
    prepared, unprepared = measured.compared
    assert [(one.rate.hits, one.rate.cases) for one in prepared.figures] == [(1, 2), (1, 2), (1, 2)]
    assert [(one.rate.hits, one.rate.cases) for one in unprepared.figures] == [(1, 1), (0, 1), (0, 1)]


def test_its_figures_open_their_hand_offs_and_it_claims_no_cause(story, fin, signed_in):
    reader = signed_in(fin)
    page = reader.get("/handoffs/prepared/?period=all")
    assert "a relation, not a cause" in page.content.decode()

    measured = page.context["measured"]
    figures = [
        measured.all,
        *(line.first for line in measured.reps),
        *(figure for line in measured.compared for figure in line.figures),
    ]
    for figure in figures:
        assert len(reader.get(figure.url + "&period=all").context["rows"]) == figure.rate.hits


def test_before_anything_happened_it_says_so(fin, signed_in):
    assert "Nobody was contacted" in signed_in(fin).get("/handoffs/prepared/").content.decode()
