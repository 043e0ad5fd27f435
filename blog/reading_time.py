"""How long a text takes to read. Chinese, Japanese and Korean are read by the character, other scripts by the word."""

import re

WORDS_A_MINUTE = 220
CHARACTERS_A_MINUTE = 500

# Kana, Han and Hangul, with the wide planes of rarer characters.
_EAST_ASIAN = re.compile(
    "[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]"
)


def reading_minutes(text: str) -> int:
    """Whole minutes, at least one."""
    characters = 0 if text.isascii() else len(_EAST_ASIAN.findall(text))
    words = len((_EAST_ASIAN.sub(" ", text) if characters else text).split())
    return max(1, round(words / WORDS_A_MINUTE + characters / CHARACTERS_A_MINUTE))
