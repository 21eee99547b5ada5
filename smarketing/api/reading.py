"""Reads the body of a request into a shape, or refuses it field by field."""

from __future__ import annotations

from typing import Any

from rest_framework.exceptions import ParseError
from rest_framework.request import Request
from rest_framework.serializers import Serializer


def read(shape: type[Serializer], request: Request) -> dict[str, Any]:
    """The named values and nothing else. Raises ValidationError, ParseError for a body that is no JSON object."""
    body = request.data
    if not isinstance(body, dict):
        raise ParseError("The body must be a JSON object.")
    filled = shape(data=body)
    filled.is_valid(raise_exception=True)
    return _plain(filled.validated_data)


def _plain(values: Any) -> Any:
    return {name: _plain(value) for name, value in values.items()} if isinstance(values, dict) else values
