"""Changes to an environment file → edits of its lists."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from envcheck.gather.declarations.environment_yml.additions import Additions
from envcheck.gather.declarations.environment_yml.layout import YAML_BREAK, Item, ItemList, inner, items_of, written
from envcheck.gather.declarations.environment_yml.reading import file_group, read_document
from envcheck.gather.documents import yaml_nodes as yaml
from envcheck.gather.documents.respec import repin
from envcheck.gather.documents.text import decode
from envcheck.gather.documents.text_edits import (
    CHANGED,
    NOT_HERE,
    Draft,
    Lines,
    broken,
    conflicted,
    one_each,
    refused,
)
from envcheck.gather.documents.yaml_events import compose
from envcheck.model.changes import Add, Change, Edit, Editing, Pin, Remove, Replace
from envcheck.model.declarations import Declaration
from envcheck.model.names import Ecosystem
from envcheck.model.readings import RawFile

_UNUSUAL = ("written in an unusual way", "edit it by hand")
_HASHED = ("pip's entries have hashes, and those of another version are not known here", "lock again: envcheck lock")


def edit_document(file: RawFile, changes: Sequence[Change]) -> Editing:
    """Return the edits that make the changes."""
    text = decode(file.data).text
    unresolved = conflicted(text, changes)
    if unresolved:
        return unresolved
    document = compose(text)
    if document.faults:
        fault = document.faults[0]
        return refused(changes, f"line {fault.line}: {fault.message}", "correct it first")
    editor = _Editor(text, document.root, read_document(file).value)
    additions = Additions(editor.draft, editor.lists, document.root, file_group(file.path, document.root))
    for change in one_each(changes, editor.draft):
        if isinstance(change, Add):
            additions.take(change, editor.known)
        else:
            editor.make(change)
    for one in editor.lists.values():
        editor.remove(one, adds=additions.comes_to(one))
    additions.write()
    return editor.draft.editing()


class _Found(NamedTuple):
    """The entry that holds a requirement."""

    owner: ItemList
    number: int
    item: Item


class _Editor:
    """Makes one change after the other; entries that go are collected first."""

    def __init__(self, text: str, root: yaml.Node | None, declaration: Declaration) -> None:
        self.draft = Draft(Lines(text, broken(text, YAML_BREAK)))
        self.lists = dict(_lists(root, self.draft.lines))
        self.known = [*declaration.requirements, *declaration.python]
        self._at = {(r.place.line, r.place.column, r.raw) for r in self.known}
        self._is_hashed = any(r.hashes for r in self.known)

    def make(self, change: Change) -> None:
        """Make a change, or note what goes, or refuse it."""
        if not isinstance(change, Pin | Remove | Replace):
            self.draft.refuse(change, *NOT_HERE)
            return
        place, raw = change.requirement.place, change.requirement.raw
        if (place.line, place.column, raw) not in self._at:
            self.draft.refuse(change, *CHANGED)
            return
        start = self.draft.lines.offset(place.line, place.column)
        found = self._found(start)
        if found is None or not self.draft.lines.text.startswith(raw, start):
            self.draft.refuse(change, *_UNUSUAL)
            return
        match change:
            case Pin():
                edit = repin(change)
                if not isinstance(edit, Edit):
                    self.draft.refusals += [edit] if edit else []
                else:
                    self._write(change, found, Edit(start + edit.start, start + edit.stop, edit.text))
            case Replace() if not change.text.strip() or len(change.text.splitlines()) != 1:
                self.draft.refuse(change, "an entry stands on one line", "write it by hand")
            case Replace():
                self._write(change, found, Edit(start, start + len(raw), change.text))
            case Remove() if self._is_refused(change) or self._stays(found):
                self.draft.refuse(change, *(_HASHED if self._is_refused(change) else _UNUSUAL))
            case Remove():
                found.owner.gone.add(found.number)

    def _found(self, offset: int) -> _Found | None:
        for one in self.lists.values():
            for index, item in enumerate(one.items):
                if item.start <= offset < item.scalar.stop:
                    return _Found(one, index, item)
        return None

    def _is_refused(self, change: Pin | Remove | Replace) -> bool:
        return self._is_hashed and change.requirement.ecosystem is Ecosystem.PYPI

    def _write(self, change: Pin | Replace, found: _Found, edit: Edit) -> None:
        """Make an edit of a scalar, which gets quotes where its new text needs them."""
        item, text = found.item, self.draft.lines.text
        if edit.text == text[edit.start : edit.stop]:
            return
        if self._is_refused(change):
            self.draft.refuse(change, *_HASHED)
            return
        new = text[item.start : edit.start] + edit.text + text[edit.stop : item.stop]
        if item.scalar.quote or item.scalar.block:
            self.draft.replace(edit.start, edit.stop, inner(edit.text, item.scalar.quote))
        elif written(new, "", flow=found.owner.flow) == new:
            self.draft.replace(edit.start, edit.stop, edit.text)
        else:
            self.draft.replace(item.start, item.stop, written(new, "", flow=found.owner.flow))

    def _stays(self, found: _Found) -> bool:
        """Tell whether an entry is laid out so that taking it out would touch others."""
        if not found.owner.flow:
            return found.item.first == 0
        sequence = found.owner.sequence
        inside = self.draft.lines.text[sequence.start : sequence.stop] if sequence else ""
        return "#" in inside or "\n" in inside or len(found.owner.items) != len(sequence.nodes if sequence else ())

    def remove(self, one: ItemList, *, adds: bool) -> None:
        """Take out the entries of a list that go; an empty list is written as one."""
        if not one.gone or one.sequence is None:
            return
        if one.flow:
            self._remove_flowing(one, one.sequence)
            return
        for index in one.gone:
            self.draft.remove_lines(one.items[index].first, one.items[index].last)
        if one.is_emptied and not adds:
            colon = self.draft.lines.text.index(":", one.key.stop) + 1
            self.draft.replace(colon, colon, " []")

    def _remove_flowing(self, one: ItemList, sequence: yaml.Sequence) -> None:
        if one.is_emptied:
            self.draft.replace(sequence.start + 1, sequence.stop - 1, "")
            return
        first = next(index for index in range(len(one.items)) if index not in one.gone)
        if first:
            self.draft.replace(one.items[0].begin, one.items[first].begin, "")
        for index in one.gone:
            if index > first:
                self.draft.replace(one.items[index - 1].scalar.stop, one.items[index].scalar.stop, "")


def _lists(root: yaml.Node | None, lines: Lines) -> Iterator[tuple[str, ItemList]]:
    """Yield the list of conda's entries and that of pip's, as far as they are there."""
    for key, value in root.pairs if isinstance(root, yaml.Mapping) else ():
        if key.text == "dependencies" and (one := _list(key, value, lines)):
            yield "", one
            for node in value.nodes if isinstance(value, yaml.Sequence) else ():
                for inner_key, below in node.pairs if isinstance(node, yaml.Mapping) else ():
                    if inner_key.text == "pip" and (nested := _list(inner_key, below, lines)):
                        yield "pip", nested


def _list(key: yaml.Scalar, value: yaml.Node, lines: Lines) -> ItemList | None:
    if isinstance(value, yaml.Sequence):
        return ItemList(key, value, list(items_of(value, lines)))
    return ItemList(key, None, []) if isinstance(value, yaml.Scalar) and not value.text else None
