"""Who receives a hand-off when nobody is named, and why: by the company's own rules, shares, load, capacity, absence and working hours."""

from handoff.routing.choosing import Choice, choose_receiver
from handoff.routing.reading import Staff, candidates, receiving_team, staff

__all__ = ["Choice", "Staff", "candidates", "choose_receiver", "receiving_team", "staff"]
