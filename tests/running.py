"""A site of its own in processes of its own, as an operator runs it: for tests of what one process cannot show."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from urllib.parse import urlencode

from bs4 import BeautifulSoup

BASE = Path(__file__).resolve().parent.parent
OWN = ("DATABASE_URL", "CACHE_URL", "SITE_URL", "PORT", "DJANGO_SETTINGS_MODULE", "SECRET_KEY", "DEBUG")
POST = "/posts/first/"
PATIENCE = 60  # seconds; only a hang takes longer


class Site:
    """On SQLite unless a database is given. ``program`` is where its code lies, if not here."""

    def __init__(self, data_dir, program=BASE, **environment):
        self.data_dir = Path(data_dir)
        self.program = program
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        kept = {name: value for name, value in os.environ.items() if name not in OWN}
        given = {
            "DATA_DIR": str(data_dir),
            "PORT": str(self.port),
            "SITE_URL": self.url,
            "TRUSTED_PROXIES": "127.0.0.1",
            "LOG_LEVEL": "WARNING",
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "PYTHONPATH": str(program),
        }
        self.environment = {**kept, **given, **environment}
        # What the proxy in front of it says, where its own address is another.
        name = environment.get("SITE_URL", "").removeprefix("https://")
        self.headers = {"Host": name, "X-Forwarded-Proto": "https"} if name else {}

    def copy(self, data_dir, **environment):
        """Another site with the same content; this one must not be running."""
        shutil.copytree(self.data_dir, data_dir)
        return Site(data_dir, **environment)

    @property
    def database(self):
        return self.data_dir / "db.sqlite3"

    def manage(self, *arguments, succeeds=True):
        """Run a command to its end; the finished process with its output as text."""
        command = [sys.executable, "manage.py", *map(str, arguments)]
        done = subprocess.run(
            command,
            cwd=self.program,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=4 * PATIENCE,
        )
        assert not succeeds or done.returncode == 0, done.stdout + done.stderr
        return done

    def prepare(self):
        """Tables, static files, and one post that anybody may comment on."""
        self.manage("migrate", "--verbosity", "0")
        self.manage("collectstatic", "--no-input", "--verbosity", "0")
        self.shell(
            "from blog.models import SiteProfile; from tests.factories import make_post\n"
            "SiteProfile(comment_policy='open').save(); make_post('First', slug='first')"
        )

    def bodies(self):
        """What all stored comments say."""
        code = "import json; from comments.models import Comment; "
        code += "print(json.dumps(list(Comment.objects.values_list('body', flat=True))))"
        return json.loads(self.shell(code).splitlines()[-1])

    def shell(self, code):
        return self.manage("shell", "--verbosity", "0", "-c", code).stdout

    @contextmanager
    def serving(self, **options):
        server = self.start(**options)
        try:
            yield server
        finally:
            stop(server)

    def start(self, command=(sys.executable, "manage.py", "serve"), **options):
        server = subprocess.Popen(
            command,
            cwd=self.program,
            env=self.environment,
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=options.pop("stderr", subprocess.DEVNULL),
            **options,
        )
        self.wait_until_it_answers(server)
        return server

    def wait_until_it_answers(self, server=None):
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            assert server is None or server.poll() is None, "the server has ended"
            try:
                if self.get("/healthz").status == 200:
                    return
            except OSError:
                pass
            time.sleep(0.1)
        raise AssertionError("the site does not answer")

    def get(self, path, **headers):
        return _open(urllib.request.Request(self.url + path, headers=self.headers | headers))

    def post(self, path, data, **headers):
        return _open(urllib.request.Request(self.url + path, data=data, headers=self.headers | headers))


class Visitor:
    """Somebody with an address of their own, who fetches the form once and comments as often as they like."""

    numbers = count(1)

    def __init__(self, site):
        self.site = site
        page = site.get(f"{POST}comment/")
        self.cookie = page.headers["Set-Cookie"].partition(";")[0]
        form = BeautifulSoup(page.read(), "html.parser").select_one("main form.comment-form")
        self.fields = {field["name"]: field.get("value", "") for field in form.select("input[name]")}

    def says(self, words):
        """The answer to a comment. Each comes from another address, for one address may not send many."""
        number = next(self.numbers)
        address = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
        fields = {**self.fields, "author_name": "Ann", "body": words, "send": ""}
        headers = {"Cookie": self.cookie, "Referer": self.site.url, "X-Forwarded-For": address}
        return self.site.post(f"{POST}comment/", urlencode(fields).encode(), **headers)


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_arguments):
        return None


_opener = urllib.request.build_opener(_NoRedirects)


def _open(request):
    try:
        return _opener.open(request, timeout=PATIENCE)
    except urllib.error.HTTPError as answer:
        return answer


def stop(server):
    """End the server and everything it started, however it feels about that."""
    kept_up = _children(server.pid)
    for group in (server.pid, *kept_up):
        with suppress(ProcessLookupError):
            os.killpg(group, signal.SIGKILL)
    server.wait()


def workers(server):
    """The processes that answer, below the server, below what keeps the server up."""
    return [worker for each in _children(server.pid) for worker in _children(each)]


def family(server):
    return [server.pid, *_children(server.pid), *workers(server)]


def _children(pid):
    try:
        return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:  # gone meanwhile
        return []


def free_port():
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return trial.getsockname()[1]
