"""Whether the user wants to hear a finding: ignores for files by the settings, and inline ignores for lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from envcheck.model.findings import Finding
from envcheck.model.globs import IgnoreFile, is_ignored, parse_ignore_file
from envcheck.model.settings import Settings
from envcheck.model.usage import Ignore


def suppress(
    findings: Iterable[Finding], *, settings: Settings, ignores: Iterable[Ignore]
) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """Return the findings that are to be heard, in their order, and those that are not."""
    inline: dict[tuple[str, int, int], list[tuple[str, ...]]] = {}
    for ignore in ignores:
        inline.setdefault(ignore.place[:3], []).append(ignore.codes)
    everything = tuple(findings)
    if not (inline or settings.per_file_ignores):
        return everything, ()
    heard = tuple(
        finding
        for finding in everything
        if not _ignored_inline(finding, inline) and not _ignored_by_file(finding, settings.per_file_ignores)
    )
    if len(heard) == len(everything):
        return heard, ()
    kept = set(map(id, heard))
    return heard, tuple(finding for finding in everything if id(finding) not in kept)


def _ignored_inline(finding: Finding, inline: Mapping[tuple[str, int, int], list[tuple[str, ...]]]) -> bool:
    return any(not codes or finding.code.startswith(codes) for codes in inline.get(finding.place[:3], ()))


def _ignored_by_file(finding: Finding, per_file: Mapping[str, tuple[str, ...]]) -> bool:
    return any(finding.code.startswith(codes) and matches(finding.place.path, glob) for glob, codes in per_file.items())


@lru_cache(maxsize=4096)
def matches(path: str, glob: str) -> bool:
    """Tell whether a line ``glob`` in a ``.gitignore`` at the root would leave a path out, or a folder above it."""
    patterns = (_patterns(glob),)
    folders = [path[: match.start()] for match in re.finditer("/", path)]
    return any(is_ignored(folder, patterns, is_folder=True) for folder in folders) or is_ignored(
        path, patterns, is_folder=False
    )


@lru_cache(maxsize=256)
def _patterns(glob: str) -> IgnoreFile:
    return parse_ignore_file(glob, "")
