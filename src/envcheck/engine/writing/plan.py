"""Changes → what every file would read, without writing any."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from envcheck.engine.reading.files import read_file
from envcheck.gather.declarations.catalogue import editor_for
from envcheck.gather.documents.text import decode
from envcheck.model.changes import Change, Edit, Refusal, place_of
from envcheck.model.readings import Problem, RawFile


class Rewriting(Struct, frozen=True):
    """What becomes of one file: its bytes and its text before and after, the changes made and those refused."""

    path: str
    old: bytes
    new: bytes
    made: tuple[Change, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    before: str = ""
    after: str = ""


def plan(root: str, changes: Iterable[Change]) -> tuple[Rewriting, ...]:
    """Return what the changes make of the files below ``root``, by path; nothing is written."""
    by_path: dict[str, list[Change]] = {}
    for change in dict.fromkeys(changes):
        by_path.setdefault(place_of(change).path, []).append(change)
    return tuple(_rewritten(root, path, by_path[path]) for path in sorted(by_path))


def _rewritten(root: str, path: str, changes: Sequence[Change]) -> Rewriting:
    editor = editor_for(path) if path else None
    found = read_file(root, path) if editor else None
    if editor is None:
        remedy = "envcheck init writes one" if not path else "edit it by hand"
        reason = "no file declares anything here" if not path else "no dialect that can be written"
        return Rewriting(path, b"", b"", (), _all_refused(changes, reason, remedy))
    if not isinstance(found, RawFile):
        reason = found.message if isinstance(found, Problem) else "cannot be read"
        return Rewriting(path, b"", b"", (), _all_refused(changes, reason))
    text = decode(found.data)
    if text.lossy or text.text.encode(text.encoding, "surrogatepass") != found.data:
        return Rewriting(path, found.data, found.data, (), _all_refused(changes, "not UTF-8", "save it as UTF-8"))
    editing = editor.edit(found, changes)
    try:
        after = apply(text.text, editing.edits)
    except ValueError as error:
        return Rewriting(path, found.data, found.data, (), _all_refused(changes, str(error)))
    refused = [refusal.change for refusal in editing.refusals]
    made = tuple(change for change in changes if change not in refused)
    return Rewriting(path, found.data, after.encode(text.encoding), made, editing.refusals, text.text, after)


def _all_refused(changes: Sequence[Change], reason: str, remedy: str = "") -> tuple[Refusal, ...]:
    return tuple(Refusal(change, reason, remedy) for change in changes)


def apply(text: str, edits: Iterable[Edit]) -> str:
    """Return a text with edits made. Raises ``ValueError`` when two of them touch the same characters."""
    return "".join(_parts(text, sorted(edits)))


def _parts(text: str, edits: Iterable[Edit]) -> Iterator[str]:
    position = 0
    for edit in edits:
        if not position <= edit.start <= edit.stop <= len(text):
            raise ValueError("two changes touch the same text")
        yield text[position : edit.start]
        yield edit.text
        position = edit.stop
    yield text[position:]
