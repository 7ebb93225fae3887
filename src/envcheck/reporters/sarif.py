"""SARIF 2.1.0 for code scanning: rules with their pages, and findings that are known again when lines move.

The fingerprint that GitHub makes itself of the text around a line (``primaryLocationLineHash``) is left to its upload.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from inspect import cleandoc
from itertools import groupby
from typing import TypeAlias
from urllib.parse import quote

from envcheck.model.findings import Severity
from envcheck.model.fingerprints import fingerprints
from envcheck.model.places import Place
from envcheck.model.report import FileEdit, Report, RulePage
from envcheck.reporters.base import Look
from envcheck.reporters.sanitize import sanitize
from envcheck.reporters.wording import told

NAME = "sarif"

Json: TypeAlias = "str | int | bool | list[Json] | dict[str, Json]"

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_FINGERPRINT = "envcheckFinding/v1"


def render(report: Report, look: Look) -> str:  # noqa: ARG001 - a machine has no eye
    """Return the report as one SARIF log with one run."""
    driver: dict[str, Json] = {
        "name": "envcheck",
        **({"semanticVersion": report.version} if report.version else {}),
        "rules": [_rule(page) for page in report.details.pages],
    }
    run: dict[str, Json] = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": list(_results(report)),
    }
    log: dict[str, Json] = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    # The runner of GitHub Actions takes what follows for a command; in JSON it can only stand in a string.
    return json.dumps(log, indent=1).replace("##[", "##\\u005b") + "\n"


def _rule(page: RulePage) -> Json:
    rule = page.rule
    text = cleandoc(page.text) or rule.summary
    return {
        "id": rule.code,
        "name": "".join(part.capitalize() for part in rule.name.split("-")),
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": text.partition("\n\n")[0].replace("\n", " ")},
        "help": {"text": text, "markdown": text},
        "defaultConfiguration": {"level": rule.severity.word},
        "properties": {"tags": [rule.code.rstrip("0123456789")], "problem.severity": _problem(rule.severity)},
    }


def _problem(severity: Severity) -> str:
    """Return the word that GitHub sorts alerts by."""
    return "recommendation" if severity is Severity.NOTE else severity.word


def _results(report: Report) -> Iterator[Json]:
    index = {page.rule.code: number for number, page in enumerate(report.details.pages)}
    for finding, mark in zip(report.findings, fingerprints(report.findings), strict=True):
        result: dict[str, Json] = {
            "ruleId": finding.code,
            "level": finding.severity.word,
            "message": _message(told(finding)),
            "locations": [_location(report, finding.place)],
            "partialFingerprints": {_FINGERPRINT: mark},
        }
        if finding.code in index:
            result["ruleIndex"] = index[finding.code]
        if finding.related:
            result["relatedLocations"] = [
                {"id": number, **_location(report, other.place), "message": _message(sanitize(other.message))}
                for number, other in enumerate(finding.related, 1)
            ]
        edits = report.details.edits.get(finding.fix) if finding.fix else None
        if finding.fix and edits and all(_is_text(edit.text) for edit in edits):
            description = f"{finding.fix.title} ({finding.fix.safety.value})"
            result["fixes"] = [{"description": _message(sanitize(description)), "artifactChanges": _changes(edits)}]
        yield result


def _location(report: Report, place: Place) -> dict[str, Json]:
    outer = report.in_file(place)
    # Code scanning wants a line, of what speaks of a whole file as well.
    region: dict[str, Json] = {"startLine": outer.line or 1}
    if outer.column:
        region["startColumn"] = outer.column
    location: dict[str, Json] = {"physicalLocation": {"artifactLocation": {"uri": _uri(outer.path)}, "region": region}}
    if place.cell:
        name = f"cell {place.cell}"
        location["logicalLocations"] = [
            {"name": name, "fullyQualifiedName": f"{sanitize(place.path)}/{name}", "kind": "cell"}
        ]
    return location


def _message(text: str) -> Json:
    """Return text as a message: where it would be a placeholder or a link (3.11.5, 3.11.6), it is none."""
    return {"text": re.sub(r"\{(\d+)\}", r"{{\1}}", text).replace("](", "] (")}


def _uri(path: str) -> str:
    """Return a path as a reference; of a name that is not UTF-8 every byte, as it is on the disk."""
    try:
        name = path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # a lone surrogate that no file system of POSIX makes
        name = path.encode("utf-8", "surrogatepass")
    reference = quote(name, safe="/-._~")
    return f"file://{reference}" if path.startswith("/") else reference


def _is_text(text: str) -> bool:
    """Tell whether there are characters for all of a text: for the bytes of a file that is no UTF-8 there are none."""
    return not any("\ud800" <= char <= "\udfff" for char in text)


def _changes(edits: tuple[FileEdit, ...]) -> list[Json]:
    return [
        {"artifactLocation": {"uri": _uri(path)}, "replacements": [_replacement(edit) for edit in group]}
        for path, group in groupby(edits, key=lambda edit: edit.path)
    ]


def _replacement(edit: FileEdit) -> Json:
    (line, column), (end_line, end_column) = edit.start, edit.stop
    region: dict[str, Json] = {"startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column}
    return {"deletedRegion": region, "insertedContent": {"text": edit.text}}
