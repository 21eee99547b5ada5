"""The periods of the product, under the name by which the figures know them."""

from smarketing.periods import (
    Period,
    UnknownPeriod,
    choices,
    month_of,
    months_back,
    named,
    read,
    read_month,
)

__all__ = ["Period", "UnknownPeriod", "choices", "month_of", "months_back", "named", "read", "read_month"]
