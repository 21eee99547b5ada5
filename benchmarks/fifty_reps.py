"""`python -m benchmarks.fifty_reps [--reps 50] [--leads 500]`: fifty reps take from one pool and work one queue at once, over HTTP.

Half of the leads wait in the pool: each rep reads its page and accepts from the top, as everybody does, until it is empty. The other
half stand in the queue of one person who went home: all of them log the same calls on it as team leads. Afterwards every lead
has exactly one rep, every accepted lead was answered to exactly one click, nothing that was answered with "done" is missing,
and every invariant holds. The server is the product's own, two processes with four threads each, on the loopback.
"""

from __future__ import annotations

import argparse
import http.client
import os
import random
import re
import sys
import threading
import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parents[1]
ACCEPT = re.compile(r'hx-post="(/queue/(\d+)/accept/)"')
TOKEN = re.compile(r'"X-CSRFToken": "([^"]+)"')


@dataclass
class Report:
    reps: int
    leads_in_pool: int
    accepted: int = 0
    told_who_was_first: int = 0
    claims_per_second: float = 0
    clicks_per_second: float = 0  # with those that came too late
    twice: int = 0  # clicks that were both told "you have it" for one lead
    lost: int = 0  # leads of the pool that nobody has
    not_as_told: int = 0  # leads whose rep in the database is another than the one who was told
    leads_in_queue: int = 0
    calls_told_logged: int = 0
    calls_in_the_database: int = 0
    calls_per_second: float = 0
    other_answers: dict[str, int] = field(default_factory=dict)
    broken_invariants: dict[str, Any] = field(default_factory=dict)

    @property
    def is_right(self) -> bool:
        counts = (
            self.twice,
            self.lost,
            self.not_as_told,
            self.calls_told_logged - self.calls_in_the_database,
        )
        return not any(counts) and not self.other_answers and not self.broken_invariants


class Rep:
    """One signed-in person with one connection, as a browser keeps it."""

    def __init__(self, port: int, person: Any) -> None:
        from django.conf import settings
        from django.test import Client

        signed_in = Client()
        signed_in.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        session = signed_in.cookies[settings.SESSION_COOKIE_NAME].value
        self.person, self.token = person, ""
        self.chance = random.Random(person.pk)
        self.cookies = {settings.SESSION_COOKIE_NAME: session}
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.accepted: list[int] = []
        self.late: int = 0
        self.logged = 0
        self.other = Counter[str]()

    def read(self, address: str) -> str:
        status, body = self._ask("GET", address)
        if status != 200:
            self.other[f"GET {status}"] += 1
        if found := TOKEN.search(body):
            self.token = found[1]
        return body

    def press(self, address: str, **fields: str) -> int:
        status, _ = self._ask("POST", address, urlencode({**fields, "csrfmiddlewaretoken": self.token}))
        return status

    def empty_the_pool(self, gate: threading.Barrier) -> None:
        gate.wait()
        while found := ACCEPT.findall(self.read("/queue/?view=pool")):
            top = found[:10]  # everybody begins near the top, nobody waits for his turn
            for address, lead in self.chance.sample(top, min(5, len(top))):
                status = self.press(address)
                if status == 200:
                    self.accepted.append(int(lead))
                elif status == 409:
                    self.late += 1
                else:
                    self.other[f"POST {status}"] += 1

    def log_calls(self, gate: threading.Barrier, leads: list[int]) -> None:
        self.connection.close()  # the server has hung up meanwhile; a browser would connect again, and so does this
        self.read("/queue/")
        gate.wait()
        for lead in leads:
            status = self.press(f"/queue/{lead}/contact/", channel="CALL", result="NO_ANSWER")
            self.logged += status == 200
            if status != 200:
                self.other[f"log {status}"] += 1

    def _ask(self, method: str, address: str, body: str | None = None) -> tuple[int, str]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers |= {"HX-Request": "true", "Content-Type": "application/x-www-form-urlencoded"}
        self.connection.request(method, address, body, headers)
        answer = self.connection.getresponse()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        return answer.status, answer.read().decode(errors="replace")


