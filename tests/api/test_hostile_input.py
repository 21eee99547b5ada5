"""What nobody sends by accident: refused in words or kept as the harmless text that it is, never a crash."""

import json

import pytest

from leads.models import Contact, Lead
from smarketing.api.models import ApiToken
from tests.factories import LeadFactory

pytestmark = pytest.mark.django_db

DEEP = "[" * 2_000 + "]" * 2_000
BODIES = {
    "NUL": b'{"contact": {"last_name": "a\\u0000b"}}',
    "half a character": b'{"contact": {"last_name": "\\ud800"}}',
    "half a character in a fact's name": b'{"contact": {"last_name": "x"}, "facts": {"\\udc00": 1}}',
    "a long name": json.dumps({"contact": {"last_name": "x" * 10_000}}).encode(),
    "a huge number": b'{"contact": {"last_name": "x"}, "company": {"size": ' + b"9" * 4_000 + b"}}",
    "a larger number than the column holds": b'{"contact": {"last_name": "x"}, "company": {"size": 2147483648}}',
    "no number": b'{"contact": {"last_name": "x"}, "company": {"size": NaN}}',
    "deep facts": b'{"contact": {"last_name": "x"}, "facts": {"a": ' + DEEP.encode() + b"}}",
    "facts as deep as Python can follow": b'{"contact": {"last_name": "x"}, "facts": {"a": ' + b"[" * 400 + b"]" * 400 + b"}}",
    "deep nonsense": DEEP.encode() * 50,
    "many facts": json.dumps({"contact": {"last_name": "x"}, "facts": {str(n): n for n in range(500)}}).encode(),
    "a date that is none": b'{"contact": {"last_name": "x"}, "captured_at": "0000-00-00T99:99:99+99:99"}',
    "a date before dates": b'{"contact": {"last_name": "x"}, "captured_at": "0001-01-01T00:00:00+14:00"}',
    "the last date": b'{"contact": {"last_name": "x"}, "captured_at": "9999-12-31T23:59:59-14:00"}',
    "a list for a name": b'{"contact": {"last_name": ["x"]}}',
    "no UTF-8": b'{"contact": {"last_name": "\xe9"}}',
}  # fmt: skip


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
def test_it_is_refused_in_words(software_of, mia, body):
    answer = software_of(mia).post("/api/v1/leads/", body, content_type="application/json")

    assert answer.status_code == 400, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    assert not Lead.objects.exists()


@pytest.mark.parametrize("name", ["Robert'); DROP TABLE leads_lead;--", "<script>alert(1)</script>", "{{ 7*7 }}", "%s %(x)s", "=1+1", "٣ 李 🚚", "a\u202eb"])  # fmt: skip
def test_it_is_only_a_name(software_of, mia, name):
    answer = software_of(mia).post("/api/v1/leads/", {"contact": {"last_name": name}})

    assert answer.status_code == 201, answer.content
    assert answer.json()["contact"]["last_name"] == Contact.objects.get().last_name


ADDRESSES = [
    "leads/?q=%00", "leads/?q=%ed%a0%80", "leads/?source=%00", "leads/?campaign=%00", "leads/?owner=99999999999999999999", "leads/?page=-1",
    "leads/?page=99999999999999999999", "leads/?page=%d9%a3", "leads/?captured_from=0000-00-00", "leads/?captured_from=%00", "leads/?ordering=%00",
    "leads/?q=" + "x" * 5_000, "leads/?rep=%00", "handoffs/?receiver=%00", "handoffs/?receiver=9223372036854775808", "handoffs/?sender=%d9%a3", "handoffs/?page=0",
    "handoffs/?state=%00", "clocks/?state=%00", "clocks/?measure=%ff", "dashboard/funnel/?source=%00", "dashboard/funnel/?from=%00",
    "dashboard/funnel/?from=2026-11-24&to=2026-11-01", "dashboard/funnel/?from=0001-01-01&to=9999-12-31", "dashboard/promises/?month=%00",
    "dashboard/promises/?month=9999-12", "dashboard/promises/?month=0001-01", "leads/99999999999999999999/", "leads/%00/", "clocks/99999999999999999999/explain/",
    "leads/1/verdict/?%00=1", "agreements/?page=2", "nothing/%00",
]  # fmt: skip


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_address_makes_it_fall(software_of, max, address):
    LeadFactory()

    answer = software_of(max).get(f"/api/v1/{address}")

    assert answer.status_code in (200, 400, 404), answer.content
    if answer.status_code != 200:
        assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("header", ["Token", "Token x", "Token a b", "Token \xff\xfe", "Token " + "0" * 64, "Token zz" + "0" * 62, "Token " + "a" * 9_000, "Bearer x", "\xff"])  # fmt: skip
def test_what_is_no_token_is_no_token(client, header):
    assert client.get("/api/v1/leads/", headers={"Authorization": header}).status_code == 401


def test_an_address_with_a_nul_ends_no_token(signed_in, mia):
    ApiToken.objects.create(user=mia, name="Website")

    assert signed_in(mia).post("/settings/tokens/%00/revoke/").status_code == 404


def test_a_body_of_ten_megabytes_is_too_large(software_of, mia):
    answer = software_of(mia).post("/api/v1/leads/", b'{"message": "' + b"x" * 10_000_000 + b'"}', content_type="application/json")  # fmt: skip

    assert answer.status_code == 413
    assert answer["Content-Type"] == "application/problem+json"


def test_what_is_not_json_is_refused(software_of, mia):
    answer = software_of(mia).post("/api/v1/leads/", b"a=b", content_type="application/x-www-form-urlencoded")

    assert answer.status_code == 415
