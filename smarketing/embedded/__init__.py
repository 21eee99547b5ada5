"""PostgreSQL and Redis beside the checkout, for one machine: real binaries under our own supervisor.

Nothing in here imports Django; settings import `places` and nothing else. In production
(`DATABASE_URL` and `REDIS_URL` are set) this package starts nothing.
"""
