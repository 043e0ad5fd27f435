"""Ends with 0 when the site on this machine answers /healthz. For a container's health check; needs no more than Python."""

import os
import sys
from urllib.request import urlopen

port = os.environ.get("PORT", "8000")
try:
    answer = urlopen(f"http://127.0.0.1:{port}/healthz", timeout=4)  # noqa: S310
    sys.exit(0 if answer.status == 200 else 1)
except OSError as error:
    sys.exit(f"The site does not answer: {error}")
