"""The demo company: believable, deterministic for a seed and a day, made with the product's own verbs.

Like urls.py it may look into every room; nothing imports it but the command `seed_demo`.
"""
