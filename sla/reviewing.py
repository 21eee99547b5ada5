"""The review date of the agreement in force: when it comes, the people who sign are told, once."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from sla.models import Agreement, AgreementState, NoticeKind
from sla.notices import announce
from smarketing import words
from smarketing.accounts.models import Side, User


@transaction.atomic
def remind(*, at: datetime) -> int:
    """Everybody who signed it, or would sign the next one, hears that its review date has come. Safe twice, and late."""
    due = Agreement.objects.filter(
        state=AgreementState.IN_FORCE, review_on__lte=timezone.localdate(at), review_reminded_at=None
    )
    agreement = due.select_for_update(of=("self",)).first()
    if agreement is None:
        return 0
    told = announce(
        NoticeKind.REVIEW_DATE,
        recipients=signers(agreement),
        key=f"agreement:{agreement.pk}:review",
        at=at,
        text=f"v{agreement.version}, {words.short_date(agreement.review_on)}",
    )
    due.update(review_reminded_at=at)
    return told


def signers(agreement: Agreement) -> list[User]:
    """Who signed it, and who signs next."""
    signed = User.objects.active().filter(pk__in=agreement.signatures.values("signed_by")).order_by("id")
    return [*signed, *(user for side in Side for user in Agreement.objects.signers(side))]
