"""What the pages of all verbs share: a form on a page of its own or in a panel, and the way back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from leads.models import Lead
from smarketing.requests import AuthenticatedRequest


def form_page(
    request: AuthenticatedRequest,
    *,
    form: forms.Form,
    lead: Lead,
    title: Any,
    act: Any,
    back: str,
    template: str = "handoff/_act_form.html",
    **more: Any,
) -> HttpResponse:
    """The form of one act: a fragment when htmx asks to read it, otherwise a page. 422 when something has to be repaired."""
    is_fragment = bool(request.htmx) and request.method == "GET"
    context = {
        "form": form,
        "lead": lead,
        "title": title,
        "act": act,
        "back": back,
        "action": request.path,
        "form_template": template,
        "next": wanted(request),
        **more,
    }
    status = 422 if form.is_bound and form.errors else 200
    response = render(request, template if is_fragment else "handoff/act.html", context, status=status)
    response["Vary"] = "HX-Request"
    return response


def wanted(request: AuthenticatedRequest) -> str:
    """Where the person came from and wants to go back to; nothing when it is not one of our pages."""
    url = request.POST.get("next") or request.GET.get("next") or ""
    return url if url.startswith("/") and url_has_allowed_host_and_scheme(url, allowed_hosts=None) else ""


def back_to(request: AuthenticatedRequest, otherwise: str) -> HttpResponseRedirect:
    return redirect(wanted(request) or otherwise)


def page_of(lead: Lead) -> str:
    return reverse("leads:detail", args=[lead.pk])
