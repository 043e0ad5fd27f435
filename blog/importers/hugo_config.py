"""A Hugo site's configuration: read from hugo.*, config.* and config/_default/, and what follows from it.

https://gohugo.io/configuration/introduction/ . Keys have no case and are lower here, however deep.
"""

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, tzinfo
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

from blog.importers import yaml12
from blog.importers.hugo_dates import order_from
from blog.importers.hugo_match import matches
from blog.importers.hugo_paths import Rules
from blog.importers.hugo_values import lower_keys, merged, to_bool, to_list, to_table, to_text
from blog.importers.records import SourceError

SUFFIXES = (".toml", ".yaml", ".yml", ".json")
ROOT_NAMES = ("hugo", "config")
MAX_CONFIG_BYTES = 5_000_000


@dataclass(frozen=True)
class Language:
    """One language of a site, with the settings that hold in it.

    code    "" in a site of one language
    values  the whole configuration, this language's own on top
    """

    code: str
    values: Mapping[str, Any]
    rules: Rules
    base_url: str
    zone: tzinfo = UTC
    permalinks: tuple[tuple[str, str, str], ...] = ()
    date_order: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    taxonomies: tuple[str, ...] = ()

    def pattern_for(self, kind: str, path: str) -> str:
        """The permalink pattern of a page by its path as Hugo looks it up ("/posts/x"), "" if none applies."""
        for wanted, glob, pattern in self.permalinks:
            if wanted in ("", kind) and matches(glob, path):
                return pattern
        return ""


@dataclass(frozen=True)
class Configuration:
    values: Mapping[str, Any]
    languages: tuple[Language, ...]
    exists: bool
    disabled: tuple[str, ...] = ()
    remarks: tuple[tuple[Path, int, str], ...] = ()  # (file, line, what is odd there)

    @property
    def codes(self) -> tuple[str, ...]:
        """What file names may carry as their language: "en" too in a site of one language."""
        default = str(self.values.get("defaultcontentlanguage") or "en").lower()
        return tuple(language.code for language in self.languages if language.code) or (default,)

    @property
    def main(self) -> Language:
        return self.languages[0]


def read(folder: Path) -> Configuration:
    """The configuration of the site in a folder. Raises SourceError where a file of it cannot be read."""
    remarks: list[tuple[Path, int, str]] = []
    values = _read_root(folder, remarks)
    environments = [folder / "config" / name for name in ("_default", "production")]
    found = values is not None
    values = values or {}
    for environment in environments:
        if environment.is_dir() and _is_inside(environment, folder):
            for name, part in _read_folder(environment, folder, remarks):
                values, found = _laid_on(values, name, part), True
    return replace(configured(values, exists=found), remarks=tuple(remarks))


def configured(values: Mapping[str, Any], *, exists: bool = True) -> Configuration:
    values = lower_keys(values)
    if "languagecode" in values:
        values.setdefault("locale", values["languagecode"])
    tables, disabled = _language_tables(values)
    return Configuration(values, _languages(values, tables), exists, disabled)


def _read_root(folder: Path, remarks: list[tuple[Path, int, str]]) -> dict[str, Any] | None:
    for name in ROOT_NAMES:
        for suffix in SUFFIXES:
            path = folder / (name + suffix)
            if path.is_file() and _is_inside(path, folder):
                return lower_keys(_read_file(path, remarks))
    return None


def _read_folder(
    environment: Path, folder: Path, remarks: list[tuple[Path, int, str]]
) -> list[tuple[str, dict[str, Any]]]:
    files = [path for path in sorted(environment.iterdir()) if path.suffix in SUFFIXES and path.is_file()]
    inside = [path for path in files if _is_inside(path, folder)]
    return [(path.stem.lower(), lower_keys(_read_file(path, remarks))) for path in inside]


def _is_inside(path: Path, folder: Path) -> bool:
    return path.resolve().is_relative_to(folder.resolve())


def _laid_on(values: dict[str, Any], name: str, part: dict[str, Any]) -> dict[str, Any]:
    """A file of a configuration folder says by its name where its content belongs: params.ja.toml."""
    if name in ROOT_NAMES:
        return merged(values, part)
    key, _, language = name.partition(".")
    key = "menus" if key == "menu" else key
    if not language:
        return merged(values, {key: part})
    inner = part if key == "languages" else {key: part}
    return merged(values, {"languages": {language: inner}})


