"""What sales makes of a lead: an opportunity with an amount, won or lost. The stage and the opportunity move together."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from leads import closing, undoing
from leads.models import Lead, Opportunity, Stage, StageChange
from leads.models.opportunity import company_currency

if TYPE_CHECKING:
    from smarketing.accounts.models import User


class NotAnAmount(ValueError):
    """An amount is not negative."""

    def __init__(self) -> None:
        super().__init__(_("An amount is 0 or more."))


@undoing.can_be_undone("OPEN_OPPORTUNITY", gettext_lazy("Opportunity opened"))
@transaction.atomic
def open_opportunity(
    lead: Lead,
    *,
    amount: Decimal | None,
    currency: str = "",
    expected_on: date | None = None,
    by: User,
    at: datetime,
) -> Opportunity:
    """A possible deal. A lead that had one before and was recycled has it again. Raises NotAnAmount, TransitionNotAllowed, LeadMoved."""
    _refuse_negative(amount)
    lead.open_opportunity(by=by, at=at)
    return Opportunity.objects.update_or_create(
        lead=lead,
        defaults={
            "amount": amount,
            "currency": currency or company_currency(),
            "expected_on": expected_on,
            "opened_at": at,
            "lost_at": None,
        },
    )[0]


@undoing.can_be_undone("WIN", gettext_lazy("Won"))
@transaction.atomic
def win(lead: Lead, *, amount: Decimal | None = None, by: User, at: datetime) -> StageChange:
    """Bought, for this amount, or for what was expected. Opens the opportunity when there was none. Raises as `open_opportunity`."""
    _refuse_negative(amount)
    if lead.stage != Stage.OPPORTUNITY:
        open_opportunity(lead, amount=amount, by=by, at=at)
    change = lead.win(by=by, at=at)
    agreed = {} if amount is None else {"amount": amount}
    Opportunity.objects.filter(lead=lead).update(won_at=at, **agreed)
    return change


@undoing.can_be_undone("LOSE", gettext_lazy("Lost"))
@transaction.atomic
def lose(lead: Lead, reason: str, *, by: User, at: datetime) -> StageChange:
    """The deal went elsewhere. Raises ReasonNeeded, TransitionNotAllowed, LeadMoved."""
    change = lead.lose(closing.tidy(reason), by=by, at=at)
    closing.drop_opportunity(lead, at=at)
    return change


def _refuse_negative(amount: Decimal | None) -> None:
    if amount is not None and amount < 0:
        raise NotAnAmount
