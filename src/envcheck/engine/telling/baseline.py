"""What a project has accepted: a file of known findings, so that only new ones are told.

A finding is known again by what it is about (``model.fingerprints``), so that lines may move. Paths in the file are
relative to its folder; what lies elsewhere, in an environment, is told by its name alone.
"""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from envcheck.engine.telling.rows import with_rows_of
from envcheck.judge.catalogue import selected
from envcheck.model.errors import UserError
from envcheck.model.findings import Finding
from envcheck.model.fingerprints import Identity, identity
from envcheck.model.report import Accepted, Report
from envcheck.model.settings import Settings
from envcheck.model.urls import redact

DEFAULT = "envcheck-baseline.json"
_SCHEMA = 1
_KEYS = {"code", "path", "distribution", "message", "count"}


class Seen(Struct, frozen=True):
    """What a run has looked at: its report, relative to ``folder``, by these settings."""

    report: Report
    folder: str
    settings: Settings


class Baseline(Struct, frozen=True):
    """The known findings with their numbers, and the file that holds them."""

    path: str
    known: Mapping[Identity, int]


def read_baseline(path: str) -> Baseline:
    """Return a baseline. Raises ``UserError`` when it is not there or is none."""
    try:
        with open(path, "rb") as file:
            table = json.loads(file.read())
    except FileNotFoundError as error:
        raise UserError(f"there is no baseline {path}", f"envcheck --baseline {path} --write-baseline") from error
    except OSError as error:
        raise UserError(f"{path}: {error.strerror or error}", "give the path of a baseline") from error
    except (ValueError, RecursionError) as error:
        raise _corrupt(path, f"not JSON ({error})") from error
    if not isinstance(table, dict) or not isinstance(table.get("findings"), list):
        raise _corrupt(path, "no list of findings in it")
    if table.get("schema") != _SCHEMA:
        raise UserError(f"{path}: a baseline of a newer envcheck", "update envcheck, or write the baseline again")
    return Baseline(path, dict(_entry(path, entry) for entry in table["findings"]))


def written(seen: Seen, path: str, old: Baseline | None = None) -> str:
    """Return the text of a baseline at ``path`` that knows what a run has found.

    Of an old one that stays which the run has not looked at.
    """
    places = _Places(seen, path)
    counts = Counter(_identities(seen, places))
    unseen = {known: n for known, n in (old.known if old else {}).items() if not places.would_tell(known)}
    entries = sorted({**unseen, **counts}.items())
    lines = [json.dumps({**known._asdict(), "count": number}) for known, number in entries]
    body = "[\n  " + ",\n  ".join(lines) + "\n ]" if lines else "[]"
    return f'{{"schema": {_SCHEMA},\n "findings": {body}}}\n'


def accept(seen: Seen, baseline: Baseline) -> Report:
    """Return a report of the findings that a baseline does not know; it says what of the baseline is gone."""
    places, left = _Places(seen, baseline.path), dict(baseline.known)
    new: list[Finding] = []
    for finding, known in zip(seen.report.findings, _identities(seen, places), strict=True):
        if left.get(known, 0) > 0:
            left[known] -= 1
        else:
            new.append(finding)
    missed = ((known, number) for known, number in sorted(left.items()) if number and places.would_tell(known))
    gone = tuple(_gone(known, number) for known, number in missed)
    shown = os.path.relpath(baseline.path, seen.folder).replace(os.sep, "/")
    accepted = Accepted(shown, len(seen.report.findings) - len(new), gone)
    return replace(with_rows_of(seen.report, tuple(new)), accepted=accepted)


def _gone(known: Identity, number: int) -> str:
    name = f" {known.distribution}" if known.distribution else ""
    return f"{known.code}{name} in {known.path}" + (f", {number} times" if number > 1 else "")


class _Places:
    """How the files of a run are called in a baseline, and which of them the run has looked at."""

    def __init__(self, seen: Seen, baseline: str) -> None:
        self._folder = os.path.realpath(seen.folder)
        self._home = os.path.realpath(os.path.dirname(baseline))
        self._names: dict[str, str] = {}
        self._codes = {rule.RULE.code for rule in selected(seen.settings)}
        read = (path for scope in seen.report.scopes for path in (*scope.sources, *scope.declarations))
        told = (finding.place.path for finding in seen.report.findings)
        self._read = {self.name(path) for path in (*read, *told, *(lock.path for lock in seen.report.locks))}

    def name(self, path: str) -> str:
        """Return a path of the report relative to the baseline; of what lies elsewhere the last part alone."""
        if path not in self._names:
            relative = os.path.relpath(os.path.join(self._folder, path), self._home).replace(os.sep, "/")
            self._names[path] = os.path.basename(path) if relative.startswith("../") else relative
        return self._names[path]

    def would_tell(self, known: Identity) -> bool:
        """Tell whether the run would have found this again: its rule was asked, and its file read or it is gone."""
        if known.code not in self._codes:
            return False
        return known.path in self._read or not os.path.lexists(os.path.join(self._home, known.path))


def _identities(seen: Seen, places: _Places) -> Iterator[Identity]:
    """Yield what each finding of a report is about, in words that hold in other folders and environments too."""
    environments = [text for e in seen.report.environments for text in (e.prefix, e.shown) if text not in ("", ".")]
    inside = re.compile("|".join(rf"(?<![\w./-]){re.escape(text)}(?![\w-])" for text in environments) or r"(?!)")
    for finding in seen.report.findings:
        known = identity(finding)
        message = redact(inside.sub("the environment", known.message))
        yield known._replace(path=places.name(known.path), message=message)


def _entry(path: str, entry: object) -> tuple[Identity, int]:
    if not isinstance(entry, dict) or set(entry) != _KEYS:
        raise _corrupt(path, "an entry of it has other keys")
    count = entry["count"]
    texts = [entry[key] for key in Identity._fields]
    if not all(isinstance(text, str) for text in texts) or type(count) is not int or count < 1:
        raise _corrupt(path, "an entry of it has other values")
    return Identity(*texts), count


def _corrupt(path: str, reason: str) -> UserError:
    return UserError(f"{path}: not a baseline: {reason}", "restore it, or delete it and write it again")
