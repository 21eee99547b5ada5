"""Every broken promise leads to exactly one breach, told once, while worker, beats and sweeper are killed with -9.

SMARKETING_KILLS=100 asks for more; `python -m benchmarks.exactly_once` does the same at length.
"""

import os
from dataclasses import asdict

import pytest
from django.db import connection

from benchmarks import exactly_once

KILLS = int(os.environ.get("SMARKETING_KILLS", "5"))


@pytest.mark.engines
@pytest.mark.django_db(transaction=True)
def test_killing_at_random_moments_loses_and_doubles_nothing():
    exactly_once.company()

    report = exactly_once.trial(connection.settings_dict["NAME"], kills=KILLS, clocks=600)

    assert report.is_exact, asdict(report)
    assert report.breaches > 400
    assert report.sweeps > KILLS
    assert sum(report.kills.values()) == KILLS
