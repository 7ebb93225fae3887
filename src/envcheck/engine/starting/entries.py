"""An installed distribution → the entry that lets others install the same, or why there can be none."""

from __future__ import annotations

import re

from msgspec import Struct

from envcheck.engine.starting.needs import Need
from envcheck.judge.pins.styles import Style, specifier
from envcheck.model.changes import Add
from envcheck.model.environment import CondaPackage, Distribution
from envcheck.model.names import Ecosystem
from envcheck.model.requirements import DirectKind, DirectReference
from envcheck.model.urls import has_credentials, redact
from envcheck.model.versions import parse_version, public_version

# What is installed says of itself whatever it likes: nothing of it may become a second line or an option.
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
_CONDA_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*")
_CONDA_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+!]*")
_URL = re.compile(r"(?:https?|ssh|git)://[!-~]+")
_PATH_IN_URL = re.compile(r"[A-Za-z0-9._/-]+")
_FULL_COMMIT = re.compile(r"(?i)[0-9a-f]{40}|[0-9a-f]{64}")
_SHA256 = re.compile(r"sha256:([0-9a-f]{64})")
_TOOLS = ("git", "hg")  # the commits of others are numbers

PIP = "pip"
"""The list of an environment file whose entries pip installs."""


class Target(Struct, frozen=True):
    """The file that entries are for: its path from the root, whether conda reads it, and how tight its pins are."""

    path: str
    is_conda: bool
    style: Style


def entry_of(need: Need, target: Target) -> Add | str:
    """Return the addition that declares a distribution, or the words that say why not and what to do."""
    package, installed = need.dossier.conda, need.dossier.installed
    if package and target.is_conda:
        return _of_conda(package, target)
    if installed is None:
        return "is known to conda only; write environment.yml (--to environment.yml)"
    if not _NAME.fullmatch(installed.shown_name):
        return "has a name that no installer takes; install it again"
    wanted, fault = _origin(installed.direct) if installed.direct else _version(installed, target.style)
    if fault:
        return fault
    group = PIP if target.is_conda else ""
    return Add(target.path, installed.shown_name, public_version(installed.version.strip()), wanted, group)


def _of_conda(package: CondaPackage, target: Target) -> Add | str:
    if not _CONDA_NAME.fullmatch(package.name) or not _CONDA_VERSION.fullmatch(package.version):
        return "has a record with a name or version that conda does not take; install it again"
    wanted = specifier(package.version, Ecosystem.CONDA, target.style)
    return Add(target.path, package.name, package.version, wanted)


def _version(installed: Distribution, style: Style) -> tuple[str, str]:
    """Return the specifier of a release, or nothing and the words that say why there is none."""
    version = public_version(installed.version.strip())
    if parse_version(version) is None:
        return "", f"has the version {installed.version!r}, which no installer takes; install a release of it"
    return specifier(version, Ecosystem.PYPI, style), ""


def _origin(direct: DirectReference) -> tuple[str, str]:
    """Return what names the same source with the same content, or nothing and the words that say why."""
    if direct.kind is DirectKind.PATH or direct.url.lower().startswith("file:"):
        how = "editable from" if direct.editable else "from"
        return "", f"is installed {how} a path of this machine; publish it, or declare where others get it"
    if has_credentials(direct.url):
        return (
            "",
            f"is installed from {redact(direct.url)} with a password, which belongs in no file; declare it without",
        )
    if not _URL.fullmatch(direct.url) or not _PATH_IN_URL.fullmatch(direct.subdirectory or "."):
        return "", "is installed from a URL that cannot be written into a requirement; declare it by hand"
    return _repository(direct) if direct.kind is DirectKind.VCS else _archive(direct)


def _repository(direct: DirectReference) -> tuple[str, str]:
    if direct.tool not in _TOOLS or not _FULL_COMMIT.fullmatch(direct.commit):
        return "", f"is installed from {redact(direct.url)}, and no commit is recorded; declare it with one by hand"
    inside = f"#subdirectory={direct.subdirectory}" if direct.subdirectory else ""
    return f" @ {direct.tool}+{direct.url}@{direct.commit}{inside}", ""


def _archive(direct: DirectReference) -> tuple[str, str]:
    digest = next((found[1] for text in direct.hashes if (found := _SHA256.fullmatch(text))), "")
    if not digest or "#" in direct.url:
        return "", f"is installed from {redact(direct.url)}, and no hash is recorded; declare it with #sha256=… by hand"
    inside = f"&subdirectory={direct.subdirectory}" if direct.subdirectory else ""
    return f" @ {direct.url}#sha256={digest}{inside}", ""
