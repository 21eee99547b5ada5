"""What campaigns cost in a month. A cost is spread evenly over the days of its campaign; no cost entered is said, never taken for 0."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import ngettext

from leads.models import Campaign
from smarketing import words
from smarketing.periods import Period


@dataclass(frozen=True)
class Spend:
    """`amount`: None when no campaign of the month has a cost. `lacking`: campaigns that ran in it without one."""

    amount: Decimal | None
    lacking: int

    def per(self, handoffs: int) -> float | None:
        return round(float(self.amount) / handoffs, 2) if self.amount is not None and handoffs else None

    @property
    def note(self) -> str:
        return lacking_in_words(self.lacking)


def lacking_in_words(campaigns: int) -> str:
    if not campaigns:
        return ""
    return ngettext(
        "%(n)s campaign of the month has no cost entered.", "%(n)s campaigns of the month have no cost entered.", campaigns
    ) % {"n": words.number(campaigns)}  # fmt: skip


def of(month: Period, left_out: Sequence[str] = ()) -> Spend:
    """`left_out`: keys of sources whose campaigns do not count. A campaign without dates belongs to no month. Costs are entered per campaign, so days are the finest that can be known."""
    running = Campaign.objects.filter(starts_on__lt=month.end, ends_on__gte=month.first)
    if left_out:
        running = running.exclude(source__key__in=left_out)
    shares = [_share(each, month) for each in running]
    known = [share for share in shares if share is not None]
    return Spend(sum(known, Decimal(0)) if known else None, len(shares) - len(known))


def _share(campaign: Campaign, month: Period) -> Decimal | None:
    if campaign.spend is None or not (campaign.starts_on and campaign.ends_on and month.first and month.last):
        return None
    days = (campaign.ends_on - campaign.starts_on).days + 1
    here = (min(campaign.ends_on, month.last) - max(campaign.starts_on, month.first)).days + 1
    return campaign.spend * here / days
