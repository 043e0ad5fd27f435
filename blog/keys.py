"""Primary keys that come as text, from addresses and forms: anybody may send anything."""


def is_key(text: str) -> bool:
    """Whether this may be the key of a row: digits, and no more of them than a database's numbers have."""
    return text.isdecimal() and len(text) < 19
