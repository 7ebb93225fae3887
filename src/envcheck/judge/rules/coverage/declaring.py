"""Where an undeclared distribution should be declared, and how the entry should read."""

from __future__ import annotations

from envcheck.judge.evidence.dossier import Dossier
from envcheck.judge.evidence.evidence import Evidence
from envcheck.judge.rules.coverage.development import is_development
from envcheck.model.changes import Add
from envcheck.model.declarations import Declaration
from envcheck.model.findings import Fix, Safety
from envcheck.model.places import Place
from envcheck.model.versions import public_version

_DIALECTS = ("requirements_txt", "environment_yml", "pyproject", "inline_script")


def best_declaration(evidence: Evidence, *, prefer_conda: bool = False) -> str:
    """Return the path of the declaration that should name what is missing, or empty when nothing governs.

    Inputs come before what is compiled from them, files for everybody before those for developers.
    """
    governing = [d for d in evidence.declarations if d.governs and d.dialect in _DIALECTS]
    return min(governing, key=lambda d: _rank(d, prefer_conda=prefer_conda)).path if governing else ""


def _rank(declaration: Declaration, *, prefer_conda: bool) -> tuple[bool, bool, int, bool, str]:
    groups = {requirement.group for requirement in declaration.requirements}
    return (
        bool(groups) and all(map(is_development, groups)),
        prefer_conda and declaration.dialect != "environment_yml",
        _DIALECTS.index(declaration.dialect),
        not declaration.path.endswith(".in"),
        declaration.path,
    )


def declare(evidence: Evidence, dossier: Dossier) -> Fix | None:
    """Return the fix that declares an installed distribution with its version, or ``None`` when no index has it."""
    if not dossier.version or (dossier.installed and dossier.installed.direct):
        return None
    from_conda = dossier.conda is not None
    path = best_declaration(evidence, prefer_conda=from_conda)
    is_conda_file = path.endswith((".yml", ".yaml"))
    name = dossier.conda.name if dossier.conda and is_conda_file else dossier.shown_name
    version = public_version(dossier.version)
    # Whether conda has it, and under which name, nobody knows; pip has it for sure.
    group = "pip" if is_conda_file and not from_conda else ""
    changes = (Add(path, name, version, group=group),) if path else ()
    return Fix(
        f"declare {name} in {Place(path).file or 'a new requirements.txt'}", Safety.SAFE, changes, f"{name}=={version}"
    )
