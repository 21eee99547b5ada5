"""Marketing hands a lead over: the brief is written, kept, looked at as sales will see it, and sent."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from handoff import access, delivering, drafting, rules
from handoff.brief_form import BriefForm
from handoff.models import BriefItem, BriefTemplate, HandoffRules
from handoff.views.acting import back_to, form_page, page_of, wanted
from leads import done
from leads.criteria.hooks import DeliveredMeanwhile
from leads.models import Lead
from smarketing.conflicts import answer_conflict
from smarketing.requests import AuthenticatedRequest


@require_http_methods(["GET", "HEAD", "POST"])
def send(request: AuthenticatedRequest, lead_id: int) -> HttpResponse:
    """The brief as the rules in force demand it. What was typed stays when something is missing."""
    lead, now = access.get_lead_to_hand_over(request.user, lead_id), timezone.now()
    if request.method == "POST":
        delivering.keep(lead, request.POST, by=request.user, at=now)
    form = delivering.brief_form(lead, request.POST or None, by=request.user, at=now)
    if form.is_valid():
        try:
            handoff = delivering.hand_over(lead, form, by=request.user, at=now)
        except DeliveredMeanwhile as error:
            return answer_conflict(request, error, error.address)
        if handoff:
            done.say(request, delivering.said(handoff), lead.pk)
            return back_to(request, reverse("handoff:detail", args=[handoff.pk]))
    standing = access.open_handoff(lead)
    if standing and request.method != "POST":
        return redirect("handoff:detail", standing.pk)
    return form_page(
        request,
        form=form,
        lead=lead,
        title=_("Hand over %(lead)s") % {"lead": lead},
        act=_("Hand over"),
        back=page_of(lead),
        template="handoff/_brief_form.html",
    )


@require_POST
def keep_draft(request: AuthenticatedRequest, lead_id: int) -> HttpResponse:
    """Every few seconds by the page itself, or by a button; the same button begins with another template."""
    lead, now = access.get_lead_to_hand_over(request.user, lead_id), timezone.now()
    draft = delivering.keep(lead, request.POST, by=request.user, at=now)
    chosen = request.POST.get("template", "")
    if request.POST.get("use_template") and chosen.isdecimal() and len(chosen) < 10:
        template = BriefTemplate.objects.filter(pk=chosen, retired_at=None).first()
        if template:
            draft = drafting.use_template(lead, rules.in_force(now), template, by=request.user, at=now)
            messages.success(request, _("Begun with “%(name)s”.") % {"name": template})
    if request.htmx:
        form = delivering.brief_form(lead, None, by=request.user, at=now)
        return render(request, "handoff/_draft_state.html", {"form": form, "lead": lead})
    if draft and not request.POST.get("use_template"):
        messages.success(request, _("Draft kept."))
    return redirect(_written_on(request, lead))


@require_POST
def preview(request: AuthenticatedRequest, lead_id: int) -> HttpResponse:
    """What was typed, as it will stand on the call sheet; it is kept as the draft."""
    lead, now = access.get_lead_to_hand_over(request.user, lead_id), timezone.now()
    delivering.keep(lead, request.POST, by=request.user, at=now)
    form = delivering.brief_form(lead, None, by=request.user, at=now)
    brief = _as_it_would_be_sent(form, form.rules)
    context: dict[str, Any] = {
        "lead": lead,
        "on_sheet": [(item, None) for item in brief],
        "completeness": drafting.completeness_of(brief),
        "back": _written_on(request, lead),
    }
    template = "handoff/_preview.html" if request.htmx else "handoff/preview.html"
    response = render(request, template, context)
    response["Vary"] = "HX-Request"
    return response


def _as_it_would_be_sent(form: BriefForm, agreed: HandoffRules) -> list[BriefItem]:
    begun = form.begun
    return [
        BriefItem(
            key=item["key"],
            label=item["label"],
            text=begun.texts.get(item["key"], ""),
            required=bool(item.get("required")),
            waived_reason="" if begun.texts.get(item["key"]) else begun.waived.get(item["key"], ""),
        )
        for item in agreed.brief_items
    ]


def _written_on(request: AuthenticatedRequest, lead: Lead) -> str:
    """The page on which the brief is written: this one, or that of qualifying."""
    from_page = request.POST.get("brief_page", "")
    if from_page == "qualify":
        return reverse("leads:qualify", args=[lead.pk]) + "#brief-head"
    url = reverse("handoff:send", args=[lead.pk])
    return f"{url}?next={wanted(request)}" if wanted(request) else url
