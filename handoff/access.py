"""The doors: the only way in which a page or an endpoint obtains a hand-off, or a lead to work with.

Everybody who is signed in reads. Unknown: 404. Known but not yours to change: 403, and nothing has changed.
The questions `may_...` are the same rules for showing or hiding a button; they read what is loaded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from handoff.models import BriefTemplate, Coffee, EventKind, Handoff, Message
from leads.access import LARGEST_ID, check_not_erased, get_lead_to_read, is_with_sales
from leads.models import Lead
from smarketing.accounts.models import Side
from smarketing.prepared import Prepared

if TYPE_CHECKING:
    from smarketing.accounts.models import User

# Hand-offs

WHOLE = Prepared(
    lambda pk: (
        Handoff.objects.filter(pk=pk).for_list().select_related("rules", "qualification__criteria_set")
    ),
    pk=int,
)


def get_handoff_to_read(user: User, handoff_id: int) -> Handoff:
    if handoff_id > LARGEST_ID:
        raise Http404
    handoff: Handoff | None = WHOLE.first(pk=handoff_id)
    if handoff is None:
        raise Http404
    return handoff


def get_handoff_to_answer(user: User, handoff_id: int) -> Handoff:
    """To accept or return. Who comes too late for the pool is told who took it: Conflict."""
    handoff = get_handoff_to_read(user, handoff_id)
    if not may_answer(user, handoff):
        if user.works_for(Side.SALES) and handoff.events.filter(kind=EventKind.SENT, receiver=None).exists():
            raise handoff.told_who_has_it()
        raise PermissionDenied(_("The receiver answers a hand-off, or the team lead of sales."))
    return handoff


def get_handoff_to_ask(user: User, handoff_id: int) -> Handoff:
    handoff = get_handoff_to_answer(user, handoff_id)
    check_not_erased(handoff.lead)
    return handoff


def get_handoff_to_claim(user: User, handoff_id: int) -> Handoff:
    handoff = get_handoff_to_read(user, handoff_id)
    if not user.works_for(Side.SALES):
        raise PermissionDenied(_("Only sales claims from the pool."))
    return handoff


def require_sales(user: User) -> None:
    if not user.works_for(Side.SALES):
        raise PermissionDenied(_("Only sales claims from the pool."))


def require_administrator(user: User) -> None:
    if not user.is_administrator:
        raise PermissionDenied(_("Administrators look after the mail."))


def require_lead_of_sales(user: User) -> None:
    if not user.decides_for(Side.SALES):
        raise PermissionDenied(_("Those who lead sales change how leads are routed."))


def get_handoff_to_talk_about(user: User, handoff_id: int) -> Handoff:
    """Both teams talk about a hand-off."""
    handoff = get_handoff_to_read(user, handoff_id)
    if not may_talk(user):
        raise PermissionDenied(_("Marketing and sales talk about a hand-off."))
    check_not_erased(handoff.lead)
    return handoff


def get_message_to_take_back(user: User, handoff_id: int, message_id: int) -> Message:
    message = get_object_or_404(
        Message.objects.select_related("handoff", "author"),
        pk=min(message_id, LARGEST_ID),
        handoff=min(handoff_id, LARGEST_ID),
    )
    if message.author_id != user.pk:
        raise PermissionDenied(_("Only its writer takes a message back."))
    return message


def get_coffee(user: User, handoff_id: int, coffee_id: int) -> Coffee:
    """Only the two who meet answer, cancel or download it."""
    coffee = get_object_or_404(
        Coffee.objects.select_related("handoff__lead__contact", "proposer", "invitee"),
        pk=min(coffee_id, LARGEST_ID),
        handoff=min(handoff_id, LARGEST_ID),
    )
    if user.pk not in (coffee.proposer_id, coffee.invitee_id):
        raise PermissionDenied(_("Only the two who meet change this."))
    return coffee


def may_talk(user: User) -> bool:
    return user.works_for(Side.MARKETING) or user.works_for(Side.SALES)


def get_handoff_to_reply(user: User, handoff_id: int) -> Handoff:
    handoff = get_handoff_to_read(user, handoff_id)
    if not may_reply(user):
        raise PermissionDenied(_("Marketing answers the questions of sales."))
    check_not_erased(handoff.lead)
    return handoff


def get_handoff_to_contest(user: User, handoff_id: int) -> Handoff:
    handoff = get_handoff_to_read(user, handoff_id)
    if not may_hand_over(user):
        raise PermissionDenied(_("Marketing contests a return."))
    check_not_erased(handoff.lead)
    return handoff


def get_handoff_to_decide(user: User, handoff_id: int) -> Handoff:
    handoff = get_handoff_to_read(user, handoff_id)
    if not may_decide(user):
        raise PermissionDenied(_("The team leads of both sides decide on a contest."))
    return handoff


def get_handoff_to_reassign(user: User, handoff_id: int) -> Handoff:
    handoff = get_handoff_to_read(user, handoff_id)
    if not may_reassign(user):
        raise PermissionDenied(_("The team lead of sales reassigns hand-offs."))
    return handoff


def get_handoff_to_contact(user: User, handoff_id: int) -> Handoff:
    """To log a call, a mail or a meeting."""
    handoff = get_handoff_to_read(user, handoff_id)
    if not may_answer(user, handoff):
        raise PermissionDenied(_("The rep of this lead logs its contacts, or the team lead of sales."))
    check_not_erased(handoff.lead)
    return handoff


def may_answer(user: User, handoff: Handoff) -> bool:
    if handoff.is_in_pool:
        return user.works_for(Side.SALES)
    return handoff.receiver_id == user.pk or user.decides_for(Side.SALES)


def may_reply(user: User) -> bool:
    return user.works_for(Side.MARKETING)


def may_reassign(user: User) -> bool:
    return user.decides_for(Side.SALES)


def may_decide(user: User) -> bool:
    return any(user.decides_for(side) for side in Side)


# Leads


def get_lead_to_hand_over(user: User, lead_id: int) -> Lead:
    lead = get_lead_to_read(user, lead_id)
    if not may_hand_over(user):
        raise PermissionDenied(_("Marketing hands leads over."))
    check_not_erased(lead)
    return lead


def get_lead_to_work(user: User, lead_id: int) -> Lead:
    """To open, win or lose its opportunity."""
    lead = get_lead_to_read(user, lead_id)
    if not may_work(user, lead, open_handoff(lead)):
        raise PermissionDenied(_("The rep of this lead does this, or the team lead of sales."))
    return lead


def get_lead_to_call(user: User, lead_id: int) -> Lead:
    """To log a contact and plan the next step."""
    lead = get_lead_to_work(user, lead_id)
    check_not_erased(lead)
    return lead


def get_lead_to_close(user: User, lead_id: int) -> Lead:
    """To disqualify or recycle."""
    lead = get_lead_to_read(user, lead_id)
    if not may_close(user, lead, open_handoff(lead)):
        raise PermissionDenied(_("The one who has the lead does this, or the team lead of that side."))
    return lead


def get_lead_to_disqualify(user: User, lead_id: int) -> Lead:
    """While it waits for sales or is with it, only who may log the contact that shows it."""
    lead = get_lead_to_close(user, lead_id)
    standing = open_handoff(lead)
    if standing and not may_work(user, lead, standing):
        raise PermissionDenied(_("Sales has to answer it first. “Not now” takes it back to marketing."))
    return lead


def may_hand_over(user: User) -> bool:
    return user.works_for(Side.MARKETING)


def may_work(user: User, lead: Lead, handoff: Handoff | None) -> bool:
    if user.decides_for(Side.SALES):
        return True
    return lead.owner_id == user.pk or (handoff is not None and may_answer(user, handoff))


def may_close(user: User, lead: Lead, handoff: Handoff | None) -> bool:
    """Marketing closes what sales has not accepted yet; sales what it has or is offered."""
    if not is_with_sales(lead) and user.works_for(Side.MARKETING):
        return True
    return may_work(user, lead, handoff)


# Brief templates


def check_may_keep_templates(user: User) -> None:
    if not may_hand_over(user):
        raise PermissionDenied(_("Marketing keeps the texts that briefs start from."))


def get_template_to_change(user: User, template_id: int) -> BriefTemplate:
    check_may_keep_templates(user)
    if template_id > LARGEST_ID:
        raise Http404
    return get_object_or_404(BriefTemplate, pk=template_id, retired_at=None)


OPEN = Prepared(
    lambda lead: (
        Handoff.objects.open()
        .filter(lead=lead)
        .select_related("receiver", "sender", "rules")
        .order_by("id")[:1]
    ),
    lead=int,
)


def open_handoff(lead: Lead) -> Handoff | None:
    """The hand-off that this lead has now; at most one."""
    handoff: Handoff | None = OPEN.first(lead=lead.pk)
    if handoff:
        handoff.lead = lead
    return handoff
