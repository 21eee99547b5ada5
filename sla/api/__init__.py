"""Hand-offs with their clocks, clocks, the agreement, for other software: a subject a file, its addresses in `urls`."""
