"""Every error of the API is `application/problem+json`: type, title, status, detail, and `errors` per field.

Rooms say which of their exceptions means what: `problem.means(AlreadyAnswered, 409)`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from drf_spectacular.utils import OpenApiResponse
from rest_framework import exceptions, serializers
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.views import set_rollback

MEDIA_TYPE = "application/problem+json"
Details = Callable[[Any], dict[str, Any]]

_meanings: list[tuple[type[Exception], int, Details]] = []


class ProblemRenderer(JSONRenderer):
    media_type = MEDIA_TYPE


def means(error: type[Exception], status: int, details: Details = lambda _: {}) -> None:
    """A domain exception becomes this answer; `details(error)` adds members such as `errors` or `missing`."""
    _meanings.append((error, status, details))


def answer(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler. Unknown and invisible are both 404; what nobody foresaw is left to the 500 page."""
    set_rollback()
    for kind, status, details in _meanings:
        if isinstance(error, kind):
            return _response(status, str(error), **details(error))
    if isinstance(error, Http404):
        return _response(404, "There is nothing here, or not for you.")
    if isinstance(error, PermissionDenied):
        return _response(403, str(error) or "You may read this but not do that.")
    if isinstance(error, RequestDataTooBig):
        return _response(413, "The request is too large.")
    if isinstance(error, exceptions.ValidationError):
        return _response(
            error.status_code,
            "Some values are not right; nothing was changed.",
            errors=_by_field(error.detail),
        )
    if isinstance(error, exceptions.APIException):
        return _of_the_framework(error)
    return None


def _of_the_framework(error: exceptions.APIException) -> Response:
    response = _response(error.status_code, str(error.detail))
    if isinstance(error, exceptions.AuthenticationFailed | exceptions.NotAuthenticated):
        response["WWW-Authenticate"] = "Token"
        response.status_code = response.data["status"] = 401
        response.data["title"] = HTTPStatus(401).phrase
    wait = getattr(error, "wait", None)  # only being throttled has one
    if wait is not None:
        response["Retry-After"] = str(max(1, round(wait)))
    return response


def _response(status: int, detail: str, **more: Any) -> Response:
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        **more,
    }
    response = Response(body, status=status, content_type=MEDIA_TYPE)
    return response


def _by_field(detail: Any, prefix: str = "") -> dict[str, list[str]]:
    """Nested errors as `contact.email`: [words]."""
    if isinstance(detail, dict):
        found: dict[str, list[str]] = {}
        for name, inner in detail.items():
            found |= _by_field(inner, f"{prefix}.{name}" if prefix else str(name))
        return found
    if isinstance(detail, list) and any(isinstance(each, dict | list) for each in detail):
        found = {}
        for place, inner in enumerate(detail):
            found |= _by_field(inner, f"{prefix}[{place}]")
        return found
    return {prefix or "non_field_errors": [str(each) for each in detail]} if detail else {}


def page(request: HttpRequest, status: int, detail: str) -> HttpResponse:
    """The same shape for answers that no view gives, such as an unknown address under /api/."""
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    return HttpResponse(json.dumps(body), status=status, content_type=MEDIA_TYPE)


class ProblemShape(serializers.Serializer):
    """As the schema describes it."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    errors = serializers.DictField(child=serializers.ListField(child=serializers.CharField()), required=False)
    missing = serializers.ListField(child=serializers.CharField(), required=False)


PROBLEMS = {
    400: "A value is not right.",
    401: "No token, or one that no longer works.",
    403: "You may read this but not do that.",
    404: "Unknown, or not for you.",
    409: "Somebody else was first, or the lead stands elsewhere: says who did what when.",
    413: "The request is too large.",
    415: "The body is not JSON.",
    422: "Something is missing, or the Idempotency-Key came before with another body.",
    429: "Too many requests; Retry-After says how many seconds to wait.",
}


def answers(**shapes: Any) -> dict[Any, Any]:
    """`answers(_200=LeadShape)` for the schema: with the problems that may come instead."""
    good = {int(status.strip("_")): shape for status, shape in shapes.items()}
    bad = {(status, MEDIA_TYPE): OpenApiResponse(ProblemShape, words) for status, words in PROBLEMS.items()}
    return good | bad
