"""A brief while it is written: what it begins with, what is kept of it, and how complete it is.

It begins with the draft that this person kept; else with the brief that sales gave back; else with the template for the lead's
campaign or source, and what the timeline tells. What nobody has edited yet stays marked with where it came from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q, TextChoices
from django.utils.translation import gettext_lazy as _

from handoff import prefilling, returning
from handoff.models import LONGEST_WAIVER, BriefDraft, BriefItem, BriefTemplate, Handoff
from leads.models import Lead, Stage
from leads.models.act import UNDO_WITHIN
from smarketing.prepared import Prepared

if TYPE_CHECKING:
    from handoff.models import HandoffRules, Return
    from smarketing.accounts.models import User

LONGEST_KEPT = 5_000
KEPT_FOR = timedelta(days=90)

DRAFT = Prepared(
    lambda lead, person: BriefDraft.objects.filter(lead=lead, person=person)[:1], lead=int, person=int
)
OFFERED = Prepared(lambda: BriefTemplate.objects.filter(retired_at=None).order_by("name", "id")[:200])


class Origin(TextChoices):
    TIMELINE = "TIMELINE", _("from the timeline")
    TEMPLATE = "TEMPLATE", _("from the template")
    EARLIER = "EARLIER", _("from the brief that was returned")


@dataclass(frozen=True)
class Completeness:
    """How much of a brief is there. Both teams see the same."""

    given: int
    total: int
    missing: tuple[str, ...] = ()  # demanded, with neither a text nor a reason
    waived: tuple[str, ...] = ()

    @property
    def is_complete(self) -> bool:
        return not self.missing


@dataclass(frozen=True)
class Beginning:
    """What stands in the form before somebody types. `prefilled`: {key: {"text", "from"}} of what nobody has edited."""

    texts: Mapping[str, str] = field(default_factory=dict)
    waived: Mapping[str, str] = field(default_factory=dict)
    prefilled: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    to: str = ""
    kept_at: datetime | None = None
    template: BriefTemplate | None = None
    offered: Sequence[BriefTemplate] = ()
    returned: Return | None = None


def begin(lead: Lead, rules: HandoffRules, *, by: User | None) -> Beginning:
    returned = returning.unsettled(lead) if lead.stage == Stage.SQL else None
    templates = offered()
    draft = DRAFT.first(lead=lead.pk, person=by.pk) if by else None
    if draft:
        return Beginning(
            draft.texts,
            draft.waived,
            draft.prefilled,
            draft.to,
            draft.kept_at,
            offered=templates,
            returned=returned,
        )
    template = template_for(lead, templates)
    known = _from(Origin.TIMELINE, prefilling.suggestions(prefilling.story_of(lead), rules.brief_items))
    if template:
        known |= _from(Origin.TEMPLATE, template.texts)
    waived: dict[str, str] = {}
    to = ""
    if returned:
        earlier, waived = _brief_of(returned.handoff)
        known |= _from(Origin.EARLIER, earlier)
        to = str(returned.handoff.receiver_id or "")
    asked = {item["key"] for item in rules.brief_items}
    prefilled = {key: one for key, one in known.items() if key in asked}
    texts = {key: one["text"] for key, one in prefilled.items()}
    return Beginning(texts, waived, prefilled, to, template=template, offered=templates, returned=returned)


@transaction.atomic
def keep(
    lead: Lead,
    rules: HandoffRules,
    *,
    texts: Mapping[str, str],
    waived: Mapping[str, str],
    to: str = "",
    by: User,
    at: datetime,
) -> BriefDraft | None:
    """The newest texts count; None once the lead is with sales: then there is nothing left to draft."""
    Lead.objects.select_for_update(no_key=True, of=("self",)).get(pk=lead.pk)
    if Handoff.objects.open().filter(lead=lead).exists():
        return None
    before = begin(lead, rules, by=by)
    keys = [item["key"] for item in rules.brief_items]
    kept = {key: texts[key].strip()[:LONGEST_KEPT] for key in keys if texts.get(key, "").strip()}
    draft = BriefDraft(
        lead=lead,
        person=by,
        texts=kept,
        waived={key: waived[key].strip()[:LONGEST_WAIVER] for key in keys if waived.get(key, "").strip()},
        prefilled={key: one for key, one in before.prefilled.items() if kept.get(key) == one["text"].strip()},
        to=to[:20],
        kept_at=at,
    )
    BriefDraft.objects.bulk_create(
        [draft],
        update_conflicts=True,
        unique_fields=["lead", "person"],
        update_fields=["texts", "waived", "prefilled", "to", "kept_at"],
    )
    return draft


def forget_stale(at: datetime) -> int:
    """Drafts say things of people: those that nobody will send go. Their lead ended more than a day ago (so that undoing finds
    them), or nobody touched them for `KEPT_FOR`. Returns how many."""
    ended = Q(lead__closed_at__lt=at - UNDO_WITHIN)
    return BriefDraft.objects.filter(ended | Q(kept_at__lt=at - KEPT_FOR)).delete()[0]


@transaction.atomic
def use_template(
    lead: Lead, rules: HandoffRules, template: BriefTemplate, *, by: User, at: datetime
) -> BriefDraft | None:
    """The template's texts stand where nobody has written anything of his own."""
    before = begin(lead, rules, by=by)
    free = {
        key: text
        for key, text in template.texts.items()
        if key in before.prefilled or not before.texts.get(key)
    }
    draft = keep(
        lead, rules, texts={**before.texts, **free}, waived=before.waived, to=before.to, by=by, at=at
    )
    if draft:
        draft.prefilled |= {
            key: one for key, one in _from(Origin.TEMPLATE, free).items() if draft.texts.get(key)
        }
        BriefDraft.objects.filter(lead=lead, person=by).update(prefilled=draft.prefilled)
    return draft


