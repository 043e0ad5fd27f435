"""Many who comment at once, on a site in processes of its own."""

import os
import threading
import time
from itertools import count

from tests.running import Visitor

WRITERS = 8


class Writers:
    """Threads that comment as fast as they can, and remember which comments the site has taken."""

    def __init__(self, site, number=WRITERS):
        self.site = site
        self.sent, self.taken, self.refused = [], [], []
        self.ended = threading.Event()
        self.tokens = count(1)
        self.threads = [threading.Thread(target=self.write, daemon=True) for _ in range(number)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_error):
        self.ended.set()
        for thread in self.threads:
            thread.join()

    def write(self):
        visitor = None
        while not self.ended.is_set():
            token = f"token-{next(self.tokens)}-{os.urandom(6).hex()}"
            try:
                visitor = visitor or Visitor(self.site)
                self.sent.append(token)
                answer = visitor.says(f"Some words, and a {token}.")
            except (OSError, ConnectionError, AttributeError):  # killed at the other end
                visitor = None
                time.sleep(0.05)
                continue
            (self.taken if answer.status == 302 else self.refused).append(
                token if answer.status == 302 else answer
            )

    def wait_for(self, number):
        """Until so many more comments were taken."""
        goal, deadline = len(self.taken) + number, time.monotonic() + 60
        while len(self.taken) < goal:
            assert time.monotonic() < deadline, f"{len(self.taken)} taken, refused: {self.refused[:3]}"
            time.sleep(0.02)


def tokens(bodies):
    return [body.split()[-1].rstrip(".") for body in bodies]
