"""Which of the company's own rules fit a lead, and what a rule says in a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from handoff.models import IfNobody, RoutingRule
from handoff.routing.deciding import Match
from handoff.routing.reading import TAKE_HANDOFFS
from smarketing.accounts.models import User

if TYPE_CHECKING:
    from leads.models import Lead

# How people, forms and files write the languages of our neighbours. Anything else must be written as in the lead.
SPELLINGS = [
    {"nl", "dutch", "nederlands", "vlaams", "flemish"},
    {"en", "english", "engels"},
    {"fr", "french", "français", "francais", "frans"},
    {"de", "german", "deutsch", "duits"},
    {"be", "belgium", "belgië", "belgie", "belgique"},
    {"lu", "luxembourg", "luxemburg"},
    {"the netherlands", "netherlands", "nederland", "nl"},
]


def rules_in_order() -> list[RoutingRule]:
    """With their people. Two queries, however many rules."""
    return list(RoutingRule.objects.select_related("team").prefetch_related("people").order_by("position"))


def matches(lead: Lead | None, rules: Iterable[RoutingRule]) -> list[Match]:
    """The rules that fit, in their order."""
    fitting = [rule for rule in rules if lead is not None and fits(rule, lead)]
    members = _members_of({rule.team_id for rule in fitting if rule.team_id})
    return [
        Match(
            position=rule.position,
            people=frozenset({person.pk for person in rule.people.all()} | members.get(rule.team_id, set())),
            or_pool=rule.if_nobody == IfNobody.POOL,
            sentence=sentence(rule),
        )
        for rule in fitting
    ]


def fits(rule: RoutingRule, lead: Lead) -> bool:
    """Every condition that the rule names holds. What is not known of the lead fits no condition."""
    size = lead.company.size if lead.company else None
    country = lead.company.country if lead.company else ""
    return (
        _is_one_of(lead.contact.language, rule.languages)
        and _is_one_of(country, rule.countries)
        and (rule.size_from is None or (size is not None and size >= rule.size_from))
        and (rule.size_to is None or (size is not None and size <= rule.size_to))
    )


def sentence(rule: RoutingRule) -> str:
    """ "Language is French and staff from 200: Karim Haddad." """
    return _("%(condition)s: %(whom)s") % {"condition": condition(rule), "whom": whom(rule)}


def condition(rule: RoutingRule) -> str:
    said = []
    if rule.languages:
        said.append(_("language is %(any)s") % {"any": _any_of(rule.languages)})
    if rule.countries:
        said.append(_("country is %(any)s") % {"any": _any_of(rule.countries)})
    if rule.size_from is not None and rule.size_to is not None:
        said.append(_("staff from %(low)s to %(high)s") % {"low": rule.size_from, "high": rule.size_to})
    elif rule.size_from is not None:
        said.append(_("staff from %(low)s") % {"low": rule.size_from})
    elif rule.size_to is not None:
        said.append(_("staff up to %(high)s") % {"high": rule.size_to})
    words = _(" and ").join(said) or _("every lead")
    return words[:1].upper() + words[1:]


def whom(rule: RoutingRule) -> str:
    names = [str(person) for person in sorted(rule.people.all(), key=lambda person: (str(person), person.pk))]
    return ", ".join([*([str(rule.team)] if rule.team else []), *names]) or _("nobody")


def written(text: str) -> list[str]:
    """What stands between the commas."""
    return [word for word in (part.strip() for part in text.split(",")) if word]


# Mechanics


def _is_one_of(known: str, allowed: str) -> bool:
    wanted = written(allowed)
    return not wanted or any(_same(known, word) for word in wanted)


def _same(one: str, other: str) -> bool:
    one, other = one.strip().casefold(), other.strip().casefold()
    return bool(one) and (one == other or any(one in words and other in words for words in SPELLINGS))


def _any_of(text: str) -> str:
    return _(" or ").join(written(text))


def _members_of(teams: set[int]) -> dict[int | None, set[int]]:
    members: dict[int | None, set[int]] = {}
    rows: Sequence[tuple[int, int]] = []
    if teams:
        rows = list(
            User.objects.active().filter(team__in=teams, role__in=TAKE_HANDOFFS).values_list("team_id", "pk")
        )
    for team, person in rows:
        members.setdefault(team, set()).add(person)
    return members
