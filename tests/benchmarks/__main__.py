"""Ratios measured side by side in one run: python -m tests.benchmarks [part …] [--note]

Parts: serving (stored pages beside bare bytes and nginx, memory, start), pages (what a page costs that is not stored),
rush, crowd (readers beside sixteen writers), fresh (100,000 mixed requests in search of a stale one), import, quotes.
All if none is named. Ratios only: the machine is whatever it is. --note adds them to docs/benchmarks.md with date and commit.
"""

import json
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from datetime import date
from pathlib import Path

from tests.databases import own_database
from tests.freshness import Hunt
from tests.running import BASE, Site, family, stop

NOTES = BASE / "docs" / "benchmarks.md"
ROUNDS = 5
SECONDS = 2
NGINX = """
daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log; worker_processes auto;
events {{}}
http {{ access_log off; client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder};
uwsgi_temp_path {folder}; scgi_temp_path {folder}; default_type text/html;
server {{ listen 127.0.0.1:{port}; root {folder}; }} }}
"""


class Report:
    def __init__(self):
        self.lines = []

    def say(self, what, value, bar=""):
        line = f"{what}: {value}" + (f"  (wanted: {bar})" if bar else "")
        print(line, flush=True)
        self.lines.append(line)

    def missing(self, what):
        self.say("MISSING", what)


def wrk(url, header="", connections=8):
    """Requests a second, and the 50th and 99th percentile in milliseconds."""
    command = ["wrk", "-t1", f"-c{connections}", f"-d{SECONDS}s", "--latency", url]
    said = subprocess.run(
        [*command, *(["-H", header] if header else [])], capture_output=True, text=True
    ).stdout
    bad = re.search(r"Non-2xx or 3xx responses: (\d+)|Socket errors: (.*)", said)
    assert not bad, f"{url}: {bad[0]}"
    return float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1]), *(
        _milliseconds(said, p) for p in ("50%", "99%")
    )


def _milliseconds(said, percentile):
    number, unit = re.search(rf"{percentile}\s+([\d.]+)(us|ms|s)", said).groups()
    return float(number) * {"us": 0.001, "ms": 1, "s": 1000}[unit]


def prepared(folder, posts):
    site = Site(folder)
    site.manage("migrate", "--verbosity", "0")
    site.manage("collectstatic", "--no-input", "--verbosity", "0")
    inside(site, "fill", str(posts))
    return site


def inside(site, *arguments):
    command = [sys.executable, "-m", "tests.benchmarks.inside", *arguments]
    done = subprocess.run(
        command, cwd=BASE, env=site.environment, check=True, stdout=subprocess.PIPE, text=True
    )
    return done.stdout


def serving(report, folder):
    site = prepared(folder / "serving", 1000)
    began = time.perf_counter()
    server = site.start()
    report.say("start to first answer", f"{time.perf_counter() - began:.2f} s", "1.5 s, quiet machine")
    page = site.get("/posts/ten/")
    body, tag = page.read(), page.headers["ETag"]
    targets = {
        "stored": (f"{site.url}/posts/ten/", ""),
        "304": (f"{site.url}/posts/ten/", f"If-None-Match: {tag}"),
    }
    beside = [_bare(targets, len(body))]
    if shutil.which("nginx"):
        beside.append(_nginx(targets, folder, body))
    else:
        report.missing("nginx is not installed: no comparison with a file served by it")
    time.sleep(2)
    rates = {name: [] for name in targets}
    for _round in range(ROUNDS):
        for name, (url, header) in targets.items():
            rates[name].append(wrk(url, header)[0])
    middle = {name: statistics.median(values) for name, values in rates.items()}
    report.say(
        "stored page / bare WSGI bytes, same server",
        f"{middle['stored'] / middle['bare']:.2f}",
        "0.80, aim 0.95",
    )
    if "nginx" in middle:
        report.say(
            "stored page / nginx's file", f"{middle['stored'] / middle['nginx']:.2f}", "0.50, aim 1.00"
        )
    report.say("304 / stored page", f"{middle['304'] / middle['stored']:.2f}", "1.00")
    report.say(
        "memory of server, workers and mail after that",
        f"{sum(map(_memory, family(server))) / 1024:.0f} MiB",
        "300, aim 150",
    )
    for process in [server, *beside]:
        stop(process)


def _bare(targets, size):
    other = Site(tempfile.mkdtemp())
    command = "import os,sys; from config import server; a = server.command(int(sys.argv[1])); "
    command += "a[-1] = 'tests.benchmarks.bare:application'; os.execv(a[0], a)"
    targets["bare"] = (f"{other.url}/", "")
    environment = {**other.environment, "BARE_BYTES": str(size)}
    return subprocess.Popen(
        [sys.executable, "-c", command, str(other.port)], cwd=BASE, env=environment, start_new_session=True
    )


def _nginx(targets, folder, body):
    other, root = Site(folder), folder / "nginx"
    root.mkdir()
    root.chmod(0o755)
    (root / "page.html").write_bytes(body)
    (root / "nginx.conf").write_text(
        "user root;" * (os.getuid() == 0) + NGINX.format(folder=root, port=other.port)
    )
    targets["nginx"] = (f"{other.url}/page.html", "")
    return subprocess.Popen(["nginx", "-c", str(root / "nginx.conf")], start_new_session=True)


