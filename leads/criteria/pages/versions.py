"""Criteria: what makes a lead sales-ready, and the versions of that definition."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from leads.criteria import access, differences, drafting, overrides, starting_points, versions
from leads.criteria.forms import ApproveForm, CriterionForm, DescribeForm
from leads.criteria.problems import problems
from leads.criteria.rule_form import RuleForm, is_simple
from leads.models.criteria import CriteriaSet, CriteriaState, Criterion
from smarketing.accounts.models import Side
from smarketing.conflicts import answer_conflict
from smarketing.requests import AuthenticatedRequest

SHOWN_VERSIONS = 50
LATE = (versions.NotInThatState, versions.DraftExists, versions.AlreadyApproved)


@require_GET
def criteria(request: AuthenticatedRequest) -> HttpResponse:
    """What counts now, what is on its way, and what was."""
    newest = list(
        CriteriaSet.objects.newest_first().select_related("created_by", "proposed_by")[:SHOWN_VERSIONS]
    )
    context = {
        "in_force": CriteriaSet.objects.in_force(),
        "on_their_way": [found for found in newest if found.is_draft or found.is_proposed],
        "has_draft": any(found.is_draft for found in newest),
        "versions": newest,
        "starting_points": starting_points.STARTING_POINTS.values(),
        "may_draft": access.may_draft(request.user),
        "overrides": overrides.latest(),
    }
    return render(request, "leads/criteria/overview.html", context)


@require_GET
def criteria_version(request: AuthenticatedRequest, version: int) -> HttpResponse:
    return _version_page(request, access.get_version_to_read(request.user, version))


@require_POST
def draft(request: AuthenticatedRequest) -> HttpResponse:
    """A new draft: from what is in force, from another version (`from`), or from a starting point (`start`)."""
    access.check_may_draft(request.user)
    try:
        new = _new_draft(request)
    except versions.DraftExists as error:
        to = (
            reverse("leads:criteria_version", args=[error.draft.version])
            if error.draft
            else reverse("leads:criteria")
        )
        return answer_conflict(request, error, to)
    messages.success(
        request,
        _("Draft %(version)s is yours to change. Nothing counts until both sides approve it.")
        % {"version": new},
    )
    return redirect("leads:criteria_version", new.version)


def _new_draft(request: AuthenticatedRequest) -> CriteriaSet:
    start, former, now = request.POST.get("start"), request.POST.get("from", ""), timezone.now()
    if start is not None:
        return starting_points.start_from(start, by=request.user, at=now)
    known = former.isascii() and former.isdigit() and len(former) < 10
    source = (
        access.get_version_to_read(request.user, int(former)) if known else CriteriaSet.objects.in_force()
    )
    return versions.draft_from(source, by=request.user, at=now)


# One line of a draft


@require_http_methods(["GET", "HEAD", "POST"])
def add_criterion(request: AuthenticatedRequest, version: int) -> HttpResponse:
    draft = access.get_version_to_change(request.user, version)
    initial = {"required": "yes" if request.GET.get("required") else "no", "by_rule": "yes"}
    return _criterion_page(request, draft, None, initial, lambda **values: drafting.add(draft, **values))


@require_http_methods(["GET", "HEAD", "POST"])
def change_criterion(request: AuthenticatedRequest, version: int, key: str) -> HttpResponse:
    line = access.get_criterion_to_change(request.user, version, key)
    initial = CriterionForm.initial_of(line)
    return _criterion_page(
        request, line.criteria_set, line, initial, lambda **values: drafting.change(line, **values)
    )


@require_POST
def remove_criterion(request: AuthenticatedRequest, version: int, key: str) -> HttpResponse:
    line = access.get_criterion_to_change(request.user, version, key)
    return _done(
        request,
        line.criteria_set,
        lambda: drafting.remove(line),
        _("Removed “%(label)s”.") % {"label": line.label},
    )


@require_POST
def move_criterion_up(request: AuthenticatedRequest, version: int, key: str) -> HttpResponse:
    line = access.get_criterion_to_change(request.user, version, key)
    return _done(request, line.criteria_set, lambda: drafting.move(line, -1))


@require_POST
def move_criterion_down(request: AuthenticatedRequest, version: int, key: str) -> HttpResponse:
    line = access.get_criterion_to_change(request.user, version, key)
    return _done(request, line.criteria_set, lambda: drafting.move(line, 1))


def _criterion_page(
    request: AuthenticatedRequest,
    draft: CriteriaSet,
    line: Criterion | None,
    initial: dict[str, Any],
    verb: Callable[..., Any],
) -> HttpResponse:
    rule = line.rule if line else None
    keeps_rule = not is_simple(rule)
    form = CriterionForm(request.POST or None, initial=initial)
    rule_form = RuleForm(
        request.POST or None, rule=rule, prefix="rule", required=request.POST.get("by_rule") == "yes"
    )
    if (
        request.method == "POST"
        and form.is_valid()
        and (keeps_rule or not _by_rule(form) or rule_form.is_valid())
    ):
        values = {name: form.cleaned_data[name] for name in ("label", "required", "points", "hint")}
        new_rule = (rule if keeps_rule else rule_form.cleaned_data["rule"]) if _by_rule(form) else None
        return _done(request, draft, lambda: verb(rule=new_rule, **values), _("Saved “%(label)s”.") % values)
    if not _by_rule(form):
        rule_form = RuleForm(None, rule=rule, prefix="rule")
    context = {"version": draft, "line": line, "form": form, "rule_form": rule_form, "keeps_rule": keeps_rule}
    return render(request, "leads/criteria/criterion.html", context, status=422 if form.is_bound else 200)


def _by_rule(form: CriterionForm) -> bool:
    return form.is_bound and form.data.get("by_rule") == "yes"


# The life of a version


@require_POST
def describe(request: AuthenticatedRequest, version: int) -> HttpResponse:
    draft, form = access.get_version_to_change(request.user, version), DescribeForm(request.POST)
    if not form.is_valid():
        return _version_page(request, draft, status=422, describe_form=form)
    return _done(request, draft, lambda: drafting.describe(draft, **form.cleaned_data), _("Saved."))


@require_POST
def propose(request: AuthenticatedRequest, version: int) -> HttpResponse:
    draft = access.get_version_to_change(request.user, version)
    try:
        said = _("Proposed %(version)s. One person of each side approves it.") % {"version": draft}
        return _done(
            request, draft, lambda: versions.propose(draft, by=request.user, at=timezone.now()), said
        )
    except versions.NotProposable:
        return _version_page(request, draft, status=422)


@require_POST
def withdraw(request: AuthenticatedRequest, version: int) -> HttpResponse:
    proposal = access.get_version_to_change(request.user, version)
    said = _("Withdrew %(version)s.") % {"version": proposal}
    return _done(
        request, proposal, lambda: versions.withdraw(proposal, by=request.user, at=timezone.now()), said
    )


@require_POST
def discard_draft(request: AuthenticatedRequest, version: int) -> HttpResponse:
    draft = access.get_version_to_change(request.user, version)
    try:
        versions.discard(draft)
    except LATE as error:
        return answer_conflict(request, error, reverse("leads:criteria"))
    messages.success(request, _("Discarded draft %(version)s.") % {"version": draft})
    return redirect("leads:criteria")


@require_POST
def approve(request: AuthenticatedRequest, version: int) -> HttpResponse:
    proposal, form = access.get_version_to_approve(request.user, version), ApproveForm(request.POST)
    if not form.is_valid():
        return _version_page(request, proposal, status=422, approve_form=form)
    side = form.cleaned_data["side"]
    try:
        versions.approve(proposal, side, by=request.user, at=timezone.now())
    except LATE as error:
        return answer_conflict(request, error, reverse("leads:criteria_version", args=[version]))
    except (versions.NotYourSide, versions.SamePerson) as error:
        form.add_error(None, str(error))
        return _version_page(request, proposal, status=422, approve_form=form)
    words = (
        _("Criteria %(version)s are in force.")
        if proposal.is_in_force
        else _("Approved %(version)s for %(side)s.")
    )
    messages.success(request, words % {"version": proposal, "side": Side(side).label})
    return redirect("leads:criteria_version", version)


def _done(
    request: AuthenticatedRequest, criteria_set: CriteriaSet, verb: Callable[[], Any], said: str = ""
) -> HttpResponse:
    """The verb was done and the version's page follows; who came too late is told so."""
    try:
        verb()
    except LATE as error:
        return answer_conflict(request, error, reverse("leads:criteria_version", args=[criteria_set.version]))
    if said:
        messages.success(request, said)
    return redirect("leads:criteria_version", criteria_set.version)


