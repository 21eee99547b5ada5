"""Search by part of a name, company, e-mail or phone: one stored text vector, prefix queries, a GIN index.

The simple configuration and the letter folding below are immutable, so PostgreSQL can keep the vector up to date by itself.
"""

from __future__ import annotations

import re
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchVectorField
from django.db.models import Func

ACCENTED = "àáâãäåāçčèéêëēěìíîïīñńòóôõöøōùúûüūýÿžšß"
PLAIN = "aaaaaaacceeeeeeiiiiinnooooooouuuuuyyzss"
SEPARATORS = "@._-+/,;:()&'"


class SearchWords(Func):
    """A text vector over the named columns: lower case, accents folded, separators turned into spaces."""

    output_field = SearchVectorField()
    template = "to_tsvector('simple'::regconfig, translate(translate(lower(%(expressions)s), %(accented)s, %(plain)s), %(separators)s, %(spaces)s))"
    arg_joiner = " || ' ' || "

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **extra: Any) -> Any:
        quoted = {
            "accented": _literal(ACCENTED),
            "plain": _literal(PLAIN),
            "separators": _literal(SEPARATORS),
            "spaces": _literal(" " * len(SEPARATORS)),
        }
        return super().as_sql(compiler, connection, *args, **{**extra, **quoted})


MOST_WORDS = 8


def prefixes(text: str) -> list[str]:
    """The words of `text` as the vector has them."""
    folded = (
        text.lower()
        .translate(str.maketrans(ACCENTED, PLAIN))
        .translate(str.maketrans(SEPARATORS, " " * len(SEPARATORS)))
    )
    return re.findall(r"\w+", folded)[:MOST_WORDS]


def all_of(words: list[str]) -> SearchQuery:
    """Each of these begins a word."""
    return SearchQuery(as_query(words), config="simple", search_type="raw")


def as_query(words: list[str]) -> str:
    """In PostgreSQL's own notation."""
    return " & ".join(f"{word}:*" for word in words)


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
