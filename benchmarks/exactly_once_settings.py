"""The product's settings for the trial of `benchmarks.exactly_once`: a database of its own, and everything every second."""

import os
from datetime import timedelta

from smarketing.settings import *  # noqa: F403 (a second set of settings is the first one with changes)
from smarketing.settings import CELERY_BEAT_SCHEDULE, DATABASES

EVERY = float(os.environ.get("TRIAL_EVERY", "1"))
DATABASES["default"]["NAME"] = os.environ["TRIAL_DATABASE"]
CELERY_BEAT_SCHEDULE = {
    name: {"task": line["task"], "schedule": timedelta(seconds=EVERY), "options": {"expires": max(EVERY, 5)}}
    for name, line in CELERY_BEAT_SCHEDULE.items()
    if name.startswith("sla.")
}
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = os.environ["TRIAL_MAIL"]
