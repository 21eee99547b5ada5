"""What a cell means: moments, amounts, phones, addresses, stages; and what is said when it means nothing."""

from decimal import Decimal

import pytest

from leads.imports.values import addresses, meanings, moments, numbers, texts
from leads.imports.values.remarks import Remarks


def one(reader, cell):
    """The value, and the code of what is wrong with the cell."""
    remarks = Remarks()
    (value,) = reader([cell], remarks)
    said = [remarks.problems[0]["code"]] if remarks.problems else []
    said += [warning["code"] for warning in remarks.warnings.get(0, [])]
    return (value, said[0]) if said else value


@pytest.mark.parametrize(
    ("cell", "means"),
    [
        ("2026-04-03", "2026-04-03 00:00:00"),
        ("2026-4-3", "2026-04-03 00:00:00"),
        ("2026/04/03 9:05", "2026-04-03 09:05:00"),
        ("20260403", "2026-04-03 00:00:00"),
        ("2026-04-03 14:05:59", "2026-04-03 14:05:59"),
        ("2026-04-03T14:05:59Z", "2026-04-03 14:05:59+00:00"),
        ("2026-04-03T14:05:59.123+02:00", "2026-04-03 14:05:59.123000+02:00"),
        ("03/04/2026", "2026-04-03 00:00:00"),
        ("3-4-26", "2026-04-03 00:00:00"),
        ("03.04.2026 14:05", "2026-04-03 14:05:00"),
        ("03/04/2026 2:05 PM", "2026-04-03 14:05:00"),
        ("03/04/2026 12:05 am", "2026-04-03 00:05:00"),
        ("3 april 2026", "2026-04-03 00:00:00"),
        ("3 mrt. 2026", "2026-03-03 00:00:00"),
        ("April 3, 2026", "2026-04-03 00:00:00"),
        ("3 de abril de 2026", "2026-04-03 00:00:00"),
        ("Fri, 3 Apr 2026 14:05", "2026-04-03 14:05:00"),
        ("", None),
        ("soon", (None, "not_a_date")),
        ("31/02/2026", (None, "not_a_date")),
        ("2026-13-01", (None, "not_a_date")),
        ("0001-01-01", (None, "not_a_date")),
        ("9999-12-31", (None, "not_a_date")),
        ("3 foo 2026", (None, "not_a_date")),
        ("99999999999999999999", (None, "not_a_date")),
    ],
)
def test_moments(cell, means):
    assert one(moments.moment("Datum"), cell) == means


def test_month_first_and_formats_of_ones_own():
    assert one(moments.moment("D", order="MDY"), "03/04/2026") == "2026-03-04 00:00:00"
    assert one(moments.moment("D", date_format="%d|%m|%Y"), "03|04|2026") == "2026-04-03 00:00:00"
    assert one(moments.moment("D", date_format="%d|%m|%Y"), "2026-04-03") == (None, "not_a_date")


@pytest.mark.parametrize(
    ("cells", "order"),
    [
        (["2026-04-03", ""], "ISO"),
        (["03/04/2026", "25/12/2026"], "DMY"),
        (["03/04/2026", "12/25/2026"], "MDY"),
        (["03/04/2026"], ""),
        (["25/12/2026", "12/25/2026"], ""),
        ([], "ISO"),
    ],
)
def test_the_other_dates_of_a_column_tell_what_comes_first(cells, order):
    assert moments.date_order(cells) == order


@pytest.mark.parametrize(
    ("cell", "means"),
    [
        ("1234", Decimal(1234)),
        ("1234.5", Decimal("1234.5")),
        ("1.234,50", Decimal("1234.50")),
        ("1,234.50", Decimal("1234.50")),
        ("€ 1 234,50", Decimal("1234.50")),
        ("1.234.567", Decimal(1234567)),
        ("100000.0", Decimal("100000.0")),
        ("0.125", Decimal("0.125")),
        ("1.234", (Decimal(1234), "number_guessed")),
        ("-5", (None, "amount_out_of_range")),
        ("9" * 13, (None, "amount_out_of_range")),
        ("much", (None, "not_a_number")),
        ("1e9", (None, "not_a_number")),
        ("NaN", (None, "not_a_number")),
        ("٣", Decimal(3)),
    ],
)
def test_amounts(cell, means):
    assert one(numbers.amount("Amount"), cell) == means


