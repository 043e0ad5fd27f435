"""What a Hugo site's configuration decides about rendering, as one hashable value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

# Hugo's own defaults, as HTML.
TYPOGRAPHY = {
    "leftsinglequote": "&lsquo;",
    "rightsinglequote": "&rsquo;",
    "leftdoublequote": "&ldquo;",
    "rightdoublequote": "&rdquo;",
    "endash": "&ndash;",
    "emdash": "&mdash;",
    "ellipsis": "&hellip;",
    "leftanglequote": "&laquo;",
    "rightanglequote": "&raquo;",
    "apostrophe": "&rsquo;",
}
EXTRAS = ("delete", "insert", "mark", "subscript", "superscript")
Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Options:
    """Settings under ``markup`` and beside it that change the output.

    Defaults are Hugo's. See https://gohugo.io/configuration/markup/
    """

    unsafe: bool = False
    hard_wraps: bool = False
    xhtml: bool = False
    emoji: bool = False
    table: bool = True
    strikethrough: bool = True
    linkify: bool = True
    linkify_protocol: str = "https"
    task_list: bool = True
    definition_list: bool = True
    footnote: bool = True
    footnote_backlink: str = "&#x21a9;&#xfe0e;"
    typographer: bool = True
    typography: Pairs = tuple(TYPOGRAPHY.items())
    extras: tuple[str, ...] = ()
    passthrough: bool = False
    passthrough_inline: Pairs = ()
    passthrough_block: Pairs = ()
    cjk: bool = False
    cjk_line_breaks: str = ""  # "", "simple" or "css3draft"
    cjk_escaped_space: bool = False
    heading_ids: bool = True
    term_ids: bool = False
    id_type: str = "github"  # or "github-ascii", "blackfriday"
    wrap_images: bool = True
    title_attributes: bool = True
    block_attributes: bool = False
    code_fences: bool = True
    guess_syntax: bool = False
    line_numbers: str = ""  # "", "inline" or "table"
    line_number_start: int = 1
    line_number_anchors: bool = False
    wrapper_class: str = "highlight"
    link_hook: bool = False  # Hugo's embedded render hooks: addresses of pages and
    image_hook: bool = False  # bundled files are resolved
    toc_start: int = 2
    toc_end: int = 3
    toc_ordered: bool = False
    has_cjk: bool = False
    summary_length: int = 70
    youtube_nocookie: bool = False
    vimeo_dnt: bool = False

    def as_dict(self) -> dict[str, Any]:
        """A dictionary of JSON values; ``from_dict`` reads it back."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Options:
        """Options from ``as_dict``'s result, before or after JSON; unknown keys are ignored."""
        known = {field.name for field in fields(cls)}
        return cls(**{key: _frozen(value) for key, value in values.items() if key in known})

    @classmethod
    def from_hugo(cls, config: Mapping[str, Any]) -> Options:
        """Options from a Hugo configuration whose keys are lower-cased at every level."""
        markup = _section(config, "markup")
        goldmark = _section(markup, "goldmark")
        values = {
            **_renderer(_section(goldmark, "renderer")),
            **_parser(_section(goldmark, "parser")),
            **_extensions(_section(goldmark, "extensions")),
            **_highlight(_section(markup, "highlight"), config),
            **_hooks(_section(goldmark, "renderhooks"), config),
            **_contents(_section(markup, "tableofcontents")),
            **_site(config),
        }
        return cls(**{key: value for key, value in values.items() if value is not None})


def _frozen(value: Any) -> Any:
    return tuple(_frozen(item) for item in value) if isinstance(value, list | tuple) else value


