"""Qualify: is this lead ready for sales, and what must sales know?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from leads import access, closing, done, qualifying, undoing
from leads.criteria import gate, hooks, waiting, written_checklist, written_waiting
from leads.criteria.checklist import ChecklistForm, ReasonForm
from leads.criteria.judging import LeadClosed, NoSuchCriterion
from leads.criteria.verdicts import Verdict, verdict
from leads.models import CriteriaSet, Lead, LeadMoved, Source, Stage, TransitionNotAllowed
from smarketing.accounts.models import Side, User
from smarketing.conflicts import answer_conflict
from smarketing.prepared import Prepared
from smarketing.requests import AuthenticatedRequest

MOST_ON_TOP = 20
SOURCES = Prepared(lambda: Source.objects.order_by("name")[:200])


# The list


@require_GET
def qualify_list(request: AuthenticatedRequest) -> HttpResponse:
    """Leads that marketing still has; on top what sales gave back."""
    sources = SOURCES.objects()
    listed = _list(request.GET, request.user, sources, at=timezone.now())
    first = listed.number == 1 and not listed.show
    on_top = hooks.on_top(request.user, limit=MOST_ON_TOP) if first else []
    tabs = [
        {
            "label": show.label,
            "url": _query(request.GET, show=show.value, page=""),
            "is_current": listed.show == show,
        }
        for show in waiting.Show
    ]
    context = {
        "list": listed,
        "written_rows": written_waiting.written(listed.rows),
        "on_top": on_top,
        "tabs": tabs,
        "orders": waiting.Order.choices,
        "sources": sources,
        "looked_through": waiting.LOOKED_THROUGH,
        "may_judge": access.may_judge(request.user),
        "is_narrowed": bool(listed.show or listed.mine or listed.source),
    }
    return render(request, "leads/qualify/list.html", context)


def _list(asked: QueryDict, user: User, sources: list[Source], *, at: datetime) -> waiting.WaitingList:
    """What the address asks for; words that mean nothing are left out."""
    show, order, page = asked.get("show", ""), asked.get("order", ""), asked.get("page", "")
    return waiting.WaitingList(
        CriteriaSet.objects.in_force(),
        at,
        show=show if show in waiting.Show.values else waiting.Show.ALL,
        order=order if order in waiting.Order.values else waiting.Order.NEWEST,
        mine=user if asked.get("mine") else None,
        source=next((source for source in sources if source.key == asked.get("source")), None),
        number=_page(page),
    )


def _page(text: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1
    return min(max(number, 1), waiting.CAP // waiting.PAGE)


def _query(asked: QueryDict, **changes: str) -> str:
    query = asked.copy()
    for name, value in changes.items():
        query[name] = value
    return "?" + "&".join(part for part in query.urlencode().split("&") if not part.endswith("="))


# One lead


@dataclass
class Desk:
    """Everything that lies before the marketer who judges one lead."""

    request: AuthenticatedRequest
    lead: Lead
    at: datetime
    data: QueryDict | None = None
    is_handing_over: bool = False

    @property
    def user(self) -> User:
        return self.request.user

    @cached_property
    def verdict(self) -> Verdict:
        return verdict(self.lead, CriteriaSet.objects.in_force(), at=self.at)

    @cached_property
    def checklist(self) -> ChecklistForm:
        return ChecklistForm(self.data, verdict=self.verdict)

    @cached_property
    def brief(self) -> forms.Form | None:
        """Checked when it is to be sent; before that it only shows what was typed."""
        delivery = hooks.delivery()
        if delivery is None or not self.may_judge:
            return None
        return delivery.form(self.lead, self.data if self.is_handing_over else None, by=self.user, at=self.at)

    @cached_property
    def similar(self) -> str:
        """What became of leads like this one."""
        delivery = hooks.delivery()
        return delivery.similar(self.lead, at=self.at) if delivery else ""

    @cached_property
    def standing(self) -> hooks.DeliveredMeanwhile | None:
        """Who handed it to sales, and where it is; nothing while marketing has it."""
        delivery = hooks.delivery()
        return delivery.standing(self.lead) if delivery else None

    @property
    def is_with_marketing(self) -> bool:
        return self.lead.stage in (*waiting.WAITING_STAGES, Stage.SQL) and not self.standing

    @property
    def may_judge(self) -> bool:
        return access.may_judge(self.user) and self.is_with_marketing

    @property
    def may_mark(self) -> bool:
        return self.may_judge and self.lead.can_become(Stage.SQL)

    @property
    def may_override(self) -> bool:
        return self.user.decides_for(Side.MARKETING)

    @property
    def may_qualify(self) -> bool:
        return self.may_judge and self.lead.can_become(Stage.MQL)

    @property
    def errors(self) -> list[dict[str, str]]:
        """All that needs attention, with the place where it can be changed."""
        forms_shown = [self.checklist, *([self.brief] if self.brief and self.is_handing_over else [])]
        return [
            {
                "href": f"#{form[name].auto_id if name in form.fields else 'checklist'}",
                "words": _labelled(form, name, str(error)),
            }
            for form in forms_shown
            for name, found in form.errors.items()
            for error in found
        ]

    @property
    def may_close(self) -> bool:
        return access.may_close(self.user, self.lead) and self.is_with_marketing

    @property
    def who_may_override(self) -> list[User]:
        return [
            user for user in User.objects.active().select_related("team") if user.decides_for(Side.MARKETING)
        ][:5]


def _labelled(form: forms.Form, name: str, error: str) -> str:
    if name not in form.fields:
        return str(error)
    line = form.verdict.line(name.removeprefix("evidence_")) if isinstance(form, ChecklistForm) else None
    return f"{line.label if line else form.fields[name].label}: {error}"


@require_GET
def qualify(request: AuthenticatedRequest, lead_id: int) -> HttpResponse:
    lead = access.get_lead_to_read(request.user, lead_id)
    return _page_of(request, Desk(request, lead, timezone.now()))


@require_POST
def judge(request: AuthenticatedRequest, lead_id: int) -> HttpResponse:
    """Save the answers."""
    desk = _desk_to_judge(request, lead_id)
    if desk.standing:
        return answer_conflict(request, desk.standing, desk.standing.address)
    if not _save(desk):
        return _page_of(request, desk, status=422)
    messages.success(request, _("Answers saved."))
    return redirect("leads:qualify", lead_id)


@require_POST
def mark_sales_ready(request: AuthenticatedRequest, lead_id: int) -> HttpResponse:
    """Save the answers and mark the lead; to hand it over is a second step."""
    desk = _desk_to_judge(request, lead_id)
    if desk.standing:
        return answer_conflict(request, desk.standing, desk.standing.address)
    try:
        if _save(desk) and _mark(desk):
            words = _("%(lead)s is sales-ready. Hand it over when the brief is ready.")
            done.say(request, words % {"lead": desk.lead}, lead_id)
            return redirect("leads:qualify", lead_id)
    except (LeadMoved, TransitionNotAllowed) as error:
        return answer_conflict(request, error, reverse("leads:qualify", args=[lead_id]))
    return _page_of(request, desk, status=422)


@require_POST
def hand_over(request: AuthenticatedRequest, lead_id: int) -> HttpResponse:
    """Save the answers, mark the lead when it is not yet, and hand it over: all of it or, of the last two, nothing."""
    desk = _desk_to_judge(request, lead_id, is_handing_over=True)
    delivery = hooks.delivery()
    if desk.standing:
        return answer_conflict(request, desk.standing, desk.standing.address)
    try:
        if delivery and desk.brief and _save(desk):
            brief_is_valid = desk.brief.is_valid()
            with transaction.atomic(), undoing.one_click():
                if _mark(desk) and brief_is_valid:
                    said = delivery.send(desk.lead, desk.brief, by=desk.user, at=desk.at)
                    done.say(request, said, desk.lead.pk)
                    return _next(desk.lead)
                transaction.set_rollback(True)
    except hooks.NotDelivered:
        pass
    except hooks.DeliveredMeanwhile as error:
        return answer_conflict(request, error, error.address)
    except (LeadMoved, TransitionNotAllowed) as error:
        return answer_conflict(request, error, reverse("leads:qualify", args=[lead_id]))
    desk.lead.refresh_from_db()
    return _page_of(request, desk, status=422)


@require_POST
def mark_qualified(request: AuthenticatedRequest, lead_id: int) -> HttpResponse:
    """Worth marketing's attention, not yet ready for sales."""
    lead = access.get_lead_to_judge(request.user, lead_id)
    try:
        qualifying.qualify(lead, by=request.user, at=timezone.now())
    except (LeadMoved, TransitionNotAllowed) as error:
        return answer_conflict(request, error, reverse("leads:qualify", args=[lead_id]))
    done.say(request, _("%(lead)s is qualified.") % {"lead": lead}, lead.pk)
    return redirect("leads:qualify", lead_id)


