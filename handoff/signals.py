"""Facts that go up to `sla`. Sent with `send()` inside the verb's transaction: a hand-off without its clocks cannot be committed."""

from django.dispatch import Signal

handoff_sent = Signal()  # handoff, at
handoff_received = Signal()  # handoff, at, receiver, previous: claimed or reassigned
handoff_accepted = Signal()  # handoff, at, by
handoff_returned = Signal()  # handoff, at, by
information_asked = Signal()  # handoff, at, by
information_given = Signal()  # handoff, at, by
contact_logged = Signal()  # handoff, attempt, at: sent for each attempt, also late and out of order ones
handoff_withdrawn = Signal()  # handoff, at, by: the sender took it back; it counts nowhere
handoff_closed = Signal()  # handoff, at, outcome
duplicate_confirmed = Signal()  # handoff, kept, at, by: of the same person; sent before it is closed
class_changed = Signal()  # handoff, at, by, reason: hot or no longer, after the hand-off
return_settled = Signal()  # handoff, at, by, how (Settlement: SENT_AGAIN, CONTESTED, RECYCLED)
contest_decided = Signal()  # handoff, at, by, upheld: True puts it back with sales as it was
nobody_free = Signal()  # handoff, at, because: routing found nobody, it waits in the pool
message_written = Signal()  # message, at: under a hand-off, with its mentions
coffee_proposed = Signal()  # coffee, at
coffee_answered = Signal()  # coffee, at, by: agreed on a time, or cancelled
