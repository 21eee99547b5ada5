"""The first page of each role."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

FIRST_PAGES = {"SALES": "/queue/", "MARKETING": "/qualify/"}


def first_page(request: HttpRequest) -> HttpResponse:
    """Sales starts in the queue, marketing at qualifying, everyone who leads or counts at the dashboard."""
    user = request.user
    if user.leads_a_team or user.is_finance:
        return redirect("/dashboard/")
    return redirect(FIRST_PAGES.get(user.side or "", "/dashboard/"))
