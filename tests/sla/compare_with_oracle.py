"""Compare `sla.business_time` and `sla.planning` with the oracle on many random cases, and print how it goes.

python -m tests.sla.compare_with_oracle --cases 220000 [--seed 1] [--processes 2] [--kept FILE]

With `--kept` each finished part is a line in that file, and the same command goes on where it was ended.
A case: one target under one calendar, with its pauses, passed on to somebody, and counted anew under other hours and
another target. Each part draws from its own seed, so the cases are the same in whatever order and number of processes.
"""

import argparse
import json
import random
import sys
from collections import Counter
from datetime import timedelta
from functools import partial
from math import lcm
from multiprocessing import Pool
from pathlib import Path
from time import perf_counter

from sla.business_time import BusinessCalendar, NoOpenTime
from sla.planning import plan
from tests.sla.business_time_oracle import WallClockOracle
from tests.sla.clock_changes import DAY, FIRST, LAST, SECOND, ZONES, changes_of, step_for

CASES_PER_CALENDAR = 100
CALENDARS_PER_PART = 10
CASES_PER_PART = CASES_PER_CALENDAR * CALENDARS_PER_PART


def main():
    given = options()
    parts = range(-(-given.cases // CASES_PER_PART))
    counts, began = Counter(), perf_counter()
    kept = read_kept(given.kept, given.seed)
    for part in parts:
        counts.update(kept.get(part, {}))
    left = [part for part in parts if part not in kept]
    with Pool(given.processes) as workers:
        for part, found in workers.imap_unordered(partial(compare_part, given.seed), left):
            counts.update(found)
            keep(given.kept, given.seed, part, found)
            print(
                f"{perf_counter() - began:7.0f} s {counts['cases']:>9,} cases, {counts['answers compared']:>11,} answers, "
                f"{counts['DIFFERENCES']} differences",
                flush=True,
            )
    print(f"seed {given.seed}, {len(parts) - len(left)} parts from before, {perf_counter() - began:.0f} s")
    counts["DIFFERENCES"] += 0
    for name, count in sorted(counts.items()):
        print(f"{count:>12,} {name}")
    return 1 if counts["DIFFERENCES"] else 0


def options():
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--cases", type=int, default=20_000)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--processes", type=int, default=2)
    asked.add_argument("--kept", type=Path)
    return asked.parse_args()


def read_kept(file, seed):
    """The counts of each part that was finished before. One whose line was cut off is done again."""
    kept = {}
    for line in file.read_text().splitlines() if file and file.exists() else []:
        try:
            row = json.loads(line)
        except ValueError:
            continue
        if row["seed"] == seed:
            kept[row["part"]] = row["counts"]
    return kept


def keep(file, seed, part, found):
    if file:
        with file.open("a") as lines:
            # First a new line: the one before may have been cut off.
            lines.write("\n" + json.dumps({"seed": seed, "part": part, "counts": found}))


def compare_part(seed, part):
    chance, counts = random.Random(f"{seed}/{part}"), Counter()
    for _ in range(CALENDARS_PER_PART):
        compare_calendar(chance, counts)
    return part, counts


def compare_calendar(chance, counts):
    zone, begin = random_place(chance)
    end = begin + timedelta(days=chance.choice([6, 10, 20]))
    hours, revised = ({"zone": zone, **random_hours(chance, begin, end)} for _ in range(2))
    step = min(step_for(begin=begin, end=end, **each) for each in (hours, revised))
    if step < 60:
        end = begin + timedelta(days=3)
    now, then = (Both(each, begin, end) for each in (hours, revised))
    counts["calendars"] += 2
    counts["calendars with a clock change"] += 2 * any(begin <= change < end for change in changes_of(zone))
    counts["calendars with a shift over midnight"] += sum(
        any(closing <= opening for day in each["week"].values() for opening, closing in day)
        for each in (hours, revised)
    )
    counts[f"pairs watched every {step} s" if step >= 60 else "pairs watched every 1 to 30 s"] += 1
    for _ in range(CASES_PER_CALENDAR):
        case = random_case(chance, begin, end, lcm(now.step, then.step))
        counts["cases"] += 1
        counts["cases with pauses"] += bool(case["pauses"])
        counts["cases with a target of 0"] += not case["seconds"]
        counts["cases with a fraction of a second"] += bool(case["start"].microsecond)
        for question, ours, theirs in answers(now, then, end=end, counts=counts, **case):
            counts["answers compared"] += 1
            if ours != theirs:
                counts["DIFFERENCES"] += 1
                print(
                    f"{question}: {ours} is not {theirs}\n  {hours}\n  {revised}\n  {case}", file=sys.stderr
                )


class Both:
    """One set of hours, as the engine and as the oracle read it."""

    def __init__(self, hours, begin, end):
        self.step = step_for(begin=begin, end=end, **hours)
        self.oracle = WallClockOracle(**hours, begin=begin, end=end, step=self.step)
        self.calendar = BusinessCalendar(**hours)


def answers(now, then, *, start, seconds, until, pauses, passed_on, revised_seconds, late_by, end, counts):
    """Each question with our answer and the oracle's. A due moment beyond the watched stretch only has to be there."""
    calendar, oracle = now.calendar, now.oracle
    for question, held in [("due", ()), ("due with pauses", pauses)]:
        expected = within(oracle.due(start, seconds, held), end)
        try:
            due = (
                calendar.due_with_pauses(start, seconds, held) if held else calendar.due_after(start, seconds)
            )
        except NoOpenTime:
            counts["answers: no open time"] += 1
            yield question, None, expected
            continue
        counts["answers beyond the stretch"] += due >= end
        yield question, within(due, end), expected
        if due < end:
            elapsed = calendar.elapsed_with_pauses(start, due, held)
            yield f"elapsed until {question}", elapsed, oracle.elapsed(start, due, held)
            yield f"target until {question}", elapsed, seconds
            for moment in (passed_on, due - SECOND, due):
                yield (
                    f"left when passed on, until {question}",
                    calendar.elapsed_with_pauses(moment, due, held),
                    oracle.elapsed(moment, due, held),
                )
    if pauses and seconds and not start.microsecond:
        yield "due, one pause after the other", step_by_step(calendar, start, seconds, pauses, end), expected
    yield from counted_anew(then, start, revised_seconds, pauses, late_by, end)
    yield "elapsed", calendar.elapsed_between(start, until), oracle.elapsed(start, until)
    yield (
        "elapsed with pauses",
        calendar.elapsed_with_pauses(start, until, pauses),
        oracle.elapsed(start, until, pauses),
    )
    yield "intervals", list(calendar.open_intervals(start, until)), oracle.intervals(start, until)
    yield "open", calendar.is_open(start), oracle.is_open(start)


def step_by_step(calendar, start, seconds, pauses, end):
    """As people live it: each pause keeps what is left, and the target goes on from its end."""
    try:
        due = calendar.due_after(start, seconds)
        resumed = start
        for paused, ended in sorted(pauses):
            paused, before = max(paused, resumed), resumed
            resumed = max(resumed, ended)
            if paused < due and paused < ended and resumed > before:
                due = calendar.due_after(resumed, calendar.elapsed_between(paused, due))
    except NoOpenTime:
        return None
    return within(due, end)


def counted_anew(then, start, seconds, pauses, late_by, end):
    """Recompute: the same start and pauses under other hours and another target; with its warning and a rung of the ladder."""
    warn = seconds // 4
    planned = plan(then.calendar, start, seconds, [warn], [late_by], pauses)
    moments = {
        "due": (seconds, planned.due_at),
        "warning": (seconds - warn, planned.warn_at),
        "rung": (seconds + late_by, next(iter(planned.ladder_at), None)),
    }
    if planned.due_at is None:  # what is never due neither warns nor climbs
        moments = {"due": moments["due"]}
    for name, (worked, moment) in moments.items():
        yield (
            f"{name}, counted anew",
            within(moment, end),
            within(then.oracle.due(start, worked, pauses), end),
        )


def within(moment, end):
    return moment if moment and moment < end else None


def random_place(chance):
    """A zone and a UTC midnight, three times out of four just before its clock changes."""
    zone = chance.choice(ZONES)
    if changes_of(zone) and chance.random() < 0.75:
        near = chance.choice(changes_of(zone)) - chance.randrange(4) * DAY
    else:
        near = FIRST + chance.randrange((LAST - FIRST) // DAY) * DAY
    return zone, near.replace(hour=0, minute=0, second=0)


def random_hours(chance, begin, end):
    size = chance.choices([3600, 900, 60, 1], weights=[30, 50, 19, 1])[0]
    week = {day: random_intervals(chance, size) for day in range(7) if chance.random() < 0.75}
    dates = [begin.date() + number * DAY for number in range(-2, (end - begin).days + 2)]
    overrides = {day: random_intervals(chance, size) for day in dates if chance.random() < 0.12}
    return {"week": week, "overrides": overrides}


def random_intervals(chance, size):
    return [
        chance.choice(
            [
                ("09:00", "17:00"),
                ("22:00", "06:00"),
                ("00:00", "24:00"),
                ("00:00", "03:00"),
                ("02:00", "03:00"),
            ]
        )
        if chance.random() < 0.25
        else (random_time(chance, size, 0), random_time(chance, size, size))
        for _ in range(chance.choice([0, 1, 1, 1, 2, 2, 3]))
    ]


def random_time(chance, size, lowest):
    """From midnight to 24:00, half of them in the small hours, where clocks change."""
    seconds = lowest + chance.randrange((4 if chance.random() < 0.5 else 24) * 3600 // size) * size
    text = f"{seconds // 3600:02}:{seconds // 60 % 60:02}"
    return f"{text}:{seconds % 60:02}" if seconds % 60 else text


def random_case(chance, begin, end, step):
    length = int((end - begin).total_seconds())
    start = begin + timedelta(seconds=chance.randrange(length * 2 // 3))
    if chance.random() < 0.4:
        start = begin + (start - begin) // timedelta(seconds=step) * timedelta(seconds=step)
    if chance.random() < 0.2:
        start += timedelta(microseconds=chance.randrange(1_000_000))
    seconds = chance.choice(
        [0, 1, chance.randrange(7200), chance.randrange(40 * 3600), chance.randrange(1, 9) * 3600]
    )
    until = start + timedelta(seconds=chance.randrange(int((end - start).total_seconds())))
    pauses = []
    for _ in range(chance.choice([0, 1, 2, 3])):
        first, second = (begin + timedelta(seconds=chance.randrange(length // step) * step) for _ in range(2))
        pauses.append((min(first, second), min(max(first, second), min(first, second) + 2 * DAY)))
    return {
        "start": start,
        "seconds": seconds,
        "until": until,
        "pauses": pauses,
        "passed_on": start + timedelta(seconds=chance.randrange(3 * 24 * 3600)),
        "revised_seconds": chance.choice([seconds, chance.randrange(40 * 3600)]),
        "late_by": chance.choice([0, chance.randrange(7200), 8 * 3600]),
    }


if __name__ == "__main__":
    sys.exit(main())
