"""The people of the two teams: who they are, what they may do, when they are away.

Knows nothing of leads. What a role may do with an object is decided in that object's `access.py`.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Side(models.TextChoices):
    """The two parties of the agreement."""

    MARKETING = "MARKETING", _("Marketing")
    SALES = "SALES", _("Sales")


class Role(models.TextChoices):
    MEMBER = "MEMBER", _("Member")
    TEAM_LEAD = "TEAM_LEAD", _("Team lead")
    MANAGER = "MANAGER", _("Manager")
    FINANCE = "FINANCE", _("Finance")
    ADMINISTRATOR = "ADMINISTRATOR", _("Administrator")


class Theme(models.TextChoices):
    AUTO = "auto", _("As my device")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class Density(models.TextChoices):
    COMFORTABLE = "comfortable", _("Comfortable")
    COMPACT = "compact", _("Compact")


class Team(models.Model):
    """A group of colleagues on one side of the agreement."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    kind = models.CharField(_("side"), max_length=10, choices=Side.choices)

    def __str__(self) -> str:
        return self.name


def person_name(first: str, last: str, email: str) -> str:
    """What a colleague is called."""
    return f"{first} {last}".strip() or email.split("@")[0]


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A colleague who signs in with this e-mail address; without a password, nobody can until one is set."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, role=Role.ADMINISTRATOR, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)


class UserQuerySet(models.QuerySet["User"]):
    def active(self) -> UserQuerySet:
        return self.filter(is_active=True)

    def on_side(self, side: str) -> UserQuerySet:
        return self.filter(team__kind=side)

    def present(self, at: datetime) -> UserQuerySet:
        """Active colleagues without an absence that covers `at`."""
        away = Absence.objects.filter(user=models.OuterRef("pk"), starts_at__lte=at, ends_at__gt=at)
        return self.active().exclude(models.Exists(away))


class User(AbstractBaseUser, PermissionsMixin):  # type: ignore[django-manager-missing]  # knox's own tokens are swapped
    """A colleague. Signs in with e-mail; reads everything; acts by role and team."""

    email = models.EmailField(_("e-mail"), max_length=254)
    first_name = models.CharField(_("first name"), max_length=80, blank=True)
    last_name = models.CharField(_("last name"), max_length=80, blank=True)
    team = models.ForeignKey(
        Team, on_delete=models.PROTECT, null=True, blank=True, related_name="members", verbose_name=_("team")
    )
    role = models.CharField(_("role"), max_length=15, choices=Role.choices, default=Role.MEMBER)
    is_active = models.BooleanField(_("may sign in"), default=True)
    date_joined = models.DateTimeField(auto_now_add=True)

    language = models.CharField(
        _("language"), max_length=5, choices=[("en", "English"), ("nl", "Nederlands")], default="en"
    )
    theme = models.CharField(_("colours"), max_length=5, choices=Theme.choices, default=Theme.AUTO)
    density = models.CharField(
        _("density"), max_length=12, choices=Density.choices, default=Density.COMFORTABLE
    )
    single_keys = models.BooleanField(_("single-key shortcuts"), default=True)
    first_steps_hidden_at = models.DateTimeField(null=True, blank=True)
    time_zone = models.CharField(
        _("time zone"), max_length=64, blank=True, db_default=""
    )  # empty: the company's
    own_week = models.JSONField(
        default=dict, blank=True, db_default=models.Value({}, models.JSONField())
    )  # {"0": [["09:00", "13:00"]], ...}, Monday is 0; empty: the hours of the team

    objects = UserManager.from_queryset(UserQuerySet)()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="uq_once_user_email"),
            models.CheckConstraint(
                condition=~models.Q(role__in=[Role.MEMBER, Role.TEAM_LEAD]) | models.Q(team__isnull=False),
                name="user_works_in_a_team",
                violation_error_message=_("A member or team lead works in a team: choose one."),
            ),
        ]

    def __str__(self) -> str:
        return self.get_full_name()

    # Questions

    def get_full_name(self) -> str:
        return person_name(self.first_name, self.last_name, self.email)

    def get_short_name(self) -> str:
        return self.first_name or self.get_full_name()

    @property
    def is_staff(self) -> bool:
        return False

    @property
    def side(self) -> str | None:
        """MARKETING, SALES, or None for people who stand beside the two teams."""
        return self.team.kind if self.team_id and self.team else None

    @property
    def is_marketing(self) -> bool:
        return self.side == Side.MARKETING

    @property
    def is_sales(self) -> bool:
        return self.side == Side.SALES

    @property
    def is_manager(self) -> bool:
        return self.role == Role.MANAGER

    @property
    def is_administrator(self) -> bool:
        return self.role == Role.ADMINISTRATOR

    @property
    def is_finance(self) -> bool:
        return self.role == Role.FINANCE

    @property
    def leads_a_team(self) -> bool:
        """Team lead or manager: may decide for others."""
        return self.role in (Role.TEAM_LEAD, Role.MANAGER)

    @property
    def first_page(self) -> str:
        """The name of the page where this person begins: sales in the queue, marketing at qualifying, who leads or counts at the dashboard."""
        if self.leads_a_team or self.is_finance:
            return "dashboard:dashboard"
        if self.is_administrator:
            return "settings"
        return "sla:queue" if self.is_sales else "leads:qualify_list"

    def works_for(self, side: str) -> bool:
        """Acts for this side: a colleague in a team of it (finance excepted), or a manager without a team."""
        if self.role in (Role.FINANCE, Role.ADMINISTRATOR):
            return False
        return self.side == side or (self.is_manager and self.team_id is None)

    def decides_for(self, side: str) -> bool:
        """Leads people on this side: signs, overrides, reassigns."""
        return self.leads_a_team and self.works_for(side)


class Absence(models.Model):
    """A period in which somebody gets no new hand-offs. Half open: back at `ends_at`."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="absences")
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    note = models.CharField(_("note"), max_length=120, blank=True)
    deputy = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )  # hears in his place of what is due and late

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="absence_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=models.Q(deputy__isnull=True) | ~models.Q(deputy=models.F("user")),
                name="absence_deputy_is_somebody_else",
            ),
        ]
        indexes = [models.Index(fields=["user", "ends_at"], name="absence_by_user")]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d} – {self.last_day:%Y-%m-%d}"

    @property
    def last_day(self) -> date:
        """The last day away, in the company's zone."""
        return timezone.localdate(self.ends_at - timedelta(microseconds=1))


class Organisation(models.Model):
    """The one company that works here. Its zone comes from SMARKETING_TIME_ZONE and is kept here so that SQL agrees."""

    name = models.CharField(_("name"), max_length=120, default="Smarketing")
    time_zone = models.CharField(max_length=64, default="Europe/Amsterdam")
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    country = models.CharField(_("country"), max_length=2, default="NL")

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_organisation")]

    def __str__(self) -> str:
        return self.name


class FirstStep(models.Model):
    """A colleague opened this first step, of those that only reading completes."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="first_steps")
    key = models.CharField(max_length=30)
    opened_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="uq_once_first_step")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.key}"
