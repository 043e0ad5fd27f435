"""What has to be changed in a copy of a site before a Hugo of today, without the site's theme and without a network,
builds it. Each repair answers what Hugo said of the try before."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

from blog.importers import frontmatter
from blog.importers.hugo_files import FOREIGN
from blog.rendering.shortcodes import Call, parse_shortcodes

TEXTS = (".md", ".markdown", ".mdown", ".html", ".htm")
ADAPTER = "_content.gotmpl"  # https://gohugo.io/content-management/content-adapters/
INNER = "{{ with .Inner }}{{ . }}{{ end }}"


class Repairs:
    """stubs: shortcodes that are not there, or fail; left_out: files that Hugo does not read."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.stubs: dict[str, str] = {}
        self.left_out: list[str] = []

    def make(self, said: str) -> bool:
        """Whether anything was changed."""
        return (
            _without_refused_setting(self.folder / "hugo.json", said)
            or _rename_build(self.folder, said)
            or _close_shortcodes(self.folder, said, self.stubs)
            or self._stub(said)
            or self._drop_template(said)
            or self._leave_out(said)
        )

    def _stub(self, said: str) -> bool:
        """Put something simple in the place of a shortcode that came with a theme, that this Hugo has given up,
        or whose template fails."""
        wanted = _stubs_for(said) or _failing(said)
        if not wanted or all(self.stubs.get(name) == text for name, text in wanted.items()):
            return False
        for name, text in wanted.items():
            (self.folder / "layouts" / "_shortcodes" / f"{name}.html").unlink(missing_ok=True)
            path = self.folder / "layouts" / "shortcodes" / f"{name}.html"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        self.stubs |= wanted
        return True

    def _drop_template(self, said: str) -> bool:
        """Take away the innermost partial that fails, or a template for links, headings and the like, so that
        Hugo's own is used."""
        partials = re.findall(r"_?partials/([\w./-]+\.html):", said)[-1:]
        names = [f"{folder}/{name}" for name in partials for folder in ("partials", "_partials")]
        names += re.findall(r"layouts/((?:_default/)?_markup/[\w./-]+\.html)", said)
        return any(_unlink(self.folder / "layouts" / name) for name in names if ".." not in name)

    def _leave_out(self, said: str) -> bool:
        """Take away a text that Hugo does not read; with one that needs a program, all that need it."""
        for line in said.splitlines():
            names = (
                re.findall(rf'{re.escape(str(self.folder))}/([^"]+):\d+:\d+"', line)
                if "ERROR" in line
                else []
            )
            for name in reversed(names):
                if ".." not in name and self._without(self.folder / name):
                    return True
        return False

    def _without(self, path: Path) -> bool:
        if path.suffix[1:] in FOREIGN:
            gone = [other for other in sorted(self.folder.rglob(f"*{path.suffix}")) if _unlink(other)]
        else:
            gone = [path] if (path.suffix in TEXTS or path.name == ADAPTER) and _unlink(path) else []
        self.left_out += [str(each.relative_to(self.folder)) for each in gone]
        return bool(gone)


def _unlink(path: Path) -> bool:
    found = path.is_file()
    path.unlink(missing_ok=True)
    return found


def _failing(said: str) -> dict[str, str]:
    """The innermost shortcode whose template failed."""
    failed = re.findall(r"layouts/_?shortcodes/([\w./-]+)\.html", said)
    return dict.fromkeys(_safe(failed[-1:]), INNER)


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
    return dict.fromkeys(_safe(missing), INNER)


def _safe(names: list[str]) -> list[str]:
    return [name.removesuffix(".html") for name in names if ".." not in name and not name.startswith("/")]
