"""INI files as ``configparser.RawConfigParser`` reads them, with the place of every line of a value."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct, field

from envcheck.gather.documents.faults import Fault

_BREAK = re.compile(r"\r\n|\r|\n")
_HEADER = re.compile(r"\[(.+)\]")
_DELIMITER = re.compile(r"[=:]")
_PIECE = re.compile(r"[^;\s][^;]*")
_WHOLE = re.compile(r"\S.*")
_COMMENT = re.compile(r"\s#.*")


class Line(Struct, frozen=True):
    """One line of a value, stripped; ``number`` and ``column`` are those of its first character."""

    text: str
    number: int
    column: int


class Document(Struct, frozen=True):
    """Sections of an INI text, each with its options; the first line of a value is what stands beside its delimiter.

    ``faults`` are what configparser refuses; we go on with the next line.
    """

    sections: Mapping[str, Mapping[str, list[Line]]]
    faults: tuple[Fault, ...] = ()

    def lines(self, section: str, option: str) -> list[Line]:
        """Return the lines of a value without blank ones, but for the first; none when the option is not there."""
        lines = self.sections.get(section, {}).get(option, [])
        return lines[:1] + [line for line in lines[1:] if line.text]


def parse(text: str) -> Document:
    """Return the sections of an INI text; never raises."""
    reader = _Reader()
    for number, line in enumerate(_BREAK.split(text), 1):
        reader.take(line, number)
    return Document(reader.sections, tuple(reader.faults))


def pieces(lines: list[Line]) -> Iterator[Line]:
    """Yield the entries of setuptools' lists: one on a line, or all between semicolons on the option's own line."""
    for line in lines:
        # setuptools' config/setupcfg.py, _parse_list: it splits at semicolons only what has no line breaks.
        for match in (_PIECE if len(lines) == 1 else _WHOLE).finditer(_COMMENT.sub("", line.text)):
            yield Line(match[0].rstrip(), line.number, line.column + match.start())


class _Reader(Struct):
    sections: dict[str, dict[str, list[Line]]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    section: dict[str, list[Line]] | None = None
    value: list[Line] | None = None
    indent: int = 0

    def take(self, line: str, number: int) -> None:
        """Read one line: a comment, a header, an option, or one more line of a value."""
        text = line.strip()
        if text.startswith(("#", ";")):
            return
        if not text:
            if self.value is not None:
                self.value.append(Line("", number, 1))
            return
        indent = len(line) - len(line.lstrip())
        if self.value is not None and indent > self.indent:
            self.value.append(Line(text, number, indent + 1))
            return
        self.indent = indent
        header = _HEADER.match(text)
        if header:
            self._begin(header[1], number)
        elif self.section is None:
            self._fault("an option before the first [section]", number)
        else:
            self._option(line, number)

    def _begin(self, name: str, number: int) -> None:
        if name in self.sections:
            self._fault(f"the section [{name}] stands twice", number)
        self.section = self.sections.setdefault(name, {})
        self.value = None

    def _option(self, line: str, number: int) -> None:
        delimiter = _DELIMITER.search(line)
        name = line[: delimiter.start()].strip() if delimiter else ""
        if not delimiter or not name or self.section is None:
            self._fault("neither [section] nor name = value", number)
            self.value = None
            return
        if name in self.section:
            self._fault(f"the option {name} stands twice", number)
        rest = line[delimiter.end() :]
        column = delimiter.end() + len(rest) - len(rest.lstrip()) + 1
        self.value = self.section[name] = [Line(rest.strip(), number, column)]

    def _fault(self, message: str, number: int) -> None:
        self.faults.append(Fault(message, number, 1))
