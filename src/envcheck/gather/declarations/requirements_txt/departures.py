"""In what the sources of a compiled file depart from it: the cases that its entries and annotations show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from envcheck.gather.declarations.requirements_txt.compiled import Via, folder_name
from envcheck.gather.declarations.requirements_txt.sources import Wanted, Wish
from envcheck.model.locks import Departure
from envcheck.model.markers import marker_holds
from envcheck.model.names import NormalizedName, normalize
from envcheck.model.requirements import DirectKind, DirectReference, Requirement
from envcheck.model.urls import normalize_url, redact

ELSEWHERE = "-"
"""Stands in annotations for the standard input and what lies outside the project."""

_PYTHONS = ("3.9", "3.10", "3.11", "3.12", "3.13", "3.14")
_PLATFORMS = (
    ("linux", "Linux", "posix", "x86_64"),
    ("linux", "Linux", "posix", "aarch64"),
    ("darwin", "Darwin", "posix", "arm64"),
    ("darwin", "Darwin", "posix", "x86_64"),
    ("win32", "Windows", "nt", "AMD64"),
)


class Compiled(Struct, frozen=True):
    """A compiled file as it is compared: its entries, each with who wants it by annotations that name real paths.

    ``names_sources`` tells that the annotations name files at all, ``python`` for which version it was made (empty:
    not known), ``universal`` that it is for all platforms. ``left_out`` are resolved and not written, ``overridden``
    have versions that no source wants. ``is_closed`` tells that all parents must stand in the file itself.
    """

    entries: tuple[Requirement, ...]
    vias: tuple[Via, ...]
    names_sources: bool
    python: str
    universal: bool
    left_out: frozenset[NormalizedName]
    overridden: frozenset[NormalizedName]
    is_closed: bool
    keeps_extras: bool = False


class _Hold(Struct, frozen=True):
    """Whether a marker held where a file was compiled, as far as that is known."""

    surely: bool
    never: bool


_ALWAYS = _Hold(surely=True, never=False)


def departures(compiled: Compiled, wanted: Wanted) -> Iterator[Departure]:
    """Yield every departure once, in the order of the sources, then in that of the entries."""
    comparison = _Comparison(compiled, wanted)
    for wish in wanted.wishes:
        yield from comparison.of_wish(wish)
    for limit in wanted.constraints:
        yield from comparison.of_constraint(limit)
    for entry, via in zip(compiled.entries, compiled.vias, strict=True):
        yield from comparison.of_entry(entry, via)


class _Comparison:
    """Lays wishes beside entries."""

    def __init__(self, compiled: Compiled, wanted: Wanted) -> None:
        self._compiled = compiled
        self._pinned: dict[NormalizedName, list[tuple[Requirement, Via]]] = {}
        for entry, via in zip(compiled.entries, compiled.vias, strict=True):
            self._pinned.setdefault(entry.name or folder_name(entry), []).append((entry, via))
        self._nameless = [entry for entry in compiled.entries if not entry.name]
        self._holds: dict[str, _Hold] = {}
        self._is_whole = wanted.is_whole
        wishes = [wish for wish in wanted.wishes if not self._hold(wish.requirement.marker).never]
        self._wished = {wish.requirement.name for wish in wishes}
        self._nameless_wishes = [wish.requirement for wish in wishes if not wish.requirement.name]
        self._directly = {w.requirement.name for w in wishes if w.requirement.direct}
        projects = {project for via in compiled.vias for project in via.projects}
        self._known = {*self._pinned, *compiled.left_out, *wanted.projects, *projects}

    def of_wish(self, wish: Wish) -> Iterator[Departure]:
        """Yield in what an entry of a source is not met: it is new, wants something else, or is not annotated."""
        wanted = wish.requirement
        if not wish.certain or wanted.template or wanted.name in self._compiled.left_out:
            return
        hold = self._hold(wanted.marker)
        pins = self._pinned.get(wanted.name) or self._at_path(wanted)
        name, shown = wanted.name, wanted.shown_name or redact(wanted.raw)
        if not pins:
            if hold.surely:
                yield Departure(f"{shown} is new", name, wanted.place)
            return
        if not hold.surely or name in self._compiled.overridden:
            return
        if not any(_satisfies(pin, wanted) for pin, _ in pins):
            yield Departure(_difference(pins[0][0], wanted, shown), name, wanted.place)
        elif self._compiled.keeps_extras and (extra := _first_new(wanted, pins)):
            yield Departure(f"{shown} wants the extra {extra}", name, wanted.place)
        elif (
            name
            and self._compiled.names_sources
            and not any({wish.source, ELSEWHERE} & {*via.sources} for _, via in pins)
        ):
            yield Departure(f"{shown} is not annotated with {wish.source}", name, wanted.place)

    def _at_path(self, wanted: Requirement) -> list[tuple[Requirement, Via]]:
        """Return the entries that a path or URL may have become."""
        if wanted.direct is None:
            return []
        folder = folder_name(wanted)
        found = [(e, v) for e, v in self._all() if e.direct and (_is_same(e.direct, wanted.direct) or not folder)]
        if wanted.name:
            found = [(entry, via) for entry, via in found if not entry.name]
        return found or (self._pinned.get(folder, []) if folder and not wanted.name else [])

    def _all(self) -> Iterable[tuple[Requirement, Via]]:
        return zip(self._compiled.entries, self._compiled.vias, strict=True)

    def of_constraint(self, limit: Requirement) -> Iterator[Departure]:
        """Yield that an entry breaks a constraint."""
        if limit.template or limit.direct or limit.name in self._compiled.overridden:
            return
        pins = [pin for pin, _ in self._pinned.get(limit.name, ()) if pin.constraint.exact]
        if pins and self._hold(limit.marker).surely and not any(_satisfies(pin, limit) for pin in pins):
            exact = pins[0].constraint.exact
            words = f"{limit.shown_name} is locked at {exact}, {limit.place.path} allows {limit.constraint.text}"
            yield Departure(words, limit.name, limit.place)

    def of_entry(self, entry: Requirement, via: Via) -> Iterator[Departure]:
        """Yield that nothing wants an entry any more, or that somebody wrote it by hand."""
        shown = entry.shown_name or redact(entry.raw)
        if entry.direct is None and entry.constraint.exact is None and not entry.template:
            yield Departure(f"{shown} has no version, edited by hand", entry.name, entry.place)
        if not self._compiled.names_sources or not self._compiled.is_closed:
            return
        missing = [parent for parent in via.parents if parent not in self._known]
        if missing and not self._nameless:
            words = f"{missing[0]} is not locked but wants {shown}, edited by hand"
            yield Departure(words, missing[0], entry.place)
        elif not (via.parents or via.sources) and entry.name not in self._wished:
            yield Departure(f"{shown} has no annotation, edited by hand", entry.name, entry.place)
        elif self._is_orphan(entry, via):
            yield Departure(f"{shown} is no longer wanted by {via.sources[0]}", entry.name, entry.place)

    def _is_orphan(self, entry: Requirement, via: Via) -> bool:
        if not self._is_whole or not via.sources or any(parent in self._known for parent in via.parents):
            return False
        if entry.name in self._wished and entry.name:
            return False
        return not entry.direct or not any(_may_be(entry, wished) for wished in self._nameless_wishes)

    def _hold(self, marker: str) -> _Hold:
        if not marker:
            return _ALWAYS
        if marker not in self._holds:
            self._holds[marker] = _hold(marker, self._compiled)
        return self._holds[marker]


def _hold(marker: str, compiled: Compiled) -> _Hold:
    """Judge a marker for the Python of the file, and every platform that it may have been made on."""
    pythons = (compiled.python,) if compiled.python else _PYTHONS
    answers = [
        [_is_true(marker, python, micro, platform) for python in pythons for micro in ("0", "30")]
        for platform in _PLATFORMS
    ]
    whole = (any if compiled.universal else all)(all(told) for told in answers)
    return _Hold(whole, not any(any(told) for told in answers))


def _is_true(marker: str, python: str, micro: str, platform: tuple[str, str, str, str]) -> bool:
    system, name, family, machine = platform
    environment = {
        "python_version": python,
        "python_full_version": f"{python}.{micro}",
        "implementation_version": f"{python}.{micro}",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
        "sys_platform": system,
        "platform_system": name,
        "os_name": family,
        "platform_machine": machine,
        "platform_release": "",
        "platform_version": "",
    }
    try:
        return marker_holds(marker, environment)
    except (ValueError, KeyError):
        return False


def _satisfies(pin: Requirement, wanted: Requirement) -> bool:
    """Tell whether a locked entry is what a source wants."""
    if wanted.direct:
        return pin.direct is not None and _is_same(pin.direct, wanted.direct)
    return pin.constraint.exact is None or wanted.constraint.allows(pin.constraint.exact)


def _first_new(wanted: Requirement, pins: Iterable[tuple[Requirement, Via]]) -> str:
    """Return the first extra that a source asks for and that no entry has."""
    has = {normalize(extra) for pin, _ in pins for extra in pin.extras}
    return next((extra for extra in wanted.extras if wanted.name and normalize(extra) not in has), "")


def _is_same(locked: DirectReference, wanted: DirectReference) -> bool:
    if locked.kind is not wanted.kind or locked.editable is not wanted.editable:
        return False
    if locked.kind is DirectKind.PATH:
        # pip-tools writes the absolute path of the machine that it ran on.
        return _last(locked.url) == _last(wanted.url) or "" in (_last(locked.url), _last(wanted.url))
    if normalize_url(locked.url) != normalize_url(wanted.url) or locked.subdirectory != wanted.subdirectory:
        return False
    if wanted.commit or not locked.commit:
        return wanted.revision.lower() == locked.revision.lower()
    return True


def _may_be(entry: Requirement, wished: Requirement) -> bool:
    """Tell whether an entry may come from a wish without a name."""
    if entry.direct is None or wished.direct is None:
        return False
    return not folder_name(wished) or folder_name(wished) == entry.name or _is_same(entry.direct, wished.direct)


def _last(url: str) -> str:
    name = url.replace("\\", "/").rstrip("/").rpartition("/")[2]
    return "" if name in (".", "..") else name


def _difference(pin: Requirement, wanted: Requirement, shown: str) -> str:
    if wanted.direct or pin.direct:
        locked = redact(pin.direct.url) if pin.direct else pin.constraint.exact or "any version"
        asked = redact(wanted.direct.url) if wanted.direct else wanted.constraint.text
        if pin.direct and wanted.direct and pin.direct.editable is not wanted.direct.editable:
            return f"{shown} is {'' if wanted.direct.editable else 'not '}editable now"
        return f"{shown} is locked at {locked}, {wanted.place.path} wants {asked}"
    return f"{shown} is locked at {pin.constraint.exact}, {wanted.place.path} wants {wanted.constraint.text}"
