"""The doors to people, teams and absences."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from smarketing.accounts.models import Absence, Team, User


def require_administrator(user: User) -> None:
    if not user.is_administrator:
        raise PermissionDenied(_("Only an administrator may do this."))


def get_person_to_change(user: User, person_id: int) -> User:
    require_administrator(user)
    return get_object_or_404(User.objects.select_related("team"), pk=person_id)


def get_team_to_change(user: User, team_id: int) -> Team:
    require_administrator(user)
    return get_object_or_404(Team, pk=team_id)


def people_whose_absence_may_change(user: User) -> QuerySet[User]:
    """Oneself; for those who lead, the colleagues of their side; for an administrator, everybody."""
    people = User.objects.active().select_related("team").order_by("first_name", "last_name", "id")
    if user.is_administrator or (user.leads_a_team and user.team is None):
        return people
    if user.leads_a_team:
        return people.on_side(user.side or "")
    return people.filter(pk=user.pk)


def get_absence_to_change(user: User, absence_id: int) -> Absence:
    absence = get_object_or_404(Absence.objects.select_related("user"), pk=absence_id)
    if not people_whose_absence_may_change(user).filter(pk=absence.user_id).exists():
        raise PermissionDenied(
            _("This absence is somebody else's: ask him, his team lead or an administrator.")
        )
    return absence


def get_person_whose_week_may_change(user: User, person_id: int) -> User:
    """Oneself, or who one's absences may change too."""
    person = get_object_or_404(User.objects.active().select_related("team"), pk=person_id)
    if not people_whose_absence_may_change(user).filter(pk=person.pk).exists():
        raise PermissionDenied(_("This week is somebody else's: ask him, his team lead or an administrator."))
    return person
