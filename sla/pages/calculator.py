"""What does a goal take? From revenue to leads and hours, and back; everything in the address, nothing stored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from leads.models.opportunity import company_currency
from sla import access
from sla.calculator import rates, staffing
from sla.calculator.chain import FACTORS, LEVELS, SHARES, Chain, Contradiction, Factor, solve
from sla.calculator.form import LEVEL_LABELS, CalculatorForm, ProposalForm
from sla.calculator.limits import Limit, breaks_first, limits
from sla.calculator.proposing import put_into_a_draft
from sla.models import Agreement, TermKind
from sla.pages.drafting import draft_to_edit
from smarketing import words
from smarketing.requests import AuthenticatedRequest

FEW, USUAL_MONTHS = 20, 12


@dataclass(frozen=True)
class Line:
    """One number of the chain, and the factor that leads up to it from the one below."""

    field: Any
    is_fixed: bool
    low: str
    expected: str
    high: str
    rate: Any  # None below the last one
    rate_words: str = ""
    note: str = ""


def calculator(request: AuthenticatedRequest) -> HttpResponse:
    now, agreement = timezone.now(), Agreement.objects.in_force()
    promised = _promised(agreement)
    usual = {"sales_ready": promised[TermKind.SQLS_DELIVERED]} if promised[TermKind.SQLS_DELIVERED] else {}
    form = CalculatorForm({"months": USUAL_MONTHS, **(request.GET.dict() or usual)})
    form.is_valid()
    own = rates.own(form.months_back, at=now)
    factors = form.factors(own)
    chains = solve(form.fixed, factors)
    people = form.staffing(staffing.in_a_month(agreement, at=now))
    expected = chains["expected"]
    accepted = expected.values["accepted"]
    found = limits(
        accepted=accepted or 0,
        sales_ready=expected.values["sales_ready"] or 0,
        hours=(accepted or 0) * form.hours_per_lead,
        staffing=people,
        capacity=promised[TermKind.CAPACITY],
        delivered=promised[TermKind.SQLS_DELIVERED],
    )
    context = {
        "form": form,
        "lines": _lines(
            form,
            chains,
            factors,
            {"accept": _beside_accepted(rates.accepted_of_handoffs(form.months_back, at=now))},
        ),
        "contradictions": [_contradiction(each) for each in expected.contradictions],
        "people": people,
        "hours_per_lead": form.hours_per_lead,
        "takes": _takes(accepted, form, people.reps),
        "limits": [_limit(limit, expected) for limit in found],
        "first": _first(breaks_first(found), expected),
        "proposal": _proposal(expected),
        "may_draft": access.may_draft(request.user),
        "agreement": agreement,
    }
    return render(request, "sla/calculator.html", context, status=422 if form.errors else 200)


@require_POST
def put_into_proposal(request: AuthenticatedRequest) -> HttpResponse:
    """The draft there is, or a new one, promises these numbers."""
    access.require_drafter(request.user)
    form = ProposalForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("There is no number to promise yet: fix one first."))
        return redirect("sla:calculator")
    draft = draft_to_edit(by=request.user, at=timezone.now())
    put_into_a_draft(draft, **form.cleaned_data)
    messages.success(request, _("The draft promises these numbers now. Nothing is proposed yet."))
    return redirect("sla:edit_draft", draft.pk)


def _promised(agreement: Agreement | None) -> dict[str, float | None]:
    kinds = [TermKind.CAPACITY, TermKind.SQLS_DELIVERED]
    terms = agreement.terms.filter(kind__in=kinds) if agreement else []
    found = {term.kind: term.monthly_count for term in terms}
    return {kind: found.get(kind) for kind in kinds}


def _lines(
    form: CalculatorForm, chains: dict[str, Chain], factors: dict[str, Factor], notes: dict[str, str]
) -> list[Line]:
    lines = []
    for number, level in enumerate(LEVELS):
        shown = {end: _amount(level, chain.values[level]) for end, chain in chains.items()}
        factor = FACTORS[number] if number < len(FACTORS) else None
        lines.append(
            Line(
                field=form[level],
                is_fixed=level in form.fixed,
                low=shown["low"],
                expected=shown["expected"],
                high=shown["high"],
                rate=form[f"rate_{factor}"] if factor else None,
                rate_words=_rate(factor, factors[factor]) if factor else "",
                note=notes.get(factor or "", ""),
            )
        )
    return lines


def _rate(name: str, factor: Factor) -> str:
    """`22% (18% to 27%, 412 cases)`."""
    if factor.is_typed:
        return _("typed: %(rate)s") % {"rate": _factor(name, factor.expected)}
    if not factor.cases:
        return _("nothing known: type one")
    told = _("own: %(rate)s (%(low)s to %(high)s, %(cases)s cases)") % {
        "rate": _factor(name, factor.expected),
        "low": _factor(name, factor.low),
        "high": _factor(name, factor.high),
        "cases": words.number(factor.cases),
    }
    few = _("too few to trust")
    return f"{told}, {few}" if factor.cases < FEW else told


def _beside_accepted(of_handoffs: Factor) -> str:
    """Why this rate is not the one on the scorecard."""
    if not of_handoffs.cases:
        return ""
    return _(
        "Of leads, however often they were sent. The scorecard counts hand-offs: %(rate)s of %(cases)s answered; a lead that was returned and sent again is two of them."
    ) % {"rate": words.percent(of_handoffs.expected, 1), "cases": words.number(of_handoffs.cases)}


def _factor(name: str, value: float) -> str:
    return words.percent(value, 1) if name in SHARES else _money(value)


def _amount(level: str, value: float | None) -> str:
    if value is None:
        return words.NOTHING
    return _money(value) if level == "revenue" else words.number(value, 1 if value < 10 else 0)


def _money(value: float) -> str:
    return words.money(value, company_currency(), cents=False)


def _contradiction(found: Contradiction) -> str:
    """What does not fit, and what would."""
    names = {
        "upper": str(LEVEL_LABELS[found.upper]).lower(),
        "lower": str(LEVEL_LABELS[found.lower]).lower(),
        "reached": _amount(found.upper, found.reached),
        "wanted": _amount(found.upper, found.wanted),
        "takes": _amount(found.lower, found.takes),
    }
    told = (
        _("%(lower)s as fixed bring %(reached)s %(upper)s, not %(wanted)s: that takes %(takes)s %(lower)s.")
        % names
    )
    if not found.is_possible:
        doubt = _("No rate could bridge that.")
    elif not found.is_likely:
        doubt = _("Your own rates make it unlikely.")
    else:
        doubt = _("Within the doubt of your own rates it could be.")
    return f"{told} {doubt}"


def _takes(accepted: float | None, form: CalculatorForm, reps: float) -> dict[str, str]:
    """What it asks of sales in a month."""
    if accepted is None:
        return {}
    hours = accepted * form.hours_per_lead
    return {
        "hours": words.number(hours),
        "leads_each": words.number(accepted / reps, 1) if reps else words.NOTHING,
        "hours_each": words.number(hours / reps, 1) if reps else words.NOTHING,
    }


def _limit(limit: Limit, chain: Chain) -> dict[str, Any]:
    labels = {
        "hours": _("Hours of sales"),
        "capacity": _("Promised capacity of sales"),
        "delivered": _("Promised sales-ready leads"),
    }
    return {
        "label": labels[limit.key],
        "asked": words.number(limit.asked),
        "there": words.number(limit.there),
        "load": words.percent(limit.load) if limit.load != float("inf") else words.NOTHING,
        "is_broken": limit.is_broken,
    }


def _first(limit: Limit | None, chain: Chain) -> str:
    """Which number breaks first, and at what goal."""
    if limit is None:
        return ""
    label = str(_limit(limit, chain)["label"]).lower()
    revenue = chain.values["revenue"]
    until = limit.holds_until(revenue) if revenue else None
    if until is None:
        return _("What breaks first: %(what)s.") % {"what": label}
    if limit.is_broken:
        return _("What breaks first: %(what)s. It holds until a revenue of %(until)s a month.") % {
            "what": label,
            "until": _money(until),
        }
    return _("It fits. What breaks first is %(what)s, at a revenue of %(until)s a month.") % {
        "what": label,
        "until": _money(until),
    }


def _proposal(chain: Chain) -> dict[str, float] | None:
    wanted = {name: chain.values[name] for name in ("sales_ready", "accepted", "revenue")}
    return None if None in wanted.values() else {name: round(value or 0, 4) for name, value in wanted.items()}
