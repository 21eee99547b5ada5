"""What is measured, and how it is printed: p50 and p95 in milliseconds, the ratio to the floor of the same minute, queries, kilobytes."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import count

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection

from benchmarks import full_queue, imports, sweeping
from benchmarks.measuring import Timings, Visitor, measure
from benchmarks.server import serving
from leads.models import Lead
from smarketing.accounts.models import User
from smarketing.api.models import ApiToken

# name, target as a multiple of the floor
PAGES = {
    "queue": 2.5, "lead list filtered": 2.5, "search common": 2.5, "search rare": 2.5, "search absent": 2.5, "lead page": 2.5, "qualify list": 2.5,
    "qualify page": 2.5, "hand-offs": 2.5, "dashboard": 3.0, "dashboard last 12 months": 3.0, "funnel by cohort": 3.0, "funnel by activity": 3.0,
}  # fmt: skip
FULL_QUEUE, SOON_ENOUGH = (
    "queue of 500 open leads",
    150,
)  # milliseconds, for 95 of 100 requests, whatever the floor
HTML_FLOOR, JSON_FLOOR = "/bench/floor/", "/bench/floor.json"


def run(leads: int, *, rounds: int, only: list[str], as_of: str) -> None:
    print(f"{'':28}{'p50 ms':>9}{'p95 ms':>9}{'floor':>8}{'ratio':>8}{'target':>8}{'queries':>9}{'kB':>7}")
    paths = _paths(datetime.fromisoformat(as_of).date())
    names = [*PAGES, FULL_QUEUE, "create by API"]
    wanted = [name for name in names if not only or any(word in name for word in only)]
    with serving() as port:
        for name in wanted:
            _measure_one(name, port, paths, rounds)
    for name, act in (("sweep", sweeping.run), ("import", imports.run)):
        if not only or any(word in name for word in only):
            act(leads)


def _measure_one(name: str, port: int, paths: dict[str, list[str]], rounds: int) -> None:
    if name == "create by API":
        _report(*_measure_creating(port, rounds), target=2.0)
        return
    if name == FULL_QUEUE:
        _measure_full_queue(port, rounds)
        return
    is_api = paths[name][0].startswith("/api/")
    person = "rep1@bench.example" if name in ("queue", "hand-offs") else "manager@bench.example"
    visitor = Visitor(port, _token(person) if is_api else _session(person))
    _report(
        *measure(visitor, name, paths[name], rounds=rounds, floor=JSON_FLOOR if is_api else HTML_FLOOR),
        target=PAGES[name],
    )


def _measure_full_queue(port: int, rounds: int) -> None:
    given = full_queue.give()
    visitor = Visitor(port, _session(full_queue.REP))
    asked, floor = measure(
        visitor, f"queue of {given} open leads", ["/queue/"], rounds=rounds, floor=HTML_FLOOR
    )
    _report(asked, floor, target=PAGES["queue"])
    verdict = "kept" if asked.p95 <= SOON_ENOUGH else "missed"
    print(f"{'':28}p95 of at most {SOON_ENOUGH} ms: {verdict}", flush=True)


def _report(asked: Timings, floor: Timings, *, target: float) -> None:
    ratio = asked.p50 / floor.p50
    verdict = "" if ratio <= target else "  missed"
    print(
        f"{asked.name:28}{asked.p50:9.1f}{asked.p95:9.1f}{floor.p50:8.1f}{ratio:8.2f}{target:8.1f}{asked.queries:9}{asked.kilobytes:7.0f}{verdict}",
        flush=True,
    )


def _paths(today: date) -> dict[str, list[str]]:
    some = list(Lead.objects.filter(stage="CONTACTED").values_list("pk", flat=True)[:20])
    waiting = list(
        Lead.objects.filter(stage="MQL").order_by("-captured_at").values_list("pk", flat=True)[:20]
    )
    year_ago, month = today - timedelta(days=365), today.replace(day=1)
    return {
        "queue": ["/queue/"],
        "lead list filtered": ["/leads/?stage=MQL&source=webinar", "/leads/?stage=CUSTOMER", f"/leads/?captured_from={year_ago}", "/leads/?source=events"],
        "search common": ["/leads/?q=jan", "/leads/?q=noor+benali", "/leads/?q=silva+logistics"],
        "search rare": ["/leads/?q=person777@company", "/leads/?q=smit+optics+77"],
        "search absent": ["/leads/?q=zzyzx", "/leads/?q=noor+zzyzx"],
        "lead page": [f"/leads/{pk}/" for pk in some],
        "qualify list": ["/qualify/"],
        "qualify page": [f"/qualify/{pk}/" for pk in waiting],
        "hand-offs": ["/handoffs/"],
        "dashboard": ["/dashboard/"],
        "dashboard last 12 months": ["/dashboard/?period=last_12_months"],
        "funnel by cohort": [f"/api/v1/dashboard/funnel/?by=cohort&from={month}&group=source", f"/api/v1/dashboard/funnel/?by=cohort&from={year_ago}&group=source"],
        "funnel by activity": [f"/api/v1/dashboard/funnel/?by=activity&from={year_ago}&group=source"],
    }  # fmt: skip


def _measure_creating(port: int, rounds: int) -> tuple[Timings, Timings]:
    """New people all the time, with and without the commit: the floor is trivial JSON plus the commit of one row."""
    visitor, number = Visitor(port, _token("marketer61@bench.example")), count(int(time.time() * 1000))
    asked, floor = Timings("create by API"), Timings("floor")
    commit = _time_of(_commit_one_row)
    for turn in range(rounds + 5):
        ground, _, _ = visitor.ask(JSON_FLOOR)
        milliseconds, answer, text = visitor.ask(
            "/api/v1/leads/",
            method="POST",
            body=_new_person(next(number)),
            headers={"Content-Type": "application/json"},
        )
        if answer.status != 201:
            raise SystemExit(f"create answered {answer.status}: {text[:300]!r}")
        if turn >= 5:
            asked.milliseconds.append(milliseconds)
            floor.milliseconds.append(ground + commit / 2)  # so that twice the floor is 2 x JSON + one commit
            asked.queries, asked.kilobytes = int(answer.headers.get("X-Queries", 0)), len(text) / 1000
    return asked, floor


def _new_person(number: int) -> str:
    contact = {"first_name": "Noor", "last_name": "de Wit", "email": f"noor{number}@new.example"}
    body = {
        "source": "webinar",
        "message": "What does it cost?",
        "contact": contact,
        "facts": {"vehicles": 60, "requested": ["price"]},
    }
    return json.dumps(
        body
        | {
            "company": {
                "name": f"New {number}",
                "domain": f"new{number}.example",
                "size": 80,
                "country": "NL",
            }
        }
    )


def _commit_one_row() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS bench_commit (n int)")
        cursor.execute("INSERT INTO bench_commit VALUES (1)")


def _time_of(act: Callable[[], None], times: int = 30) -> float:
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        act()
        taken.append((time.perf_counter() - started) * 1000)
    return sorted(taken)[times // 2]


def _session(email: str) -> dict[str, str]:
    person = User.objects.get(email=email)
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    return {"Cookie": f"sessionid={session.session_key}"}


def _token(email: str) -> dict[str, str]:
    return {
        "Authorization": f"Token {ApiToken.objects.create(user=User.objects.get(email=email), name='bench')[1]}"
    }
