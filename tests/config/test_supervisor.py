import os
import signal
import subprocess
import sys
import time
from itertools import count
from pathlib import Path

import pytest

from config import supervisor

ROOT = Path(__file__).resolve().parents[2]


def keep_up(code):
    command = supervisor.supervised([sys.executable, "-c", code])
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def is_there(pid):
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def wait_until(condition):
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_site_that_could_only_be_read_begins_again_when_it_can_be_written(monkeypatch):
    answers, sent = iter([True, True, False]), []
    monkeypatch.setattr(supervisor, "is_only_read", lambda _name: next(answers))
    monkeypatch.setattr(supervisor.time, "sleep", lambda _seconds: None)
    monkeypatch.setattr(supervisor.os, "kill", lambda pid, number: sent.append((pid, number)))
    supervisor.begin_again_when_writable("db.sqlite3")
    assert sent == [(os.getpid(), signal.SIGHUP)]


SERVE = "import os, signal; print(os.getpid(), flush=True); signal.pause()"


def test_a_server_that_cannot_start_is_not_tried_for_ever():
    process = keep_up("import sys; sys.exit('the port is taken')")
    assert "the port is taken" in process.communicate(timeout=30)[1]
    assert process.returncode == 1


@pytest.fixture
def ended_with(monkeypatch):
    """ended_with(codes, after=seconds) -> (how the supervisor ended, the codes it did not come to); "asked" asks it to."""

    def run(codes, after):
        left, kept, clock = list(codes), supervisor.Supervisor(["server"]), count(step=after)

        def serve_once():
            kept.is_ending = left[0] == "asked"
            return 0 if left.pop(0) == "asked" else codes[-len(left) - 1]

        monkeypatch.setattr(kept, "serve_once", serve_once)
        monkeypatch.setattr(supervisor.time, "monotonic", lambda: next(clock))
        monkeypatch.setattr(supervisor, "PAUSE", 0)
        monkeypatch.setattr(signal, "signal", lambda *_: None)
        return kept.run(), left

    return run


def test_a_server_that_ran_is_started_again_whatever_ended_it(ended_with):
    assert ended_with([1, -9, 1, 1, "asked"], after=6) == (0, [])


def test_a_server_that_was_killed_at_once_is_started_again(ended_with):
    assert ended_with([-9, -9, 1, -9, "asked"], after=1) == (0, [])


def test_a_server_that_gave_up_at_once_twice_is_not_tried_again(ended_with):
    assert ended_with([1, -9, 3, "asked"], after=1) == (3, ["asked"])


def test_it_ends_with_what_it_keeps_up_when_it_is_asked_to():
    process = keep_up("import signal, sys; signal.signal(15, lambda *_: sys.exit(0)); " + SERVE)
    server = int(process.stdout.readline())
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=30) == 0
    wait_until(lambda: not is_there(server))


def test_a_server_that_does_not_end_is_ended_for_good(monkeypatch):
    code = "from config import supervisor; import sys; supervisor.LONGEST_END = 1; "
    code += "sys.exit(supervisor.Supervisor([sys.executable, '-c', sys.argv[1]]).run())"
    deaf = "import signal; signal.signal(15, signal.SIG_IGN); " + SERVE.replace(
        "signal.pause()", "[signal.pause() for _ in range(9)]"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, deaf], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    server = int(process.stdout.readline())
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=30) == 0
    wait_until(lambda: not is_there(server))


def test_ctrl_c_reaches_the_server_once_and_as_a_quiet_end():
    """A terminal tells every process of its group; the server is told by us alone."""
    told = "import signal, sys; signal.signal(2, lambda *_: print('twice', flush=True)); "
    told += "signal.signal(15, lambda *_: sys.exit(0)); " + SERVE
    command = supervisor.supervised([sys.executable, "-c", told])
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True)
    process.stdout.readline()
    os.killpg(process.pid, signal.SIGINT)
    assert process.communicate(timeout=30)[0] == ""
    assert process.returncode == 0


def test_nothing_is_left_when_it_is_killed_itself():
    process = keep_up(SERVE)
    server = int(process.stdout.readline())
    assert is_there(server)
    process.kill()
    process.wait()
    if sys.platform == "linux":
        wait_until(lambda: not is_there(server))
    else:
        os.kill(server, signal.SIGKILL)


def test_new_code_is_asked_for_by_the_same_signal():
    process = keep_up(
        "import signal; signal.signal(1, lambda *_: print('again', flush=True))\n"
        + SERVE.replace("signal.pause()", "[signal.pause() for _ in range(9)]")
    )
    process.stdout.readline()
    process.send_signal(signal.SIGHUP)
    assert process.stdout.readline() == "again\n"
    process.terminate()
    process.wait(timeout=30)


# Each line in one piece, whatever Python was told about buffers: two processes write here.
TELL = "import os, signal; os.write(1, b'%s %%d\\n' %% os.getpid()); signal.pause()"
BESIDE = (
    "from config import supervisor; import sys; supervisor.PAUSE_BESIDE = 0; run = [sys.executable, '-c']; "
    "sys.exit(supervisor.Supervisor([*run, sys.argv[1]], beside=[[*run, sys.argv[2]]]).run())"
)


@pytest.fixture
def with_companion():
    """The process that keeps both up, and a function that reads what a new companion says: its number."""
    process = subprocess.Popen(
        [sys.executable, "-c", BESIDE, TELL % "server", TELL % "beside"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )

    def companion():
        while not (line := process.stdout.readline()).startswith("beside"):
            assert line, "nothing is said any more"
        return int(line.split()[1])

    yield process, companion
    process.kill()
    process.wait()


def test_the_process_beside_the_server_is_started_again_when_it_was_killed(with_companion):
    _process, companion = with_companion
    first = companion()
    os.kill(first, signal.SIGKILL)
    second = companion()
    assert second != first
    assert is_there(second)


def test_the_process_beside_the_server_takes_up_new_code_with_it(with_companion):
    process, companion = with_companion
    first = companion()
    process.send_signal(signal.SIGHUP)
    second = companion()
    wait_until(lambda: not is_there(first))
    process.terminate()
    process.wait(timeout=30)
    wait_until(lambda: not is_there(second))
