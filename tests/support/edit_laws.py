"""The laws of edits, for any dialect: what a pin touches, what is read after it, and that it can be undone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from envcheck.gather.declarations.base import Editor
from envcheck.gather.documents.text import decode
from envcheck.model.changes import Edit, Editing, Pin
from envcheck.model.readings import RawFile
from envcheck.model.requirements import Requirement


def applied(text: str, edits: Iterable[Edit]) -> str:
    """Return a text with edits made, which must not overlap."""
    parts, position = [], 0
    for edit in sorted(edits):
        assert position <= edit.start <= edit.stop <= len(text), "edits overlap"
        parts += [text[position : edit.start], edit.text]
        position = edit.stop
    return "".join([*parts, text[position:]])


def written(file: RawFile, editing: Editing) -> RawFile:
    """Return the file as it reads after an editing, in its own encoding."""
    text = decode(file.data)
    return RawFile(file.path, applied(text.text, editing.edits).encode(text.encoding))


def undone(text: str, edits: Iterable[Edit]) -> list[Edit]:
    """Return the edits that make the old text of the new one."""
    back, shift = [], 0
    for edit in sorted(edits):
        start = edit.start + shift
        back.append(Edit(start, start + len(edit.text), text[edit.start : edit.stop]))
        shift += len(edit.text) - (edit.stop - edit.start)
    return back


def requirements_of(editor: Editor, file: RawFile) -> list[Requirement]:
    """Return all that a file wants, Python included, in the order of its places."""
    declaration = editor.read(file).value
    return sorted([*declaration.requirements, *declaration.python], key=lambda r: r.place)


def check_pins(editor: Editor, file: RawFile, pins: Sequence[Pin]) -> Editing:
    """Pin what a file wants and check every law; return the editing for what a test knows besides."""
    text = decode(file.data).text
    assert editor.edit(file, ()) == Editing()
    editing = editor.edit(file, pins)
    refused = [refusal.change for refusal in editing.refusals]
    assert all(refusal.reason for refusal in editing.refusals)
    after = written(file, editing)
    before, now = requirements_of(editor, file), requirements_of(editor, after)
    assert [(r.name, r.group, r.marker, r.extras) for r in before] == [
        (r.name, r.group, r.marker, r.extras) for r in now
    ]
    wanted = {(pin.requirement.place, pin.requirement.raw): pin for pin in pins if pin not in refused}
    for old, new in zip(before, now, strict=True):
        pin = wanted.get((old.place, old.raw))
        if pin is None:
            assert (new.raw, new.constraint, new.hashes) == (old.raw, old.constraint, old.hashes)
        else:
            assert new.constraint.exact == pin.version, (old.raw, new.raw)
    check_lines(text, editing.edits)
    undo = undone(text, editing.edits)
    assert applied(decode(after.data).text, undo).encode(decode(file.data).encoding) == file.data
    again = editor.edit(after, [pin_again(pin, now) for pin in wanted.values()])
    assert again.edits == ()
    return editing


def pin_again(pin: Pin, now: Iterable[Requirement]) -> Pin:
    """Return the same wish for the requirement as it reads now: the one that stands in the same line, nearest."""
    old = pin.requirement
    same = [r for r in now if (r.name, r.group, r.place.line) == (old.name, old.group, old.place.line)]
    return Pin(min(same, key=lambda r: abs(r.place.column - old.place.column)), pin.version, pin.specifier)


def check_lines(text: str, edits: Iterable[Edit]) -> None:
    """Check that an edit holds no line break but those that it takes out of a continued entry."""
    for edit in edits:
        assert "\n" not in edit.text
        assert "\r" not in edit.text
        assert "\n" not in text[edit.start : edit.stop].replace("\\\r\n", "").replace("\\\n", "")
