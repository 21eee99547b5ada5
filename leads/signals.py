"""Facts that go up. Sent with `send()` inside the transaction of the verb, so that what follows is committed with it or not at all."""

from django.dispatch import Signal

lead_captured = (
    Signal()
)  # lead, change: a lead came in by form, hand or API (imports load in bulk and send nothing)
stage_changed = Signal()  # lead, change
fact_learned = Signal()  # lead, keys, by, at: facts of a lead changed
act_undone = (
    Signal()
)  # act, lead, by, at: the columns are as they were; each room adds the facts that tell it
contact_erased = (
    Signal()
)  # contact, lead_ids, by, at: facts may change meanwhile; each room blacks out its free words
leads_moved_in_bulk = (
    Signal()
)  # lead_ids, by, at: leads that were there already were moved by an import, all in one statement
