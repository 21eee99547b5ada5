"""Leads for other software."""

import pytest

from leads.models import Lead, Stage
from tests.conftest import TUESDAY_NOON
from tests.factories import LeadFactory

pytestmark = pytest.mark.django_db

NOOR = {
    "source": "website",
    "message": "What does it cost for 40 trucks?",
    "contact": {"first_name": "Noor", "last_name": "de Wit", "email": "Noor@Vandersteen.example "},
    "company": {"name": "Vandersteen Logistics", "size": 240, "country": "NL"},
    "facts": {"vehicles": 60, "requested": ["price"]},
}


def test_a_lead_comes_in(software_of, mia):
    answer = software_of(mia).post("/api/v1/leads/", NOOR)

    assert answer.status_code == 201, answer.content
    assert answer.json()["contact"]["email"] == "noor@vandersteen.example"
    assert answer.json()["facts"]["vehicles"] == 60
    assert answer.json()["stage"] == "NEW"


def test_the_same_person_joins_his_open_lead(software_of, mia):
    software_of(mia).post("/api/v1/leads/", NOOR)

    again = software_of(mia).post("/api/v1/leads/", NOOR)

    assert (again.status_code, again.json()["matched_by"]) == (200, "email")
    assert Lead.objects.count() == 1


def test_what_is_wrong_is_said_per_field(software_of, mia):
    answer = software_of(mia).post(
        "/api/v1/leads/", NOOR | {"contact": {"email": "no address"}, "captured_at": "yesterday"}
    )

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert "captured_at" in answer.json()["errors"]
    assert not Lead.objects.exists()


@pytest.mark.parametrize("body", [b"{", b"[]", b'"x"', b"null", b"\xff", b'{"contact": 5}', b'{"facts": [1]}', b'{"message": "\\u0000"}', b'{"message": "\\ud800"}',
                                  b'{"facts": {"a": "\\u0000"}}', b'{"captured_at": "9999-99-99"}', b'{"company": {"size": 1e400}}'])  # fmt: skip
def test_nonsense_is_refused_in_words(software_of, mia, body):
    answer = software_of(mia).post("/api/v1/leads/", body, content_type="application/json")

    assert answer.status_code == 400, answer.content
    assert answer.json()["detail"]


def test_finance_reads_and_does_not_write(software_of, fin):
    assert software_of(fin).get("/api/v1/leads/").status_code == 200
    assert software_of(fin).post("/api/v1/leads/", NOOR).status_code == 403
    assert not Lead.objects.exists()


def test_without_a_token_there_is_nothing(client, db):
    answer = client.get("/api/v1/leads/")

    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"


def test_a_list_is_filtered_like_the_page(software_of, mia):
    LeadFactory(stage=Stage.MQL, mql_at=TUESDAY_NOON)
    LeadFactory()

    assert software_of(mia).get("/api/v1/leads/?stage=MQL").json()["count"] == 1


@pytest.mark.parametrize(
    "query",
    ["stage=NONSENSE", "colour=red", "ordering=password", "captured_from=yesterday", "source=no-such"],
)
def test_an_unknown_filter_is_named(software_of, mia, query):
    answer = software_of(mia).get(f"/api/v1/leads/?{query}")

    assert answer.status_code == 400
    assert query.partition("=")[0] in answer.json()["errors"]


def test_queries_do_not_grow_with_leads(software_of, mia, django_assert_max_num_queries):
    LeadFactory.create_batch(12)

    with django_assert_max_num_queries(7):
        software_of(mia).get("/api/v1/leads/")


def test_changing_an_older_version_is_a_conflict(software_of, mia):
    lead = LeadFactory()
    software_of(mia).patch(f"/api/v1/leads/{lead.pk}/", {"contact": {"job_title": "Buyer"}, "version": 1})

    answer = software_of(mia).patch(
        f"/api/v1/leads/{lead.pk}/", {"contact": {"job_title": "Boss"}, "version": 1}
    )

    assert answer.status_code == 409
    assert "Mia" in answer.json()["detail"]


def test_an_unknown_lead_is_not_there(software_of, mia):
    assert software_of(mia).get("/api/v1/leads/99999999999999999999/").status_code == 404


def test_the_same_key_has_one_effect(software_of, mia):
    first = software_of(mia).post("/api/v1/leads/", NOOR, headers={"Idempotency-Key": "a1"})
    again = software_of(mia).post("/api/v1/leads/", NOOR, headers={"Idempotency-Key": "a1"})

    assert (again.status_code, again.json()) == (first.status_code, first.json())
    assert again["Idempotent-Replayed"] == "true"


def test_the_same_key_with_another_body_is_refused(software_of, mia):
    software_of(mia).post("/api/v1/leads/", NOOR, headers={"Idempotency-Key": "a1"})

    answer = software_of(mia).post(
        "/api/v1/leads/", NOOR | {"source": "fair"}, headers={"Idempotency-Key": "a1"}
    )

    assert answer.status_code == 422


def test_a_refused_act_is_remembered_as_refused(software_of, mia):
    lead = LeadFactory(stage=Stage.CUSTOMER, customer_at=TUESDAY_NOON)

    def ask():
        return software_of(mia).post(
            f"/api/v1/leads/{lead.pk}/disqualify/", {"reason": "x"}, headers={"Idempotency-Key": "k"}
        )

    assert ask().status_code == ask().status_code == 409
