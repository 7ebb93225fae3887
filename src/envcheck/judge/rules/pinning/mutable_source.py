"""A requirement comes from a place whose content can change.

**What it does**

Reports requirements, declared or installed in a cell, that name a repository without a full commit (a branch, a tag,
a short commit, or nothing) or a file at a URL without a hash, unless a lock names the commit or hash. A URL that names
a full commit itself is fine. Paths are left to PRT001.

**Why this is bad**

A branch moves with every push, tags are moved and files replaced: the same line installs something else tomorrow,
under the same version number.

**Example**

```
git+https://git.example/lab/tools@main
https://files.example/tools-1.0-py3-none-any.whl
```

**Use instead**

```
git+https://git.example/lab/tools@8d4a1a2f7b6e5c4d3e2f1a0b9c8d7e6f5a4b3c2d
https://files.example/tools-1.0-py3-none-any.whl#sha256=9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
```

**Fix**

Names the commit or hash that was installed, where the environment has recorded it and the line holds no secret.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from envcheck.judge.evidence.dossier import Dossier
from envcheck.judge.evidence.evidence import Evidence
from envcheck.judge.pins.settled import is_locked
from envcheck.model.findings import Finding, Fix, Safety, Severity
from envcheck.model.names import Ecosystem
from envcheck.model.requirements import DirectKind, DirectReference, Requirement, Role
from envcheck.model.rules import Rule
from envcheck.model.urls import has_credentials, normalize_url, redact

RULE = Rule("PIN003", "mutable-source", "a branch, a tag, or a URL without hash", Severity.WARNING)

# Compiled with the first use, since few runs need them.
_FULL_COMMIT = r"(?i)(?<![0-9a-f])(?:[0-9a-f]{40}|[0-9a-f]{64})(?![0-9a-f])"
_SHORT_COMMIT = r"(?=[a-f]*[0-9])[0-9a-f]{7,39}"


def check(evidence: Evidence) -> Iterator[Finding]:
    """Yield one finding for each requirement whose source can change behind its back."""
    own = {source.path for source in evidence.sources}
    keys = evidence.keys or {}
    for declaration in (d for d in evidence.declarations if not d.lock):
        for requirement in declaration.requirements:
            spoken_for = requirement.place.path in own if requirement.role is Role.AD_HOC else evidence.scope.primary
            direct = requirement.direct
            if direct and spoken_for and not requirement.template and (what := _complaint(requirement, direct)):
                dossier = evidence.dossiers.get(keys.get(requirement, ""))
                if dossier and requirement.role is not Role.AD_HOC and is_locked(dossier):
                    continue
                name = requirement.shown_name or redact(direct.url)
                yield RULE.at(
                    requirement.place,
                    f"{name} {what}",
                    distribution=dossier.key if dossier else requirement.name,
                    installed=dossier.version if dossier else "",
                    wanted=direct.revision,
                    fix=_fix(requirement, direct, dossier),
                )


def _complaint(requirement: Requirement, direct: DirectReference) -> str:
    """Return what is wrong with where a requirement comes from and what to do, or nothing."""
    if direct.kind is DirectKind.VCS:
        return _complaint_about_revision(direct)
    if direct.kind is DirectKind.PATH or direct.hashes or requirement.hashes or re.search(_FULL_COMMIT, direct.url):
        return ""
    if direct.url.lower().startswith("file:"):
        return ""
    return "comes from a URL without a hash, whose file can be replaced; add #sha256=… to the URL"


def _complaint_about_revision(direct: DirectReference) -> str:
    if direct.commit or re.fullmatch(_FULL_COMMIT, direct.revision):
        return ""
    if not direct.revision:
        return "comes from the newest commit of a repository; name the full commit after an @"
    if re.fullmatch(_SHORT_COMMIT, direct.revision):
        return f"comes from {direct.revision}, which is no full commit; name all 40 characters of it"
    return f"comes from {direct.revision}, a branch or tag that can move; name the full commit instead"


def _fix(requirement: Requirement, direct: DirectReference, dossier: Dossier | None) -> Fix | None:
    """Return the requirement with the commit or hash of what is installed, if that came from the same place."""
    installed = dossier.installed.direct if dossier and dossier.installed else None
    if installed is None or installed.kind is not direct.kind or requirement.ecosystem is not Ecosystem.PYPI:
        return None
    if has_credentials(requirement.raw) or normalize_url(installed.url) != normalize_url(direct.url):
        return None
    if direct.kind is DirectKind.VCS:
        text, title = _at_commit(requirement.raw, direct, installed.commit), "name the installed commit"
    else:
        text, title = _with_hash(requirement, installed.hashes), "add the hash of the installed file"
    return Fix(title, Safety.SAFE, text=text) if text else None


def _at_commit(raw: str, direct: DirectReference, commit: str) -> str:
    if not commit:
        return ""
    if direct.revision:
        before, at, after = raw.rpartition(f"@{direct.revision}")
        return f"{before}@{commit}{after}" if at else ""
    before, url, after = raw.partition(direct.url)
    return f"{before}{url}@{commit}{after}" if url else ""


def _with_hash(requirement: Requirement, hashes: tuple[str, ...]) -> str:
    best = next((h for h in hashes if h.startswith("sha256:")), "")
    named = requirement.direct is not None and requirement.direct.url in requirement.raw
    if not best or requirement.marker or not named:  # a source may stand apart from the requirement
        return ""
    return f"{requirement.raw}{'&' if '#' in requirement.raw else '#'}{best.replace(':', '=')}"
