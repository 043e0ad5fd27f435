"""How the site is served: granian, whose HTTP is not Python's, with threads for Django behind it.

Measured beside gunicorn (docs/benchmarks.md): five times the stored pages a second, and hundreds of clients that send
the head of a request a byte at a time take no thread from anybody. Of bodies, config/bodies.py takes care.
"""

import os
import sys


def command(port, host="127.0.0.1", workers=None):
    """What to run. SIGTERM and Ctrl-C end it after the answers under way; SIGHUP brings new code in without a pause."""
    options = {
        "interface": "wsgi",
        "host": host,
        "port": port,
        "http": 1,
        "workers": workers or worker_count(),
        # How many answers of each worker may wait: for the database, their turn to write, a visitor's slow line.
        "blocking-threads": thread_count(),
        "backlog": 1024,
        "workers-kill-timeout": 10,
        # After SIGHUP, a worker goes when the one in its place has had this time to start.
        "respawn-interval": 3.5,
        # A thread that waits for somebody whose line went dead is free again when its worker makes room for another.
        "workers-lifetime": 6 * 3600,
        "log-level": "error",  # its warnings are about settings chosen here
    }
    listed = [part for name, value in options.items() for part in (f"--{name}", str(value))]
    return [
        sys.executable,
        "-m",
        "granian",
        *listed,
        "--no-ws",
        "--respawn-failed-workers",
        "config.wsgi:application",
    ]


def worker_count():
    """One for each processor, within bounds: two at least, so that one may fall; eight at most, for memory's sake."""
    return min(8, max(2, processor_count()))


def thread_count():
    """More than people write at once: who waits for their turn to write holds a thread, which readers then lack."""
    return min(18, 6 * processor_count())


def processor_count():
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