def _version_page(
    request: AuthenticatedRequest, shown: CriteriaSet, status: int = 200, **forms_shown: Any
) -> HttpResponse:
    against = _against(request, shown)
    describing = {"points_needed": shown.points_needed, "note": shown.note}
    context = {
        "version": shown,
        "against": against,
        "differences": differences.between(against, shown) if against else [],
        "others": CriteriaSet.objects.exclude(pk=shown.pk)
        .newest_first()
        .values_list("version", flat=True)[:SHOWN_VERSIONS],
        "problems": problems(shown) if shown.is_draft else [],
        "tried": status == 422,
        "may_draft": access.may_draft(request.user),
        "sides": access.sides_to_approve(request.user, shown),
        "describe_form": DescribeForm(initial=describing),
        "approve_form": ApproveForm(),
    }
    return render(request, "leads/criteria/version.html", context | forms_shown, status=status)


def _against(request: AuthenticatedRequest, shown: CriteriaSet) -> CriteriaSet | None:
    """The version to compare with: the one asked for, else what was or is in force beside this one."""
    asked = request.GET.get("against", "")
    others = CriteriaSet.objects.with_criteria().exclude(pk=shown.pk)
    if asked.isascii() and asked.isdigit() and len(asked) < 10:
        return others.filter(version=int(asked)).first()
    in_force = [CriteriaState.IN_FORCE, CriteriaState.SUPERSEDED]
    return others.filter(state__in=in_force, version__lt=shown.version).newest_first().first()
