"""Changes to a manifest in TOML → edits of its text: what stands where, which steps a change takes, and their order."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Protocol

from msgspec import Struct

from envcheck.gather.documents.text import decode
from envcheck.gather.documents.toml_draft import Draft, Drop, Impossible, Put, PutTable, Step, Write
from envcheck.gather.documents.toml_sections import names
from envcheck.gather.documents.toml_tables import Document, Path, parse
from envcheck.model.changes import Add, Change, Editing, Pin, Refusal, Remove, Replace
from envcheck.model.names import NormalizedName, normalize
from envcheck.model.readings import RawFile
from envcheck.model.requirements import Requirement

_NAME = re.compile(r"\s*(?:-e\s+)?([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)")
_SPELLING = re.compile(r"\s*[A-Za-z0-9._-]+(?:\[[^\]]*\])?(?P<gap>[ \t]*)(?P<open>\()?(?P<inner>[ \t]*)[<>=!~]")
_SPACING = re.compile(r"[\s()]")
_FOLDS: tuple[Callable[[str], str], ...] = (normalize, str, str.lower)


class Grammar(Protocol):
    """How one kind of entry is written."""

    def pin(self, entry: Entry, change: Pin) -> Iterable[Step]:
        """Return the steps that pin an entry; raises :class:`Impossible`."""

    def replace(self, entry: Entry, change: Replace) -> Iterable[Step]:
        """Return the steps that write another text for an entry; raises :class:`Impossible`."""


class Entry(Struct, frozen=True):
    """An entry of a manifest: its path and value, and what its requirement looks like when it is read.

    ``at`` is line and column as the dialect says them.
    """

    path: Path
    value: object
    raw: str
    at: tuple[int, int]
    grammar: Grammar
    name: NormalizedName = NormalizedName("")
    group: str = ""

    def is_of(self, requirement: Requirement) -> bool:
        """Tell whether a requirement of this place was read from here, and nothing has changed since."""
        return self.raw == requirement.raw and self.name in ("", requirement.name)


class Home(Struct, frozen=True):
    """Where a new entry goes: a list of requirements, or a table when ``is_table``."""

    path: Path
    text: str
    is_table: bool = False


class Manifest(Protocol):
    """What a dialect says about its files."""

    def entries(self, document: Document, text: str) -> Iterable[Entry]:
        """Return all entries that may be changed."""

    def home(self, document: Document, change: Add) -> Home:
        """Return where a new entry goes and how it reads there; raises :class:`Impossible`."""


def edit_manifest(file: RawFile, changes: Sequence[Change], manifest: Manifest) -> Editing:
    """Return the edits that make the changes, and those that are refused; never raises."""
    if not changes:
        return Editing()
    text = decode(file.data).text
    document = parse(text)
    if document.fault:
        return _none(changes, f"the file is no TOML: {document.fault.message}", "correct it first")
    try:
        editor = _Editor(manifest, text, tuple(manifest.entries(document, text)))
        draft, refused = editor.make(changes)
        if draft.holds():
            return Editing(draft.edits(), tuple(refused))
        return editor.one_by_one(changes)
    except (Impossible, RecursionError):
        return _none(changes, "the file is written in an unusual way", "change it by hand")


def _none(changes: Iterable[Change], reason: str, remedy: str) -> Editing:
    return Editing((), tuple(Refusal(change, reason, remedy) for change in changes))


class _Editor:
    """Makes changes to one text."""

    def __init__(self, manifest: Manifest, text: str, entries: tuple[Entry, ...]) -> None:
        self._manifest = manifest
        self._text = text
        self._entries: dict[tuple[int, int], list[Entry]] = {}
        for entry in entries:
            self._entries.setdefault(entry.at, []).append(entry)

    def make(self, changes: Sequence[Change]) -> tuple[Draft, list[Refusal]]:
        """Return the text with the changes, and those of them that are not made."""
        import tomli

        # What is written in place moves nothing; what is taken out moves only what stands below.
        plans: dict[Path, tuple[Change, tuple[Step, ...]]] = {}
        refused: list[Refusal] = []
        for change in changes:
            if not isinstance(change, Add):
                try:
                    self._plan(change, plans)
                except Impossible as error:
                    refused.append(Refusal(change, error.reason, error.remedy))
        draft = Draft(self._text, tomli.loads(self._text, parse_float=str))
        planned = sorted(plans.values(), key=_number, reverse=True)
        in_place = [step for _, steps in planned for step in steps if isinstance(step, (Write, PutTable))]
        draft.write(in_place)
        for change, steps in planned:
            rest = [step for step in steps if not isinstance(step, (Write, PutTable))]
            draft = _attempt(draft, change, refused, partial(Draft.take, steps=rest)) if rest else draft
        for change in changes:
            if isinstance(change, Add):
                draft = _attempt(draft, change, refused, partial(self._add, change))
        return draft, refused

    def one_by_one(self, changes: Sequence[Change]) -> Editing:
        """Return what can be made of changes of which some spoil the text."""
        kept: list[Change] = []
        refused: list[Refusal] = []
        for change in changes:
            draft, refusals = self.make([*kept, change])
            if refusals:
                refused += refusals
            elif draft.holds():
                kept.append(change)
            else:
                refused.append(Refusal(change, "the entry is written in an unusual way", "change it by hand"))
        return Editing(self.make(kept)[0].edits(), tuple(refused))

    def _plan(self, change: Pin | Replace | Remove, plans: dict[Path, tuple[Change, tuple[Step, ...]]]) -> None:
        entry = self._entry(change.requirement)
        steps = tuple(_needed(entry, _steps(entry, change)))
        taken = plans.get(entry.path)
        if taken and taken[1] != steps:
            raise Impossible("another change is about the same entry", "make one after the other")
        plans[entry.path] = change, steps

    def _entry(self, requirement: Requirement) -> Entry:
        line_and_column = (requirement.place.line, requirement.place.column)
        found = [entry for entry in self._entries.get(line_and_column, ()) if entry.is_of(requirement)]
        if len(found) > 1:
            found = [entry for entry in found if entry.group == requirement.group]
        if len(found) != 1:
            raise Impossible("the file has changed since it was read", "run envcheck again")
        return found[0]

    def _add(self, change: Add, draft: Draft) -> None:
        home = self._manifest.home(Document(draft.tables), change)
        here = Document(draft.tables).table(*map(str, home.path[:-1])).get(str(home.path[-1]))
        if home.is_table:
            present = here if isinstance(here, dict) else {}
            if not _is_new(change, present.items(), home.text):
                return
            keys = names(draft.layout, home.path)
            # Python stands first wherever else the order is that of the alphabet.
            known = [None if key == "python" else key for key in keys]
            index = _index(known, change.name)
            draft.put(Put(home.path, change.name, home.text, keys[index - 1] if index else ""))
            return
        elements = here if isinstance(here, list) else []
        if _is_new(change, ((_name(each), each) for each in elements), home.text):
            index = _index([_name(each) for each in elements], change.name)
            draft.insert(home.path, index, _spelled(elements, change.name, home.text))


def _number(plan: tuple[Change, tuple[Step, ...]]) -> int:
    """Return the number in its list of what is taken out: the last ones go first, so that none of them moves."""
    last = plan[1][-1].path[-1] if plan[1] else 0
    return last if isinstance(last, int) else 0


def _attempt(draft: Draft, change: Change, refused: list[Refusal], make: Callable[[Draft], None]) -> Draft:
    """Return the draft with the change, or as it was when that cannot be made."""
    copy = draft.copy()
    try:
        make(copy)
    except Impossible as error:
        refused.append(Refusal(change, error.reason, error.remedy))
        return draft
    return copy


def _steps(entry: Entry, change: Pin | Replace | Remove) -> Iterable[Step]:
    match change:
        case Pin():
            return entry.grammar.pin(entry, change)
        case Replace():
            return entry.grammar.replace(entry, change)
        case Remove():
            return (Drop(entry.path),)


def _needed(entry: Entry, steps: Iterable[Step]) -> Iterable[Step]:
    """Yield the steps without those that write what stands there already."""
    for step in steps:
        if isinstance(step, Write):
            value = entry.value
            for part in step.path[len(entry.path) :]:
                value = value[part] if isinstance(value, dict) else ""
            if str(value)[step.start : step.stop] == step.text:
                continue
        yield step


def _is_new(change: Add, present: Iterable[tuple[str | None, object]], text: str) -> bool:
    """Tell whether a name is new to a list or table; raises :class:`Impossible` for one with another version."""
    found = [value for name, value in present if name and normalize(name) == normalize(change.name)]
    if not found:
        return True
    if any(isinstance(each, str) and _SPACING.sub("", each) == _SPACING.sub("", text) for each in found):
        return False
    raise Impossible(f"{change.name} stands there already", "pin what stands there")


def _name(element: object) -> str | None:
    found = _NAME.match(element) if isinstance(element, str) else None
    return found[1] if found else None


def _index(known: Sequence[str | None], name: str) -> int:
    """Return where a name goes: to its place among sorted ones, else to the end."""
    present = [(index, each) for index, each in enumerate(known) if each is not None]
    for fold in _FOLDS:
        folded = [fold(each) for _, each in present]
        if present and folded == sorted(folded):
            return next((index for index, each in present if fold(each) > fold(name)), present[-1][0] + 1)
    return len(known)


def _spelled(elements: Sequence[object], name: str, text: str) -> str:
    """Return the text of a requirement with blanks and parentheses as its neighbours have them."""
    found = [match for each in elements if isinstance(each, str) and (match := _SPELLING.match(each))]
    gaps = {(match["gap"], match["open"] or "") for match in found}
    if len(gaps) != 1 or not text.startswith(name):
        return text
    gap, parenthesis = gaps.pop()
    return f"{name}{gap}{parenthesis}{text[len(name) :]}{')' if parenthesis else ''}"
