"""From the body of a request to named values, and from things to the body of an answer.

Building a serializer costs more than what it then does, so each shape is built once and used by every request:
`run_validation` and `to_representation` keep nothing of what they are given.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.serializers import Serializer

DEEPEST = 20


class NothingShape(Serializer):
    """An empty body."""


class Parser(JSONParser):
    """JSON. What is nested too deeply to be meant is refused here, before anything follows it down."""

    def parse(self, *args: Any, **kwargs: Any) -> Any:
        try:
            body = super().parse(*args, **kwargs)
        except RecursionError:
            raise ParseError("The body is nested too deeply.") from None
        level = [body]
        for _depth in range(DEEPEST):
            level = [inner for outer in level for inner in _within(outer)]
            if not level:
                return body
        raise ParseError(f"The body is nested more than {DEEPEST} levels deep.")


def read(shape: type[Serializer], request: Request) -> dict[str, Any]:
    """The named values and nothing else. Raises ValidationError, ParseError for a body that is no JSON object."""
    body = request.data
    if not isinstance(body, dict):
        raise ParseError("The body must be a JSON object.")
    values: dict[str, Any] = _plain(_built(shape).run_validation(body))
    return values


def show(shape: type[Serializer], thing: Any) -> dict[str, Any]:
    """One thing in this shape; the shape must need no context."""
    shown: dict[str, Any] = _built(shape).to_representation(thing)
    return shown


def show_all(shape: type[Serializer], things: Iterable[Any]) -> list[dict[str, Any]]:
    return [show(shape, thing) for thing in things]


def _within(thing: Any) -> Iterable[Any]:
    if isinstance(thing, dict):
        return thing.values()
    return thing if isinstance(thing, list) else ()


@cache
def _built(shape: type[Serializer]) -> Serializer:
    return shape()


def _plain(values: Any) -> Any:
    return {name: _plain(value) for name, value in values.items()} if isinstance(values, dict) else values
