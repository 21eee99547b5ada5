"""Settings, Notifications: by mail at once, together, or not."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from sla.wishes_form import WishesForm
from smarketing.requests import AuthenticatedRequest


def wishes(request: AuthenticatedRequest) -> HttpResponse:
    form = WishesForm(request.POST or None, person=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved. It counts from the next message on."))
        return redirect("sla:wishes")
    return render(request, "sla/wishes.html", {"form": form}, status=422 if form.errors else 200)
