"""From a file to leads in the browser, without JavaScript: file, columns, check, done."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from leads.imports import running
from leads.models import BatchState, ImportBatch, Lead

pytestmark = pytest.mark.django_db

GOOD = "Voornaam;Achternaam;E-mailadres;Bedrijf;Datum\nNoor;de Wit;noor@vandersteen.nl;Vandersteen;2026-11-02\nJan;Smit;jan@smit.nl;Smit BV;2026-11-03\n"
WITH_A_BAD_ROW = GOOD + "Piet;Fout;geen adres;Fout BV;2026-11-04\n"


def upload(client, content, name="leads.csv"):
    content = content if isinstance(content, bytes) else content.encode()
    return client.post(reverse("leads:import_upload"), {"file": SimpleUploadedFile(name, content)})


def confirm_columns(client, batch, **more):
    page = client.get(reverse("leads:import_columns", args=[batch.pk]))
    chosen = {field.html_name: field.initial or "" for field, *_rest in page.context["form"].lines}
    return client.post(reverse("leads:import_columns", args=[batch.pk]), chosen | more)


def worker_does(batch):
    running.advance(batch.pk, at=timezone.now())
    batch.refresh_from_db()


def test_the_first_page_says_its_limits_in_the_readers_language(signed_in, mia):
    client = signed_in(mia)
    assert "1,000,000 rows" in client.get(reverse("leads:import")).content.decode()

    mia.language = "nl"
    mia.save()

    assert "1.000.000 rijen" in client.get(reverse("leads:import")).content.decode()


def test_a_file_becomes_leads_step_by_step(signed_in, mia):
    client = signed_in(mia)

    answer = upload(client, WITH_A_BAD_ROW)
    batch = ImportBatch.objects.get()
    assert answer.url == reverse("leads:import_columns", args=[batch.pk])
    page = client.get(answer.url).content.decode()
    assert "noor@vandersteen.nl" in page
    assert "sure" in page

    assert confirm_columns(client, batch).url == reverse("leads:import_check", args=[batch.pk])
    worker_does(batch)
    page = client.get(reverse("leads:import_check", args=[batch.pk])).content.decode()
    assert "Import 2 rows" in page
    assert "This is not an e-mail address" in page
    assert Lead.objects.count() == 0

    client.post(reverse("leads:import_start", args=[batch.pk]))
    worker_does(batch)
    assert (batch.state, batch.created, batch.rejected) == (BatchState.DONE, 2, 1)
    assert Lead.objects.count() == 2
    rejected = b"".join(
        client.get(reverse("leads:import_rejected", args=[batch.pk])).streaming_content
    ).decode()
    assert "geen adres" in rejected
    assert "This is not an e-mail address" in rejected
    assert "noor@" not in rejected


def test_the_counts_before_the_act_are_those_of_the_act(signed_in, mia):
    client = signed_in(mia)
    for text in (GOOD, GOOD.replace("Jan;Smit", "Johan;Smit") + "Eva;Bos;eva@bos.nl;Bos;2026-11-05\n"):
        upload(client, text)
        batch = ImportBatch.objects.latest("id")
        confirm_columns(client, batch)
        worker_does(batch)
        promised = {name: batch.forecast[name] for name in ("created", "updated", "unchanged", "rejected")}
        client.post(reverse("leads:import_start", args=[batch.pk]))
        worker_does(batch)
        assert {name: getattr(batch, name) for name in promised} == promised

    assert (batch.created, batch.updated, batch.unchanged) == (1, 1, 1)


def test_while_it_runs_the_page_says_how_far_it_is(signed_in, mia):
    client = signed_in(mia)
    upload(client, GOOD)
    batch = ImportBatch.objects.get()
    confirm_columns(client, batch)

    page = client.get(reverse("leads:import_check", args=[batch.pk]))
    assert "0 of 2 rows" in page.content.decode()
    fragment = client.get(reverse("leads:import_check", args=[batch.pk]), headers={"HX-Request": "true"})
    assert fragment.content.decode().lstrip().startswith('<div id="import-check"')


def test_a_polling_page_is_sent_on_when_the_step_is_over(signed_in, mia):
    client = signed_in(mia)
    upload(client, GOOD)
    batch = ImportBatch.objects.get()

    answer = client.get(reverse("leads:import_check", args=[batch.pk]), headers={"HX-Request": "true"})

    assert (answer.status_code, answer["HX-Redirect"]) == (
        204,
        reverse("leads:import_columns", args=[batch.pk]),
    )


def test_the_columns_are_remembered_for_the_next_file_with_these_headers(signed_in, mia):
    client = signed_in(mia)
    upload(client, "Wie;Waar\nnoor@vandersteen.nl;Utrecht\n")
    batch = ImportBatch.objects.get()
    client.post(
        reverse("leads:import_columns", args=[batch.pk]), {"column_0": "email", "column_1": "fact:waar"}
    )
    worker_does(batch)
    client.post(reverse("leads:import_start", args=[batch.pk]))
    worker_does(batch)

    upload(client, "Wie;Waar\njan@smit.nl;Breda\n")

    latest = ImportBatch.objects.latest("id")
    page = client.get(reverse("leads:import_columns", args=[latest.pk]))
    assert [(field.initial, guess.sure) for field, _h, _e, guess in page.context["form"].lines] == [
        ("email", True),
        ("fact:waar", True),
    ]


def test_a_date_that_could_be_two_days_must_be_decided(signed_in, mia):
    client = signed_in(mia)
    upload(client, "E-mail,Created\nnoor@x.nl,03/04/2026\n")
    batch = ImportBatch.objects.get()

    undecided = confirm_columns(client, batch)
    assert undecided.status_code == 422
    assert "it cannot be told whether the day or the month comes first" in undecided.content.decode()

    confirm_columns(client, batch, date_format="MDY")
    worker_does(batch)
    client.post(reverse("leads:import_start", args=[batch.pk]))
    worker_does(batch)
    assert timezone.localtime(Lead.objects.get().captured_at).date().isoformat() == "2026-03-04"


def test_two_columns_cannot_go_to_one_field(signed_in, mia):
    client = signed_in(mia)
    upload(client, "A,B\nnoor@x.nl,noor@y.nl\n")
    batch = ImportBatch.objects.get()

    answer = client.post(
        reverse("leads:import_columns", args=[batch.pk]), {"column_0": "email", "column_1": "email"}
    )

    assert answer.status_code == 422
    assert "Two columns go to “E-mail”" in answer.content.decode()


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "leads.csv", "The file is empty"),
        (b"Name,E-mail\n", "leads.csv", "headers but no rows"),
        (b"E-mail,E-mail\na@b.nl,c@d.nl\n", "leads.csv", "Two columns have the same header"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(32)) * 50, "leads.csv", "not a table of text"),
        (b"%PDF-1.7 ...", "leads.csv", "This is a PDF"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 600, "leads.csv", "Excel file of the old kind"),
        (b"PK\x03\x04 not really", "leads.xlsx", "damaged"),
        (b"name,x\n1,2\n", "leads.exe", "This is not a table"),
        (b"\xff\xfeN\x00a\x00\x00\xd8", "leads.csv", "encoding is broken"),
    ],
)
def test_a_file_that_is_no_table_is_refused_in_words(signed_in, mia, content, name, words):
    answer = upload(signed_in(mia), content, name)

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not ImportBatch.objects.exists()


def test_no_file_at_all_is_said(signed_in, mia):
    assert signed_in(mia).post(reverse("leads:import_upload")).status_code == 422


def test_a_file_too_large_is_refused_before_it_is_read(signed_in, mia, monkeypatch):
    monkeypatch.setattr("leads.imports.reading.MAX_BYTES", 10)
    answer = upload(signed_in(mia), GOOD)
    assert answer.status_code == 422
    assert "larger than" in answer.content.decode()


def test_who_may_not_import_reads_only(signed_in, sam, mia):
    upload(signed_in(mia), GOOD)
    batch = ImportBatch.objects.get()
    client = signed_in(sam)

    assert "Choose a file" not in client.get(reverse("leads:import")).content.decode()
    assert upload(client, GOOD).status_code == 403
    assert client.get(reverse("leads:import_columns", args=[batch.pk])).status_code == 403
    for verb in ("start", "resume", "discard"):
        assert client.post(reverse(f"leads:import_{verb}", args=[batch.pk])).status_code == 403
    assert ImportBatch.objects.get().state == BatchState.COLUMNS


@pytest.mark.parametrize("person", ["mara", "sven", "max", "ada"])
def test_team_leads_managers_and_administrators_import_too(signed_in, person, request):
    assert upload(signed_in(request.getfixturevalue(person)), GOOD).status_code == 302


def test_a_second_click_on_start_changes_nothing(signed_in, mia):
    client = signed_in(mia)
    upload(client, GOOD)
    batch = ImportBatch.objects.get()
    confirm_columns(client, batch)
    worker_does(batch)
    client.post(reverse("leads:import_start", args=[batch.pk]))

    again = client.post(reverse("leads:import_start", args=[batch.pk]), follow=True)

    assert "moved on since" in again.content.decode()
    worker_does(batch)
    assert batch.created == 2


def test_a_removed_file_leaves_nothing(signed_in, mia):
    client = signed_in(mia)
    upload(client, GOOD)
    batch = ImportBatch.objects.get()
    folder = batch.folder
    assert folder.exists()

    client.post(reverse("leads:import_discard", args=[batch.pk]))

    assert not folder.exists()
    assert not ImportBatch.objects.exists()


def test_files_are_kept_by_number_never_by_name(signed_in, mia, settings):
    upload(signed_in(mia), GOOD, "..\\..\\evil/../x.csv")

    batch = ImportBatch.objects.get()
    assert batch.original.read_bytes() == GOOD.encode()
    assert [path.name for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()] == ["original"]
    assert "/" not in batch.file_name


def test_an_unknown_import_is_not_found(signed_in, mia):
    client = signed_in(mia)
    for name in ("import_result", "import_columns", "import_check", "import_rejected", "import_warned"):
        assert client.get(reverse(f"leads:{name}", args=[10**20])).status_code == 404
        assert client.get(reverse(f"leads:{name}", args=[4711])).status_code == 404


def test_an_excel_file_is_a_table_too(signed_in, mia):
    import xlsxwriter

    content = BytesIO()
    with xlsxwriter.Workbook(content) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["E-mail", "Created"])
        sheet.write_string(1, 0, "noor@x.nl")
        sheet.write_datetime(
            1, 1, timezone.now().replace(tzinfo=None), book.add_format({"num_format": "yyyy-mm-dd"})
        )
    upload(signed_in(mia), content.getvalue(), "leads.xlsx")

    batch = ImportBatch.objects.get()
    assert batch.layout["headers"] == ["E-mail", "Created"]
    assert confirm_columns(signed_in(mia), batch).status_code == 302
