"""Ends with 0 when the site on this machine answers /healthz. For a container's health check; needs no more than Python."""

import os
import sys
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

port = os.environ.get("PORT", "8000")
# Asked by the name readers use, for the site answers to no other.
host = urlsplit(os.environ.get("SITE_URL", "")).netloc or f"127.0.0.1:{port}"
try:
    answer = urlopen(Request(f"http://127.0.0.1:{port}/healthz", headers={"Host": host}), timeout=4)  # noqa: S310
    sys.exit(0 if answer.status == 200 else 1)
except OSError as error:
    sys.exit(f"The site does not answer: {error}")
