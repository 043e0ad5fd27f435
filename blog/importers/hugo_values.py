"""What a value in front matter or configuration counts for, in Hugo's way: lenient, but never guessing.

Each reader answers with None for a value that cannot stand for what is asked.
"""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

TRUTH_WORDS = dict.fromkeys(("1", "t", "T", "true", "True", "TRUE"), True) | dict.fromkeys(
    ("0", "f", "F", "false", "False", "FALSE"), False
)


def to_text(value: Any) -> str | None:
    """Numbers and truth values are written out; nothing is ""; lists and tables are not text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:f}".rstrip("0").rstrip(".") if abs(value) < 1e15 else str(value)
    if isinstance(value, (str, int)):
        return str(value)
    if isinstance(value, (date, time)):
        return value.isoformat()
    return None


def to_names(value: Any) -> tuple[str, ...] | None:
    """Names of tags and the like: a single text is one name, blanks and all; repeats and empty ones fall out."""
    values = value if isinstance(value, list) else [value]
    texts = [to_text(item) for item in values]
    if any(text is None for text in texts):
        return None
    return tuple(dict.fromkeys(text for text in texts if text))


def to_words(value: Any) -> tuple[str, ...] | None:
    """A list of texts; a single text counts as several, parted by blanks."""
    return to_names(value.split() if isinstance(value, str) else value)


def to_bool(value: Any) -> bool | None:
    if isinstance(value, str):
        return TRUTH_WORDS.get(value)
    if value is None or isinstance(value, (bool, int, float)):
        return bool(value)
    return None


def to_int(value: Any) -> int | None:
    if isinstance(value, str):
        try:
            octal = len(value) > 1 and value.isdigit() and value.startswith("0")
            return int(float(value)) if "." in value else int(value or "0", 8 if octal else 0)
        except (ValueError, OverflowError):
            return None
    if value is None or isinstance(value, (bool, int)):
        return int(value or 0)
    if isinstance(value, float) and abs(value) < 1e15:
        return int(value)
    return None


def to_table(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def to_list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def lower_keys(value: Any) -> Any:
    """Keys have no case in Hugo, however deep; the values keep theirs."""
    if isinstance(value, Mapping):
        return {str(key).lower(): lower_keys(item) for key, item in value.items()}
    if isinstance(value, list):
        return [lower_keys(item) for item in value]
    return value


def json_ready(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): json_ready(item) for key, item in value.items()}
    if isinstance(value, list):
        return [json_ready(item) for item in value]
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    if isinstance(value, float) and not abs(value) < float("inf"):
        return str(value)
    return value


def merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """base with over laid on top, table by table."""
    result = dict(base)
    for key, value in over.items():
        inner = result.get(key)
        result[key] = (
            merged(inner, value) if isinstance(inner, Mapping) and isinstance(value, Mapping) else value
        )
    return result


def kind_of(value: Any) -> str:
    """For sentences: "`title` is a list …"."""
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list):
        return "a list"
    return repr(json_ready(value))
