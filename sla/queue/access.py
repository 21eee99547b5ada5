"""The doors of the queue: whose queue somebody may look at, and which leads he works with in it."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from handoff import access as handoff_access
from handoff.models import Handoff
from leads.access import LARGEST_ID, check_not_erased
from leads.models import Lead
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


def get_lead_to_call(user: User, lead_id: int) -> Lead:
    """To log a contact and plan the next step. Who had the lead until a moment ago is told who has it now: Conflict. Everybody else: 403."""
    try:
        lead = handoff_access.get_lead_to_work(user, lead_id)
    except PermissionDenied:
        taken = _latest_handoff(lead_id)
        if taken and user.works_for(Side.SALES) and taken.events.filter(receiver=user).exists():
            raise taken.told_who_has_it() from None
        raise
    check_not_erased(lead)
    return lead


def get_handoff_to_accept(user: User, lead_id: int) -> Handoff:
    """The hand-off that waits for an answer of this person or of anybody. Who comes too late is told who took it: Conflict."""
    lead = handoff_access.get_lead_to_read(user, lead_id)
    handoff = handoff_access.open_handoff(lead) or _latest_handoff(lead_id)
    if handoff is None:
        raise PermissionDenied(_("This lead was not handed over."))
    return handoff_access.get_handoff_to_answer(user, handoff.pk)


def _latest_handoff(lead_id: int) -> Handoff | None:
    handoff: Handoff | None = Handoff.objects.filter(lead=lead_id).order_by("-cycle").first()
    return handoff
