import copy

import pytest

from tests.browser import browser_page, open_window

__all__ = ["browser_page", "open_window"]


@pytest.fixture
def gallery(settings) -> str:
    """The page that shows every component; its address."""
    templates = copy.deepcopy(settings.TEMPLATES)
    templates[0]["DIRS"].append(settings.BASE_DIR / "tests" / "look" / "templates")
    settings.TEMPLATES = templates
    settings.ROOT_URLCONF = "tests.look.gallery_urls"
    return "/"
