"""What every test about hand-offs begins with: a sales-ready lead, a brief, a hand-off that waits."""

import pytest
import time_machine

from handoff.models import Handoff
from handoff.usual_brief import USUAL_BRIEF
from leads.models import Lead, Stage
from tests.conftest import TUESDAY_NOON
from tests.factories import MONDAY_MORNING, AgreementFactory, LeadFactory
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


@pytest.fixture
def noon():
    """For pages: it is Tuesday noon."""
    with time_machine.travel(TUESDAY_NOON, tick=False):
        yield TUESDAY_NOON


@pytest.fixture
def promised(db):
    """An agreement is in force: answer within 2 hours, first contact within 4; the usual brief."""
    return AgreementFactory(brief_items=USUAL_BRIEF)
