"""Rows and files that are wrong or hostile: a clear word, nothing lost, nothing run, no error page."""

import csv
import io
import json

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from leads.imports import columns, reporting, running
from leads.imports.columns import FIELDS
from leads.models import Contact, ImportBatch, ImportRow, Lead

pytestmark = pytest.mark.django_db

HOSTILE = [
    "'; DROP TABLE leads_lead; --",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ settings.SECRET_KEY }}{% load x %}",
    '=HYPERLINK("http://evil.example","x")',
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "%s %(x)s {0} {x} $1 \\N \\.",
    "\\.\n\\.\n",
    "a\tb\rc\x07\x1b[31m",
    "../../etc/passwd",
    "\u202egnp.exe",
    "💥" * 50,
    "x" * 19_000,
    "NULL",
    "null",
    "-1e309",
    '{"a": 1}',
    "\ufeffbom",
    "'quoted",
    "İIıi ß ﬀ",
]


def as_csv(rows):
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()


def counts_add_up(report):
    return report["created"] + report["updated"] + report["unchanged"] + report["rejected"] == report["rows"]


def test_hostile_text_in_every_field_is_text(import_text):
    header = [*FIELDS, "fact:x"]
    rows = [[text] * len(header) for text in HOSTILE]
    rows += [
        [text if place == spot else "" for place in range(len(header))]
        for text in HOSTILE
        for spot in range(len(header))
    ]

    report = import_text(as_csv([header, *rows]))

    assert counts_add_up(report)
    assert Lead.objects.count() == report["created"] > 100
    assert not Contact.objects.filter(first_name__contains="\x1b").exists()
    again = import_text(as_csv([header, *rows]))
    assert (again["created"], again["updated"], again["rejected"]) == (0, 0, report["rejected"])


def test_hostile_text_is_shown_and_never_run(signed_in, mia, file):
    client = signed_in(mia)
    rows = [["<b>E-mail</b>", "{{ 7|add:7 }}", "=1+1"], *[[text, text, text] for text in HOSTILE]]
    batch = running.receive([as_csv(rows).encode()], "<i>x</i>.csv", by=mia, at=timezone.now())

    pages = [
        client.get(reverse("leads:import")),
        client.get(reverse("leads:import_columns", args=[batch.pk])),
    ]
    client.post(
        reverse("leads:import_columns", args=[batch.pk]),
        {"column_0": "email", "column_1": "last_name", "column_2": "stage"},
    )
    running.advance(batch.pk, at=timezone.now())
    pages.append(client.get(reverse("leads:import_check", args=[batch.pk])))
    client.post(reverse("leads:import_start", args=[batch.pk]))
    running.advance(batch.pk, at=timezone.now())
    pages.append(client.get(reverse("leads:import_result", args=[batch.pk])))

    for page in pages:
        html = page.content.decode()
        assert page.status_code == 200
        assert "<script>alert" not in html
        assert "<b>E-mail</b>" not in html
        assert "<i>x</i>" not in html
        assert "onerror=alert(1)>" not in html.replace("&gt;", "")
    download = b"".join(
        client.get(reverse("leads:import_rejected", args=[batch.pk])).streaming_content
    ).decode()
    for cells in csv.reader(io.StringIO(download.removeprefix("\ufeff"))):
        assert not any(cell.lstrip().startswith(("=", "+", "-", "@")) for cell in cells)


def test_ten_thousand_wrong_rows_are_ten_thousand_reasons(import_text):
    rows = [["email", "captured_at", "amount"]]
    wrong = [
        ["no address", "", ""],
        ["a@x.nl", "someday", ""],
        ["a@x.nl", "", "lots"],
        ["", "2026-01-01", ""],
    ]
    rows += [wrong[number % 4] for number in range(10_000)]

    report = import_text(as_csv(rows))

    assert (report["rejected"], report["created"]) == (10_000, 0)
    assert report["problem_kinds"] == {
        "nobody": 2500,
        "not_a_date": 2500,
        "not_a_number": 2500,
        "not_an_email": 2500,
    }
    with open(report["rejected_file"], encoding="utf-8-sig", newline="") as rejected:
        lines = list(csv.reader(rejected))
    assert len(lines) == 10_001
    assert lines[1] == ["no address", "", "", "2", "email: This is not an e-mail address (“no address”)"]


def test_repaired_rows_can_be_imported_as_they_were_downloaded(import_text, import_leads):
    report = import_text("email,phone,note\nwrong,+31205550134,=not a formula\n")
    path = report["rejected_file"]
    with open(path, encoding="utf-8") as rejected:
        content = rejected.read()
    assert "'+31205550134" in content
    with open(path, "w", encoding="utf-8") as repaired:
        repaired.write(content.replace("wrong,", "n@x.nl,", 1))

    assert import_leads(path)["created"] == 1
    lead = Lead.objects.get()
    assert (lead.contact.phone, lead.activities.get().body) == ("+31205550134", "=not a formula")