def _section(config: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = config.get(key)
    return value if isinstance(value, Mapping) else {}


def _boolean(section: Mapping[str, Any], key: str) -> bool | None:
    value = section.get(key)
    if isinstance(value, str):
        return value.strip().lower() in {"true", "1", "yes"}
    return None if value is None else bool(value)


def _number(section: Mapping[str, Any], key: str) -> int | None:
    try:
        return int(section[key])
    except (KeyError, TypeError, ValueError):
        return None


def _text(section: Mapping[str, Any], key: str) -> str | None:
    value = section.get(key)
    return value if isinstance(value, str) else None


def _renderer(section: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "unsafe": _boolean(section, "unsafe"),
        "hard_wraps": _boolean(section, "hardwraps"),
        "xhtml": _boolean(section, "xhtml"),
    }


def _parser(section: Mapping[str, Any]) -> dict[str, Any]:
    attribute = _section(section, "attribute")
    return {
        "heading_ids": _boolean(section, "autoheadingid"),
        "term_ids": _boolean(section, "autodefinitiontermid"),
        "id_type": _text(section, "autoheadingidtype") or _text(section, "autoidtype"),
        "wrap_images": _boolean(section, "wrapstandaloneimagewithinparagraph"),
        "title_attributes": _boolean(attribute, "title"),
        "block_attributes": _boolean(attribute, "block"),
    }


def _extensions(section: Mapping[str, Any]) -> dict[str, Any]:
    plain = {
        "table": _boolean(section, "table"),
        "strikethrough": _boolean(section, "strikethrough"),
        "linkify": _boolean(section, "linkify"),
        "linkify_protocol": _text(section, "linkifyprotocol"),
        "task_list": _boolean(section, "tasklist"),
        "definition_list": _boolean(section, "definitionlist"),
    }
    return {
        **plain,
        **_footnote(section.get("footnote")),
        **_typographer(section.get("typographer")),
        **_passthrough(_section(section, "passthrough")),
        **_cjk(_section(section, "cjk")),
        "extras": _enabled_extras(_section(section, "extras")),
    }


def _footnote(value: Any) -> dict[str, Any]:
    if not isinstance(value, Mapping):  # "footnote: false", as it was before Hugo 0.151
        return {"footnote": None if value is None else bool(value)}
    return {"footnote": _boolean(value, "enable"), "footnote_backlink": _text(value, "backlinkhtml")}


def _typographer(value: Any) -> dict[str, Any]:
    if not isinstance(value, Mapping):  # "typographer: false", as it was before Hugo 0.112
        return {"typographer": None if value is None else bool(value)}
    own = {key: text for key in TYPOGRAPHY if (text := _text(value, key)) is not None}
    return {
        "typographer": not _boolean(value, "disable"),
        "typography": tuple((TYPOGRAPHY | own).items()),
    }


def _enabled_extras(section: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(name for name in EXTRAS if _boolean(_section(section, name), "enable"))


def _passthrough(section: Mapping[str, Any]) -> dict[str, Any]:
    delimiters = _section(section, "delimiters")
    return {
        "passthrough": _boolean(section, "enable"),
        "passthrough_inline": _pairs(delimiters.get("inline")),
        "passthrough_block": _pairs(delimiters.get("block")),
    }


def _pairs(value: Any) -> Pairs:
    pairs = value if isinstance(value, list | tuple) else ()
    return tuple((str(pair[0]), str(pair[1])) for pair in pairs if _is_pair(pair))


def _is_pair(value: Any) -> bool:
    return isinstance(value, list | tuple) and len(value) == 2 and all(value)


def _cjk(section: Mapping[str, Any]) -> dict[str, Any]:
    style = ""
    if _boolean(section, "eastasianlinebreaks"):
        style = "css3draft" if section.get("eastasianlinebreaksstyle") == "css3draft" else "simple"
    return {
        "cjk": _boolean(section, "enable"),
        "cjk_line_breaks": style,
        "cjk_escaped_space": _boolean(section, "escapedspace"),
    }


def _highlight(section: Mapping[str, Any], config: Mapping[str, Any]) -> dict[str, Any]:
    fences = _boolean(section, "codefences")
    guess = _boolean(section, "guesssyntax")
    return {
        # The second names were Hugo's before 0.60 and still work.
        "code_fences": _boolean(config, "pygmentscodefences") if fences is None else fences,
        "guess_syntax": _boolean(config, "pygmentscodefencesguesssyntax") if guess is None else guess,
        "line_numbers": _line_numbers(section),
        "line_number_start": _number(section, "linenostart"),
        "line_number_anchors": _boolean(section, "anchorlinenos"),
        "wrapper_class": _text(section, "wrapperclass"),
    }


def _line_numbers(section: Mapping[str, Any]) -> str:
    value = section.get("linenos")
    if value in ("inline", "table"):
        return str(value)
    if not _boolean(section, "linenos"):
        return ""
    return "inline" if _boolean(section, "linenumbersintable") is False else "table"


def _hooks(section: Mapping[str, Any], config: Mapping[str, Any]) -> dict[str, Any]:
    return {f"{kind}_hook": _uses_hook(_section(section, kind), config) for kind in ("link", "image")}


def _uses_hook(section: Mapping[str, Any], config: Mapping[str, Any]) -> bool:
    wanted = section.get("useembedded")
    if wanted in ("always", "fallback", "never"):
        return wanted != "never"
    if (default := _boolean(section, "enabledefault")) is not None:  # its name before Hugo 0.148
        return default
    languages = _section(config, "languages").values()  # even of a single one
    hosts = (value.get("baseurl") for value in languages if isinstance(value, Mapping))
    return bool(languages) and not any(hosts)


def _contents(section: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "toc_start": _number(section, "startlevel"),
        "toc_end": _number(section, "endlevel"),
        "toc_ordered": _boolean(section, "ordered"),
    }


def _site(config: Mapping[str, Any]) -> dict[str, Any]:
    privacy = _section(config, "privacy")
    return {
        "emoji": _boolean(config, "enableemoji"),
        "has_cjk": _boolean(config, "hascjklanguage"),
        "summary_length": _number(config, "summarylength"),
        "youtube_nocookie": _boolean(_section(privacy, "youtube"), "privacyenhanced"),
        "vimeo_dnt": _boolean(_section(privacy, "vimeo"), "enablednt"),
    }
