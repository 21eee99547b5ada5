"""Taking back what was done, until the other side has acted: the columns are as they were before, and the facts tell both.

A room says which of its rows an act on a lead may change (`keep`), how to take back rows that the act has made, and adds the
facts that tell of the undoing when `act_undone` is sent. A verb is undoable by its decorator:

    @undoing.can_be_undone("ACCEPT", _("Accepted"))
    def accept(self, *, by, at): ...

The lead's row is locked first, so that acts on one lead come one after the other. A verb inside another verb is part of that one's act.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property, wraps
from typing import Any, TypeVar

from django.db import IntegrityError, models, transaction
from django.db.models import F, Value
from django.db.models.functions import Cast, JSONObject
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from leads import signals
from leads.models.act import UNDO_WITHIN, Act
from leads.models.lead import Lead
from smarketing.accounts.models import User
from smarketing.prepared import Prepared

Verb = TypeVar("Verb", bound=Callable[..., Any])
Rows = dict[str, dict[str, dict[str, Any]]]  # table -> key -> column -> value

LATEST = Prepared(lambda lead: Act.objects.standing().filter(lead=lead).order_by("-id")[:1], lead=int)
WORDS: dict[str, Any] = {}  # kind -> what was done, in words
_parts: dict[str, Part] = {}
_under_way: ContextVar[bool] = ContextVar("act_under_way", default=False)
_click: ContextVar[uuid.UUID | None] = ContextVar("click", default=None)


class CannotUndo(Exception):
    """Says why: who did what since (`since`), or that it is too long ago. Nothing was changed."""

    def __init__(self, words: str, *, since: Act | None = None, at: datetime | None = None) -> None:
        self.since, self.at = since, since.at if since else at
        super().__init__(words)


@dataclass(frozen=True)
class Part:
    """Rows of one table that an act on a lead may change. `take_back(row, by=, at=)` is for those that it made."""

    model: type[models.Model]
    rows: Callable[[int], models.QuerySet[Any]]  # of the lead with this id
    columns: tuple[str, ...]
    take_back: Callable[..., None] | None = None

    def look(self, lead_id: int) -> models.QuerySet[Any]:
        """Table, key and the columns as JSON; amounts as text, because JSON's numbers are not exact."""
        columns = {
            name: Cast(name, models.TextField())
            if isinstance(self.fields[name], models.DecimalField)
            else F(name)
            for name in self.columns
        }
        row = JSONObject(**columns) if columns else Value({}, output_field=models.JSONField())
        key = Cast("pk", models.TextField())
        table = Value(self.model._meta.label, output_field=models.TextField())
        return (
            self.rows(lead_id)
            .order_by()
            .annotate(_table=table, _key=key, _row=row)
            .values_list("_table", "_key", "_row")
        )

    @cached_property
    def fields(self) -> dict[str, Any]:
        return {field.attname: field for field in self.model._meta.concrete_fields}


def keep(
    model: type[models.Model],
    rows: Callable[[int], models.QuerySet[Any]],
    columns: list[str],
    *,
    take_back: Callable[..., None] | None = None,
) -> None:
    """From now on acts remember these columns. What an act made is taken back before they are restored, the latest registered first."""
    _parts[model._meta.label] = Part(model, rows, tuple(columns), take_back)


def can_be_undone(kind: str, words: Any) -> Callable[[Verb], Verb]:
    """The verb of a lead, or of something with a `lead_id`, leaves an act when a person did it."""
    WORDS[kind] = words

    def decorate(verb: Verb) -> Verb:
        @wraps(verb)
        def recorded(subject: Any, *args: Any, by: User | None, at: datetime, **more: Any) -> Any:
            if by is None or _under_way.get():
                return verb(subject, *args, by=by, at=at, **more)
            with _recording(getattr(subject, "lead_id", None) or subject.pk, kind, by=by, at=at):
                return verb(subject, *args, by=by, at=at, **more)

        return recorded  # type: ignore[return-value]

    return decorate


@contextmanager
def one_click() -> Iterator[uuid.UUID]:
    """What is done inside is undone together, by the key that is given."""
    key = uuid.uuid4()
    token = _click.set(key)
    try:
        yield key
    finally:
        _click.reset(token)


@contextmanager
def unrecorded() -> Iterator[None]:
    """Nothing that is done inside can be undone: stories that are told afterwards, and machines."""
    token = _under_way.set(True)
    try:
        yield
    finally:
        _under_way.reset(token)


def latest(lead_id: int, *, by: User, at: datetime) -> Act | None:
    """What this person did last with the lead, if nobody did anything since and it is not too long ago."""
    act: Act | None = LATEST.first(lead=lead_id)
    return act if act and act.by_id == by.pk and at - act.at <= UNDO_WITHIN else None


def address(lead_id: int, *, by: User) -> str:
    """Where the latest act of this person on this lead is undone; nothing when there is none."""
    act = Act.objects.standing().filter(lead=lead_id, by=by).order_by("-id").first()
    return reverse("leads:undo", args=[act.key]) if act else ""


