"""The life of a version of the criteria: draft, proposed, approved by one person of each side, in force, superseded.

Once proposed nothing in it changes; the database refuses it too (migration 0004).
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from leads.criteria import keeping
from leads.criteria.problems import Problem, problems
from leads.models.criteria import Approval, CriteriaSet, CriteriaState, Criterion
from smarketing.accounts.models import Side

if TYPE_CHECKING:
    from smarketing.accounts.models import User


class NotInThatState(Exception):
    """The version is no longer, or not yet, where this verb begins."""

    def __init__(self, criteria_set: CriteriaSet) -> None:
        self.criteria_set = criteria_set
        super().__init__(
            _("Criteria %(version)s: %(state)s. This is not possible now.")
            % {"version": criteria_set, "state": criteria_set.get_state_display()}
        )


class DraftExists(Exception):
    """There is one draft at a time, so that two people do not write past each other."""

    def __init__(self, draft: CriteriaSet | None) -> None:
        self.draft = draft
        super().__init__(_("There is a draft already. Go on with that one, or discard it first."))


class NotProposable(Exception):
    """The draft contradicts itself. `problems` says where and why."""

    def __init__(self, found: list[Problem]) -> None:
        self.problems = found
        super().__init__(" ".join(str(problem.text) for problem in found))


class NotYourSide(Exception):
    """Who approves leads people on that side."""

    def __init__(self, side: str) -> None:
        self.side = side
        super().__init__(
            _("Only a team lead or manager of %(side)s approves for %(side)s.") % {"side": Side(side).label}
        )


class AlreadyApproved(Exception):
    """That side has said yes. `approval` says who and when."""

    def __init__(self, approval: Approval) -> None:
        self.approval = approval
        super().__init__(
            _("%(who)s already approved for %(side)s.")
            % {"who": approval.approved_by, "side": Side(approval.side).label}
        )


class SamePerson(Exception):
    """Two people approve: nobody speaks for both sides."""

    def __init__(self) -> None:
        super().__init__(_("You approved for the other side. Somebody else has to approve for this one."))


@transaction.atomic
def draft_from(former: CriteriaSet | None, *, by: User | None, at: datetime) -> CriteriaSet:
    """A new draft with the criteria of `former`, or an empty one."""
    newest = CriteriaSet.objects.aggregate(newest=models.Max("version"))["newest"] or 0
    try:
        with transaction.atomic():
            draft = CriteriaSet.objects.create(
                version=newest + 1,
                points_needed=former.points_needed if former else 0,
                created_by=by,
                created_at=at,
            )
    except IntegrityError:
        raise DraftExists(CriteriaSet.objects.filter(state=CriteriaState.DRAFT).first()) from None
    if former:
        Criterion.objects.bulk_create(
            _copy(line, draft) for line in former.criteria.order_by("position", "id")
        )
    return draft


def discard(draft: CriteriaSet) -> None:
    """The draft is gone; nobody had seen it as a proposal."""
    with transaction.atomic():
        _locked(draft, CriteriaState.DRAFT).delete()


@transaction.atomic
def propose(draft: CriteriaSet, *, by: User | None, at: datetime) -> CriteriaSet:
    """Both sides can read and approve it; from now on it never changes."""
    proposed = _locked(draft, CriteriaState.DRAFT)
    if found := problems(proposed):
        raise NotProposable(found)
    return _moved(proposed, draft, state=CriteriaState.PROPOSED, proposed_by=by, proposed_at=at)


@transaction.atomic
def withdraw(proposal: CriteriaSet, *, by: User | None, at: datetime) -> CriteriaSet:
    """The proposal is off the table. It stays readable, and a new draft can start from it."""
    withdrawn = _locked(proposal, CriteriaState.PROPOSED)
    return _moved(withdrawn, proposal, state=CriteriaState.WITHDRAWN, superseded_at=at)


@transaction.atomic
def approve(proposal: CriteriaSet, side: str, *, by: User, at: datetime) -> Approval:
    """One side's yes. With the other side's, given by somebody else, the version is in force."""
    locked = _locked(proposal, CriteriaState.PROPOSED)
    if not by.decides_for(side):
        raise NotYourSide(side)
    given = {approval.side: approval for approval in locked.approvals.select_related("approved_by")}
    if side in given:
        raise AlreadyApproved(given[side])
    if by in [approval.approved_by for approval in given.values()]:
        raise SamePerson
    approval = Approval.objects.create(criteria_set=locked, side=side, approved_by=by, approved_at=at)
    if given:
        install(proposal, at=at)
    return approval


@transaction.atomic
def install(criteria_set: CriteriaSet, *, at: datetime) -> CriteriaSet:
    """The version is the one in force, and the former is superseded. Also called when a signed agreement that names it comes into force; twice is once.

    The caller vouches for the consent of both sides: two approvals here, two signatures there.
    """
    coming = CriteriaSet.objects.select_for_update().get(pk=criteria_set.pk)
    if coming.is_in_force:
        return criteria_set
    if coming.is_draft:
        raise NotInThatState(coming)
    keeping.begin_anew(coming)
    CriteriaSet.objects.filter(state=CriteriaState.IN_FORCE).update(
        state=CriteriaState.SUPERSEDED, superseded_at=at
    )
    return _moved(coming, criteria_set, state=CriteriaState.IN_FORCE, in_force_at=at, superseded_at=None)


# Mechanics


def _locked(criteria_set: CriteriaSet, state: str) -> CriteriaSet:
    locked = CriteriaSet.objects.select_for_update().filter(pk=criteria_set.pk).first()
    if locked is None or locked.state != state:
        raise NotInThatState(locked or criteria_set)
    return locked


def _moved(locked: CriteriaSet, given: CriteriaSet, **columns: object) -> CriteriaSet:
    """Both the row and the object that the caller holds say the same."""
    CriteriaSet.objects.filter(pk=locked.pk).update(**columns)
    for name, value in columns.items():
        setattr(given, name, value)
    return given


def _copy(criterion: Criterion, draft: CriteriaSet) -> Criterion:
    """The same line for another version: it keeps its key."""
    names = ("key", "label", "kind", "required", "points", "rule", "hint", "position")
    return Criterion(criteria_set=draft, **{name: getattr(criterion, name) for name in names})
