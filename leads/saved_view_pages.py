"""Pages on which a view of a list is named, shared, replaced by what is shown now, or thrown away."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from leads import access, saved_views
from leads.models import SavedView, ViewPage
from smarketing.accounts.models import Team
from smarketing.requests import AuthenticatedRequest

either = require_http_methods(["GET", "HEAD", "POST"])


class ViewForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=60, widget=forms.TextInput(attrs={"dir": "auto"})
    )
    is_shared = forms.BooleanField(
        label=gettext_lazy("My team sees it too"),
        required=False,
        help_text=gettext_lazy("You and your team lead can change it."),
    )

    def __init__(self, *args: Any, team: Team | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.team = team
        if team is None:
            del self.fields["is_shared"]

    @property
    def shared_with(self) -> Team | None:
        return self.team if self.cleaned_data.get("is_shared") else None


@either
def new(request: AuthenticatedRequest) -> HttpResponse:
    """What the address asked for gets a name."""
    wanted = request.GET.get("of", "")
    page = wanted if wanted in ViewPage.values else ViewPage.LEADS
    query = saved_views.normal(QueryDict(request.GET.get("query", "")[: saved_views.LONGEST]))
    form = ViewForm(request.POST if request.method == "POST" else None, team=request.user.team)
    if form.is_valid():
        try:
            view = saved_views.save_as(
                page,
                form.cleaned_data["name"],
                query,
                team=form.shared_with,
                by=request.user,
                at=timezone.now(),
            )
        except saved_views.NameTaken as error:
            form.add_error("name", str(error))
        else:
            messages.success(request, _("View saved."))
            return redirect(saved_views.address(view))
    back = reverse(saved_views.ADDRESS_OF[ViewPage(page)]) + (f"?{query}" if query else "")
    return _page(request, form, back=back, title=_("Save this view"))


@either
def change(request: AuthenticatedRequest, view_id: int) -> HttpResponse:
    view = access.get_view_to_change(request.user, view_id)
    team = view.team or (request.user.team if view.owner_id == request.user.pk else None)
    initial = {"name": view.name, "is_shared": view.is_shared}
    form = ViewForm(request.POST if request.method == "POST" else None, team=team, initial=initial)
    if form.is_valid():
        try:
            saved_views.rename(
                view, form.cleaned_data["name"], team=form.shared_with, by=request.user, at=timezone.now()
            )
        except saved_views.NameTaken as error:
            form.add_error("name", str(error))
        else:
            messages.success(request, _("View saved."))
            return redirect(saved_views.address(view))
    return _page(request, form, back=saved_views.address(view), title=_("Change this view"), view=view)


@require_POST
def save(request: AuthenticatedRequest, view_id: int) -> HttpResponse:
    """The view opens what is shown now."""
    view = access.get_view_to_change(request.user, view_id)
    view.replace(
        saved_views.normal(QueryDict(request.POST.get("query", "")[: saved_views.LONGEST])),
        by=request.user,
        at=timezone.now(),
    )
    messages.success(request, _("View saved."))
    return redirect(saved_views.address(view))


@require_POST
def delete(request: AuthenticatedRequest, view_id: int) -> HttpResponse:
    """Nobody sees it any more; the leads in it are untouched."""
    view = access.get_view_to_change(request.user, view_id)
    page = reverse(saved_views.ADDRESS_OF[ViewPage(view.page)])
    view.delete()
    messages.success(request, _("View removed. The leads in it stay as they are."))
    return redirect(page)


def _page(
    request: AuthenticatedRequest, form: ViewForm, *, back: str, title: str, view: SavedView | None = None
) -> HttpResponse:
    context = {"form": form, "back": back, "title": title, "view": view}
    return render(request, "leads/saved_view.html", context, status=422 if form.errors else 200)
