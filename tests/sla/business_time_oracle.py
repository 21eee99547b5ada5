"""A slow second opinion on working time, written so that it can share no mistake with `sla.business_time`.

It converts no local time to UTC. It looks at a wall clock at every step of a stretch of UTC and asks "open now?":

    open at u  <=>  the clock has reached the opening by u, and shows, now or later, a time before the closing,
                    or has yet to show the closing itself

"Has reached" looks at the latest time shown so far, "yet" at the earliest time shown from then on. On an ordinary day
both are the time on the clock. When the clock jumps ahead, an opening or closing in the gap is reached at the jump;
when it is put back, an opening is reached the first time round and a closing not passed before the second.

One step must divide every opening, closing and clock change in the stretch (`tests.sla.clock_changes.step_for`).
"""

from bisect import bisect_left, bisect_right
from datetime import datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

MARGIN = timedelta(
    hours=60
)  # longer than the longest shift plus the longest jump of a clock (a day, in Samoa)
MICROSECOND, ZERO = timedelta(microseconds=1), timedelta()


class WallClockOracle:
    def __init__(self, zone, week, overrides, *, begin, end, step):
        self.step = timedelta(seconds=step)
        self.begin = begin
        self.end = end
        self.open_steps = self._watch(
            ZoneInfo(zone), week, overrides
        )  # the beginning of each step that is open

    def due(self, start, seconds, pauses=()):
        """The due moment; None if it does not come before the end of the stretch."""
        if seconds == 0 and self._open_at(start - MICROSECOND, pauses):
            return start
        steps = self._counting(start, self.end, pauses)
        if not steps:
            return None
        begin, wanted = max(steps[0], start), timedelta(seconds=seconds)
        in_first = steps[0] + self.step - begin
        if wanted <= in_first:
            return begin + wanted
        more, rest = divmod(wanted - in_first, self.step)
        number = more + 1 if rest else more
        return steps[number] + (rest or self.step) if number < len(steps) else None

    def elapsed(self, start, end, pauses=()):
        steps = self._counting(start, end, pauses)
        if not steps:
            return 0
        before, after = max(start - steps[0], ZERO), max(steps[-1] + self.step - end, ZERO)
        return (len(steps) * self.step - before - after) // timedelta(seconds=1)

    def intervals(self, start, end):
        joined = []
        for step in self._counting(start, end, ()):
            begin, stop = max(step, start), min(step + self.step, end)
            if joined and joined[-1][1] == begin:
                joined[-1][1] = stop
            else:
                joined.append([begin, stop])
        return [tuple(pair) for pair in joined]

    def is_open(self, at):
        return self._open_at(at, ())

    # Mechanics

    def _counting(self, start, end, pauses):
        """The open steps of [start, end) outside the pauses; the first and last may reach out of it. Pauses begin and end on a step."""
        if start >= end:
            return []
        opened = self.open_steps
        steps = opened[bisect_right(opened, start - self.step) : bisect_left(opened, end)]
        for paused, resumed in pauses:
            if paused < resumed:
                del steps[bisect_left(steps, paused) : bisect_left(steps, resumed)]
        return steps

    def _open_at(self, at, pauses):
        return bool(self._counting(at, at + MICROSECOND, pauses))

    def _watch(self, zone, week, overrides):
        before = -(
            -MARGIN // self.step
        )  # one of these is kept: a start at the very beginning may be at a closing
        instants = [
            self.begin + number * self.step
            for number in range(-before, (self.end - self.begin) // self.step + before)
        ]
        shown = [instant.astimezone(zone).replace(tzinfo=None) for instant in instants]
        latest, earliest = list(shown), list(shown)
        for number in range(1, len(shown)):
            latest[number] = max(shown[number], latest[number - 1])
        for number in range(len(shown) - 2, -1, -1):
            earliest[number] = min(shown[number], earliest[number + 1])
        shifts = {}
        for day in {
            day + timedelta(days=offset)
            for day in {moment.date() for moment in shown}
            for offset in (-2, -1, 0, 1)
        }:
            midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - a wall clock has no zone
            shifts[day] = [
                (midnight + begin, midnight + end)
                for begin, end in map(_since_midnight, overrides.get(day, week.get(day.weekday(), ())))
            ]
        watched = zip(instants, latest, earliest, earliest[1:], strict=False)
        return [
            instant
            for instant, reached, shows, will_show in islice(watched, before - 1, len(instants) - before)
            if any(
                begin <= reached and (shows < end or will_show <= end)
                for offset in (-2, -1, 0)
                for begin, end in shifts[reached.date() + timedelta(days=offset)]
            )
        ]


def _since_midnight(interval):
    opening, closing = (
        sum(int(part) * size for part, size in zip(text.split(":"), (3600, 60, 1), strict=False))
        for text in interval
    )
    if closing <= opening:
        closing += 24 * 3600
    return timedelta(seconds=opening), timedelta(seconds=closing)
