"""Where each side stands today, in words: for the nightly mail and wherever else one line has to do."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from sla.scorecard import measuring
from sla.scorecard.measuring import Kept
from smarketing.periods import month_of

WORST_FIRST = {"late": 0, "soon": 1, "met": 2, "calm": 3}


def in_words(side: str, *, at: datetime) -> list[str]:
    """A line per promise of this side in the present month, the worst first: "84% of 90%: 6 too many". In the active language.

    Promises without a case, or with too few to judge, are left out; empty when nothing can be said yet.
    """
    return lines(measuring.of_month(month_of(timezone.localdate(at)), at=at), side)


def lines(figures: Iterable[Kept], side: str) -> list[str]:
    """The same for figures that are at hand, so that both sides are told from one counting."""
    own = [each for each in figures if each.owner == side and each.words and not each.is_few]
    return [_line(each) for each in sorted(own, key=lambda each: WORST_FIRST[each.state])]


def _line(figure: Kept) -> str:
    return _("%(promise)s: %(actual)s of %(target)s, %(room)s") % {
        "promise": figure.term.get_kind_display() if figure.term.kind != "OWN" else figure.term.label,
        "actual": figure.said,
        "target": figure.target_said,
        "room": figure.words,
    }
