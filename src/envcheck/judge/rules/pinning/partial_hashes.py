"""Some requirements of a file have hashes, some not.

**What it does**

Reports files for pip in which a requirement has no hash although pip will want one: as soon as any other one, in the
same file or in one that it takes in with `-r` or `-c`, has a `--hash`, or the file says `--require-hashes`. A hash in
a URL (`#sha256=…`) counts, and so does one in a file of constraints. Repositories, folders and editable installs cannot
have any. What does not apply in the environment is left out; `--no-require-hashes` ends it all.

**Why this is bad**

pip refuses to install the file at all. It was compiled with hashes, and a line was added by hand since.

**Example**

```
numpy==1.26.4 --hash=sha256:2a02aba9ed12e4ac4eb3ea9421c420301a0c6460d9830d74a9df87efa4912010
tabulate==0.9.0
```

**Use instead**

```
numpy==1.26.4 --hash=sha256:2a02aba9ed12e4ac4eb3ea9421c420301a0c6460d9830d74a9df87efa4912010
tabulate==0.9.0 --hash=sha256:024ca478df22e9340661486f85298cff5f6dcdba14f3813e8830015b9ed1948f
```

**Fix**

None: the hash is not known here. Compile the file again, or run `pip hash` on what was downloaded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from envcheck.judge.evidence.evidence import Evidence
from envcheck.model.declarations import Declaration
from envcheck.model.findings import Finding, Related, Severity
from envcheck.model.names import Ecosystem, NormalizedName
from envcheck.model.places import Place
from envcheck.model.requirements import DirectKind, Requirement, Role
from envcheck.model.rules import Rule
from envcheck.model.urls import redact

RULE = Rule("PIN005", "partial-hashes", "some entries of a file have hashes, some not", Severity.WARNING)

# Only pip has one switch for a whole file; other locks have hashes wherever there is a file to hash.
_DIALECTS = frozenset({"requirements_txt", "environment_yml"})
_ARCHIVES = (".whl", ".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz", ".tar.xz", ".txz", ".tar.lzma", ".tlz")


def check(evidence: Evidence) -> Iterator[Finding]:
    """Yield one finding for each file that pip refuses, at the first requirement without a hash."""
    if not evidence.scope.primary:
        return
    files = {d.path: d for d in evidence.declarations if d.dialect in _DIALECTS}
    limits = (r for d in files.values() for r in d.requirements if r.role is Role.CONSTRAINT)
    limited = {r.name for r in limits if _has_hash(r)}
    told: set[Requirement] = set()
    # Those that take in least come first, so that a requirement is told of where it stands.
    for taken in sorted((_taken_in(path, files) for path in files), key=lambda taken: (len(taken), taken)):
        reason = _reason([files[path] for path in taken])
        asked = (r for path in taken for r in files[path].requirements if evidence.applies(r))
        lacking = [r for r in _lacking(asked, limited) if r not in told] if reason else []
        told.update(lacking)
        if lacking:
            yield _finding(taken[0], sorted(lacking, key=lambda r: (r.place.path != taken[0], r.place)), reason)


def _taken_in(path: str, files: Mapping[str, Declaration]) -> tuple[str, ...]:
    """Return a file and all that it takes in, itself first."""
    pending, seen = [path], dict[str, None]()
    while pending:
        current = pending.pop(0)
        if current in files and current not in seen:
            seen[current] = None
            pending += files[current].includes
    return tuple(seen)


def _reason(files: list[Declaration]) -> str:
    """Return why pip wants hashes in an install of these files, empty when it does not."""
    if any(file.requires_hashes is False for file in files):
        return ""
    if any(file.requires_hashes for file in files):
        return "--require-hashes stands there"
    # pip 26.3, req_command.get_requirements: constraints count, and so does what does not apply here; URLs do not.
    first = next((r for file in files for r in file.requirements if r.hashes), None)
    return f"{_name(first)} has one" if first else ""


def _lacking(requirements: Iterable[Requirement], limited: set[NormalizedName]) -> Iterator[Requirement]:
    """Yield what pip has no hash for; of several entries of a name the first one tells."""
    met: set[str] = set()
    for requirement in requirements:
        if requirement.role is Role.CONSTRAINT or requirement.ecosystem is not Ecosystem.PYPI or requirement.template:
            continue
        key = requirement.name or requirement.raw
        has_hash = _has_hash(requirement) or requirement.name in limited
        if key not in met and not (has_hash and not _unhashable(requirement)):
            yield requirement
        met.add(key)


def _has_hash(requirement: Requirement) -> bool:
    return bool(requirement.hashes or (requirement.direct and requirement.direct.hashes))


def _unhashable(requirement: Requirement) -> str:
    """Return what a requirement is that cannot have a hash, empty for all others."""
    direct = requirement.direct
    if direct is None:
        return ""
    if direct.editable:
        return "is editable"
    if direct.kind is DirectKind.VCS:
        return "comes from a repository"
    is_file = direct.url.partition("#")[0].rstrip("/").lower().endswith(_ARCHIVES)
    return "is a folder" if direct.kind is DirectKind.PATH and not is_file else ""


def _finding(path: str, lacking: list[Requirement], reason: str) -> Finding:
    first, *others = lacking
    unhashable = _unhashable(first)
    what = f"{unhashable}, which can have no hash" if unhashable else "has no hash"
    more = f" ({len(others)} more like it)" if others else ""
    remedy = "install it by itself, without hashes" if unhashable else "compile the file again, or add --hash"
    return RULE.at(
        first.place,
        f"{_name(first)} {what}{more}, but {reason}, so pip refuses {Place(path).file}; {remedy}",
        distribution=first.name,
        related=tuple(Related(other.place, f"{_name(other)} has none either") for other in others),
    )


def _name(requirement: Requirement) -> str:
    return requirement.shown_name or redact(requirement.raw)
