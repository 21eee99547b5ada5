"""What this room tells on the timeline: activities and moves through the stages."""

from __future__ import annotations

from django.utils.translation import gettext as _

from leads import timeline
from leads.models import ActivityKind, Stage
from leads.timeline import Entry, Group, Row, Source

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


KINDS_OF = {
    group.value: "row.kind IN ({})".format(
        ", ".join(f"'{kind}'" for kind, its_group in GROUP_OF.items() if its_group == group)
    )
    for group in Group
}
ACTIVITIES = Source(
    "leads_activity row WHERE row.lead_id = %(lead)s",
    at="row.occurred_at",
    id="row.id",
    actor="row.actor_id",
    kind="row.kind",
    words="row.title",
    body="row.body",
    details="row.details",
    among=KINDS_OF,
)
MOVES = Source(
    "leads_stagechange row WHERE row.lead_id = %(lead)s",
    at="row.changed_at",
    id="row.id",
    actor="row.changed_by_id",
    kind="row.to_stage",
    words="row.from_stage",
    body="row.reason",
)


def register() -> None:
    timeline.register("moves", MOVES, move, rank=20, groups={Group.CHANGES})
    timeline.register("activities", ACTIVITIES, activity, rank=10, groups=set(Group))


def activity(row: Row) -> Entry:
    kind = ActivityKind(row.kind)
    return timeline.entry(
        row,
        kind=row.kind,
        group=GROUP_OF[kind],
        title=row.words or kind.label,
        icon=ICON_OF[kind],
        details=row.details,
    )


def move(row: Row) -> Entry:
    words = _("Moved to %(stage)s") if row.words else _("Lead came in")
    title = words % {"stage": Stage(row.kind).label}
    return timeline.entry(row, kind="STAGE", group=Group.CHANGES, title=title, icon="milestone")
