"""A sentence that was looked up once is not looked up again.

Of a sentence in English Django asks each of its catalogs twice before it answers with the sentence itself, and fifty rows ask five hundred times.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils.translation.trans_real import translation

MANY = 16_384  # more than the product says; what is not a sentence of ours cannot fill the memory


def remember() -> None:
    """From now on this process looks each sentence up once in each language. Saying so twice changes nothing."""
    for code, _name in settings.LANGUAGES:
        catalog: Any = translation(code)
        if "gettext" not in vars(catalog):
            catalog.gettext = lru_cache(maxsize=MANY)(catalog.gettext)
