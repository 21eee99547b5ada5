from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.embedded.checkouts import Checkout

MakeCheckout = Callable[..., Checkout]


@pytest.fixture
def make_checkout(tmp_path: Path) -> Iterator[MakeCheckout]:
    """Makes checkouts in places of our choice, and leaves none running."""
    made: list[Checkout] = []

    def make(place: str = "checkout", **more) -> Checkout:
        made.append(Checkout(tmp_path / place, **more))
        return made[-1]

    yield make
    for checkout in made:
        checkout.clean_up()


@pytest.fixture
def checkout(make_checkout: MakeCheckout) -> Checkout:
    return make_checkout()
