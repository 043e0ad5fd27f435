"""Values that a section or the configuration hands down to the pages below it.

https://gohugo.io/content-management/front-matter/#cascade . What a page says itself counts before what it
inherits, and the nearest section before the farther ones.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from blog.importers.hugo_match import matches
from blog.importers.hugo_values import to_list, to_table, to_text

ENVIRONMENT = "production"
NOT_HANDED_DOWN = {"kind", "path", "lang", "cascade", "target", "_target", "params"}
# What Hugo reads at the top of the front matter only; in a `params` table these are names like any other.
RESERVED_WORDS = """
    aliases build _build date description draft expirydate headless iscjklanguage keywords lastmod layout linktitle
    markup modified outputs pubdate publishdate published resources sitemap slug summary title translationkey type
    unpublishdate url weight
"""
RESERVED = frozenset(RESERVED_WORDS.split())


@dataclass(frozen=True)
class Cascade:
    values: Mapping[str, Any]
    path: str = ""
    kind: str = ""
    languages: tuple[str, ...] = ()
    environment: str = ""

    def reaches(self, path: str, kind: str, language: str) -> bool:
        """Whether it applies to a page by its path as Hugo looks it up ("/posts/x")."""
        return (
            (not self.path or matches(self.path, path))
            and (not self.kind or matches(self.kind, kind))
            and (not self.environment or matches(self.environment, ENVIRONMENT))
            and (
                not self.languages or not language or any(matches(glob, language) for glob in self.languages)
            )
        )


def read_cascades(section: Any) -> tuple[Cascade, ...]:
    """From the value of a `cascade` key, keys lower-cased: one table or a list of them."""
    return tuple(_cascade(table) for table in to_list(section) if isinstance(table, dict))


def _cascade(table: Mapping[str, Any]) -> Cascade:
    target = to_table(table.get("target", table.get("_target")))
    values = dict(to_table(table.get("params")))
    values.update({key: value for key, value in table.items() if key not in NOT_HANDED_DOWN})
    matrix = to_table(to_table(target.get("sites")).get("matrix"))
    languages = [*to_list(target.get("lang")), *to_list(matrix.get("languages"))]
    return Cascade(
        values,
        path=(to_text(target.get("path")) or "").lower(),
        kind=(to_text(target.get("kind")) or "").lower(),
        languages=tuple(to_text(language) or "" for language in languages),
        environment=to_text(target.get("environment")) or "",
    )


def with_inherited(
    params: Mapping[str, Any], cascades: Iterable[Cascade], *, path: str, kind: str, language: str
) -> dict[str, Any]:
    """A page's parameters with what it inherits, the nearest cascade first; `params` tables are opened."""
    result = {key: value for key, value in params.items() if key != "params"}
    for cascade in cascades:
        if cascade.reaches(path, kind, language):
            for key, value in cascade.values.items():
                result.setdefault(key, value)
    own = to_table(params.get("params"))
    result.update({key: value for key, value in own.items() if key not in RESERVED})
    return result
