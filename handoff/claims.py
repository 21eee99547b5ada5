"""What marketing claimed of a lead, and what sales found out about it in its first conversation.

A claim is a soft criterion that was answered with yes, or an item of the brief that has a text. Sales confirms it, denies it, or says
that it did not come up; the newest finding counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Exists, OuterRef

from handoff import errors
from handoff.models import BriefItem, ClaimCheck, ClaimKind, Finding, Handoff
from leads.models import Lead

if TYPE_CHECKING:
    from smarketing.accounts.models import User


@dataclass(frozen=True)
class Claim:
    kind: str
    key: str
    label: str
    text: str  # the evidence, or what the brief says
    check: ClaimCheck | None = None

    @property
    def id(self) -> str:
        return f"{self.kind.lower()}-{self.key}"

    @property
    def finding(self) -> str:
        return self.check.finding if self.check else ""


def of(handoff: Handoff, *, brief: Sequence[BriefItem] | None = None) -> list[Claim]:
    """In the order of the criteria, then of the brief. One query, and one more for the brief when it is not given."""
    items = handoff.brief_items.order_by("position") if brief is None else brief
    newest = (
        ClaimCheck.objects.filter(handoff=handoff)
        .select_related("checked_by")
        .order_by("kind", "key", "-id")
        .distinct("kind", "key")
    )
    checks = {(check.kind, check.key): check for check in newest}
    verdict = handoff.qualification.lines if handoff.qualification else []
    claimed = [
        (ClaimKind.CRITERION.value, line["key"], line["label"], line.get("evidence") or "")
        for line in verdict
        if str(line.get("kind", "")).upper() == "SOFT" and str(line.get("answer", "")).upper() == "YES"
    ]
    claimed += [(ClaimKind.BRIEF.value, item.key, item.label, item.text) for item in items if item.text]
    return [Claim(kind, key, label, text, checks.get((kind, key))) for kind, key, label, text in claimed]


def unchecked_of(lead: Lead) -> Handoff | None:
    """The lead's open hand-off, when somebody has spoken with the lead and nobody has checked any of its claims yet."""
    handoff = (
        Handoff.objects.open()
        .filter(lead=lead, first_conversation_at__isnull=False)
        .exclude(Exists(ClaimCheck.objects.filter(handoff=OuterRef("pk"))))
        .select_related("qualification")
        .first()
    )
    return handoff if handoff and of(handoff) else None


@transaction.atomic
def check(handoff: Handoff, findings: Mapping[str, str], *, by: User, at: datetime) -> list[ClaimCheck]:
    """`findings`: {claim id: Finding}. Each that is new or different is a fact. Raises NotSpokenYet, NoSuchClaim."""
    Handoff.objects.select_for_update(no_key=True, of=("self",)).get(pk=handoff.pk)
    handoff.refresh_from_db(fields=["first_conversation_at"])
    if handoff.first_conversation_at is None:
        raise errors.NotSpokenYet
    known = {claim.id: claim for claim in of(handoff)}
    unknown = findings.keys() - known.keys()
    if unknown:
        raise errors.NoSuchClaim(sorted(unknown)[0])
    return [
        ClaimCheck.objects.create(
            handoff=handoff,
            kind=known[id_].kind,
            key=known[id_].key,
            label=known[id_].label[:200],
            finding=Finding(finding),
            checked_by=by,
            checked_at=at,
        )
        for id_, finding in findings.items()
        if finding and finding != known[id_].finding
    ]
