"""The first page of each role, and the settings about people."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from smarketing.accounts import access, invitations
from smarketing.accounts.forms import AbsenceForm, MeForm, OrganisationForm, PersonForm, TeamForm
from smarketing.accounts.models import Absence, Organisation, Team, User
from smarketing.accounts.own_week import OwnWeekForm
from smarketing.accounts.topics import topics_for
from smarketing.requests import AuthenticatedRequest


def first_page(request: AuthenticatedRequest) -> HttpResponse:
    return redirect(request.user.first_page)


def settings_index(request: AuthenticatedRequest) -> HttpResponse:
    return render(request, "settings/index.html", {"topics": topics_for(request.user)})


def me(request: AuthenticatedRequest) -> HttpResponse:
    """Language, colours, density and keys of the person who looks."""
    form = MeForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved. It shows from the next page on."))
        return redirect("settings_me")
    return _form_page(request, form, _("Me"), "settings_me")


def company(request: AuthenticatedRequest) -> HttpResponse:
    access.require_administrator(request.user)
    form = OrganisationForm(request.POST or None, instance=Organisation.objects.get(id=1))
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("settings_company")
    return _form_page(request, form, _("Company"), "settings_company")


def people(request: AuthenticatedRequest) -> HttpResponse:
    """Everybody sees who works here; an administrator changes it."""
    everybody = User.objects.select_related("team").order_by("-is_active", "first_name", "last_name", "id")
    return render(
        request, "settings/people.html", {"people": everybody, "teams": Team.objects.order_by("kind", "name")}
    )


def invite(request: AuthenticatedRequest) -> HttpResponse:
    access.require_administrator(request.user)
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        person = form.save(commit=False)
        person.set_unusable_password()
        person.save()
        invitations.invite(person, request=request)
        messages.success(request, _("%(who)s is invited by mail.") % {"who": person})
        return redirect("settings_people")
    return _form_page(request, form, _("Invite a colleague"), "settings_invite", label=_("Invite"))


def person(request: AuthenticatedRequest, person_id: int) -> HttpResponse:
    colleague = access.get_person_to_change(request.user, person_id)
    form = PersonForm(request.POST or None, instance=colleague)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("settings_people")
    return render(
        request,
        "settings/person.html",
        {"form": form, "colleague": colleague},
        status=422 if form.errors else 200,
    )


@require_POST
def deactivate(request: AuthenticatedRequest, person_id: int) -> HttpResponse:
    """The colleague can no longer sign in; what he did stays."""
    colleague = access.get_person_to_change(request.user, person_id)
    if colleague == request.user:
        messages.error(request, _("You cannot take away your own access; ask another administrator."))
    else:
        User.objects.filter(pk=colleague.pk).update(is_active=False)
        messages.success(request, _("%(who)s can no longer sign in.") % {"who": colleague})
    return redirect("settings_people")


@require_POST
def activate(request: AuthenticatedRequest, person_id: int) -> HttpResponse:
    colleague = access.get_person_to_change(request.user, person_id)
    User.objects.filter(pk=colleague.pk).update(is_active=True)
    messages.success(request, _("%(who)s may sign in again.") % {"who": colleague})
    return redirect("settings_people")


@require_POST
def reinvite(request: AuthenticatedRequest, person_id: int) -> HttpResponse:
    colleague = access.get_person_to_change(request.user, person_id)
    invitations.invite(colleague, request=request)
    messages.success(request, _("%(who)s gets a mail with a new link.") % {"who": colleague})
    return redirect("settings_people")


def new_team(request: AuthenticatedRequest) -> HttpResponse:
    access.require_administrator(request.user)
    return _team_page(request, TeamForm(request.POST or None), _("New team"), "settings_new_team")


def team(request: AuthenticatedRequest, team_id: int) -> HttpResponse:
    form = TeamForm(request.POST or None, instance=access.get_team_to_change(request.user, team_id))
    return _team_page(request, form, _("Team"), "settings_team", team_id)


def absences(request: AuthenticatedRequest) -> HttpResponse:
    """Who is away: nobody who is away gets a new hand-off."""
    colleagues = access.people_whose_absence_may_change(request.user)
    form = AbsenceForm(request.POST or None, people=colleagues, initial={"user": request.user.pk})
    if request.method == "POST" and form.is_valid():
        form.absence().save()
        messages.success(request, _("Saved. No new hand-offs go there in that time."))
        return redirect("settings_absences")
    coming = (
        Absence.objects.filter(ends_at__gt=timezone.now())
        .select_related("user__team", "deputy")
        .order_by("starts_at", "id")
    )
    mine = set(colleagues.values_list("pk", flat=True))
    context = {"form": form, "absences": coming, "may_change": mine}
    return render(request, "settings/absences.html", context, status=422 if form.errors else 200)


@require_POST
def remove_absence(request: AuthenticatedRequest, absence_id: int) -> HttpResponse:
    access.get_absence_to_change(request.user, absence_id).delete()
    messages.success(request, _("Removed."))
    return redirect("settings_absences")


def own_week(request: AuthenticatedRequest, person_id: int | None = None) -> HttpResponse:
    """The days on which somebody works, where they differ from those of the team."""
    colleague = access.get_person_whose_week_may_change(request.user, person_id or request.user.pk)
    form = OwnWeekForm(request.POST or None, person=colleague)
    if request.method == "POST" and form.is_valid():
        User.objects.filter(pk=colleague.pk).update(own_week=form.week)
        messages.success(request, _("Saved. It counts from the next hand-off on."))
        return redirect(request.path)
    others = access.people_whose_absence_may_change(request.user).exclude(pk=colleague.pk)
    context = {"form": form, "colleague": colleague, "others": others}
    return render(request, "settings/own_week.html", context, status=422 if form.errors else 200)


def _team_page(
    request: AuthenticatedRequest, form: TeamForm, title: str, url_name: str, *args: int
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("settings_people")
    return _form_page(request, form, title, url_name, *args)


def _form_page(
    request: AuthenticatedRequest, form: object, title: str, url_name: str, *args: int, label: str = ""
) -> HttpResponse:
    context = {"form": form, "title": title, "act": url_name, "act_args": args, "label": label or _("Save")}
    return render(
        request, "settings/form.html", context, status=422 if getattr(form, "errors", None) else 200
    )
