"""A new colleague gets a mail with a link to choose a password; nobody ever sees or sends one."""

from __future__ import annotations

from allauth.account.forms import ResetPasswordForm
from django.http import HttpRequest

from smarketing.accounts.models import User


def invite(person: User, *, request: HttpRequest) -> None:
    """The person has a mail on the way with a link that sets a password."""
    form = ResetPasswordForm({"email": person.email})
    if form.is_valid():
        form.save(request)
