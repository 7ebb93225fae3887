"""In what a build differs from the locked one although the version is the same."""

from __future__ import annotations

from collections.abc import Iterator

from envcheck.judge.rules.drift.against_locks import Row
from envcheck.model.constraints import CondaConstraint
from envcheck.model.environment import CondaPackage
from envcheck.model.names import Ecosystem
from envcheck.model.requirements import Requirement
from envcheck.model.versions import public_version, same_version


def other_build(row: Row) -> str:
    """Return what the lock has in place of what is installed, as words, or nothing when the builds agree."""
    if row.is_other_version or not row.installed:
        return ""
    if row.entry.ecosystem is Ecosystem.CONDA:
        package = row.dossier.conda
        difference = next(_differences(row.entry, package), "") if package else ""
        return f"{row.lock.file} locks {difference}" if difference else ""
    return _local_part(row)


def _local_part(row: Row) -> str:
    wanted, installed = row.wanted, row.installed
    # A lock without local part was made from an index that has none: any build of the version may have that name.
    if not wanted or "+" not in wanted + installed or same_version(wanted, installed):
        return ""
    if "+" in installed and "+" not in wanted:
        return f"{row.lock.file} locks {wanted} without local build" if public_version(installed) == wanted else ""
    return f"{row.lock.file} locks {wanted}"


def _differences(entry: Requirement, package: CondaPackage) -> Iterator[str]:
    """Yield in what a conda package is not the locked one: build, channel, hash."""
    build = entry.constraint.build if isinstance(entry.constraint, CondaConstraint) else ""
    if build and package.build and build != package.build:
        yield f"build {build}, not {package.build}"
    if entry.channel and package.channel and channel_name(entry.channel) != channel_name(package.channel):
        yield f"that of channel {channel_name(entry.channel)}, not of {channel_name(package.channel)}"
    recorded = {"md5": package.md5, "sha256": package.sha256}
    for locked in entry.hashes:
        algorithm, _, value = locked.partition(":")
        if recorded.get(algorithm) and recorded[algorithm] != value:
            yield f"a file of another {algorithm} hash"


def channel_name(channel: str) -> str:
    """Return the name of a channel without host, platform and token: mirrors serve the same files elsewhere."""
    parts = [part for part in channel.rstrip("/").split("/") if part]
    return parts[-2] if len(parts) > 1 and _is_subdir(parts[-1]) else parts[-1] if parts else ""


def _is_subdir(part: str) -> bool:
    return part == "noarch" or part.startswith(("linux-", "osx-", "win-"))
