"""Where a version of the agreement stands, what it may say of overflow and of whom to tell, and why a verb refuses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from sla.models.agreement import Agreement


class AgreementState(models.TextChoices):
    DRAFT = "DRAFT", _("Draft")
    PROPOSED = "PROPOSED", _("Proposed")
    SIGNED = "SIGNED", _("Signed")  # by both; waits for its start date
    IN_FORCE = "IN_FORCE", _("In force")
    SUPERSEDED = "SUPERSEDED", _("Superseded")
    WITHDRAWN = "WITHDRAWN", _("Withdrawn")


class Overflow(models.TextChoices):
    """Where a hand-off goes when everybody who could receive it has as many as was promised."""

    POOL = "POOL", _("It waits in the pool")
    ANYWAY = "ANYWAY", _("Whoever has the fewest gets it anyway")


class Rung(models.TextChoices):
    """Who hears of a broken promise, in the order in which the ladder is climbed."""

    HOLDER = "HOLDER", _("Who holds it")
    TEAM_LEAD = "TEAM_LEAD", _("The team lead")
    MANAGERS = "MANAGERS", _("The managers of both teams")
    POOL = "POOL", _("Everybody: it goes back to the pool")


ENDED_STATES = [AgreementState.SUPERSEDED, AgreementState.WITHDRAWN]


class AgreementMoved(Exception):
    """The agreement is no longer where the click thought it was; says where it stands now."""

    def __init__(self, agreement: Agreement) -> None:
        self.agreement = agreement
        super().__init__(
            _("Version %(version)s is %(state)s by now. Nothing was changed.")
            % {"version": agreement.version, "state": agreement.get_state_display().lower()}
        )


class NotYoursToSign(Exception):
    """Only somebody who decides for a side signs for it, and nobody signs for both."""


class Incomplete(Exception):
    """The draft lacks something without which it could not be measured. `problems` are sentences."""

    def __init__(self, problems: Sequence[Any]) -> None:
        self.problems = [str(problem) for problem in problems]
        super().__init__(" ".join(self.problems))
