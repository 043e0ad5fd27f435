"""What a server spends on a page that is not stored, beside what it spends on bare bytes: both under gunicorn's sync
worker, as the peers were measured, with all that the server itself does for a request.
"""

import os
import statistics
import subprocess
import sys
import urllib.request
from pathlib import Path

from tests.running import Site, family, stop

GUNICORN = "gunicorn==23.0.0"
ROUNDS, REQUESTS = 7, 300
TICKS = os.sysconf("SC_CLK_TCK")


def compare(report, site):
    """``site`` is prepared and does not run."""
    there = site.data_dir / "gunicorn"
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--target", there, GUNICORN]
    if subprocess.run(install, capture_output=True).returncode:
        return report.missing(f"{GUNICORN} does not install here")
    other = Site(site.data_dir / "bare")
    targets = {
        "bare": (_served(other, there, "tests.benchmarks.bare"), f"{other.url}/"),
        "post": (_served(site, there, "tests.benchmarks.not_stored"), f"{site.url}/posts/ten/"),
    }
    spent = {name: [] for name in targets}
    for _round in range(ROUNDS):
        for name, (server, url) in targets.items():
            spent[name].append(_milliseconds_of_processor(server, url))
    for server, _url in targets.values():
        stop(server)
    post, bare = (statistics.median(spent[name]) for name in ("post", "bare"))
    told = f"{post / bare:.1f} ({post:.2f} ms against {bare:.2f} ms)"
    report.say("post, 10 comments, not stored / bare WSGI bytes, both under gunicorn", told, "8, aim 5")


def _served(site, there, module):
    site.environment["PYTHONPATH"] += f"{os.pathsep}{there}"
    options = ["--worker-class", "sync", "--bind", f"127.0.0.1:{site.port}"]
    return site.start([sys.executable, "-m", "gunicorn", *options, f"{module}:application"])


def _milliseconds_of_processor(server, url):
    before = _ticks(server)
    for _request in range(REQUESTS):
        urllib.request.urlopen(url).read()
    return (_ticks(server) - before) / TICKS * 1000 / REQUESTS


def _ticks(server):
    """Of processor, in the server and its workers."""
    told = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in family(server)]
    return sum(int(each) for fields in told for each in fields[11:13])
