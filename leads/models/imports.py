"""Files of leads: one batch per file, its rows while they wait, and what became of each row."""

# ruff: noqa: DJ001 (in a staged row NULL says: the file does not tell; the empty text would be a value)

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from leads.models.stage import Stage


class BatchState(models.TextChoices):
    COLUMNS = "COLUMNS", _("Columns to confirm")
    CHECKING = "CHECKING", _("Being checked")
    CHECKED = "CHECKED", _("Ready to import")
    LOADING = "LOADING", _("Being imported")
    DONE = "DONE", _("Imported")
    FAILED = "FAILED", _("Failed")


class Outcome(models.TextChoices):
    CREATED = "CREATED", _("Created")
    UPDATED = "UPDATED", _("Updated")
    UNCHANGED = "UNCHANGED", _("Unchanged")
    REJECTED = "REJECTED", _("Rejected")


class ImportBatch(models.Model):
    """One file. It closes as DONE only when every row of it has exactly one outcome."""

    file_name = models.CharField(_("file"), max_length=200)  # as the person called it: shown, never opened
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    layout = models.JSONField(default=dict)  # how to read the stored text: encoding, delimiter, headers
    headers_key = models.CharField(max_length=64)  # the same for files with the same columns

    columns = models.JSONField(default=dict)  # {column: field}; "" says: do not import
    date_format = models.CharField(_("date format"), max_length=60, blank=True)
    default_source = models.CharField(_("source"), max_length=80, blank=True)
    default_stage = models.CharField(_("stage"), max_length=12, choices=Stage.choices, blank=True)
    new_names = models.JSONField(default=dict)  # sources and campaigns that the file brings

    state = models.CharField(max_length=8, choices=BatchState.choices, default=BatchState.COLUMNS)
    attempts = models.PositiveSmallIntegerField(default=0)  # of the present step, counted before each try
    touched_at = models.DateTimeField()  # when work on it was last seen
    problem = models.CharField(max_length=300, blank=True)  # why it failed, in words

    rows = models.PositiveIntegerField(default=0)
    staged = models.PositiveIntegerField(default=0)
    loaded_before = models.PositiveIntegerField(default=0)  # no cluster from this number on is loaded
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    warnings = models.PositiveIntegerField(default=0)
    forecast = models.JSONField(default=dict)  # the same counts, and the kinds of problem, before the act

    created_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "import batches"
        indexes = [
            models.Index(fields=["headers_key", "-id"], name="import_by_headers"),
            models.Index(
                fields=["touched_at"],
                name="import_under_way",
                condition=models.Q(state__in=[BatchState.CHECKING, BatchState.LOADING]),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state=BatchState.DONE)
                | models.Q(
                    rows=models.F("created")
                    + models.F("updated")
                    + models.F("unchanged")
                    + models.F("rejected")
                ),
                name="import_closes_when_counts_match",
            )
        ]

    def __str__(self) -> str:
        return self.file_name

    # Questions

    @property
    def folder(self) -> Path:
        """Where its files are. Made from its number only, never from a name that a person typed."""
        return Path(settings.MEDIA_ROOT) / "imports" / str(self.pk)

    @property
    def original(self) -> Path:
        return self.folder / "original"

    @property
    def text(self) -> Path:
        """The delimited text that is read: the original, or what the spreadsheet was turned into."""
        converted = self.folder / "sheet.csv"
        return converted if self.layout.get("spreadsheet") else self.original

    @property
    def loaded(self) -> int:
        """Rows with an outcome."""
        return self.created + self.updated + self.unchanged + self.rejected

    @property
    def is_under_way(self) -> bool:
        return self.state in (BatchState.CHECKING, BatchState.LOADING)


