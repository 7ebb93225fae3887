"""Whether two references mean the same code: what is wanted, and what the installer has recorded."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from envcheck.judge.evidence.dossier import Dossier
from envcheck.judge.evidence.evidence import Evidence
from envcheck.judge.rules.drift.against_locks import Row
from envcheck.model.environment import Distribution
from envcheck.model.names import Ecosystem
from envcheck.model.requirements import DirectKind, DirectReference, Requirement
from envcheck.model.stamps import LOCAL
from envcheck.model.urls import normalize_url, path_of, redact

_RECORDING_INSTALLERS = frozenset({"pip", "uv", "poetry", "pdm"})


def locked_elsewhere(row: Row, evidence: Evidence) -> str:
    """Return from where else than locked a distribution was installed, as words that follow "is", or nothing."""
    installed = row.dossier.installed
    if row.entry.ecosystem is Ecosystem.CONDA:
        return _otherwise_than_by_conda(row.dossier)
    if installed is None:
        return ""
    if installed.conda:
        return "installed by conda, but locked as a distribution of PyPI" if row.entry.direct else ""
    if row.entry.direct is None:
        return _instead_of_release(row, installed.direct) if installed.direct else ""
    if installed.direct is None:
        return _from_an_index(row.entry.direct, installed)
    return _differently(row, row.entry.direct, installed.direct, evidence)


def _otherwise_than_by_conda(dossier: Dossier) -> str:
    """Return who has installed a conda package instead, or which of its distributions are not its own any more."""
    package, installed = dossier.conda, dossier.installed
    if package is None:
        return f"installed by {installed.installer or 'pip'}, but locked as a conda package" if installed else ""
    changed = sorted(package.clobbered.items())
    said = [f"{name} {version} has been installed over it" for name, version in changed if version]
    said += [f"its files of {name} are gone" for name, version in changed if not version]
    return f"locked as a conda package, but {' and '.join(said)}" if said else ""


def _differently(row: Row, wanted: DirectReference, found: DirectReference, evidence: Evidence) -> str:
    if wanted.editable != found.editable:
        return "installed editable, but not locked so" if found.editable else "locked editable, but not installed so"
    return other_origin(wanted, found) or _other_folder(row, found, evidence)


def _instead_of_release(row: Row, found: DirectReference) -> str:
    if set(found.hashes) & set(row.entry.hashes):
        return ""  # the very file that the index has
    return f"installed {_from(found)}, but locked as release {row.wanted}"


def _from_an_index(wanted: DirectReference, installed: Distribution) -> str:
    return f"installed from an index, not from {redact(wanted.url)}" if records_sources(installed) else ""


def records_sources(installed: Distribution) -> bool:
    """Tell whether its installer writes direct_url.json, so that its absence says something."""
    # Poetry signs with its version: ``Poetry 2.5.1`` (WheelInstaller, EditableBuilder).
    return installed.installer.partition(" ")[0].lower() in _RECORDING_INSTALLERS


def _from(found: DirectReference) -> str:
    return f"{'editable ' if found.editable else ''}from {redact(found.url)}"


def _other_folder(row: Row, found: DirectReference, evidence: Evidence) -> str:
    wanted, root = row.entry.direct, evidence.scope.viewpoint.root
    # A snapshot does not tell which folder of another machine it was.
    if wanted is None or _kind(wanted) is not DirectKind.PATH or not root or found.url == LOCAL:
        return ""
    is_there = _folder(wanted, root, row.entry.place.path) == _folder(found, root)
    return "" if is_there else f"installed from {redact(found.url)}, not from {redact(wanted.url)}"


def from_declared_folders(evidence: Evidence) -> Iterator[tuple[Requirement, Distribution]]:
    """Yield the requirements that only name a folder (``-e ./tools``) with what is installed from there."""
    root = evidence.scope.viewpoint.root
    wanted: dict[str, Requirement] = {}
    for requirement in evidence.nameless():
        if requirement.direct and _kind(requirement.direct) is DirectKind.PATH and evidence.applies(requirement):
            wanted.setdefault(_folder(requirement.direct, root, requirement.place.path), requirement)
    for distribution in evidence.environment.distributions if evidence.environment and wanted else ():
        direct = distribution.direct
        if direct and _kind(direct) is DirectKind.PATH and (asked := wanted.get(_folder(direct, root))):
            yield asked, distribution


def _folder(reference: DirectReference, root: str, path: str = "") -> str:
    # Declarations and locks name folders relative to their own.
    return posixpath.normpath(posixpath.join(root, posixpath.dirname(path), path_of(reference.url)))


def _kind(reference: DirectReference) -> DirectKind:
    """Return what sort of source it is: a file URL is a path, whatever record it comes from."""
    is_file = reference.kind is DirectKind.URL and reference.url.startswith("file:")
    return DirectKind.PATH if is_file else reference.kind


def _elsewhere(wanted: DirectReference, found: DirectReference) -> str:
    if _kind(wanted) is DirectKind.PATH:
        return ""  # declared relative to a file, recorded absolute: not to be told apart without looking at the disk
    if normalize_url(wanted.url) != normalize_url(found.url) and not set(wanted.hashes) & set(found.hashes):
        return f"installed from {redact(found.url)}, not from {redact(wanted.url)}"
    if wanted.commit and found.commit and wanted.commit != found.commit.lower():
        return f"installed at commit {found.commit[:12]}, not at {wanted.commit[:12]}"
    if wanted.kind is DirectKind.VCS and not wanted.commit and _is_other_revision(wanted.revision, found):
        return f"installed at {found.revision}, not at {wanted.revision}"
    return ""


def _is_other_revision(wanted: str, found: DirectReference) -> bool:
    # What was installed by its commit may well be the commit of the branch or tag.
    if not wanted or not found.revision or found.commit.startswith((found.revision, wanted)):
        return False
    return wanted != found.revision


def other_origin(wanted: DirectReference, found: DirectReference) -> str:
    """Return from what other repository, URL, commit or sort of place the installation is, or nothing."""
    if _kind(wanted) is not _kind(found):
        return f"installed from {redact(found.url)}, not from {redact(wanted.url)}"
    return _elsewhere(wanted, found)
