"""Notebooks in memory: what they install and declare, and what edits make of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from envcheck.gather.declarations import inline_script, notebook_install
from envcheck.gather.declarations.catalogue import editor_for
from envcheck.gather.documents.text import decode
from envcheck.gather.sources.catalogue import reader_for
from envcheck.model.changes import Change, Edit, Editing
from envcheck.model.readings import RawFile
from envcheck.model.requirements import Requirement
from envcheck.model.usage import InstallCommand


def installs(file: RawFile) -> tuple[InstallCommand, ...]:
    """Return the install lines of a source."""
    reader = reader_for(file.path)
    assert reader
    return reader.read(file).value.installs


def requirements(file: RawFile) -> list[Requirement]:
    """Return what the install lines and the block of a source ask for."""
    reader = reader_for(file.path)
    assert reader
    source = reader.read(file).value
    found = list(notebook_install.read_commands(source.installs, path=file.path).value)
    if source.block:
        declaration = inline_script.read_block(source.block).value
        found += [*declaration.requirements, *declaration.python]
    return found


def edit(file: RawFile, changes: Sequence[Change]) -> Editing:
    """Return what the editor of a source makes of changes."""
    editor = editor_for(file.path)
    assert editor
    return editor.edit(file, changes)


def apply(file: RawFile, edits: Iterable[Edit]) -> RawFile:
    """Return the file with edits made, which must not overlap."""
    decoded = decode(file.data)
    parts, position = [], 0
    for one in sorted(edits):
        assert position <= one.start <= one.stop
        parts += [decoded.text[position : one.start], one.text]
        position = one.stop
    text = "".join((*parts, decoded.text[position:]))
    return RawFile(file.path, text.encode(decoded.encoding))


def undo(file: RawFile, edits: Iterable[Edit], edited: RawFile) -> bytes:
    """Return the bytes of an edited file with the edits taken back."""
    original, changed, shift = decode(file.data), decode(edited.data), 0
    back = []
    for one in sorted(edits):
        start = one.start + shift
        back.append(Edit(start, start + len(one.text), original.text[one.start : one.stop]))
        shift += len(one.text) - (one.stop - one.start)
    assert changed.encoding == original.encoding
    return apply(edited, back).data
