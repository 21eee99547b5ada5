"""What this room tells on the timeline: activities and moves through the stages."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from leads import timeline
from leads.models import Activity, ActivityKind, Lead, StageChange
from leads.timeline import Entry, Group, Older

GROUP_OF = {
    ActivityKind.VISIT: Group.TOUCHES,
    ActivityKind.FORM: Group.TOUCHES,
    ActivityKind.DOWNLOAD: Group.TOUCHES,
    ActivityKind.EMAIL: Group.TALKS,
    ActivityKind.CALL: Group.TALKS,
    ActivityKind.MEETING: Group.TALKS,
    ActivityKind.NOTE: Group.TALKS,
    ActivityKind.EDIT: Group.CHANGES,
    ActivityKind.NEXT_STEP: Group.CHANGES,
}
ICON_OF = {
    ActivityKind.VISIT: "mouse-pointer-click",
    ActivityKind.FORM: "clipboard-list",
    ActivityKind.DOWNLOAD: "download",
    ActivityKind.EMAIL: "mail",
    ActivityKind.CALL: "phone",
    ActivityKind.MEETING: "users",
    ActivityKind.NOTE: "sticky-note",
    ActivityKind.EDIT: "pencil",
    ActivityKind.NEXT_STEP: "calendar-clock",
}


def register() -> None:
    timeline.register("moves", moves, rank=20, groups={Group.CHANGES})
    timeline.register("activities", activities, rank=10, groups=set(Group))


def activities(lead: Lead, *, older: Older, limit: int, group: str) -> Iterable[Entry]:
    rows: QuerySet[Activity] = Activity.objects.filter(lead=lead)
    if group:
        rows = rows.filter(kind__in=[kind for kind, its_group in GROUP_OF.items() if its_group == group])
    rows = older.among(rows, moment="occurred_at").select_related("actor", "actor__team")
    return [_activity(row) for row in rows[:limit]]


def moves(lead: Lead, *, older: Older, limit: int, group: str) -> Iterable[Entry]:
    rows = older.among(StageChange.objects.filter(lead=lead), moment="changed_at")
    return [_move(row) for row in rows.select_related("changed_by", "changed_by__team")[:limit]]


def _activity(row: Activity) -> Entry:
    kind = ActivityKind(row.kind)
    is_edit = kind == ActivityKind.EDIT
    return Entry(
        occurred_at=row.occurred_at,
        id=row.pk,
        kind=row.kind,
        group=GROUP_OF[kind],
        title=row.title or kind.label,
        body=row.body,
        actor=row.actor,
        icon=ICON_OF[kind],
        template="leads/timeline/_edit.html" if is_edit else "leads/timeline/_activity.html",
        details=row.details,
    )


def _move(row: StageChange) -> Entry:
    words = _("Moved to %(stage)s") if row.from_stage else _("Lead came in")
    return Entry(
        occurred_at=row.changed_at,
        id=row.pk,
        kind="STAGE",
        group=Group.CHANGES,
        title=words % {"stage": row.get_to_stage_display()},
        body=row.reason,
        actor=row.changed_by,
        icon="milestone",
    )
