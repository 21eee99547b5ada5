"""What must always be true of the counters: they say what the facts say (reliability.md, I-12)."""

from __future__ import annotations

from dashboard.counts import DISAGREEMENTS, SOURCE_DISAGREEMENTS
from smarketing.invariants import register

register("I-12a", "The daily counts say what the facts say", DISAGREEMENTS)
register("I-12b", "The counts by source are those by campaign, added up", SOURCE_DISAGREEMENTS)
