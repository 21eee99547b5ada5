"""The doors to leads. A view gets a lead here or not at all: unknown is 404, visible but not yours to change is 403."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _

from leads.models import Act, ImportBatch, Lead, SavedView, Stage
from leads.querysets import LeadQuerySet
from smarketing.accounts.models import Side
from smarketing.prepared import Prepared

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from smarketing.accounts.models import User

WITH_SALES = (Stage.ACCEPTED, Stage.CONTACTED, Stage.OPPORTUNITY)
LARGEST_ID = 2**63 - 1


def leads_to_read(user: User) -> LeadQuerySet:
    """Reading is open to every colleague."""
    return Lead.objects.all() if user.is_active else Lead.objects.none()


TO_READ = Prepared(lambda pk: Lead.objects.filter(pk=pk).for_list(), pk=int)
TO_SHOW = Prepared(lambda pk: Lead.objects.filter(pk=pk).for_page(), pk=int)


def get_lead_to_read(user: User, lead_id: int) -> Lead:
    return _found(TO_READ, user, lead_id)


def get_lead_to_show(user: User, lead_id: int) -> Lead:
    """To read, with all that its page shows."""
    return _found(TO_SHOW, user, lead_id)


def _found(leads: Prepared, user: User, lead_id: int) -> Lead:
    """One of `leads_to_read()`."""
    lead: Lead | None = leads.first(pk=lead_id) if user.is_active and lead_id <= LARGEST_ID else None
    if lead is None:
        raise Http404
    return lead


def may_add_leads(user: User) -> bool:
    """Also: edit facts, log what happened."""
    return user.works_for(Side.MARKETING) or user.works_for(Side.SALES)


def check_may_add_leads(user: User) -> None:
    if not may_add_leads(user):
        raise PermissionDenied(_("Colleagues of marketing and sales add and change leads."))


def may_edit(user: User, lead: Lead) -> bool:
    """Nobody tells anything new of a person who was erased."""
    return may_add_leads(user) and lead.contact.erased_at is None


def get_lead_to_edit(user: User, lead_id: int) -> Lead:
    lead = get_lead_to_read(user, lead_id)
    check_may_add_leads(user)
    check_not_erased(lead)
    return lead


def check_not_erased(lead: Lead) -> None:
    """For every door behind which words about the person are written. Those by which a lead ends stay open."""
    if lead.contact.erased_at:
        raise PermissionDenied(_("This person was erased: nothing is written about him any more."))


def is_with_sales(lead: Lead) -> bool:
    return lead.owner_id is not None or lead.stage in WITH_SALES


def may_judge(user: User) -> bool:
    """Answer criteria, mark sales-ready, hand over."""
    return user.works_for(Side.MARKETING)


def get_lead_to_judge(user: User, lead_id: int) -> Lead:
    lead = get_lead_to_read(user, lead_id)
    if not may_judge(user):
        raise PermissionDenied(_("Marketing judges whether a lead is sales-ready."))
    check_not_erased(lead)
    return lead


def may_close(user: User, lead: Lead) -> bool:
    """Disqualify, recycle: its rep while sales has it (or who leads sales), marketing before that."""
    if is_with_sales(lead):
        return lead.owner_id == user.pk or user.decides_for(Side.SALES)
    return user.works_for(Side.MARKETING)


def get_lead_to_close(user: User, lead_id: int) -> Lead:
    lead = get_lead_to_read(user, lead_id)
    if not may_close(user, lead):
        raise PermissionDenied(
            _("Who has the lead decides about it: its rep, or marketing before sales has it.")
        )
    return lead


def may_deal(user: User, lead: Lead) -> bool:
    """Open an opportunity, win, lose."""
    return lead.owner_id == user.pk or user.decides_for(Side.SALES)


def get_lead_to_deal(user: User, lead_id: int) -> Lead:
    lead = get_lead_to_read(user, lead_id)
    if not may_deal(user, lead):
        raise PermissionDenied(_("The rep who has the lead makes the deal."))
    return lead


def may_manage_campaigns(user: User) -> bool:
    """Sources and campaigns with their costs: finance, and who leads a team; marketing keeps the lists."""
    return user.is_finance or user.leads_a_team or user.works_for(Side.MARKETING)


def may_enter_costs(user: User) -> bool:
    return user.is_finance or user.leads_a_team


def check_may_manage_campaigns(user: User) -> None:
    if not may_manage_campaigns(user):
        raise PermissionDenied(_("Marketing, finance and team leads keep the sources and campaigns."))


def may_erase(user: User) -> bool:
    """A person, for good: administrators and managers of both teams."""
    return user.is_administrator or (user.leads_a_team and user.team is None)


def get_lead_to_erase(user: User, lead_id: int) -> Lead:
    lead = get_lead_to_read(user, lead_id)
    if not may_erase(user):
        raise PermissionDenied(_("Administrators and managers erase a person."))
    return lead


# Views of lists


def get_view_to_change(user: User, view_id: int) -> SavedView:
    """To rename, share, replace or remove it. Nobody learns of a view that is not his to see."""
    if view_id > LARGEST_ID:
        raise Http404
    view = SavedView.objects.seen_by(user).select_related("team").filter(pk=view_id).first()
    if view is None:
        raise Http404
    if not view.may_be_changed_by(user):
        raise PermissionDenied(_("Who made the view changes it, or who leads the team."))
    return view


# What was done


def get_acts_to_undo(user: User, key: UUID) -> list[Act]:
    """Those of one click; everybody undoes what he did himself."""
    acts = list(Act.objects.filter(key=key, by=user).select_related("lead__contact", "lead__company"))
    if not acts:
        raise Http404
    return acts


# Files of leads


def may_import(user: User) -> bool:
    """Marketing, who leads a team of either side, and administrators."""
    return user.works_for(Side.MARKETING) or user.leads_a_team or user.is_administrator


def check_may_import(user: User) -> None:
    if not may_import(user):
        raise PermissionDenied(_("Marketing, team leads and administrators import files."))


def imports_to_read(user: User) -> QuerySet[ImportBatch]:
    """What was imported is open to every colleague, like the leads."""
    return ImportBatch.objects.all() if user.is_active else ImportBatch.objects.none()


def get_import_to_read(user: User, batch_id: int) -> ImportBatch:
    if batch_id > LARGEST_ID:
        raise Http404
    batch = imports_to_read(user).filter(pk=batch_id).first()
    if batch is None:
        raise Http404
    return batch


def get_import_to_run(user: User, batch_id: int) -> ImportBatch:
    batch = get_import_to_read(user, batch_id)
    check_may_import(user)
    return batch
