"""The doors to agreements, calendars, clocks and notices. Reading is open to every colleague; acting goes by role and side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from handoff import access as handoff_access
from sla import disputing, voiding
from sla.models import (
    Agreement,
    Calendar,
    Clock,
    Connection,
    Dispute,
    Notice,
    Recompute,
    Restatement,
    Term,
    TermKind,
    TermSide,
)
from smarketing.accounts.models import Side

if TYPE_CHECKING:
    from smarketing.accounts.models import User

LARGEST_ID = 2**63 - 1


def get_agreement_to_read(user: User, agreement_id: int) -> Agreement:
    shown = Agreement.objects.select_related(
        "marketing_calendar", "sales_calendar", "criteria_set", "proposed_by"
    ).prefetch_related("terms", "signatures__signed_by")
    return _get(shown, agreement_id)


def may_draft(user: User) -> bool:
    """Whoever leads people of either side may put a change into words, propose it and withdraw it."""
    return user.leads_a_team


def require_drafter(user: User) -> None:
    if not may_draft(user):
        raise PermissionDenied(_("Changing the agreement is for those who lead a team."))


def get_agreement_to_draft(user: User, agreement_id: int) -> Agreement:
    agreement = get_agreement_to_read(user, agreement_id)
    require_drafter(user)
    return agreement


def get_agreement_to_sign(user: User, agreement_id: int, side: str) -> Agreement:
    agreement = get_agreement_to_read(user, agreement_id)
    if side not in Side.values:
        raise Http404
    if not Agreement.objects.may_sign(user, side):
        raise PermissionDenied(
            _("Signing for %(side)s is for those who lead it or were named.") % {"side": Side(side).label}
        )
    return agreement


def may_enter(user: User, term: Term) -> bool:
    """The month's number of an own term comes from who owes it; of a joint one from either side."""
    sides = list(Side) if term.side == TermSide.JOINT else [Side(term.side)]
    return any(user.works_for(side) for side in sides)


def get_own_term_to_read(user: User, term_id: int) -> Term:
    return _get(Term.objects.select_related("agreement").filter(kind=TermKind.OWN), term_id)


def get_restatement_to_read(user: User, restatement_id: int) -> Restatement:
    return _get(Restatement.objects.select_related("row__term", "row__scorecard", "by"), restatement_id)


def require_colleague_of_a_team(user: User) -> None:
    if not any(user.works_for(side) for side in Side):
        raise PermissionDenied(_("Comparing a month with the facts is for those who work in either team."))


def get_own_term_to_enter(user: User, term_id: int) -> Term:
    term = get_own_term_to_read(user, term_id)
    if not may_enter(user, term):
        raise PermissionDenied(_("This number is entered by those who owe it."))
    return term


def may_change_hours(user: User) -> bool:
    return user.leads_a_team or user.is_administrator


def require_keeper_of_hours(user: User) -> None:
    if not may_change_hours(user):
        raise PermissionDenied(_("Working hours are changed by those who lead a team, or an administrator."))


def get_calendar_to_read(user: User, calendar_id: int) -> Calendar:
    return _get(Calendar.objects.all(), calendar_id)


def get_calendar_to_change(user: User, calendar_id: int) -> Calendar:
    calendar = get_calendar_to_read(user, calendar_id)
    require_keeper_of_hours(user)
    return calendar


def get_recompute_to_read(user: User, recompute_id: int) -> Recompute:
    return _get(Recompute.objects.select_related("asked_by", "confirmed_by"), recompute_id)


def get_recompute_to_confirm(user: User, recompute_id: int) -> Recompute:
    run = get_recompute_to_read(user, recompute_id)
    require_keeper_of_hours(user)
    return run


def get_clock_to_read(user: User, clock_id: int) -> Clock:
    return _get(
        Clock.objects.with_all_for_chips().select_related(
            "holder", "team", "breach_holder", "agreement", "handoff__lead__contact", "handoff__lead__company"
        ),
        clock_id,
    )


def may_take_up(user: User, clock: Clock) -> bool:
    """Whoever works for the side that owes it, or leads people."""
    return user.works_for(clock.side) or user.leads_a_team


def get_clock_to_take_up(user: User, clock_id: int) -> Clock:
    clock = get_clock_to_read(user, clock_id)
    if not may_take_up(user, clock):
        raise PermissionDenied(_("This is taken up by the side that owes it."))
    return clock


def get_clock_to_hold(user: User, clock_id: int) -> Clock:
    """To pause it or let it go on: who holds it, or leads sales; of one in the pool, sales."""
    clock = get_clock_to_read(user, clock_id)
    if clock.owes_marketing or not handoff_access.may_answer(user, clock.handoff):
        raise PermissionDenied(_("Who holds a clock of sales pauses it, or the team lead of sales."))
    return clock


def get_clock_to_dispute(user: User, clock_id: int) -> Clock:
    clock = get_clock_to_read(user, clock_id)
    if not disputing.may_dispute(user):
        raise PermissionDenied(_("A clock is disputed by marketing or sales."))
    return clock


def get_clock_to_void(user: User, clock_id: int) -> Clock:
    clock = get_clock_to_read(user, clock_id)
    if not voiding.may_decide(user, clock):
        raise PermissionDenied(_("Those who lead the other team declare a clock void."))
    return clock


def get_clock_to_reclass(user: User, clock_id: int) -> Clock:
    clock = get_clock_to_read(user, clock_id)
    if not may_reclass(user, clock):
        raise PermissionDenied(_("Who holds the lead, or leads a team, says that it is hot or not."))
    return clock


def may_reclass(user: User, clock: Clock) -> bool:
    return handoff_access.may_answer(user, clock.handoff) or user.decides_for(Side.MARKETING)


def get_dispute_to_answer(user: User, dispute_id: int) -> Dispute:
    raised = _get(
        Dispute.objects.select_related(
            "raised_by", "answered_by", "clock__agreement", "clock__calendar_version", "clock__holder"
        ).select_related("clock__handoff__lead__contact", "clock__handoff__lead__company"),
        dispute_id,
    )
    if raised.raised_by_id == user.pk or not user.decides_for(raised.answering_side):
        raise PermissionDenied(_("A dispute is answered by those who lead the other team."))
    return raised


def get_own_notice(user: User, notice_id: int) -> Notice:
    """Somebody else's notice does not exist for you."""
    return _get(Notice.objects.filter(recipient=user), notice_id)


def require_administrator(user: User) -> None:
    if not user.is_administrator:
        raise PermissionDenied(_("Only an administrator may do this."))


def get_connection(user: User, connection_id: int) -> Connection:
    """To look, try out, pause and remove: one right for all."""
    require_administrator(user)
    found: Connection = _get(Connection.objects.filter(removed_at=None).select_related("team"), connection_id)
    return found


def _get(rows: QuerySet[Any], id_: int) -> Any:
    found = rows.filter(pk=id_).first() if id_ <= LARGEST_ID else None
    if found is None:
        raise Http404
    return found
