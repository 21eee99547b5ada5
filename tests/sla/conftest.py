"""Hand-offs with clocks. They are made and answered by the real verbs, so that the signals are the real ones too."""

import pytest

from handoff.models import Handoff
from leads.models import Stage
from tests.factories import MONDAY_MORNING, AgreementFactory, LeadFactory
from tests.sla.moments import BRIEF, TUESDAY_NINE


@pytest.fixture
def agreement(db):
    return AgreementFactory()


@pytest.fixture
def send(agreement, mia, sam, sales):
    """`send(at=...)` hands a sales-ready lead over to sam, or to the pool with `to="pool"`."""

    def hand_over(at=TUESDAY_NINE, to=sam) -> Handoff:
        lead = LeadFactory(stage=Stage.SQL, sql_at=min(at, MONDAY_MORNING))
        return Handoff.send(lead, brief=BRIEF, to=to, team=sales, by=mia, at=at)

    return hand_over
