"""Does every broken promise lead to exactly one breach, told exactly once, whatever is killed?

`python -m benchmarks.exactly_once --kills 100`: a real Celery worker, two beats and a sweeper run while clocks become due and
colleagues log contacts; again and again one of them is killed with -9 at a random moment and started anew. Afterwards the rows
are counted and every invariant is asked.
"""

from __future__ import annotations

import argparse
import itertools
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
CELERY = [sys.executable, "-m", "celery", "-A", "smarketing"]
QUIET = ["--without-gossip", "--without-mingle", "--without-heartbeat"]


@dataclass
class Report:
    kills: dict[str, int]
    seconds: float
    clocks: int = 0
    contacts: int = 0
    sweeps: int = 0
    sweeps_cut_off: int = 0
    breaches_expected: int = 0
    breaches: int = 0
    breached_twice: int = 0
    escalations: int = 0
    warnings: int = 0
    notices_expected: int = 0
    notices: int = 0
    mails: int = 0
    mails_repeated: int = 0  # the same Message-ID again: a reader's mail program shows it once
    broken_invariants: dict[str, Any] = field(default_factory=dict)

    @property
    def is_exact(self) -> bool:
        return (
            self.breaches == self.breaches_expected
            and self.notices == self.notices_expected
            and not self.breached_twice
            and not self.broken_invariants
        )


