"""What gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smarketing.settings")

application = get_wsgi_application()
get_resolver().url_patterns  # noqa: B018 (reads every page now: once, before the server's processes part and each reads it)
