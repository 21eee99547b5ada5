"""Whose queue somebody may look at: his own; who leads sales, that of every colleague in sales."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from leads.access import LARGEST_ID
from smarketing.accounts.models import Side, User


def get_person_to_look_at(user: User, person_id: str | None) -> User:
    if not person_id or person_id == str(user.pk):
        return user
    if not user.leads_a_team:
        raise PermissionDenied(_("Who leads a team sees the queues of others."))
    if not person_id.isdecimal() or int(person_id) > LARGEST_ID:
        raise Http404
    person = people_to_look_at(user).filter(pk=person_id).first()
    if person is None:
        raise Http404
    return person


def people_to_look_at(user: User) -> QuerySet[User]:
    people = User.objects.active().on_side(Side.SALES).order_by("first_name", "id")
    return people if user.leads_a_team else people.none()
