"""Compare `sla.business_time` with the oracle on many random cases and print how many.

python -m tests.sla.compare_with_oracle --cases 200000 [--seed 1]
"""

import argparse
import random
import sys
from collections import Counter
from datetime import timedelta
from time import perf_counter

from sla.business_time import BusinessCalendar, NoOpenTime
from tests.sla.business_time_oracle import WallClockOracle
from tests.sla.clock_changes import DAY, FIRST, LAST, ZONES, changes_of, step_for

CASES_PER_CALENDAR = 25


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--cases", type=int, default=20_000)
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    chance, counts, began = random.Random(given.seed), Counter(), perf_counter()
    while counts["cases"] < given.cases:
        compare_calendar(chance, counts)
    print(f"seed {given.seed}, {perf_counter() - began:.0f} s")
    for name, count in counts.items():
        print(f"{count:>12,} {name}")
    return 1 if counts["DIFFERENCES"] else 0


def compare_calendar(chance, counts):
    zone, begin = random_place(chance)
    end = begin + timedelta(days=chance.choice([6, 10, 20]))
    week, overrides = random_hours(chance, begin, end)
    step = step_for(zone, week, overrides, begin, end)
    if step < 60:
        end = begin + timedelta(days=3)
    hours = {"zone": zone, "week": week, "overrides": overrides}
    oracle = WallClockOracle(zone, week, overrides, begin=begin, end=end, step=step)
    calendar = BusinessCalendar(**hours)
    counts["calendars"] += 1
    counts["calendars with a clock change"] += any(begin <= change < end for change in changes_of(zone))
    counts["calendars with a shift over midnight"] += any(
        closing <= opening for day in week.values() for opening, closing in day
    )
    counts[f"calendars watched every {step} s" if step >= 60 else "calendars watched every 1 to 30 s"] += 1
    for _ in range(CASES_PER_CALENDAR):
        case = random_case(chance, begin, end, step)
        counts["cases"] += 1
        counts["cases with pauses"] += bool(case["pauses"])
        counts["cases with a target of 0"] += not case["seconds"]
        counts["cases with a fraction of a second"] += bool(case["start"].microsecond)
        for question, ours, theirs in answers(calendar, oracle, end=end, counts=counts, **case):
            counts["answers compared"] += 1
            if ours != theirs:
                counts["DIFFERENCES"] += 1
                print(f"{question}: {ours} is not {theirs}\n  {hours}\n  {case}", file=sys.stderr)


def answers(calendar, oracle, *, start, seconds, until, pauses, end, counts):
    """Each question with our answer and the oracle's. A due moment beyond the watched stretch only has to be there."""
    for question, held in [("due", ()), ("due with pauses", pauses)]:
        expected = oracle.due(start, seconds, held)
        try:
            due = (
                calendar.due_with_pauses(start, seconds, held) if held else calendar.due_after(start, seconds)
            )
        except NoOpenTime:
            counts["answers: no open time"] += 1
            yield question, None, expected
            continue
        counts["answers beyond the stretch"] += due >= end
        yield question, due if due < end else None, expected if expected and expected < end else None
        if due < end:
            elapsed = calendar.elapsed_with_pauses(start, due, held)
            yield f"elapsed until {question}", elapsed, oracle.elapsed(start, due, held)
            yield f"target until {question}", elapsed, seconds
    yield "elapsed", calendar.elapsed_between(start, until), oracle.elapsed(start, until)
    yield (
        "elapsed with pauses",
        calendar.elapsed_with_pauses(start, until, pauses),
        oracle.elapsed(start, until, pauses),
    )
    yield "intervals", list(calendar.open_intervals(start, until)), oracle.intervals(start, until)
    yield "open", calendar.is_open(start), oracle.is_open(start)


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
    return week, overrides


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
    return {"start": start, "seconds": seconds, "until": until, "pauses": pauses}


if __name__ == "__main__":
    sys.exit(main())
