"""A pixi.lock as pixi writes it, each package a block of lines that is read when it is asked for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import accumulate
from typing import overload

from msgspec import Struct

from envcheck.gather.declarations.pixi_lock.packages import SOURCE, Block, Package
from envcheck.gather.documents.conda_packages import package_file
from envcheck.gather.documents.yaml_lines import text_of
from envcheck.gather.documents.yaml_values import YamlMapping, load
from envcheck.model.names import Ecosystem, NormalizedName, normalize_in

_PART = "\npackages:\n"
_ENTRY = "\n- "
# What tells the kind of a package, and its location in the same line or, before version 6, in one of its own.
_BEGINNINGS = ("conda: ", "pypi: ", "conda_source: ", "kind: conda\n", "kind: pypi\n")
_NAME = re.compile(r"[A-Za-z0-9_][\w.-]*")
_SOURCE = "conda_source: "
# What an environment lists for a platform, unless more than its location is said of a package.
_RUN = re.compile(r"(?:\n {6}- (?:conda|pypi): [\w./+-]\S*(?<!:)(?=\n)(?!\n {8}))+")
_LISTED = "\n      - "
# Anchors and their aliases belong to several entries, other line ends and blanks to other hands.
_FOREIGN = ("&", "\t", "\r", "- run: ")


class Layout(Struct, frozen=True, dict=True):
    """A lock cut into what comes before its packages and a block for each of them; ``first`` is where these begin.

    ``top`` is the text of the head, in which ``- run: 3`` stands for the fourth of ``runs``: lists of packages by their
    kind and location (``conda: URL``), in the same number of lines.
    """

    top: str
    head: YamlMapping
    runs: tuple[tuple[str, ...], ...]
    blocks: tuple[str, ...]
    first: int

    @cached_property
    def lines(self) -> tuple[int, ...]:
        """The numbers of the lines in which the blocks begin."""
        counts = (block.count("\n") + 1 for block in self.blocks[:-1])
        return tuple(accumulate(counts, initial=self.first))


def layout_of(text: str) -> Layout | None:
    """Return the layout of a lock, ``None`` unless every line of its packages is where pixi puts it.

    That is made sure of without reading any but the last one, in which a text that was cut off ends.
    """
    start = text.find(_PART + _ENTRY[1:])
    if start < 0 or not text.isascii() or not text.endswith("\n") or any(mark in text for mark in _FOREIGN):
        return None
    part = text[start + len(_PART) - 1 : -1]
    blocks = part.split(_ENTRY)[1:]
    if part.count("\n") - part.count("\n  ") != len(blocks) or not all(b.startswith(_BEGINNINGS) for b in blocks):
        return None
    runs: list[tuple[str, ...]] = []

    def placeholder(run: re.Match[str]) -> str:
        runs.append(tuple(run[0].split(_LISTED)[1:]))
        return f"{_LISTED}run: {len(runs) - 1}" + "\n" * (len(runs[-1]) - 1)

    top = _RUN.sub(placeholder, text[: start + 1])
    head, last = load(top).value, load(f"- {blocks[-1]}")
    if last.fault or not isinstance(head, YamlMapping) or "packages" in head:
        return None
    first = text.count("\n", 0, start + len(_PART)) + 1
    return Layout(top, head, tuple(runs), tuple(blocks), first)


class Packages(Sequence[Package]):
    """The packages of a lock, each read when it is asked for; ``names`` and ``references`` are known without."""

    def __init__(self, path: str, layout: Layout) -> None:
        """Take the layout of the lock at a path. Raises ``ValueError`` when one of them tells no name."""
        self._path = path
        self._layout = layout
        self._read: dict[int, Package] = {}
        self.references = tuple(map(_reference, layout.blocks))
        self._shown = tuple(map(_name, self.references, layout.blocks))
        kinds = (Ecosystem.PYPI if each.startswith("pypi: ") else Ecosystem.CONDA for each in self.references)
        self.names = tuple((kind, normalize_in(kind, name)) for kind, name in zip(kinds, self._shown, strict=True))

    def __eq__(self, other: object) -> bool:
        """Tell whether they are those of an equal text."""
        return isinstance(other, Packages) and (self._path, self._layout) == (other._path, other._layout)

    __hash__ = None  # type: ignore[assignment] # as any sequence that compares by what is in it

    def __len__(self) -> int:
        """Count the packages."""
        return len(self.names)

    def __iter__(self) -> Iterator[Package]:
        """Yield all packages."""
        return map(self._at, range(len(self)))

    @overload
    def __getitem__(self, index: int) -> Package: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Package, ...]: ...
    def __getitem__(self, index: int | slice) -> Package | tuple[Package, ...]:
        """Return the package of a number."""
        if isinstance(index, slice):
            return tuple(self._at(number) for number in range(*index.indices(len(self))))
        return self._at(index)

    def _at(self, number: int) -> Package:
        if number not in self._read:
            text, line = self._layout.blocks[number], self._layout.lines[number]
            kind, _, location = self.references[number].partition(": ")
            self._read[number] = Package(
                location, kind == "conda", self._shown[number], self._path, Block(text, line), text.startswith(_SOURCE)
            )
        return self._read[number]


def _name(reference: str, block: str) -> str:
    """Return the name of a package as the lock tells it. Raises ``ValueError`` when it tells none."""
    kind, _, location = reference.partition(": ")
    said = _after(block, "name")
    name = text_of(said) or ""
    if kind == "pypi":
        if name and text_of(location):
            return name
        raise ValueError(location)
    source = SOURCE.fullmatch(location) if "@" in location else None
    if source:
        name = source[1]
    elif not said:
        file = package_file(location)
        name = file.name if file else ""
    if not _NAME.fullmatch(name) or not text_of(location):
        raise ValueError(location)
    return name


def _reference(block: str) -> str:
    """Return the kind and location of a package as environments name it (``conda: URL``)."""
    first = block.partition("\n")[0]
    if not first.startswith("kind: "):
        return first.replace("conda_source: ", "conda: ", 1)
    return f"{first[6:]}: {_after(block, 'url') or _after(block, 'path')}"


def _after(block: str, key: str) -> str:
    _, found, rest = block.rpartition(f"\n  {key}: ")
    return rest.partition("\n")[0] if found else ""


def numbers_by_name(
    names: Iterable[tuple[Ecosystem, NormalizedName]],
) -> dict[tuple[Ecosystem, NormalizedName], list[int]]:
    """Return the numbers of the packages of each name."""
    found: dict[tuple[Ecosystem, NormalizedName], list[int]] = {}
    for number, name in enumerate(names):
        found.setdefault(name, []).append(number)
    return found
