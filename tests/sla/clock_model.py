"""A plain, slow second opinion on one clock: it walks minute by minute and keeps nothing but what people did.

Written from sla-clock.md, not from the engine. Everything is asked of the list of minutes that count: open, and in no pause.
"""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cache
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
AMSTERDAM = ZoneInfo("Europe/Amsterdam")


@cache
def is_open(calendar, minute):
    """`calendar`: ((weekday, first hour, last hour), ...)."""
    local = minute.astimezone(AMSTERDAM)
    return any(local.weekday() == day and opens <= local.hour < closes for day, opens, closes in calendar)


@dataclass
class PlainPause:
    reason: str
    begin: object
    until: object  # when it runs out by itself
    ended: object = None  # when somebody ended it

    @property
    def end(self):
        return self.ended or self.until


@dataclass
class PlainClock:
    calendar: tuple
    start: object
    minutes: int
    minimum: int  # minutes that a new holder needs to answer for a breach
    late_hours: int
    limits: dict
    holders: list = field(default_factory=list)  # (from, holder, answers)
    pauses: list = field(default_factory=list)
    before_the_end: list | None = None  # the pauses as they were, for when the end is undone
    state: str = "OPEN"
    stopped: object = None
    cancelled: object = None
    breach: object = None  # (due, who answers)
    is_cleared: bool = False

    # What is so

    def due(self):
        left, minute = self.minutes, self.start
        while left:
            left -= self.counts(minute)
            minute += MINUTE
        return minute

    def counts(self, minute):
        return is_open(self.calendar, minute) and not any(
            pause.begin <= minute < pause.end for pause in self.pauses
        )

    def worked(self, begin, end):
        minutes, minute = 0, begin
        while minute < end:
            minutes += self.counts(minute)
            minute += MINUTE
        return minutes

    def is_paused(self, at):
        return self.state == "OPEN" and any(pause.ended is None and at < pause.until for pause in self.pauses)

    # What people did

    def look(self, at):
        """The sweep came by."""
        due = self.due()
        if self.state == "OPEN" and at > due and self.breach is None:
            _, holder, answers = [entry for entry in self.holders if entry[0] <= due][-1]
            self.breach = (due, holder if answers else None)

    def pause(self, reason, until, at):
        if self.state != "OPEN" or at > self.due() or (at == self.due() and not self.is_paused(at)):
            return
        used = 0
        for pause in self.pauses:
            minute = pause.begin
            while pause.reason == reason and minute < min(pause.end, at):
                used += is_open(self.calendar, minute)
                minute += MINUTE
        allowed, end = self.limits[reason] - used, at
        if allowed <= 0:
            return
        while allowed:
            allowed -= is_open(self.calendar, end)
            end += MINUTE
        end = min(end, until) if until else end
        if end <= at:
            return
        self.end_pauses(reason, at)
        self.pauses.append(PlainPause(reason, at, end))

    def end_pauses(self, reason, moment, at=None):
        """Those that still run at `at` end at `moment`, which may lie before."""
        for pause in self.pauses:
            if pause.ended is None and (at or moment) < pause.until and reason in ("", pause.reason):
                pause.ended = max(moment, pause.begin)

    def resume(self, reason, at):
        if self.state == "OPEN":
            self.end_pauses(reason, at)

    def pass_on(self, holder, at):
        if self.state == "OPEN" and holder != self.holders[-1][1]:
            left = self.worked(at, self.due())
            self.holders.append((at, holder, left >= min(self.minimum, self.minutes)))

    def stop(self, occurred, at):
        counted = at if at - occurred > timedelta(hours=self.late_hours) else occurred
        counted = max(counted, self.start)
        if self.state == "VOID" or (self.stopped and counted >= self.stopped):
            return
        if self.state == "CANCELLED" and counted > self.cancelled:
            return
        self.remember_pauses()
        if self.is_paused(at):
            self.end_pauses("", counted, at)
        self.state, self.stopped = "STOPPED", counted
        if counted > self.due():
            due = self.due()
            _, holder, answers = [entry for entry in self.holders if entry[0] <= due][-1]
            self.breach = self.breach or (due, holder if answers else None)
        elif self.breach:
            self.is_cleared = True

    def cancel(self, at):
        if self.state == "OPEN":
            self.remember_pauses()
            if self.is_paused(at):
                self.end_pauses("", at)
            self.state, self.cancelled = "CANCELLED", at

    def void(self, at):
        if self.state == "VOID" or (self.state == "CANCELLED" and not self.breach):
            return
        if self.is_paused(at):
            self.end_pauses("", at)
        self.state = "VOID"

    def reopen(self, at):
        if self.state not in ("STOPPED", "CANCELLED"):
            return
        self.pauses, self.before_the_end = self.before_the_end, None
        self.state, self.stopped, self.is_cleared = "OPEN", None, False
        self.look(at)

    def change(self, at, **what):
        """Another class, or other hours: from the same start, with the same pauses."""
        if self.state != "OPEN":
            return
        for name, value in what.items():
            setattr(self, name, value)
        if at > self.due():
            self.end_pauses("", at)
        elif self.breach:
            self.breach = None

    def remember_pauses(self):
        if self.before_the_end is None:
            self.before_the_end = [replace(pause) for pause in self.pauses]
