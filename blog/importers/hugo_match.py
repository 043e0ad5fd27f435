"""Hugo's glob patterns, for targets of cascades and permalinks: * within a part of a path, ** across, {a,b}, [a-z]."""

import re
from functools import lru_cache

SPECIAL = {"**": ".*", "*": "[^/]*", "?": "[^/]"}


@lru_cache(maxsize=512)
def compiled(glob: str) -> re.Pattern[str]:
    pattern, depth, position = "", 0, 0
    while position < len(glob):
        char = "**" if glob.startswith("**", position) else glob[position]
        position += len(char)
        if char in SPECIAL:
            pattern += SPECIAL[char]
        elif char == "\\" and position < len(glob):
            pattern += re.escape(glob[position])
            position += 1
        elif char == "[" and (end := glob.find("]", position + 1)) > 0:
            inner = glob[position:end].replace("\\", "\\\\").replace("[", "\\[")
            pattern += f"[{'^' + inner[1:] if inner.startswith('!') else inner}]"
            position = end + 1
        elif char in "{}" or (char == "," and depth):
            depth += {"{": 1, "}": -1, ",": 0}[char]
            pattern += {"{": "(?:", "}": ")", ",": "|"}[char]
        else:
            pattern += re.escape(char)
    try:
        return re.compile(pattern, re.IGNORECASE | re.DOTALL)
    except re.error:
        return re.compile(re.escape(glob), re.IGNORECASE)


def matches(glob: str, value: str) -> bool:
    return compiled(glob).fullmatch(value) is not None