def offered() -> list[BriefTemplate]:
    """The templates that a brief can begin with."""
    return OFFERED.objects()


def template_for(lead: Lead, among: Sequence[BriefTemplate] | None = None) -> BriefTemplate | None:
    """The one for its campaign; else for its source; else the one for all."""
    fitting = [
        one
        for one in (offered() if among is None else among)
        if (one.campaign_id is None or one.campaign_id == lead.campaign_id)
        and (one.source_id is None or one.source_id == lead.source_id)
    ]
    return min(fitting, key=lambda one: (one.campaign_id is None, one.source_id is None), default=None)


def completeness(rules: HandoffRules, texts: Mapping[str, str], waived: Mapping[str, str]) -> Completeness:
    """Of a brief that is still written."""
    given = {item["key"] for item in rules.brief_items if texts.get(item["key"], "").strip()}
    open_ = [item for item in rules.brief_items if item.get("required") and item["key"] not in given]
    let_go = [item for item in open_ if waived.get(item["key"], "").strip()]
    return Completeness(
        len(given),
        len(rules.brief_items),
        tuple(str(item["label"]) for item in open_ if item not in let_go),
        tuple(str(item["label"]) for item in let_go),
    )


def completeness_of(items: list[BriefItem]) -> Completeness:
    """Of a brief that was sent."""
    return Completeness(
        sum(bool(item.text) for item in items),
        len(items),
        tuple(item.label for item in items if item.required and not item.text and not item.waived_reason),
        tuple(item.label for item in items if item.waived_reason),
    )


# Mechanics


def _from(origin: Origin, texts: Mapping[str, Any]) -> dict[str, Mapping[str, str]]:
    return {key: {"text": str(text), "from": origin.value} for key, text in texts.items() if text}


def _brief_of(handoff: Handoff) -> tuple[dict[str, str], dict[str, str]]:
    items = list(handoff.brief_items.all())
    return (
        {item.key: item.text for item in items if item.text},
        {item.key: item.waived_reason for item in items if item.waived_reason},
    )
