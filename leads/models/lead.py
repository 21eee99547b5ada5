"""A lead: one expression of interest by a contact, and the thing that moves.

Where it stands is a column; what happened are `StageChange` rows. Each move is one verb: a guarded update, one fact, one signal,
one transaction.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from leads import ordering, signals
from leads.models.campaign import Campaign, Source
from leads.models.company import Company
from leads.models.contact import Contact
from leads.models.stage import (
    MAIN_LINE,
    MOMENT_OF,
    NEXT_STAGES,
    OPEN_STAGES,
    LeadMoved,
    Stage,
    TransitionNotAllowed,
)
from leads.querysets import LeadQuerySet

if TYPE_CHECKING:
    from leads.models.stage_change import StageChange
    from smarketing.accounts.models import User


def called(name: str, company: str | None, email: str, number: int | None) -> str:
    """What people call a lead: by the person, else the company, else the address."""
    return name or company or email or str(_("Lead %(number)s") % {"number": number})


class Lead(models.Model):
    contact = models.ForeignKey(
        Contact,
        on_delete=models.PROTECT,
        related_name="leads",
        verbose_name=_("contact"),
        db_index=False,  # lead_by_contact
    )
    company = models.ForeignKey(
        Company,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,  # an index below begins with it
        related_name="leads",
        verbose_name=_("company"),
    )
    source = models.ForeignKey(
        Source,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,  # an index below begins with it
        related_name="leads",
        verbose_name=_("source"),
    )
    campaign = models.ForeignKey(
        Campaign,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,  # an index below begins with it
        related_name="leads",
        verbose_name=_("campaign"),
    )
    external_id = models.CharField(_("external id"), max_length=200, blank=True)

    stage = models.CharField(_("stage"), max_length=12, choices=Stage.choices, default=Stage.NEW)
    captured_at = models.DateTimeField(_("captured"))
    mql_at = models.DateTimeField(_("qualified"), null=True, blank=True)
    sql_at = models.DateTimeField(_("sales-ready since"), null=True, blank=True)
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    contacted_at = models.DateTimeField(_("contacted"), null=True, blank=True)
    opportunity_at = models.DateTimeField(_("opportunity since"), null=True, blank=True)
    customer_at = models.DateTimeField(_("customer since"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    reason = models.CharField(
        _("reason"), max_length=200, blank=True
    )  # of the latest disqualify, lose or recycle

    marketer = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,  # an index below begins with it
        related_name="+",
        verbose_name=_("marketer"),
    )
    owner = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,  # an index below begins with it
        related_name="+",
        verbose_name=_("sales rep"),
    )
    hot_at = models.DateTimeField(
        _("hot since"), null=True, blank=True
    )  # set when the hot rule held at a hand-off
    next_step_at = models.DateTimeField(_("next step"), null=True, blank=True)
    next_step = models.CharField(_("what to do next"), max_length=200, blank=True)

    facts = models.JSONField(
        default=dict, blank=True, encoder=DjangoJSONEncoder
    )  # {key: value}; history in LeadFact
    answers = models.JSONField(
        default=dict, blank=True
    )  # {criterion key: "YES" | "NO"}; history in Judgement
    version = models.PositiveIntegerField(default=1)  # counts edits; an edit of an older version is refused
    last_activity_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = LeadQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "external_id", condition=~models.Q(external_id=""), name="uq_once_lead_external_id"
            ),
            models.UniqueConstraint(
                "contact", condition=models.Q(stage__in=OPEN_STAGES), name="uq_once_open_lead_per_contact"
            ),
            models.CheckConstraint(
                condition=(
                    models.Q(stage__in=[Stage.DISQUALIFIED, Stage.LOST]) & models.Q(closed_at__isnull=False)
                )
                | (~models.Q(stage__in=[Stage.DISQUALIFIED, Stage.LOST]) & models.Q(closed_at__isnull=True)),
                name="lead_closed_exactly_when_it_ended",
            ),
            models.CheckConstraint(
                condition=models.Q(stage=Stage.CUSTOMER, customer_at__isnull=False)
                | (~models.Q(stage=Stage.CUSTOMER) & models.Q(customer_at__isnull=True)),
                name="lead_customer_moment_agrees",
            ),
        ]
        indexes = [
            models.Index(fields=["-captured_at", "-id"], name="lead_by_captured"),
            models.Index(
                fields=["captured_at", "customer_at"],
                name="lead_customers_of_a_cohort",
                condition=models.Q(customer_at__isnull=False),
            ),
            models.Index(fields=["contact", "-captured_at", "-id"], name="lead_by_contact"),
            models.Index(ordering.StageRank("stage"), "captured_at", "id", name="lead_in_order_of_stage"),
            models.Index(fields=["next_step_at", "id"], name="lead_in_order_of_next_step"),
            *(
                models.Index(
                    fields=[moment],
                    name=f"lead_by_{moment}",
                    condition=models.Q(**{f"{moment}__isnull": False}),
                )
                for moment in dict.fromkeys(MOMENT_OF.values())
                if moment != "captured_at"
            ),
            models.Index(fields=["stage", "-captured_at", "-id"], name="lead_by_stage"),
            models.Index(
                fields=["-captured_at", "-id"],
                name="lead_waiting",
                condition=models.Q(stage__in=[Stage.NEW, Stage.MQL, Stage.RECYCLED]),
            ),
            models.Index(fields=["source", "-captured_at", "-id"], name="lead_by_source"),
            models.Index(fields=["source", "stage"], name="lead_count_by_source"),  # small: for counting
            models.Index(
                fields=["campaign", "-captured_at", "-id"],
                name="lead_by_campaign",
                condition=models.Q(campaign__isnull=False),
            ),
            models.Index(
                fields=["owner", "-captured_at", "-id"],
                name="lead_by_owner",
                condition=models.Q(owner__isnull=False),
            ),
            models.Index(
                fields=["company"], name="lead_by_company", condition=models.Q(company__isnull=False)
            ),
            models.Index(
                fields=["marketer"], name="lead_by_marketer", condition=models.Q(marketer__isnull=False)
            ),
            models.Index(
                fields=["owner", "next_step_at"],
                name="lead_by_next_step",
                condition=models.Q(next_step_at__isnull=False),
            ),
            models.Index(  # a rep's open leads among all that ever were his
                fields=["owner", "next_step_at"],
                name="lead_in_work_by_owner",
                condition=models.Q(stage__in=[Stage.ACCEPTED, Stage.CONTACTED, Stage.OPPORTUNITY]),
            ),
        ]

    def __str__(self) -> str:
        company = self.company.name if self.company else ""
        return called(self.contact.full_name, company, self.contact.email, self.pk)

    # Verbs: each moves the lead, writes one StageChange and says so with one signal

    def qualify(self, *, by: User | None, at: datetime) -> StageChange:
        """Marketing says that fit and interest are worth its attention."""
        return self._move_to(Stage.MQL, by=by, at=at)

    def mark_sales_ready(self, *, by: User | None, at: datetime) -> StageChange:
        """The lead is sales-ready. Whether it may be is decided by `leads.criteria.gate.mark_sales_ready`, which calls this."""
        return self._move_to(Stage.SQL, by=by, at=at)

    def mark_accepted(self, *, by: User, at: datetime) -> StageChange:
        """Sales took it: `by` becomes its rep."""
        return self._move_to(Stage.ACCEPTED, by=by, at=at, owner=by)

    def mark_contacted(self, *, by: User, at: datetime) -> StageChange:
        return self._move_to(Stage.CONTACTED, by=by, at=at)

    def mark_returned(self, reason: str, *, by: User | None, at: datetime) -> StageChange:
        """Sales gave it back before contact; it is sales-ready again and nobody's in sales."""
        return self._move_to(Stage.SQL, by=by, at=at, reason=reason, owner=None)

    def open_opportunity(self, *, by: User, at: datetime) -> StageChange:
        return self._move_to(Stage.OPPORTUNITY, by=by, at=at)

    def win(self, *, by: User, at: datetime) -> StageChange:
        return self._move_to(Stage.CUSTOMER, by=by, at=at, next_step_at=None, next_step="")

    def lose(self, reason: str, *, by: User, at: datetime) -> StageChange:
        return self._move_to(Stage.LOST, by=by, at=at, reason=reason, next_step_at=None, next_step="")

    def disqualify(self, reason: str, *, by: User, at: datetime) -> StageChange:
        return self._move_to(Stage.DISQUALIFIED, by=by, at=at, reason=reason, next_step_at=None, next_step="")

    def recycle(self, reason: str, *, by: User, at: datetime) -> StageChange:
        """Back to marketing, not now."""
        return self._move_to(
            Stage.RECYCLED, by=by, at=at, reason=reason, owner=None, next_step_at=None, next_step=""
        )

    def assign_to(self, rep: User | None) -> None:
        """`rep` has the lead from now on. The hand-off that causes it is the recorded fact."""
        Lead.objects.filter(pk=self.pk).update(owner=rep, version=models.F("version") + 1)
        self.owner = rep

    def mark_hot(self, *, at: datetime) -> None:
        """The agreement's hot rule held when the lead was handed over at `at`."""
        Lead.objects.filter(pk=self.pk).update(hot_at=at)
        self.hot_at = at

    def mark_not_hot(self) -> None:
        """The hot rule holds no longer, or somebody said so with a reason."""
        Lead.objects.filter(pk=self.pk).update(hot_at=None)
        self.hot_at = None

    def plan_next_step(self, what: str, *, due_at: datetime | None) -> None:
        """What the rep does next and when; None and "" clear it."""
        Lead.objects.filter(pk=self.pk).update(next_step=what, next_step_at=due_at)
        self.next_step, self.next_step_at = what, due_at

    # Questions

    def get_stage_display(self) -> str:  # type: ignore[no-redef,unused-ignore]  # the plugin knows Django's; with a cache of before it forgets
        """As Django says it, without going through all choices: pages ask often."""
        return str(Stage(self.stage).label)

    def can_become(self, stage: str) -> bool:
        return stage in NEXT_STAGES[self.stage]

    @property
    def is_open(self) -> bool:
        return self.stage in OPEN_STAGES

    @property
    def is_hot(self) -> bool:
        return self.hot_at is not None

    @property
    def step(self) -> int | None:
        """The place of its stage on the main line, from 1; None off it."""
        return MAIN_LINE.index(Stage(self.stage)) + 1 if self.stage in MAIN_LINE else None

    @property
    def furthest_stage(self) -> Stage:
        """The furthest stage of the main line that was ever reached."""
        return next(stage for stage in reversed(MAIN_LINE) if getattr(self, MOMENT_OF[stage]) is not None)

    # Mechanics

    @transaction.atomic
    def _move_to(
        self, stage: Stage, *, by: User | None, at: datetime, reason: str = "", **columns: Any
    ) -> StageChange:
        if not self.can_become(stage):
            raise TransitionNotAllowed(self, stage)
        columns |= self._columns_for(stage, at=at, reason=reason)
        moved = Lead.objects.filter(pk=self.pk, stage=self.stage).update(
            stage=stage, version=models.F("version") + 1, **columns
        )
        if not moved:
            raise LeadMoved(self, self.stage_changes.order_by("-id").first())
        change = self.stage_changes.create(
            from_stage=self.stage, to_stage=stage, changed_at=at, changed_by=by, reason=reason
        )
        for name, value in {**columns, "stage": stage}.items():
            setattr(self, name, value)
        self.version += 1
        signals.stage_changed.send(sender=Lead, lead=self, change=change)
        return change

    def _columns_for(self, stage: Stage, *, at: datetime, reason: str) -> dict[str, Any]:
        moment = MOMENT_OF.get(stage)
        columns: dict[str, Any] = {moment: at} if moment and getattr(self, moment) is None else {}
        if stage in (Stage.DISQUALIFIED, Stage.LOST, Stage.RECYCLED):
            columns["reason"] = reason
        return columns
