"""Leads by a few words, fast for rare, common and absent words at a million leads.

PostgreSQL cannot estimate how often a beginning of a word occurs, and each plan is a disaster for the other kind of word. So we look
first. What very many match is found soon by walking the list in its own order. All else is looked up in the index of words, in one
statement whose plan cannot walk. There, reading the places of a common word costs more than looking whether a found contact has it:
only the rarer words are looked up, the others are tested.
Several common words are looked up as whole words, which is quicker (`longer_words.py`).

Statistics say which words are common without looking at any row. Where they are silent (they know whole words, and one word at a
time), the contacts on some pages of the table are counted (`common_words.py`).
"""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, F, Func, QuerySet

from leads import common_words, longer_words
from leads.common_words import Look
from leads.models import Contact
from leads.searching import all_of, prefixes

FEW = 10_000
COMMON = 2 * FEW  # by statistics, which are a sample of single rows
SURELY_MANY = 0.1  # the share of counted contacts, which stand side by side and may be alike
LONGER_IS_RARE = 50  # so many times fewer contacts have it than the word itself
MOST_WHOLE = 4
RARER = 6  # a word that is so many times more common than the rarest is tested, not looked up


@dataclass(frozen=True)
class Plan:
    """How to find the contacts that have all `words`: by walking, or by looking up some of the words and testing the others."""

    words: list[str]
    walk: bool
    looked_up: list[str]
    as_whole_words: bool = False  # what is looked up: very many have it, and hardly anybody a longer word

    @property
    def tested(self) -> list[str]:
        return [word for word in self.words if word not in self.looked_up]

    def contacts(self) -> QuerySet[Contact]:
        if self.as_whole_words:
            found = Contact.objects.filter(longer_words.has_all(self.looked_up))
        else:
            found = Contact.objects.filter(search=all_of(self.looked_up))
        if self.tested:
            found = found.filter(Tested(F("search"), all_of(self.tested)))
        return found


class Tested(Func):
    """A condition on a text vector that no index answers, and of which PostgreSQL thinks that it often holds."""

    template, arg_joiner = "(CASE WHEN %(expressions)s THEN true ELSE false END)", " @@ "
    output_field = BooleanField()


class AnyOf(Func):
    """One of the numbers that another query finds first. It is no join: PostgreSQL cannot turn it round and walk."""

    template, arg_joiner, output_field = "(%(expressions)s))", " = ANY (", BooleanField()

    def __init__(self, column: str, numbers: QuerySet[Contact]) -> None:
        super().__init__(F(column), ArraySubquery(numbers.order_by().values("pk")))


def plan_for(text: str) -> Plan | None:
    """The plan for contacts of whom each word of `text` begins a word; None when it has no word."""
    words = list(dict.fromkeys(prefixes(text)))
    if not words:
        return None
    seen = common_words.look()
    if len(words) == 1 and seen.by_statistics(words[0]) >= COMMON:
        return Plan(words, walk=True, looked_up=[])
    counts = [len(seen.who_has(word)) for word in words]
    limit = RARER * max(min(counts), 1)
    rarer = [word for word, count in zip(words, counts, strict=True) if count <= limit]
    walk = _surely_very_many_have(words, seen)
    return Plan(words, walk, rarer, as_whole_words=_are_better_whole(rarer, seen))


def _are_better_whole(words: list[str], seen: Look) -> bool:
    """There are several, each is common, and few contacts have a longer word instead."""
    if not 1 < len(words) <= MOST_WHOLE or not longer_words.can_be_sought_so(words):
        return False
    with_each = [(len(seen.who_has(word)), len(seen.who_has_longer(word))) for word in words]
    return all(seen.in_all(count) > FEW and longer * LONGER_IS_RARE <= count for count, longer in with_each)


def _surely_very_many_have(words: list[str], seen: Look) -> bool:
    """More than FEW contacts, even if others are less like the counted ones than they look."""
    share = SURELY_MANY * seen.counted
    return seen.in_all(share) > COMMON and len(seen.who_has_all(words)) >= share
