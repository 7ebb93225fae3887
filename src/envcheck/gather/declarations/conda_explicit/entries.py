"""One line of an explicit list → its entry, and the entries of a list whose lines are read when they are asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import overload

from envcheck.gather.declarations.conda_explicit import NAME
from envcheck.gather.documents.conda_packages import PackageFile, locked_package, package_file
from envcheck.model.locks import IndexedEntries
from envcheck.model.names import Ecosystem, NormalizedName
from envcheck.model.places import Place
from envcheck.model.requirements import Requirement


def entry_of(file: PackageFile, place: Place, only: str = "") -> Requirement:
    """Return the entry of a package file; in a list for one platform alone every entry is for that one."""
    platform = "" if file.subdir == "noarch" else file.subdir
    return locked_package(
        file.name,
        file.version,
        file.build,
        place,
        NAME,
        channel=file.channel,
        platform=platform or only,
        hashes=file.hashes,
    )


class ExplicitEntries(IndexedEntries):
    """The entries of a list of nothing but package files: ``lines`` are their locations by the numbers of the lines."""

    def __init__(self, path: str, lines: dict[int, str], names: Iterable[str], only: str) -> None:
        """Take what was made sure to be locations of package files, and their names."""
        self._path = path
        self._lines = lines
        self._only = only
        self._numbers: dict[NormalizedName, list[int]] = {}
        for number, name in zip(lines, names, strict=True):
            self._numbers.setdefault(NormalizedName(name.lower()), []).append(number)

    def __eq__(self, other: object) -> bool:
        """Tell whether they are those of an equal text."""
        mine = (self._path, self._lines, self._only)
        return isinstance(other, ExplicitEntries) and mine == (other._path, other._lines, other._only)

    __hash__ = None  # type: ignore[assignment] # as any sequence that compares by what is in it

    def __len__(self) -> int:
        """Count the entries."""
        return len(self._lines)

    def __iter__(self) -> Iterator[Requirement]:
        """Yield all entries in the order of the file."""
        return self._read(self._lines)

    @overload
    def __getitem__(self, index: int) -> Requirement: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Requirement, ...]: ...
    def __getitem__(self, index: int | slice) -> Requirement | tuple[Requirement, ...]:
        """Return the entry at an index, as if there were a tuple of all."""
        return tuple(self)[index]

    def names(self) -> Iterable[tuple[Ecosystem, NormalizedName]]:
        """Return the names of all entries, in the order of the file."""
        return ((Ecosystem.CONDA, name) for name in self._numbers)

    def named(self, ecosystem: Ecosystem, name: NormalizedName) -> Iterable[Requirement]:
        """Return the entries of a name, each read when its turn comes."""
        return self._read(self._numbers.get(name, ()) if ecosystem is Ecosystem.CONDA else ())

    def needs(self) -> Iterable[tuple[Ecosystem, NormalizedName, Iterable[NormalizedName]]]:
        """Return the name of each entry with nothing that it needs: a list tells no more."""
        return ((Ecosystem.CONDA, name, ()) for name, numbers in self._numbers.items() for _ in numbers)

    def with_sources(self) -> Iterable[Requirement]:
        """Return nothing: all are from channels."""
        return ()

    def _read(self, numbers: Iterable[int]) -> Iterator[Requirement]:
        for number in numbers:
            file = package_file(self._lines[number])
            if file:
                yield entry_of(file, Place(self._path, 0, number, 1), self._only)
