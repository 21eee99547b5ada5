"""The doors to the criteria. Everybody reads; who leads a team writes drafts; who decides for a side approves for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _

from leads.models.criteria import CriteriaSet, Criterion
from smarketing.accounts.models import Side

if TYPE_CHECKING:
    from smarketing.accounts.models import User

HIGHEST_VERSION = 2**31 - 1


def get_version_to_read(user: User, version: int) -> CriteriaSet:
    found = (
        CriteriaSet.objects.with_criteria()
        .with_approvals()
        .filter(version=min(version, HIGHEST_VERSION))
        .first()
    )
    if found is None:
        raise Http404
    return found


def may_draft(user: User) -> bool:
    """Write, propose, withdraw and discard versions."""
    return user.leads_a_team


def check_may_draft(user: User) -> None:
    if not may_draft(user):
        raise PermissionDenied(_("Team leads and managers write the criteria."))


def get_version_to_change(user: User, version: int) -> CriteriaSet:
    found = get_version_to_read(user, version)
    check_may_draft(user)
    return found


def get_criterion_to_change(user: User, version: int, key: str) -> Criterion:
    criteria_set = get_version_to_change(user, version)
    for criterion in criteria_set.criteria.all():
        if criterion.key == key:
            criterion.criteria_set = criteria_set
            return criterion
    raise Http404


def sides_to_approve(user: User, proposal: CriteriaSet) -> list[Side]:
    """The sides for which this person can say yes now: not said yet, and not by the same person for the other."""
    given = list(proposal.approvals.all())
    if not proposal.is_proposed or any(approval.approved_by_id == user.pk for approval in given):
        return []
    done = {approval.side for approval in given}
    return [side for side in Side if side not in done and user.decides_for(side)]


def get_version_to_approve(user: User, version: int) -> CriteriaSet:
    found = get_version_to_read(user, version)
    if not any(user.decides_for(side) for side in Side):
        raise PermissionDenied(_("Team leads and managers approve the criteria for their side."))
    return found
