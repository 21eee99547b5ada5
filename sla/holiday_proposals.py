"""National holidays as proposals to tick: which dates, and what they are called.

Nothing here closes a day. A calendar has the holidays that somebody chose for it, whatever the library thinks.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import NamedTuple

import holidays
from babel import Locale, UnknownLocaleError
from holidays.registry import COUNTRIES


class UnknownCountry(ValueError):
    """The library has no holidays for this country or part of it."""


class Proposal(NamedTuple):
    """A holiday; `is_public` tells a day off for everybody from one that some employers give."""

    on: date
    name: str
    is_public: bool


def holidays_in(
    country: str, year: int, *, subdivision: str | None = None, language: str = "en"
) -> list[Proposal]:
    """The holidays of one year in order, named in the language asked for, or the country's own where it is missing."""
    known = _country(country, subdivision)
    spoken = _nearest(language, known.supported_languages) or known.default_language
    public = _named(country, year, subdivision, spoken, holidays.PUBLIC)
    optional = (
        _named(country, year, subdivision, spoken, holidays.OPTIONAL)
        if holidays.OPTIONAL in known.supported_categories
        else {}
    )
    proposals = [Proposal(on, name, is_public=True) for on, name in public.items()]
    proposals += [Proposal(on, name, is_public=False) for on, name in optional.items() if on not in public]
    return sorted(proposals)


@cache
def countries(language: str = "en") -> tuple[tuple[str, str], ...]:
    """Code and name of every country with known holidays, in the order of the names."""
    try:
        territories = Locale.parse(language.replace("-", "_")).territories
    except (UnknownLocaleError, ValueError):
        territories = Locale("en").territories
    codes = {code for _, code, *_ in COUNTRIES.values()}
    return tuple(sorted(((code, territories.get(code, code)) for code in codes), key=lambda pair: pair[1]))


@cache
def subdivisions(country: str) -> tuple[tuple[str, str], ...]:
    """Code and name of the parts of a country that have holidays of their own; empty for most."""
    known = _country(country, None)
    names: dict[str, str] = {}
    for name, code in known.subdivisions_aliases.items():
        names.setdefault(code, name)
    return tuple((code, names.get(code, code)) for code in known.subdivisions)


# Mechanics


def _country(country: str, subdivision: str | None) -> holidays.HolidayBase:
    try:
        return holidays.country_holidays(country, subdiv=subdivision)
    except NotImplementedError as error:
        raise UnknownCountry(str(error)) from error


def _nearest(language: str, spoken: Iterable[str]) -> str | None:
    """The language itself, else another kind of it: "en" is served by "en_US"."""
    wanted = language.replace("-", "_").lower()
    return min(
        (code for code in spoken if code.lower() == wanted or code[:2] == wanted[:2]),
        key=lambda code: (code.lower() != wanted, code),
        default=None,
    )


def _named(
    country: str, year: int, subdivision: str | None, language: str | None, category: str
) -> dict[date, str]:
    found = holidays.country_holidays(
        country, subdiv=subdivision, years=year, language=language, categories=category
    )
    return dict(found.items())
