"""What the rows of one file mean: each cell by its column, then what only the whole row tells.

Keeps what rows share across the file: colleagues, companies, names of sources and campaigns, and which rows may be about one person.
"""

from __future__ import annotations

import json
from itertools import repeat
from typing import Any

from leads import exporting
from leads.imports import date_orders, reading, repeated
from leads.imports.clusters import Clusters
from leads.imports.colleagues import Colleagues
from leads.imports.columns import FACT, MOMENTS
from leads.imports.companies import Companies
from leads.imports.names import Campaigns, Sources
from leads.imports.values import addresses, meanings, moments, numbers, texts
from leads.imports.values.remarks import LONGEST_CELL, Cells, Reader, Remarks
from leads.models import ImportBatch
from smarketing.accounts.models import Organisation

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


class Understanding:
    def __init__(self, batch: ImportBatch) -> None:
        headers = batch.layout["headers"]
        self.batch_id, self.width = batch.pk, len(headers)
        self.place = {field: headers.index(column) for column, field in batch.columns.items() if field}
        self.column = {field: column for column, field in batch.columns.items() if field}
        self.facts = {
            field.removeprefix(FACT): place for field, place in self.place.items() if field.startswith(FACT)
        }
        self.default_source, self.default_stage = batch.default_source, batch.default_stage
        self.colleagues, self.clusters, self.companies = Colleagues(), Clusters(), Companies()
        self.sources, self.campaigns = Sources(), Campaigns()
        self.read = self._readers(batch)
        self.fingerprints = repeated.Fingerprints(batch, self.month_first)

    def _readers(self, batch: ImportBatch) -> dict[str, Reader]:
        name = self.column.get
        orders = date_orders.of(batch, batch.columns) if not batch.date_format else {}
        self.month_first = sorted(batch.columns[column] for column, order in orders.items() if order == "MDY")
        organisation = Organisation.objects.first()
        region = organisation.country if organisation else "NL"

        def moment(field: str) -> Reader:
            column = name(field, "")
            if batch.date_format in ("DMY", "MDY"):
                return moments.moment(column, order=batch.date_format)
            return moments.moment(column, order=orders.get(column) or "DMY", date_format=batch.date_format)

        readers: dict[str, Reader] = {
            "external_id": texts.identifier(name("external_id", ""), 200),
            "first_name": texts.short_text(name("first_name", ""), 100),
            "last_name": texts.short_text(name("last_name", ""), 100),
            "full_name": texts.short_text(name("full_name", ""), 201),
            "email": addresses.email(name("email", "")),
            "phone": addresses.phone(name("phone", ""), region),
            "job_title": texts.short_text(name("job_title", ""), 120),
            "language": meanings.language(name("language", "")),
            "company": texts.short_text(name("company", ""), 200),
            "company_domain": texts.short_text(name("company_domain", ""), 400),
            "company_size": numbers.head_count(name("company_size", "")),
            "industry": texts.short_text(name("industry", ""), 120),
            "country": texts.short_text(name("country", ""), 80),
            "city": texts.short_text(name("city", ""), 120),
            "source": texts.short_text(name("source", ""), 80),
            "campaign": texts.short_text(name("campaign", ""), 120),
            "stage": meanings.stage(name("stage", "")),
            "reason": texts.short_text(name("reason", ""), 200),
            "marketer": texts.short_text(name("marketer", ""), 200),
            "rep": texts.short_text(name("rep", ""), 200),
            "amount": numbers.amount(name("amount", "")),
            "currency": numbers.currency(name("currency", "")),
            "message": texts.long_text(name("message", "")),
            "consent": texts.short_text(name("consent", ""), 120),
            "note": texts.long_text(name("note", "")),
        }
        readers |= {field: moment(field) for field in MOMENTS}
        return {field: reader for field, reader in readers.items() if field in self.place}

    def understand(self, rows: list[tuple[int, list[str]]]) -> tuple[list[str], list[tuple[Any, ...]]]:
        """The columns of the staging table that any of these rows fills, and the rows as tuples of them."""
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
                "t" if words and words.lower() in meanings.NO_CONTACT else None for words in got["consent"]
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
        staged: dict[str, list[Any]] = {name: ready.get(name) or got.get(name) or empty for name in STAGED}
        filled = {name: cells for name, cells in staged.items() if cells.count(None) < count}
        return list(filled), list(zip(*filled.values(), strict=True))

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
            column = list(map(str.strip, by_place[place]))
            if any(map(str.startswith, column, repeat(exporting.GUARD))):  # what left as a file may come back
                column = [exporting.plain(cell) for cell in column]
            if max(map(len, column)) > LONGEST_CELL:
                for row, cell in enumerate(column):
                    if len(cell) > LONGEST_CELL:
                        remarks.refuse(row, "cell_too_long", self.column[field], cell)
                        column[row] = ""
            columns[field] = column
        return columns

    def _facts(self, cells: dict[str, Cells], count: int) -> list[dict[str, Any]]:
        facts: list[dict[str, Any]] = [{} for _place in range(count)]
        for name in self.facts:
            for place, cell in enumerate(cells[FACT + name]):
                if cell:
                    facts[place][name] = meanings.fact(cell)
        return facts

    def _split_names(self, got: dict[str, list[Any]], count: int) -> None:
        first_names = got.setdefault("first_name", [None] * count)
        last_names = got.setdefault("last_name", [None] * count)
        for place, full_name in enumerate(got["full_name"]):
            if full_name and not first_names[place] and not last_names[place]:
                first, last = texts.split_name(full_name)
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
            domain = addresses.domain(site) if site else None
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
        join = self.clusters.join
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
