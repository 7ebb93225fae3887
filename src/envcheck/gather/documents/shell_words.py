"""Shell words with their spans: POSIX quoting as in requirements options, and whole command lines as in cells."""

from __future__ import annotations

import re
from typing import NamedTuple

from msgspec import Struct

_QUOTED = r"""'(?P<single>[^']*)'|"(?P<double>[^"\\]*(?:\\.[^"\\]*)*)"|\\(?P<escaped>.)"""
# Compiled where they are used: most requirements have no quotes, and many projects no commands.
_POSIX = rf"""(?s)(?P<blank>[ \t\r\n]+)|(?P<bare>[^ \t\r\n"'\\]+)|{_QUOTED}"""
_PLAIN = re.compile(r"[^ \t\r\n]+")
# `lost`: whoever writes `pandas>=2` without quotes means no redirection, but the shell reads one.
_COMMAND = (
    r"""(?s)(?P<blank>[ \t\r\n]+|\\\r?(?:\n|\Z))|(?P<end>[;&|()])|(?P<lost>[<>](?=[=\d]))|(?P<redirect>[<>]+[&|]?)"""
    rf"""|(?P<chunk>\$\([^()]*\)|\$?\{{[^{{}}]*\}}|`[^`]*`)|(?P<bare>[^ \t\r\n"'\\;&|()<>${{`]+|[${{`])|{_QUOTED}"""
)
_ESCAPED_IN_QUOTES = r'\\(["\\])'


class Word(NamedTuple):
    """One word: its value without quotes, and its span in the text, inside the quotes when they enclose all of it."""

    value: str
    start: int
    stop: int


class CommandLine(Struct, frozen=True):
    """The words of one command.

    ``lost`` are the words of which the shell takes ``>…`` or ``<…`` for a redirection; ``unbalanced`` tells that a
    quote is never closed.
    """

    words: tuple[Word, ...]
    lost: tuple[Word, ...] = ()
    unbalanced: bool = False


class _Builder:
    """Collects the pieces of the word that is being read."""

    def __init__(self) -> None:
        self.words: list[Word] = []
        self.lost: list[Word] = []
        self.redirected = False
        self._clear()

    def _clear(self) -> None:
        self.pieces: list[str] = []
        self.start = -1
        self.enclosed = False
        self.is_lost = False

    def add(self, kind: str, value: str, start: int) -> None:
        """Append a piece to the word."""
        self.enclosed = self.start < 0 and kind in ("single", "double")
        if self.start < 0:
            self.start = start
        self.is_lost = self.is_lost or kind == "lost"
        self.pieces.append(re.sub(_ESCAPED_IN_QUOTES, r"\1", value) if kind == "double" else value)

    def finish(self, stop: int) -> None:
        """End the word, if there is one; the target of a redirection is dropped."""
        if self.start < 0:
            return
        inset = 1 if self.enclosed else 0
        word = Word("".join(self.pieces), self.start + inset, stop - inset)
        if self.redirected:
            self.redirected = False
        else:
            self.words.append(word)
            if self.is_lost:
                self.lost.append(word)
        self._clear()

    def redirect(self, start: int) -> None:
        """End the word before a redirection; digits that touch it number the stream (``2>``)."""
        if "".join(self.pieces).isdigit():
            self._clear()
        self.finish(start)
        self.redirected = True


def split_words(text: str, start: int = 0) -> list[Word]:
    """Return the words from an index on, as ``shlex.split`` does; raises ``ValueError`` for a quote left open."""
    if '"' not in text and "'" not in text and "\\" not in text:
        return [Word(match[0], match.start(), match.end()) for match in _PLAIN.finditer(text, start)]
    builder = _Builder()
    piece = re.compile(_POSIX)
    position = start
    while position < len(text):
        match = piece.match(text, position)
        if match is None:
            raise ValueError("nothing follows the backslash" if text[position] == "\\" else "a quote is never closed")
        kind = match.lastgroup or ""
        if kind == "blank":
            builder.finish(position)
        else:
            builder.add(kind, match[kind], position)
        position = match.end()
    builder.finish(position)
    return builder.words


def command_words(text: str) -> CommandLine:
    """Return the words of the first command of a shell line, without redirections and comment.

    ``$(…)``, ``${…}``, backquotes and IPython's ``{…}`` stay as written, blanks included. A line break is a blank: who
    cuts shell text into lines knows which breaks are continued. An open quote runs to the end.
    """
    builder = _Builder()
    piece = re.compile(_COMMAND)
    position = 0
    unbalanced = False
    while position < len(text):
        match = piece.match(text, position)
        if match is None:
            unbalanced = True
            builder.add("bare", text[position + 1 :].rstrip(), position + 1)
            position = len(text.rstrip())
            break
        kind = match.lastgroup or ""
        if kind == "end" or (builder.start < 0 and text[position] == "#"):
            break
        if kind == "blank":
            builder.finish(position)
        elif kind == "redirect":
            builder.redirect(position)
        else:
            builder.add(kind, match[kind], position)
        position = match.end()
    builder.finish(position)
    return CommandLine(tuple(builder.words), tuple(builder.lost), unbalanced)
