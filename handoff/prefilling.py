"""What is known of a lead already, as a first text for the items of its brief. One pure function per item; each may say nothing.

A person reads it, changes it and sends it: nothing here decides anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from leads.models import Activity, ActivityKind, Judgement
from smarketing.prepared import Prepared

if TYPE_CHECKING:
    from leads.models import Lead

LOOKED_AT = 60  # activities, the newest
NAMED = 4  # at most so many of one kind are named
TOUCHES = (ActivityKind.FORM, ActivityKind.DOWNLOAD, ActivityKind.VISIT)
OURS = (ActivityKind.EMAIL, ActivityKind.CALL, ActivityKind.MEETING)


@dataclass(frozen=True)
class Happened:
    """One thing on the timeline; `ours` when a colleague did it."""

    kind: str
    at: datetime
    title: str
    body: str = ""
    ours: bool = False


@dataclass(frozen=True)
class Story:
    """What a brief can be begun with: the timeline newest first, the facts, and the evidence that people gave for a yes."""

    happened: tuple[Happened, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    evidence: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""  # of the latest time that the lead was put aside


HAPPENED = Prepared(
    lambda lead: (
        Activity.objects.filter(lead=lead)
        .exclude(kind__in=[ActivityKind.EDIT, ActivityKind.NEXT_STEP])
        .order_by("-occurred_at", "-id")
        .values_list("kind", "occurred_at", "title", "body", "actor_id")[:LOOKED_AT]
    ),
    lead=int,
)
SAID = Prepared(
    lambda lead: (
        Judgement.objects.filter(lead=lead)
        .order_by("key", "-id")
        .distinct("key")
        .values_list("key", "answer", "evidence")
    ),
    lead=int,
)


def story_of(lead: Lead) -> Story:
    """Two queries."""
    happened = [
        Happened(kind, at, title, body, actor is not None)
        for kind, at, title, body, actor in HAPPENED.rows(lead=lead.pk)
    ]
    said = SAID.rows(lead=lead.pk)
    evidence = {key: evidence for key, answer, evidence in said if answer == "YES" and evidence}
    return Story(tuple(happened), lead.facts, evidence, lead.reason)


def suggestions(story: Story, items: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """A text for each item about which something is known, no longer than the agreement allows."""
    found = {}
    for item in items:
        suggest = SUGGESTED.get(item["key"])
        text = suggest(story) if suggest else ""
        if text:
            found[item["key"]] = text[: item.get("max_length") or 2000].rstrip()
    return found


# One function per item


def why_now(story: Story) -> str:
    """The newest thing that the lead did: a form before a download before a visit."""
    for kind in TOUCHES:
        latest = next((one for one in story.happened if one.kind == kind and not one.ours), None)
        if latest:
            told = f"{_titled(latest)} ({_day(latest.at)})"
            return f"{told}: {latest.body}" if latest.body else told
    return ""


def wants(story: Story) -> str:
    """What was asked for, and the pain that somebody heard."""
    requested = story.facts.get("requested")
    asked = requested if isinstance(requested, list) else [requested] if requested else []
    words = [_("Asked for: %(what)s") % {"what": ", ".join(str(one) for one in asked)}] if asked else []
    return ". ".join([*words, *(story.evidence[key] for key in ("pain",) if key in story.evidence)])


def decider(story: Story) -> str:
    return _evidence(story, "decider", "decides") or _fact(story, "decider")


def best_moment(story: Story) -> str:
    return _fact(story, "best_moment", "best_time", "call_at") or _evidence(story, "talk")


def already_told(story: Story) -> str:
    """What the lead saw, and what we said to it."""
    seen = _named(story, ActivityKind.DOWNLOAD)
    looked = _named(story, ActivityKind.VISIT, dated=False)
    told = [one for kind in OURS for one in _named(story, kind, ours=True)]
    parts = [
        (_("Downloaded: %(what)s"), seen),
        (_("Looked at: %(what)s"), looked),
        (_("From us: %(what)s"), told),
    ]
    return ". ".join(words % {"what": ", ".join(named)} for words, named in parts if named)


def careful(story: Story) -> str:
    complaint = _fact(story, "complaint", "careful")
    earlier = _("Put aside before: %(why)s") % {"why": story.reason} if story.reason else ""
    return ". ".join(filter(None, [complaint, earlier]))


def promise(story: Story) -> str:
    return _fact(story, "promise", "promised")


SUGGESTED: dict[str, Callable[[Story], str]] = {
    "why_now": why_now,
    "wants": wants,
    "need": wants,
    "decider": decider,
    "best_moment": best_moment,
    "already_told": already_told,
    "careful": careful,
    "promise": promise,
}


# Mechanics


def _titled(one: Happened) -> str:
    return one.title or str(ActivityKind(one.kind).label)


def _day(at: datetime) -> str:
    return formats.date_format(timezone.localtime(at), "j M")


def _named(story: Story, kind: str, *, ours: bool = False, dated: bool = True) -> list[str]:
    """The newest few of a kind, each title once."""
    found: dict[str, str] = {}
    for one in story.happened:
        if one.kind == kind and (one.ours or not ours):
            title = _titled(one)
            found.setdefault(title, f"{title} ({_day(one.at)})" if dated else title)
    return list(found.values())[:NAMED]


def _fact(story: Story, *keys: str) -> str:
    return next((str(story.facts[key]) for key in keys if story.facts.get(key)), "")


def _evidence(story: Story, *keys: str) -> str:
    return next((story.evidence[key] for key in keys if story.evidence.get(key)), "")
