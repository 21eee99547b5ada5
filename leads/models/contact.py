"""A person. The only place for personal data, so that a request to be forgotten touches one row."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from leads import ordering
from leads.models.company import Company
from leads.searching import HasOtherLetters, SearchWords


class Contact(models.Model):
    first_name = models.CharField(_("first name"), max_length=100, blank=True)
    last_name = models.CharField(_("last name"), max_length=100, blank=True)
    email = models.CharField(_("e-mail"), max_length=254, blank=True)
    phone = models.CharField(_("phone"), max_length=32, blank=True)  # E.164 when it could be understood
    job_title = models.CharField(_("job title"), max_length=120, blank=True)
    language = models.CharField(_("language"), max_length=35, blank=True)
    company = models.ForeignKey(
        Company,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="contacts",
        verbose_name=_("company"),
    )
    company_name = models.CharField(
        max_length=200, blank=True, editable=False
    )  # copied so that one index finds people by company
    consent = models.CharField(
        _("permission to contact"), max_length=120, blank=True
    )  # in words: "yes (form, 20 Nov)"
    do_not_contact_at = models.DateTimeField(_("asked not to be contacted"), null=True, blank=True)
    erased_at = models.DateTimeField(null=True, editable=False)  # by leads.erasing, and nothing else
    search = models.GeneratedField(
        expression=SearchWords("first_name", "last_name", "company_name", "email", "phone"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("email"), condition=~models.Q(email=""), name="uq_once_contact_email"
            )
        ]
        indexes = [
            GinIndex(fields=["search"], name="contact_by_words", fastupdate=False),
            GinIndex(
                fields=["search"],
                name="contact_by_other_letters",
                fastupdate=False,
                condition=models.Q(HasOtherLetters()),
            ),
            models.Index(ordering.words("last_name"), ordering.words("first_name"), name="contact_by_name"),
            models.Index(ordering.words("company_name"), name="contact_by_company_name"),
            models.Index(fields=["phone"], condition=~models.Q(phone=""), name="contact_by_phone"),
        ]

    def __str__(self) -> str:
        unnamed = _("Erased person") if self.erased_at else _("Unnamed contact")
        return self.full_name or self.email or str(unnamed)

    # Questions

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def may_be_contacted(self) -> bool:
        return self.do_not_contact_at is None
