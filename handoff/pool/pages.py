"""The pool as a page: the next one for me, the line, and who takes what."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from handoff import access, inbox, pool
from handoff.errors import NotReserved
from handoff.pool import line, picking
from handoff.pool.forms import SkipForm
from handoff.views.acting import form_page
from smarketing.accounts.models import Side
from smarketing.requests import AuthenticatedRequest

SHOWN = 100


@require_safe
def show(request: AuthenticatedRequest) -> HttpResponse:
    """Reading is open to both teams; sales asks for the next."""
    user, now = request.user, timezone.now()
    may_take = user.works_for(Side.SALES)
    mine = pool.reserved_for(user, at=now) if may_take else None
    rows = list(line.waiting(user).for_list().select_related("reserved_by")[: SHOWN + 1])
    skips = picking.latest_skips(row.pk for row in rows)
    for row in rows:
        row.is_looked_at = row.is_reserved(now)
        row.skips = skips.get(row.pk, [])
    context = {
        "tab": inbox.tab_for("pool", user),
        "tabs": inbox.links(user, "pool"),
        "mine": mine,
        "brief": list(mine.brief_items.order_by("position")) if mine else [],
        "first_id": pool.first_in_line(user, at=now) if may_take and not mine else None,
        "rows": rows[:SHOWN],
        "is_more": len(rows) > SHOWN,
        "picks": picking.of_everybody(at=now),
        "may_take": may_take,
        "here": reverse("handoff:pool"),
        "now": now,
    }
    return render(request, "handoff/pool.html", context)


@require_POST
def next_(request: AuthenticatedRequest) -> HttpResponse:
    """One to look at, for some minutes."""
    access.require_sales(request.user)
    handoff = pool.pull(by=request.user, at=timezone.now())
    if handoff is None:
        messages.info(request, _("Nothing in the pool is for you now."))
    return redirect("handoff:pool")


@require_http_methods(["GET", "HEAD", "POST"])
def skip(request: AuthenticatedRequest, handoff_id: int) -> HttpResponse:
    """Let it pass, and look at the next one."""
    handoff = access.get_handoff_to_claim(request.user, handoff_id)
    form, now = SkipForm(request.POST or None), timezone.now()
    if form.is_valid():
        try:
            pool.skip(handoff, **form.cleaned_data, by=request.user, at=now)
        except NotReserved as error:
            messages.warning(request, str(error))
            return redirect("handoff:pool")
        following = pool.pull(by=request.user, at=now)
        messages.success(
            request,
            _("Let pass with your reason. Here is the next one.")
            if following
            else _("Let pass with your reason. Nothing else in the pool is for you now."),
        )
        return redirect("handoff:pool")
    return form_page(
        request,
        form=form,
        lead=handoff.lead,
        title=_("Let it pass"),
        act=_("Let it pass"),
        back=reverse("handoff:pool"),
    )
