"""Footnotes: definitions are taken out of the text and come back, numbered, at its end."""

from __future__ import annotations

from dataclasses import dataclass

from markdown_it.token import Token

from blog.rendering.options import Options
from blog.rendering.scanner import Notes


@dataclass
class NoteText:
    label: str
    position: int  # in the remaining tokens, where the definition stood
    tokens: list[Token]


def split_notes(tokens: list[Token]) -> tuple[list[Token], list[NoteText]]:
    """The tokens without the definitions, and the definitions."""
    body: list[Token] = []
    notes: list[NoteText] = []
    open_notes: list[NoteText] = []
    for token in tokens:
        if token.type == "footnote_open":
            open_notes.append(NoteText(token.meta["label"], len(body), []))
        elif token.type == "footnote_close":
            notes.append(open_notes.pop())
        else:
            (open_notes[-1].tokens if open_notes else body).append(token)
    return body, notes


def with_notes(body: list[Token], notes: list[NoteText], registry: Notes, options: Options) -> list[Token]:
    """The body followed by those notes that are mentioned, in the order of their numbers."""
    mentioned: dict[int, NoteText] = {}
    for note in notes:
        number = registry.labels[note.label]
        if number:
            mentioned.setdefault(number, note)
    if not mentioned:
        return body
    opening = '<div class="footnotes" role="doc-endnotes">\n<hr>\n<ol>\n'
    if options.xhtml:
        opening = opening.replace("<hr>", "<hr />")
    result = [*body, _html(opening)]
    for number in sorted(mentioned):
        result += _item(number, mentioned[number], registry.mentions[number], options)
    return [*result, _html("</ol>\n</div>\n")]


def _item(number: int, note: NoteText, mentions: int, options: Options) -> list[Token]:
    back = "".join(_backlink(number, mention, options) for mention in range(mentions))
    tokens = list(note.tokens)
    if tokens and tokens[-1].type == "paragraph_close":
        tokens.insert(-1, _html(back))
    else:
        tokens.append(_html(back))
    return [_html(f'<li id="fn:{number}">\n'), *tokens, _html("</li>\n")]


def _backlink(number: int, mention: int, options: Options) -> str:
    return (
        f'&#160;<a href="#fnref{mention or ""}:{number}" class="footnote-backref"'
        f' role="doc-backlink">{options.footnote_backlink}</a>'
    )


def _html(content: str) -> Token:
    """HTML of our own, which is written whatever the author's may do."""
    return Token("finished", "", 0, content=content)
