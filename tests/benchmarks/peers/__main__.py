"""What a page costs that is not stored, beside Puput, Mezzanine and django-comments-xtd:
python -m tests.benchmarks.peers [pages] [discussion] [--note]

Each is installed in an environment of its own from the package index, gets the same posts, and is asked by the same
loop for a post, the home page and a tag. Processor time, as multiples of a bare WSGI answer of the same process.
"""

import json
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

from tests.benchmarks.__main__ import Report, inside, note, prepared
from tests.benchmarks.peers import discussion, under_gunicorn
from tests.running import BASE

PEERS = {
    "Puput": ("tests.benchmarks.peers.puput_site", ["puput==2.2.0", "wagtail<6.5", "Django<5.3"]),
    "Mezzanine": ("tests.benchmarks.peers.mezzanine_site", ["mezzanine==6.1.1", "Django<4.3"]),
}
SIZES = (1000, 10000)
OURS = {"post": "post, 10 comments", "home": "home", "tag": "tag"}
BARS = {
    ("post", 1000): "1/15 of Puput's",
    ("home", 1000): "1/10 of Puput's",
    ("home", 10000): "1/30 of Puput's",
}


def environment(folder, packages):
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    done = subprocess.run(
        [python, "-m", "pip", "install", "--quiet", *packages], capture_output=True, text=True
    )
    return python if done.returncode == 0 else None


def costs(python, module, folder, *numbers):
    folder.mkdir(parents=True)
    command = [python, "-m", module, folder, *map(str, numbers)]
    done = subprocess.run(command, cwd=BASE, capture_output=True, text=True)
    if done.returncode:
        return (done.stderr.strip().splitlines() or ["no reason given"])[-1]
    return json.loads(done.stdout.splitlines()[-1])


def pages(report, folder):
    sites = {posts: prepared(folder / str(posts), posts) for posts in SIZES}
    under_gunicorn.compare(report, sites[1000])
    ours = {posts: json.loads(inside(site, "costs")) for posts, site in sites.items()}
    for name, (module, packages) in PEERS.items():
        python = environment(folder / name, packages)
        if python is None:
            report.missing(f"{name} does not install here ({' '.join(packages)})")
            continue
        for posts in SIZES:
            theirs = costs(python, module, folder / f"{name}-{posts}", posts)
            if isinstance(theirs, str):
                report.missing(f"{name} with {posts} posts does not run: {theirs}")
                continue
            for page, known_as in OURS.items():
                mine, other = ours[posts][known_as] / ours[posts]["bare"], theirs[page] / theirs["bare"]
                shown = f"ours is 1/{other / mine:.1f} ({ours[posts][known_as]:.1f} ms against {theirs[page]:.1f} ms)"
                report.say(f"{page} at {posts:,} posts beside {name}", shown, BARS.get((page, posts), ""))


def discussions(report, folder):
    discussion.compare(report, folder, environment, costs)


PARTS = {"pages": pages, "discussion": discussions}


def main(arguments):
    report = Report()
    chosen = [name for name in arguments if name in PARTS] or list(PARTS)
    for name in chosen:
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            PARTS[name](report, Path(folder))
    if "--note" in arguments:
        note(report, ["beside peers:", *chosen])


if __name__ == "__main__":
    main(sys.argv[1:])
