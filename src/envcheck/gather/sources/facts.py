"""What the reading of a source yields, fact by fact, and how the facts become one reading."""

from __future__ import annotations

from collections.abc import Iterable
from keyword import iskeyword
from operator import attrgetter
from typing import TypeAlias, TypeVar, cast

from msgspec import Struct

from envcheck.model.readings import Problem, Reading, Reference
from envcheck.model.stamps import Stamp
from envcheck.model.usage import Ignore, Import, InlineScript, InstallCommand, KernelClaim, Source, SourceKind

_T = TypeVar("_T")
_place = attrgetter("place")


class SearchPath(Struct, frozen=True):
    """A folder added to ``sys.path``; empty when the text does not tell which."""

    folder: str


class WrittenFile(Struct, frozen=True):
    """A file that ``%%writefile`` makes."""

    name: str


Fact: TypeAlias = Import | InstallCommand | SearchPath | WrittenFile | Ignore | Problem | Reference


class Claims(Struct, frozen=True):
    """What a source says of itself, apart from its code."""

    language: str = "python"
    kernel: KernelClaim | None = None
    python: str = ""
    cells: int = 0
    block: InlineScript | None = None
    lock: str = ""
    stamp: Stamp | None = None
    stamp_leftovers: tuple[str, ...] = ()


def is_module_name(text: str) -> bool:
    """Tell whether a text is an absolute dotted name of identifiers: what an import statement could name."""
    return all(part.isidentifier() and not iskeyword(part) for part in text.split("."))


def assemble(path: str, kind: SourceKind, claims: Claims, facts: Iterable[Fact]) -> Reading[Source]:
    """Return the reading of one source, its facts in the order of their places."""
    found: dict[type, list[Fact]] = {}
    for fact in facts:
        found.setdefault(type(fact), []).append(fact)

    def every(sort: type[_T]) -> list[_T]:
        return cast("list[_T]", found.get(sort, []))

    folders = [addition.folder for addition in every(SearchPath)]
    source = Source(
        path,
        kind,
        language=claims.language,
        imports=tuple(sorted(every(Import), key=_place)),
        installs=tuple(sorted(every(InstallCommand), key=_place)),
        writes=tuple(dict.fromkeys(written.name for written in every(WrittenFile))),
        search_paths=tuple(dict.fromkeys(filter(None, folders))),
        open_search_path="" in folders,
        kernel=claims.kernel,
        python=claims.python,
        cells=claims.cells,
        ignores=tuple(every(Ignore)),
        block=claims.block,
        lock=claims.lock,
        stamp=claims.stamp,
        stamp_leftovers=claims.stamp_leftovers,
    )
    problems = sorted(every(Problem), key=_place)
    return Reading(source, tuple(problems), tuple(every(Reference)))