@require_POST
def nurture(request: AuthenticatedRequest, lead_id: int) -> HttpResponse:
    """Not now: back to nurturing, with a reason."""
    return _close(request, lead_id, closing.recycle, _("%(lead)s goes back to nurturing."), "nurture")


@require_POST
def discard(request: AuthenticatedRequest, lead_id: int) -> HttpResponse:
    """Not a fit, with a reason."""
    return _close(request, lead_id, closing.disqualify, _("%(lead)s is discarded."), "discard")


def _close(request: AuthenticatedRequest, lead_id: int, verb: Any, words: str, name: str) -> HttpResponse:
    lead = access.get_lead_to_close(request.user, lead_id)
    form = ReasonForm(request.POST, auto_id=f"id_{name}_%s")
    if not form.is_valid():
        return _page_of(request, Desk(request, lead, timezone.now()), status=422, **{f"{name}_form": form})
    try:
        verb(lead, form.cleaned_data["reason"], by=request.user, at=timezone.now())
    except (LeadMoved, TransitionNotAllowed, closing.CannotEndYet) as error:
        return answer_conflict(request, error, reverse("leads:qualify", args=[lead_id]))
    done.say(request, words % {"lead": lead}, lead.pk)
    return _next(lead)


def _desk_to_judge(request: AuthenticatedRequest, lead_id: int, *, is_handing_over: bool = False) -> Desk:
    """With what was sent; the brief is kept for the next page, whatever comes of the rest."""
    lead = access.get_lead_to_judge(request.user, lead_id)
    desk = Desk(request, lead, timezone.now(), request.POST, is_handing_over)
    delivery = hooks.delivery()
    if delivery and desk.may_judge:
        delivery.keep(lead, request.POST, by=desk.user, at=desk.at)
    return desk


