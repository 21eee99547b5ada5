"""A row that was imported before exactly as it stands tells nothing new, whoever it names."""

import pytest

from leads.models import Contact, ImportRow, Lead, Source
from tests.leads.imports.reports import counts, history

pytestmark = pytest.mark.django_db

CONTRADICTING = (
    "external_id,email,phone,last_name,stage,customer_at,captured_at\n"
    "A-1,noor@x.nl,020 5550134,de Wit,Lost,,2026-01-01\n"
    "A-1,jan@x.nl,,Bakker,MQL,,2026-03-01\n"
    ",,020 5550134,de Wit,Customer,2026-02-01,\n"
    ",jan@x.nl,020 5550134,,New,,2026-01-15\n"
    "B-2,noor@x.nl,,,SQL,,2026-02-02\n"
)


def test_contradicting_rows_change_nothing_the_second_time(import_text):
    first = import_text(CONTRADICTING)
    before = history()

    assert counts(import_text(CONTRADICTING)) == (0, 0, first["created"] + first["updated"], 0)
    assert history() == before


def test_what_somebody_edited_since_stays(import_text):
    text = "external_id,email,job_title\nA-1,noor@x.nl,Buyer\n"
    import_text(text)
    Contact.objects.update(job_title="Director")

    assert counts(import_text(text)) == (0, 0, 1, 0)
    assert Contact.objects.get().job_title == "Director"


def test_an_export_that_has_grown_brings_only_its_new_rows(import_text):
    import_text("email,company\nnoor@x.nl,Acme\n")

    assert counts(import_text("company,email,note\nAcme,noor@x.nl,\nBolt,jan@x.nl,hello\n")) == (1, 0, 1, 0)


def test_an_outcome_still_says_which_lead_and_which_warnings(import_text):
    text = "external_id,captured_at,customer_at\nA-1,2026-03-01,2026-02-01\n"
    import_text(text)

    import_text(text)

    first, again = ImportRow.objects.order_by("batch_id")
    assert (again.outcome, again.lead_id) == ("UNCHANGED", first.lead_id)
    assert again.warnings == first.warnings != []


def test_the_same_cells_read_another_way_are_another_row(import_text):
    text = "external_id,email\nA-1,noor@x.nl\n"
    import_text(text, source="Fair")
    Lead.objects.update(source=None)

    assert counts(import_text(text, source="Webinar")) == (0, 1, 0, 0)
    assert Lead.objects.get().source == Source.objects.get(name="Webinar")


def test_a_rejected_row_is_read_again(import_text):
    text = "external_id,captured_at\nA-1,never\n"

    assert [counts(import_text(text)) for _time in range(2)] == [(0, 0, 0, 1), (0, 0, 0, 1)]