def test_ragged_rows(import_text):
    report = import_text(
        "email,first_name,last_name\na@x.nl\nb@x.nl,Bo\nc@x.nl,Cas,Co,,\nd@x.nl,Do,Dek,too,much\n"
    )

    assert (report["created"], report["rejected"]) == (3, 1)
    assert report["problem_kinds"] == {"too_many_cells": 1}


def test_a_huge_cell_spoils_its_row_only(import_text):
    report = import_text(f"email,note\na@x.nl,{'x' * 5_000_000}\nb@x.nl,fine\n")

    assert (report["created"], report["problem_kinds"]) == (1, {"cell_too_long": 1})


def test_an_open_quotation_mark_spoils_the_rest_and_says_where(import_text):
    report = import_text('email,note\na@x.nl,fine\nb@x.nl,"never closed\nc@x.nl,gone\n')

    assert (report["created"], report["problem_kinds"]) == (1, {"quote_left_open": 1})
    assert ImportRow.objects.get(outcome="REJECTED").row_no == 3


def test_a_text_that_is_too_long_is_cut_with_a_warning_but_an_id_never_is(import_text):
    report = import_text(f"external_id,first_name\nA-1,{'x' * 150}\n{'y' * 250},Noor\n")

    assert (report["created"], report["rejected"]) == (1, 1)
    assert report["warning_kinds"] == {"cut_off": 1}
    assert report["problem_kinds"] == {"too_long": 1}


def test_a_column_of_free_text_is_not_taken_for_sources(import_text, monkeypatch):
    monkeypatch.setattr("leads.imports.names.NAMES_PER_FILE", 3)
    report = import_text(
        "email,source,campaign\n" + "".join(f"n{n}@x.nl,source {n},campaign {n}\n" for n in range(5))
    )
    assert (report["created"], report["problem_kinds"]) == (3, {"too_many_sources": 2})


def test_one_person_ten_thousand_times(import_text):
    report = import_text("email,note\n" + "".join(f"n@x.nl,note {n}\n" for n in range(10_000)))

    assert (report["created"], report["updated"]) == (1, 9_999)
    assert Lead.objects.get().activities.count() == 10_000


# The command


@pytest.mark.parametrize("content", [b"", b"email\n", b"a,a\n1,2\n", b"%PDF"])
def test_the_command_fails_when_nothing_can_be_read(file, content):
    with pytest.raises(CommandError):
        call_command("import_leads", str(file(content)))
    assert not ImportBatch.objects.exists()


def test_the_command_fails_when_the_file_is_not_there(tmp_path):
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_leads", str(tmp_path / "nothing.csv"))


@pytest.mark.parametrize(
    "options",
    [
        {"map": ["Nothing=email"]},
        {"map": ["email=nothing"]},
        {"map": ["email"]},
        {"stage": "nonsense"},
        {"mapping": "/nothing.json"},
    ],
)
def test_the_command_refuses_a_mapping_that_cannot_be(file, options):
    with pytest.raises(CommandError):
        call_command("import_leads", str(file("email\na@x.nl\n")), stderr=io.StringIO(), **options)
    assert not Lead.objects.exists()
    assert not ImportBatch.objects.exists()


def test_a_dry_run_counts_and_leaves_nothing(file, import_leads):
    path = file("email,company,source\na@x.nl,Acme,Fair\nb@x.nl,Acme,Fair\nwrong,,\n")
    with connection.cursor() as cursor:
        report = import_leads(path, dry_run=True)
        cursor.execute(
            "SELECT (SELECT count(*) FROM leads_lead) + (SELECT count(*) FROM leads_stagedrow) + (SELECT count(*) FROM leads_company)"
        )
        assert cursor.fetchone() == (0,)
    assert (report["created"], report["rejected"]) == (2, 1)
    assert not ImportBatch.objects.exists()
    assert import_leads(path)["created"] == 2


def test_without_json_the_counts_stand_in_lines(file, capsys):
    out = io.StringIO()
    call_command("import_leads", str(file("email\na@x.nl\nwrong\n")), stdout=out, stderr=io.StringIO())

    assert "   created  1\n" in out.getvalue()
    assert "  rejected  1\n" in out.getvalue()
    assert "This is not an e-mail address" in out.getvalue()


def test_a_mapping_may_leave_columns_out(file, tmp_path, import_leads):
    mapping = tmp_path / "m.json"
    mapping.write_text(json.dumps({"email": "email", "phone": "", "city": None}))

    import_leads(file("email,phone,city\na@x.nl,020 5550134,Utrecht\n"), mapping=str(mapping))

    assert Contact.objects.get().phone == ""


def test_every_kind_of_remark_has_its_words():
    """Each code that the reader or the SQL may write is explained to people."""
    from pathlib import Path

    import leads.imports.planning as planning

    folder = Path(columns.__file__).parent
    source = "".join(path.read_text() for path in folder.glob("*.py"))
    import re

    codes = set(re.findall(r'(?:refuse|warn)\(\s*(?:place|row),\s*"(\w+)"', source)) | set(planning._WARNINGS)
    assert codes
    assert codes <= set(reporting.PROBLEMS) | set(reporting.WARNINGS)