@pytest.mark.parametrize(
    ("cell", "means"),
    [
        ("240", 240),
        ("1.200", 1200),
        ("11-50", (11, "size_range")),
        ("11 tot 50", (11, "size_range")),
        ("1,000+", 1000),
        ("> 200", 200),
        ("240 employees", 240),
        ("many", (None, "size_unclear")),
        ("99999999999", (None, "size_unclear")),
        ("5 or maybe 6", (None, "size_unclear")),
    ],
)
def test_numbers_of_staff(cell, means):
    assert one(numbers.head_count("Size"), cell) == means


@pytest.mark.parametrize(
    ("cell", "means"),
    [
        ("020 555 01 34", "+31205550134"),
        ("(020) 555-0134", "+31205550134"),
        ("0031 20 5550134", "+31205550134"),
        ("+31 (0)20 555 01 34", "+31205550134"),
        ("06-12345678", "+31612345678"),
        ("+55 11 91234-5678", "+5511912345678"),
        ("none", ("none", "phone_unclear")),
        ("12", ("12", "phone_unclear")),
        ("x" * 99, ("x" * 32, "phone_unclear")),
    ],
)
def test_phones(cell, means):
    assert one(addresses.phone("Tel", "NL"), cell) == means


@pytest.mark.parametrize(
    ("cell", "means"),
    [
        ("Noor@Vandersteen.NL", "noor@vandersteen.nl"),
        ("Noor de Wit <noor@x.nl>", "noor@x.nl"),
        ("mailto:noor@x.nl", "noor@x.nl"),
        ("o'neil+news@sub.x-y.co.uk", "o'neil+news@sub.x-y.co.uk"),
        ("noor@münchen.de", "noor@münchen.de"),
        ("noor", (None, "not_an_email")),
        ("noor@", (None, "not_an_email")),
        ("noor..x@x.nl", (None, "not_an_email")),
        ("noor@x", (None, "not_an_email")),
        ("a@b@c.nl", (None, "not_an_email")),
        ("noor@x.nl\nBcc: all@x.nl", (None, "not_an_email")),
        ("x" * 65 + "@x.nl", (None, "not_an_email")),
    ],
)
def test_email_addresses(cell, means):
    assert one(addresses.email("Mail"), cell) == means


@pytest.mark.parametrize(
    ("cell", "means"),
    [
        ("Closed Won", "CUSTOMER"),
        ("klaar voor sales", "SQL"),
        ("MQL", "MQL"),
        ("perdido", "LOST"),
        ("?", (None, "unknown_stage")),
    ],
)
def test_stages(cell, means):
    assert one(meanings.stage("Stage"), cell) == means


@pytest.mark.parametrize(
    ("cell", "means"),
    [
        ("7", 7),
        ("0.5", 0.5),
        ("007", "007"),
        ("true", True),
        ("yes", "yes"),
        ("1e5", "1e5"),
        ("9" * 20, "9" * 20),
        ("a\x07b", "a b"),
    ],
)
def test_facts(cell, means):
    value = meanings.fact(cell)
    assert (value, type(value)) == (means, type(means))


@pytest.mark.parametrize(
    ("cell", "means"),
    [
        ("https://www.Example.com/about?x=1", "example.com"),
        ("noor@example.com", "example.com"),
        ("example.com:8080", "example.com"),
        ("not a domain", None),
        ("javascript:alert(1)", None),
    ],
)
def test_web_domains(cell, means):
    assert addresses.domain(cell) == means


@pytest.mark.parametrize(
    ("cell", "means"),
    [("Noor de Wit", ("Noor", "de Wit")), ("de Wit, Noor", ("Noor", "de Wit")), ("Noor", ("Noor", None))],
)
def test_full_names(cell, means):
    assert texts.split_name(cell) == means
