"""Keeps the server up, and the mail's process beside it: python -m config.supervisor [--until-writable FILE] [--mail] COMMAND …

granian starts a worker that died again, but gives up when the same one dies twice within seconds, and its workers go on
alone when it dies itself. Here the whole of it is started again, and whatever is left of the old one ends.
"""

import ctypes
import math
import os
import signal
import subprocess
import sys
import threading
import time

from config.databases import is_only_read

MARK = "COMMONPLACE_SUPERVISED"  # in the environment of the server and its workers
PR_SET_PDEATHSIG = 1
NEVER_STARTED = 5  # seconds; what gives up sooner, twice, is a mistake that another try does not mend
PAUSE = 0.5
LONGEST_END = 15  # seconds; granian gives its workers ten
PAUSE_BESIDE = 5  # seconds
MAIL = "--mail"
UNTIL_WRITABLE = "--until-writable"
LOOK_EVERY = 2  # seconds


def supervised(command: list[str], *, with_mail=False, only_read="") -> list[str]:
    """The command that runs this one and keeps it up. ``only_read``: a database that nobody can write to as yet."""
    until = [UNTIL_WRITABLE, str(only_read)] if only_read else []
    return [sys.executable, "-m", "config.supervisor", *until, *([MAIL] if with_mail else []), *command]


def end_with_parent():
    """Let the kernel send SIGTERM to this process when the one that started it is gone. Linux only."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def end_with_supervised_server():
    """For a worker of a server that is kept up here; under any other server nothing happens."""
    if os.environ.get(MARK):
        end_with_parent()


def begin_again_when_writable(name):
    """The site was started where it could only be read; begun again, its processes open the database as usual."""
    while is_only_read(name):
        time.sleep(LOOK_EVERY)
    os.kill(os.getpid(), signal.SIGHUP)


class Companion(threading.Thread):
    """A process beside the server that has its turn when nothing else wants the processor; begun again when it ends."""

    def __init__(self, command):
        super().__init__(daemon=True)
        self.command = command
        self.process = None
        self.is_over = threading.Event()

    def run(self):
        while not self.is_over.is_set():
            self.process = subprocess.Popen(  # noqa: S603
                self.command, stdin=subprocess.DEVNULL, preexec_fn=_as_a_companion, process_group=0
            )
            code = self.process.wait()
            self.is_over.wait(0 if code == 0 else PAUSE_BESIDE)

    def begin_again(self):
        """With new code: it ends after what it has in hand."""
        if self.process is not None:
            self.process.terminate()

    def end(self):
        self.is_over.set()
        self.begin_again()


def _as_a_companion():
    end_with_parent()
    os.nice(10)


class Supervisor:
    def __init__(self, command, beside=(), only_read=""):
        self.command, self.only_read = command, only_read
        self.companions = [Companion(each) for each in beside]
        self.server = None
        self.is_ending = False

    def run(self) -> int:
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, self.end)
        signal.signal(signal.SIGHUP, self.renew)
        signal.signal(signal.SIGALRM, self.end_for_good)
        for each in self.companions:
            each.start()
        if self.only_read:
            threading.Thread(target=begin_again_when_writable, args=[self.only_read], daemon=True).start()
        gave_up = 0
        while True:
            began = time.monotonic()
            code = self.serve_once()
            if self.is_ending:
                return max(code, 0)
            # One that was killed (a negative code) might well have gone on; of one that ran, that much is known.
            if time.monotonic() - began >= NEVER_STARTED:
                gave_up = -math.inf
            elif code >= 0:
                gave_up += 1
            if gave_up == 2:
                return code or 1
            sys.stderr.write("The server has ended unasked; it is started again.\n")
            time.sleep(PAUSE)
            if self.is_ending:
                return 0

    def serve_once(self):
        # In a group of its own, so that Ctrl-C comes to us alone: told twice, granian may wait for itself for ever.
        environment = {**os.environ, MARK: "1"}
        self.server = subprocess.Popen(  # noqa: S603
            self.command,
            env=environment,
            preexec_fn=end_with_parent,
            process_group=0,
        )
        if self.is_ending:  # asked to end while it was being started
            self.server.terminate()
        return self.server.wait()

    def end(self, number, frame):
        self.is_ending = True
        signal.alarm(LONGEST_END)
        for each in self.companions:
            each.end()
        self.pass_on(signal.SIGTERM, frame)

    def renew(self, number, frame):
        for each in self.companions:
            each.begin_again()
        self.pass_on(number, frame)

    def end_for_good(self, number, frame):
        """A service manager tells every process at once, and the server has come to wait for itself."""
        self.pass_on(signal.SIGKILL, frame)

    def pass_on(self, number, frame):
        if self.server is not None and self.server.returncode is None:
            try:
                os.kill(self.server.pid, number)
            except ProcessLookupError:  # it was quicker
                return


def main(arguments):
    only_read = ""
    if arguments[0] == UNTIL_WRITABLE:
        _option, only_read, *arguments = arguments
    if arguments[0] != MAIL:
        return Supervisor(arguments, only_read=only_read).run()
    mail = [sys.executable, "manage.py", "work", "--parent", str(os.getpid())]
    return Supervisor(arguments[1:], beside=[mail], only_read=only_read).run()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
