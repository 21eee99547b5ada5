"""The lists of sources and campaigns in the settings: where leads come from, and what it cost."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from leads import access
from leads.campaign_forms import CampaignForm, SourceForm
from leads.models import Campaign, Source
from smarketing.requests import AuthenticatedRequest

SHOWN = 500


def sources(request: AuthenticatedRequest) -> HttpResponse:
    """Every source, and a form for one more."""
    form = SourceForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        access.check_may_manage_campaigns(request.user)
        if form.is_valid():
            form.save()
            messages.success(request, _("Source added."))
            return redirect("leads:sources")
    context = {
        "form": form,
        "sources": Source.objects.annotate(spend=Sum("campaigns__spend")).order_by("name")[:SHOWN],
        "may_change": access.may_manage_campaigns(request.user),
    }
    return render(request, "leads/campaigns/sources.html", context, status=422 if form.errors else 200)


def source(request: AuthenticatedRequest, source_id: int) -> HttpResponse:
    """Renames a source. Its key stays: addresses and imports know it by that."""
    access.check_may_manage_campaigns(request.user)
    named = get_object_or_404(Source, pk=source_id)
    form = SourceForm(request.POST if request.method == "POST" else None, instance=named)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Source renamed."))
        return redirect("leads:sources")
    context = {"form": form, "title": _("Rename source"), "back": "leads:sources"}
    return render(request, "leads/campaigns/form.html", context, status=422 if form.errors else 200)


def campaigns(request: AuthenticatedRequest) -> HttpResponse:
    """Every campaign with its period and spend, newest first."""
    context = {
        "campaigns": Campaign.objects.select_related("source").order_by("-starts_on", "name")[:SHOWN],
        "may_change": access.may_manage_campaigns(request.user),
    }
    return render(request, "leads/campaigns/campaigns.html", context)


def new_campaign(request: AuthenticatedRequest) -> HttpResponse:
    return _campaign(request, Campaign(), title=_("New campaign"), done=_("Campaign added."))


def campaign(request: AuthenticatedRequest, campaign_id: int) -> HttpResponse:
    named = get_object_or_404(Campaign, pk=campaign_id)
    return _campaign(request, named, title=_("Edit campaign"), done=_("Campaign saved."))


def _campaign(request: AuthenticatedRequest, campaign: Campaign, *, title: str, done: str) -> HttpResponse:
    access.check_may_manage_campaigns(request.user)
    may_enter_costs = access.may_enter_costs(request.user)
    form = CampaignForm(
        request.POST if request.method == "POST" else None, instance=campaign, may_enter_costs=may_enter_costs
    )
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, done)
        return redirect("leads:campaigns")
    context = {"form": form, "title": title, "back": "leads:campaigns"}
    return render(request, "leads/campaigns/form.html", context, status=422 if form.errors else 200)
