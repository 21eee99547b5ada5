"""A newcomer's first agreement, step by step. Later changes go through the whole draft."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from sla import access, first_agreement, suggesting
from sla.draft_form import PromisesForm
from sla.models import Agreement, AgreementMoved, AgreementState
from smarketing.conflicts import answer_conflict
from smarketing.requests import AuthenticatedRequest


def first(request: AuthenticatedRequest) -> HttpResponse:
    """Step 1. Where there is a draft already, it goes on with that one; where there is more, there is no first any more."""
    access.require_drafter(request.user)
    newest = Agreement.objects.newest()
    if newest:
        on = newest.state == AgreementState.DRAFT and first_agreement.is_first(newest)
        return redirect("sla:first_promises", newest.pk) if on else redirect("sla:agreement")
    now = timezone.now()
    form = first_agreement.WhoAndWhenForm(request.POST or None, at=now)
    if request.method == "POST" and form.is_valid():
        return redirect("sla:first_promises", form.begin(by=request.user, at=now).pk)
    context = {"form": form, "sides": first_agreement.sides(), "steps": first_agreement.steps(None, 1)}
    return render(request, "sla/first.html", context, status=422 if form.errors else 200)


def first_promises(request: AuthenticatedRequest, agreement_id: int) -> HttpResponse:
    """Step 2."""
    draft = access.get_agreement_to_draft(request.user, agreement_id)
    if not draft.is_draft:
        return answer_conflict(request, AgreementMoved(draft), reverse("sla:version", args=[draft.pk]))
    form = PromisesForm(draft, request.POST or None)
    if request.method == "POST" and form.is_valid():
        form.save()
        return redirect("sla:propose", draft.pk)
    calendar = draft.sales_calendar.current.business_calendar()
    form.explain(
        {kind: each.because for kind, each in suggesting.from_history(calendar, at=timezone.now()).items()}
    )
    context = {"agreement": draft, "draft": form, "steps": first_agreement.steps(draft, 2)}
    return render(request, "sla/first_promises.html", context, status=422 if form.errors else 200)
