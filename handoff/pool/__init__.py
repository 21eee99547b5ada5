"""The pool of a team: a line in which the hot and the longest waiting stand first. Who asks for the next gets it to look at for a few minutes."""

from handoff.pool.line import first_in_line, in_line_for, is_in_turn
from handoff.pool.reserving import RESERVED_FOR, pull, reserved_for, skip

__all__ = [
    "RESERVED_FOR",
    "first_in_line",
    "in_line_for",
    "is_in_turn",
    "pull",
    "reserved_for",
    "skip",
]
