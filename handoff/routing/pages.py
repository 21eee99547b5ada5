"""Settings › Routing: the company's own rules, and a dry run of them. Everybody reads; those who lead sales change."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from handoff import access, rules
from handoff.models import RoutingRule, RoutingTally
from handoff.routing import managing, matching, replaying
from handoff.routing.forms import RuleForm
from handoff.routing.reading import share_of
from leads.access import LARGEST_ID
from smarketing.accounts.models import Side, User
from smarketing.requests import AuthenticatedRequest


@require_safe
def show(request: AuthenticatedRequest) -> HttpResponse:
    now = timezone.now()
    agreed = rules.in_force(now)
    shares = {int(who): percent for who, percent in agreed.routing_shares.items() if str(who).isdigit()}
    received = dict(RoutingTally.objects.filter(rules=agreed).values_list("receiver", "received"))
    total = sum(received.values())
    people = User.objects.filter(pk__in=[*shares, *received]).order_by("first_name", "id")
    context = {
        "rules": [
            {"rule": rule, "condition": matching.condition(rule), "whom": matching.whom(rule)}
            for rule in matching.rules_in_order()
        ],
        "agreed": agreed,
        "shares": [
            {
                "person": person,
                "share": share_of(person.pk, agreed),
                "received": received.get(person.pk, 0),
                "got": received.get(person.pk, 0) / total if total else None,
            }
            for person in people
        ],
        "total": total,
        "may_change": request.user.decides_for(Side.SALES),
    }
    return render(request, "handoff/routing/rules.html", context)


@require_safe
def dry_run(request: AuthenticatedRequest) -> HttpResponse:
    found = replaying.dry_run(rules.in_force(timezone.now()))
    return render(request, "handoff/routing/dry_run.html", {"run": found, "total": len(found.rows)})


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: AuthenticatedRequest) -> HttpResponse:
    access.require_lead_of_sales(request.user)
    form = RuleForm(request.POST or None)
    if form.is_valid():
        managing.add(**form.cleaned_data, by=request.user, at=timezone.now())
        messages.success(request, _("Saved. It counts from the next hand-off on."))
        return redirect("handoff:routing")
    return _form(request, form, _("New rule"))


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: AuthenticatedRequest, rule_id: int) -> HttpResponse:
    rule = _get(request, rule_id)
    form = RuleForm(request.POST or None, instance=rule)
    if form.is_valid():
        managing.change(rule, **form.cleaned_data, by=request.user, at=timezone.now())
        messages.success(request, _("Saved. It counts from the next hand-off on."))
        return redirect("handoff:routing")
    return _form(request, form, _("Rule %(number)s") % {"number": rule.position})


@require_POST
def remove(request: AuthenticatedRequest, rule_id: int) -> HttpResponse:
    managing.remove(_get(request, rule_id))
    messages.success(request, _("Removed."))
    return redirect("handoff:routing")


@require_POST
def move_up(request: AuthenticatedRequest, rule_id: int) -> HttpResponse:
    managing.move(_get(request, rule_id), up=True)
    return redirect("handoff:routing")


@require_POST
def move_down(request: AuthenticatedRequest, rule_id: int) -> HttpResponse:
    managing.move(_get(request, rule_id), up=False)
    return redirect("handoff:routing")


def _get(request: AuthenticatedRequest, rule_id: int) -> RoutingRule:
    access.require_lead_of_sales(request.user)
    if rule_id > LARGEST_ID:
        raise Http404
    return get_object_or_404(RoutingRule, pk=rule_id)


def _form(request: AuthenticatedRequest, form: RuleForm, title: str) -> HttpResponse:
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "handoff/routing/rule.html", {"form": form, "title": title}, status=status)
