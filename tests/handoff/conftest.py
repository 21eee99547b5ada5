"""What every test about hand-offs begins with: a sales-ready lead, a brief, a hand-off that waits."""

import pytest

from handoff.models import Handoff
from leads.models import Lead, Stage
from tests.factories import MONDAY_MORNING, LeadFactory
from tests.handoff.moments import BRIEF, TUESDAY_TEN


@pytest.fixture
def lead(db) -> Lead:
    """Sales-ready since Monday morning."""
    return LeadFactory(stage=Stage.SQL, sql_at=MONDAY_MORNING)


@pytest.fixture
def handoff(lead, mia, sam) -> Handoff:
    """Mia handed the lead over to Sam at ten."""
    return Handoff.send(lead, brief=BRIEF, to=sam, by=mia, at=TUESDAY_TEN)


@pytest.fixture
def pooled(lead, mia, sales) -> Handoff:
    """Mia sent the lead to the pool at ten."""
    return Handoff.send(lead, brief=BRIEF, to="pool", by=mia, at=TUESDAY_TEN)
