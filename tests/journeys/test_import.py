"""A marketer brings a file: with script the pages move on by themselves, without they do by reloading. Nothing for axe to find."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from leads.imports import running
from leads.models import ImportBatch, Lead
from tests.browser import DESK, PHONE

pytestmark = pytest.mark.django_db(transaction=True)

FILE = (
    "Voornaam;Achternaam;E-mailadres;Tel;Bedrijf;Datum;Bron;Verkoper;Opm\n"
    "Noor;de Wit;noor@vandersteen.nl;020 555 01 34;Vandersteen;03/04/2026;Vakbeurs Utrecht;Sam Smit;belt terug\n"
    "Jan;Smit;jan@smit.nl;nog vragen;Smit BV;04/04/2026;Vakbeurs Utrecht;Iemand Anders;\n"
    "Eva;Fout;geen adres;;Fout BV;05/04/2026;Vakbeurs Utrecht;;\n"
)


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def worker_does_its_step():
    running.advance(ImportBatch.objects.get().pk, at=timezone.now())


def choose_file(page, name="leads-nov.csv", content=FILE):
    page.goto("/import/")
    page.get_by_label("File", exact=True).set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": content.encode()}
    )


@pytest.mark.parametrize(
    "how", [{"viewport": DESK}, {"viewport": PHONE, "color_scheme": "dark"}], ids=["desk", "phone"]
)
def test_from_a_file_to_leads(browser_of, assert_accessible, mia, sam, how):
    page = browser_of(mia, **how)
    choose_file(page)
    assert_accessible(page)
    page.get_by_role("button", name="Upload file").click()

    expect(page.get_by_label("E-mailadres")).to_have_value("email")
    assert_accessible(page)
    page.get_by_label("Dates like 03/04/2026").select_option("DMY")
    page.get_by_role("button", name="Check the rows").click()

    expect(page.get_by_text("0 of 3 rows")).to_be_visible()
    assert_accessible(page)
    worker_does_its_step()
    expect(page.get_by_role("button", name="Import 2 rows")).to_be_visible()
    expect(page.get_by_text("This is not an e-mail address")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Import 2 rows").click()

    expect(page.get_by_text("Importing")).to_be_visible()
    worker_does_its_step()
    expect(page.get_by_role("link", name="Download rejected rows")).to_be_visible()
    assert_accessible(page)
    assert Lead.objects.count() == 2
    assert Lead.objects.get(contact__email="noor@vandersteen.nl").owner == sam
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow == 0


def test_without_script(browser_of, mia):
    page = browser_of(mia, java_script_enabled=False)
    choose_file(page, content="email\na@x.nl\n")
    page.get_by_role("button", name="Upload file").click()
    page.get_by_role("button", name="Check the rows").click()
    worker_does_its_step()
    page.reload()
    page.get_by_role("button", name="Import 1 row").click()
    worker_does_its_step()
    page.reload()

    expect(page.get_by_role("heading", name="What happened")).to_be_visible()
    assert Lead.objects.count() == 1


def test_a_wrong_file_is_explained_where_it_was_chosen(browser_of, assert_accessible, mia):
    page = browser_of(mia)
    choose_file(page, content="email,email\na,b\n")
    page.get_by_role("button", name="Upload file").click()

    expect(page.get_by_role("alert")).to_contain_text("Two columns have the same header")
    assert_accessible(page)
