"""Which contact an address or a number belongs to."""

from __future__ import annotations

from django.db.models.functions import Lower

from leads.models import Contact
from smarketing.prepared import Prepared


def find(email: str, phone: str) -> tuple[Contact | None, str | None]:
    """By e-mail, else by phone. A shared phone number does not make one person of two addresses."""
    if email and (contact := with_email(email)):
        return contact, "email"
    if phone:
        same = Contact.objects.select_related("company").exclude(phone="").filter(phone=phone)
        contact = (same.filter(email="") if email else same).order_by("id").first()
        return contact, "phone" if contact else None
    return None, None


_with_email = Prepared(
    lambda address: (
        Contact.objects.select_related("company")
        .exclude(email="")
        .alias(address=Lower("email"))
        .filter(address=address)
        .order_by("id")[:1]
    ),
    address=str,
)


def with_email(email: str) -> Contact | None:
    """Whatever its capitals: no two contacts have one address."""
    return _with_email.first(address=email.lower())
