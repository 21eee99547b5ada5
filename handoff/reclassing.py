"""After the hand-off a lead turns out to be hot, or not to be: by a person's act with a reason, or by the hot rule when facts change."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from handoff import errors, signals
from handoff.models import BEFORE_CONTACT, EventKind, Handoff, HandoffEvent
from handoff.sending import is_hot
from leads.criteria.definition import facts_in, parse
from leads.models import Lead

if TYPE_CHECKING:
    from smarketing.accounts.models import User


class SameClass(errors.HandoffRefused):
    """Somebody did it already."""


@transaction.atomic
def change_class(handoff: Handoff, *, hot: bool, reason: str, by: User | None, at: datetime) -> HandoffEvent:
    """Before the first contact. `reason` is somebody's words, or a name that `sla` knows. Raises WordsNeeded, SameClass, AlreadyAnswered."""
    reason = reason.strip()
    if not reason:
        raise errors.WordsNeeded
    handoff._lock_lead()
    handoff.refresh_from_db(fields=["hot", "state"])
    if handoff.hot == hot:
        raise SameClass(_("It is hot already.") if hot else _("It is not hot any more."))
    if not handoff._update(Q(hot=not hot, state__in=BEFORE_CONTACT), hot=hot):
        raise handoff._conflict(errors.AlreadyAnswered)
    if hot:
        handoff.lead.mark_hot(at=at)
    else:
        handoff.lead.mark_not_hot()
    event = handoff._record(EventKind.HOT if hot else EventKind.NOT_HOT, by=by, at=at, note=reason)
    signals.class_changed.send(sender=Handoff, handoff=handoff, at=at, by=by, reason=reason)
    return event


def follow_the_rule(lead: Lead, keys: list[str], *, at: datetime) -> HandoffEvent | None:
    """When a fact that the hot rule tests has changed, the rule decides anew."""
    handoff = Handoff.objects.filter(lead=lead, state__in=BEFORE_CONTACT).select_related("rules").first()
    if handoff is None or not handoff.rules.hot_rule:
        return None
    if not set(keys) & set(facts_in(parse(handoff.rules.hot_rule))):
        return None
    hot = is_hot(lead, handoff.rules.hot_rule, at=at)
    if hot == handoff.hot:
        return None
    return change_class(handoff, hot=hot, reason="HOT_RULE_HOLDS" if hot else "HOT_RULE_GONE", by=None, at=at)
