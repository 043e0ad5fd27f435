"""YAML as Hugo reads it: version 1.2, so that dates stay text, `on` and `yes` are words and 12:30 is no number.

PyYAML reads the grammar; what a plain word means is decided here. Of a key given twice the last one counts, as in Hugo
before it refused such files.
"""

import re
from typing import Any

import yaml

BaseLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
TRUTH = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
NUMBER = re.compile(r"[-+]?(?:0x[\dA-Fa-f_]+|0o[0-7_]+|0b[01_]+|[\d_]*\.?[\d_]*(?:[eE][-+]?\d+)?)")
BASES = {"0x": 16, "0o": 8, "0b": 2}
# Programs that write JSON write 😀 as two escapes, which Hugo joins. Outside of double quotes nobody writes these.
PAIR = re.compile(r"\\u([dD][89abAB][\dA-Fa-f]{2})\\u([dD][c-fC-F][\dA-Fa-f]{2})")
# What PyYAML refuses, or takes for the end of a line, and Hugo does not; put aside in a private area of Unicode.
STRANGE = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]")
SHELF = 0xF0000
SHELVED = re.compile(f"[{chr(SHELF)}-{chr(SHELF + 0xFFFF)}]")
MAX_NODES = 100_000
TWICE = "The key {key} is there twice, which newer Hugo refuses; the last one counts, as it did before."
PLAIN = "plain word"
TEXT, LIST, MAP = "tag:yaml.org,2002:str", "tag:yaml.org,2002:seq", "tag:yaml.org,2002:map"
MERGE = "tag:yaml.org,2002:merge"


class YAMLReadError(ValueError):
    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line
        self.reason = reason


def load(text: str, repeated: list[tuple[int, str]] | None = None) -> Any:
    """The value of a YAML document, None if it is empty. Raises YAMLReadError.

    repeated: takes (line, key) of each key that is there again.
    """
    text = PAIR.sub(_joined_pair, text)
    if not STRANGE.search(text):
        return _limited(_load(text, repeated))
    return _taken_down(_limited(_load(STRANGE.sub(lambda found: chr(SHELF + ord(found[0])), text), repeated)))


def _load(text: str, repeated: list[tuple[int, str]] | None) -> Any:
    loader = Loader(text)
    loader.repeated = [] if repeated is None else repeated
    try:
        return loader.get_data() if loader.check_data() else None  # of several documents Hugo reads the first
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise YAMLReadError(mark.line + 1 if mark else 1, error.problem or "it cannot be read") from None
    except yaml.YAMLError as error:
        raise YAMLReadError(_line_of_reader_error(text, error), _plain(error)) from None
    except (ValueError, RecursionError) as error:
        raise YAMLReadError(1, str(error) or "it is nested too deeply") from None
    finally:
        loader.dispose()


def number(word: str) -> int | float | None:
    """What a plain word is as a number, None if it is none. `0755` is octal, `1e5` is a word: as in Hugo."""
    if word.startswith("_") or not NUMBER.fullmatch(word) or not any(char.isdigit() for char in word):
        return None
    bare = word.lstrip("+-").replace("_", "")
    sign = -1 if word.startswith("-") else 1
    try:
        if bare[:2] in BASES:
            return _within(sign * int(bare[2:], BASES[bare[:2]]))
        if "." in bare:
            return sign * float(bare)
        if len(bare) > 1 and bare.startswith("0"):
            return _within(sign * int(bare, 8))
        return _within(sign * int(bare))
    except ValueError:
        return None


def _limited(value: Any) -> Any:
    """Refuses a few lines of aliases of aliases that stand for billions of values."""
    waiting, count = [value], 0
    while waiting:
        count += 1
        if count > MAX_NODES:
            raise YAMLReadError(1, "it holds too many values")
        item = waiting.pop()
        if isinstance(item, (list, dict)):
            waiting.extend(item.values() if isinstance(item, dict) else item)
    return value


def _taken_down(value: Any) -> Any:
    if isinstance(value, str):
        return SHELVED.sub(lambda found: chr(ord(found[0]) - SHELF), value)
    if isinstance(value, list):
        return [_taken_down(item) for item in value]
    if isinstance(value, dict):
        return {_taken_down(key): _taken_down(item) for key, item in value.items()}
    return value


def _joined_pair(escapes: re.Match[str]) -> str:
    high, low = (int(half, 16) for half in escapes.groups())
    return f"\\U{0x10000 + (high - 0xD800) * 0x400 + low - 0xDC00:08X}"


def _within(value: int) -> int | None:
    return value if -(2**63) <= value < 2**64 else None


def _line_of_reader_error(text: str, error: yaml.YAMLError) -> int:
    return text.count("\n", 0, getattr(error, "position", 0) or 0) + 1


def _plain(error: yaml.YAMLError) -> str:
    return str(getattr(error, "reason", "") or error).split("\n")[0]


class Loader(BaseLoader):
    repeated: list[tuple[int, str]]

    def resolve(self, kind: type[yaml.Node], value: str | None, implicit: Any) -> str:
        if kind is yaml.ScalarNode and implicit[0]:
            return MERGE if value == "<<" else PLAIN
        return {yaml.ScalarNode: TEXT, yaml.SequenceNode: LIST}.get(kind, MAP)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[str, Any]:
        """Keys are text as written: `true`, `2024` and `null` too."""
        self._note_repeated_keys(node)
        self.flatten_mapping(node)
        return {self._key(key): self.construct_object(value, deep=True) for key, value in node.value}

    def flatten_mapping(self, node: yaml.MappingNode) -> None:
        # Each key once, the own one last: else merges of merges double with every step.
        super().flatten_mapping(node)
        node.value = list({self._key(key): (key, value) for key, value in node.value}.values())

    def _key(self, node: yaml.Node) -> str:
        if isinstance(node, yaml.ScalarNode):
            return str(node.value)
        raise yaml.constructor.ConstructorError(None, None, "a key is a list or a table", node.start_mark)

    def _note_repeated_keys(self, node: yaml.MappingNode) -> None:
        seen: set[str] = set()
        for key, _value in node.value:
            if not isinstance(key, yaml.ScalarNode) or key.tag == MERGE:
                continue
            if key.value in seen:
                self.repeated.append((key.start_mark.line + 1, key.value))
            seen.add(key.value)


def _construct_word(loader: Loader, node: yaml.ScalarNode) -> Any:
    word = node.value
    if word in ("", "~", "null", "Null", "NULL"):
        return None
    if word in TRUTH:
        return TRUTH[word]
    value = number(word)
    return word if value is None else value


def _construct_any(loader: Loader, suffix: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.ScalarNode):
        return loader.construct_scalar(node)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return loader.construct_mapping(node, deep=True)


def _construct_simply(loader: Loader, node: yaml.Node) -> Any:
    return _construct_any(loader, "", node)


Loader.add_constructor(PLAIN, _construct_word)
Loader.add_constructor(MAP, _construct_simply)
for tag in ("timestamp", "binary", "set", "omap", "pairs"):
    Loader.add_constructor(f"tag:yaml.org,2002:{tag}", _construct_simply)
Loader.add_multi_constructor("", _construct_any)
