"""Whose password was tried: django-axes counts failures by this name and the address that they come from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest


def whose(request: HttpRequest, credentials: Mapping[str, Any] | None = None) -> str:
    """The e-mail address as it was typed, in lower case. The form calls it login, allauth email, Django username."""
    given = credentials or {}
    tried = next((given[name] for name in ("email", "username", "login") if given.get(name)), None)
    return str(tried or request.POST.get("login", "")).strip().lower()
