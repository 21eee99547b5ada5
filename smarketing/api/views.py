"""The tokens of the person who looks: a name, when it was made, a way to end it. The token itself is shown once."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from smarketing.api import problem
from smarketing.api.models import ApiToken


class TokenForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("What will use it"), max_length=80)


@never_cache
def tokens(request: HttpRequest) -> HttpResponse:
    form = TokenForm(request.POST or None)
    made = ""
    if request.method == "POST" and form.is_valid():
        made = ApiToken.objects.create(user=request.user, name=form.cleaned_data["name"])[1]
        form = TokenForm()
    mine = ApiToken.objects.filter(user=request.user).order_by("-created")
    context = {"form": form, "tokens": mine, "made": made}
    return render(request, "settings/tokens.html", context, status=422 if form.errors else 200)


@require_POST
def revoke(request: HttpRequest, token_key: str) -> HttpResponse:
    """Whoever uses it is refused from now on."""
    get_object_or_404(ApiToken, user=request.user, token_key=token_key).delete()
    messages.success(request, _("The token no longer works."))
    return redirect("settings_tokens")


@csrf_exempt
@login_not_required
def unknown(request: HttpRequest, rest: str = "") -> HttpResponse:
    """No such address under /api/."""
    return problem.page(request, 404, "There is nothing here, or not for you.")
