"""The health check of a web container: its process answers under a name that it allows."""

import os
import urllib.request

host = os.environ["SMARKETING_ALLOWED_HOSTS"].split(",")[0].strip().lstrip(".")
question = urllib.request.Request("http://127.0.0.1:8000/healthz", headers={"Host": host})
urllib.request.urlopen(question, timeout=4)
