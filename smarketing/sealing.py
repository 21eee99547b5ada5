"""Secrets that we must be able to read again (addresses and keys of connections) lie sealed in the database; the key lies outside it."""

from __future__ import annotations

import base64
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class SealBroken(Exception):
    """The key is another one than that with which it was sealed."""


def seal(secret: str) -> str:
    return _box(settings.SEALING_KEY).encrypt(secret.encode()).decode()


def unseal(sealed: str) -> str:
    """Raises SealBroken."""
    try:
        return _box(settings.SEALING_KEY).decrypt(sealed.encode()).decode()
    except InvalidToken as problem:
        raise SealBroken from problem


@lru_cache(maxsize=4)
def _box(key: str) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"smarketing sealed secrets").derive(
        key.encode()
    )
    return Fernet(base64.urlsafe_b64encode(derived))
