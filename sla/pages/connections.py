"""Connections to Slack, Teams and other software: an administrator adds, tries out, pauses and removes them and sees what was delivered."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from sla import access, posts
from sla.connection_form import ConnectionForm
from sla.models import Connection, Topic
from smarketing.requests import AuthenticatedRequest

LOGGED = 50


@never_cache
def connections(request: AuthenticatedRequest) -> HttpResponse:
    """All of them, and the form for another. The secret of a new one is shown in this answer and never again."""
    access.require_administrator(request.user)
    form, secret, made = ConnectionForm(request.POST or None), "", None
    if request.method == "POST" and form.is_valid():
        made, secret = form.connection(by=request.user, at=timezone.now())
        made.save()
        if not secret:
            messages.success(request, _("Connected. Try it out."))
            return redirect("sla:connection", made.pk)
        form = ConnectionForm()
    shown = Connection.objects.filter(removed_at=None).select_related("team").order_by("name", "id")
    context = {"form": form, "connections": shown, "made": made, "secret": secret}
    return render(request, "sla/connections.html", context, status=422 if form.errors else 200)


def connection(request: AuthenticatedRequest, connection_id: int) -> HttpResponse:
    """What was delivered there: status and size of each answer, nothing of its content."""
    shown = access.get_connection(request.user, connection_id)
    log = shown.notices.select_related("clock").order_by("-id")[:LOGGED]
    topics = [Topic(topic).label for topic in shown.topics if topic in Topic.values]
    return render(request, "sla/connection.html", {"connection": shown, "log": log, "topics": topics})


@require_POST
def try_connection(request: AuthenticatedRequest, connection_id: int) -> HttpResponse:
    """One message now. Whoever may save a connection may try it, and nobody else."""
    shown = access.get_connection(request.user, connection_id)
    tried = posts.try_out(shown, at=timezone.now())
    if tried.sent_at:
        messages.success(request, _("It works: the message arrived."))
    else:
        messages.error(request, _("It did not arrive: %(why)s") % {"why": tried.failure})
    return redirect("sla:connection", connection_id)


@require_POST
def pause_connection(request: AuthenticatedRequest, connection_id: int) -> HttpResponse:
    access.get_connection(request.user, connection_id).pause(at=timezone.now())
    messages.success(request, _("Paused: nothing is told there until you let it go on."))
    return redirect("sla:connection", connection_id)


@require_POST
def go_on_connection(request: AuthenticatedRequest, connection_id: int) -> HttpResponse:
    access.get_connection(request.user, connection_id).go_on()
    messages.success(request, _("It goes on."))
    return redirect("sla:connection", connection_id)


@require_POST
def remove_connection(request: AuthenticatedRequest, connection_id: int) -> HttpResponse:
    access.get_connection(request.user, connection_id).remove(at=timezone.now())
    messages.success(request, _("Removed. Its address and secret are gone."))
    return redirect("sla:connections")
