"""One answer for every late click: 409 with who did what when, and a way back. Nothing was overwritten."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def answer_conflict(request: HttpRequest, error: Exception, back_to: str, **context: Any) -> HttpResponse:
    """409 with the words of `error`, its `at` when it has one, and a link to `back_to`; a fragment for htmx, else a page."""
    is_fragment = bool(getattr(request, "htmx", False))
    template = "_conflict.html" if is_fragment else "409.html"
    fact = getattr(error, "change", None)
    moment = getattr(error, "at", None) or getattr(fact, "changed_at", None)
    context |= {"words": str(error), "moment": moment, "back_to": back_to}
    response = render(request, template, context, status=409)
    response.headers["Vary"] = "HX-Request"
    return response
