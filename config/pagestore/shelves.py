"""Where stored pages lie: some in the memory of each process, all on the disk of the machine, within bounds."""

import hashlib
import os
import tempfile
import threading
import time
from collections import defaultdict
from contextlib import contextmanager, suppress

from config.pagestore.page import Page

try:
    import fcntl
except ImportError:  # Windows: every process renders for itself
    fcntl = None

MEMORY = 16 * 1024 * 1024
DISK = 256 * 1024 * 1024
SWEEP_EVERY = 500  # pages written
LONGEST_WAIT = 5  # seconds for a page that another reader has asked for first
GLANCE = 0.003


class Memory:
    """A dictionary with a bound. What was not used since it was last looked at goes first."""

    def __init__(self, limit=MEMORY):
        self.limit, self.size = limit, 0
        self.pages = {}
        self.get = self.pages.get
        self.lock = threading.Lock()

    def put(self, key, page):
        with self.lock:
            self._drop(key)
            self.pages[key] = page
            self.size += page.size
            while self.size > self.limit and len(self.pages) > 1:
                oldest = next(iter(self.pages))
                kept = self._drop(oldest)
                if kept.used:
                    kept.used = False
                    self.pages[oldest] = kept
                    self.size += kept.size

    def _drop(self, key):
        page = self.pages.pop(key, None)
        if page is not None:
            self.size -= page.size
        return page


class Disk:
    """A file for each page, shared by the processes of a machine. What goes wrong here costs time, never an answer."""

    def __init__(self, folder, limit=DISK):
        self.folder, self.limit = folder, limit
        self.written = 0
        self.turns = defaultdict(threading.Lock)  # by what a key's lock is called: as many as there are files

    def get(self, key):
        try:
            return Page.from_bytes(self._path(key).read_bytes())
        except OSError:
            return None

    def put(self, key, page):
        path = self._path(key)
        with suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle, name = tempfile.mkstemp(dir=path.parent)
            with os.fdopen(handle, "wb") as file:
                file.write(page.as_bytes())
            os.replace(name, path)
        self.written += 1
        if self.written % SWEEP_EVERY == 0:
            self.sweep()

    def sweep(self):
        """Of too much, remove the oldest half."""
        with suppress(OSError):
            files = [(entry.stat(), entry) for entry in self.folder.glob("??/*")]
            if sum(stat.st_size for stat, _entry in files) > self.limit:
                files.sort(key=lambda pair: pair[0].st_mtime)
                for _stat, entry in files[: len(files) // 2]:
                    entry.unlink(missing_ok=True)

    @contextmanager
    def turn(self, key):
        """One at a time for each page, over all processes.

        The kernel gives the turn back when a process dies, and nobody waits for longer than is bearable. Of each process
        one thread looks whether the turn is free; the others sleep until that one is done.
        """
        turn = self.turns[_digest(key)[:2]]
        is_ours = turn.acquire(timeout=LONGEST_WAIT)
        file = self._open_lock(key)
        try:
            if file is not None:
                self._wait(file)
            yield
        finally:
            if file is not None:
                os.close(file)
            if is_ours:
                turn.release()

    def _wait(self, file):
        ends = time.monotonic() + LONGEST_WAIT
        while time.monotonic() < ends:
            try:
                return fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                time.sleep(GLANCE)
        return None

    def _open_lock(self, key):
        if fcntl is None:
            return None
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            return os.open(
                self.folder / f"turn{_digest(key)[:2]}", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600
            )
        except OSError:
            return None

    def _path(self, key):
        name = _digest(key)
        return self.folder / name[:2] / name[2:]


def _digest(key):
    return hashlib.sha256(repr(key).encode()).hexdigest()
