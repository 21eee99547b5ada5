"""Who sends a request: the person whose token it carries."""

from __future__ import annotations

import binascii
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.plumbing import build_bearer_security_scheme_object
from knox import auth
from knox.crypto import hash_token
from rest_framework.exceptions import AuthenticationFailed

from smarketing.accounts.models import User
from smarketing.api.models import ApiToken
from smarketing.prepared import Prepared

VALID = Prepared(
    lambda digest, at: ApiToken.objects.select_related("user__team").filter(
        Q(expiry=None) | Q(expiry__gt=at), digest=digest
    )[:1],
    digest=str,
    at=datetime,
)


class TokenAuthentication(auth.TokenAuthentication):
    """Finds the token by its hash, with the person and the team, in one query. Knox asks three times and tidies as it goes."""

    def authenticate_credentials(self, token: bytes) -> tuple[User, ApiToken]:
        try:
            digest = hash_token(token.decode("ascii"))
        except (UnicodeDecodeError, TypeError, binascii.Error):
            raise AuthenticationFailed("This is not a token.") from None
        found = VALID.first(digest=digest, at=timezone.now())
        if found is None or not found.user.is_active:
            raise AuthenticationFailed("This token does not work, or no longer.")
        return found.user, found


class TokenInSchema(OpenApiAuthenticationExtension):
    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return build_bearer_security_scheme_object("Authorization", "Token")
