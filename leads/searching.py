"""Search by part of a name, company, e-mail or phone: one stored text vector, prefix queries, a GIN index.

The simple configuration and the letter folding below are immutable, so PostgreSQL can keep the vector up to date by itself.
"""

from __future__ import annotations

import re
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchVectorField
from django.db.models import BooleanField, Func

ACCENTED = "àáâãäåāçčèéêëēěìíîïīñńòóôõöøōùúûüūýÿžšß"
PLAIN = "aaaaaaacceeeeeeiiiiinnooooooouuuuuyyzss"
SEPARATORS = "@._-+/,;:()&'"


class SearchWords(Func):
    """A text vector over the named columns: lower case, accents folded, separators turned into spaces.

    Written for speed, as each new person pays for it: `translate` compares every letter with the whole of its list, so that it
    is left out where no letter can have an accent, and thirteen times `replace` are a fifth of one `translate` of separators.
    """

    output_field = SearchVectorField()
    arg_joiner = " || ' ' || "

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **extra: Any) -> Any:
        columns = [compiler.compile(column)[0] for column in self.get_source_expressions()]
        bytes_of, letters_of = (
            " + ".join(f"{measure}({column})" for column in columns) for measure in ("octet_length", "length")
        )
        folded = (
            f"CASE WHEN {bytes_of} = {letters_of} THEN lower(%(expressions)s) "
            f"ELSE translate(lower(%(expressions)s), {_literal(ACCENTED)}, {_literal(PLAIN)}) END"
        )
        for separator in SEPARATORS:
            folded = f"replace({folded}, {_literal(separator)}, ' ')"
        template = f"to_tsvector('simple'::regconfig, {folded})"
        return super().as_sql(compiler, connection, *args, **{**extra, "template": template})


class HasOtherLetters(Func):
    """A contact with a word that has a letter beyond ASCII, though accents are taken off. Cheap for who has no such letter at all."""

    output_field = BooleanField()
    OF_NAMES = ("first_name", "last_name", "company_name", "email", "phone")

    def __init__(self) -> None:
        super().__init__(*self.OF_NAMES, "search")

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **extra: Any) -> Any:
        *names, search = [compiler.compile(column)[0] for column in self.get_source_expressions()]
        bytes_of, letters_of = (
            " + ".join(f"{measure}({name})" for name in names) for measure in ("octet_length", "length")
        )
        return (
            f"(CASE WHEN {bytes_of} = {letters_of} THEN false ELSE octet_length({search}::text) <> length({search}::text) END)",
            [],
        )


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
