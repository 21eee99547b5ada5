"""What the agreement promises for a month, and what came of it so far: the measuring of `sla.scorecard`, under the dashboard's name."""

from sla.scorecard.measuring import Kept
from sla.scorecard.measuring import of_month as for_month
from sla.scorecard.standing import FEW, Pace, pace_of

__all__ = ["FEW", "Kept", "Pace", "for_month", "pace_of"]
