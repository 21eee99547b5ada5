"""Which facts a rule can test: those that are columns of a lead, its contact and its company, and any further key in `Lead.facts`.

Both executors read them here, so that "Company size" means the same in Python and in SQL.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import F, Func, JSONField, TextChoices, Value
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from leads.criteria.definition import facts_in, parse
from leads.models.criteria import CriteriaState, Criterion
from leads.models.judgement import LeadFact

if TYPE_CHECKING:
    from leads.models import Lead

RECENT_FACTS = 5_000  # how many of the newest facts are looked through for further keys


class Kind(TextChoices):
    """What the editor asks for; how a value is read is decided by the operator alone."""

    TEXT = "text", _("text")
    NUMBER = "number", _("number")
    DATE = "date", _("date")
    LIST = "list", _("list")
    YES_NO = "yes_no", _("yes or no")


@dataclass(frozen=True)
class KnownFact:
    key: str
    label: str | Promise
    kind: Kind
    columns: tuple[str, ...]  # paths from the lead; more than one: any of them may match


COLUMNS = {
    fact.key: fact
    for fact in (
        KnownFact("company_size", _("Company size"), Kind.NUMBER, ("company__size",)),
        KnownFact("country", _("Country"), Kind.TEXT, ("company__country",)),
        KnownFact("industry", _("Industry"), Kind.TEXT, ("company__industry",)),
        KnownFact("city", _("City"), Kind.TEXT, ("company__city",)),
        KnownFact("company", _("Company"), Kind.TEXT, ("company__name",)),
        KnownFact("source", _("Source"), Kind.TEXT, ("source__key", "source__name")),
        KnownFact("campaign", _("Campaign"), Kind.TEXT, ("campaign__name",)),
        KnownFact("job_title", _("Job title"), Kind.TEXT, ("contact__job_title",)),
        KnownFact("language", _("Language"), Kind.TEXT, ("contact__language",)),
        KnownFact("email", _("E-mail"), Kind.TEXT, ("contact__email",)),
        KnownFact("phone", _("Phone"), Kind.TEXT, ("contact__phone",)),
        KnownFact("consent", _("Permission to contact"), Kind.TEXT, ("contact__consent",)),
        KnownFact("captured_at", _("Captured"), Kind.DATE, ("captured_at",)),
        KnownFact("last_activity_at", _("Last activity"), Kind.DATE, ("last_activity_at",)),
    )
}
# Facts that are no columns and still have a name of their own on screen.
FAMILIAR = {
    "site_visits": KnownFact("site_visits", _("Site visits"), Kind.NUMBER, ()),
    "requested": KnownFact("requested", _("Requested"), Kind.LIST, ()),
}


def label(key: str) -> str:
    known = COLUMNS.get(key) or FAMILIAR.get(key)
    return str(known.label) if known else key.replace("_", " ").strip().capitalize() or key


def name_of(key: str, value: Any) -> Any:
    """Of a fact that is read from several columns the last one, which is the name people know."""
    return value[-1] if key in COLUMNS and isinstance(value, list) else value


def facts_of(lead: Lead, columns: Iterable[str] = COLUMNS) -> dict[str, Any]:
    """Everything that a rule can test about this lead, or of its columns only these. Loads nothing when contact, company, source and campaign are loaded."""
    return {**lead.facts, **{key: _value(lead, COLUMNS[key].columns) for key in columns}}


def expression(key: str, prefix: str = "") -> Any:
    """The fact as a JSON value in SQL."""
    known = COLUMNS.get(key)
    if known is None:
        return Func(
            F(f"{prefix}facts"),
            Value(key),
            template="(%(expressions)s::text)",
            arg_joiner=" -> ",
            output_field=JSONField(),
        )
    columns = [F(prefix + column) for column in known.columns]
    function = "to_jsonb" if len(columns) == 1 else "jsonb_build_array"
    return Func(*columns, function=function, output_field=JSONField())


def kinds_of_further_keys() -> dict[str, Kind | None]:
    """The keys that leads have beside the columns, and a guess at their kind: the familiar ones, those of the newest facts, and those
    that a rule tests already, of which nobody may know the kind."""
    kinds: dict[str, Kind | None] = {key: fact.kind for key, fact in FAMILIAR.items()}
    for fact in LeadFact.objects.order_by("-id").values("key", "value")[:RECENT_FACTS]:
        if fact["value"] is not None:
            kinds.setdefault(fact["key"], _kind(fact["value"]))
    living = [CriteriaState.DRAFT, CriteriaState.PROPOSED, CriteriaState.IN_FORCE]
    for rule in Criterion.objects.filter(criteria_set__state__in=living, rule__isnull=False).values_list(
        "rule", flat=True
    ):
        for key in facts_in(parse(rule)):
            kinds.setdefault(key, None)
    return {key: kinds[key] for key in sorted(kinds, key=label) if key not in COLUMNS}


def _value(lead: Lead, columns: tuple[str, ...]) -> Any:
    values = [_at_path(lead, column) for column in columns]
    return values if len(values) > 1 else values[0]


def _at_path(lead: Any, path: str) -> Any:
    for name in path.split("__"):
        lead = None if lead is None else getattr(lead, name)
    return lead


def _kind(value: Any) -> Kind:
    if isinstance(value, bool):
        return Kind.YES_NO
    if isinstance(value, int | float):
        return Kind.NUMBER
    return Kind.LIST if isinstance(value, list) else Kind.TEXT
