"""A person answers a question of the checklist, or corrects what a rule said."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from leads.criteria.verdicts import CriterionVerdict, verdicts
from leads.models.criteria import CriteriaSet
from leads.models.judgement import Answer, Judgement
from leads.models.lead import Lead

if TYPE_CHECKING:
    from smarketing.accounts.models import User

LONGEST_EVIDENCE = 500


class NoSuchCriterion(Exception):
    """The criteria in force have no such question: perhaps a newer version came into force."""

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(_("The criteria in force have no question “%(key)s”.") % {"key": key})


class ReasonNeeded(Exception):
    """Who corrects an automatic answer says why."""

    def __init__(self, label: str) -> None:
        self.label = label
        super().__init__(_("%(label)s: say why the automatic answer is not right.") % {"label": label})


class LeadClosed(Exception):
    """The lead ended; its answers stay as they were."""

    def __init__(self, lead: Lead) -> None:
        self.lead = lead
        super().__init__(_("%(lead)s is closed: the answers stay as they were.") % {"lead": lead})


@transaction.atomic
def judge(
    lead: Lead, key: str, answer: str, evidence: str = "", *, by: User | None, at: datetime
) -> Judgement:
    """The answer counts from now on, with its evidence; the same answer as the rule's takes a correction back."""
    criteria_set = CriteriaSet.objects.in_force()
    locked = Lead.objects.select_for_update(of=("self",)).for_list().get(pk=lead.pk)
    if not locked.is_open:
        raise LeadClosed(locked)
    line = verdicts([locked], criteria_set, at=at)[0].line(key)
    if line is None:
        raise NoSuchCriterion(key)
    evidence = evidence.strip()[:LONGEST_EVIDENCE]
    if line.automatic not in (None, answer) and not evidence:
        raise ReasonNeeded(line.label)
    lead.answers = _with(locked.answers, line, Answer(answer))
    Lead.objects.filter(pk=lead.pk).update(answers=lead.answers)
    return Judgement.objects.create(
        lead=lead, key=key, answer=answer, evidence=evidence, judged_by=by, judged_at=at
    )


def _with(answers: dict[str, str], line: CriterionVerdict, answer: Answer) -> dict[str, str]:
    """Unknown is no answer to a question; to a rule it is one, as long as it differs from the rule's own."""
    others = {key: kept for key, kept in answers.items() if key != line.key}
    is_nothing = answer == Answer.UNKNOWN if line.automatic is None else answer == line.automatic
    return others if is_nothing else {**others, line.key: answer.value}
