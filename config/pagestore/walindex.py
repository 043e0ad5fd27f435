"""Whether anything was committed to a SQLite database, seen without asking it.

Beside a database in WAL mode lies its index, a file of shared memory. Its first 96 bytes are the header, twice; they hold
the number of the last committed frame, its checksum and the log's salts, and every commit writes them as its last deed:
it is this header from which other connections learn of a commit. https://www.sqlite.org/walformat.html

The file is never closed again: SQLite's locks on it are the process's, and closing any descriptor would drop them.
"""

import mmap
import os

HEADER = 96

_never_closed = []


class WalIndex:
    """To be opened while a connection of this process is open, which keeps the file from being removed."""

    def __init__(self, database):
        file = os.open(f"{database}-shm", os.O_RDONLY | os.O_CLOEXEC)
        _never_closed.append(file)
        self.memory = mmap.mmap(file, HEADER, access=mmap.ACCESS_READ)
        _never_closed.append(self.memory)

    def header(self):
        return self.memory[:HEADER]
