from datetime import date

import holidays
import pytest

from sla.holiday_proposals import Proposal, UnknownCountry, countries, holidays_in, subdivisions


def test_dutch_holidays_in_dutch():
    proposals = holidays_in("NL", 2026, language="nl")

    assert Proposal(date(2026, 4, 27), "Koningsdag", is_public=True) in proposals
    assert Proposal(date(2026, 12, 26), "Tweede kerstdag", is_public=True) in proposals


def test_dutch_holidays_in_english():
    assert Proposal(date(2026, 4, 27), "King's Day", is_public=True) in holidays_in("NL", 2026, language="en")


def test_a_day_that_only_some_employers_give_is_marked():
    liberation_day = date(2026, 5, 5)

    assert Proposal(liberation_day, "Bevrijdingsdag", is_public=False) in holidays_in(
        "NL", 2026, language="nl"
    )


def test_they_come_in_order_and_each_date_once():
    dates = [proposal.on for proposal in holidays_in("NL", 2026)]

    assert dates == sorted(set(dates))


def test_a_part_of_a_country_has_days_of_its_own():
    epiphany = date(2026, 1, 6)

    assert epiphany in {proposal.on for proposal in holidays_in("DE", 2026, subdivision="BY")}
    assert epiphany not in {proposal.on for proposal in holidays_in("DE", 2026, subdivision="BE")}


def test_a_language_nobody_translated_falls_back_to_the_countrys_own():
    assert holidays_in("NL", 2026, language="xx") == holidays_in("NL", 2026, language="nl")


@pytest.mark.parametrize(("country", "subdivision"), [("XX", None), ("", None), ("NL", "Mars")])
def test_unknown_places_are_refused(country, subdivision):
    with pytest.raises(UnknownCountry):
        holidays_in(country, 2026, subdivision=subdivision)


def test_every_country_of_the_library_can_be_chosen_by_its_name():
    assert {code for code, _ in countries()} == set(holidays.list_supported_countries(include_aliases=False))
    assert dict(countries("nl"))["BE"] == "België"
    assert dict(countries("en"))["BE"] == "Belgium"


def test_parts_of_a_country_have_names():
    assert dict(subdivisions("DE"))["BY"] == "Bayern"
    assert subdivisions("LU") == ()
