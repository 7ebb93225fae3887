"""How a pyproject.toml gets the table that PEP 621 wants before it can say what is needed."""

from __future__ import annotations

from collections.abc import Iterator

from envcheck.gather.documents.toml_draft import Draft, Impossible, Put
from envcheck.gather.documents.toml_tables import Document, parse
from envcheck.model.starting import Start

_VERSION = "0.0.0"  # a table without version must leave it to a build back end
_OTHERS = ("poetry", "pixi", "flit")
"""Tools whose own tables take the place of ``[project]``."""
_NOT_INSTALLED = (
    "",
    "# the code here runs where it stands: pip installs only what it needs",
    "[tool.setuptools]",
    "py-modules = []",
    "",
)


def head(start: Start, text: str) -> str:
    """Return a text with ``[project]``: its name, version and Python; what stands there stays as it is.

    A text that is no TOML, and one that another tool's table governs, is returned unchanged.
    """
    document = parse(text)
    if document.fault or (not document.table("project") and any(document.table("tool", tool) for tool in _OTHERS)):
        return text
    import tomli

    draft = Draft(text, tomli.loads(text, parse_float=str))
    try:
        for key, value in _missing(start, document):
            draft.put(Put(("project",), key, value, None))
    except Impossible:
        return text
    if not draft.holds():
        return text
    if not _is_left_alone(start, document):
        return draft.text
    line_break = draft.layout.line_break
    return draft.text.rstrip("\r\n") + line_break + line_break.join(_NOT_INSTALLED)


def _missing(start: Start, document: Document) -> Iterator[tuple[str, str]]:
    project = document.table("project")
    dynamic = project.get("dynamic")
    left_open = dynamic if isinstance(dynamic, list) else []
    python = f"{'>=' if start.is_minimum else '=='}{start.series}{'' if start.is_minimum else '.*'}"
    values = {"name": start.project, "version": _VERSION, "requires-python": python if start.python else ""}
    for key, value in values.items():
        if value and key not in project and key not in left_open:
            yield key, value


def _is_left_alone(start: Start, document: Document) -> bool:
    """Tell whether a build of the folder would stumble over its scripts: setuptools takes several for a mistake."""
    is_new = not document.table("project") and not document.table("build-system")
    return is_new and not document.table("tool", "setuptools") and not start.holds_package
