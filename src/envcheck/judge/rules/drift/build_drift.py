"""The version is right, the build is another one.

**What it does**

Reports installed distributions of the declared or locked version whose local part (`+cu121`, `+cpu`), conda build
string, channel or recorded file hash is another one. A declared pin without a local part accepts every local build, as
pip does; a lock does not. A group that is an alternative to what is installed (an extra `cpu` beside an extra `gpu`) is
left alone.

**Why this is bad**

Builds of one version differ in what they were compiled with: CPU or GPU, MKL or OpenBLAS. Numbers and speed may
differ, and sometimes they do not run at all.

**Example**

```
torch==2.4.1+cpu      # installed: 2.4.1+cu121
```

**Use instead**

```
torch==2.4.1
```

or install the build that is declared.

**Fix**

None: only you know which of both is right.
"""

from __future__ import annotations

from collections.abc import Iterator

from envcheck.judge.evidence.evidence import Evidence
from envcheck.judge.pins.spelling import name_of
from envcheck.judge.rules.drift.against_locks import rows
from envcheck.judge.rules.drift.builds import channel_name, other_build
from envcheck.judge.rules.drift.compared import Comparison, compared
from envcheck.model.findings import Finding, Severity
from envcheck.model.names import Ecosystem
from envcheck.model.rules import Rule
from envcheck.model.urls import normalize_url

RULE = Rule("DRF005", "build-drift", "same version, but another build, file hash or local version", Severity.WARNING)


def check(evidence: Evidence) -> Iterator[Finding]:
    """Yield one finding for each requirement or locked entry that is installed in another build."""
    yield from _against_declarations(evidence)
    for row in rows(evidence):
        if difference := other_build(row):
            yield RULE.at(
                row.entry.place,
                f"{name_of(row.entry)} {row.installed} is installed{evidence.whereabouts}, but {difference};"
                f" {row.lock.remedy_of_same_version}",
                distribution=row.dossier.key,
                installed=row.installed,
                wanted=row.wanted,
            )


def _against_declarations(evidence: Evidence) -> Iterator[Finding]:
    for found in compared(evidence):
        name = name_of(found.requirement)
        if found.is_other_build:
            build = f", build {found.build}," if found.build else ""
            message = f"{name} {found.version}{build} is installed{evidence.whereabouts}, but {found.words}"
        elif not found.is_other_version and _is_other_file(found):
            message = (
                f"{name} {found.version} is installed{evidence.whereabouts} from a file of another hash than declared"
            )
        elif not found.is_other_version and (channel := _other_channel(found)):
            message = f"{name} {found.version} is installed{evidence.whereabouts} from channel {channel}"
        else:
            continue
        yield RULE.at(
            found.requirement.place,
            f"{message}; install that build, or declare the one that is installed",
            distribution=found.dossier.key,
            installed=" ".join(filter(None, (found.version, found.build))),
            wanted=found.requirement.constraint.text,
        )


def _is_other_file(found: Comparison) -> bool:
    """Tell whether declared and recorded hashes of one algorithm differ."""
    recorded = dict(h.split(":", 1) for h in _recorded_hashes(found))
    declared = dict(h.split(":", 1) for h in _declared_hashes(found) if ":" in h)
    return any(algorithm in recorded and recorded[algorithm] != value for algorithm, value in declared.items())


def _other_channel(found: Comparison) -> str:
    """Return the channel that a conda package comes from when another one is declared for it."""
    wanted, package = found.requirement.channel, found.dossier.conda
    if not wanted or not found.build or package is None or not package.channel:
        return ""
    there = channel_name(package.channel)
    return f"{there}, but {channel_name(wanted)} is declared" if there != channel_name(wanted) else ""


def _declared_hashes(found: Comparison) -> tuple[str, ...]:
    requirement, installed = found.requirement, found.dossier.installed
    if requirement.ecosystem is Ecosystem.CONDA:
        return requirement.hashes
    # The hashes of an index pin are those of all its files; a URL has one, and its record is of the same URL or none.
    direct, record = requirement.direct, installed.direct if installed else None
    if direct is None or record is None or normalize_url(direct.url) != normalize_url(record.url):
        return ()
    return direct.hashes


def _recorded_hashes(found: Comparison) -> Iterator[str]:
    installed, package = found.dossier.installed, found.dossier.conda
    if found.requirement.ecosystem is Ecosystem.CONDA:
        if package and found.build:
            yield from (
                f"{name}:{value}" for name, value in (("md5", package.md5), ("sha256", package.sha256)) if value
            )
    elif installed and installed.direct:
        yield from (h for h in installed.direct.hashes if ":" in h)
