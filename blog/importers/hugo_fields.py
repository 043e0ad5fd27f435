"""Front matter read key by key. A value of the wrong kind is left out and reported; the rest of the page stays."""

from collections.abc import Mapping
from typing import Any

from blog.importers.hugo_pages import Page
from blog.importers.hugo_values import kind_of, to_bool, to_int, to_names, to_text, to_words
from blog.importers.records import Problem


class Fields:
    """params: the page's own and inherited parameters. problems: what had to be left out so far."""

    def __init__(self, page: Page, params: Mapping[str, Any]) -> None:
        self.page = page
        self.params = params
        self.problems: list[Problem] = [*page.oddities]

    def text(self, key: str) -> str:
        return self._read(key, to_text, "a text", "")

    def names(self, key: str) -> tuple[str, ...]:
        return self._read(key, to_names, "a list of names", ())

    def words(self, key: str) -> tuple[str, ...]:
        return self._read(key, to_words, "a list of texts", ())

    def flag(self, key: str) -> bool:
        return self._read(key, to_bool, "true or false", False)

    def number(self, key: str) -> int:
        return self._read(key, to_int, "a whole number", 0)

    def complain(self, key: str, reason: str) -> None:
        self.problems.append(self.page.problem(key, reason))

    def _read(self, key: str, reader: Any, wanted: str, missing: Any) -> Any:
        value = self.params.get(key)
        if value is None:
            return missing
        read = reader(value)
        if read is None:
            self.complain(key, f"`{key}` is {kind_of(value)}, not {wanted}; it was left out.")
            return missing
        return read

    def is_draft(self) -> bool:
        """`draft`, else what Jekyll calls `published`; that may also be a date and then says nothing here."""
        if "draft" in self.params:
            return self._read("draft", to_bool, "true or false, and so counts as false", False)
        published = to_bool(self.params.get("published", True))
        return published is False

    def build(self) -> tuple[bool, bool]:
        """(rendered, listed) from the build options; `headless` is their old name."""
        options = self.params.get("build", self.params.get("_build"))
        options = options if isinstance(options, dict) else {}
        headless = to_bool(self.params.get("headless")) is True
        rendered = not headless and _build_word(options.get("render")) == "always"
        listed = not headless and _build_word(options.get("list")) != "never"
        return rendered, listed


def _build_word(value: Any) -> str:
    if isinstance(value, bool):
        return "always" if value else "never"
    return str(value or "always").lower()
