"""What would the last quarter have looked like? Ask, wait, read, and open the hand-offs behind each figure."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from sla import access
from sla.models import Agreement, Judgement
from sla.what_if import result, running
from smarketing.requests import AuthenticatedRequest

PAGE = 50


def what_if(request: AuthenticatedRequest, agreement_id: int) -> HttpResponse:
    """The answer, how far it is, or the question."""
    context = panel(access.get_agreement_to_read(request.user, agreement_id), request.user)
    template = "sla/_what_if.html" if request.htmx else "sla/what_if.html"
    answer = render(request, template, context)
    answer.headers["Vary"] = "HX-Request"
    return answer


@require_POST
def ask_what_if(request: AuthenticatedRequest, agreement_id: int) -> HttpResponse:
    """Asked again about the same text, the answer is there already; one that failed goes on."""
    agreement = access.get_agreement_to_draft(request.user, agreement_id)
    asked = running.ask(agreement, by=request.user, at=timezone.now())
    running.try_again(asked, at=timezone.now())
    return redirect("sla:what_if", agreement.pk)


def what_if_cases(request: AuthenticatedRequest, agreement_id: int, key: str) -> HttpResponse:
    """`?was=KEPT&becomes=MISSED`: the very hand-offs; an empty value is no case, a missing one is whatever."""
    agreement = access.get_agreement_to_read(request.user, agreement_id)
    answer = running.answer_for(agreement)
    term = get_object_or_404(agreement.terms.all(), key=key)
    asked = {name: request.GET.get(name) for name in ("was", "becomes")}
    if answer is None:
        return redirect("sla:what_if", agreement.pk)
    if not {*asked.values()} <= {None, "", *Judgement.values}:
        raise Http404
    found = result.cases(answer, key, **asked).select_related(
        "handoff__lead__contact", "handoff__lead__company", "handoff__sender", "handoff__receiver"
    )
    page = Paginator(found.order_by("-handoff__sent_at", "-id"), PAGE).get_page(request.GET.get("page"))
    context = {"agreement": agreement, "term": term, "page": page, "title": _title(**asked)}
    return render(request, "sla/what_if_cases.html", context)


def panel(agreement: Agreement, user: Any) -> dict[str, Any]:
    """Everything that `sla/_what_if.html` reads."""
    answer = running.answer_for(agreement)
    if answer:
        answer.agreement = agreement
    done = answer is not None and answer.is_done
    return {
        "agreement": agreement,
        "what_if": answer,
        "rows": result.rows(answer) if answer and done else [],
        "not_looked_back_on": result.not_looked_back_on(answer) if answer and done else [],
        "may_ask": access.may_draft(user),
    }


def _title(was: str | None, becomes: str | None) -> str:
    if was is None:
        return str(result.MISSED_NOW)
    if becomes is None:
        return str(result.MISSED_THEN)
    return str(result.MOVES.get((was, becomes), ""))