def _memory(pid):
    """Its part of the machine's memory in KiB, shared pages divided among those who share them."""
    return int(re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)[1])


def pages(report, folder):
    sites = {posts: prepared(folder / str(posts), posts) for posts in (1000, 10000)}
    runs = {
        posts: [json.loads(inside(site, "costs")) for _round in range(1)] for posts, site in sites.items()
    }
    few, many = runs[1000][0], runs[10000][0]
    report.say(
        "processor time, stored page inside the application / bare", f"{few['stored'] / few['bare']:.1f}"
    )
    for name in few:
        if name not in ("bare", "stored"):
            grown = f"{many[name] / few[name]:.2f} at 10,000 posts against 1,000"
            report.say(f"{name}, not stored", f"{few[name]:.1f} ms of processor; {grown}", "1.15")
    report.say(
        "50 comments / 10 comments",
        f"{few['post, 50 comments'] / few['post, 10 comments']:.2f}",
        "2, aim 1.3",
    )


def rush(report, folder):
    """200 readers on one post while five comments a second arrive and its author saves it."""
    from tests.freshness import _editor

    site = Site(folder / "rush")
    site.prepare()
    with site.serving():
        key = site.shell("from tests import deeds; print(deeds.prepare())").split()[-1]
        site.get("/posts/first/").read()
        idle = wrk(f"{site.url}/posts/first/", connections=200)[1]
        ended, errors = threading.Event(), []

        def talk():
            editor = _editor(site, key)
            while not ended.wait(0.2):
                answer = editor.says(f"A word at {time.time()}")
                if answer.status != 302:
                    errors.append(answer.status)

        talker = threading.Thread(target=talk)
        talker.start()
        save = "import time; from blog.models import Post\nfor n in range(8): p = Post.objects.get(slug='first'); "
        saver = threading.Thread(
            target=site.shell, args=[save + "p.summary = str(n); p.save(); time.sleep(1)"]
        )
        saver.start()
        busy = [wrk(f"{site.url}/posts/first/", connections=200) for _round in range(ROUNDS)]
        ended.set()
        talker.join(), saver.join()
    report.say("rush: errors", len(errors), "0")
    slow = statistics.median(p99 for _rate, _p50, p99 in busy)
    report.say("rush: p99 of 200 readers / their p50 while nothing changes", f"{slow / idle:.1f}", "10")


def fresh(report, folder):
    site = Site(folder / "fresh")
    site.prepare()
    _hunt(report, "SQLite, one server", [site])
    if not (server := os.environ.get("TEST_DATABASE_URL")):
        report.missing("TEST_DATABASE_URL names no PostgreSQL server: no hunt over two machines")
        return
    shared = {"CACHE_URL": os.environ["TEST_CACHE_URL"]} if "TEST_CACHE_URL" in os.environ else {}
    with own_database(server, "bench") as database:
        shared |= {"DATABASE_URL": database, "SECRET_KEY": "one-secret-for-both-machines-0123456789"}
        sites = [Site(folder / name, **shared) for name in ("left", "right")]
        sites[0].prepare()
        sites[1].manage("collectstatic", "--no-input", "--verbosity", "0")
        _hunt(report, f"PostgreSQL {'and Redis' if 'CACHE_URL' in shared else 'alone'}, two servers", sites)


def _hunt(report, name, sites):
    reads = int(os.environ.get("FRESH_READS", "100000"))
    servers = [site.start() for site in sites]
    hunt = Hunt(sites).run(reads // 50, reads=reads)
    for server in servers:
        stop(server)
    report.say(f"stale answers, {name}", f"{len(hunt.stale)} of {hunt.reads.total()} {dict(hunt.reads)}", "0")
    for line in [*hunt.stale[:5], *hunt.errors[:5]]:
        report.say("fresh", line)


def imports(report, folder):
    _other(report, "tests.benchmarks.import_hugo", "10000")


def quotes(report, folder):
    _other(report, "tests.benchmarks.quotes")


def crowd(report, folder):
    _other(report, "tests.benchmarks.crowd")


def _other(report, module, *arguments):
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments], cwd=BASE, capture_output=True, text=True
    )
    for line in (done.stdout or done.stderr).strip().splitlines()[-12:]:
        report.say(module.rpartition(".")[2], line)


PARTS = {
    "serving": serving,
    "pages": pages,
    "rush": rush,
    "crowd": crowd,
    "fresh": fresh,
    "import": imports,
    "quotes": quotes,
}


def note(report, parts):
    """Add what was measured to the history, with date and commit."""
    command = ["git", "rev-parse", "--short", "HEAD"]
    commit = subprocess.run(command, cwd=BASE, capture_output=True, text=True).stdout.strip()
    with NOTES.open("a") as notes:
        notes.write(f"\n## {date.today()}, {commit}, {' '.join(parts)}\n\n")
        notes.write("".join(f"- {line}\n" for line in report.lines))


def main(arguments):
    chosen = [name for name in arguments if name in PARTS] or list(PARTS)
    report = Report()
    for name in chosen:
        if name in ("serving", "rush") and not shutil.which("wrk"):
            report.missing(f"wrk is not installed: no {name}")
            continue
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            PARTS[name](report, Path(folder))
    if "--note" in arguments:
        note(report, chosen)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    main(sys.argv[1:])
