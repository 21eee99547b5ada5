"""Erasing a person: nothing that says who it was remains, and every figure stays as it is.

The contact is the only place of personal data, so that row is emptied. What colleagues wrote about the person in their own words is
blacked out here and, by `contact_erased`, in the rooms above. Stages, moments, answers, amounts, sources and clocks stay.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F, Q, QuerySet

from leads.blacking_out import black_out, change, facts_may_change
from leads.criteria.definition import facts_in, parse
from leads.editing import REMEMBERED
from leads.models import (
    Act,
    Activity,
    ActivityKind,
    BatchState,
    Contact,
    Criterion,
    Erasure,
    ImportBatch,
    ImportRow,
    Judgement,
    Lead,
    LeadFact,
    Qualification,
    StageChange,
)
from leads.signals import contact_erased
from smarketing.api.models import RememberedAnswer

if TYPE_CHECKING:
    from smarketing.accounts.models import User

PERSONAL = ("first_name", "last_name", "email", "phone", "job_title", "language", "consent")


@dataclass(frozen=True)
class Extent:
    """What an erasure is about, counted before it is done."""

    leads: int
    entries: int  # on the timelines
    is_open: bool  # a colleague is still at work with one of the leads


def extent(contact: Contact) -> Extent:
    leads = Lead.objects.filter(contact=contact)
    return Extent(
        leads=leads.count(),
        entries=Activity.objects.filter(lead__in=leads).count(),
        is_open=leads.open().exists(),
    )


@transaction.atomic
def erase_contact(contact: Contact, *, by: User, reason: str, at: datetime) -> Erasure:
    """Nobody can tell any more who this was, nor undo it; nobody may call. Safe to repeat: the first erasure is the one that counts."""
    locked = Contact.objects.select_for_update().get(pk=contact.pk)
    if locked.erased_at:
        return Erasure.objects.get(contact=locked)
    lead_ids = list(
        Lead.objects.select_for_update().filter(contact=locked).order_by("pk").values_list("pk", flat=True)
    )
    _forget_answers_that_name(locked)
    with facts_may_change():
        _black_out_leads(lead_ids)
        contact_erased.send(sender=Contact, contact=locked, lead_ids=lead_ids, by=by, at=at)
    Contact.objects.filter(pk=locked.pk).update(
        **dict.fromkeys(PERSONAL, ""), do_not_contact_at=at, erased_at=at
    )
    contact.refresh_from_db()
    return Erasure.objects.create(contact=contact, reason=reason, erased_by=by, erased_at=at)


# Mechanics


def _black_out_leads(lead_ids: list[int]) -> None:
    leads = Lead.objects.filter(pk__in=lead_ids)
    of_leads = Q(lead__in=lead_ids)
    black_out(leads, "reason", "next_step")
    leads.update(external_id="", version=F("version") + 1)
    black_out(StageChange.objects.filter(of_leads), "reason")
    black_out(Judgement.objects.filter(of_leads), "evidence")
    entries = Activity.objects.filter(of_leads)
    change(entries, title="", body="")
    change(entries.exclude(kind=ActivityKind.EDIT), details={})  # an edit names its fields, never the values
    _forget_facts(leads)
    _forget_evidence(Qualification.objects.filter(of_leads))
    _forget_files(ImportRow.objects.filter(lead_id__in=lead_ids))
    Act.objects.filter(of_leads).delete()  # they remember words to put back


def _forget_files(rows: QuerySet[ImportRow]) -> None:
    """Files from which one of these rows was loaded are gone once this is committed; what became of their rows stays."""
    batches = rows.order_by().values_list("batch_id", flat=True).distinct()
    for batch in ImportBatch.objects.filter(pk__in=list(batches), state=BatchState.DONE):
        transaction.on_commit(partial(shutil.rmtree, batch.folder, ignore_errors=True))
    rows.update(problem=None, warnings=None)


def _forget_facts(leads: QuerySet[Lead]) -> None:
    """Numbers and days tell nothing of who it was; of words only those stay that a criterion tests, or a figure tells apart."""
    counted = {*REMEMBERED, *_tested_facts()}
    for lead in leads.only("pk", "facts"):
        kept = {key: value for key, value in lead.facts.items() if key in counted or not _is_words(value)}
        if kept != lead.facts:
            Lead.objects.filter(pk=lead.pk).update(facts=kept)
    for fact in LeadFact.objects.filter(lead__in=leads).exclude(key__in=counted):
        if _is_words(fact.value):
            change(LeadFact.objects.filter(pk=fact.pk), value=None)


def _tested_facts() -> set[str]:
    rules = Criterion.objects.exclude(rule=None).values_list("rule", flat=True)
    return {fact for rule in rules for fact in facts_in(parse(rule))}


def _is_words(value: Any) -> bool:
    return isinstance(value, (str, list, dict))


def _forget_evidence(qualifications: QuerySet[Qualification]) -> None:
    """The answers and points of a verdict stay, the evidence under them goes."""
    black_out(qualifications, "override_reason")
    for qualification in qualifications.only("pk", "verdict"):
        verdict = qualification.verdict
        for line in verdict.get("criteria", []):
            line["evidence"] = ""
        change(qualifications.filter(pk=qualification.pk), verdict=verdict)


def _forget_answers_that_name(contact: Contact) -> None:
    """The API remembers for a day what it answered to a request; those that tell of this person go now."""
    named = Q()
    for words in ((contact.email,), (contact.phone,), (contact.first_name, contact.last_name)):
        if all(words):
            named |= Q(*(Q(body__icontains=word) for word in words))
    if named:
        RememberedAnswer.objects.filter(named).delete()
