"""Once a week a marketer hears what became of what he handed over."""

from datetime import timedelta
from decimal import Decimal

import pytest

from leads import deals
from leads.models import Lead
from sla import outcome_digest
from sla.models import Notice
from tests.conftest import TUESDAY_NOON
from tests.handoff.conftest import handoff, lead  # noqa: F401
from tests.handoff.moments import TUESDAY_ELEVEN

NEXT_MONDAY = TUESDAY_NOON + timedelta(days=6)


def told(person) -> list[str]:
    return [
        notice.text for notice in Notice.objects.filter(recipient=person, kind="OUTCOMES", channel="IN_APP")
    ]


@pytest.fixture
def won(handoff, sam):  # noqa: F811
    handoff.log_contact("CALL", "SPOKE", by=sam, at=TUESDAY_ELEVEN)
    deals.win(Lead.objects.get(), amount=Decimal("4200"), by=sam, at=TUESDAY_NOON)
    return handoff


def test_the_figures_of_the_week_that_ended(won, mia):
    outcome_digest.tell_last_week(NEXT_MONDAY)

    assert told(mia) == ["23 Nov 2026 – 29 Nov 2026: 1 contacted for the first time, 1 customer (€4,200)"]


def test_it_is_told_once_however_often_it_runs(won, mia):
    for hours in (0, 1, 24, 100):
        outcome_digest.tell_last_week(NEXT_MONDAY + timedelta(hours=hours))

    assert len(told(mia)) == 1


def test_in_the_language_of_who_reads_it(won, mia):
    mia.language = "nl"
    mia.save()

    outcome_digest.tell_last_week(NEXT_MONDAY)

    assert "1 klant" in told(mia)[0]


def test_who_handed_nothing_over_hears_nothing(won, mara, sam):
    outcome_digest.tell_last_week(NEXT_MONDAY)

    assert told(mara) == told(sam) == []


def test_a_week_without_news_is_silent(won, mia):
    outcome_digest.tell_last_week(NEXT_MONDAY + timedelta(days=14))

    assert told(mia) == []


def test_a_return_is_news_too(handoff, mia, sam):  # noqa: F811
    handoff.return_("DUPLICATE", by=sam, at=TUESDAY_NOON)

    outcome_digest.tell_last_week(NEXT_MONDAY)

    assert told(mia) == ["23 Nov 2026 – 29 Nov 2026: 1 returned"]
