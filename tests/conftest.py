"""The cast: the colleagues that every test may call by name."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from smarketing.accounts.models import Role, Side, Team, User
from tests import factories
from tests.browser import chromium

__all__ = ["chromium"]  # one browser for a whole run: Playwright bears no second


def pytest_configure() -> None:
    from django.conf import settings

    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.MD5PasswordHasher"
    ]  # quick, since secrets are none here
    settings.PROMISES_SECONDS = settings.PLANNING_SECONDS = settings.WORDS_SECONDS = 0
    settings.SHELL_SECONDS = 0  # tests act without a browser, so nothing would drop what was counted


AMSTERDAM = ZoneInfo("Europe/Amsterdam")
TUESDAY_NOON = datetime(2026, 11, 24, 12, 0, tzinfo=AMSTERDAM)


@pytest.fixture
def marketing(db) -> Team:
    return factories.TeamFactory(name="Marketing", kind=Side.MARKETING)


@pytest.fixture
def sales(db) -> Team:
    return factories.TeamFactory(name="Sales", kind=Side.SALES)


@pytest.fixture
def mia(marketing) -> User:
    """A marketer."""
    return factories.UserFactory(first_name="Mia", email="mia@example.com", team=marketing)


@pytest.fixture
def mara(marketing) -> User:
    """Leads the marketing team."""
    return factories.UserFactory(
        first_name="Mara", email="mara@example.com", team=marketing, role=Role.TEAM_LEAD
    )


@pytest.fixture
def sam(sales) -> User:
    """A sales rep."""
    return factories.UserFactory(first_name="Sam", email="sam@example.com", team=sales)


@pytest.fixture
def sonia(sales) -> User:
    """Another sales rep."""
    return factories.UserFactory(first_name="Sonia", email="sonia@example.com", team=sales)


@pytest.fixture
def sven(sales) -> User:
    """Leads the sales team."""
    return factories.UserFactory(first_name="Sven", email="sven@example.com", team=sales, role=Role.TEAM_LEAD)


@pytest.fixture
def max(db) -> User:
    """Manages both teams."""
    return factories.UserFactory(first_name="Max", email="max@example.com", team=None, role=Role.MANAGER)


@pytest.fixture
def fin(db) -> User:
    """Finance: reads all, enters costs."""
    return factories.UserFactory(first_name="Fin", email="fin@example.com", team=None, role=Role.FINANCE)


@pytest.fixture
def ada(db) -> User:
    """Administrator."""
    return factories.UserFactory(
        first_name="Ada", email="ada@example.com", team=None, role=Role.ADMINISTRATOR
    )


@pytest.fixture
def signed_in(client):
    """`signed_in(mia)` is a browser without JavaScript in which mia has signed in."""

    def sign_in(person: User):
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in
