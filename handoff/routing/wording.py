"""A decision in words, and as data that stays with the hand-off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from handoff.routing.deciding import Decision, Why
from handoff.routing.ranking import Out

if TYPE_CHECKING:
    from handoff.models import HandoffRules
    from leads.models import Lead
    from smarketing.accounts.models import Team

OUT_WORDS = {
    Out.ABSENT: gettext_lazy("away"),
    Out.AT_CAPACITY: gettext_lazy("has had what was agreed for this month"),
    Out.NOT_AT_WORK: gettext_lazy("not at work"),
    Out.NO_SHARE: gettext_lazy("has no agreed share"),
    Out.OTHERS_BY_RULE: gettext_lazy("the rule names others"),
}


def because(decision: Decision, *, team: Team, lead: Lead | None, rules: HandoffRules) -> str:
    """Why he, or why nobody, in one or two sentences."""
    said = [_reason(decision, team, lead)]
    if decision.rule:
        said.insert(
            0,
            _("Rule %(number)s, %(sentence)s.")
            % {"number": decision.rule.position, "sentence": decision.rule.sentence},
        )
    elif decision.passed:
        numbers = ", ".join(str(match.position) for match in decision.passed)
        said.append(_("Nobody of rule %(numbers)s could take it.") % {"numbers": numbers})
    if decision.went_over:
        said.append(_("Everybody is at capacity: handed over anyway, as agreed."))
    return " ".join(said)


def _reason(decision: Decision, team: Team, lead: Lead | None) -> str:
    person = decision.chosen
    if person is None:
        if decision.why == Why.ALL_AT_CAPACITY:
            return _("Everybody is at capacity for this month: it waits in the pool.")
        whom = _("them") if decision.rule else team
        return _("Nobody of %(team)s is present: it waits in the pool.") % {"team": whom}
    if decision.why == Why.KNOWS_COMPANY:
        return _("Had the earlier lead of %(company)s.") % {"company": lead.company if lead else ""}
    if decision.why == Why.BEHIND_SHARE:
        return _("Furthest behind the agreed share of %(share)s %%.") % {"share": person.share}
    if decision.why == Why.NOT_AHEAD_TODAY:
        return _("Fewest open hand-offs of those who are not two ahead of a colleague today: %(number)s.") % {
            "number": person.open_handoffs
        }
    words = ngettext(
        "Fewest open hand-offs of those present: %(number)s.",
        "Fewest open hand-offs of those present: %(number)s.",
        person.open_handoffs,
    )
    return words % {"number": person.open_handoffs}


def recorded(decision: Decision) -> list[dict[str, Any]]:
    """Everybody who was considered: first those who competed, in their order, then the others with what kept them out."""
    places = {person.id: place for place, person in enumerate(decision.ranking.order, start=1)}
    outs = decision.outs()
    return [
        {
            "id": person.id,
            "place": places.get(person.id),
            "out": outs.get(person.id),
            "open": person.open_handoffs,
            "today": person.received_today,
            "month": person.received_this_month,
            "capacity": person.capacity,
            "share": person.share,
            "credit": person.credit,
        }
        for person in sorted(decision.considered, key=lambda each: (places.get(each.id, 1_000_000), each.id))
    ]
