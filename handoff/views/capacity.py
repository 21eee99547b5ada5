"""What sales can take, week by week, for both teams."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from handoff import capacity, rules
from handoff.models import RoutingDecision
from handoff.routing.reading import start_of_day
from smarketing.requests import AuthenticatedRequest


@require_safe
def show(request: AuthenticatedRequest) -> HttpResponse:
    now = timezone.now()
    agreed = rules.in_force(now)
    plan = capacity.plan(agreed, at=now)
    month = start_of_day(now).replace(day=1)
    context = {
        "plan": plan,
        "rows": [(person, [week.reps[person.pk] for week in plan.weeks]) for person in plan.people],
        "in_pool": plan.waiting.get(None, 0),
        "went_over": RoutingDecision.objects.filter(decided_at__gte=month, went_over=True).count(),
        "now": now,
    }
    return render(request, "handoff/capacity.html", context)
