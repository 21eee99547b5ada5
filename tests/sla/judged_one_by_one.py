"""How one hand-off would have been judged under another text: the plain and slow model of `sla/what_if/judge.sql`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from handoff.models import Handoff
from sla.business_time import BusinessCalendar, NoOpenTime, Pause
from sla.clocks import measured_terms
from sla.models import Agreement, Clock, ClockState, Judgement, Measure, Term, TermKind, WhatIf
from sla.what_if import facts, running
from smarketing.accounts.models import Side

OF_MARKETING = (Measure.QUESTION, Measure.RETURN)  # they begin where the hand-off stands still or ended
KEPT, MISSED, NO_CASE = Judgement.KEPT.value, Judgement.MISSED.value, ""


@dataclass(frozen=True)
class PastClock:
    """A clock as it was measured: `outcome` is what the scorecard counted."""

    measure: str
    outcome: str
    started_at: datetime
    stopped_at: datetime | None
    pauses: tuple[Pause, ...] = ()
    paused_since: datetime | None = None
    counted_conversations: bool = False
    is_cancelled: bool = False
    stands_apart: bool = False  # void or disputed: it counts for neither side


@dataclass(frozen=True)
class PastHandoff:
    """What is known of a hand-off. `hot` and `brief_complete` are those of the new text."""

    pk: int
    sent_at: datetime
    source: str
    hot: bool
    accepted_at: datetime | None
    returned_at: datetime | None
    attempt_at: datetime | None
    conversation_at: datetime | None
    closed_at: datetime | None
    question: Pause | None
    brief_was_complete: bool
    brief_complete: bool
    clocks: Mapping[str, PastClock] = field(default_factory=dict)

    @property
    def answered_at(self) -> datetime | None:
        return min((moment for moment in (self.accepted_at, self.returned_at) if moment), default=None)

    @property
    def ended_at(self) -> datetime | None:
        """From when on nobody owed a contact any more."""
        return self.returned_at or self.closed_at


@dataclass(frozen=True)
class Verdict:
    term_key: str
    measure: str
    was: str
    becomes: str


class NewText:
    """The proposed agreement, ready to judge many hand-offs as of one moment."""

    def __init__(self, agreement: Agreement, at: datetime) -> None:
        terms = list(agreement.terms.all())
        self.at = at
        self.counts_conversations = agreement.contact_counts == "CONVERSATION"
        self.by_kind: dict[str, Term] = {term.kind: term for term in terms}
        self.calendars: dict[str, BusinessCalendar] = {
            side: agreement.calendar_of(side).current.business_calendar() for side in Side.values
        }
        self.terms_of = {hot: dict(measured_terms(terms, hot=hot)) for hot in (True, False)}

    def judge(self, handoff: PastHandoff) -> Iterator[Verdict]:
        """For each promise of the new text that is measured hand-off by hand-off."""
        yield from self._by_clock(handoff)
        if term := self.by_kind.get(TermKind.SQL_QUALITY):
            answer = MISSED if handoff.returned_at else KEPT if handoff.accepted_at else NO_CASE
            yield self._verdict(term, handoff, was=answer, becomes=answer)
        if term := self.by_kind.get(TermKind.BRIEF_COMPLETE):
            yield self._verdict(
                term,
                handoff,
                was=KEPT if handoff.brief_was_complete else MISSED,
                becomes=KEPT if handoff.brief_complete else MISSED,
            )

    # Mechanics

    def _by_clock(self, handoff: PastHandoff) -> Iterator[Verdict]:
        wanted: dict[str, Term] = {str(m): term for m, term in self.terms_of[handoff.hot].items()}
        if marketing := self.by_kind.get(TermKind.MARKETING_ANSWER):
            wanted |= {measure: marketing for measure in handoff.clocks if measure in OF_MARKETING}
        for measure, term in wanted.items():
            clock = handoff.clocks.get(measure)
            yield self._verdict(
                term,
                handoff,
                measure=measure,
                was=clock.outcome if clock else NO_CASE,
                becomes=self._timed(handoff, measure, term, clock),
            )

    def _verdict(
        self, term: Term, handoff: PastHandoff, *, was: str, becomes: str, measure: str = ""
    ) -> Verdict:
        left_out = handoff.source in term.excluded_sources
        return Verdict(term.key, measure, was, NO_CASE if left_out else becomes)

    def _timed(self, handoff: PastHandoff, measure: str, term: Term, clock: PastClock | None) -> str:
        """In time, late, or not decided yet. What ended before it was due without the act is no case."""
        if clock and clock.stands_apart:
            return NO_CASE
        start = clock.started_at if clock else handoff.sent_at
        pauses, paused_since = self._pauses(handoff, clock)
        moment = self._moment(handoff, measure, clock)
        try:
            due = self.calendars[term.side].due_with_pauses(start, term.target_seconds or 0, pauses)
        except NoOpenTime:
            return NO_CASE
        if moment is not None:
            return KEPT if max(moment, start) <= due else MISSED
        if clock and clock.is_cancelled and measure in OF_MARKETING:
            return clock.outcome
        ended = None if measure in OF_MARKETING else handoff.ended_at
        last = min(filter(None, (self.at, ended, paused_since)))
        return MISSED if due < last else NO_CASE

    def _pauses(
        self, handoff: PastHandoff, clock: PastClock | None
    ) -> tuple[tuple[Pause, ...], datetime | None]:
        if clock:
            return clock.pauses, clock.paused_since
        return (handoff.question,) if handoff.question else (), None

    def _moment(self, handoff: PastHandoff, measure: str, clock: PastClock | None) -> datetime | None:
        """When what is promised occurred. A clock knows best, unless the new text counts another contact."""
        same = clock and (
            measure != Measure.FIRST_CONTACT or clock.counted_conversations == self.counts_conversations
        )
        if clock and same and clock.stopped_at:
            return clock.stopped_at
        if measure == Measure.ANSWER:
            return handoff.answered_at
        if measure == Measure.FIRST_CONTACT and not (clock and same):
            return handoff.conversation_at if self.counts_conversations else handoff.attempt_at
        return None


def answer(what_if: WhatIf) -> tuple[dict[str, Counter[str]], set[tuple[str, str, int, str, str]]]:
    """The tallies of the whole quarter and the cases that are listed, hand-off by hand-off."""
    text = NewText(what_if.agreement, what_if.asked_at)
    tallies: dict[str, Counter[str]] = {}
    listed = set()
    for handoff in past_handoffs(what_if):
        for verdict in text.judge(handoff):
            tallies.setdefault(verdict.term_key, Counter())[f"{verdict.was}>{verdict.becomes}"] += 1
            if MISSED in (verdict.was, verdict.becomes):
                listed.add((verdict.term_key, verdict.measure, handoff.pk, verdict.was, verdict.becomes))
    return tallies, listed


def past_handoffs(what_if: WhatIf) -> Iterator[PastHandoff]:
    since, until = running.moments(what_if.from_on, what_if.to_on)
    rows = facts.sent(what_if.agreement, what_if.compared_to, since, until, at=what_if.asked_at)
    told = {row[0]: dict(zip(facts.SENT, row, strict=True)) for row in rows}
    for handoff in Handoff.objects.filter(pk__in=told).select_related("lead__source"):
        row = told[handoff.pk]
        asked, replied = handoff.asked_at, handoff.replied_at
        yield PastHandoff(
            pk=handoff.pk,
            sent_at=handoff.sent_at,
            source=handoff.lead.source.key if handoff.lead.source else "",
            hot=bool(row["hot_now"]),
            accepted_at=handoff.accepted_at,
            returned_at=handoff.returned_at,
            attempt_at=handoff.first_attempt_at,
            conversation_at=handoff.first_conversation_at,
            closed_at=handoff.closed_at,
            question=(asked, replied) if asked and replied else None,
            brief_was_complete=row["was_complete"],
            brief_complete=row["complete"],
            clocks={clock.measure: past_clock(clock, what_if.asked_at) for clock in handoff.clocks.all()},
        )


def past_clock(clock: Clock, at: datetime) -> PastClock:
    itself = Clock.objects.counted().filter(pk=clock.pk)
    pauses = list(clock.pauses.order_by("id"))
    running_since = next((pause.from_at for pause in pauses if pause.to_at is None), None)
    return PastClock(
        clock.measure,
        KEPT if itself.met().exists() else MISSED if itself.missed(at).exists() else NO_CASE,
        clock.started_at,
        clock.stopped_at,
        tuple((pause.from_at, pause.to_at) for pause in pauses if pause.to_at),
        running_since if clock.state == ClockState.PAUSED else None,
        clock.agreement.contact_counts == "CONVERSATION",
        is_cancelled=clock.state == ClockState.CANCELLED,
        stands_apart=clock.disputed_at is not None or clock.state == ClockState.VOID,
    )
