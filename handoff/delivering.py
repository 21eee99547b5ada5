"""What the qualify page shows and does for hand-offs: the brief, handing over in the same step, and what waits before all other leads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from handoff import access, drafting, routing, rules
from handoff.brief_form import BriefForm
from handoff.errors import AlreadyHandedOver, BriefIncomplete, Conflict, HandoffRefused
from handoff.models import UNSETTLED, BriefDraft, Handoff, Return, ReturnState
from leads.criteria import hooks
from leads.models import Lead, Stage
from smarketing.prepared import Prepared
from smarketing.remembering import remembered

if TYPE_CHECKING:
    from smarketing.accounts.models import User


LOOKED_BACK = 500  # hand-offs, the newest, of which those like this one are counted


def register() -> None:
    hooks.deliver_with(
        hooks.Delivery(form=brief_form, keep=keep, send=send, standing=standing, similar=similar)
    )
    hooks.show_on_top(ready_and_not_with_sales)


def brief_form(lead: Lead, data: Any, *, by: User, at: datetime) -> BriefForm:
    """As this person left it, or as it is begun."""
    agreed = rules.in_force(at)
    return BriefForm(
        data,
        rules=agreed,
        team=routing.receiving_team(),
        at=at,
        lead=lead,
        begun=drafting.begin(lead, agreed, by=by),
    )


def keep(lead: Lead, data: Mapping[str, str], *, by: User, at: datetime) -> BriefDraft | None:
    """The draft of what was typed. Something without a brief in it changes nothing."""
    texts = {name.removeprefix("brief_"): text for name, text in data.items() if name.startswith("brief_")}
    waived = {name.removeprefix("waive_"): text for name, text in data.items() if name.startswith("waive_")}
    if not texts:
        return None
    return drafting.keep(
        lead, rules.in_force(at), texts=texts, waived=waived, to=data.get("to", ""), by=by, at=at
    )


def send(lead: Lead, form: BriefForm, *, by: User, at: datetime) -> str:
    """Handed over, and to whom in words; else NotDelivered, with the reasons in the form."""
    if not form.is_valid():
        raise hooks.NotDelivered
    handoff = hand_over(lead, form, by=by, at=at)
    if handoff is None:
        raise hooks.NotDelivered
    return said(handoff)


def hand_over(lead: Lead, form: BriefForm, *, by: User, at: datetime) -> Handoff | None:
    """None when something is missing: the form says what. Raises DeliveredMeanwhile."""
    try:
        return Handoff.send(lead, brief=form.brief, waived=form.waived, to=form.receiver, by=by, at=at)
    except Conflict as error:
        raise _delivered(error) from error
    except BriefIncomplete as error:
        for key, words in error.errors.items():
            form.add_error(f"brief_{key}" if f"brief_{key}" in form.fields else None, words)
    except HandoffRefused as error:
        form.add_error(None, str(error))
    return None


_told_beside: list[Callable[[Handoff], str]] = []


def tell_beside(words_for: Callable[[Handoff], str]) -> None:
    """A room that comes later adds a sentence to what is said after handing over."""
    if words_for not in _told_beside:
        _told_beside.append(words_for)


def said(handoff: Handoff) -> str:
    words = [_("Handed over to %(whom)s.") % {"whom": handoff.receiver or _("the pool")}]
    return " ".join(filter(None, words + [words_for(handoff) for words_for in _told_beside]))


def _similar(source: int, at: datetime) -> Any:
    newest = Handoff.objects.standing().filter(sent_at__lte=at).latest_first().values("pk")[:LOOKED_BACK]
    answered = Handoff.objects.filter(pk__in=newest, lead__source=source).exclude(
        accepted_at=None, returned_at=None
    )
    counted = answered.order_by().values("lead__source")
    return counted.annotate(all=Count("pk"), accepted=Count("pk", filter=Q(returned_at=None)))


SIMILAR = Prepared(_similar, source=int, at=datetime)


def similar(lead: Lead, *, at: datetime) -> str:
    """Of the latest hand-offs from the same source that were answered: how many sales accepted. One query over the newest few hundred, kept for PLANNING_SECONDS."""
    if lead.source_id is None:
        return ""
    found = remembered(
        f"similar-{lead.source_id}",
        lambda: SIMILAR.dicts(source=lead.source_id, at=at),
        seconds=settings.PLANNING_SECONDS,
    )
    for counts in found:
        return _("%(accepted)s of %(all)s from %(source)s") % {**counts, "source": lead.source}
    return ""


def standing(lead: Lead) -> hooks.DeliveredMeanwhile | None:
    handoff = access.open_handoff(lead)
    if handoff is None:
        return None
    return _delivered(
        AlreadyHandedOver(handoff, handoff.events.select_related("actor").order_by("-id").first())
    )


@cache
def _ready(limit: int) -> Prepared:
    has_open = Handoff.objects.open().filter(lead=OuterRef("pk"))
    ready = Lead.objects.filter(~Exists(has_open), stage=Stage.SQL)
    return Prepared(lambda: ready.for_list().newest_first()[:limit])


GIVEN_BACK = Prepared(
    lambda leads: (
        Return.objects.filter(handoff__lead__any_of=leads, state__in=UNSETTLED)
        .select_related("handoff")
        .order_by("id")
    ),
    leads=list,
)


def ready_and_not_with_sales(user: User, limit: int) -> list[hooks.OnTop]:
    """Returned by sales first, then marked sales-ready and never handed over; the oldest of each first. Three queries."""
    leads = _ready(limit).objects()
    unsettled = GIVEN_BACK.objects(leads=[lead.pk for lead in leads])
    returned = {row.handoff.lead_id: row for row in unsettled}
    waiting = [_on_top(lead, returned.get(lead.pk)) for lead in leads]
    return sorted(waiting, key=lambda one: (one.about is None, one.since.timestamp() if one.since else 0))


def _delivered(error: Conflict) -> hooks.DeliveredMeanwhile:
    return hooks.DeliveredMeanwhile(
        str(error), reverse("handoff:detail", args=[error.handoff.pk]), error.when
    )


def _on_top(lead: Lead, returned: Return | None) -> hooks.OnTop:
    if returned is None:
        return hooks.OnTop(lead, _("Sales-ready, not handed over yet"), lead.sql_at)
    why = _("Returned by sales: %(why)s") % {"why": returned.reason_words}
    if returned.state != ReturnState.OPEN:
        why = returned.get_state_display()
    return hooks.OnTop(
        lead,
        why,
        returned.returned_at,
        about=returned.handoff,
        note=returned.note,
        address=reverse("handoff:detail", args=[returned.handoff_id]),
    )
