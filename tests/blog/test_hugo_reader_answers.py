"""What our reader makes of small sites, held against what Hugo 0.168 answered for them.

Each file in tests/data/hugo/answers is a site (config, files) and Hugo's answers; what an answer leaves out is
empty, and lastmod and publish are then the date.
"""

import json
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote

import pytest

from blog.importers.hugo import HugoSource
from blog.importers.records import ImportedEntry
from tests.blog.hugo_program import ask, find_program, write_site

CASES = sorted((Path(__file__).parent.parent / "data" / "hugo" / "answers").glob("*.json"))
ASKED_AGAIN = CASES[::4]  # a build takes a third of a second
EMPTY = {
    "title": "",
    "date": None,
    "expiry": None,
    "draft": False,
    "weight": 0,
    "description": "",
    "aliases": [],
    "files": [],
}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_reader_agrees_with_hugo_about(case, tmp_path):
    site = json.loads(case.read_text())
    source = HugoSource(write_site(tmp_path, site["files"], site["config"]))
    entries = [entry for entry in source.entries() if isinstance(entry, ImportedEntry)]
    ours = {(entry.language, entry.source_path): as_answer(entry) for entry in entries}
    assert ours == {(a.get("language", ""), a["path"]): full(a) for a in site["answers"]}


@pytest.mark.hugo
@pytest.mark.skipif(find_program() is None, reason="the package hugo is not installed")
@pytest.mark.parametrize("case", ASKED_AGAIN, ids=lambda case: case.stem)
def test_hugo_still_answers_what_is_recorded_of(case, tmp_path):
    site = json.loads(case.read_text())
    answers = ask(find_program(), write_site(tmp_path, site["files"], site["config"]))
    told = {(a["language"], a["path"]): a for a in answers}
    only = next(iter(told))[0]
    for recorded in site["answers"]:
        answer = told[recorded.get("language", only), recorded["path"]]
        assert full(without_nothings(answer)) == full(recorded)


def as_answer(entry):
    return {
        "url": entry.path,
        "permalink": entry.guid,
        "title": entry.title,
        "date": entry.published_at,
        "lastmod": entry.modified_at,
        "publish": entry.public_at,
        "expiry": entry.expires_at,
        "draft": entry.draft,
        "weight": entry.weight,
        "description": entry.description,
        "aliases": [trimmed(alias) for alias in entry.aliases],
        "files": sorted(file.path for file in entry.files),
    }


def full(answer):
    filled = EMPTY | {key: value for key, value in answer.items() if key not in ("path", "language")}
    filled["permalink"] = answer.get("permalink", f"https://example.org{answer['url']}")
    filled["url"] = unquote(answer["url"])
    for key in ("date", "lastmod", "publish", "expiry"):
        filled[key] = moment(answer.get(key, answer.get("date")) if key != "expiry" else answer.get(key))
    filled["aliases"] = [trimmed(alias) for alias in filled["aliases"] or []]
    filled["files"] = sorted(unquote(path) for path in filled["files"])
    return filled


def without_nothings(answer):
    return {key: None if str(value).startswith("0001-01-01") else value for key, value in answer.items()}


def moment(text):
    return None if text is None or text.startswith("0001") else datetime.fromisoformat(text)


def trimmed(alias):
    return alias.rstrip("/")
