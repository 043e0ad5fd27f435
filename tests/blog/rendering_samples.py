"""Samples of Markdown with what the real Hugo makes of them.

``tests/data/rendering/<set>/`` holds a Hugo configuration (config.json), sources (``*.md``) and for each
source Hugo's answers (``*.json``). ``python -m tests.blog.rendering_samples`` records the answers anew.
"""

import json
import subprocess
import tempfile
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

from tests.blog.hugo_program import find_program

FOLDER = Path(__file__).parent.parent / "data" / "rendering"
LISTING = """\
{{- range site.RegularPages -}}
{{- dict "name" .File.BaseFileName "html" (printf "%s" .Content) "toc" (printf "%s" .TableOfContents)
  "summary" (printf "%s" .Summary) "words" .WordCount | jsonify }}
{{ end -}}
"""


def sets():
    return sorted(path.parent.name for path in FOLDER.glob("*/config.json"))


def sources(name):
    return sorted((FOLDER / name).glob("*.md"))


def config(name):
    return json.loads((FOLDER / name / "config.json").read_text())


def hugo_answers(program, name):
    """What Hugo makes of the sources of a set, by the name of the source."""
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder)
        (site / "content").mkdir()
        (site / "layouts").mkdir()
        for source in sources(name):
            (site / "content" / source.name).write_bytes(b"---\ntitle: x\n---\n" + source.read_bytes())
        (site / "hugo.json").write_text(json.dumps(_with_classes(config(name))))
        (site / "layouts" / "all.html").write_text("{{ .Title }}")
        (site / "layouts" / "home.html").write_text(LISTING)
        command = [program, "--source", site, "--noBuildLock", "--cacheDir", site / "cache"]
        subprocess.run(command, capture_output=True, timeout=60, check=True)
        lines = (site / "public" / "index.html").read_text().splitlines()
    return {row.pop("name"): row for row in map(json.loads, filter(None, lines))}


def _with_classes(values):
    """Without colours written into the HTML, and without pages that nobody looks at."""
    markup = values.get("markup", {})
    highlight = {**markup.get("highlight", {}), "noClasses": False}
    return {
        **values,
        "baseURL": "https://example.org/",
        "disableKinds": ["rss", "sitemap", "taxonomy", "term"],
        "markup": {**markup, "highlight": highlight},
    }


def record():
    program = find_program()
    for name in sets():
        for source, answer in hugo_answers(program, name).items():
            text = json.dumps(answer, ensure_ascii=False, indent=1) + "\n"
            (FOLDER / name / f"{source}.json").write_text(text)


class _Outline(HTMLParser):
    """Tags, attributes and text as a list in which only differences that can be seen are left."""

    def __init__(self):
        super().__init__()
        self.parts = []
        self.code = 0

    def handle_starttag(self, tag, attrs):
        self.code += tag == "pre"
        if self.code and tag == "span":  # which words a highlighter colours is its own affair
            return
        values = sorted((name, unquote(value or "").strip("; ")) for name, value in attrs)
        self.parts.append((tag, *values))

    def handle_endtag(self, tag):
        if self.code and tag == "span":
            return
        self.code -= tag == "pre"
        self.parts.append("/" + tag)

    def handle_data(self, data):
        if self.parts and isinstance(self.parts[-1], str) and self.parts[-1].startswith("="):
            data = self.parts.pop()[1:] + data
        text = data if self.code else " ".join(data.split())
        if text.strip():
            self.parts.append("=" + text.strip("\n"))


def outline(html):
    parser = _Outline()
    parser.feed(html.replace("\r\n", "\n"))  # as browsers do
    parser.close()
    return parser.parts


if __name__ == "__main__":
    record()
