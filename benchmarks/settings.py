"""The product's settings, with a database of a chosen size, a floor to compare with, and a count of the queries in each answer."""

import os

from smarketing.settings import *  # noqa: F403 (a second set of settings is the first one with changes)
from smarketing.settings import DATABASES, MIDDLEWARE, REST_FRAMEWORK

DATABASES["default"]["NAME"] = os.environ.get("BENCH_DATABASE", "bench")
ROOT_URLCONF = "benchmarks.urls"
MIDDLEWARE = ["benchmarks.floor.CountQueries", *MIDDLEWARE]
REST_FRAMEWORK = {**REST_FRAMEWORK, "DEFAULT_THROTTLE_CLASSES": []}  # the limit is not what is measured
