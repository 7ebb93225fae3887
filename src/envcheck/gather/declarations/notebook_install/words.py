"""The words of a cell's install lines: where each stands, how it is quoted, and how another text is written there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from envcheck.gather.documents import install_lines, magics
from envcheck.gather.documents.cell_texts import CellText
from envcheck.gather.documents.magics import Command
from envcheck.gather.documents.shell_words import CommandLine, Word, command_words
from envcheck.model.changes import Edit
from envcheck.model.places import Place
from envcheck.model.usage import InstallCommand

# What a shell leaves as it is: shlex.quote's own list.
_UNSAFE = re.compile(r"[^\w@%+=:,./-]", re.ASCII)
_BRACKETS = re.compile(r"[\[\]]")
_QUOTING = re.compile(r"""["'\\]""")
# What a shell or IPython replaces even between quotes, and what is no text of one line.
_UNQUOTABLE = re.compile(r"[$`{}\\\r\n]")
# IPython splits the line of these as a shell would and joins the words without their quotes: a shell then reads them
# bare (IPython 9.18, IPython.core.magics.packaging.PackagingMagics._run_command).
_UNQUOTED_MAGICS = ("conda", "mamba", "micromamba")


class Unwritable(ValueError):  # noqa: N818 - it is what a change is at a place, and no error of ours
    """A change that a line cannot take: why, and what to do instead."""

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.remedy = remedy


class InstallLine(Struct, frozen=True):
    """One install command of a cell; ``start`` is the offset of its arguments in the cell's text."""

    command: Command
    install: InstallCommand
    start: int
    line: CommandLine

    @property
    def loses_quotes(self) -> bool:
        """Whether a shell reads its words without the quotes that are written."""
        return self.command.sign == "%" and self.command.text.partition(" ")[0] in _UNQUOTED_MAGICS

    @property
    def quote(self) -> str:
        """The quote that its words are put in: that of the first one that has any, as its author writes them."""
        return next((mark for mark in self.install.arguments if mark in "\"'"), '"')

    def words(self) -> Iterator[Word]:
        """Yield its words with their spans in the cell's text."""
        for word in self.line.words:
            yield Word(word.value, self.start + word.start, self.start + word.stop)


def install_lines_of(cell: CellText) -> Iterator[InstallLine]:
    """Yield the install lines among a cell's commands, with places that tell lines and columns alone."""
    for command in magics.split(cell.text).commands:
        if install_lines.may_install(command):
            for install in install_lines.installs(command, Place("", 0, 1)):
                start = cell.offset(install.place.line, install.place.column)
                if start >= 0 and cell.text.startswith(install.arguments, start):
                    yield InstallLine(command, install, start, command_words(install.arguments))


def spoken(text: str, word: Word) -> str:
    """Return what a word of a cell's text says as it may be edited: quotes within it are the shell's, not its own."""
    raw = text[word.start : word.stop]
    return word.value if not _enclosing_quote(text, word) and _QUOTING.search(raw) else raw


def respelled(text: str, word: Word, wanted: str, line: InstallLine) -> Edit | None:
    """Return the edit that lets a word of a cell's text say ``wanted``, in quotes where the shell needs them.

    A quoted word keeps its quotes. Raises :class:`Unwritable` where the line takes no such word.
    """
    if line.loses_quotes and is_unsafe(wanted):
        raise Unwritable(
            "IPython drops the quotes of this magic, so that the shell would take the word apart",
            "pin one exact version, which needs no quotes",
        )
    raw = text[word.start : word.stop]
    quote = _enclosing_quote(text, word)
    if quote:
        edit = _least(word.start, raw, wanted)
        if edit and (quote in edit.text or _UNQUOTABLE.search(edit.text)):
            raise Unwritable("its quotes hold no such text", "write it by hand")
        return edit
    bare = _BRACKETS.sub("", wanted) if "[" in raw else wanted  # brackets that stand bare are known to work there
    if not _UNSAFE.search(bare):
        return _least(word.start, raw, wanted)
    quote = next((mark for mark in (line.quote, '"', "'") if mark not in wanted), "")
    if not quote or _UNQUOTABLE.search(wanted):
        raise Unwritable("a shell takes this text apart even in quotes", "write it by hand")
    return _least(word.start, raw, f"{quote}{wanted}{quote}")


def is_unsafe(text: str) -> bool:
    """Tell whether a shell makes something else of a bare word; brackets match no file and stay."""
    return _UNSAFE.search(_BRACKETS.sub("", text)) is not None


def outer_span(text: str, word: Word) -> tuple[int, int]:
    """Return the span of a word with the quotes that enclose it."""
    inset = 1 if _enclosing_quote(text, word) else 0
    return word.start - inset, word.stop + inset


def _enclosing_quote(text: str, word: Word) -> str:
    before, after = text[max(word.start - 1, 0) : word.start], text[word.stop : word.stop + 1]
    return before if before == after and before in ("'", '"') else ""


def _least(start: int, old: str, new: str) -> Edit | None:
    """Return the edit that makes one text of another by what lies between their common beginning and end."""
    if old == new:
        return None
    shorter = min(len(old), len(new))
    head = next((index for index in range(shorter) if old[index] != new[index]), shorter)
    rest = shorter - head
    tail = next((index for index in range(rest) if old[-1 - index] != new[-1 - index]), rest)
    return Edit(start + head, start + len(old) - tail, new[head : len(new) - tail])
