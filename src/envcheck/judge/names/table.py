"""What is known of names without looking at any environment: import name ↔ PyPI name ↔ conda name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct, field

from envcheck.model.names import normalize


class NameTable(Struct, frozen=True):
    """Candidates for names that no installed file explains; several candidates mean: ambiguous, the likeliest first.

    ``by_import`` maps dotted import names to PyPI names, ``by_conda`` lower-case conda names to PyPI names.
    A name that is in no table is its own name, or unknown.
    """

    by_import: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    by_conda: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    namespaces: frozenset[str] = frozenset()
    """Top-level names that several distributions share (``google``, ``azure``)."""

    def distributions_of(self, module: str) -> tuple[str, ...]:
        """Return the PyPI names that may provide a dotted module, by its longest known prefix; none when unknown."""
        prefix = module
        while prefix:
            if prefix in self.by_import:
                return self.by_import[prefix]
            prefix = prefix.rpartition(".")[0]
        return ()

    def pypi_of(self, conda_name: str) -> str:
        """Return the likeliest PyPI name of a conda package: the table's, else the name itself."""
        found = self.by_conda.get(conda_name.lower())
        return found[0] if found else normalize(conda_name)

    def extended(self, name_map: Mapping[str, tuple[str, ...]]) -> NameTable:
        """Return a table in which the user's own import names come before the built-in ones."""
        if not name_map:
            return self
        own = {module: tuple(normalize(name) for name in names) for module, names in name_map.items()}
        return NameTable({**self.by_import, **own}, self.by_conda, self.namespaces | _tops(own))


def parse_table(text: str) -> NameTable:
    """Return the table of a ``names.tsv`` text: PyPI, import and conda name, tab-separated, ``#`` comments."""
    by_import: dict[str, tuple[str, ...]] = {}
    by_conda: dict[str, tuple[str, ...]] = {}
    for line in text.splitlines():
        if not line.startswith("#"):
            name, module, conda = line.split("\t")
            _add(by_import, module, name)
            if conda:
                _add(by_conda, conda, name)
    return NameTable(by_import, by_conda, _tops(by_import))


def _tops(modules: Iterable[str]) -> frozenset[str]:
    return frozenset(module.partition(".")[0] for module in modules if "." in module)


def _add(grouped: dict[str, tuple[str, ...]], key: str, value: str) -> None:
    known = grouped.get(key)
    if known is None:
        grouped[key] = (value,)
    elif value not in known:
        grouped[key] = (*known, value)