class ImportRow(models.Model):
    """What became of one row of a file."""

    pk = models.CompositePrimaryKey("batch_id", "row_no")
    batch = models.ForeignKey(
        ImportBatch, on_delete=models.CASCADE, related_name="results", db_constraint=False, db_index=False
    )
    row_no = models.PositiveIntegerField()  # as a spreadsheet numbers it: the headers are row 1
    outcome = models.CharField(max_length=9, choices=Outcome.choices)
    lead_id = models.BigIntegerField(null=True)  # no key: a hundred thousand checks would say what we know
    problem = models.JSONField(null=True)  # of a rejected row: {"code", "column", "value"}
    warnings = models.JSONField(null=True)  # a list of the same
    fingerprint = models.CharField(
        max_length=32, null=True
    )  # of everything that the row tells: the same row again tells nothing new

    class Meta:
        indexes = [
            models.Index(
                fields=["fingerprint"],
                name="import_row_by_fingerprint",
                condition=models.Q(fingerprint__isnull=False),
            ),
            models.Index(
                fields=["batch", "row_no"],
                name="import_row_with_remarks",
                condition=models.Q(problem__isnull=False) | models.Q(warnings__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id}:{self.row_no}"


class StagedRow(models.Model):
    """A row that was read and understood, and waits to be loaded. Empty cells are NULL. Gone once its batch is closed."""

    pk = models.CompositePrimaryKey("batch_id", "row_no")
    batch = models.ForeignKey(
        ImportBatch, on_delete=models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    row_no = models.PositiveIntegerField()
    cluster = (
        models.PositiveIntegerField()
    )  # rows that may be about one person share it: the first one's row_no
    problem = models.JSONField(null=True)
    warnings = models.JSONField(null=True)
    fingerprint = models.CharField(max_length=32, null=True)
    told_lead_id = models.BigIntegerField(
        null=True
    )  # exactly this row was imported before, about this lead: it changes nothing

    external_id = models.TextField(null=True)
    first_name = models.TextField(null=True)
    last_name = models.TextField(null=True)
    email = models.TextField(null=True)
    phone = models.TextField(null=True)
    job_title = models.TextField(null=True)
    language = models.TextField(null=True)
    consent = models.TextField(null=True)
    do_not_contact = models.BooleanField(null=True)
    company_no = models.PositiveIntegerField(null=True)

    source = models.TextField(null=True)  # its key
    campaign = models.TextField(null=True)  # its name
    captured_at = models.DateTimeField(null=True)
    stage = models.TextField(null=True)
    mql_at = models.DateTimeField(null=True)
    sql_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    contacted_at = models.DateTimeField(null=True)
    opportunity_at = models.DateTimeField(null=True)
    customer_at = models.DateTimeField(null=True)
    lost_at = models.DateTimeField(null=True)
    disqualified_at = models.DateTimeField(null=True)
    reason = models.TextField(null=True)
    marketer_id = models.BigIntegerField(null=True)
    owner_id = models.BigIntegerField(null=True)
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    currency = models.TextField(null=True)
    message = models.TextField(null=True)
    note = models.TextField(null=True)
    facts = models.JSONField(null=True)

    class Meta:
        indexes = [models.Index(fields=["batch", "cluster"], name="staged_row_by_cluster")]

    def __str__(self) -> str:
        return f"{self.batch_id}:{self.row_no}"


class StagedCompany(models.Model):
    """A company that rows of a file name; what several rows say of it is folded, the last word wins."""

    pk = models.CompositePrimaryKey("batch_id", "company_no")
    batch = models.ForeignKey(
        ImportBatch, on_delete=models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    company_no = models.PositiveIntegerField()
    name = models.TextField(null=True)
    domain = models.TextField(null=True)
    size = models.PositiveIntegerField(null=True)
    industry = models.TextField(null=True)
    country = models.TextField(null=True)
    city = models.TextField(null=True)
    company_id = models.BigIntegerField(null=True)  # once it is loaded
    changed = models.BooleanField(default=False, db_default=False)

    class Meta:
        verbose_name_plural = "staged companies"

    def __str__(self) -> str:
        return f"{self.batch_id}:{self.company_no}"
