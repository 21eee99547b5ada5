"""A POST with an `Idempotency-Key` has one effect: the same key and body get the same answer again, another body gets 422.

The key is taken by a unique row in the transaction of the act itself: two that arrive at once wait for each other in the database.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Any, cast

from django.db import transaction
from django.http import HttpResponse
from django.utils import timezone
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from smarketing.api.models import RememberedAnswer
from smarketing.requests import ApiRequest

HEADER = "Idempotency-Key"
LONGEST_KEY = 200
REMEMBERED = timedelta(hours=24)


class KeyUsedForSomethingElse(APIException):
    status_code = 422
    default_detail = "This Idempotency-Key came before with another request. Use a new key for a new act."


class IdempotentView(APIView):
    """POSTs of this view heed the header. An answer from 500 up is not remembered: the act did not happen."""

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        if request.method != "POST" or HEADER not in request.headers:
            return super().dispatch(request, *args, **kwargs)
        self._remembered: RememberedAnswer | None = None
        with transaction.atomic():
            response = super().dispatch(request, *args, **kwargs)
            if self._remembered is not None:
                response.render()
                if response.status_code >= 500:
                    transaction.set_rollback(True)
                else:
                    self._remember(response)
        return response

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        key = request.headers.get(HEADER)
        if request.method == "POST" and key is not None:
            self._take(cast(ApiRequest, request), key)

    def _take(self, request: ApiRequest, key: str) -> None:
        if not key or len(key) > LONGEST_KEY or not key.isprintable():
            raise ValidationError({HEADER: [f"A key has 1 to {LONGEST_KEY} printable characters."]})
        fingerprint = hashlib.sha256(b"\0".join([request.get_full_path().encode(), request.body])).hexdigest()
        mine, is_new = RememberedAnswer.objects.get_or_create(
            user=request.user, key=key, defaults={"fingerprint": fingerprint, "created_at": timezone.now()}
        )
        if mine.fingerprint != fingerprint:
            raise KeyUsedForSomethingElse
        if not is_new:
            raise SameAgain(mine)
        self._remembered = mine

    def handle_exception(self, exc: Exception) -> Response:
        if isinstance(exc, SameAgain):
            return exc.response()
        return super().handle_exception(exc)

    def _remember(self, response: HttpResponse) -> None:
        RememberedAnswer.objects.filter(pk=self._remembered.pk).update(  # type: ignore[union-attr]
            status=response.status_code, content_type=response["Content-Type"], body=response.content.decode()
        )


class SameAgain(Exception):
    """The act happened before; its answer is known."""

    def __init__(self, remembered: RememberedAnswer) -> None:
        self.remembered = remembered

    def response(self) -> Any:
        again = HttpResponse(
            self.remembered.body,
            status=self.remembered.status or 200,
            content_type=self.remembered.content_type,
        )
        again["Idempotent-Replayed"] = "true"
        return again


def forget(*, at: datetime) -> int:
    """Answers older than a day are gone; returns how many."""
    return RememberedAnswer.objects.filter(created_at__lt=at - REMEMBERED).delete()[0]
