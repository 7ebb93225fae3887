"""The entries of a conda-lock.yml as conda-lock writes it, each a block of lines that is read when it is asked for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property, lru_cache
from itertools import accumulate
from typing import Generic, TypeVar, overload

from msgspec import Struct

from envcheck.gather.declarations.conda_lock.entries import EntryReader, needs_of, texts
from envcheck.gather.documents.yaml_lines import entry_of
from envcheck.gather.documents.yaml_values import YamlMapping, load
from envcheck.model.locks import IndexedEntries
from envcheck.model.names import Ecosystem, NormalizedName, normalize_in
from envcheck.model.requirements import Requirement

_T = TypeVar("_T")
_PART = "\npackage:\n"
_ENTRY = "\n- name: "
# The fields of an entry have their order in conda-lock's own model (``lockfile/v1/models.py``).
_HEAD = re.compile(
    r"\n- name: ([A-Za-z0-9_][\w.+-]*)\n"
    r"  version: '?[A-Za-z0-9]\S*\n  manager: (conda|pip)\n  platform: ([a-z0-9_-]+)\n"
)
# The whole of most entries; what a dependency is wanted in, nobody asks.
_WHOLE = re.compile(
    r"(?P<name>[A-Za-z0-9_][\w.+-]*)\n  version: (?P<quote>'?)(?P<version>[A-Za-z0-9][\w.+!~-]*)(?P=quote)\n"
    r"  manager: (?P<manager>conda|pip)\n  platform: (?P<platform>[a-z0-9_-]+)\n"
    r"  dependencies:(?: \{\}|(?P<needs>(?:\n    [A-Za-z0-9_][\w.-]*: (?:'[^'\n]*'|[\w.=~<!][\w.=*~<>,!|+-]*))+))\n"
    r"  url: (?P<url>[A-Za-z][^\s:#]*://[^\s:#]+)\n"
    r"  hash:(?:\n    md5: (?P<md5>[0-9a-f]{32}))?(?:\n    sha256: (?P<sha256>[0-9a-f]{64}))?\n"
    r"  category: (?P<category>[A-Za-z][\w-]*)\n  optional: (?:true|false)"
)
_NEED = re.compile(r"\n    ([\w.-]+): ")
_DEPENDENCY = re.compile(r"([A-Za-z0-9_][\w.-]*): (?:'[^'\n]*'|[\w.=~<!][\w.=*~<>,!|+-]*)")
_ECOSYSTEMS = {"conda": Ecosystem.CONDA, "pip": Ecosystem.PYPI}
# Anchors and their aliases belong to several entries, other line ends and blanks to other hands.
_FOREIGN = ("&", "\t", "\r")
# With one of them a URL may hold a secret.
_SECRETIVE = ("@", "?", ";", "/t/")


class Layout(Struct, frozen=True, dict=True):
    """A lock cut into what comes before its entries and a block for each of them; ``first`` is where these begin.

    ``heads`` are the name, the manager and the platform of each.
    """

    head: YamlMapping
    blocks: tuple[str, ...]
    heads: tuple[tuple[str, str, str], ...]
    first: int
    is_secretive: bool = False
    """Whether some URL may hold a secret."""

    @property
    def platforms(self) -> tuple[str, ...]:
        """The platforms that the head names."""
        return texts(self.head.mapping("metadata").get("platforms"))

    @cached_property
    def lines(self) -> tuple[int, ...]:
        """The numbers of the lines in which the blocks begin."""
        counts = (block.count("\n") + 1 for block in self.blocks[:-1])
        return tuple(accumulate(counts, initial=self.first))


def layout_of(text: str) -> Layout | None:
    """Return the layout of a lock, ``None`` unless every line is where conda-lock puts it.

    That is made sure of for all blocks without reading any: a line of another kind may mean something to YAML that
    reaches over blocks. The last one is read, since a text that was cut off ends in it.
    """
    start = text.find(_PART + _ENTRY[1:])
    if start < 0 or not text.isascii() or not text.endswith("\n") or any(mark in text for mark in _FOREIGN):
        return None
    part = text[start + len(_PART) - 1 : -1]
    blocks = part.split(_ENTRY)[1:]
    heads = _HEAD.findall(part)
    if len(heads) != len(blocks) or part.count("\n") - part.count("\n  ") != len(blocks):
        return None
    top, last = load(text[: start + 1]).value, load(f"- name: {blocks[-1]}")
    if last.fault or not isinstance(top, YamlMapping):
        return None
    first = text.count("\n", 0, start + len(_PART)) + 1
    return Layout(
        top,
        tuple(blocks),
        tuple(heads),
        first,
        any(mark in part for mark in _SECRETIVE),
    )


class UnifiedEntries(IndexedEntries):
    """The entries of a lock by name and platform."""

    def __init__(self, path: str, layout: Layout) -> None:
        """Take the layout of the lock at a path."""
        self._path = path
        self._layout = layout
        self._numbers: dict[tuple[Ecosystem, NormalizedName], list[int]] = {}
        self._read: dict[int, tuple[Requirement, ...]] = {}
        for number, (name, manager, _) in enumerate(layout.heads):
            ecosystem = _ECOSYSTEMS[manager]
            # What the machine is, is no package (CEP 30).
            if ecosystem is Ecosystem.PYPI or not name.startswith("__"):
                self._numbers.setdefault((ecosystem, normalize_in(ecosystem, name)), []).append(number)

    @property
    def _all(self) -> Iterator[Requirement]:
        return (entry for number in range(len(self._layout.blocks)) for entry in self._at(number))

    def __eq__(self, other: object) -> bool:
        """Tell whether they are those of an equal text."""
        return isinstance(other, UnifiedEntries) and (self._path, self._layout) == (other._path, other._layout)

    __hash__ = None  # type: ignore[assignment] # as any sequence that compares by what is in it

    def __bool__(self) -> bool:
        """Tell whether there are entries, without reading one."""
        return bool(self._numbers)

    def __len__(self) -> int:
        """Count the entries; one of several categories is several of them."""
        return sum(1 for _ in self._all)

    def __iter__(self) -> Iterator[Requirement]:
        """Yield all entries in the order of the file."""
        return self._all

    @overload
    def __getitem__(self, index: int) -> Requirement: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Requirement, ...]: ...
    def __getitem__(self, index: int | slice) -> Requirement | tuple[Requirement, ...]:
        """Return the entry at an index, as if there were a tuple of all."""
        return tuple(self._all)[index]

    def names(self) -> Iterable[tuple[Ecosystem, NormalizedName]]:
        """Return the names of all entries, in the order of the file."""
        return self._numbers.keys()

    def named(self, ecosystem: Ecosystem, name: NormalizedName) -> Iterable[Requirement]:
        """Return the entries of a name, for whatever platform, each read when its turn comes."""
        return (entry for number in self._numbers.get((ecosystem, name), ()) for entry in self._at(number))

    def needs(self) -> Iterable[tuple[Ecosystem, NormalizedName, Iterable[NormalizedName]]]:
        """Return the name of each entry with the names that it needs."""
        return ((*name, self._needs_at(number)) for name, numbers in self._numbers.items() for number in numbers)

    def with_sources(self) -> Iterable[Requirement]:
        """Return the entries that come from no index or channel: only pip's can."""
        marked = (n for n, block in enumerate(self._layout.blocks) if self._is_of_pip(n) and "\n  source:" in block)
        return (entry for number in marked for entry in self._at(number) if entry.direct)

    def on_platform(self, platform: str) -> Iterator[Requirement]:
        """Yield the entries for a platform, without reading those of others."""
        for number, head in enumerate(self._layout.heads):
            if head[2] == platform:
                yield from self._at(number)

    def by_name(self, ecosystem: Ecosystem, platform: str) -> Mapping[str, Requirement]:
        """Return the first entry of each name on a platform, which is read when it is asked for."""
        return _Lazy(self._firsts.get((ecosystem, platform), {}), lambda number: self._at(number)[0])

    def needs_by_name(self, ecosystem: Ecosystem, platform: str) -> Mapping[str, tuple[NormalizedName, ...]]:
        """Return what each of those entries needs."""
        return _Lazy(self._firsts.get((ecosystem, platform), {}), self._needs_at)

    @cached_property
    def _firsts(self) -> dict[tuple[Ecosystem, str], dict[str, int]]:
        """The number of the first block of each name, for each ecosystem and platform."""
        found: dict[tuple[Ecosystem, str], dict[str, int]] = {}
        for (ecosystem, name), numbers in self._numbers.items():
            for number in numbers:
                found.setdefault((ecosystem, self._layout.heads[number][2]), {}).setdefault(name, number)
        return found

    def _is_of_pip(self, number: int) -> bool:
        return self._layout.heads[number][1] == "pip"

    def secretive(self) -> EntryReader:
        """Return a reader that has read what may have secrets in its URLs."""
        reader = EntryReader(self._path)
        for number, block in enumerate(self._layout.blocks):
            if any(mark in block for mark in _SECRETIVE):
                reader.read(self._table(number))
        return reader

    def _at(self, number: int) -> tuple[Requirement, ...]:
        if number not in self._read:
            reader = EntryReader(self._path)
            reader.read(self._table(number))
            self._read[number] = tuple(reader.entries)
        return self._read[number]

    def _needs_at(self, number: int) -> tuple[NormalizedName, ...]:
        section, ending, _ = self._layout.blocks[number].partition("\n  dependencies:")[2].partition("\n  url: ")
        above, *listed = section.split("\n    ")
        needs = list(map(_need, listed))
        if not ending or None in needs or above != ("" if listed else " {}"):
            entries = self._at(number)
            return entries[0].needs if entries else ()
        return needs_of(filter(None, needs), is_conda=not self._is_of_pip(number))

    def _table(self, number: int) -> YamlMapping:
        block, line = self._layout.blocks[number], self._layout.lines[number]
        whole = _WHOLE.fullmatch(block)
        if whole:
            return _plain_table(whole, line)
        table = entry_of(f"{_ENTRY[1:]}{block}", line)
        if table is None:  # broken below its head: a name with nothing known of it
            table = YamlMapping(line)
            table.update(zip(("name", "manager", "platform"), self._layout.heads[number], strict=True))
        return table


@lru_cache(maxsize=8192)
def _need(text: str) -> str | None:
    """Return the name of a dependency, ``None`` when it takes more to tell."""
    found = _DEPENDENCY.fullmatch(text)
    return found[1] if found else None


def _plain_table(found: re.Match[str], line: int) -> YamlMapping:
    table, hashes, needs = YamlMapping(line), YamlMapping(), YamlMapping()
    table.update(found.groupdict(""))
    hashes.update((kind, found[kind]) for kind in ("md5", "sha256") if found[kind])
    needs.update(dict.fromkeys(_NEED.findall(found["needs"] or ""), ""))
    table.update(hash=hashes, dependencies=needs)
    return table


class _Lazy(Mapping[str, _T], Generic[_T]):
    """What stands in blocks, by names; ``read`` gives that of a block."""

    def __init__(self, numbers: Mapping[str, int], read: Callable[[int], _T]) -> None:
        self._numbers = numbers
        self._read = read

    def __getitem__(self, name: str) -> _T:
        return self._read(self._numbers[name])

    def __contains__(self, name: object) -> bool:
        return name in self._numbers

    def __iter__(self) -> Iterator[str]:
        return iter(self._numbers)

    def __len__(self) -> int:
        return len(self._numbers)
