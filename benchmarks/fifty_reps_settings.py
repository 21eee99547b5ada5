"""The product's settings for the trial of `benchmarks.fifty_reps`: a database of its own, and mail that goes nowhere."""

import logging
import os

from smarketing.settings import *  # noqa: F403 (a second set of settings is the first one with changes)
from smarketing.settings import DATABASES

DATABASES["default"]["NAME"] = os.environ["TRIAL_DATABASE"]
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
logging.disable(logging.WARNING)  # thousands of late clicks are what is tried here, not news
