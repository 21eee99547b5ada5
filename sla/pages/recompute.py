"""Open clocks counted anew: ask, see what would move, say why, and watch it happen."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import HttpResponseClientRefresh

from sla import access, recomputing
from sla.clock_forms import ReasonForm, ScopeForm
from sla.models import Effect, Recompute
from smarketing.requests import AuthenticatedRequest

PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
def recompute(request: AuthenticatedRequest) -> HttpResponse:
    """What has been recomputed, and the question what would move now."""
    form = ScopeForm(request.POST or None)
    if request.method == "POST":
        access.require_keeper_of_hours(request.user)
        if form.is_valid():
            run = recomputing.count(form.cleaned_data["scope"], by=request.user, at=timezone.now())
            return redirect("sla:recompute_run", run.pk)
    runs = Recompute.objects.select_related("asked_by", "confirmed_by").order_by("-id")[:30]
    context = {"form": form, "runs": runs, "may_ask": access.may_change_hours(request.user)}
    return render(request, "sla/recompute.html", context, status=422 if form.errors else 200)


@require_safe
@vary_on_headers("HX-Request")
def recompute_run(request: AuthenticatedRequest, recompute_id: int) -> HttpResponse:
    """What would move, or moved. Who asks how far it is gets that alone, and is sent for the page when it is done."""
    run = access.get_recompute_to_read(request.user, recompute_id)
    if not request.htmx:
        return _page(request, run, ReasonForm())
    if not run.is_under_way:
        return HttpResponseClientRefresh()
    total = recomputing.summary(run)["all"]
    return render(request, "sla/_recompute_progress.html", {"run": run, "total": total})


@require_POST
def confirm_recompute(request: AuthenticatedRequest, recompute_id: int) -> HttpResponse:
    run = access.get_recompute_to_confirm(request.user, recompute_id)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, run, form, status=422)
    try:
        recomputing.confirm(run, form.cleaned_data["reason"], by=request.user, at=timezone.now())
    except recomputing.RecomputeRefused as error:
        return _page(request, run, form, conflict=str(error), status=409)
    messages.success(request, _("Each clock that moves keeps your reason."))
    return redirect("sla:recompute_run", run.pk)


def _page(
    request: AuthenticatedRequest, run: Recompute, form: ReasonForm, *, conflict: str = "", status: int = 200
) -> HttpResponse:
    shown = request.GET.get("effect", "")
    lines = run.clocks.select_related(
        "clock__handoff__lead__contact", "clock__handoff__lead__company", "clock__holder"
    )
    if shown in Effect.values:
        lines = lines.filter(effect=shown)
    found = recomputing.summary(run)
    page = Paginator(lines.order_by("effect", "id"), PAGE).get_page(request.GET.get("page"))
    context = {
        "run": run,
        "form": form,
        "conflict": conflict,
        "page": page,
        "total": found["all"],
        "effects": [(effect, effect.label, found[effect], effect == shown) for effect in Effect],
        "may_confirm": access.may_change_hours(request.user),
    }
    return render(request, "sla/recompute_run.html", context, status=status)