def trial(port: int, *, reps: int, leads: int, seconds: float = 300) -> Report:
    """On the database that Django is connected to and that the server on this port serves."""
    from handoff.models import ContactAttempt, Handoff
    from smarketing.invariants import violations

    people, gone = _people(reps)
    pool, queue = _leads(leads // 2, None), _leads(leads // 2, gone)
    crowd = [Rep(port, person) for person in people]
    report = Report(reps, len(pool), leads_in_queue=len(queue))

    took = _all_at_once([(rep.empty_the_pool, ()) for rep in crowd], seconds)
    told = Counter(lead for rep in crowd for lead in rep.accepted)
    report.accepted, report.told_who_was_first = sum(told.values()), sum(rep.late for rep in crowd)
    report.claims_per_second = round(report.accepted / took, 1)
    report.clicks_per_second = round((report.accepted + report.told_who_was_first) / took, 1)
    report.twice = sum(number > 1 for number in told.values())
    holders = dict(Handoff.objects.filter(lead__in=pool).values_list("lead", "receiver"))
    report.lost = sum(holders[lead] is None for lead in pool)
    report.not_as_told = sum(holders[lead] != rep.person.pk for rep in crowd for lead in rep.accepted)

    some = max(1, len(queue) // 10)
    took = _all_at_once(
        [(rep.log_calls, (queue[number % 10 :: 10][:some],)) for number, rep in enumerate(crowd)], seconds
    )
    report.calls_told_logged = sum(rep.logged for rep in crowd)
    report.calls_in_the_database = ContactAttempt.objects.filter(handoff__lead__in=queue).count()
    report.calls_per_second = round(report.calls_told_logged / took, 1)

    report.other_answers = dict(sum((rep.other for rep in crowd), Counter[str]()))
    report.broken_invariants = {
        f"{invariant.code} {invariant.says}": rows for invariant, rows in violations(_now()) if rows
    }
    return report


# Mechanics


def _all_at_once(errands: list[tuple[Any, tuple[Any, ...]]], seconds: float) -> float:
    """Everybody waits for everybody before the first click. Returns the seconds it took; raises when somebody hangs."""
    from django.db import connections

    gate = threading.Barrier(len(errands) + 1)
    threads = [threading.Thread(target=errand, args=(gate, *more), daemon=True) for errand, more in errands]
    connections.close_all()
    for thread in threads:
        thread.start()
    gate.wait(60)
    began = time.monotonic()
    for thread in threads:
        thread.join(max(0, seconds - (time.monotonic() - began)))
        if thread.is_alive():
            raise TimeoutError(f"Somebody did not finish within {seconds:.0f} s.")
    return time.monotonic() - began


def _people(reps: int) -> tuple[list[Any], Any]:
    from smarketing.accounts.models import Role, Team, User

    team = Team.objects.get(kind="SALES")
    people = [
        User.objects.create(
            email=f"taker{n}@x.example", first_name=f"Taker {n}", team=team, role=Role.TEAM_LEAD
        )
        for n in range(reps)
    ]
    return people, User.objects.create(email="gone@x.example", first_name="Gone", team=team)


def _leads(number: int, receiver: Any) -> list[int]:
    """Handed over an hour ago by the product's own verb: with clocks, events and all."""
    from handoff.models import Handoff
    from handoff.rules import in_force
    from leads.models import Contact, Lead, Stage, StageChange

    at = _now() - timedelta(minutes=1)
    brief = {item["key"]: "Asked for a price" for item in in_force(at).brief_items}
    made = []
    for _ in range(number):
        lead = Lead.objects.create(
            contact=Contact.objects.create(first_name="Noor"), captured_at=at, sql_at=at, stage=Stage.SQL
        )
        for old, new in (("", Stage.NEW), (Stage.NEW, Stage.SQL)):
            StageChange.objects.create(lead=lead, from_stage=old, to_stage=new, changed_at=at)
        Handoff.send(lead, brief=brief, to=receiver or "pool", by=None, at=at)
        made.append(lead.pk)
    return made


def _now() -> Any:
    from django.utils import timezone

    return timezone.now()


# By hand: engines and a database of its own


def main() -> int:
    parser = argparse.ArgumentParser(description="Fifty reps at one pool and one queue, over HTTP.")
    parser.add_argument("--reps", type=int, default=50)
    parser.add_argument("--leads", type=int, default=500)
    parser.add_argument("--seconds", type=float, default=300, help="give up after so long")
    wishes = parser.parse_args()

    os.environ["SMARKETING_VAR"] = str(ROOT / "var" / "fifty-reps")
    from smarketing.embedded.engines import Engines
    from smarketing.embedded.lock import EnginesLock

    lock = EnginesLock()
    lock.take("benchmarks.fifty_reps")
    engines = Engines(durable=True)
    try:
        engines.start()
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "benchmarks.fifty_reps_settings",
            "TRIAL_DATABASE": "fifty_reps",
        }
        report = _on_a_new_database(wishes)
    finally:
        engines.stop()
        lock.release()
    for name, value in asdict(report).items():
        print(f"{name.replace('_', ' '):<24} {value}")
    print("right" if report.is_right else "NOT RIGHT")
    return 0 if report.is_right else 1


def _on_a_new_database(wishes: argparse.Namespace) -> Report:
    import django

    django.setup()
    from django.core.management import call_command

    from benchmarks.database import _create_anew
    from benchmarks.exactly_once import company
    from benchmarks.server import serving

    _create_anew()
    call_command("migrate", verbosity=0, interactive=False)
    company()
    with serving("benchmarks.fifty_reps_settings") as port:
        return trial(port, reps=wishes.reps, leads=wishes.leads, seconds=wishes.seconds)


if __name__ == "__main__":
    sys.exit(main())
