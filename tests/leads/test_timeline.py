"""What happened with a lead, newest first, from every room."""

from datetime import timedelta

import pytest

from leads import timeline
from leads.models import ActivityKind
from leads.timeline import Group, Source
from tests.conftest import TUESDAY_NOON
from tests.factories import ActivityFactory, LeadFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead():
    return LeadFactory()


def pages(lead, **narrowed):
    page = timeline.page(lead, **narrowed)
    yield page
    while page.older_than:
        page = timeline.page(lead, before=page.older_than, **narrowed)
        yield page


def test_moves_and_activities_are_merged_newest_first(lead, mia):
    ActivityFactory(lead=lead, title="Price request")
    lead.qualify(by=mia, at=TUESDAY_NOON)

    entries = timeline.page(lead).entries

    assert [entry.title for entry in entries] == ["Moved to Qualified", "Lead came in", "Price request"]
    assert (entries[0].actor.id, entries[0].actor.name, entries[0].actor.side) == (
        mia.pk,
        str(mia),
        "MARKETING",
    )


def test_pages_show_everything_once_also_what_happened_in_one_instant(lead, mia):
    for number in range(7):
        ActivityFactory(lead=lead, title=f"Form {number}", occurred_at=lead.captured_at)
    lead.qualify(by=mia, at=lead.captured_at)

    shown = [entry.key for page in pages(lead, limit=2) for entry in page.entries]

    assert len(shown) == len(set(shown)) == 9


def test_it_can_be_narrowed(lead):
    for kind in ActivityKind:
        ActivityFactory(lead=lead, kind=kind)

    kinds = {group: {entry.kind for entry in timeline.page(lead, group=group).entries} for group in Group}

    assert kinds[Group.TOUCHES] == {"VISIT", "FORM", "DOWNLOAD"}
    assert kinds[Group.TALKS] == {"CALL", "EMAIL", "MEETING", "NOTE"}
    assert kinds[Group.CHANGES] == {"EDIT", "NEXT_STEP", "STAGE"}


def test_another_room_can_tell_something(lead):
    weather = Source(
        "(VALUES (1, now())) rain (id, fell_at) WHERE %(lead)s > 0", at="rain.fell_at", id="rain.id"
    )

    def rain(row):
        return timeline.entry(row, kind="RAIN", group=Group.CHANGES, title="It rained")

    timeline.register("rain", weather, rain, rank=90, groups={Group.CHANGES})
    try:
        assert timeline.page(lead).entries[0].title == "It rained"
        assert "RAIN" not in {entry.kind for entry in timeline.page(lead, group=Group.TOUCHES).entries}
    finally:
        timeline.forget("rain")


@pytest.mark.parametrize(
    "cursor", ["", "x", "1", "1.2.3.4", "9" * 40 + ".1.1", "1.1." + "9" * 40, "é.1.1", "-1.0.0"]
)
def test_a_cursor_that_cannot_be_read_starts_at_the_top(lead, cursor):
    assert timeline.page(lead, before=cursor).entries is not None


def test_all_rooms_together_cost_one_query(lead, mia, django_assert_num_queries):
    for hour in range(30):
        ActivityFactory(lead=lead, occurred_at=TUESDAY_NOON + timedelta(hours=hour), actor=mia)
    lead.qualify(by=mia, at=TUESDAY_NOON)

    with django_assert_num_queries(1):
        assert len(timeline.page(lead).entries) == timeline.PAGE
