"""The organisation a contact works for."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class Company(models.Model):
    name = models.CharField(_("name"), max_length=200)
    domain = models.CharField(_("web domain"), max_length=200, blank=True)
    size = models.PositiveIntegerField(_("number of staff"), null=True, blank=True)
    industry = models.CharField(_("industry"), max_length=120, blank=True)
    country = models.CharField(_("country"), max_length=80, blank=True)
    city = models.CharField(_("city"), max_length=120, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("domain"), condition=~models.Q(domain=""), name="uq_once_company_domain"
            )
        ]
        indexes = [models.Index(Lower("name"), name="company_by_name")]

    def __str__(self) -> str:
        return self.name
