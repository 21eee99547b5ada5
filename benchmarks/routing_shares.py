"""Do the agreed shares hold when a thousand hand-offs arrive at once?

`python -m benchmarks.routing_shares --handoffs 1000 --threads 16`: as many threads, each on a connection of its own, hand leads over
under an agreement with clocks, notices and capacity. Prints what each colleague was to get and got, and how long it took.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
DATABASE = "routing_shares"
SHARES = [40, 25, 20, 15]


def main() -> int:
    parser = argparse.ArgumentParser(description="Hands leads over in parallel and counts who got them.")
    parser.add_argument("--handoffs", type=int, default=1_000)
    parser.add_argument("--threads", type=int, default=16)
    wishes = parser.parse_args()

    os.environ["SMARKETING_VAR"] = str(ROOT / "var" / "routing-shares")
    from smarketing.embedded.engines import Engines
    from smarketing.embedded.lock import EnginesLock

    lock = EnginesLock()
    lock.take("benchmarks.routing_shares")
    engines = Engines(durable=True)
    try:
        engines.start()
        os.environ |= {"DJANGO_SETTINGS_MODULE": "benchmarks.settings", "BENCH_DATABASE": DATABASE}
        return _measure(wishes.handoffs, wishes.threads)
    finally:
        engines.stop()
        lock.release()


def _measure(handoffs: int, threads: int) -> int:
    import django

    django.setup()
    from django.core.management import call_command
    from django.utils import timezone

    from benchmarks.database import _create_anew
    from smarketing.invariants import violations

    _create_anew()
    call_command("migrate", verbosity=0, interactive=False)
    now = timezone.now()
    cast, rules = _found_the_company(handoffs, now)
    leads = _sales_ready(handoffs, now)
    began = time.monotonic()
    took = _hand_over(leads, threads, by=cast.marketers[0], at=now)
    seconds = time.monotonic() - began
    worst = _tell_shares(cast, rules, handoffs)
    ordered = sorted(took)
    print(
        f"{handoffs:,} hand-offs, {threads} threads: {seconds:.1f} s, {handoffs / seconds:.0f} a second; "
        f"one took {statistics.median(ordered) * 1000:.0f} ms at the median, {ordered[int(len(ordered) * 0.95)] * 1000:.0f} ms at p95"
    )
    broken = {invariant.code: rows for invariant, rows in violations(timezone.now()) if rows}
    print(f"broken invariants: {broken or 'none'}")
    return 0 if worst < 1 and not broken else 1


def _found_the_company(handoffs: int, at: Any) -> tuple[Any, Any]:
    """The demo's people, hours and agreement, with shares and enough capacity."""
    from datetime import timedelta

    from handoff.models import HandoffRules
    from smarketing.demo import cast as demo

    people = demo.hire()
    long_ago = at - timedelta(days=30)
    office = demo.open_the_office(long_ago)
    demo.sign_the_agreement(people, office, long_ago)
    shares = dict(zip((str(rep.pk) for rep in [*people.reps, people.sales_lead]), SHARES, strict=True))
    HandoffRules.objects.update(routing_shares=shares, capacity_per_month=handoffs * 10)
    return people, HandoffRules.objects.in_force(at)


def _sales_ready(number: int, at: Any) -> list[Any]:
    """Leads of as many companies, ready to be handed over."""
    from leads.models import Company, Contact, Lead, Stage, StageChange

    companies = Company.objects.bulk_create(
        Company(name=f"Company {place}", domain=f"company{place}.example") for place in range(number)
    )
    contacts = Contact.objects.bulk_create(
        Contact(
            first_name="Noor", last_name=f"No. {place}", email=f"noor@company{place}.example", company=company
        )
        for place, company in enumerate(companies)
    )
    leads = Lead.objects.bulk_create(
        Lead(contact=contact, company=contact.company, captured_at=at, stage=Stage.SQL, sql_at=at)
        for contact in contacts
    )
    StageChange.objects.bulk_create(
        StageChange(lead=lead, from_stage="", to_stage=Stage.SQL, changed_at=at) for lead in leads
    )
    return leads


def _hand_over(leads: list[Any], threads: int, *, by: Any, at: Any) -> list[float]:
    """All of them, the threads starting at the same moment; how long each took."""
    from django.db import connection

    from handoff.models import Handoff

    brief = {"why_now": "Asked for a price for 40 trucks", "wants": "Fuel cost down 8 % before spring"}
    barrier = Barrier(threads)

    def work(mine: list[Any]) -> list[float]:
        barrier.wait()
        took = []
        for lead in mine:
            began = time.monotonic()
            Handoff.send(lead, brief=brief, to="route", by=by, at=at)
            took.append(time.monotonic() - began)
        connection.close()
        return took

    with ThreadPoolExecutor(threads) as executor:
        return [
            each for part in executor.map(work, [leads[n::threads] for n in range(threads)]) for each in part
        ]


def _tell_shares(cast: Any, rules: Any, handoffs: int) -> float:
    """Asked and got, per colleague; the largest difference in hand-offs."""
    from handoff.models import Handoff

    worst = 0.0
    print(f"{'who':<16}{'share':>7}{'asked':>9}{'got':>7}")
    for person in [*cast.reps, cast.sales_lead]:
        share = rules.routing_shares[str(person.pk)]
        asked, got = handoffs * share / 100, Handoff.objects.filter(receiver=person).count()
        worst = max(worst, abs(asked - got))
        print(f"{person!s:<16}{share:>5} %{asked:>9.1f}{got:>7}")
    return worst


if __name__ == "__main__":
    sys.exit(main())
