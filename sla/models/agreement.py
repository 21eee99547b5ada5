"""The agreement (SLA): what the two teams promised each other, in versions that both signed. Immutable once proposed."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from handoff.models import ContactCounts
from leads.criteria import versions
from leads.models import CriteriaSet
from sla import agreement_content
from sla.agreement_querysets import AgreementQuerySet
from sla.models.agreement_state import AgreementMoved, AgreementState, Incomplete, NotYoursToSign, Overflow
from sla.models.calendar import Calendar, NeedsOpenTime
from smarketing.accounts.models import Side, User

if TYPE_CHECKING:
    from sla.models.signature import Signature
    from sla.models.term import Term


def usual_warnings() -> list[dict[str, int]]:
    return [{"share_left": 25}]


def usual_ladder() -> list[dict[str, Any]]:
    return [{"who": "HOLDER", "after_minutes": 0}, {"who": "TEAM_LEAD", "after_minutes": 60}]


class Agreement(models.Model):
    version = models.PositiveIntegerField(_("version"), unique=True)
    state = models.CharField(
        _("state"), max_length=10, choices=AgreementState.choices, default=AgreementState.DRAFT
    )
    starts_on = models.DateField(_("in force from"))
    review_on = models.DateField(_("review on"), null=True, blank=True)
    note = models.CharField(_("what changes and why"), max_length=300, blank=True)
    criteria_set = models.ForeignKey(
        CriteriaSet, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )  # empty: the one in force
    marketing_calendar = models.ForeignKey(
        Calendar, on_delete=models.PROTECT, related_name="+", verbose_name=_("working hours of marketing")
    )
    sales_calendar = models.ForeignKey(
        Calendar, on_delete=models.PROTECT, related_name="+", verbose_name=_("working hours of sales")
    )
    brief_items = models.JSONField(default=list)  # as handoff.HandoffRules.brief_items
    hot_rule = models.JSONField(null=True, blank=True)  # a rule of leads/criteria/rules.py
    contact_counts = models.CharField(
        _("what counts as first contact"),
        max_length=12,
        choices=ContactCounts.choices,
        default=ContactCounts.ATTEMPT,
    )
    warn_points = models.JSONField(
        _("warn when"), default=usual_warnings
    )  # [{"share_left": percent} or {"minutes_left": n}], each before the due moment
    ladder = models.JSONField(
        _("who hears that it is late"), default=usual_ladder
    )  # [{"who": Rung, "after_minutes": working minutes after due}]
    acknowledgement_minutes = models.PositiveSmallIntegerField(
        _("somebody who takes it up holds the ladder, in working minutes"), default=120
    )
    pause_limits = models.JSONField(
        _("a pause lasts at most"), default=dict, blank=True
    )  # {reason of a pause: working minutes}; a reason without an entry has its usual limit (USUAL_PAUSES)
    intake_seat = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who hears of leads that nobody holds"),
    )
    overflow = models.CharField(
        _("when everybody has enough"), max_length=6, choices=Overflow.choices, default=Overflow.ANYWAY
    )
    routing_shares = models.JSONField(
        _("share of new hand-offs, in percent"), default=dict, blank=True
    )  # {user id: percent}; empty: routing goes by load alone
    signers = models.JSONField(
        _("who signs"), default=dict, blank=True
    )  # {side: [user ids]}; a side without an entry is signed by those who lead it
    late_logging_hours = models.PositiveSmallIntegerField(_("late logging allowed for, in hours"), default=24)
    minimum_left_minutes = models.PositiveSmallIntegerField(
        _("a breach is the new holder's only if he got at least, in minutes"), default=30
    )

    drafted_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    drafted_at = models.DateTimeField()
    proposed_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    proposed_at = models.DateTimeField(null=True, blank=True)
    content_format = models.PositiveSmallIntegerField(
        default=agreement_content.FORMAT, editable=False
    )  # which fields its fingerprint covers: it is recomputed as it was signed
    content_hash = models.CharField(
        max_length=64, blank=True
    )  # of everything proposed, chained to the one proposed before
    previous_hash = models.CharField(max_length=64, blank=True)
    in_force_at = models.DateTimeField(null=True, blank=True)
    superseded_at = models.DateTimeField(null=True, blank=True)
    review_reminded_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["state"],
                condition=models.Q(state=AgreementState.IN_FORCE),
                name="uq_once_agreement_in_force",
            ),
            models.CheckConstraint(
                condition=models.Q(overflow__in=Overflow.values), name="agreement_overflow_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"v{self.version}"

    # Verbs

    @classmethod
    @transaction.atomic
    def draft_from(
        cls, former: Agreement | None, *, by: User | None, at: datetime, **columns: Any
    ) -> Agreement:
        """A new draft with the terms of `former`; without one, an empty draft that needs both calendars in `columns`."""
        latest = cls.objects.select_for_update().newest()
        values = {name: getattr(former, name) for name in agreement_content.COPIED} if former else {}
        values["starts_on"] = timezone.localdate(at)
        draft = cls.objects.create(
            **values | columns, version=latest.version + 1 if latest else 1, drafted_by=by, drafted_at=at
        )
        for term in former.terms_in_order() if former else []:
            term.copy_to(draft)
        return draft

    @transaction.atomic
    def propose(self, *, by: User, at: datetime) -> None:
        """From now on its text is fixed, in the database too, and both sides may sign it: who does so is told. Raises Incomplete."""
        from sla import announcing

        problems = self.problems(at)
        if problems:
            raise Incomplete(problems)
        self._propose_criteria(by=by, at=at)
        former = Agreement.objects.exclude(content_hash="").order_by("-proposed_at", "-id").first()
        self.previous_hash = former.content_hash if former else ""
        self._move(
            AgreementState.DRAFT,
            AgreementState.PROPOSED,
            proposed_by=by,
            proposed_at=at,
            previous_hash=self.previous_hash,
            content_hash=self.computed_hash(),
        )
        announcing.tell_who_signs(self, by=by, at=at)

    @transaction.atomic
    def sign(self, side: str, *, by: User, at: datetime) -> Signature:
        """This person signed exactly this text for this side. The second side's signature makes it wait for its start date, or start."""
        from sla import announcing

        standing = Agreement.objects.select_for_update().get(pk=self.pk)
        signed = {signature.side: signature for signature in standing.signatures.all()}
        if standing.state != AgreementState.PROPOSED or side in signed:
            raise AgreementMoved(standing)
        if not Agreement.objects.may_sign(by, side):
            raise NotYoursToSign(
                _("Signing for %(side)s is for those who lead it or were named.") % {"side": Side(side).label}
            )
        if standing.is_other_side_of_proposer(by, side):
            raise NotYoursToSign(_("You proposed it for the other side. Somebody of this side signs."))
        if any(signature.signed_by_id == by.pk for signature in signed.values()):
            raise NotYoursToSign(_("You signed for the other side. Somebody else signs for this one."))
        signature = self.signatures.create(
            side=side, signed_by=by, signed_at=at, content_hash=standing.content_hash
        )
        announcing.tell_of_the_signature(signature, standing, at=at)
        if len(signed) + 1 == len(Side):
            self._move(AgreementState.PROPOSED, AgreementState.SIGNED)
            if self.starts_on <= timezone.localdate(at):
                self.come_into_force(at=at)
        return signature

    @transaction.atomic
    def come_into_force(self, *, at: datetime) -> bool:
        """It measures hand-offs from now on, and its parts are installed where they are used. A second call does nothing."""
        from sla import installing

        standing = Agreement.objects.select_for_update().filter(
            state__in=[AgreementState.SIGNED, AgreementState.IN_FORCE]
        )
        if not any(each.pk == self.pk and each.state == AgreementState.SIGNED for each in standing):
            return False
        replaced = models.Q(state=AgreementState.IN_FORCE) | models.Q(version__lt=self.version)
        standing.filter(replaced).update(state=AgreementState.SUPERSEDED, superseded_at=at)
        self._move(AgreementState.SIGNED, AgreementState.IN_FORCE, in_force_at=at)
        installing.install(self, at=at)
        return True

    @transaction.atomic
    def withdraw(self, *, by: User, at: datetime) -> None:
        """A proposal that not both have signed is off the table; who proposed or signed it hears so."""
        from sla import announcing

        self._move(AgreementState.PROPOSED, AgreementState.WITHDRAWN)
        announcing.tell_of_the_withdrawal(self, by=by, at=at)

    @transaction.atomic
    def discard(self) -> None:
        """A draft that nobody proposed leaves nothing behind."""
        if not Agreement.objects.select_for_update().filter(pk=self.pk, state=AgreementState.DRAFT).exists():
            raise AgreementMoved(Agreement.objects.get(pk=self.pk))
        self.delete()

    # Questions

    @property
    def is_draft(self) -> bool:
        return self.state == AgreementState.DRAFT

    @property
    def is_proposed(self) -> bool:
        return self.state == AgreementState.PROPOSED

    @property
    def is_pending(self) -> bool:
        """On its way to measure."""
        return self.state in (AgreementState.DRAFT, AgreementState.PROPOSED, AgreementState.SIGNED)

    @property
    def is_in_force(self) -> bool:
        return self.state == AgreementState.IN_FORCE

    def terms_in_order(self) -> list[Term]:
        """The promises as they are numbered: marketing's, those of sales, then joint ones."""
        order = {"MARKETING": 0, "SALES": 1, "JOINT": 2}
        return sorted(self.terms.all(), key=lambda term: (order[term.side], term.position, term.pk))

    @cached_property
    def first_day_of_all(self) -> date | None:
        """On which the first version came into force, in the company's zone; None before there was one."""
        began = Agreement.objects.filter(in_force_at__isnull=False).order_by("in_force_at").first()
        return timezone.localdate(began.in_force_at) if began and began.in_force_at else None

    def calendar_of(self, side: str) -> Calendar:
        return self.marketing_calendar if side == Side.MARKETING else self.sales_calendar

    def is_other_side_of_proposer(self, user: User, side: str) -> bool:
        """Who proposed it does not sign for the side that he does not work for."""
        return self.proposed_by_id == user.pk and user.side not in (side, None)

    def unsigned_sides(self) -> list[Side]:
        signed = {signature.side for signature in self.signatures.all()}
        return [side for side in Side if side not in signed]

    def sides_to_sign(self, user: User) -> list[Side]:
        """The sides for which this person could put the missing signature."""
        if not self.is_proposed or any(s.signed_by_id == user.pk for s in self.signatures.all()):
            return []
        return [
            side
            for side in self.unsigned_sides()
            if Agreement.objects.may_sign(user, side) and not self.is_other_side_of_proposer(user, side)
        ]

    def problems(self, at: datetime) -> list[Any]:
        """What keeps a draft from being proposed."""
        found: list[Any] = []
        terms = list(self.terms.all())
        if not terms:
            found.append(_("It promises nothing yet: add at least one term."))
        found += [problem for term in terms for problem in term.problems()]
        if self.starts_on < timezone.localdate(at):
            found.append(_("Its start date lies in the past: hand-offs are never measured backwards."))
        for calendar in {self.marketing_calendar, self.sales_calendar}:
            if not calendar.current.has_open_time(at):
                found.append(NeedsOpenTime(calendar))
        return found

    def content(self) -> dict[str, Any]:
        """Everything that the two sides sign."""
        return agreement_content.of(self)

    def computed_hash(self) -> str:
        """The fingerprint of that, chained to the version that was proposed before."""
        return agreement_content.fingerprint(self)

    # Mechanics

    def _propose_criteria(self, *, by: User, at: datetime) -> None:
        """A definition of sales-ready that is still a draft is fixed together with the agreement that names it."""
        if self.criteria_set and self.criteria_set.is_draft:
            try:
                versions.propose(self.criteria_set, by=by, at=at)
            except versions.NotProposable as error:
                raise Incomplete([problem.text for problem in error.problems]) from error

    def _move(self, former: AgreementState, state: AgreementState, **columns: Any) -> None:
        moved = Agreement.objects.filter(pk=self.pk, state=former).update(state=state, **columns)
        if not moved:
            raise AgreementMoved(Agreement.objects.get(pk=self.pk))
        for name, value in {**columns, "state": state}.items():
            setattr(self, name, value)
