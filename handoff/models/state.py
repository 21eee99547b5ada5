"""Where a hand-off stands, why it may come back, and what may come of it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    SENT = "SENT", _("Waiting for sales")
    ASKED = "ASKED", _("Asked for information")  # the ball is with marketing
    ACCEPTED = "ACCEPTED", _("Accepted")
    CONTACTED = "CONTACTED", _("Contacted")
    RETURNED = "RETURNED", _("Returned")
    CLOSED = "CLOSED", _("Closed")
    WITHDRAWN = "WITHDRAWN", _("Taken back")  # by whoever sent it, before sales acted; it counts nowhere


OPEN_STATES = [State.SENT, State.ASKED, State.ACCEPTED, State.CONTACTED]
UNANSWERED_STATES = [State.SENT, State.ASKED]
BEFORE_CONTACT = [State.SENT, State.ASKED, State.ACCEPTED]  # here a lead can still be returned


class ReturnReason(models.TextChoices):
    """Why sales gives a lead back before contact."""

    WRONG_ROUTE = "WRONG_ROUTE", _("Wrong person or team")
    INCOMPLETE = "INCOMPLETE", _("Brief incomplete")
    OUTSIDE_DEFINITION = "OUTSIDE_DEFINITION", _("Outside the agreed definition")
    DUPLICATE = "DUPLICATE", _("Duplicate")
    OTHER = "OTHER", _("Other")


NEED_A_NOTE = [ReturnReason.OTHER, ReturnReason.OUTSIDE_DEFINITION]


class Outcome(models.TextChoices):
    WON = "WON", _("Customer")
    LOST = "LOST", _("Lost")
    DISQUALIFIED = "DISQUALIFIED", _("Disqualified")
    RECYCLED = "RECYCLED", _("Recycled")
    RETURNED = "RETURNED", _("Returned")
    DUPLICATE = "DUPLICATE", _("Duplicate")  # the same person as the lead of another hand-off, which goes on
