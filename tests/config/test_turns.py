"""Many who write at once keep nobody from reading, and none of them waits for ever."""

import threading

from config.turns import one_writer_at_a_time


class Desk:
    """An application that stays with each request until it is told to go on, and knows who was there together."""

    def __init__(self, patience):
        self.here, self.most = [], 0
        self.came, self.go_on = threading.Semaphore(0), threading.Event()
        self.app = one_writer_at_a_time(self.answer, patience)
        self.threads = []

    def answer(self, environ, start_response):
        self.here.append(environ["REQUEST_METHOD"])
        self.most = max(self.most, len(self.here))
        self.came.release()
        assert self.go_on.wait(30)
        self.here.pop()
        return []

    def ask(self, method):
        self.threads.append(threading.Thread(target=self.app, args=({"REQUEST_METHOD": method}, None)))
        self.threads[-1].start()

    def finish(self):
        self.go_on.set()
        for thread in self.threads:
            thread.join()


def test_those_who_write_come_one_after_the_other_and_readers_pass_them():
    desk = Desk(patience=30)
    for method in ("POST", "POST", "POST"):
        desk.ask(method)
    assert desk.came.acquire(timeout=30)
    desk.ask("GET")
    assert desk.came.acquire(timeout=30)
    assert desk.here == ["POST", "GET"]
    desk.finish()
    assert desk.most == 2


def test_nobody_waits_longer_than_is_bearable():
    desk = Desk(patience=0.01)
    for _writer in range(3):
        desk.ask("POST")
    assert all(desk.came.acquire(timeout=30) for _writer in range(3))
    desk.finish()


def test_a_failure_gives_the_turn_back():
    def fail(environ, start_response):
        raise ValueError

    app = one_writer_at_a_time(fail, patience=30)
    for _time in range(2):
        try:
            app({"REQUEST_METHOD": "POST"}, None)
        except ValueError:
            continue
        raise AssertionError("the failure was swallowed")
