"""Colleagues of both teams talk about a hand-off: short messages with mentions, and a coffee to talk the lead through."""
