"""How many contacts have words that begin so, by a look at some of them a moment ago.

Only a way of finding is chosen by this, never what is found (`finding.py`). So one look serves a process for WORDS_SECONDS, whatever
is sought meanwhile: 80 pages of contacts, and of the whole words that PostgreSQL's statistics name the commonest.
"""

from __future__ import annotations

import time
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce

from django.conf import settings
from django.db import connection

LOOKED_AT_PAGES = 80
LAST_LETTER = chr(0x10FFFF)

STATISTICS = """
SELECT greatest(reltuples, 0), pg_relation_size(oid) / current_setting('block_size')::int, most_common_elems::text::text[], most_common_elem_freqs
FROM pg_class LEFT JOIN pg_stats ON schemaname = 'public' AND tablename = relname AND attname = 'search'
WHERE oid = 'leads_contact'::regclass
"""
SOME_PAGES = "SELECT tsvector_to_array(search) FROM leads_contact TABLESAMPLE SYSTEM (%s)"


@dataclass(frozen=True)
class Look:
    """What was seen. Words are sorted; beside each word of the counted contacts stands which of them has it."""

    contacts: float  # in all, by statistics
    pages: int  # in all
    commonest: Sequence[tuple[str, float]]  # whole words, and which share of all contacts has them
    counted: int
    words: Sequence[str]
    whose: Sequence[int]

    def by_statistics(self, word: str) -> float:
        """How many contacts have the commonest whole word that begins so. Statistics know the whole table, but rare words not."""
        return (
            max((share for known, share in self.commonest if known.startswith(word)), default=0)
            * self.contacts
        )

    def who_has(self, word: str) -> set[int]:
        """Which of the counted contacts have a word that begins so."""
        return self._whose(word, word)

    def who_has_longer(self, word: str) -> set[int]:
        """Which of them have a word that begins so and goes on."""
        return self._whose(f"{word}\0", word)

    def who_has_all(self, words: Iterable[str]) -> set[int]:
        return reduce(set.intersection, map(self.who_has, words))

    def in_all(self, counted: float) -> float:
        """As many contacts in the whole table, if it is everywhere as on the pages that were looked at."""
        return counted * max(self.pages / LOOKED_AT_PAGES, 1)

    def _whose(self, first: str, beginning: str) -> set[int]:
        """Who has a word from `first` on to the last with this beginning."""
        begin = bisect_left(self.words, first)
        return set(self.whose[begin : bisect_left(self.words, beginning + LAST_LETTER, lo=begin)])


_kept: tuple[float, Look] | None = None


def look() -> Look:
    """The look of this process, at most WORDS_SECONDS old. Two queries when it is taken."""
    global _kept
    now = time.monotonic()
    if _kept is None or now - _kept[0] >= settings.WORDS_SECONDS:
        _kept = now, _taken()
    return _kept[1]


def _taken() -> Look:
    with connection.cursor() as cursor:
        cursor.execute(STATISTICS)
        contacts, pages, names, shares = cursor.fetchone()
        cursor.execute(SOME_PAGES, [min(100.0, 100.0 * LOOKED_AT_PAGES / max(pages, 1))])
        found = cursor.fetchall()
    had = sorted((word, number) for number, (words,) in enumerate(found) for word in words)
    return Look(
        contacts=contacts,
        pages=pages,
        commonest=list(zip(names or [], shares or [], strict=False)),
        counted=len(found),
        words=[word for word, _number in had],
        whose=[number for _word, number in had],
    )
