"""How commands speak: a bar that moves on a terminal, plain lines elsewhere, nothing at all at --verbosity 0."""

import shutil
import time

A_LINE_EVERY = 1000
REDRAW_AFTER = 0.1  # seconds
BAR = 24


class Progress:
    """Counts what is done, with its rate. Use in a with statement; total may be unknown."""

    def __init__(self, stream, label, total=None, quiet=False):
        self.stream, self.label, self.total, self.quiet = stream, label, total, quiet
        self.moves = not quiet and stream.isatty()
        self.done = 0
        self.began = self.drawn = time.monotonic()

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self.clear()

    def advance(self, count=1):
        self.done += count
        now = time.monotonic()
        if self.moves and now - self.drawn >= REDRAW_AFTER:
            self.drawn = now
            self.stream.write("\r" + self.line(now).ljust(self._width())[: self._width()])
            self.stream.flush()
        elif not self.moves and not self.quiet and self.done % A_LINE_EVERY == 0:
            self.stream.write(self.line(now) + "\n")

    def clear(self):
        """Take the bar away, so that a line can be printed."""
        if self.moves:
            self.stream.write("\r" + " " * self._width() + "\r")
            self.stream.flush()

    def line(self, now):
        rate = self.done / max(now - self.began, 0.001)
        count = f"{self.done:,}"
        bar = ""
        if self.total:
            filled = min(BAR, BAR * self.done // self.total)
            bar = f" [{'=' * filled}{' ' * (BAR - filled)}]"
            count += f" of {self.total:,}"
        return f"{self.label}{bar} {count}, {rate:,.0f} a second"

    def _width(self):
        return shutil.get_terminal_size().columns - 1


def counted(number, noun, plural=None):
    """ "1 entry", "2 entries"."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"
