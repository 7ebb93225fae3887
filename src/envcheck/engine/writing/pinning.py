"""What ``envcheck pin`` wants: the versions that work here, in the style that was asked for."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct, field
from msgspec.structs import replace

from envcheck.engine.check import Case
from envcheck.engine.writing.fixing import UNREAD
from envcheck.judge.pins.closure import closure
from envcheck.judge.pins.styles import Style, specifier
from envcheck.judge.rules.coverage.declaring import best_declaration
from envcheck.model.changes import Add, Change, Pin
from envcheck.model.errors import UserError
from envcheck.model.findings import Finding, Safety
from envcheck.model.names import Ecosystem

RULES = (*UNREAD, "PIN001", "PIN002", "PIN004", "PIN006", "COV001", "COV004")
"""The rules whose fixes are pins, and additions of what is imported; and those that say what was not seen."""
_LOOSE = "PIN002"
_CONDA_FILES = (".yml", ".yaml", "pixi.toml")
_FROM_AN_INDEX = ("pip", "pypi-dependencies")


def refuse_locks(case: Case) -> None:
    """Raise ``UserError`` where a lock was asked for: only its manager writes it."""
    for path in case.project.asked:
        declaration = case.facts.declarations.get(path)
        if declaration and declaration.lock:
            manager = declaration.lock.manager
            files = ", ".join(file for file in declaration.lock.made_from if file in case.facts.declarations)
            hint = f"pin {files or 'what it is made from'}, then {manager.renew}"
            raise UserError(f"{case.viewpoint.path(path)}: a lock of {manager.name}, which nobody edits", hint)


class Pinning(Struct):
    """The wishes of a run: ``with_builds`` names the builds of conda, ``with_closure`` pins all that is needed."""

    style: Style = Style.EXACT
    with_builds: bool = False
    with_closure: bool = False
    _builds: dict[str, str] = field(default_factory=dict)

    def beyond(self, case: Case) -> Iterator[Change]:
        """Yield the additions that name the closure, if it is asked for."""
        environments = [one.environment for one in case.evidence if one.environment]
        if self.with_builds:
            self._builds = {package.name: package.build for e in environments for package in e.conda}
        for one in case.evidence if self.with_closure else ():
            if path := best_declaration(one):
                yield from (self._styled(change) for change in closure(one, path))

    def of(self, finding: Finding) -> Iterator[Change]:
        """Yield the pins and additions that a finding's fix consists of, in the style of this run."""
        # What is not installed here, or from another ecosystem, may not work: nothing to be written unasked.
        if finding.fix is None or finding.fix.safety is not Safety.SAFE:
            return
        # Whoever asks for ranges does not want those that are there narrowed at every run.
        if finding.code == _LOOSE and self.style is not Style.EXACT:
            return
        for change in finding.fix.changes:
            if isinstance(change, Pin | Add):
                yield self._styled(change)

    def _styled(self, change: Pin | Add) -> Change:
        if isinstance(change, Pin):
            ecosystem, name = change.requirement.ecosystem, str(change.requirement.name)
        else:
            is_conda = change.path.endswith(_CONDA_FILES) and change.group not in _FROM_AN_INDEX
            ecosystem, name = Ecosystem.CONDA if is_conda else Ecosystem.PYPI, change.name
        wanted = specifier(change.version, ecosystem, self.style, build=self._builds.get(name, ""))
        return replace(change, specifier=wanted)
