"""Marketing delivers one lead to sales, with a brief; sales answers; the first contact is made; it comes to an outcome."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from handoff import errors, signals
from handoff.models.rules import HandoffRules
from handoff.models.state import BEFORE_CONTACT, OPEN_STATES, UNANSWERED_STATES, Outcome, ReturnReason, State
from handoff.querysets import HandoffQuerySet
from leads import undoing
from leads.models import Lead, Qualification
from smarketing.accounts.models import Side

if TYPE_CHECKING:
    from handoff.models.attempt import ContactAttempt
    from handoff.models.event import HandoffEvent
    from smarketing.accounts.models import Team, User


class Handoff(models.Model):
    lead = models.ForeignKey(Lead, on_delete=models.PROTECT, related_name="handoffs")
    cycle = models.PositiveIntegerField(default=1)  # the how-manieth hand-off of this lead
    state = models.CharField(max_length=10, choices=State.choices, default=State.SENT)
    hot = models.BooleanField(default=False)  # the hot rule held when it was sent; a snapshot
    rules = models.ForeignKey(HandoffRules, on_delete=models.PROTECT, related_name="+")
    qualification = models.ForeignKey(Qualification, on_delete=models.PROTECT, null=True, related_name="+")

    sender = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField()
    receiving_team = models.ForeignKey("accounts.Team", on_delete=models.PROTECT, related_name="+")
    receiver = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )  # empty: the pool
    received_at = models.DateTimeField(null=True, blank=True)  # since when the present receiver has it
    routed_because = models.CharField(max_length=300, blank=True)
    reserved_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )  # who was given it from the pool to look at; it counts until `reserved_until`
    reserved_until = models.DateTimeField(null=True, blank=True)

    asked_at = models.DateTimeField(null=True, blank=True)
    question = models.CharField(max_length=500, blank=True)
    replied_at = models.DateTimeField(null=True, blank=True)
    reply_text = models.CharField(max_length=1000, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    returned_at = models.DateTimeField(null=True, blank=True)
    return_reason = models.CharField(max_length=20, choices=ReturnReason.choices, blank=True)
    return_note = models.CharField(max_length=500, blank=True)
    prepared_at = models.DateTimeField(
        null=True, blank=True
    )  # the receiver opened the call sheet before the first contact

    first_attempt_at = models.DateTimeField(
        null=True, blank=True
    )  # earliest genuine outbound contact, by occurrence
    first_conversation_at = models.DateTimeField(null=True, blank=True)
    first_contact_at = models.DateTimeField(null=True, blank=True)  # whichever of the two the rules count
    attempts = models.PositiveIntegerField(default=0)
    closed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True)
    duplicate_of = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="duplicates"
    )

    objects = HandoffQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "lead", condition=models.Q(state__in=OPEN_STATES), name="uq_once_open_handoff_per_lead"
            ),
            models.UniqueConstraint(fields=["lead", "cycle"], name="uq_once_handoff_cycle"),
            models.UniqueConstraint(fields=["reserved_by"], name="uq_once_reservation_per_person"),
            models.CheckConstraint(
                condition=models.Q(outcome="DUPLICATE", duplicate_of__isnull=False)
                | (~models.Q(outcome="DUPLICATE") & models.Q(duplicate_of__isnull=True)),
                name="handoff_says_of_what_it_is_a_duplicate",
            ),
            models.CheckConstraint(
                condition=models.Q(reserved_by__isnull=True, reserved_until__isnull=True)
                | models.Q(reserved_by__isnull=False, reserved_until__isnull=False, receiver__isnull=True),
                name="reserved_only_in_the_pool",
            ),
        ]
        indexes = [
            models.Index(
                fields=["receiver", "state"],
                name="handoff_open_by_receiver",
                condition=models.Q(state__in=OPEN_STATES),
            ),
            models.Index(fields=["state", "-sent_at", "-id"], name="handoff_by_state"),
            models.Index(fields=["-sent_at", "-id"], name="handoff_by_sent"),
            models.Index(  # a month is counted from the index alone
                fields=["sent_at"],
                name="handoff_for_scorecard",
                include=["id", "accepted_at", "returned_at", "closed_at"],
            ),
            models.Index(
                fields=["accepted_at"], name="handoff_by_accepted", condition=Q(accepted_at__isnull=False)
            ),
            models.Index(
                fields=["closed_at"],
                name="handoff_never_spoken",
                condition=Q(closed_at__isnull=False, first_conversation_at=None),
            ),
            models.Index(fields=["sender", "-sent_at"], name="handoff_by_sender"),
            models.Index(fields=["receiver", "-sent_at"], name="handoff_by_receiver"),
            models.Index(fields=["receiver", "-received_at"], name="handoff_by_receipt"),
            models.Index(  # whether somebody ever prepared himself is asked by the list of his first steps
                fields=["receiver"], name="handoff_prepared", condition=Q(prepared_at__isnull=False)
            ),
            models.Index(
                fields=["receiving_team", "-hot", "sent_at", "id"],
                name="handoff_in_pool",
                condition=models.Q(receiver__isnull=True, state__in=UNANSWERED_STATES),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lead_id}/{self.cycle}"

    # Verbs: each is one guarded update, one event and one signal, in one transaction.
    # Where the lead moves too, its row is locked first, as everywhere: then two people never wait for each other.

    @classmethod
    def send(
        cls,
        lead: Lead,
        *,
        brief: dict[str, str],
        waived: dict[str, str] | None = None,
        to: User | str = "route",
        team: Team | None = None,
        by: User | None,
        at: datetime,
    ) -> Handoff:
        """Marketing delivers the lead: to a colleague, by "route" to whom routing finds, or to the "pool".

        Raises BriefIncomplete, LeadNotSalesReady, AlreadyHandedOver, CannotReceive.
        """
        from handoff import sending

        return sending.send(lead, brief=brief, waived=waived, to=to, team=team, by=by, at=at)

    @undoing.can_be_undone("CLAIM", _("Claimed"))
    @transaction.atomic
    def claim(self, *, by: User, at: datetime) -> HandoffEvent:
        """`by` has it; it was in the pool. Raises Reserved, AlreadyClaimed, AlreadyAnswered."""
        from handoff.pool import taking

        in_turn = taking.is_in_turn(self, by, at=at)
        free = Q(receiver=None, state__in=UNANSWERED_STATES) & taking.free_for(by, at=at)
        if not self._update(free, receiver=by, received_at=at):
            raise self._lost_to_somebody(by, at, errors.AlreadyAnswered)
        event = self._record("CLAIMED", by=by, at=at)
        taking.record(self, in_turn=in_turn, by=by, at=at)
        signals.handoff_received.send(sender=Handoff, handoff=self, at=at, receiver=by, previous=None)
        return event

    @undoing.can_be_undone("ACCEPT", _("Accepted"))
    @transaction.atomic
    def accept(self, *, by: User, at: datetime, occurred_at: datetime | None = None) -> HandoffEvent:
        """Sales takes the lead. Whoever accepts from the pool has it; a team lead accepts for the receiver.
        Raises Reserved, AlreadyAnswered.

        `occurred_at` is given where a contact accepts it and is logged later than it occurred.
        """
        from handoff.pool import taking

        moment = occurred_at or at
        self._lock_lead()
        receiver, was_asked, was_pooled = self.receiver or by, self.waits_for_marketing, self.is_in_pool
        in_turn = was_pooled and taking.is_in_turn(self, by, at=at)
        free = taking.free_for(by, at=at) if was_pooled else Q()
        accepted = self.is_unanswered and self._update(
            Q(receiver=self.receiver, state=self.state) & free,
            state=State.ACCEPTED,
            accepted_at=moment,
            receiver=receiver,
            received_at=self.received_at or moment,
        )
        if not accepted:
            raise self._lost_to_somebody(by, at, errors.AlreadyAnswered, claimed=errors.AlreadyAnswered)
        if was_pooled:
            taking.record(self, in_turn=in_turn, by=by, at=at)
        self.lead.mark_accepted(by=by, at=moment)
        if receiver != by:
            self.lead.assign_to(receiver)
        event = self._record("ACCEPTED", by=by, at=moment)
        if was_asked:  # the question lapses: the ball is with sales again before it is answered
            signals.information_given.send(sender=Handoff, handoff=self, at=at, by=by)
        signals.handoff_accepted.send(sender=Handoff, handoff=self, at=at, by=by)
        return event

    def return_(self, reason: str, note: str = "", *, by: User, at: datetime) -> HandoffEvent:
        """Sales gives the lead back before contact; it is sales-ready again and nobody's in sales. Raises NoteNeeded, AlreadyAnswered."""
        from handoff import returning

        return returning.give_back(self, reason, note, by=by, at=at)

    def contest(self, words: str, *, by: User, at: datetime) -> HandoffEvent:
        """Marketing does not agree with the return; both team leads decide. Raises WordsNeeded, NothingToSettle."""
        from handoff import returning

        return returning.contest(self, words, by=by, at=at)

    def ask(self, question: str, *, by: User, at: datetime) -> HandoffEvent:
        """The ball is with marketing until it answers; there is one round. Raises WordsNeeded, AlreadyAsked, AlreadyAnswered."""
        from handoff import asking

        return asking.ask(self, question, by=by, at=at)

    def reply(self, text: str, *, by: User, at: datetime) -> HandoffEvent:
        """The ball is with sales again. Raises WordsNeeded, NothingAsked."""
        from handoff import asking

        return asking.reply(self, text, by=by, at=at)

    @undoing.can_be_undone("REASSIGN", _("Reassigned"))
    @transaction.atomic
    def reassign(self, to: User, *, by: User, at: datetime) -> HandoffEvent:
        """`to` has it from now on, and the lead too when it was accepted. Raises CannotReceive, AlreadyAnswered."""
        if not (to.is_active and to.works_for(Side.SALES)):
            raise errors.CannotReceive(to)
        self._lock_lead()
        previous = self.receiver
        moved = self._update(
            Q(receiver=previous, state__in=OPEN_STATES) & ~Q(receiver=to), receiver=to, received_at=at
        )
        if not moved:
            raise self._conflict(errors.AlreadyAnswered)
        if self.state not in UNANSWERED_STATES:
            self.lead.assign_to(to)
        event = self._record("REASSIGNED", by=by, at=at)
        signals.handoff_received.send(sender=Handoff, handoff=self, at=at, receiver=to, previous=previous)
        return event

    def put_back(self, *, by: User | None, at: datetime) -> HandoffEvent | None:
        """It waits in the pool again, because nobody called; once. None when that is not so any more."""
        from handoff import putting_back

        return putting_back.put_back(self, by=by, at=at)

    @transaction.atomic
    def open_call_sheet(self, *, by: User, at: datetime) -> HandoffEvent | None:
        """The receiver prepared himself; only the first time and before the first contact. None when it does not count."""
        prepared = self._update(
            Q(receiver=by, prepared_at=None, first_attempt_at=None, state__in=BEFORE_CONTACT), prepared_at=at
        )
        return self._record("PREPARED", by=by, at=at) if prepared else None

    def log_contact(
        self,
        channel: str,
        result: str,
        *,
        occurred_at: datetime | None = None,
        note: str = "",
        by: User,
        at: datetime,
    ) -> ContactAttempt:
        """Somebody of sales tried to reach the lead, or did. The earliest by occurrence is the first contact, in whatever order they are logged.

        A contact on a hand-off that waits for an answer accepts it; on a closed one it is told late, and moves no lead.
        Raises NotAContactMoment, AlreadyAnswered.
        """
        from handoff import contacting

        return contacting.log(self, channel, result, occurred_at=occurred_at, note=note, by=by, at=at)

    def confirm_duplicate(self, kept: Handoff, *, by: User, at: datetime) -> HandoffEvent:
        """Its lead is the same person as that of `kept`: this one is closed, and what was promised of it is promised of `kept`.

        Raises NotADuplicate, AlreadyAnswered.
        """
        from handoff import duplicating

        return duplicating.confirm(self, kept, by=by, at=at)

    @transaction.atomic
    def close(self, outcome: str, *, by: User | None, at: datetime) -> HandoffEvent | None:
        """The lead came to an outcome; None when the hand-off was closed before."""
        if not self._update(
            Q(state__in=OPEN_STATES), state=State.CLOSED, outcome=Outcome(outcome), closed_at=at
        ):
            return None
        event = self._record("CLOSED", by=by, at=at, note=str(Outcome(outcome).label))
        signals.handoff_closed.send(sender=Handoff, handoff=self, at=at, outcome=outcome)
        return event

    @transaction.atomic
    def withdraw(self, *, by: User, at: datetime) -> HandoffEvent:
        """As if it had not been sent; it counts nowhere. What undoing calls. Raises AlreadyAnswered."""
        if not self._update(Q(state__in=UNANSWERED_STATES), state=State.WITHDRAWN, closed_at=at):
            raise self._conflict(errors.AlreadyAnswered)
        event = self._record("WITHDRAWN", by=by, at=at)
        signals.handoff_withdrawn.send(sender=Handoff, handoff=self, at=at, by=by)
        return event

    # Questions

    def get_state_display(self) -> str:  # type: ignore[no-redef,unused-ignore]  # the plugin knows Django's; with a cache of before it forgets
        """As Django says it, without going through all choices: pages ask often."""
        return str(State(self.state).label)

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def is_unanswered(self) -> bool:
        return self.state in UNANSWERED_STATES

    @property
    def is_in_pool(self) -> bool:
        return self.receiver_id is None and self.is_unanswered

    def is_reserved(self, at: datetime) -> bool:
        """Somebody was given it from the pool and still looks at it."""
        return self.reserved_until is not None and self.reserved_until > at

    @property
    def waits_for_marketing(self) -> bool:
        return self.state == State.ASKED

    @property
    def can_be_returned(self) -> bool:
        return self.state in BEFORE_CONTACT

    def can_be_told_late(self, at: datetime) -> bool:
        """It is closed, and a contact that was made before may still be logged."""
        if self.state != State.CLOSED or self.outcome == Outcome.DUPLICATE or self.closed_at is None:
            return False
        return at - self.closed_at <= self.rules.late_logging_span

    @property
    def can_be_asked(self) -> bool:
        return self.state == State.SENT and self.asked_at is None

    def told_who_has_it(self) -> errors.Conflict:
        """What somebody hears who wanted it from the pool and was not the first."""
        return self._conflict(errors.AlreadyClaimed if self.is_unanswered else errors.AlreadyAnswered)

    # Mechanics

    def _lock_lead(self) -> None:
        self.lead = (
            Lead.objects.select_for_update(no_key=True, of=("self",))
            .select_related("contact", "company")
            .get(pk=self.lead_id)
        )

    def _update(self, guard: Q, **columns: object) -> bool:
        """Whether the row was still as `guard` says; then these columns are written, here and in the database."""
        if "receiver" in columns or columns.get("state", self.state) not in UNANSWERED_STATES:
            columns |= {
                "reserved_by": None,
                "reserved_until": None,
            }  # nobody looks at it in the pool any more
        if not Handoff.objects.filter(guard, pk=self.pk).update(**columns):
            return False
        for name, value in columns.items():
            setattr(self, name, value)
        return True

    def _record(self, kind: str, *, by: User | None, at: datetime, note: str = "") -> HandoffEvent:
        return self.events.create(
            kind=kind, happened_at=at, actor=by, receiver_id=self.receiver_id, note=note[:500]
        )

    def _lost_to_somebody(
        self,
        by: User,
        at: datetime,
        answered: type[errors.Conflict],
        claimed: type[errors.Conflict] = errors.AlreadyClaimed,
    ) -> errors.Conflict:
        """Why it could not be taken from the pool: somebody looks at it, has claimed it, or has answered it."""
        fresh = Handoff.objects.select_related("reserved_by").get(pk=self.pk)
        if fresh.is_in_pool and fresh.reserved_by_id != by.pk and fresh.is_reserved(at):
            return errors.Reserved(fresh)
        return self._conflict(claimed if fresh.is_unanswered and fresh.receiver_id else answered)

    def _conflict(self, kind: type[errors.Conflict]) -> errors.Conflict:
        """Who was first: the latest event that changed something for others."""
        latest = self.events.exclude(kind="PREPARED").select_related("actor").order_by("-id").first()
        return kind(self, latest)
