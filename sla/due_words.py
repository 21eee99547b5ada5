"""What is said to whoever handed a lead over: until when sales has."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from handoff.models import Handoff
from sla.models import Clock, Measure
from smarketing import words


def first_contact_due(handoff: Handoff) -> str:
    clock = Clock.objects.filter(handoff=handoff, measure=Measure.FIRST_CONTACT).first()
    if clock is None or clock.due_at is None:
        return ""
    due = words.due_time(clock.due_at, timezone.now())
    return _("First contact due %(moment)s.") % {"moment": due}
