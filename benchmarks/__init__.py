"""`./run bench`: how fast is the product, on this machine, beside its own floor, in one run. Never a test: machines are noisy."""
