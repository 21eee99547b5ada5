"""A view of a list that somebody wants to see again: the address without what belongs to one visit."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from smarketing.accounts.models import Role

if TYPE_CHECKING:
    from smarketing.accounts.models import Team, User


class ViewPage(models.TextChoices):
    """The lists of which views can be saved."""

    QUEUE = "QUEUE", _("My queue")
    LEADS = "LEADS", _("Leads")
    HANDOFFS = "HANDOFFS", _("Hand-offs")


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def seen_by(self, person: User) -> SavedViewQuerySet:
        return self.seen_by_member(person.pk, person.team_id)

    def seen_by_member(self, owner: int, team: int | None) -> SavedViewQuerySet:
        """His own and those of his team; who stands above the teams sees those of both."""
        shared = Q(team__isnull=False) if team is None else Q(team=team)
        return self.filter(Q(owner=owner) | shared)

    def of_page(self, page: str) -> SavedViewQuerySet:
        return self.filter(page=page).order_by("id")


class SavedView(models.Model):
    page = models.CharField(max_length=10, choices=ViewPage.choices)
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(max_length=1000, blank=True)  # sorted pairs, as `saved_views.normal` writes them
    owner = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="saved_views")
    team = models.ForeignKey(
        "accounts.Team", on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )  # empty: nobody else sees it
    saved_at = models.DateTimeField()

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "page", "name"], name="uq_once_saved_view_name")
        ]
        indexes = [
            models.Index(fields=["team", "page"], name="saved_view_of_team", condition=Q(team__isnull=False))
        ]

    def __str__(self) -> str:
        return self.name

    # Verbs

    def replace(self, query: str, *, by: User, at: datetime) -> None:
        """It opens what `by` sees now."""
        self._change(query=query, saved_at=at)

    def rename(self, name: str, *, team: Team | None, by: User, at: datetime) -> None:
        """Its name, and for whom it is."""
        self._change(name=name, team=team, saved_at=at)

    # Questions

    @property
    def is_shared(self) -> bool:
        return self.team_id is not None

    def may_be_changed_by(self, person: User) -> bool:
        """Its owner; of a shared view also who leads that team."""
        if self.owner_id == person.pk:
            return True
        leads_it = person.role == Role.MANAGER or (person.leads_a_team and person.team_id == self.team_id)
        return self.is_shared and leads_it

    # Mechanics

    def _change(self, **columns: Any) -> None:
        for name, value in columns.items():
            setattr(self, name, value)
        self.save(update_fields=list(columns))
