"""The pages of the agreement room: the agreement, one clock, notices, working hours."""
