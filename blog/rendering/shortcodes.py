"""Reading shortcodes: ``{{< name args >}}inner{{< /name >}}`` and ``{{% … %}}``.

https://gohugo.io/content-management/shortcodes/ . Where Hugo stops with an error, what is written stays
as text and a problem is noted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

# Hugo's own word for a shortcode put aside: Markdown takes it for text, and no text has it.
PLACEHOLDER = re.compile(r"HAHAHUGOSHORTCODE1s(\d{1,9})HBHB")
_OPENING = re.compile(r"\{\{([<%])")
_NAME = re.compile(r"\s*(/?)\s*([\w/.-]*[\w.-])")
_END = {"<": re.compile(r"\s*(/?)\s*>\}\}"), "%": re.compile(r"\s*(/?)\s*%\}\}")}
_ARGUMENT = re.compile(
    r"""\s*(?:(?P<name>[\w.-]+)\s*=\s*)?
    (?: "(?P<quoted>(?:\\[^\n]|[^"\\\n])*)"
      | \\"(?P<escaped>[^"\n]*?)\\?"
      | `(?P<raw>[^`]*)`
      | (?P<bare>(?!/?[>%]\}\})(?(name)[^\s"`]|[^\s"`{])(?:(?!/?[>%]\}\})(?(name)\S|[^\s"`{]))*) )""",
    re.X,
)
_KINDS = ("quoted", "escaped", "raw", "bare")
_DEEPEST = 40


def placeholder(number: int) -> str:
    return f"HAHAHUGOSHORTCODE1s{number}HBHB"


@dataclass
class Call:
    """One use of a shortcode."""

    name: str
    markdown: bool  # {{% %}}: what it gives is read as Markdown
    line: int
    source: str  # the opening tag as written
    positional: list[str] = field(default_factory=list)
    named: dict[str, str] = field(default_factory=dict)
    inner: list[str | Call] = field(default_factory=list)
    closed: bool = False  # by a closing tag, or by itself: {{< name />}}
    indentation: str = ""  # white space before it on its line

    @property
    def looked_up(self) -> str:
        """The name by which it is looked for: `relRef` is `relref`."""
        return self.name.lower()

    def get(self, key: str | int) -> str:
        """An argument by name or by position; "" if it is not given."""
        if isinstance(key, str):
            return self.named.get(key, "")
        return self.positional[key] if key < len(self.positional) else ""


@dataclass(frozen=True)
class Problem:
    message: str
    line: int


Parts = list[str | Call]


@dataclass
class _Tag:
    call: Call
    closing: bool
    self_closing: bool
    end: int


def parse_shortcodes(source: str) -> tuple[Parts, list[Problem]]:
    """The text cut at its shortcodes, and what is wrong with them. Never fails."""
    if "{{" not in source:
        return [source] if source else [], []
    problems: list[Problem] = []
    return _nest(list(_scan(source, problems)), problems), problems


def _scan(source: str, problems: list[Problem]) -> Iterator[str | _Tag]:
    """Text and tags in turn; the stars of ``{{</* name */>}}`` are taken away."""
    pos = text_start = line = line_pos = 0
    while opening := _OPENING.search(source, pos):
        start = opening.start()
        line += source.count("\n", line_pos, start)
        line_pos = start
        if source.startswith("/*", opening.end()):
            end = source.find("*/" + ("%}}" if opening.group(1) == "%" else ">}}"), opening.end() + 2)
            if end < 0:
                problems.append(Problem("A commented shortcode never ends.", line + 1))
                pos = opening.end()
                continue
            yield source[text_start : opening.end()] + source[opening.end() + 2 : end]
            text_start, pos = end + 2, end + 5
            continue
        tag = _read_tag(source, opening, line + 1)
        if tag is None:
            problems.append(Problem("A shortcode's tag is broken or never ends.", line + 1))
            pos = opening.end()
            continue
        tag.call.indentation = _indentation(source, start)
        yield source[text_start:start]
        yield tag
        text_start = pos = tag.end
    yield source[text_start:]


def _indentation(source: str, start: int) -> str:
    head = source[source.rfind("\n", 0, start) + 1 : start]
    return head if not head.strip(" \t") else ""


def _read_tag(source: str, opening: re.Match[str], line: int) -> _Tag | None:
    name = _NAME.match(source, opening.end())
    if name is None:
        return None
    mark = opening.group(1)
    call = Call(name.group(2), mark == "%", line, "")
    pos = name.end()
    while not (end := _END[mark].match(source, pos)):
        argument = _ARGUMENT.match(source, pos)
        if argument is None or argument.end() == pos:
            return None
        _add_argument(call, argument)
        pos = argument.end()
    call.source = source[opening.start() : end.end()]
    return _Tag(call, bool(name.group(1)), bool(end.group(1)), end.end())


def _add_argument(call: Call, argument: re.Match[str]) -> None:
    value = next(argument.group(kind) for kind in _KINDS if argument.group(kind) is not None)
    if argument.group("quoted") and '\\"' in value:  # only then does Hugo take backslashes for escapes
        value = value.replace("\\", "")
    if argument.group("name"):
        call.named[argument.group("name")] = value
    else:
        call.positional.append(value)


def _nest(items: Sequence[str | _Tag], problems: list[Problem]) -> Parts:
    """Puts what stands between an opening and its closing tag inside the call."""
    partners = _partners(items)
    result: Parts = []
    stack: list[tuple[Call, int]] = []  # open calls and where they close
    for index, item in enumerate(items):
        target = stack[-1][0].inner if stack else result
        if isinstance(item, str):
            if item:
                target.append(item)
        elif stack and stack[-1][1] == index:
            stack.pop()
        elif item.closing:
            problems.append(Problem(f'"{item.call.name}" is closed but was not opened.', item.call.line))
            target.append(item.call.source)
        else:
            target.append(item.call)
            if item.self_closing:
                item.call.closed = True
            elif index in partners:
                item.call.closed = True
                stack.append((item.call, partners[index]))
    return result


def _partners(items: Sequence[str | _Tag]) -> dict[int, int]:
    """For each opening tag the closing one. A tag without a partner stands for itself."""
    partners: dict[int, int] = {}
    waiting: list[int] = []
    names: dict[str, int] = {}
    for index, item in enumerate(items):
        if isinstance(item, str) or item.self_closing:
            continue
        name = item.call.name
        if not item.closing:
            waiting.append(index)
            names[name] = names.get(name, 0) + 1
        elif names.get(name):
            while True:
                opener = waiting.pop()
                opened = items[opener]
                if isinstance(opened, _Tag):
                    names[opened.call.name] -= 1
                    if opened.call.name == name:
                        break
            partners[opener] = index
    return _shallow(partners)


def _shallow(partners: dict[int, int]) -> dict[int, int]:
    """The pairs without those that lie too deep in others."""
    kept: dict[int, int] = {}
    ends: list[int] = []
    for opener, closer in sorted(partners.items()):
        while ends and ends[-1] < opener:
            ends.pop()
        if len(ends) < _DEEPEST:
            ends.append(closer)
            kept[opener] = closer
    return kept
