"""Which imports have to be answered by a distribution, and how a finding speaks of many of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from envcheck.judge.evidence.dossier import ModuleOrigin, Use
from envcheck.judge.evidence.evidence import Evidence
from envcheck.model.findings import Related
from envcheck.model.names import normalize
from envcheck.model.usage import ImportKind, SourceKind

_MOST_RELATED = 10
# A notebook runs in a kernel, and Python's kernel is made of these.
_KERNEL = frozenset({"IPython", "ipykernel"})
# Files that only their tool reads, with its own Python: it brings itself along.
_TOOL_FILES = {
    "dodo.py": frozenset({"doit"}),
    "fabfile.py": frozenset({"fabric", "invoke"}),
    "hatch_build.py": frozenset({"hatchling"}),
    "noxfile.py": frozenset({"nox"}),
    "tasks.py": frozenset({"invoke"}),
}


def needed_uses(evidence: Evidence) -> Iterator[Use]:
    """Yield the uses that break a run when nothing provides them, in reading order.

    Guarded and type-only imports are optional where they stand. What the kernel of a notebook or the tool that reads a
    file brings along is not asked for, nor is anything in ``setup.py``, whose imports are build requirements.
    """
    for use in evidence.uses:
        if use.origin is ModuleOrigin.THIRD_PARTY and not is_optional(use) and not is_brought_along(use):
            yield use


def is_optional(use: Use) -> bool:
    """Tell whether an import may fail where it stands: it is guarded, or for type checkers only."""
    return use.imported.kind is ImportKind.GUARDED or use.imported.kind is ImportKind.TYPE_ONLY


def is_brought_along(use: Use) -> bool:
    """Tell whether the kernel of a notebook, or the tool that reads a file, supplies an import itself."""
    top = use.imported.top
    if use.source.kind is SourceKind.NOTEBOOK:
        return top in _KERNEL
    file_name = use.source.path.rpartition("/")[2]
    return file_name == "setup.py" or top in _TOOL_FILES.get(file_name, ())


def first_of_each_file(uses: Iterable[Use]) -> list[Use]:
    """Return the first use in every source, in reading order."""
    firsts: dict[str, Use] = {}
    for use in uses:
        firsts.setdefault(use.source.path, use)
    return list(firsts.values())


def elsewhere(firsts: Sequence[Use]) -> tuple[Related, ...]:
    """Return where else it is imported: one place in each further file, ten at most."""
    others = firsts[1 : _MOST_RELATED + 1]
    return tuple(Related(use.imported.place, f"imports {use.imported.module}") for use in others)


def imported(firsts: Sequence[Use], name: str) -> str:
    """Return the words ``is imported [as x] [in n files]`` for a distribution or module of that name."""
    top = firsts[0].imported.top
    alias = "" if normalize(name).startswith(normalize(top)) else f" as {top}"
    files = f" in {len(firsts)} files" if len(firsts) > 1 else ""
    return f"is imported{alias}{files}"
