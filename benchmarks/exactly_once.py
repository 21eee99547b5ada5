"""Does every broken promise lead to exactly one breach, told exactly once, whatever is killed?

`python -m benchmarks.exactly_once --kills 300 --clocks 6000`: a real Celery worker, two beats, four sweepers and a web process run while
clocks become due and colleagues hand over and log contacts, by the verbs and over HTTP. Again and again one of them, PostgreSQL or Redis
is killed with -9 at a random moment and started anew; now and then Redis is emptied, or worker and beat are led to a Redis that says
nothing. Afterwards the rows are counted, every invariant is asked, and a plain model that was told of the same acts must agree.
`--kills 12 --clocks 400` is a trial of a minute or two.
"""

from __future__ import annotations

import argparse
import itertools
import os
import random
import re
import signal
import socket
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from benchmarks.silent_redis import silence
from benchmarks.under_fire import Model, contact, contact_by_web, hand_over, steadily
from smarketing.embedded.children import Child

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
    handed_over: int = 0
    by_web: int = 0
    flushes: int = 0
    silences: int = 0
    other_than_the_model: list[Any] = field(default_factory=list)
    upper_bound: str = ""  # of the share of wrong clocks, 95 %, when none was seen: 3/n
    broken_invariants: dict[str, Any] = field(default_factory=dict)

    @property
    def is_exact(self) -> bool:
        return (
            self.breaches == self.breaches_expected
            and self.notices == self.notices_expected
            and not self.breached_twice
            and not self.broken_invariants
            and not self.other_than_the_model
        )


class Crew:
    """The processes of the product, each in a session of its own, killed and started again one at a time."""

    def __init__(
        self, database: str, place: Path, *, every: float = 0.7, port: int | None = None, sweepers: int = 1
    ) -> None:
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
            "sweeper": [sys.executable, "manage.py", "sweeper", "--every", str(every)],
        }
        for number in range(2, sweepers + 1):
            self.commands[f"sweeper {number}"] = self.commands["sweeper"]
        if port:
            web = ["-m", "gunicorn", "smarketing.wsgi", "--bind", f"127.0.0.1:{port}", "--threads", "4"]
            self.commands["web"] = [sys.executable, *web, "--no-control-socket", "--log-level", "error"]
        self.running: dict[str, Child] = {}

    def start(self, name: str, **environment: str) -> None:
        child = Child(
            name,
            self.commands[name],
            log=self.place / f"{name.replace(' ', '-')}.log",
            env=self.environment | environment,
            cwd=ROOT,
            death_signal=signal.SIGKILL,  # a run that is cut off leaves nobody at work in the next one's database
        )
        child.start()
        self.running[name] = child

    def kill(self, name: str) -> None:
        self.running.pop(name).kill()

    def start_all(self) -> None:
        for name in self.commands:
            self.start(name)

    def kill_all(self) -> None:
        for name in list(self.running):
            self.kill(name)


WEIGHTS = {"worker": 5, "beat": 1, "second beat": 1, "web": 3, "PostgreSQL": 2, "Redis": 2}  # the others: 2


