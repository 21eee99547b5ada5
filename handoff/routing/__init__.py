"""Who receives a hand-off when nobody is named, and why: by the company's own rules, shares, load, capacity, absence and working hours."""

from handoff.routing.choosing import Choice, choose_receiver
from handoff.routing.reading import candidates, receiving_team

__all__ = ["Choice", "candidates", "choose_receiver", "receiving_team"]
