"""How the promises of a month turned out: measuring, freezing at month end, restating afterwards. Reads facts, never changes them."""