def _read_file(path: Path, remarks: list[tuple[Path, int, str]]) -> dict[str, Any]:
    repeated: list[tuple[int, str]] = []
    try:
        if path.stat().st_size > MAX_CONFIG_BYTES:
            raise SourceError(f"{path} is too large for a configuration file.")
        text = path.read_text(encoding="utf-8-sig")
        if path.suffix == ".toml":
            values = tomllib.loads(text)
        elif path.suffix == ".json":
            values = json.loads(text)
        else:
            values = yaml12.load(text, repeated) or {}
    except yaml12.YAMLReadError as error:
        raise SourceError(f"{path}:{error.line}: {error.reason}. Hugo cannot read this either.") from None
    except (OSError, ValueError, RecursionError) as error:
        raise SourceError(
            f"{path}: {error}. The site's addresses depend on its configuration; mend it first."
        ) from None
    if not isinstance(values, dict):
        raise SourceError(f"{path} does not hold a table of settings.")
    remarks += [(path, line, yaml12.TWICE.format(key=key)) for line, key in repeated]
    return values


def _language_tables(values: Mapping[str, Any]) -> tuple[dict[str, dict[str, Any]], tuple[str, ...]]:
    """The tables of the languages in use, and the codes of those that are switched off."""
    off = {str(code).lower() for code in to_list(values.get("disablelanguages"))}
    tables = {code: to_table(table) for code, table in to_table(values.get("languages")).items()}
    off |= {code for code, table in tables.items() if to_bool(table.get("disabled"))}
    return {code: table for code, table in tables.items() if code not in off}, tuple(off & tables.keys())


def _languages(values: Mapping[str, Any], tables: dict[str, dict[str, Any]]) -> tuple[Language, ...]:
    """The languages, the default one first."""
    default = str(values.get("defaultcontentlanguage") or "en").lower()
    if not tables:
        return (_language("", values, prefix=f"/{default}" if _in_subdir(values) else ""),)
    if default not in tables:
        default = min(tables, key=lambda code: (_weight(tables[code]), code))
    codes = sorted(tables, key=lambda code: (code != default, _weight(tables[code]), code))
    return tuple(
        _language(
            code if len(codes) > 1 else "",
            merged(values, tables[code]),
            prefix=f"/{code}" if code != default or _in_subdir(values) else "",
        )
        for code in codes
    )


def _weight(table: Mapping[str, Any]) -> float:
    weight = table.get("weight")
    return weight if isinstance(weight, (int, float)) and weight else float("inf")


def _in_subdir(values: Mapping[str, Any]) -> bool:
    return bool(to_bool(values.get("defaultcontentlanguageinsubdir")))


def _language(code: str, values: Mapping[str, Any], *, prefix: str) -> Language:
    base_url = to_text(values.get("baseurl")) or ""
    return Language(
        code,
        values,
        _rules(values, prefix, base_url),
        base_url,
        zone=_zone(to_text(values.get("timezone")) or ""),
        permalinks=_permalinks(values.get("permalinks")),
        date_order=order_from(to_table(values.get("frontmatter"))),
        taxonomies=_taxonomies(values),
    )


def _rules(values: Mapping[str, Any], prefix: str, base_url: str) -> Rules:
    ugly = values.get("uglyurls")
    base_path = "" if to_bool(values.get("canonifyurls")) else unquote(urlsplit(base_url).path).rstrip("/")
    return Rules(
        keep_case=bool(to_bool(values.get("disablepathtolower"))),
        remove_accents=bool(to_bool(values.get("removepathaccents"))),
        prefix=prefix,
        base_path=base_path,
        ugly=ugly is True,
        ugly_sections=frozenset(section for section, wanted in to_table(ugly).items() if to_bool(wanted)),
    )


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name) if name else UTC
    except (KeyError, ValueError, OSError):
        return UTC


def _permalinks(section: Any) -> tuple[tuple[str, str, str], ...]:
    """(kind, glob of paths, pattern), the first that matches counts; the most special ones come first."""
    if isinstance(section, list):
        return tuple(_permalink_rule(table) for table in section if isinstance(table, dict))
    rules = []
    for key, value in to_table(section).items():
        if isinstance(value, dict):
            rules += [(key, _section_glob(inner), to_text(pattern) or "") for inner, pattern in value.items()]
        else:
            rules += [(kind, _section_glob(key), to_text(value) or "") for kind in ("page", "term")]
    return tuple(sorted(rules, key=lambda rule: -rule[1].count("/")))


def _permalink_rule(table: Mapping[str, Any]) -> tuple[str, str, str]:
    target = to_table(table.get("target"))
    path = str(target.get("path") or "**").lower()
    return str(target.get("kind") or "").lower(), path, to_text(table.get("pattern")) or ""


def _section_glob(section: str) -> str:
    name = section.strip(" /")
    return f"/{{{name},{name}/**}}" if name else "/*"


def _taxonomies(values: Mapping[str, Any]) -> tuple[str, ...]:
    table = values.get("taxonomies", {"tag": "tags", "category": "categories"})
    names = (to_text(plural) or "" for plural in to_table(table).values())
    return tuple(dict.fromkeys(re.sub(r"^/|/$", "", name.lower()) for name in names if name))
