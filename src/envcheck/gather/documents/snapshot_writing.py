"""Environment → snapshot: what is needed to judge it elsewhere, and nothing that tells of the machine."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping

import msgspec

from envcheck.gather.documents.snapshot_form import FORMAT, SCHEMA, Installed, Origin, Package, Snapshot
from envcheck.gather.documents.snapshot_pylock import to_pylock
from envcheck.gather.documents.toml_writing import to_toml
from envcheck.model.environment import CondaPackage, Distribution, Environment
from envcheck.model.requirements import DirectKind, DirectReference
from envcheck.model.stamps import LOCAL
from envcheck.model.urls import redact, without_user

# The build of a kernel and its release tell of a host, and no distribution asks for them.
_OF_HOST = ("platform_release", "platform_version")
_ON_DISK = re.compile(r"file:|[./~\\]|[A-Za-z]:[\\/]", re.IGNORECASE)
_HOSTED = ("https://", "http://")


def snapshot_of(environment: Environment) -> Snapshot:
    """Return an environment as a snapshot holds it: sorted, without secrets, users and paths."""
    is_system = environment.kind == "system"
    return Snapshot(
        FORMAT,
        SCHEMA,
        environment.kind,
        environment.python,
        environment.implementation,
        environment.externally_managed,
        {key: text for key, text in sorted(environment.markers.items()) if text and key not in _OF_HOST},
        tuple(_installed(each, is_system=is_system) for each in _sorted(environment.distributions)),
        tuple(_installed(each, is_system=is_system) for each in _sorted(environment.duplicates)),
        tuple(_package(each) for each in sorted(environment.conda, key=lambda p: (p.name, p.version, p.build))),
        {module: tuple(sorted(owners)) for module, owners in sorted(environment.modules.items())},
    )


def to_json_text(snapshot: Snapshot) -> str:
    """Return a snapshot as ASCII JSON, one distribution, package and module on each line."""
    content = msgspec.to_builtins(snapshot)
    return "{\n" + ",\n".join(f" {json.dumps(key)}: {_value(value)}" for key, value in content.items()) + "\n}\n"


def to_toml_text(snapshot: Snapshot) -> str:
    """Return a snapshot in the shape of a pylock.toml: what that has no key for stands in ``tool.envcheck``."""
    return to_toml(to_pylock(snapshot))


def _value(value: object) -> str:
    if isinstance(value, list | tuple) and value:
        return "[\n" + ",\n".join(f"  {json.dumps(entry, sort_keys=True)}" for entry in value) + "\n ]"
    if isinstance(value, Mapping) and value:
        entries = (f"  {json.dumps(key)}: {json.dumps(entry)}" for key, entry in value.items())
        return "{\n" + ",\n".join(entries) + "\n }"
    return json.dumps(value)


def _sorted(distributions: Iterable[Distribution]) -> list[Distribution]:
    return sorted(distributions, key=lambda each: (each.name, each.version))


def _installed(distribution: Distribution, *, is_system: bool) -> Installed:
    return Installed(
        distribution.shown_name,
        distribution.version,
        tuple(sorted(map(_portable, distribution.requires))),
        distribution.requires_python,
        tuple(sorted(distribution.provides_extras)),
        _origin(distribution.direct) if distribution.direct else None,
        distribution.installer,
        distribution.conda,
        distribution.plugin,
        # What the user's own folder brings to a system's Python is meant to be there.
        distribution.leaked and not is_system,
    )


def _portable(requirement: str) -> str:
    """Return a requirement without secrets, and without a place that only this machine has.

    ``name[extra] @ file:///home/ada/name ; marker`` becomes ``name[extra] ; marker``.
    """
    head, at, tail = requirement.partition("@")
    if at and ";" not in head and _ON_DISK.match(tail.lstrip()):
        _, _, marker = tail.strip().partition(" ")  # a blank ends a URL (PEP 508)
        return f"{head.strip()} {marker.strip()}".strip()
    return _clean(requirement) if "://" in requirement else requirement


def _origin(direct: DirectReference) -> Origin:
    is_local = direct.kind is DirectKind.PATH or not _is_remote(direct.url)
    return Origin(
        DirectKind.PATH.value if is_local else direct.kind.value,
        LOCAL if is_local else _clean(direct.url),
        direct.revision,
        direct.commit,
        direct.editable,
        "" if direct.subdirectory.startswith(("/", "\\")) else direct.subdirectory,
        tuple(sorted(direct.hashes)),
        direct.tool,
    )


def _package(package: CondaPackage) -> Package:
    is_remote = package.url.startswith(_HOSTED)
    return Package(
        package.name,
        package.version,
        package.build,
        _channel(package.channel),
        package.subdir,
        _clean(package.url) if is_remote else "",
        package.md5,
        package.sha256,
        package.depends,
        package.requested,
        tuple(sorted(package.provides)),
        dict(sorted(package.clobbered.items())),
    )


def _channel(channel: str) -> str:
    """Return a channel as it may be told: a name, or the URL of a host."""
    if "://" in channel:
        return _clean(channel) if _is_remote(channel) else LOCAL
    return LOCAL if re.match(r"[/~.\\]|[A-Za-z]:", channel) else channel


def _is_remote(url: str) -> bool:
    scheme, mark, _ = url.partition("://")
    return (bool(mark) and not scheme.lower().endswith("file")) or bool(re.match(r"[\w.-]+@[\w.-]{2,}:", url))


def _clean(url: str) -> str:
    return redact(without_user(url))
