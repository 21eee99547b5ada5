"""How an agreement measures, flags and hands round, in the words that people sign: one statement per way, under a lasting key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from leads.criteria import rules
from sla.models import Agreement, Overflow, PauseReason, Rung
from sla.models.pause import USUAL_PAUSES
from smarketing import words
from smarketing.accounts.models import Side, User

MINUTE = 60
NEVER_A_DAY = 1_000 * 3_600  # a rule says "24 h", whatever the length of a working day


def statements(agreement: Agreement) -> dict[str, tuple[Any, str]]:
    """(what, in words) under a key that stays the same through the versions. An empty text: nothing is agreed about it."""
    names = _names_in(agreement)
    return {
        "contact_counts": (_("First contact"), first_contact(agreement)),
        "warn_points": (_("Due soon"), warnings(agreement.warn_points)),
        "ladder": (_("Late"), ladder(agreement)),
        "pause_limits": (_("Pauses"), pauses(agreement.pause_limits)),
        "minimum_left_minutes": (_("Passing on"), passing_on(agreement)),
        "intake_seat": (_("Leads that nobody holds"), names.get(agreement.intake_seat_id or 0, "")),
        "routing": (_("Routing"), routing(agreement, names)),
        "hot": (_("A lead is hot when"), hot(agreement)),
        "marketing_calendar": (_("Working hours of marketing"), str(agreement.marketing_calendar)),
        "sales_calendar": (_("Working hours of sales"), str(agreement.sales_calendar)),
        "criteria_set": (_("Criteria"), str(agreement.criteria_set or "")),
        "brief": (_("Brief"), "; ".join(_item(item) for item in agreement.brief_items)),
        "signers": (_("Who signs the next version"), signers(agreement, names)),
        "review_on": (_("Review"), words.short_date(agreement.review_on) if agreement.review_on else ""),
    }


def first_contact(agreement: Agreement) -> str:
    late = gettext("What is logged up to %(hours)s h later counts from when it occurred.") % {
        "hours": words.number(agreement.late_logging_hours)
    }
    return f"{agreement.get_contact_counts_display()}. {late}"


def warnings(points: Iterable[Mapping[str, int]]) -> str:
    """`25% of the time left, 30 m left`."""
    return ", ".join(
        gettext("%(span)s left") % {"span": span(point["minutes_left"])}
        if "minutes_left" in point
        else gettext("%(share)s of the time left, at least 15 m")
        % {"share": words.percent(point["share_left"] / 100)}
        for point in points
    )


def ladder(agreement: Agreement) -> str:
    """`Who holds it at once; the team lead after 1 h of working time`, and how long somebody holds it."""
    rungs = [
        gettext("%(who)s at once") % {"who": Rung(rung["who"]).label}
        if not rung["after_minutes"]
        else gettext("%(who)s after %(span)s of working time")
        % {"who": Rung(rung["who"]).label, "span": span(rung["after_minutes"])}
        for rung in agreement.ladder
    ]
    rungs = [rung if not number else rung[:1].lower() + rung[1:] for number, rung in enumerate(rungs)]
    if len(rungs) < 2:
        return "; ".join(rungs)
    held = gettext("whoever takes it up holds the next step for %(span)s") % {
        "span": span(agreement.acknowledgement_minutes)
    }
    return "; ".join([*rungs, held])


def pauses(limits: Mapping[str, int]) -> str:
    """How long a clock stands still at most, by reason: as agreed, or as usual where the agreement says nothing."""
    return "; ".join(
        gettext("%(reason)s: at most %(span)s of working time")
        % {"reason": PauseReason(reason).label, "span": span(minutes)}
        for reason, minutes in sorted({**USUAL_PAUSES, **limits}.items())
        if reason in PauseReason.values
    )


def passing_on(agreement: Agreement) -> str:
    return ngettext(
        "A breach counts for the new holder only if he got it with at least %(n)s minute left; otherwise for the team.",
        "A breach counts for the new holder only if he got it with at least %(n)s minutes left; otherwise for the team.",
        agreement.minimum_left_minutes,
    ) % {"n": words.number(agreement.minimum_left_minutes)}


def routing(agreement: Agreement, names: Mapping[int, str]) -> str:
    shares = "; ".join(
        f"{names.get(int(person), person)} {words.percent(share / 100)}"
        for person, share in agreement.routing_shares.items()
    )
    full = gettext("when everybody has enough: %(what)s") % {
        "what": str(Overflow(agreement.overflow).label).lower()
    }
    return "; ".join(filter(None, [shares, full]))


def hot(agreement: Agreement) -> str:
    return rules.sentence(agreement.hot_rule) if agreement.hot_rule else ""


def signers(agreement: Agreement, names: Mapping[int, str]) -> str:
    """The people named per side; empty where nobody is named, since then those who lead a side sign for it."""
    return "; ".join(
        f"{Side(side).label}: {', '.join(names.get(person, str(person)) for person in people)}"
        for side, people in sorted(agreement.signers.items())
        if people
    )


def span(minutes: int) -> str:
    return words.working_duration(minutes * MINUTE, day=NEVER_A_DAY)


def _item(item: Mapping[str, Any]) -> str:
    return item["label"] + (f" ({gettext('demanded')})" if item.get("required") else "")


def _names_in(agreement: Agreement) -> dict[int, str]:
    """Of everybody whom the agreement names, in one query; none when it names nobody."""
    people = {int(person) for person in agreement.routing_shares}
    people |= {person for named in agreement.signers.values() for person in named}
    people |= {agreement.intake_seat_id} if agreement.intake_seat_id else set()
    return {user.pk: str(user) for user in User.objects.filter(pk__in=people)} if people else {}
