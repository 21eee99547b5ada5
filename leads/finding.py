"""Leads by a few words, fast for rare, common and absent words at a million leads.

PostgreSQL cannot estimate how often a prefix occurs, and either of its two plans is a disaster for the other kind of word. So we look
first: whom few words match is looked up in the index of words, by number; what many match is found soon by walking the
list in its own order. The table's statistics say which words are common without looking at any row.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from leads.models import Contact
from leads.searching import prefixes, words_query

FEW = 10_000
COMMON = 2 * FEW  # by statistics, which are a sample

HOW_COMMON = """
SELECT coalesce(max(frequency), 0) * (SELECT greatest(reltuples, 0) FROM pg_class WHERE oid = %s::regclass)
FROM pg_stats, unnest(most_common_elems::text::text[], most_common_elem_freqs) AS known(word, frequency)
WHERE schemaname = 'public' AND tablename = %s AND attname = 'search' AND starts_with(word, %s)
"""


@dataclass(frozen=True)
class Found:
    """The contacts whose words begin so, or that there are too many to name (`contacts` is None)."""

    contacts: list[int] | None

    @property
    def is_common(self) -> bool:
        return self.contacts is None


def contacts_like(text: str) -> Found:
    """Each word of `text` begins a word of theirs."""
    query, words = words_query(text), prefixes(text)
    if query is None:
        return Found([])
    if len(words) == 1 and _is_common(words[0]):
        return Found(None)
    numbers = list(Contact.objects.filter(search=query).values_list("pk", flat=True)[: FEW + 1])
    return Found(numbers if len(numbers) <= FEW else None)


def _is_common(word: str) -> bool:
    table = Contact._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(HOW_COMMON, [table, table, word])
        return cursor.fetchone()[0] >= COMMON
