"""The declaration has changed since the lock was made.

**What it does**

Reports locks whose recorded inputs or content hash are not those of the files that they are made from, although every
locked version still satisfies them: that is what `uv lock --check`, `poetry check --lock`, `pdm lock --check` and
`pipenv verify` ask, and what the `# via` comments of a compiled requirements file tell. A hash only counts where its
manager computes it in a way that is known. What the lock does not satisfy any more is LCK001.

**Why this is bad**

The lock is not what its manager would make now. It may hold what nobody asks for, and CI jobs that insist on a
fresh lock fail.

**Example**

```
# pyproject.toml
dependencies = ["pandas>=2.1", "rich"]     # rich was added; uv.lock is from before
```

**Use instead**

`uv lock`, `poetry lock`, `pip-compile` …: the message names the command of the lock's manager.

**Fix**

None: a lock is written by its own manager.
"""

from __future__ import annotations

from collections.abc import Iterator

from envcheck.judge.evidence.evidence import Evidence
from envcheck.judge.evidence.locked import LockView
from envcheck.judge.rules.locks.satisfaction import misses
from envcheck.model.findings import Finding, Related, Severity
from envcheck.model.locks import Departure, State
from envcheck.model.places import Place
from envcheck.model.rules import Rule
from envcheck.model.urls import redact

RULE = Rule("LCK002", "outdated-lock", "the declaration changed since; the lock still satisfies it", Severity.WARNING)

_MOST_NAMED = 3


def check(evidence: Evidence) -> Iterator[Finding]:
    """Yield one finding for each lock that is older than what it is made from, and still good."""
    if not evidence.scope.primary:
        return
    for lock in evidence.locks:
        if lock.fact.at_home and lock.fact.freshness.state is State.CHANGED and not misses(evidence, lock):
            yield _finding(lock)


def _finding(lock: LockView) -> Finding:
    departures = lock.fact.freshness.departures
    first = next((departure.place for departure in departures if departure.place), None)
    manifest = lock.fact.manifests[0].rpartition("/")[2] if lock.fact.manifests else "what it is made from"
    return RULE.at(
        first or Place(lock.fact.manifests[0] if lock.fact.manifests else lock.path),
        f"{manifest} has changed since {lock.file} was made{_named(departures)}; lock again: {lock.fact.manager.renew}",
        distribution=departures[0].name if len(departures) == 1 else "",
        related=tuple(Related(d.place, redact(d.words)) for d in departures[1:] if d.place)[:10],
    )


def _named(departures: tuple[Departure, ...]) -> str:
    if not departures:
        return ""
    rest = f" and {len(departures) - _MOST_NAMED} more" if len(departures) > _MOST_NAMED else ""
    return f" ({redact('; '.join(d.words for d in departures[:_MOST_NAMED]))}{rest})"
