"""The monthly number of an own term. Its owner enters it with a note; changing the number of a frozen month takes a reason,
and entering it late is told like any other correction."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sla import notices
from sla.models import NoticeKind, OwnValue, ScorecardRow, Term, TermSide
from sla.scorecard import restating
from smarketing.accounts.models import Side, User
from smarketing.periods import Period, month_of


class ReasonNeeded(Exception):
    """A figure that everybody has read does not change without a word."""

    def __init__(self) -> None:
        super().__init__(_("This month is frozen: say in the note why the number changes."))


class NotYet(Exception):
    """A month that has not begun has no number."""

    def __init__(self) -> None:
        super().__init__(_("This month has not begun."))


@transaction.atomic
def enter(term: Term, month: Period, value: Decimal, note: str = "", *, by: User, at: datetime) -> OwnValue:
    """The number of that month. Entered again it replaces the former one. Once the month is frozen that is a restatement.

    Raises ReasonNeeded, NotYet.
    """
    assert month.starts_at
    if at < month.starts_at:
        raise NotYet
    note = " ".join(note.split())
    row = frozen_row(term.key, month)
    former = OwnValue.objects.select_for_update().filter(term_key=term.key, month=month.first_day).first()
    changes = row is not None and not (former and former.value == value)
    if changes and former and not note:
        raise ReasonNeeded
    entered, _created = OwnValue.objects.update_or_create(
        term_key=term.key, month=month.first_day, defaults={"value": value, "note": note, "entered_by": by, "entered_at": at}
    )  # fmt: skip
    if row and changes:
        restating.restate_entered(row, note, by=by, at=at)
    return entered


def remind(term: Term, month: Period, *, at: datetime) -> None:
    """Those who lead the side that owes it are told once that the month ended without its number."""
    sides = list(Side) if term.side == TermSide.JOINT else [Side(term.side)]
    leaders = [
        person
        for person in User.objects.active().select_related("team")
        if any(person.decides_for(side) for side in sides)
    ]
    notices.announce(
        NoticeKind.OWN_VALUE, recipients=leaders, key=f"own-value:{term.key}:{month.first_day:%Y-%m}", text=f"{term.label}, {month.first_day:%Y-%m}", at=at
    )  # fmt: skip


def frozen_row(key: str, month: Period) -> ScorecardRow | None:
    """Locked, so that a comparison waits until the number is in."""
    return (
        ScorecardRow.objects.select_for_update(of=["scorecard"]).select_related("scorecard", "term")
        .filter(key=key, scorecard__month=month.first_day).first()
    )  # fmt: skip


def months_to_enter(term: Term, *, at: datetime, count: int = 12) -> list[tuple[Period, OwnValue | None]]:
    """The months in which the promise held, the latest first, each with its number when it was entered."""
    began = term.agreement.in_force_at
    first = month_of(timezone.localdate(_first_with(term.key) or began or at))
    months: list[Period] = []
    month = month_of(timezone.localdate(at))
    while len(months) < count and month.first_day >= first.first_day:
        months.append(month)
        former = month.before()
        assert former
        month = former
    values = {
        value.month: value
        for value in OwnValue.objects.filter(term_key=term.key).select_related("entered_by")
    }
    return [(each, values.get(each.first_day)) for each in months]


def _first_with(key: str) -> datetime | None:
    held = Term.objects.filter(key=key, agreement__in_force_at__isnull=False).select_related("agreement")
    earliest = held.order_by("agreement__in_force_at").first()
    return earliest.agreement.in_force_at if earliest else None
