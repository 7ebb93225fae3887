"""Whether two references mean the same code: what is wanted, and what the installer has recorded."""

from __future__ import annotations

import posixpath

from envcheck.judge.evidence.evidence import Evidence
from envcheck.judge.rules.drift.against_locks import Row
from envcheck.model.environment import Distribution
from envcheck.model.names import Ecosystem
from envcheck.model.requirements import DirectKind, DirectReference
from envcheck.model.urls import normalize_url, path_of, redact

_RECORDING_INSTALLERS = frozenset({"pip", "uv", "poetry", "pdm"})


def locked_elsewhere(row: Row, evidence: Evidence) -> str:
    """Return from where else than locked a distribution was installed, as words that follow "is", or nothing."""
    installed = row.dossier.installed
    if installed is None:
        return ""
    if row.entry.ecosystem is Ecosystem.CONDA:
        by = installed.installer or "pip"
        return "" if row.dossier.conda else f"installed by {by}, but locked as a conda package"
    if installed.conda:
        return "installed by conda, but locked as a distribution of PyPI" if row.entry.direct else ""
    if row.entry.direct is None:
        return _instead_of_release(row, installed.direct) if installed.direct else ""
    if installed.direct is None:
        return _from_an_index(row.entry.direct, installed)
    return _differently(row, row.entry.direct, installed.direct, evidence)


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
    if wanted is None or _kind(wanted) is not DirectKind.PATH or not root:
        return ""
    # Locks name folders relative to their own.
    expected = posixpath.normpath(posixpath.join(root, posixpath.dirname(row.entry.place.path), path_of(wanted.url)))
    there = posixpath.normpath(path_of(found.url))
    return "" if expected == there else f"installed from {redact(found.url)}, not from {redact(wanted.url)}"


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
