"""The brief that is asked for before any agreement, and that a first agreement proposes."""

from __future__ import annotations

from typing import Any

# Labels are content, as in an agreement: people edit them there in their own language.
USUAL_BRIEF: list[dict[str, Any]] = [
    {
        "key": "why_now",
        "label": "Why now",
        "hint": "What happened that makes this the moment to call",
        "required": True,
        "max_length": 600,
    },
    {
        "key": "wants",
        "label": "What they want",
        "hint": "In their own words",
        "required": True,
        "max_length": 600,
    },
    {
        "key": "decider",
        "label": "Who decides",
        "hint": "Name or role, and who else has a say",
        "required": False,
        "max_length": 300,
    },
    {
        "key": "best_moment",
        "label": "Best moment to call",
        "hint": "",
        "required": False,
        "max_length": 200,
    },
    {
        "key": "already_told",
        "label": "Already told",
        "hint": "What we sent or said, so that nobody repeats it",
        "required": False,
        "max_length": 600,
    },
    {
        "key": "careful",
        "label": "Careful with",
        "hint": "A complaint, a competitor, a sore point",
        "required": False,
        "max_length": 300,
    },
    {
        "key": "promise",
        "label": "Promise made",
        "hint": "What we said that sales would do",
        "required": False,
        "max_length": 300,
    },
]
