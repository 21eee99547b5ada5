"""Who has the ball: a lead that has not ended is at every moment with exactly one team."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from handoff import latest
from leads.access import WITH_SALES
from leads.models import Lead, Stage
from smarketing.accounts.models import Side

if TYPE_CHECKING:
    from smarketing.accounts.models import User


@dataclass(frozen=True)
class Holder:
    """The team, and who of it when somebody is named."""

    side: Side
    person: User | None
    is_in_pool: bool = False

    def __str__(self) -> str:
        if self.is_in_pool:
            return _("Sales has the lead: in the pool")
        words = {
            (Side.SALES, True): _("Sales has the lead: %(who)s"),
            (Side.SALES, False): _("Sales has the lead"),
            (Side.MARKETING, True): _("Marketing has the lead: %(who)s"),
            (Side.MARKETING, False): _("Marketing has the lead"),
        }
        return words[self.side, self.person is not None] % {"who": self.person}


def of(lead: Lead) -> Holder | None:
    """Nobody once the lead has ended. A question and a return hand it back to marketing until they are answered."""
    if not lead.is_open and lead.stage != Stage.RECYCLED:
        return None
    handoff = latest.standing_of(lead)
    if handoff and handoff.is_open:
        if handoff.waits_for_marketing:
            return Holder(Side.MARKETING, handoff.sender)
        return Holder(Side.SALES, handoff.receiver, is_in_pool=handoff.is_in_pool)
    if lead.stage in WITH_SALES:
        return Holder(Side.SALES, lead.owner)
    return Holder(Side.MARKETING, lead.marketer or (handoff.sender if handoff else None))
