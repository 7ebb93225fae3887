"""A match spec as py-rattler reads it and as we do, reduced to what both can say."""

from __future__ import annotations

from typing import NamedTuple

from rattler import MatchSpec, Version, VersionSpec

from envcheck.gather.documents.matchspec import parse
from envcheck.model.conda_versions import version_matches

VERSIONS = (
    "0.4 0.4.0 0.4.1.rc 0.4.1.RC 0.4.1+local 0.4.1+0.local 0.4.1 0.4.1+0 0.4.1+1.local 0.5a1 0.5b3 0.5C1 0.5 0.9.6"
    " 0.960923 1.0 1.1dev1 1.1a1 1.1.0dev1 1.1.dev1 1.1.a1 1.1.0rc1 1.1.0 1.1 1.1.post1 1.1.0post1 1.1post1 1996.07.12"
    " 1!0.4.1 1!3.1.1.6 2!0.4.1 1.0.1_ 1.0.1a 1.0.1b 1.0.1 1_ 1._ 1-2 1_2 9e 2024a 1.1.1w 1.2 1.2.3 1.2.3+4 1.2a1 1.20"
    " 2 2.0.0rc1 2.0.0rc10 2.0.0rc2 3.9 3.10 3.11.4 v1 1.a 1.0a 1.0.post 1.0+a 1.0+a_b 1.0+a.b 2.1+sirius6.0.3"
    " 0.0.0.post105+699b871 20240101123456"
).split()
"""A grid of versions: two specs that accept the same of them mean the same to us."""


class Meaning(NamedTuple):
    """What a match spec asks for; ``accepted`` are the versions of a grid that it takes."""

    name: str
    accepted: tuple[str, ...]
    build: str
    channel: str
    subdir: str


def by_rattler(text: str) -> Meaning | None:
    """Return what py-rattler makes of a spec, or ``None`` when it refuses it."""
    try:
        spec = MatchSpec(text)
    except Exception:  # noqa: BLE001 - it raises its own errors and Rust's panics
        return None
    versions = VersionSpec(spec.version or "*")
    accepted = tuple(v for v in VERSIONS if versions.matches(Version(v)))
    build = "" if spec.build in (None, "*") else spec.build
    channel = spec.channel.name if spec.channel else ""
    return Meaning(spec.name.normalized, accepted, build, "" if channel == "*" else channel, spec.subdir or "")


def by_us(text: str) -> Meaning | None:
    """Return what we make of a spec, or ``None`` when we refuse it."""
    try:
        spec = parse(text)
    except ValueError:
        return None
    accepted = tuple(v for v in VERSIONS if not spec.version or version_matches(spec.version, v))
    channel = spec.channel.rpartition("/")[2] if "://" in spec.channel else spec.channel
    return Meaning(spec.name, accepted, spec.build, channel, spec.subdir)
