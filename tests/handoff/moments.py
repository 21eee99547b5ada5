"""Named moments of one Tuesday, and the brief that Mia writes."""

from tests.conftest import TUESDAY_NOON

TUESDAY_TEN = TUESDAY_NOON.replace(hour=10)
TUESDAY_HALF_PAST_TEN = TUESDAY_NOON.replace(hour=10, minute=30)
TUESDAY_ELEVEN = TUESDAY_NOON.replace(hour=11)
TUESDAY_ONE = TUESDAY_NOON.replace(hour=13)

BRIEF = {"why_now": "Asked for a price for 40 trucks", "wants": "Fuel cost down 8 % before spring"}
