"""The lines of a requirements file as pip joins, strips and splits them, each part with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from envcheck.gather.documents.reqoptions import FILE_OPTIONS, Option, read_options
from envcheck.gather.documents.shell_words import Word, split_words

_OPTIONS = re.compile(r"(?:\A| )-")
_COMMENT_LINE = re.compile(r"\s*#")
_SUBJECTS = ("--editable", "--requirement", "--constraint")


class LogicalLine(Struct, frozen=True):
    """A line after joining and stripping; ``number`` is that of its first physical line, as pip counts.

    ``segments`` say where its parts stand: index in ``text``, physical line, column, in rising order.
    """

    text: str
    number: int
    segments: tuple[tuple[int, int, int], ...]

    def at(self, index: int) -> tuple[int, int]:
        """Return the physical line and column of a character of ``text``, both from 1."""
        start, line, column = next(segment for segment in reversed(self.segments) if segment[0] <= index)
        return line, column + index - start


class RequirementLine(Struct, frozen=True):
    """A logical line split in two: an entry, of which ``-e`` makes an ``editable`` one, and options.

    ``reference`` is the ``-r`` or ``-c`` that counts on a line without entry. ``ignored`` are the words that pip drops
    silently, ``fault`` says why it refuses the line.
    """

    entry: Word | None = None
    editable: bool = False
    reference: Option | None = None
    options: tuple[Option, ...] = ()
    ignored: tuple[str, ...] = ()
    fault: str = ""

    @property
    def hashes(self) -> tuple[str, ...]:
        """The values of ``--hash``, which pip heeds on a line without ``-e`` only."""
        return () if self.editable else tuple(o.value.value for o in self.options if o.name == "--hash")


def logical_lines(text: str) -> Iterator[LogicalLine]:
    """Yield the lines that say something, continued ones joined, comments cut (pip 26.3 ``req_file.preprocess``)."""
    parts: list[tuple[str, int, int]] = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.endswith("\\") and not _COMMENT_LINE.match(line):
            # pip strips the backslashes of a continued line at both ends.
            kept = line.lstrip("\\")
            parts.append((kept.rstrip("\\"), number, 1 + len(line) - len(kept)))
        elif parts:
            # A comment must not stick to the last word of the line that it ends.
            lead = " " if line.startswith("#") else ""
            yield from _joined([*parts, (lead + line, number, 1 - len(lead))])
            parts = []
        elif stripped := _without_comment(line):
            yield LogicalLine(stripped, number, ((0, number, 1 + line.index(stripped)),))
    if parts:
        yield from _joined(parts)


def _joined(parts: list[tuple[str, int, int]]) -> Iterator[LogicalLine]:
    whole = "".join(part for part, _, _ in parts)
    stripped = _without_comment(whole)
    if not stripped:
        return
    index = -whole.index(stripped)
    segments = []
    for part, number, column in parts:
        segments.append((index, number, column))
        index += len(part)
    yield LogicalLine(stripped, parts[0][1], tuple(segments))


def _without_comment(line: str) -> str:
    start = line.find("#")
    while start > 0 and not line[start - 1].isspace():
        start = line.find("#", start + 1)
    return (line if start < 0 else line[:start]).strip()


def split_line(text: str) -> RequirementLine:
    """Return a logical line split into entry and options as pip splits it: options begin at the first `` -``."""
    found = _OPTIONS.search(text)
    if found is None:
        return RequirementLine(Word(text, 0, len(text)))
    start = found.end() - 1
    try:
        words = split_words(text, start)
    except ValueError as error:
        return RequirementLine(fault=str(error))
    options, operands, faults = read_options(words, FILE_OPTIONS)
    fault = next(iter(faults), "") or next(filter(None, map(_fault, options)), "")
    if fault:
        return RequirementLine(fault=fault)
    before = text[:start].rstrip()
    named = {name: [option for option in options if option.name == name] for name in _SUBJECTS}
    editables, references = named["--editable"], named["--requirement"] + named["--constraint"]
    hashes = [option for option in options if option.name == "--hash"] if editables else []
    if before:
        # pip takes what stands before a stray -e for the editable, and drops what -e names.
        entry, reference, dropped = Word(before, 0, len(before)), None, editables + references
    elif editables:
        entry, reference, dropped = editables[0].value, None, editables[1:] + references
    else:
        entry, reference, dropped = None, next(iter(references), None), references[1:]
    ignored = [f"{option.name} {option.value.value}" for option in dropped + hashes] + [word.value for word in operands]
    return RequirementLine(entry, bool(editables), reference, options, tuple(ignored))


def _fault(option: Option) -> str:
    value = option.value.value
    if option.name == "--hash" and not value.startswith(("sha256:", "sha384:", "sha512:")):
        return "--hash wants sha256:…, sha384:… or sha512:…"
    if option.name == "--config-settings" and "=" not in value:
        return "--config-settings wants KEY=VALUE"
    if option.name in _SUBJECTS and not value:
        return f"{option.name} wants a value"
    if option.name in ("--no-binary", "--only-binary") and value.startswith("-"):
        return f"{option.name} wants a value"
    return ""
