"""The pages for when it does not go well. Each says what happened, whether something was changed, and what to do."""

import logging
import secrets

import structlog
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from smarketing import assets

logger = logging.getLogger("smarketing.errors")


def no_permission(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """PermissionDenied may carry a sentence for the reader, and the names of those who can help."""
    said = [str(word) for word in exception.args] if exception else []
    return render(request, "403.html", {"reason": said[0] if said else "", "helpers": said[1:]}, status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403_csrf.html", status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """The incident code stands in the log beside the traceback: the request's own id when logging gave it one."""
    incident = str(structlog.contextvars.get_contextvars().get("request_id") or secrets.token_hex(4))[:8]
    logger.error("incident %s", incident)
    words = {
        "language": get_language(),
        "title": _("Something broke on our side"),
        "explanation": _(
            "What you did was not saved. Go back: your browser usually keeps what you typed. Try again in a minute."
        ),
        "incident": incident,
        "incident_label": _("Tell your administrator this code:"),
        "home": _("To my first page"),
        "stylesheet": _stylesheet(),
    }
    return HttpResponse(loader.get_template("500.html").render(words), status=500)


def _stylesheet() -> str:
    try:
        return assets.url("css/app.css")
    except Exception:  # whatever broke the page may have broken this too
        return ""
