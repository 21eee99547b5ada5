"""The texts that briefs start from: marketing keeps them, everybody reads them."""

from __future__ import annotations

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from handoff import access, rules
from handoff.models import BriefTemplate
from handoff.template_form import TemplateForm
from smarketing.requests import AuthenticatedRequest


@require_safe
def list_(request: AuthenticatedRequest) -> HttpResponse:
    kept = BriefTemplate.objects.filter(retired_at=None).select_related("source", "campaign", "changed_by")
    context = {
        "templates": list(kept.order_by("name", "id")[:200]),
        "may_change": access.may_hand_over(request.user),
    }
    return render(request, "handoff/templates.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: AuthenticatedRequest) -> HttpResponse:
    access.check_may_keep_templates(request.user)
    return _form_page(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: AuthenticatedRequest, template_id: int) -> HttpResponse:
    return _form_page(request, access.get_template_to_change(request.user, template_id))


@require_POST
def retire(request: AuthenticatedRequest, template_id: int) -> HttpResponse:
    template = access.get_template_to_change(request.user, template_id)
    template.retire(by=request.user, at=timezone.now())
    messages.success(request, _("“%(name)s” is offered no more.") % {"name": template})
    return redirect("handoff:templates")


def _form_page(request: AuthenticatedRequest, template: BriefTemplate | None) -> HttpResponse:
    now = timezone.now()
    form = TemplateForm(request.POST or None, rules=rules.in_force(now), template=template)
    if form.is_valid():
        try:
            with transaction.atomic():
                kept = form.save(by=request.user, at=now)
        except IntegrityError:  # somebody made one for the same leads a moment ago
            form.add_error("source", _("There is a template for these leads already."))
        else:
            messages.success(request, _("“%(name)s” is kept.") % {"name": kept})
            return redirect("handoff:templates")
    status = 422 if form.is_bound else 200
    return render(request, "handoff/template.html", {"form": form, "template": template}, status=status)
