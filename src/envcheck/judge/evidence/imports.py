"""Which distribution, project file or standard module an import means."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct, field
from msgspec.structs import replace

from envcheck.judge.evidence.dossier import Certainty, ModuleOrigin, Use
from envcheck.judge.names import stdlib
from envcheck.judge.names.local import LocalModule, LocalModules
from envcheck.judge.names.platform import platform_name
from envcheck.judge.names.table import NameTable
from envcheck.model.environment import Environment
from envcheck.model.names import normalize
from envcheck.model.usage import Import, Source


class Resolver(Struct, frozen=True):
    """Everything an import may resolve to in one scope.

    ``shared`` are top-level names below which several installed distributions own something; ``declared`` are the
    dossier keys that governing requirements ask for, ``own`` those of the project's own distributions.
    """

    environment: Environment | None
    local: LocalModules
    table: NameTable
    shared: frozenset[str]
    declared: frozenset[str]
    own: frozenset[str]
    answers: dict[tuple[str, tuple[str, ...]], Use] = field(default_factory=dict)
    """What was found for imports of nothing in the project: the same in every source, and asked for again and again."""

    def resolve(self, source: Source, imported: Import) -> Iterator[Use]:
        """Yield what an import of a source means: several uses when it takes names of several distributions."""
        if len(imported.names) < 2 or not self._is_shared(imported.top):
            yield self._resolve(source, imported)
            return
        uses = (self._resolve(source, replace(imported, names=(name,))) for name in imported.names)
        yield from {(use.origin, use.keys, use.local_path): use for use in uses}.values()

    def _resolve(self, source: Source, imported: Import) -> Use:
        local = self.local.find(source, imported)
        if local:
            return self._meaning(source, imported, local)
        asked = (imported.module, imported.names)
        known = self.answers.get(asked)
        if known is None:
            known = self.answers[asked] = self._meaning(source, imported, None)
        return Use(source, imported, known.origin, known.keys, known.certainty, elsewhere=known.elsewhere)

    def _meaning(self, source: Source, imported: Import, local: LocalModule | None) -> Use:
        return (
            self._certain(source, imported, local)
            or self._third_party(source, imported, *self._asked_for(imported))
            or (_local(source, imported, local) if local and local.proven else None)
            or self._third_party(source, imported, self._candidates(imported), Certainty.TABLE)
            or self._guessed(source, imported, local)
        )

    def _certain(self, source: Source, imported: Import, local: LocalModule | None) -> Use | None:
        """Return what comes before all that is installed: beside the source, standard, hosted, local."""
        if local and local.beside:
            return _local(source, imported, local)
        if stdlib.is_stdlib_3(imported.module):
            return Use(source, imported, ModuleOrigin.STDLIB, certainty=Certainty.RECORD)
        if self._is_hosted(imported):
            return Use(source, imported, ModuleOrigin.PLATFORM, certainty=Certainty.TABLE)
        return _local(source, imported, local) if local and local.regular else None

    def _third_party(self, source: Source, imported: Import, keys: tuple[str, ...], certainty: Certainty) -> Use | None:
        if not keys:
            return None
        if set(keys) <= self.own:
            return Use(source, imported, ModuleOrigin.LOCAL, certainty=certainty)
        return Use(source, imported, ModuleOrigin.THIRD_PARTY, keys, certainty)

    def _guessed(self, source: Source, imported: Import, local: LocalModule | None) -> Use:
        """Return what remains: a folder of that name, a module of another Python, a name that nothing knows."""
        if local:
            return _local(source, imported, local)
        if stdlib.is_stdlib(imported.module):
            return Use(source, imported, ModuleOrigin.STDLIB, certainty=Certainty.TABLE)
        keys = (normalize(imported.top),)
        elsewhere = self.local.elsewhere(imported.top)
        return Use(source, imported, ModuleOrigin.THIRD_PARTY, keys, elsewhere=elsewhere)

    def _is_shared(self, top: str) -> bool:
        return top in self.shared or top in self.table.namespaces

    def _is_hosted(self, imported: Import) -> bool:
        hosted = next((name for path in paths(imported) if (name := platform_name(path))), "")
        if not hosted or "." in hosted:
            return bool(hosted)
        return hosted not in self._modules and normalize(hosted) not in self.declared

    def _asked_for(self, imported: Import) -> tuple[tuple[str, ...], Certainty]:
        """Return what is installed, else what is declared: by a known name or by the import's own."""
        owners = self._owners(imported)
        if owners:
            return tuple(owner for owner in owners if owner in self.declared) or owners, Certainty.RECORD
        known = tuple(name for name in self._candidates(imported) if name in self.declared)
        named = (name for path in paths(imported) if (name := normalize(path)) in self.declared)
        return known or tuple(named)[:1], Certainty.DECLARED

    def _candidates(self, imported: Import) -> tuple[str, ...]:
        """Return what the table knows of the longest dotted prefix; the import's own name when that is a known name."""
        return next((found for path in paths(imported) if (found := self.table.distributions_of(path))), ())

    def _owners(self, imported: Import) -> tuple[str, ...]:
        modules = self._modules
        for path in paths(imported):
            prefix = path
            while prefix:
                if prefix in modules:
                    return modules[prefix]
                prefix = prefix.rpartition(".")[0]
        return ()

    @property
    def _modules(self) -> Mapping[str, tuple[str, ...]]:
        return self.environment.modules if self.environment else {}


def paths(imported: Import) -> tuple[str, ...]:
    """Return the dotted paths that an import may mean, the longest first: its names may be submodules."""
    return (*(f"{imported.module}.{name}" for name in imported.names if name != "*"), imported.module)


def _local(source: Source, imported: Import, found: LocalModule) -> Use:
    return Use(source, imported, ModuleOrigin.LOCAL, certainty=Certainty.RECORD, local_path=found.path)
