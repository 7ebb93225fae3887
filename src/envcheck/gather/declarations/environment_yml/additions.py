"""What is added to the lists of an environment file: each entry at its place, in the style of its neighbours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from envcheck.gather.declarations.environment_yml.layout import Item, ItemList, last_line, written
from envcheck.gather.documents import yaml_nodes as yaml
from envcheck.gather.documents.text_edits import Draft, placed
from envcheck.model.changes import Add
from envcheck.model.names import normalize
from envcheck.model.requirements import Requirement

_PIP = "pip"
_FIRST = frozenset(("python", "pip"))
"""What stands first or last by custom, so that it says nothing on the order of the others."""
_DASH = "  - "


class Additions:
    """Collects additions and writes them at last, when it is known what stays."""

    def __init__(self, draft: Draft, lists: Mapping[str, ItemList], root: yaml.Node | None, group: str) -> None:
        self._draft = draft
        self._lists = lists
        self._root = root
        self._groups = {"": "", group: "", _PIP: _PIP}
        self._adds: dict[str, dict[str, Add]] = {"": {}, _PIP: {}}
        self._known: Iterable[Requirement] = ()

    def take(self, change: Add, known: Iterable[Requirement]) -> None:
        """Note an addition, or refuse it."""
        self._known = known
        if change.group not in self._groups:
            self._draft.refuse(change, "an environment file has no groups", f"name the file of {change.group}")
        elif self._root is not None and not isinstance(self._root, yaml.Mapping):
            self._draft.refuse(change, "no environment file", "write dependencies: and a list below it")
        else:
            self._adds[self._groups[change.group]][change.name] = change

    def comes_to(self, one: ItemList) -> bool:
        """Tell whether anything comes to a list, be it the list of pip's entries."""
        makes_list = _PIP not in self._lists and self._adds[_PIP]
        return any(one is self._lists.get(name) and (adds or makes_list) for name, adds in self._adds.items())

    def write(self) -> None:
        """Write what comes."""
        for name, adds in self._adds.items():
            wanted = self._wanted(adds)
            if wanted and (fault := self._fault(name)):
                for change in wanted.values():
                    self._draft.refuse(change, fault, "edit it by hand")
            elif wanted:
                self._write(name, {n: f"{change.name}{change.wanted}" for n, change in wanted.items()})

    def _wanted(self, adds: Mapping[str, Add]) -> dict[str, Add]:
        """Return what does not stand there already."""
        gone = {item.start for one in self._lists.values() for i, item in enumerate(one.items) if i in one.gone}
        lines = self._draft.lines
        standing = {normalize(r.name): r for r in self._known if lines.offset(r.place.line, r.place.column) not in gone}
        wanted = {}
        for name, change in adds.items():
            found, entry = standing.get(normalize(name)), f"{change.name}{change.wanted}"
            if found is None:
                wanted[name] = change
            elif found.raw != entry:
                self._draft.refuse(change, f"stands in line {found.place.line} already", f"write {entry} there")
        return wanted

    def _fault(self, name: str) -> str:
        """Return why nothing can be added to a list."""
        main = self._lists.get("")
        if isinstance(self._root, yaml.Mapping) and main is None and self._root.get("dependencies") is not None:
            return "dependencies: is no list"
        if name == _PIP and _PIP not in self._lists and main and main.sequence and main.sequence.nodes and main.flow:
            return "a list in brackets has no place for pip:"
        one = self._lists.get(name)
        if one and one.flow and one.items and len(one.items) != len(one.sequence.nodes if one.sequence else ()):
            return "the list is written in an unusual way"
        if one and one.sequence and one.sequence.nodes and not one.flow and not any(i.first for i in one.items):
            return "" if name == "" and _PIP in self._lists else "the list is written in an unusual way"
        return ""

    def _write(self, name: str, wanted: Mapping[str, str]) -> None:
        one = self._lists.get(name)
        if one is None:
            self._make(name, wanted)
        elif one.sequence is None or (one.flow and not one.sequence.nodes):
            self._fill(one, wanted, " " * (one.key.column - 1) + ("" if name == _PIP else _DASH[:2]))
        elif one.flow:
            self._write_flowing(one, one.sequence, wanted)
        else:
            self._write_lines(one, wanted)

    def _make(self, name: str, wanted: Mapping[str, str]) -> None:
        """Make a list that is not there."""
        main = self._lists.get("")
        if main is None:
            line = len(self._draft.lines)
            line -= not self._draft.lines.content(line)
            if not self._adds_to_main() or name == "":
                self._draft.insert_after(line, "dependencies:")
            prefix = _DASH
        else:
            line, prefix = self._end_of(main)
        if name == _PIP:
            self._draft.insert_after(line, f"{prefix}pip:")
            prefix = " " * len(prefix[: prefix.index("-")]) + _DASH
        for text in wanted.values():
            self._draft.insert_after(line, prefix + text)

    def _adds_to_main(self) -> bool:
        return bool(self._adds[""])

    def _end_of(self, main: ItemList) -> tuple[int, str]:
        """Return the last line of conda's list, and what stands before its entries."""
        indent = " " * (main.key.column - 1)
        if main.sequence is None or not main.sequence.nodes:
            if not self._adds_to_main():
                self._open(main)
            return main.key.line, indent + _DASH
        item = next((item for item in main.items if item.prefix), None)
        return last_line(main.sequence.nodes[-1], self._draft.lines), item.prefix if item else indent + _DASH

    def _open(self, one: ItemList) -> None:
        """Make way for lines below a key."""
        if one.sequence is not None:
            colon = self._draft.lines.text.index(":", one.key.stop) + 1
            self._draft.replace(colon, one.sequence.stop, "")

    def _fill(self, one: ItemList, wanted: Mapping[str, str], indent: str) -> None:
        self._open(one)
        for text in wanted.values():
            self._draft.insert_after(one.key.line, f"{indent}- {text}")

    def _write_flowing(self, one: ItemList, sequence: yaml.Sequence, wanted: Mapping[str, str]) -> None:
        kept, after = one.kept, dict[int, list[str]]()
        for index, name in placed([item.name for item in kept], wanted):
            after.setdefault(index, []).append(written(wanted[name], one.quote, flow=True))
        for index, texts in after.items():
            joined = ", ".join(texts)
            if index >= 0:
                self._draft.replace(kept[index].scalar.stop, kept[index].scalar.stop, f", {joined}")
            else:
                at = kept[0].begin if kept else sequence.start + 1
                self._draft.replace(at, at, f"{joined}, " if kept else joined)

    def _write_lines(self, one: ItemList, wanted: Mapping[str, str]) -> None:
        kept = [item for item in one.kept if item.first]
        listed = [item for item in kept if item.name and item.name.lower() not in _FIRST]
        for index, name in placed([item.name for item in listed], wanted):
            line, prefix = self._anchor(one, listed, kept, index)
            self._draft.insert_after(line, prefix + written(wanted[name], one.quote, flow=False))

    def _anchor(self, one: ItemList, listed: list[Item], kept: list[Item], index: int) -> tuple[int, str]:
        """Return the line after which an entry comes, and what stands before it."""
        if listed:
            item = listed[max(index, 0)]
            return (item.last if index >= 0 else item.first - 1), item.prefix
        if kept:
            return kept[-1].last, kept[-1].prefix
        gone = next((item for item in one.items if item.first), None)
        if gone:
            return gone.first - 1, gone.prefix
        sequence = one.sequence
        column = sequence.column if sequence else 1
        return (sequence.line if sequence else 1) - 1, " " * (column - 1) + "- "
