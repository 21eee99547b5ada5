"""Which version is in force, which is on its way, and who may sign the next one."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import models

from sla.models.agreement_state import AgreementState
from smarketing.accounts.models import User

if TYPE_CHECKING:
    from sla.models.agreement import Agreement


class AgreementQuerySet(models.QuerySet["Agreement"]):
    def in_force(self) -> Agreement | None:
        """The one that measures new hand-offs, if there is one."""
        return self.filter(state=AgreementState.IN_FORCE).first()

    def waiting_to_start(self, day: date) -> AgreementQuerySet:
        """Signed by both, and their start date has come."""
        return self.filter(state=AgreementState.SIGNED, starts_on__lte=day)

    def unfinished(self) -> AgreementQuerySet:
        return self.filter(state__in=[AgreementState.DRAFT, AgreementState.PROPOSED, AgreementState.SIGNED])

    def named_signers(self, side: str) -> list[int]:
        """Who was named in the agreement in force to sign the next one; empty when nobody who is still there was."""
        current = self.in_force()
        named = current.signers.get(side, []) if current else []
        there = User.objects.active().filter(pk__in=named) if named else User.objects.none()
        return list(there.values_list("pk", flat=True))

    def may_sign(self, user: User, side: str) -> bool:
        """Those named for a side; where nobody is named, those who lead it."""
        named = self.named_signers(side)
        return user.pk in named if named else user.decides_for(side)

    def signers(self, side: str) -> list[User]:
        """Everybody who may sign for this side now."""
        named = self.named_signers(side)
        people = User.objects.active().select_related("team").order_by("id")
        return [user for user in people if (user.pk in named if named else user.decides_for(side))]

    def waiting_for(self, user: User) -> list[Agreement]:
        """Proposals on which the signature of this person, or of somebody else of the side, is missing still."""
        proposed = self.filter(state=AgreementState.PROPOSED).prefetch_related("signatures")
        return [agreement for agreement in proposed if agreement.sides_to_sign(user)]

    def newest(self) -> Agreement | None:
        return self.order_by("-version").first()
