"""The report as JSON for machines, by ``schemas/check.schema.json``.

Pure ASCII, so that the bytes are the same on every terminal and pipe, file names that are no UTF-8 included, and so
that no escape sequence of what was read reaches a terminal; one fact per line, so that reports can be compared by line.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TypeAlias

from envcheck.model.changes import Pin
from envcheck.model.findings import Finding, Fix, Severity
from envcheck.model.places import Place
from envcheck.model.report import Accepted, EnvironmentSummary, LockSummary, Notice, Report, ScopeSummary
from envcheck.model.urls import redact
from envcheck.reporters.base import Look

NAME = "json"

Json: TypeAlias = "str | int | list[Json] | dict[str, Json] | None"


def render(report: Report, look: Look) -> str:  # noqa: ARG001 - a machine has no eye
    """Return the report as one JSON object with a final newline."""
    return document(
        {
            "schema": 1,
            "environments": [_environment(environment) for environment in report.environments],
            "scopes": [_scope(scope) for scope in report.scopes],
            "locks": [_lock(lock) for lock in report.locks],
            "summary": _summary(report),
            "baseline": _accepted(report.accepted),
            "findings": [_finding(finding) for finding in report.findings],
            "notices": [_notice(notice) for notice in report.notices],
        }
    )


def _environment(environment: EnvironmentSummary) -> Json:
    return {
        "prefix": environment.prefix,
        "kind": environment.kind,
        "python": environment.python or None,
        "how": environment.how,
        "distributions": environment.distributions,
    }


def _scope(scope: ScopeSummary) -> Json:
    return {
        "root": scope.root,
        "declarations": [*scope.declarations],
        "environment": scope.environment or None,
        "how": scope.how,
        "sources": [*scope.sources],
    }


def _lock(lock: LockSummary) -> Json:
    return {
        "path": lock.path,
        "manager": lock.manager,
        "state": lock.state,
        "entries": lock.entries,
        "uncovered": lock.uncovered or None,
        "follow": lock.follow,
        "renew": lock.renew,
    }


def document(content: Mapping[str, object]) -> str:
    """Return a JSON object as ASCII text: each entry of a top-level list on a line of its own, a final newline.

    Passwords and tokens in URLs are masked, wherever they stand.
    """
    parts = (f"{json.dumps(key)}: {_value(value)}" for key, value in content.items())
    # The runner of GitHub Actions takes what follows for a command; in JSON it can only stand in a string.
    return "{" + ",\n ".join(parts).replace("##[", "##\\u005b") + "}\n"


def _value(value: object) -> str:
    if not isinstance(value, list) or not value:
        return json.dumps(_masked(value))
    return "[\n  " + ",\n  ".join(json.dumps(_masked(entry)) for entry in value) + "\n ]"


def _masked(value: object) -> object:
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, Mapping):
        return {key: _masked(part) for key, part in value.items()}
    return [_masked(part) for part in value] if isinstance(value, list) else value


def _summary(report: Report) -> Json:
    return {
        "errors": report.count(Severity.ERROR),
        "warnings": report.count(Severity.WARNING),
        "notes": report.count(Severity.NOTE),
        "suppressed": report.suppressed,
        "unchanged": report.unchanged,
        "notebooks": report.notebooks,
        "scripts": report.scripts,
        "declarations": report.declarations,
        "imports": report.imports,
    }


def _accepted(accepted: Accepted | None) -> Json:
    return {"path": accepted.path, "known": accepted.known, "gone": [*accepted.gone]} if accepted else None


def _finding(finding: Finding) -> Json:
    return {
        "code": finding.code,
        "name": finding.name,
        "severity": finding.severity.word,
        "message": finding.message,
        **_place(finding.place),
        "distribution": finding.distribution or None,
        "installed": finding.installed or None,
        "wanted": finding.wanted or None,
        "fix": _fix(finding.fix) if finding.fix else None,
        "related": [{**_place(other.place), "message": other.message} for other in finding.related],
    }


def _notice(notice: Notice) -> Json:
    return {**_place(notice.place), "message": notice.message, "kind": notice.kind.value}


def _place(place: Place) -> dict[str, Json]:
    return {"path": place.path, "cell": place.cell, "line": place.line, "column": place.column}


def _fix(fix: Fix) -> Json:
    return {
        "title": fix.title,
        "safety": fix.safety.value,
        "text": fix.text or None,
        "edits": list(_edits(fix)),
    }


def _edits(fix: Fix) -> Iterator[Json]:
    """Yield the one replacement that a fix consists of, unless a secret would be in it.

    The text of a fix is that of its first requirement: what becomes of others is for those to say who write them.
    """
    if len(fix.changes) != 1 or not fix.text:
        return
    change = fix.changes[0]
    if isinstance(change, Pin):
        old = change.requirement.raw
        if old and redact(old) == old and redact(fix.text) == fix.text:
            yield {**_place(change.requirement.place), "old": old, "new": fix.text}
