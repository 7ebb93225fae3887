"""Edits as the engine makes them: of a file in memory, and what a declaration says afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from envcheck.gather.declarations.base import Editor
from envcheck.gather.declarations.catalogue import editor_for
from envcheck.gather.documents.text import decode
from envcheck.model.changes import Add, Change, Edit, Editing, Pin, Remove, Replace
from envcheck.model.declarations import Declaration
from envcheck.model.names import normalize
from envcheck.model.readings import RawFile
from envcheck.model.requirements import Requirement


def editor_of(path: str) -> Editor:
    """Return the editor of a file."""
    editor = editor_for(path)
    assert editor is not None, path
    return editor


def applied(text: str, edits: Iterable[Edit]) -> str:
    """Return a text with edits, which must not overlap."""
    parts, position = [], 0
    for edit in sorted(edits):
        assert position <= edit.start <= edit.stop <= len(text)
        parts += [text[position : edit.start], edit.text]
        position = edit.stop
    return "".join([*parts, text[position:]])


def undone(text: str, edits: Iterable[Edit], changed: str) -> str:
    """Return a changed text with the edits taken back."""
    parts, position, shift = [], 0, 0
    for edit in sorted(edits):
        parts += [changed[position : edit.start + shift], text[edit.start : edit.stop]]
        position = edit.start + shift + len(edit.text)
        shift += len(edit.text) - (edit.stop - edit.start)
    return "".join([*parts, changed[position:]])


def edited(file: RawFile, changes: Sequence[Change]) -> tuple[RawFile, Editing]:
    """Return the file with changes as bytes, byte order mark and all, and what the editor said."""
    editing = editor_of(file.path).edit(file, changes)
    text = decode(file.data)
    return RawFile(file.path, applied(text.text, editing.edits).encode(text.encoding)), editing


def declared(file: RawFile) -> Declaration:
    """Return what a file declares."""
    return editor_of(file.path).read(file).value


def demands(file: RawFile) -> list[Requirement]:
    """Return all requirements of a file, those on Python last."""
    declaration = declared(file)
    return [*declaration.requirements, *declaration.python]


def changes_of(file: RawFile, wanted: dict[str, Any]) -> list[Change]:
    """Return the changes that a changes.toml asks for: versions or specifiers by name, ``group: name==version``."""
    requirements = {requirement.name: requirement for requirement in demands(file)}
    found: list[Change] = []
    for name, version in wanted.get("pin", {}).items():
        is_version = version[0].isdigit()
        every = [each for each in demands(file) if each.name == name]
        found += [Pin(each, version) if is_version else Pin(each, "", version) for each in every]
    found += [Replace(requirements[normalize(name)], text) for name, text in wanted.get("replace", {}).items()]
    found += [Remove(each) for name in wanted.get("remove", []) for each in demands(file) if each.name == name]
    for text in wanted.get("add", []):
        group, _, entry = text.rpartition(": ")
        name, _, version = entry.partition("==")
        found.append(Add(file.path, name, version, group=group))
    return found
