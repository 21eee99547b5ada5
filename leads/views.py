"""Pages of leads: load through the door, validate, one verb, answer."""

from __future__ import annotations

import logging

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from leads import access, exporting, filters, leaving
from leads.listing import Listing
from smarketing.accounts.models import Side

exports = logging.getLogger("smarketing.exports")


# The list


@require_GET
@vary_on_headers("HX-Request")
def lead_list(request: HttpRequest) -> HttpResponse:
    listing = Listing(request.GET, leads=access.leads_to_read(request.user), request=request)
    context = {"listing": listing, "may_add": access.may_add_leads(request.user)}
    if request.htmx:
        response = render(request, "leads/_results.html", context)
        response.headers["HX-Push-Url"] = reverse("leads:list") + listing.own_query
        return response
    return render(request, "leads/list.html", context | {"tabs": _tabs(request)})


@require_GET
def export(request: HttpRequest) -> StreamingHttpResponse:
    """All leads of the view as a file. Who took it and how it was narrowed is in the log."""
    listing = Listing(request.GET, leads=access.leads_to_read(request.user), request=request)
    narrowed_by = sorted(name for name, value in request.GET.items() if value)
    exports.info("leads exported by user %s, narrowed by %s", request.user.pk, narrowed_by)
    return exporting.csv_response("leads", leaving.HEADER, leaving.rows(listing.leads))


def _tabs(request: HttpRequest) -> list[dict[str, object]]:
    """Ready-made views. The current one is the address with nothing else in it."""
    mine = {"owner": "mine"} if not request.user.works_for(Side.MARKETING) else {"marketer": "mine"}
    views = [
        (_("All"), {}),
        (_("Mine"), mine),
        (_("Open"), {"state": "open"}),
        (_("Hot"), {"hot": "yes", "state": "open"}),
        (_("No next step"), {"no_next_step": "yes"}),
    ]
    present = {name: value for name, value in request.GET.items() if value and name not in ("sort", "page")}
    return [
        {"label": label, "url": filters.address(narrowed), "is_current": narrowed == present}
        for label, narrowed in views
    ]
