"""The words of the product: one per idea, the same for both teams, on every screen and in every report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True)
class Word:
    key: str
    word: Any
    meaning: Any


WORDS = [
    Word("lead", _("Lead"), _("One expression of interest by a person. A person has at most one open lead.")),
    Word("source", _("Source"), _("The kind of place that a lead came from.")),
    Word("campaign", _("Campaign"), _("One marketing effort with a period and a cost.")),
    Word("fact", _("Fact"), _("A named value of a lead that a criterion can test, with its origin and moment.")),
    Word("criterion", _("Criterion"), _("One line of what makes a lead sales-ready: required, or nice to have with points. Both teams approve a version.")),
    Word("judgement", _("Judgement"), _("A person's answer to a criterion: yes, no or unknown, with what it is based on. Unknown is not no.")),
    Word("qualified", _("Qualified"), _("Worth marketing's attention.")),
    Word("sales-ready", _("Sales-ready"), _("Meets the agreed criteria: what marketing delivers to sales.")),
    Word("hot", pgettext_lazy("lead", "Hot"), _("A sales-ready lead for which the agreement's rule for hot leads holds: sales contacts it sooner.")),
    Word("hand-off", _("Hand-off"), _("Marketing delivers one lead to sales, with a brief. It is answered.")),
    Word("brief", _("Brief"), _("What sales must know before the first call, as the agreement demands it. Fixed once sent.")),
    Word("accept", _("Accept"), _("Sales takes the lead.")),
    Word("return", pgettext_lazy("act", "Return"), _("Sales gives the lead back before contact, with a reason. It is a duty of marketing then, with its own clock.")),
    Word("question", _("Question"), _("Sales asks for information, once. The clock is with marketing until the answer.")),
    Word("first-contact", _("First contact"), _("The first genuine call, mail or meeting by sales that is logged. The agreement says whether an attempt counts.")),
    Word("disqualify", _("Disqualify"), _("Not a fit, found out by contact.")),
    Word("recycle", _("Recycle"), _("Back to marketing: not now.")),
    Word("opportunity", _("Opportunity"), _("A possible deal with an amount.")),
    Word("customer", _("Customer"), _("Bought. A new interest is a new lead.")),
    Word("agreement", _("Agreement"), _("What the two teams promise each other, signed by both. Clocks, queue and scorecard go by it.")),
    Word("promise", _("Promise"), _("One line of the agreement: who owes what, how much or how soon, and how it is measured.")),
    Word("clock", _("Clock"), _("The measuring of one promise on one hand-off, in working time. It belongs to one team at a time.")),
    Word("due", _("Due"), _("The moment at which the promised working time has run out. Exactly then is still in time.")),
    Word("late", _("Late"), _("Past due, and not done. What was done late stays late.")),
    Word("pool", _("Pool"), _("Hand-offs that nobody has yet: whoever claims one has it.")),
    Word("queue", _("Queue"), _("What a rep does next, ordered by what is due.")),
    Word("call-sheet", _("Call sheet"), _("One page with the story of the lead, to read before dialling.")),
    Word("prepared", _("Prepared"), _("The call sheet was opened before the first contact.")),
    Word("scorecard", _("Scorecard"), _("How each promise stands this month. Frozen when the month has ended.")),
    Word("funnel", _("Funnel"), _("How many leads came how far.")),
    Word("cohort", _("Cohort"), _("The leads that came in within one period, followed onward.")),
    Word("conversion", _("Conversion"), _("Of those who reached one stage, the share who later reached another.")),
]  # fmt: skip
BY_KEY = {word.key: word for word in WORDS}
