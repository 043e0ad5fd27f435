import errno
import json
import logging

import pytest

from config import logs
from tests.factories import make_post


@pytest.fixture
def lines():
    """Everything that is logged, as each format writes it."""
    written = {"plain": [], "json": []}
    formatters = {"plain": logs.Plain(), "json": logs.Json()}

    class Collector(logging.Handler):
        def emit(self, record):
            for name, formatter in formatters.items():
                written[name].append(formatter.format(record))

    collector = Collector()
    root = logging.getLogger()
    level = root.level
    root.addHandler(collector)
    root.setLevel(logging.INFO)
    yield written
    root.removeHandler(collector)
    root.setLevel(level)


def of_requests(lines):
    return [line for line in map(json.loads, lines["json"]) if line["logger"] == "config.requests"]


def test_every_request_has_an_id_in_its_answer_and_in_its_line(client, db, lines):
    response = client.get("/healthz?token=secret")
    (line,) = of_requests(lines)
    assert len(response["X-Request-ID"]) == 32
    assert line["request_id"] == response["X-Request-ID"]
    assert (line["method"], line["path"], line["status"]) == ("GET", "/healthz", 200)
    assert line["milliseconds"] > 0
    assert response["X-Request-ID"] in lines["plain"][-1]


def test_two_requests_have_two_ids(client, db):
    assert client.get("/healthz")["X-Request-ID"] != client.get("/healthz")["X-Request-ID"]


def test_the_id_of_a_trusted_proxy_is_kept_and_a_strangers_is_not(client, db, settings):
    settings.TRUSTED_PROXIES = ["10.0.0.0/8"]
    client.handler.load_middleware()
    given = {"HTTP_X_REQUEST_ID": "from-the-proxy-1"}
    assert client.get("/healthz", REMOTE_ADDR="10.1.1.1", **given)["X-Request-ID"] == "from-the-proxy-1"
    assert client.get("/healthz", REMOTE_ADDR="192.0.2.1", **given)["X-Request-ID"] != "from-the-proxy-1"


def test_an_id_that_could_break_a_line_is_not_taken(client, db, settings):
    settings.TRUSTED_PROXIES = ["127.0.0.1"]
    client.handler.load_middleware()
    assert "\n" not in client.get("/healthz", HTTP_X_REQUEST_ID="a\nb" * 10)["X-Request-ID"]


def test_nothing_a_visitor_writes_or_looks_for_is_logged(client, db, lines):
    post = make_post()
    form = {
        "author_name": "Ann",
        "author_email": "ann@example.org",
        "author_url": "",
        "body": "my secret words",
    }
    client.post(f"{post.path}comment/", form)
    client.get("/search/", {"q": "my secret words"})
    everything = "\n".join(lines["plain"] + lines["json"])
    assert "secret" not in everything
    assert "ann@example.org" not in everything


def test_an_error_is_logged_with_its_place_and_without_its_data(lines, caplog):
    try:
        raise ValueError("ann@example.org is refused\nDETAIL: Failing row contains (my secret words)")
    except ValueError:
        logging.getLogger("somewhere").exception("It went wrong")
    line = json.loads(lines["json"][-1])
    assert line["error"]["type"] == "ValueError"
    assert line["error"]["message"] == "[e-mail] is refused"
    assert "test_logs.py" in line["error"]["where"][-1]
    assert "secret" not in lines["plain"][-1]


def test_an_error_of_a_page_carries_the_id_that_the_reader_sees(client, db, lines, monkeypatch):
    monkeypatch.setattr("config.views.absolute", lambda path: 1 / 0)
    client.raise_request_exception = False
    response = client.get("/robots.txt")
    assert response.status_code == 500
    errors = [line for line in map(json.loads, lines["json"]) if line.get("error")]
    assert [line["request_id"] for line in errors] == [response["X-Request-ID"]]


def test_who_is_asked_to_try_again_is_a_warning_and_no_letter(
    client, db, lines, monkeypatch, settings, mailoutbox
):
    def full(*_arguments):
        raise OSError(errno.ENOSPC, "No space left on device")

    settings.ADMINS = [("Ann", "ann@example.org")]
    with monkeypatch.context() as patched:
        patched.setattr("django.core.handlers.base.BaseHandler.resolve_request", full)
        client.raise_request_exception = False
        assert client.get("/search/?q=walk").status_code == 503
    (line,) = [each for each in map(json.loads, lines["json"]) if each["logger"] == "django.request"]
    assert line["level"] == "WARNING"
    assert not mailoutbox


def test_a_line_stays_one_line(lines):
    logging.getLogger("somewhere").warning("one\ntwo\x1b[31m")
    assert lines["plain"][-1].count("\n") == 0
    assert "\x1b" not in lines["plain"][-1]
