"""The process that does what was put off: tasks of the queue, and letters that are due."""

import logging
import os
import signal
import time
from datetime import timedelta

from django.db import DatabaseError, close_old_connections
from django.utils import timezone
from django.utils.crypto import get_random_string
from django_tasks_db.compat import DEFAULT_TASK_BACKEND_ALIAS, TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from comments import akismet, letters
from config import background

STUCK_AFTER = timedelta(minutes=2)  # tasks take seconds
KEPT = timedelta(days=1)  # finished tasks, for whoever looks into what went wrong
PAUSE_AFTER_FAULT = 10  # seconds

logger = logging.getLogger(__name__)
for _name in ("django_tasks", "django_tasks_db"):
    logging.getLogger(_name).setLevel(logging.WARNING)  # it tells of every look into the queue


class PostOffice:
    """Looks every ``interval`` seconds. Looking is two reads; only what is there to be done takes a lock.

    With ``parent`` it ends when that process is no longer its parent, so that it does not outlive the server.
    """

    def __init__(self, interval=1.0, parent=None):
        self.interval = interval
        self.parent = parent
        self.is_ending = False
        self.tidy_at = timezone.now()

    def run(self):
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, self.end)
        while not self.is_over():
            try:
                close_old_connections()
                self.tidy()
                self.work()
            except DatabaseError as error:
                logger.warning("The queue cannot be read, another try follows: %s", error)
                self.wait(PAUSE_AFTER_FAULT)
            self.wait(self.interval)

    def end(self, *args):
        self.is_ending = True

    def is_over(self):
        return self.is_ending or (self.parent is not None and os.getppid() != self.parent)

    def wait(self, seconds):
        until = time.monotonic() + seconds
        while not self.is_over() and (left := until - time.monotonic()) > 0:
            time.sleep(min(left, 0.5))

    def work(self):
        """Everything that can be done now; how many mails went out."""
        if DBTaskResult.objects.ready().exists():
            _batch().run()
        for function in background.regular:
            function()
        if akismet.is_configured():
            akismet.tell_mistakes()
        return letters.post_due(self.is_over)

    def tidy(self):
        """Once a minute: take up what a worker left that died, forget what was done long ago."""
        now = timezone.now()
        if now < self.tidy_at:
            return
        self.tidy_at = now + timedelta(minutes=1)
        akismet.forget()
        tasks = DBTaskResult.objects
        stuck = tasks.running().filter(started_at__lt=now - STUCK_AFTER)
        if stuck.exists():
            stuck.update(status=TaskResultStatus.READY)
        if tasks.finished().filter(finished_at__lt=now - KEPT).exists():
            tasks.finished().filter(finished_at__lt=now - KEPT).delete()


def _batch():
    """The library's worker, which ends when nothing is left to do."""
    return Worker(
        queue_names=["*"],
        excluded_queue_names=[],
        interval=0,
        batch=True,
        backend_name=DEFAULT_TASK_BACKEND_ALIAS,
        startup_delay=False,
        max_tasks=None,
        worker_id=get_random_string(32),
    )


def work_off():
    """Do once, in this process, what there is to do."""
    return PostOffice().work()
