"""Values that come from outside, with the limits that keep them harmless."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

MOST_FACTS = 100
LONGEST_FACTS = 20_000
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)


class WordsField(serializers.CharField):
    """Text; optional and empty unless said otherwise. NUL bytes and halves of characters are refused by name."""

    def __init__(self, *, many_lines: bool = False, **kwargs: Any) -> None:
        if not kwargs.get("required"):
            kwargs.setdefault("required", False)
        kwargs.setdefault("allow_blank", True)
        if many_lines:
            kwargs["style"] = {"base_template": "textarea.html"}
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> str:
        text = super().to_internal_value(data)
        try:
            text.encode()
        except UnicodeEncodeError:
            raise serializers.ValidationError("This text holds half a character.") from None
        return text


class MomentField(serializers.DateTimeField):
    """A moment with its offset, since 1970: before that, offsets have seconds that no format for other software knows."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"required": False, "allow_null": True} | kwargs)

    def to_internal_value(self, value: Any) -> datetime:
        moment: datetime = super().to_internal_value(value)
        if moment < EARLIEST:
            raise serializers.ValidationError("This is too long ago: give a moment since 1970.")
        return moment


@extend_schema_field({"type": "object", "additionalProperties": {}})
class FactsField(serializers.JSONField):
    """An object of named values: text, numbers, yes or no, dates as text, lists of these."""

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        value = super().to_internal_value(data)
        if not isinstance(value, dict):
            raise serializers.ValidationError("Facts are an object of names and values.")
        written = json.dumps(value)
        if len(value) > MOST_FACTS or len(written) > LONGEST_FACTS:
            raise serializers.ValidationError(f"At most {MOST_FACTS} facts and {LONGEST_FACTS} characters.")
        if (
            "\\u0000" in written
            or "\\ud8" in written
            or any(f"\\ud{digit}" in written for digit in "9abcdef")
        ):
            self._refuse_half_characters(value)
        return value

    def _refuse_half_characters(self, value: Any) -> None:
        try:
            text = json.dumps(value, ensure_ascii=False)
            text.encode()
        except UnicodeEncodeError:
            raise serializers.ValidationError("A fact holds half a character.") from None
        if "\\u0000" in text:
            raise serializers.ValidationError("A fact holds a NUL byte.")