class Crew:
    """The processes of the product, each in a group of its own, killed and started again one at a time."""

    def __init__(self, database: str, place: Path) -> None:
        self.place = place
        self.environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "benchmarks.exactly_once_settings",
            "TRIAL_DATABASE": database,
            "TRIAL_MAIL": str(place / "mail"),
        }
        self.commands = {
            "worker": [*CELERY, "worker", "-c", "2", "-l", "warning", *QUIET],
            "beat": [*CELERY, "beat", "-l", "warning", "--pidfile=", "--schedule", str(place / "beat-1")],
            "second beat": [
                *CELERY,
                "beat",
                "-l",
                "warning",
                "--pidfile=",
                "--schedule",
                str(place / "beat-2"),
            ],
            "sweeper": [sys.executable, "manage.py", "sweeper", "--every", "0.7"],
        }
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str) -> None:
        with (self.place / f"{name.replace(' ', '-')}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                self.commands[name],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def kill(self, name: str) -> None:
        process = self.running.pop(name)
        os.killpg(process.pid, signal.SIGKILL)  # its children too
        process.wait()

    def start_all(self) -> None:
        for name in self.commands:
            self.start(name)

    def kill_all(self) -> None:
        for name in list(self.running):
            self.kill(name)


def trial(database: str, *, kills: int, clocks: int, seed: int = 7) -> Report:
    """Run on the database that Django is connected to, which must be empty of clocks; `database` is its name."""
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="exactly-once-") as place:
        crew = Crew(database, Path(place))
        began = time.monotonic()
        killed = Counter[str]()
        try:
            crew.start_all()
            _wait_for_a_sweep()
            handoffs = _hand_over(clocks, until=timedelta(seconds=2 + 2.5 * kills), chance=chance)
            calls = iter(handoffs[::10])
            for _ in range(kills):
                time.sleep(chance.uniform(0.2, 4.0))
                name = chance.choices(list(crew.commands), weights=[5, 1, 1, 3])[0]
                crew.kill(name)
                killed[name] += 1
                crew.start(name)
                _log_contacts(itertools.islice(calls, max(1, clocks // 20 // kills)), chance)
        finally:
            crew.kill_all()
        report = Report(kills=dict(killed), seconds=round(time.monotonic() - began, 1), clocks=clocks)
        _finish_and_count(report, Path(place) / "mail")
    return report


# Mechanics


def _wait_for_a_sweep(patience: float = 60) -> None:
    from sla.models import SweepRun

    end = time.monotonic() + patience
    while not SweepRun.objects.filter(finished_at__isnull=False).exists():
        if time.monotonic() > end:
            raise TimeoutError("Neither the worker nor the sweeper swept within a minute.")
        time.sleep(0.2)


def _hand_over(number: int, *, until: timedelta, chance: random.Random) -> list[Any]:
    """Half as many hand-offs, two clocks each, that become due at random moments from now on, in working hours without end."""
    from django.utils import timezone

    from handoff import rules
    from handoff.models import Handoff
    from leads.models import Contact, Lead, Stage, StageChange
    from sla import clocks
    from sla.models import Agreement, Clock, ClockEvent, Segment
    from smarketing.accounts.models import Team, User

    now = timezone.now()
    agreement = Agreement.objects.in_force()
    assert agreement is not None
    version, agreed = agreement.sales_calendar.current, rules.in_force(now)
    team = Team.objects.get(kind="SALES")
    reps: list[User | None] = [*User.objects.filter(team=team, role="MEMBER").order_by("id"), None]
    half = number // 2
    contacts = Contact.objects.bulk_create(
        Contact(first_name="Noor", email=f"n{i}@x.example") for i in range(half)
    )
    leads = Lead.objects.bulk_create(
        Lead(contact=contact, captured_at=now, sql_at=now, stage=Stage.SQL) for contact in contacts
    )
    StageChange.objects.bulk_create(
        StageChange(lead=lead, from_stage=old, to_stage=new, changed_at=now)
        for lead in leads
        for old, new in (("", Stage.NEW), (Stage.NEW, Stage.SQL))
    )
    sent_at = now - timedelta(hours=1)
    handoffs = Handoff.objects.bulk_create(
        Handoff(lead=lead, rules=agreed, sent_at=sent_at, receiving_team=team, receiver=chance.choice(reps))
        for lead in leads
    )
    chosen = clocks.measured_terms(agreement.terms.all(), hot=False)
    made: list[Clock] = []
    for handoff in handoffs:
        for measure, term in chosen:
            clock = clocks.planned_clock(
                handoff, measure, term, agreement=agreement, calendar_version=version
            )
            due = now + until * chance.random()
            clock.due_at, clock.warn_at = due, due - timedelta(seconds=3)
            clock.ladder_at, clock.next_check_at = [due + timedelta(seconds=3)], clock.warn_at
            made.append(clock)
    Clock.objects.bulk_create(made)
    Segment.objects.bulk_create(Segment(clock=c, holder=c.holder, from_at=c.started_at) for c in made)
    ClockEvent.objects.bulk_create(
        ClockEvent(clock=c, kind="STARTED", happened_at=c.started_at, detected_at=now) for c in made
    )
    return handoffs


def _log_contacts(handoffs: Any, chance: random.Random) -> None:
    """Colleagues call while all this happens; some log it late, although it occurred in time."""
    from django.utils import timezone

    from smarketing.accounts.models import User

    somebody = User.objects.filter(team__kind="SALES").order_by("id").first()
    for handoff in handoffs:
        now = timezone.now()
        occurred = now - timedelta(seconds=chance.choice([0, 0, 20, 60]))
        by = handoff.receiver or somebody
        handoff.log_contact("CALL", "SPOKE", occurred_at=occurred, by=by, at=now)


def _finish_and_count(report: Report, mail: Path) -> None:
    """One last sweep when everything is past due, and the mails; then the counting."""
    from django.db.models import Count, F, Q
    from django.utils import timezone

    from sla import mails
    from sla.models import Clock, ClockEvent, Notice, SweepRun
    from sla.sweeps import sweep
    from smarketing.invariants import violations

    end = timezone.now() + timedelta(hours=1)
    sweep(end)
    mails.deliver(end)
    late = Q(breached_at__isnull=False)
    # Whoever was flagged before a contact in time was logged keeps the flag, cleared.
    should = Q(state="RUNNING") | Q(stopped_at__gt=F("due_at")) | Q(cleared_at__isnull=False)
    report.contacts = Clock.objects.filter(state="STOPPED").count()
    report.sweeps = SweepRun.objects.count()
    report.sweeps_cut_off = SweepRun.objects.filter(finished_at=None).count()
    report.breaches_expected = Clock.objects.filter(should).count()
    report.breaches = ClockEvent.objects.filter(kind="BREACHED").count()
    assert Clock.objects.filter(late).count() == report.breaches
    per_clock = ClockEvent.objects.filter(kind="BREACHED").values("clock").annotate(n=Count("id"))
    report.breached_twice = per_clock.filter(n__gt=1).count()
    report.escalations = ClockEvent.objects.filter(kind="ESCALATED").count()
    report.warnings = ClockEvent.objects.filter(kind="WARNED").count()
    report.notices, report.notices_expected = Notice.objects.count(), _notices_expected()
    report.mails, report.mails_repeated = _mails(mail)
    report.broken_invariants = {
        f"{invariant.code} {invariant.says}": rows for invariant, rows in violations(end) if rows
    }


def _notices_expected() -> int:
    """One person by two channels for each event that a sweep found; in the product only where a person's own act found it;
    none for an escalation in the same sweep as a breach that was told to the team lead already, because nobody was there to hold it.
    """
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT sum(CASE WHEN e.kind = 'ESCALATED' AND EXISTS (
                                SELECT FROM sla_clockevent b JOIN sla_notice n ON n.event_id = b.id
                                JOIN accounts_user u ON u.id = n.recipient_id
                                WHERE b.clock_id = e.clock_id AND b.kind = 'BREACHED'
                                  AND b.detected_at = e.detected_at AND u.role = 'TEAM_LEAD') THEN 0
                            WHEN EXISTS (SELECT FROM sla_sweeprun r WHERE r.as_of = e.detected_at) THEN 2
                            ELSE 1 END)
            FROM sla_clockevent e
            WHERE e.kind IN ('WARNED', 'BREACHED', 'ESCALATED')
            """
        )
        return int(cursor.fetchone()[0] or 0)


def _mails(place: Path) -> tuple[int, int]:
    """How many were sent, and how many of those carry the Message-ID of another."""
    ids = [
        found
        for path in place.glob("*.log")
        for found in re.findall(r"^Message-ID: (\S+)", path.read_text(errors="replace"), re.MULTILINE)
    ]
    return len(ids), len(ids) - len(set(ids))


# By hand: engines and a database of its own


def company() -> None:
    """Two teams, three reps, a team lead, and an agreement that measures around the clock."""
    from django.utils import timezone

    from sla import promises
    from sla.models import Agreement, Calendar
    from smarketing.accounts.models import Role, Side, Team, User

    now = timezone.now()
    sales = Team.objects.create(name="Sales", kind=Side.SALES)
    for number in range(3):
        User.objects.create_user(f"rep{number}@x.example", first_name=f"Rep {number}", team=sales)
    User.objects.create_user("lead@x.example", first_name="Lead", team=sales, role=Role.TEAM_LEAD)
    signers = [User.objects.create_user(f"m{n}@x.example", role=Role.MANAGER) for n in range(2)]
    always = Calendar.open(
        "Always", zone="UTC", week={str(day): [["00:00", "24:00"]] for day in range(7)}, by=None, at=now
    )
    agreement = Agreement.draft_from(None, by=None, at=now, marketing_calendar=always, sales_calendar=always)
    promises.add_examples(agreement)
    agreement.propose(by=signers[0], at=now)
    for side, signer in zip(Side, signers, strict=True):
        agreement.sign(side, by=signer, at=now)


def main() -> int:
    parser = argparse.ArgumentParser(description="Kills what tells people, and counts what they were told.")
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--clocks", type=int, default=4_000)
    parser.add_argument("--seed", type=int, default=7)
    wishes = parser.parse_args()

    os.environ["SMARKETING_VAR"] = str(ROOT / "var" / "exactly-once")
    from smarketing.embedded.engines import Engines
    from smarketing.embedded.lock import EnginesLock

    lock = EnginesLock()
    lock.take("benchmarks.exactly_once")
    engines = Engines(durable=True)
    try:
        engines.start()
        with tempfile.TemporaryDirectory() as mail:
            os.environ |= {
                "DJANGO_SETTINGS_MODULE": "benchmarks.exactly_once_settings",
                "TRIAL_DATABASE": "exactly_once",
                "TRIAL_MAIL": mail,
            }
            report = _on_a_new_database("exactly_once", wishes)
    finally:
        engines.stop()
        lock.release()
    for name, value in asdict(report).items():
        print(f"{name.replace('_', ' '):<20} {value}")
    print("exact" if report.is_exact else "NOT EXACT")
    return 0 if report.is_exact else 1


def _on_a_new_database(name: str, wishes: argparse.Namespace) -> Report:
    import django

    django.setup()
    from django.core.management import call_command

    from benchmarks.database import _create_anew

    _create_anew()
    call_command("migrate", verbosity=0, interactive=False)
    company()
    return trial(name, kills=wishes.kills, clocks=wishes.clocks, seed=wishes.seed)


if __name__ == "__main__":
    sys.exit(main())
