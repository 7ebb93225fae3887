"""Where an undeclared distribution should be declared, and how the entry should read."""

from __future__ import annotations

from envcheck.judge.evidence.dossier import Dossier
from envcheck.judge.evidence.evidence import Evidence
from envcheck.judge.pins.spelling import added
from envcheck.judge.rules.coverage.development import is_development
from envcheck.model.changes import Add
from envcheck.model.declarations import Declaration
from envcheck.model.findings import Fix, Safety
from envcheck.model.places import Place
from envcheck.model.versions import public_version

_DIALECTS = (
    *("requirements_txt", "environment_yml", "pyproject", "pipfile", "pixi_toml", "setup_cfg"),
    "inline_script",
)
# Where what no conda package brought is declared, in the files that are conda's.
_FROM_AN_INDEX = {"environment_yml": "pip", "pixi_toml": "pypi-dependencies"}


def best_declaration(evidence: Evidence, *, prefer_conda: bool = False) -> str:
    """Return the path of the declaration that should name what is missing, or empty when nothing governs.

    Inputs come before what is compiled from them, files for everybody before those for developers.
    """
    found = _best(evidence, prefer_conda=prefer_conda)
    return found.path if found else ""


def _best(evidence: Evidence, *, prefer_conda: bool) -> Declaration | None:
    governing = [d for d in evidence.declarations if d.governs and d.dialect in _DIALECTS]
    return min(governing, key=lambda d: _rank(d, prefer_conda=prefer_conda)) if governing else None


def _rank(declaration: Declaration, *, prefer_conda: bool) -> tuple[bool, bool, int, bool, str]:
    groups = {requirement.group for requirement in declaration.requirements}
    return (
        bool(groups) and all(map(is_development, groups)),
        prefer_conda and declaration.dialect not in _FROM_AN_INDEX,
        _DIALECTS.index(declaration.dialect),
        not declaration.path.endswith(".in"),
        declaration.path,
    )


def declare(evidence: Evidence, dossier: Dossier) -> Fix | None:
    """Return the fix that declares an installed distribution with its version, or ``None`` when no index has it."""
    if not dossier.version or (dossier.installed and dossier.installed.direct):
        return None
    from_conda = dossier.conda is not None
    found = _best(evidence, prefer_conda=from_conda)
    group = _FROM_AN_INDEX.get(found.dialect) if found else None
    name = dossier.conda.name if dossier.conda and group else dossier.shown_name
    version = public_version(dossier.version)
    path = found.path if found else ""
    # Whether conda has it, and under which name, nobody knows; pip has it for sure.
    change = Add(path, name, version, group="" if from_conda else group or "")
    title = f"declare {name} in {Place(path).file or 'a new requirements.txt'}"
    return Fix(title, Safety.SAFE, (change,), added(name, version, found))
