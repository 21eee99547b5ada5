"""Hand-offs for other software: a subject a file, its addresses in `urls`. What needs clocks stands in `sla/api/`."""
