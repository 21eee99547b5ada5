"""How long does looking back on a quarter take? `python -m benchmarks.what_if --handoffs 100000`

A crowd with exactly so many hand-offs in the last 13 weeks, each with two clocks (of one in twelve they stood still for two hours), is
judged once more under a text with two shorter targets and another hot rule. It says the seconds, the memory of the process, and checks the
counts against plain SQL.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

CROWD_PER_HANDOFF = 3.6  # leads in the crowd for each hand-off

# Hand-offs, what happened to them and their clocks move together; those that are too many move out of the quarter.
INTO_THE_QUARTER = """
CREATE TEMP TABLE moved AS
SELECT id, (%(from)s::timestamptz + random() * (%(to)s::timestamptz - %(from)s::timestamptz)) - sent_at AS by
FROM (SELECT id, sent_at, row_number() OVER (ORDER BY id) AS number FROM handoff_handoff) numbered WHERE number <= %(wanted)s;
INSERT INTO moved SELECT id, interval '-3 years' FROM handoff_handoff WHERE id NOT IN (SELECT id FROM moved);
UPDATE handoff_handoff h SET sent_at = sent_at + by, received_at = received_at + by, accepted_at = accepted_at + by, returned_at = returned_at + by,
       first_attempt_at = first_attempt_at + by, first_conversation_at = first_conversation_at + by, first_contact_at = first_contact_at + by,
       closed_at = closed_at + by FROM moved WHERE moved.id = h.id;
UPDATE sla_clock c SET started_at = started_at + by, due_at = due_at + by, stopped_at = stopped_at + by, breached_at = breached_at + by,
       next_check_at = NULL, warn_at = warn_at + by FROM moved WHERE moved.id = c.handoff_id;
"""
# One in twelve was asked about.
PAUSES = """
DELETE FROM sla_pause;
INSERT INTO sla_pause (clock_id, reason, from_at, to_at)
SELECT id, 'MARKETING_ANSWERS', started_at + interval '30 minutes', started_at + interval '150 minutes' FROM sla_clock WHERE handoff_id % 12 = 0;
"""
MISSED = """
SELECT count(*) FROM sla_clock c JOIN sla_term t ON t.id = c.term_id JOIN handoff_handoff h ON h.id = c.handoff_id
WHERE t.kind = 'ANSWER_HANDOFF' AND h.sent_at >= %(from)s AND h.sent_at < %(to)s AND (
    (c.state = 'RUNNING' AND c.due_at < %(as_of)s) OR (c.state = 'STOPPED' AND c.stopped_at > c.due_at)
    OR (c.state = 'CANCELLED' AND c.breached_at IS NOT NULL AND c.cleared_at IS NULL))
"""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.what_if", description=__doc__)
    parser.add_argument("--handoffs", type=int, default=100_000)
    parser.add_argument("--step", action="store_true", help=argparse.SUPPRESS)
    wishes = parser.parse_args()
    if wishes.step:
        return measure(wishes.handoffs)
    from smarketing.embedded.__main__ import with_engines

    os.environ |= {
        "BENCH_DATABASE": f"bench_what_if_{wishes.handoffs}",
        "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
    }
    command = [sys.executable, "-m", "benchmarks.what_if", "--step", "--handoffs", str(wishes.handoffs)]
    return with_engines("./run manage", command)


def measure(handoffs: int) -> int:
    import django

    django.setup()
    from django.urls import reverse

    from benchmarks import database
    from sla.models import Agreement, TermKind
    from sla.what_if import result, running
    from smarketing.accounts.models import User

    as_of = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)
    database.fill(int(handoffs * CROWD_PER_HANDOFF), as_of=as_of.isoformat())
    moments = _move(handoffs, as_of)
    by = User.objects.get(pk=1001)
    draft = Agreement.draft_from(Agreement.objects.in_force(), by=by, at=as_of)
    draft.terms.filter(kind=TermKind.ANSWER_HANDOFF).update(target_seconds=3_600)
    draft.terms.filter(kind=TermKind.FIRST_CONTACT_OTHER).update(target_seconds=7_200)
    Agreement.objects.filter(pk=draft.pk).update(hot_rule={"fact": "country", "op": "equals", "value": "NL"})
    draft = Agreement.objects.get(pk=draft.pk)

    started = time.perf_counter()
    asked = running.ask(draft, by=by, at=as_of)
    accepted = time.perf_counter() - started
    started, worked = time.perf_counter(), _worked()
    running.advance(asked.pk, at=as_of)
    seconds, worked = time.perf_counter() - started, _worked() - worked
    asked.refresh_from_db()
    reverse("sla:agreement")  # the first one reads all addresses
    started = time.perf_counter()
    rows = {row.key: row for row in result.rows(asked)}
    read = time.perf_counter() - started

    answer = rows["answer_handoff"]
    counted = answer.then.misses.count if answer.then.misses else 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{asked.done:,} hand-offs, {asked.cases.count():,} cases listed")
    print(
        f"asked in {accepted:.2f} s, worked out in {seconds:.1f} s ({asked.done / seconds:,.0f} a second; {worked:.1f} s of processor), read in {read * 1000:.0f} ms, {peak} MB"
    )
    print(f"missed answers as they were: {counted:,} counted, {moments:,} by SQL")
    return 0 if counted == moments and asked.done == handoffs else 1


def _worked() -> float:
    """Processor time of this process and of the one in the database that serves it: what is left when others take none."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        told = Path(f"/proc/{cursor.fetchone()[0]}/stat").read_text().rpartition(")")[2].split()
    return time.process_time() + (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


def _move(handoffs: int, as_of: datetime) -> int:
    """So many hand-offs lie in the quarter; how many answers to them were missed."""
    from django.db import connection
    from django.utils import timezone

    today = timezone.localdate(as_of)
    zone = timezone.get_default_timezone()
    start, end = (
        datetime.combine(day, datetime.min.time(), tzinfo=zone)
        for day in (today - timedelta(weeks=13), today)
    )
    words = {"from": start, "to": end, "wanted": handoffs, "as_of": as_of}
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM sla_whatifcase; DELETE FROM sla_whatif")
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(INTO_THE_QUARTER, words)
        cursor.execute(PAUSES)
        cursor.execute("SET session_replication_role = origin")
        cursor.execute(
            "DELETE FROM sla_term WHERE agreement_id IN (SELECT id FROM sla_agreement WHERE state = 'DRAFT')"
        )
        cursor.execute("DELETE FROM sla_agreement WHERE state = 'DRAFT'")
        cursor.execute("VACUUM ANALYZE")
        cursor.execute(MISSED, words)
        return cursor.fetchone()[0]


if __name__ == "__main__":
    sys.exit(main())
