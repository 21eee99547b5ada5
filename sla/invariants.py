"""What must always be true of clocks, agreements and notices (reliability.md, I-3 to I-9, I-16, I-18)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sla.scorecard import invariants as scorecard
from smarketing.invariants import Row, register

register(
    "I-3a",
    "What is late has exactly one breach, two minutes after it was due at the latest",
    """
    SELECT c.id, c.due_at, c.stopped_at FROM sla_clock c
    WHERE c.breached_at IS NULL AND (
        (c.state IN ('RUNNING', 'PAUSED') AND c.due_at < %(as_of)s - interval '2 minutes'
             AND c.next_check_at < %(as_of)s - interval '2 minutes')
        OR (c.state = 'STOPPED' AND c.stopped_at > c.due_at))
    """,
)
register(
    "I-3b",
    "What is not late has no breach, unless it was cleared with a reason",
    """
    SELECT c.id, c.due_at, c.stopped_at, c.breached_at FROM sla_clock c
    WHERE c.breached_at IS NOT NULL AND c.cleared_at IS NULL
      AND c.state = 'STOPPED' AND c.stopped_at <= c.due_at
    """,
)
register(
    "I-3c",
    "A breach is one event, at the due moment, unless that was lifted with a reason",
    """
    SELECT c.id, c.breached_at, e.happened_at FROM sla_clock c
    FULL JOIN (SELECT * FROM sla_clockevent b WHERE b.kind = 'BREACHED' AND NOT EXISTS (
                   SELECT FROM sla_clockevent l WHERE l.clock_id = b.clock_id AND l.kind = 'LIFTED' AND l.step = b.step)) e
           ON e.clock_id = c.id
    WHERE (c.breached_at IS NOT NULL OR e.id IS NOT NULL) AND c.breached_at IS DISTINCT FROM e.happened_at
    """,
)
register(
    "I-3d",
    "Warnings, clearings and steps of the ladder are events, and the columns agree with them",
    """
    SELECT c.id, 'warned' FROM sla_clock c
    WHERE c.warned_at IS NOT NULL
      AND NOT EXISTS (SELECT FROM sla_clockevent e WHERE e.clock_id = c.id AND e.kind = 'WARNED')
    UNION ALL
    SELECT e.clock_id, e.kind FROM sla_clockevent e JOIN sla_clock c ON c.id = e.clock_id
    WHERE (e.kind = 'WARNED' AND c.warned_at IS NULL)
       OR (e.kind = 'CLEARED' AND c.cleared_at IS NULL AND NOT EXISTS (
               SELECT FROM sla_clockevent u WHERE u.clock_id = c.id AND u.kind IN ('REOPENED', 'LIFTED') AND u.id > e.id))
       OR (e.kind = 'ESCALATED' AND mod(e.step, 100) > c.ladder_step AND NOT EXISTS (
               SELECT FROM sla_clockevent u WHERE u.clock_id = c.id AND u.kind = 'LIFTED' AND u.id > e.id))
    UNION ALL
    SELECT c.id, 'cleared' FROM sla_clock c
    WHERE c.cleared_at IS NOT NULL
      AND NOT EXISTS (SELECT FROM sla_clockevent e WHERE e.clock_id = c.id AND e.kind = 'CLEARED')
    UNION ALL
    SELECT c.id, 'ladder' FROM sla_clock c
    WHERE c.ladder_step > (SELECT count(*) FROM sla_clockevent e WHERE e.clock_id = c.id AND e.kind = 'ESCALATED')
    """,
)
register(
    "I-4",
    "Somebody was told of every breach",
    """
    SELECT e.id, e.clock_id FROM sla_clockevent e
    WHERE e.kind = 'BREACHED' AND NOT EXISTS (
        SELECT FROM sla_notice n WHERE n.event_id = e.id AND n.channel = 'IN_APP')
    """,
)
register(
    "I-5",
    "A mail is sent, has a next try, or was set aside for an administrator to see",
    """
    SELECT id, attempts, next_attempt_at FROM sla_notice
    WHERE channel = 'MAIL' AND sent_at IS NULL AND quarantined_at IS NULL
      AND (next_attempt_at IS NULL OR next_attempt_at < %(as_of)s - interval '15 minutes')
    """,
)
register(
    "I-6",
    "One notice per key, person and channel; the key of a clock's event is that event",
    """
    SELECT key, recipient_id, channel FROM sla_notice
    GROUP BY key, recipient_id, channel HAVING count(*) > 1
    UNION ALL
    SELECT key, recipient_id, channel FROM sla_notice
    WHERE event_id IS NOT NULL AND key <> 'event:' || event_id
    """,
)
register(
    "I-7",
    "A clock for first contact never stopped later than the first contact that counts was logged",
    """
    SELECT c.id, c.stopped_at, h.first_contact_at
    FROM sla_clock c JOIN handoff_handoff h ON h.id = c.handoff_id JOIN sla_agreement a ON a.id = c.agreement_id
    WHERE c.measure = 'FIRST_CONTACT' AND c.state = 'STOPPED' AND h.first_contact_at IS NOT NULL
      AND c.stopped_at > GREATEST(h.first_contact_at, c.started_at)
      AND NOT EXISTS (SELECT FROM sla_clockevent e WHERE e.clock_id = c.id AND e.note = 'LOGGED_TOO_LATE')
    """,
)
register(
    "I-8",
    "A clock that is due keeps the agreement and the hours it started with",
    """
    SELECT c.id, c.agreement_id, c.term_id FROM sla_clock c JOIN sla_term t ON t.id = c.term_id
    WHERE t.agreement_id <> c.agreement_id OR t.target_seconds IS DISTINCT FROM c.target_seconds
    """,
)
register(
    "I-9a",
    "An agreement measures only with the signatures of two people of two sides on this text",
    """
    SELECT a.id, a.version, a.state FROM sla_agreement a
    WHERE a.state IN ('SIGNED', 'IN_FORCE') AND 2 > (
        SELECT LEAST(count(DISTINCT s.side), count(DISTINCT s.signed_by_id)) FROM sla_signature s
        WHERE s.agreement_id = a.id AND s.content_hash = a.content_hash)
    """,
)
register(
    "I-9b",
    "The times in force of two agreements never overlap",
    """
    SELECT a.id, b.id FROM sla_agreement a JOIN sla_agreement b ON a.id < b.id
    WHERE a.in_force_at IS NOT NULL AND b.in_force_at IS NOT NULL
      AND tstzrange(a.in_force_at, a.superseded_at) && tstzrange(b.in_force_at, b.superseded_at)
    """,
)
scorecard.register_all()
register(
    "I-16",
    "The sweep ran well in the last two minutes while there are clocks to look at",
    """
    SELECT max(finished_at) FROM sla_sweeprun
    HAVING max(finished_at) < %(as_of)s - interval '2 minutes'
       AND EXISTS (SELECT FROM sla_clock WHERE next_check_at < %(as_of)s - interval '2 minutes')
    """,
)
register(
    "I-18",
    "A running clock is looked at again, whoever holds it, until nobody is left to be told",
    """
    SELECT c.id FROM sla_clock c
    WHERE c.state = 'RUNNING' AND c.due_at IS NOT NULL AND c.next_check_at IS NULL
      AND (c.breached_at IS NULL OR c.ladder_step < cardinality(c.ladder_at))
    """,
)
register(
    "I-S1",
    "Who holds a clock is who holds its open segment",
    """
    SELECT c.id, c.holder_id, s.holder_id FROM sla_clock c
    LEFT JOIN sla_segment s ON s.clock_id = c.id AND s.to_at IS NULL
    WHERE c.state IN ('RUNNING', 'PAUSED') AND (s.id IS NULL OR s.holder_id IS DISTINCT FROM c.holder_id)
    """,
)
register(
    "I-S2",
    "A clock is paused exactly while a pause is open",
    """
    SELECT c.id, c.state FROM sla_clock c
    WHERE (c.state = 'PAUSED') <> EXISTS (SELECT FROM sla_pause p WHERE p.clock_id = c.id AND p.to_at IS NULL)
    """,
)
register(
    "I-S3",
    "A pause that can end by itself is looked at when it does",
    """
    SELECT c.id, c.resumes_at, c.next_check_at FROM sla_clock c
    WHERE c.resumes_at IS DISTINCT FROM CASE WHEN c.state = 'PAUSED' THEN c.next_check_at END
       OR (c.state = 'PAUSED' AND c.next_check_at < %(as_of)s - interval '2 minutes')
    """,
)


def texts_that_changed(as_of: datetime) -> Iterable[Row]:
    from sla.models import Agreement

    for agreement in Agreement.objects.exclude(content_hash="").prefetch_related("terms"):
        if agreement.computed_hash() != agreement.content_hash:
            yield agreement.pk, agreement.version


register("I-9c", "The text of an agreement is the one that was proposed and signed", texts_that_changed)


def broken_chain(as_of: datetime) -> Iterable[Row]:
    """Each proposed version names the fingerprint of the one proposed before it; the first names none."""
    from sla.models import Agreement

    former = ""
    proposed = Agreement.objects.exclude(content_hash="").order_by("proposed_at", "id")
    for pk, version, previous, own in proposed.values_list("pk", "version", "previous_hash", "content_hash"):
        if previous != former:
            yield pk, version
        former = own


register("I-9d", "No proposed version was taken out of the chain or put into it later", broken_chain)
