"""Changing the agreement: begin, edit, propose, sign, withdraw."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sla import access, first_agreement
from sla.comparing import differences
from sla.draft_form import DraftForm
from sla.models import Agreement, AgreementMoved, AgreementState, Incomplete, NotYoursToSign, TermKind
from sla.pages import what_if
from sla.what_if import running
from smarketing.accounts.models import Side, User
from smarketing.conflicts import answer_conflict
from smarketing.requests import AuthenticatedRequest


@require_POST
def draft(request: AuthenticatedRequest) -> HttpResponse:
    """Opens the draft there is, or makes one: from the version in force, or with example promises when there is none."""
    access.require_drafter(request.user)
    return redirect("sla:edit_draft", draft_to_edit(by=request.user, at=timezone.now()).pk)


def edit_draft(request: AuthenticatedRequest, agreement_id: int) -> HttpResponse:
    standing = access.get_agreement_to_draft(request.user, agreement_id)
    if not standing.is_draft:
        return answer_conflict(request, AgreementMoved(standing), _address(standing))
    form = DraftForm(standing, request.POST or None)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved. Nothing is measured by a draft."))
        return redirect("sla:version" if "done" in request.POST else "sla:edit_draft", standing.pk)
    context = {"agreement": standing, "draft": form}
    return render(request, "sla/draft.html", context, status=422 if form.errors else 200)


def propose(request: AuthenticatedRequest, agreement_id: int) -> HttpResponse:
    """GET repeats what changes; POST fixes the text and asks both sides to sign."""
    standing = access.get_agreement_to_draft(request.user, agreement_id)
    now = timezone.now()
    if request.method == "POST":
        try:
            standing.propose(by=request.user, at=now)
        except AgreementMoved as error:
            return answer_conflict(request, error, _address(standing))
        except Incomplete:
            pass  # the page below names the problems
        else:
            running.ask(standing, by=request.user, at=now)
            messages.success(request, _("Proposed. Both sides can sign it now; the text is fixed."))
            return redirect("sla:version", standing.pk)
    problems = standing.problems(now)
    steps = first_agreement.steps(standing, 3) if first_agreement.is_first(standing) else []
    context = {
        "changes": _changes(standing),
        "problems": problems,
        "steps": steps,
        "is_hot_in_vain": _is_hot_in_vain(standing),
    }
    context |= what_if.panel(standing, request.user)
    return render(
        request, "sla/propose.html", context, status=422 if problems and request.method == "POST" else 200
    )


def sign(request: AuthenticatedRequest, agreement_id: int, side: str) -> HttpResponse:
    """GET repeats the changed sentences and the start date; POST is the signature."""
    side = side.upper()
    standing = access.get_agreement_to_sign(request.user, agreement_id, side)
    if request.method == "POST":
        try:
            standing.sign(side, by=request.user, at=timezone.now())
        except (AgreementMoved, NotYoursToSign) as error:
            return answer_conflict(request, error, _address(standing))
        standing.refresh_from_db()
        messages.success(request, _said_after_signing(standing))
        return redirect("sla:version", standing.pk)
    context = {"side": Side(side), "changes": _changes(standing), **what_if.panel(standing, request.user)}
    return render(request, "sla/sign.html", context)


@require_POST
def withdraw(request: AuthenticatedRequest, agreement_id: int) -> HttpResponse:
    standing = access.get_agreement_to_draft(request.user, agreement_id)
    try:
        standing.withdraw(by=request.user, at=timezone.now())
    except AgreementMoved as error:
        return answer_conflict(request, error, _address(standing))
    messages.success(request, _("Withdrawn. The agreement in force goes on."))
    return redirect("sla:agreement")


@require_POST
def discard_draft(request: AuthenticatedRequest, agreement_id: int) -> HttpResponse:
    standing = access.get_agreement_to_draft(request.user, agreement_id)
    try:
        standing.discard()
    except AgreementMoved as error:
        return answer_conflict(request, error, _address(standing))
    messages.success(request, _("The draft is gone."))
    return redirect("sla:agreement")


def draft_to_edit(*, by: User, at: datetime) -> Agreement:
    """The draft there is, or a new one: from the version in force, or with examples when there is none."""
    return Agreement.objects.filter(state=AgreementState.DRAFT).newest() or _new_draft(by, at)


def _new_draft(user: User, now: datetime) -> Agreement:
    former = Agreement.objects.in_force() or Agreement.objects.newest()
    if former:
        return Agreement.draft_from(former, by=user, at=now)
    return first_agreement.begin(by=user, at=now)


def _changes(standing: Agreement) -> list:
    """Against the version that measures now."""
    return differences(Agreement.objects.in_force(), standing)


def _is_hot_in_vain(standing: Agreement) -> bool:
    """A faster call is promised to hot leads, and nothing says which those are."""
    return not standing.hot_rule and standing.terms.filter(kind=TermKind.FIRST_CONTACT_HOT).exists()


def _address(standing: Agreement) -> str:
    return reverse("sla:version", args=[standing.pk])


def _said_after_signing(standing: Agreement) -> str:
    if standing.is_in_force:
        return _("Signed by both sides. It is in force from now on.")
    if standing.state == AgreementState.SIGNED:
        return _("Signed by both sides. It comes into force on its start date.")
    return _("Signed. It waits for the other side.")