def trial(database: str, *, kills: int, clocks: int, seed: int = 7, engines: Any = None) -> Report:
    """Run on the database that Django is connected to, which must be empty of clocks; `database` is its name.

    With `engines`, which must be ours, they are killed too, and there is a web process.
    """
    from django.db import connection

    chance, model = random.Random(seed), Model()
    with tempfile.TemporaryDirectory(prefix="exactly-once-") as place:
        port = _free_port() if engines else None
        crew = Crew(database, Path(place), port=port, sweepers=4)
        began = time.monotonic()
        killed, report = Counter[str](), Report(kills={}, seconds=0, clocks=clocks)
        try:
            crew.start_all()
            _wait_for_a_sweep()
            handoffs = _hand_over(clocks, until=timedelta(seconds=2 + 2.5 * kills), chance=chance)
            model.contacts = {handoff.pk: [] for handoff in handoffs}
            calls, leads = iter(handoffs[::5]), iter(_sales_ready(kills))
            for number in range(kills):
                time.sleep(chance.uniform(0.2, 3.0))
                targets = [*crew.commands, *(["PostgreSQL", "Redis"] if engines else [])]
                name = chance.choices(targets, weights=[WEIGHTS.get(target, 2) for target in targets])[0]
                acts = threading.Thread(
                    target=_act,
                    args=(model, report, calls, leads, chance, port, max(1, clocks // 20 // kills)),
                )
                acts.start()
                _kill(name, crew, engines, chance)
                killed[name] += 1
                if engines and number % 10 == 5:
                    _empty_redis()
                    report.flushes += 1
                if engines and number % 20 == 9:
                    _lead_into_silence(crew, chance)
                    report.silences += 1
                acts.join()
        finally:
            crew.kill_all()
        report.kills, report.seconds = dict(killed), round(time.monotonic() - began, 1)
        report.handed_over = len(model.sent)
        if engines:
            connection.close()  # the one that was open when PostgreSQL was killed
        _finish_and_count(report, Path(place) / "mail")
        report.other_than_the_model = model.differs()[:20]
        report.upper_bound = f"{3 / clocks:.5f} (3/{clocks})"
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


def _sales_ready(number: int) -> list[Any]:
    from django.utils import timezone

    from leads.models import Contact, Lead, Stage, StageChange

    now, made = timezone.now(), []
    for index in range(number):
        contact = Contact.objects.create(first_name="Noor", email=f"sent{index}@x.example")
        lead = Lead.objects.create(contact=contact, captured_at=now, sql_at=now, stage=Stage.SQL)
        for old, new in (("", Stage.NEW), (Stage.NEW, Stage.SQL)):
            StageChange.objects.create(lead=lead, from_stage=old, to_stage=new, changed_at=now)
        made.append(lead)
    return made


def _act(
    model: Model, report: Report, calls: Any, leads: Any, chance: random.Random, port: int | None, many: int
) -> None:
    """Colleagues work while something dies; some log late what occurred in time. Contacts go by the verb and over HTTP in turn."""
    from django.db import connection
    from django.utils import timezone

    from smarketing.accounts.models import Team, User
    from smarketing.api.models import ApiToken

    found: dict[str, Any] = {}

    def look_up() -> None:
        found["team"] = Team.objects.get(kind="SALES")
        found["somebody"] = User.objects.filter(team__kind="SALES").order_by("id").first()
        found["manager"] = User.objects.filter(role="MANAGER").order_by("id").first()
        if port:
            found["token"] = ApiToken.objects.create(user=found["manager"], name="trial")[1]

    try:
        steadily(look_up, lambda: False)
        for number, handoff in enumerate(itertools.islice(calls, many)):
            now = timezone.now()
            occurred = now - timedelta(seconds=chance.choice([0, 0, 20, 60]))
            if port and (number + len(model.sent)) % 2:
                contact_by_web(model, handoff, occurred_at=occurred, port=port, token=found["token"])
                report.by_web += 1
            else:
                contact(
                    model, handoff, occurred_at=occurred, by=handoff.receiver or found["somebody"], at=now
                )
        for lead in itertools.islice(leads, 1):
            hand_over(
                model, lead, to=found["somebody"], team=found["team"], by=found["manager"], at=timezone.now()
            )
    finally:
        connection.close()


def _kill(name: str, crew: Crew, engines: Any, chance: random.Random) -> None:
    """Dead at once and with its children; back after a moment."""
    if name in crew.commands:
        crew.kill(name)
        time.sleep(chance.uniform(0, 0.5))
        crew.start(name)
        return
    engine = next(each for each in engines.running if each.child.name == name)
    engine.child.sweep()  # SIGKILL to all of its session
    engine.child.process.wait()
    time.sleep(chance.uniform(0, 0.5))
    for patience in range(20):  # the last of its children may still hold its memory
        try:
            return engine.start()
        except Exception:
            if patience == 19:
                raise
            time.sleep(0.5)


def _empty_redis() -> None:
    from django.conf import settings
    from redis import Redis

    with Redis.from_url(settings.CACHES["default"]["LOCATION"], socket_timeout=5) as redis:
        redis.flushall()


def _lead_into_silence(crew: Crew, chance: random.Random) -> None:
    """Worker and beat speak to a Redis that accepts and says nothing; the sweepers need none."""
    with silence() as address:
        for name in ("worker", "beat"):
            crew.kill(name)
            crew.start(name, REDIS_URL=address)
        time.sleep(chance.uniform(2, 5))
        for name in ("worker", "beat"):
            crew.kill(name)
    for name in ("worker", "beat"):
        crew.start(name)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


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
    should = Q(state="RUNNING", due_at__lt=end) | Q(stopped_at__gt=F("due_at")) | Q(cleared_at__isnull=False)
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
    report.notices = Notice.objects.exclude(event=None).count()
    report.notices_expected = _notices_expected()
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
            report = _on_a_new_database("exactly_once", wishes, engines)
    finally:
        engines.stop()
        lock.release()
    for name, value in asdict(report).items():
        print(f"{name.replace('_', ' '):<20} {value}")
    print("exact" if report.is_exact else "NOT EXACT")
    return 0 if report.is_exact else 1


def _on_a_new_database(name: str, wishes: argparse.Namespace, engines: Any) -> Report:
    import django

    django.setup()
    from django.core.management import call_command

    from benchmarks.database import _create_anew

    _create_anew()
    call_command("migrate", verbosity=0, interactive=False)
    company()
    return trial(name, kills=wishes.kills, clocks=wishes.clocks, seed=wishes.seed, engines=engines)


if __name__ == "__main__":
    sys.exit(main())