def undo(acts: list[Act], *, by: User, at: datetime) -> None:
    """Each lead stands as it did before, and the facts tell of both. All of them, or none. Raises CannotUndo."""
    try:
        with transaction.atomic():
            for act in sorted(acts, key=lambda act: (act.lead_id, -act.pk)):
                _undo(act, by=by, at=at)
    except IntegrityError as taken:  # the person has another open lead by now, say
        raise CannotUndo(_("Something else changed this lead since; it can no longer be undone.")) from taken


def forget_old(at: datetime) -> int:
    """What is too long ago to be undone is no act any more."""
    return Act.objects.too_old(at).delete()[0]


# Mechanics


@contextmanager
def _recording(lead_id: int, kind: str, *, by: User, at: datetime) -> Iterator[None]:
    with transaction.atomic(), unrecorded():
        _lock(lead_id)
        before = _look(lead_id)
        yield
        changes, made = _differences(before, _look(lead_id))
        if changes or made:
            more = {"key": key} if (key := _click.get()) else {}
            Act.objects.create(lead_id=lead_id, kind=kind, by=by, at=at, changes=changes, made=made, **more)


def _undo(act: Act, *, by: User, at: datetime) -> None:
    _lock(act.lead_id)
    act = Act.objects.select_for_update(of=("self",)).select_related("by").get(pk=act.pk)
    if act.undone_at:
        raise CannotUndo(_("This was undone already."), at=act.undone_at)
    if at - act.at > UNDO_WITHIN:
        raise CannotUndo(_("That is more than a day ago; it can no longer be undone."))
    _refuse_when_somebody_acted_since(act)
    now = _look(act.lead_id)
    if not _still_stands(act, now):
        raise CannotUndo(_("Something else changed this lead since; it can no longer be undone."))
    with unrecorded():
        for table in reversed(list(_parts)):
            for key in act.made.get(table, []):
                _take_back(_parts[table], key, by=by, at=at)
        for table, rows in act.changes.items():
            for key, columns in rows.items():
                _restore(_parts[table], key, {name: before for name, (before, _after) in columns.items()})
        act.undone_at = at
        act.save(update_fields=["undone_at"])
        lead = Lead.objects.get(pk=act.lead_id)
        signals.act_undone.send(sender=Act, act=act, lead=lead, by=by, at=at)


def _lock(lead_id: int) -> None:
    Lead.objects.select_for_update(no_key=True).values_list("pk").get(pk=lead_id)


def _look(lead_id: int) -> Rows:
    """One statement for all tables, because every verb looks twice."""
    first, *others = [part.look(lead_id) for part in _parts.values()]
    seen: Rows = {table: {} for table in _parts}
    for table, key, row in first.union(*others, all=True):
        fields = _parts[table].fields
        seen[table][key] = {name: _plain(fields[name].to_python(value)) for name, value in row.items()}
    return seen


def _differences(before: Rows, after: Rows) -> tuple[dict[str, Any], dict[str, list[str]]]:
    changes: dict[str, Any] = {}
    made: dict[str, list[str]] = {}
    for table, rows in after.items():
        for key, columns in rows.items():
            old = before[table].get(key)
            if old is None:
                made.setdefault(table, []).append(key)
            elif differing := {
                name: [old[name], value] for name, value in columns.items() if old[name] != value
            }:
                changes.setdefault(table, {})[key] = differing
    return changes, made


def _refuse_when_somebody_acted_since(act: Act) -> None:
    later = (
        Act.objects.standing()
        .filter(lead=act.lead_id, pk__gt=act.pk)
        .exclude(key=act.key)
        .select_related("by")
        .order_by("-id")
        .first()
    )
    if later is None:
        return
    words = {
        "who": later.by,
        "what": later.words,
        "when": timezone.localtime(later.at).strftime("%H:%M"),
    }
    if later.by_id == act.by_id:
        raise CannotUndo(
            _("You did something since, at %(when)s: %(what)s. Undo that first.") % words, since=later
        )
    raise CannotUndo(
        _("%(who)s acted on this lead since, at %(when)s: %(what)s. It can no longer be undone.") % words,
        since=later,
    )


def _still_stands(act: Act, now: Rows) -> bool:
    changed = all(
        now[table].get(key, {}).get(name) == after
        for table, rows in act.changes.items()
        for key, columns in rows.items()
        for name, (_before, after) in columns.items()
    )
    return changed and all(key in now[table] for table, keys in act.made.items() for key in keys)


def _restore(part: Part, key: str, columns: dict[str, Any]) -> None:
    values = {name: part.fields[name].to_python(value) for name, value in columns.items()}
    part.model._default_manager.filter(pk=key).update(**values)


def _take_back(part: Part, key: str, *, by: User, at: datetime) -> None:
    row = part.model._default_manager.get(pk=key)
    if part.take_back:
        part.take_back(row, by=by, at=at)
    else:
        row.delete()


def _plain(value: Any) -> Any:
    """As JSON keeps it, to the microsecond and the cent, so that it compares equal after the way through the database."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return str(value) if isinstance(value, Decimal | uuid.UUID) else value
