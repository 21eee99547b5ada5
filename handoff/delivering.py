"""What the qualify page shows and does for hand-offs: the brief, handing over in the same step, and what waits before all other leads."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

from handoff import access, routing, rules
from handoff.errors import AlreadyHandedOver, BriefIncomplete, Conflict, HandoffRefused
from handoff.forms import BriefForm
from handoff.models import Handoff, State
from leads.criteria import hooks
from leads.models import Lead, Stage

if TYPE_CHECKING:
    from smarketing.accounts.models import User


def register() -> None:
    hooks.deliver_with(hooks.Delivery(form=brief_form, send=send, standing=standing))
    hooks.show_on_top(ready_and_not_with_sales)


def brief_form(lead: Lead, data: Any, *, at: datetime) -> BriefForm:
    return BriefForm(data, rules=rules.in_force(at), team=routing.receiving_team(), at=at)


def send(lead: Lead, form: BriefForm, *, by: User, at: datetime) -> str:
    """Handed over, and to whom in words; else NotDelivered, with the reasons in the form."""
    try:
        handoff = Handoff.send(lead, brief=form.brief, to=form.receiver, by=by, at=at)
    except Conflict as error:
        raise _delivered(error) from error
    except BriefIncomplete as error:
        for key, words in error.errors.items():
            form.add_error(f"brief_{key}" if f"brief_{key}" in form.fields else None, words)
        raise hooks.NotDelivered from error
    except HandoffRefused as error:
        form.add_error(None, str(error))
        raise hooks.NotDelivered from error
    return _("Handed over to %(whom)s.") % {"whom": handoff.receiver or _("the pool")}


def standing(lead: Lead) -> hooks.DeliveredMeanwhile | None:
    handoff = access.open_handoff(lead)
    if handoff is None:
        return None
    return _delivered(
        AlreadyHandedOver(handoff, handoff.events.select_related("actor").order_by("-id").first())
    )


def ready_and_not_with_sales(user: User, limit: int) -> list[hooks.OnTop]:
    """Returned by sales, or marked sales-ready and never handed over. Two queries."""
    has_open = Handoff.objects.open().filter(lead=OuterRef("pk"))
    ready = Lead.objects.filter(~Exists(has_open), stage=Stage.SQL)
    leads = list(ready.for_list().defer("contact__search").newest_first()[:limit])
    latest = Handoff.objects.filter(lead__in=leads).order_by("lead_id", "-cycle").distinct("lead_id")
    returned = {handoff.lead_id: handoff for handoff in latest if handoff.state == State.RETURNED}
    waiting = [_on_top(lead, returned.get(lead.pk)) for lead in leads]
    return sorted(waiting, key=lambda found: found.since.timestamp() if found.since else 0)


def _delivered(error: Conflict) -> hooks.DeliveredMeanwhile:
    return hooks.DeliveredMeanwhile(
        str(error), reverse("handoff:detail", args=[error.handoff.pk]), error.when
    )


def _on_top(lead: Lead, returned: Handoff | None) -> hooks.OnTop:
    if returned is None:
        return hooks.OnTop(lead, _("Sales-ready, not handed over yet"), lead.sql_at)
    why = ": ".join(filter(None, [returned.get_return_reason_display(), returned.return_note]))
    return hooks.OnTop(lead, _("Returned by sales: %(why)s") % {"why": why}, returned.returned_at)
