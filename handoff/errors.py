"""Why a hand-off could not do what was asked, in words for people.

A `Conflict` means that somebody else was first: it says who did what when. The others say what is missing or not allowed.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from leads.closing import CannotEndYet

if TYPE_CHECKING:
    from handoff.models import Handoff, HandoffEvent
    from leads.models import Lead
    from smarketing.accounts.models import User


class HandoffRefused(Exception):
    """What was asked of a hand-off may not happen."""


class BriefIncomplete(HandoffRefused):
    """The brief does not hold what the agreement demands. `errors` has the words per item, `missing` the keys without a text."""

    def __init__(self, errors: dict[str, str], missing: list[str]) -> None:
        self.errors, self.missing = errors, missing
        super().__init__(_("The brief is not complete."))


class LeadNotSalesReady(HandoffRefused):
    """Only a sales-ready lead is handed over."""

    def __init__(self, lead: Lead) -> None:
        self.lead = lead
        super().__init__(
            _("%(lead)s is %(stage)s, not sales-ready.") % {"lead": lead, "stage": lead.get_stage_display()}
        )


class NotADuplicate(HandoffRefused):
    """A duplicate is of another lead, whose hand-off is open."""

    def __init__(self) -> None:
        super().__init__(_("Choose another lead that is with sales now."))


class CannotReceive(HandoffRefused):
    """This colleague does not take hand-offs."""

    def __init__(self, person: User | None) -> None:
        words = _("%(who)s cannot receive hand-offs.") if person else _("There is no sales team yet.")
        super().__init__(words % {"who": person} if person else words)


class NoteNeeded(HandoffRefused):
    """This reason needs a sentence."""

    def __init__(self) -> None:
        super().__init__(_("Say in a sentence what would make it acceptable."))


class WordsNeeded(HandoffRefused):
    """A question or an answer without words."""

    def __init__(self) -> None:
        super().__init__(_("Write at least a word."))


class NotAContactMoment(HandoffRefused):
    """A contact cannot have happened then."""


class NotContactedYet(HandoffRefused, CannotEndYet):
    """Before contact a lead goes back to marketing by a return; not a fit or lost is what a contact shows."""

    def __init__(self) -> None:
        super().__init__(
            _("Nobody has contacted this lead yet. Log the contact first, or return the lead to marketing.")
        )


class NotSpokenYet(HandoffRefused):
    """Claims are checked after a conversation with the lead."""

    def __init__(self) -> None:
        super().__init__(
            _("Nobody has spoken with this lead yet: claims are checked after the conversation.")
        )


class NoSuchClaim(HandoffRefused):
    """Marketing did not claim that of this lead."""

    def __init__(self, claim: str) -> None:
        super().__init__(_("“%(claim)s” was not claimed of this lead.") % {"claim": claim})


class ContestOpen(HandoffRefused):
    """Marketing contested the return; until that is decided the lead is not sent again."""

    def __init__(self, handoff: Handoff) -> None:
        self.handoff = handoff
        super().__init__(_("The return of this lead is contested. The team leads decide first."))


class NotReserved(HandoffRefused):
    """Only what one was offered can be let pass."""

    def __init__(self) -> None:
        super().__init__(_("The time to look at this one has run out. Ask for the next one."))


class TooLateToTakeBack(HandoffRefused):
    """A message can be taken back by its writer, for some minutes."""

    def __init__(self) -> None:
        super().__init__(_("A message can be taken back by its writer, within ten minutes."))


class AlreadyAsked(HandoffRefused):
    """There is one round of questions; it was used."""

    def __init__(self) -> None:
        super().__init__(_("A question was asked before: there is one round. Accept or return the lead."))


class Conflict(HandoffRefused):
    """Somebody was first. `who`, `what` (an EventKind or None) and `when` say it to machines, str() to people."""

    def __init__(self, handoff: Handoff, event: HandoffEvent | None) -> None:
        self.handoff, self.event = handoff, event
        self.who = event.actor if event else None
        self.what = event.kind if event else None
        self.when = event.happened_at if event else None
        super().__init__(_told(event))


class AlreadyHandedOver(Conflict):
    """The lead has an open hand-off."""


class AlreadyClaimed(Conflict):
    """Somebody took it from the pool first."""


class Reserved(Conflict):
    """A colleague was given it from the pool and looks at it; it comes back by itself."""

    def __init__(self, handoff: Handoff) -> None:
        super().__init__(handoff, None)
        self.who, self.when = handoff.reserved_by, handoff.reserved_until
        words = _("%(who)s looks at this until %(when)s. It comes back to the pool by itself.")
        until = formats.date_format(timezone.localtime(self.when), "H:i") if self.when else "–"
        self.args = (words % {"who": self.who, "when": until},)


class AlreadyAnswered(Conflict):
    """It was accepted, returned or closed; or it went to somebody else meanwhile."""


class NothingAsked(Conflict):
    """There is no open question to answer."""


class NothingToSettle(Conflict):
    """The return was settled, or decided, meanwhile."""


def _told(event: HandoffEvent | None) -> str:
    """ "Eva accepted this at 10:02"."""
    if event is None:
        return _("Somebody else changed this hand-off first.")
    sentences = {
        "SENT": _("%(who)s handed this over %(when)s."),
        "CLAIMED": _("%(who)s claimed this %(when)s."),
        "REASSIGNED": _("%(who)s reassigned this %(when)s."),
        "ASKED": _("%(who)s asked for information %(when)s."),
        "REPLIED": _("%(who)s answered the question %(when)s."),
        "ACCEPTED": _("%(who)s accepted this %(when)s."),
        "RETURNED": _("%(who)s returned this %(when)s."),
        "SENT_AGAIN": _("%(who)s sent this again %(when)s."),
        "CONTESTED": _("%(who)s contested the return %(when)s."),
        "UPHELD": _("%(who)s put this back with sales %(when)s."),
        "REJECTED": _("%(who)s left this with marketing %(when)s."),
        "LET_GO": _("%(who)s closed this for marketing %(when)s."),
        "CONTACTED": _("%(who)s logged the first contact %(when)s."),
        "CLOSED": _("%(who)s closed this %(when)s."),
    }
    sentence = sentences.get(event.kind, _("%(who)s changed this %(when)s."))
    return sentence % {"who": event.actor or _("The system"), "when": spoken(event.happened_at)}


def spoken(moment: datetime) -> str:
    """ "at 10:02" of today's company day, otherwise with the date."""
    local, today = timezone.localtime(moment), timezone.localdate()
    pattern = "H:i" if local.date() == today else "j M H:i"
    return pgettext("moment", "at %(moment)s") % {"moment": formats.date_format(local, pattern)}
