"""Rows of a file into the staging table: understood a column at a time, written by COPY, a few thousand rows per transaction.

What is decided here needs no database: what each cell means, and which rows of the file may be about one person (their cluster).
Decisions are the same each time, so that staging can be repeated from the start after any accident.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from leads import exporting
from leads.imports import reading, repeated, values
from leads.imports.columns import FACT, MOMENTS
from leads.imports.people import Colleagues
from leads.imports.values import Remarks
from leads.models import Campaign, ImportBatch, Source, StagedCompany, StagedRow
from leads.origins import key_for
from smarketing.accounts.models import Organisation

ROWS_PER_COPY = 5_000
NAMES_PER_FILE = 2_000  # more different sources or campaigns than this are no sources or campaigns

STAGED = [
    "batch_id",
    "row_no",
    "cluster",
    "problem",
    "warnings",
    "fingerprint",
    "told_lead_id",
    "external_id",
    "first_name",
    "last_name",
    "email",
    "phone",
    "job_title",
    "language",
    "consent",
    "do_not_contact",
    "company_no",
    "source",
    "campaign",
    *MOMENTS,
    "stage",
    "reason",
    "marketer_id",
    "owner_id",
    "amount",
    "currency",
    "message",
    "note",
    "facts",
]
COMPANY = ["company", "company_domain", "company_size", "industry", "country", "city"]
Cells = list[str]


def stage(batch: ImportBatch, *, at: datetime, progress: Callable[[ImportBatch], None]) -> None:
    """Afterwards every row of the file is staged, each with its values, its problem or its warnings."""
    StagedRow.objects.filter(batch=batch).delete()
    StagedCompany.objects.filter(batch=batch).delete()
    staging = _Staging(batch)
    batch.staged = 0
    for rows in reading.rows(batch.text, batch.layout, size=ROWS_PER_COPY):
        table = staging.understand(rows)
        with transaction.atomic():
            _copy("leads_stagedrow", STAGED, table)
            batch.staged += len(rows)
            batch.touched_at = at
            batch.save(update_fields=["staged", "touched_at"])
        progress(batch)
    with transaction.atomic(), connection.cursor() as cursor:
        _copy(
            "leads_stagedcompany",
            ["batch_id", "company_no", "name", "domain", "size", "industry", "country", "city"],
            staging.companies.table(batch.pk),
        )
        for later, earlier in staging.people.joined().items():
            cursor.execute(
                "UPDATE leads_stagedrow SET cluster = %s WHERE batch_id = %s AND cluster = %s",
                [earlier, batch.pk, later],
            )
        batch.rows = batch.staged
        batch.new_names = {"sources": staging.sources.new, "campaigns": staging.campaigns.new}
        batch.save(update_fields=["rows", "new_names"])
        cursor.execute("ANALYZE leads_stagedrow")


def date_orders(batch: ImportBatch, chosen: dict[str, str]) -> dict[str, str]:
    """For each column of moments: day first ("DMY"), month first ("MDY"), not to be told (""), or never asked ("ISO")."""
    headers = batch.layout["headers"]
    wanted = {column: headers.index(column) for column, field in chosen.items() if field in MOMENTS}
    seen: dict[str, set[str]] = {column: set() for column in wanted}
    for rows in reading.rows(batch.text, batch.layout, size=ROWS_PER_COPY):
        for column, place in wanted.items():
            seen[column].update(cells[place][:40] for _number, cells in rows if len(cells) > place)
        if all(values.date_order(cells) == "ISO" for cells in seen.values()):
            break  # a column that starts in one notation goes on in it
    return {column: values.date_order(cells) for column, cells in seen.items()}


# Mechanics


class _Staging:
    def __init__(self, batch: ImportBatch) -> None:
        headers = batch.layout["headers"]
        self.batch_id, self.width = batch.pk, len(headers)
        self.place = {field: headers.index(column) for column, field in batch.columns.items() if field}
        self.column = {field: column for column, field in batch.columns.items() if field}
        self.facts = {
            field.removeprefix(FACT): place for field, place in self.place.items() if field.startswith(FACT)
        }
        self.default_source, self.default_stage = batch.default_source, batch.default_stage
        self.colleagues, self.people, self.companies = Colleagues(), _People(), _Companies()
        self.sources, self.campaigns = _Sources(), _Campaigns()
        self.read = self._readers(batch)
        self.fingerprints = repeated.Fingerprints(batch, self.month_first)

    def _readers(self, batch: ImportBatch) -> dict[str, values.Reader]:
        name = self.column.get
        orders = date_orders(batch, batch.columns) if not batch.date_format else {}
        self.month_first = sorted(batch.columns[column] for column, order in orders.items() if order == "MDY")
        organisation = Organisation.objects.first()
        region = organisation.country if organisation else "NL"

        def moment(field: str) -> values.Reader:
            column = name(field, "")
            if batch.date_format in ("DMY", "MDY"):
                return values.moment(column, order=batch.date_format)
            return values.moment(column, order=orders.get(column) or "DMY", date_format=batch.date_format)

        readers: dict[str, values.Reader] = {
            "external_id": values.identifier(name("external_id", ""), 200),
            "first_name": values.short_text(name("first_name", ""), 100),
            "last_name": values.short_text(name("last_name", ""), 100),
            "full_name": values.short_text(name("full_name", ""), 201),
            "email": values.email(name("email", "")),
            "phone": values.phone(name("phone", ""), region),
            "job_title": values.short_text(name("job_title", ""), 120),
            "language": values.language(name("language", "")),
            "company": values.short_text(name("company", ""), 200),
            "company_domain": values.short_text(name("company_domain", ""), 400),
            "company_size": values.head_count(name("company_size", "")),
            "industry": values.short_text(name("industry", ""), 120),
            "country": values.short_text(name("country", ""), 80),
            "city": values.short_text(name("city", ""), 120),
            "source": values.short_text(name("source", ""), 80),
            "campaign": values.short_text(name("campaign", ""), 120),
            "stage": values.stage(name("stage", "")),
            "reason": values.short_text(name("reason", ""), 200),
            "marketer": values.short_text(name("marketer", ""), 200),
            "rep": values.short_text(name("rep", ""), 200),
            "amount": values.amount(name("amount", "")),
            "currency": values.currency(name("currency", "")),
            "message": values.long_text(name("message", "")),
            "consent": values.short_text(name("consent", ""), 120),
            "note": values.long_text(name("note", "")),
        }
        readers |= {field: moment(field) for field in MOMENTS}
        return {field: reader for field, reader in readers.items() if field in self.place}

    def understand(self, rows: list[tuple[int, list[str]]]) -> list[tuple[Any, ...]]:
        """The rows as tuples of the staging table."""
        remarks = Remarks()
        numbers = [number for number, _cells in rows]
        cells = self._cells(rows, remarks)
        count = len(rows)
        empty: list[Any] = [None] * count
        fingerprints = self.fingerprints.of(cells, count)
        told = repeated.told_before(fingerprints)
        for place in told:  # it was understood then; its names, companies and dates are not news now
            for column in cells.values():
                column[place] = ""
        got: dict[str, list[Any]] = {field: read(cells[field], remarks) for field, read in self.read.items()}
        facts = self._facts(cells, count)
        if "full_name" in got:
            self._split_names(got, count)
        self._say_who(got, facts, remarks)
        company_no = self._companies(got, facts, remarks) if any(field in got for field in COMPANY) else empty
        got["source"] = self._source_keys(got.get("source", empty), remarks)
        got["campaign"] = self._campaign_names(got.get("campaign", empty), remarks)
        if self.default_stage:
            got["stage"] = [stage or self.default_stage for stage in got.get("stage", empty)]
        do_not_contact = empty
        if "consent" in got:
            do_not_contact = [
                "t" if words and words.lower() in values.NO_CONTACT else None for words in got["consent"]
            ]
        clusters = self._who(numbers, got, fingerprints, company_no, told, remarks)
        problems, warnings = list(empty), list(empty)
        for place, problem in remarks.problems.items():
            problems[place] = json.dumps(problem)
            clusters[place] = numbers[place]
        for place, warned in remarks.warnings.items():
            warnings[place] = json.dumps(warned)
        told_lead_id = list(empty)
        for place, (lead_id, warned_then) in told.items():
            told_lead_id[place] = lead_id
            warnings[place] = warned_then
        ready = {
            "batch_id": [self.batch_id] * count,
            "row_no": numbers,
            "cluster": clusters,
            "problem": problems,
            "warnings": warnings,
            "fingerprint": fingerprints,
            "told_lead_id": told_lead_id,
            "do_not_contact": do_not_contact,
            "company_no": company_no,
            "facts": [json.dumps(known) if known else None for known in facts] if any(facts) else empty,
        }
        return list(zip(*(ready.get(name) or got.get(name) or empty for name in STAGED), strict=True))

    def _cells(self, rows: list[tuple[int, list[str]]], remarks: Remarks) -> dict[str, Cells]:
        width = self.width
        table = []
        for place, (_number, cells) in enumerate(rows):
            if len(cells) != width:
                if cells[-1] == reading.UNCLOSED:
                    remarks.refuse(place, "quote_left_open")
                elif len(cells) > width and any(cell.strip() for cell in cells[width:]):
                    remarks.refuse(place, "too_many_cells", value=str(len(cells)))
                cells = [*cells[:width], *[""] * (width - len(cells))]
            table.append(cells)
        by_place = list(zip(*table, strict=True))
        columns = {}
        for field, place in self.place.items():
            column = [cell.strip() for cell in by_place[place]]
            if any(cell.startswith(exporting.GUARD) for cell in column):  # what left as a file may come back
                column = [exporting.plain(cell) for cell in column]
            if max(map(len, column)) > values.LONGEST_CELL:
                for row, cell in enumerate(column):
                    if len(cell) > values.LONGEST_CELL:
                        remarks.refuse(row, "cell_too_long", self.column[field], cell)
                        column[row] = ""
            columns[field] = column
        return columns

    def _facts(self, cells: dict[str, Cells], count: int) -> list[dict[str, Any]]:
        facts: list[dict[str, Any]] = [{} for _place in range(count)]
        for name in self.facts:
            for place, cell in enumerate(cells[FACT + name]):
                if cell:
                    facts[place][name] = values.fact(cell)
        return facts

    def _split_names(self, got: dict[str, list[Any]], count: int) -> None:
        first_names = got.setdefault("first_name", [None] * count)
        last_names = got.setdefault("last_name", [None] * count)
        for place, full_name in enumerate(got["full_name"]):
            if full_name and not first_names[place] and not last_names[place]:
                first, last = values.split_name(full_name)
                first_names[place], last_names[place] = first and first[:100], last and last[:100]

    def _say_who(self, got: dict[str, list[Any]], facts: list[dict[str, Any]], remarks: Remarks) -> None:
        """Names of colleagues become colleagues; an unknown one is kept as a fact, with a warning."""
        for field, key in (("rep", "owner_id"), ("marketer", "marketer_id")):
            if field not in got:
                continue
            found: list[int | None] = []
            for place, words in enumerate(got[field]):
                pk = self.colleagues.find(words) if words else None
                if words and pk is None:
                    remarks.warn(place, f"unknown_{field}", self.column[field], words)
                    facts[place][field] = words
                found.append(pk)
            got[key] = found

    def _companies(
        self, got: dict[str, list[Any]], facts: list[dict[str, Any]], remarks: Remarks
    ) -> list[int | None]:
        count = len(facts)
        empty: list[Any] = [None] * count
        numbers: list[int | None] = []
        columns = [got.get(field, empty) for field in COMPANY]
        for place, (name, site, size, industry, country, city) in enumerate(zip(*columns, strict=True)):
            domain = values.domain(site) if site else None
            if site and not domain:
                remarks.warn(place, "domain_unclear", self.column["company_domain"], site)
            if name or domain:
                number = (
                    None
                    if place in remarks.problems
                    else self.companies.number(name, domain, size, industry, country, city)
                )
                numbers.append(number)
                continue
            numbers.append(None)  # without a company, what the row knows of it is kept as facts of the lead
            told = {"company_size": size, "industry": industry, "country": country, "city": city}
            facts[place].update({key: value for key, value in told.items() if value is not None})
        return numbers

    def _source_keys(self, names: list[str | None], remarks: Remarks) -> list[str | None]:
        keys = []
        for place, name in enumerate(names):
            name = name or self.default_source or None
            key = None
            if name and place not in remarks.problems:
                key = self.sources.key(name)
                if key is None:
                    remarks.refuse(place, "too_many_sources", self.column.get("source", ""), name)
            keys.append(key)
        return keys

    def _campaign_names(self, names: list[str | None], remarks: Remarks) -> list[str | None]:
        found = []
        for place, name in enumerate(names):
            known = None
            if name and place not in remarks.problems:
                known = self.campaigns.name(name)
                if known is None:
                    remarks.refuse(place, "too_many_campaigns", self.column["campaign"], name)
            found.append(known)
        return found

    def _who(
        self,
        numbers: list[int],
        got: dict[str, list[Any]],
        fingerprints: list[str],
        company_no: list[int | None],
        told: dict[int, repeated.Told],
        remarks: Remarks,
    ) -> list[int]:
        count = len(numbers)
        empty: list[Any] = [None] * count
        who = [
            got.get(field, empty) for field in ("external_id", "email", "phone", "first_name", "last_name")
        ]
        clusters: list[int] = []
        join = self.people.join
        for place, (number, external_id, email, phone, first, last) in enumerate(
            zip(numbers, *who, strict=True)
        ):
            if place in remarks.problems or place in told:
                clusters.append(number)
                continue
            named = f"{first or ''} {last or ''}".lower()
            fingerprint = None
            if not (external_id or email or phone):
                if not (first or last or company_no[place]):
                    remarks.refuse(place, "nobody")
                    clusters.append(number)
                    continue
                fingerprint = fingerprints[place]
            clusters.append(join(number, external_id, email, phone and f"{phone} {named}", fingerprint))
        return clusters


class _People:
    """Which rows may be about one person: they share an id, an e-mail address, or without those a phone and a name."""

    def __init__(self) -> None:
        self.by_id: dict[str, int] = {}
        self.by_email: dict[str, int] = {}
        self.by_phone: dict[str, int] = {}
        self.by_fingerprint: dict[str, int] = {}
        self.parent: dict[int, int] = {}

    def join(
        self,
        number: int,
        external_id: str | None,
        email: str | None,
        phone: str | None,
        fingerprint: str | None,
    ) -> int:
        """The cluster of this row. Clusters that the row turns out to connect are joined."""
        found = {external_id and self.by_id.get(external_id), email and self.by_email.get(email)}
        if not (external_id or email):
            found |= {
                phone and self.by_phone.get(phone),
                fingerprint and self.by_fingerprint.get(fingerprint),
            }
        roots = {self._root(cluster) for cluster in found if isinstance(cluster, int)}
        cluster = number
        if roots:
            cluster = min(roots)
            for root in roots - {cluster}:
                self.parent[root] = cluster
        if external_id:
            self.by_id.setdefault(external_id, cluster)
        if email:
            self.by_email.setdefault(email, cluster)
        if phone:
            self.by_phone.setdefault(phone, cluster)
        if fingerprint:
            self.by_fingerprint.setdefault(fingerprint, cluster)
        return cluster

    def joined(self) -> dict[int, int]:
        """Clusters that turned out to be part of an earlier one."""
        return {cluster: self._root(cluster) for cluster in self.parent}

    def _root(self, cluster: int) -> int:
        while (above := self.parent.get(cluster)) is not None:
            cluster = above
        return cluster


class _Companies:
    """The companies of one file. What several rows say of one is folded: the last word that is not empty."""

    def __init__(self) -> None:
        self.folded: list[list[Any]] = []
        self.by_domain: dict[str, int] = {}
        self.by_name: dict[str, int] = {}

    def number(self, name: str | None, domain: str | None, *told: Any) -> int:
        named = name.lower() if name else None
        place = self.by_domain.get(domain) if domain else None
        if place is None and named:
            place = self.by_name.get(named)
            if place is not None and domain and self.folded[place][1] not in (None, domain):
                place = None  # the same name at another web domain is another company
        if place is None:
            place = len(self.folded)
            self.folded.append([name, domain, None, None, None, None])
        folded = self.folded[place]
        folded[0] = folded[0] or name
        folded[1] = folded[1] or domain
        for at, value in enumerate(told, start=2):
            if value is not None:
                folded[at] = value
        if domain:
            self.by_domain[domain] = place
        if named:
            self.by_name.setdefault(named, place)
        return place + 1

    def table(self, batch_id: int) -> list[tuple[Any, ...]]:
        return [(batch_id, number, *folded) for number, folded in enumerate(self.folded, start=1)]


class _Sources:
    def __init__(self) -> None:
        self.known: dict[str, str] = {}
        for key, name in Source.objects.values_list("key", "name"):
            self.known[key_for(name)] = key
            self.known[key_for(key)] = key
        self.keys: dict[str, str | None] = {}
        self.new: dict[str, str] = {}

    def key(self, name: str) -> str | None:
        """The key of the source that the file calls `name`; None when the file has too many."""
        if name not in self.keys:
            made = key_for(name)
            if made not in self.known and len(self.new) >= NAMES_PER_FILE:
                return None
            if made not in self.known:
                words = name.replace("_", " ").capitalize() if re.fullmatch(r"[a-z0-9_]+", name) else name
                self.known[made], self.new[made] = made, words
            self.keys[name] = self.known[made]
        return self.keys[name]


class _Campaigns:
    def __init__(self) -> None:
        self.known = {name.lower(): name for name in Campaign.objects.values_list("name", flat=True)}
        self.new: list[str] = []

    def name(self, name: str) -> str | None:
        """The campaign's name as it is already written; None when the file has too many."""
        key = name.lower()
        if key not in self.known:
            if len(self.new) >= NAMES_PER_FILE:
                return None
            self.known[key] = name
            self.new.append(name)
        return self.known[key]


def _copy(table: str, columns: list[str], rows: list[tuple[Any, ...]]) -> None:
    """Writes the rows by COPY. Moments without a zone are the company's local time."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    text.seek(0)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('TimeZone'), set_config('TimeZone', %s, true)", [settings.TIME_ZONE]
        )
        before = cursor.fetchone()[0]
        cursor.copy_expert(f"COPY {table} ({', '.join(columns)}) FROM STDIN WITH (FORMAT csv)", text)
        cursor.execute("SELECT set_config('TimeZone', %s, true)", [before])