def _save(desk: Desk) -> bool:
    """The answers are kept, and the desk shows what follows from them."""
    if not desk.checklist.is_valid():
        return False
    try:
        saved = desk.checklist.save(desk.lead, by=desk.user, at=desk.at)
    except (NoSuchCriterion, LeadClosed) as error:
        desk.checklist.add_error(None, str(error))
        return False
    if saved:
        desk.verdict = verdict(desk.lead, CriteriaSet.objects.in_force(), at=desk.at)
        desk.checklist = ChecklistForm(_without_evidence(desk.data), verdict=desk.verdict)
        desk.checklist.is_valid()
    return True


def _without_evidence(data: QueryDict | None) -> QueryDict:
    """What is saved is not sent twice."""
    rest = (data or QueryDict()).copy()
    for name in [name for name in rest if name.startswith("evidence_")]:
        rest[name] = ""
    return rest


def _mark(desk: Desk) -> bool:
    """The lead is sales-ready, or was; else the form says what is missing."""
    if desk.lead.stage == Stage.SQL:
        return True
    reason = desk.data.get("override_reason", "") if desk.data else ""
    try:
        gate.mark_sales_ready(desk.lead, by=desk.user, at=desk.at, override_reason=reason)
    except gate.OverrideNotAllowed as error:
        desk.checklist.add_error(None, str(error))
        desk.checklist.tell_missing(error.verdict)
        return False
    except gate.NotSalesReady as error:
        desk.checklist.tell_missing(error.verdict)
        return False
    return True


def _next(lead: Lead) -> HttpResponse:
    """The next lead to judge opens; after the last one the list."""
    following = waiting.after(lead)
    return redirect("leads:qualify", following) if following else redirect("leads:qualify_list")


def _page_of(
    request: AuthenticatedRequest, desk: Desk, status: int = 200, **forms_shown: Any
) -> HttpResponse:
    context = {
        "desk": desk,
        "lead": desk.lead,
        "verdict": desk.verdict,
        "form": desk.checklist,
        "must_haves": written_checklist.written(desk.checklist.must_haves, may_judge=desk.may_judge),
        "nice_to_haves": written_checklist.written(desk.checklist.nice_to_haves, may_judge=desk.may_judge),
        "errors": desk.errors if status != 200 and desk.data else [],
        "nurture_form": ReasonForm(auto_id="id_nurture_%s"),
        "discard_form": ReasonForm(auto_id="id_discard_%s"),
        "next_lead": waiting.after(desk.lead),
        "override_reason": desk.data.get("override_reason", "") if desk.data else "",
    }
    return render(request, "leads/qualify/lead.html", context | forms_shown, status=status)
