"""Whoever writes waits for others who write, so that those who read need not.

The database takes one writer at a time anyway. Sixteen that work side by side in a process share its one interpreter
with the readers, each of whom then waits for all of them.
"""

import threading

PATIENCE = (
    1.0  # seconds; who holds the turn for longer is waiting for something else, or has a picture to shrink
)


def one_writer_at_a_time(app, patience=PATIENCE):
    """The WSGI application with POST requests one after the other, as far as that is bearable."""
    turn = threading.Lock()

    def answer(environ, start_response):
        if environ["REQUEST_METHOD"] != "POST":
            return app(environ, start_response)
        is_ours = turn.acquire(timeout=patience)
        try:
            return app(environ, start_response)
        finally:
            if is_ours:
                turn.release()

    return answer
