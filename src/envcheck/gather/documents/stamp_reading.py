"""JSON → stamp. What stands there is hostile: people edit it, merges mix it, strangers send it."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from msgspec import Struct, field

from envcheck.model.conda_order import parse_conda_version
from envcheck.model.names import NormalizedName, normalize
from envcheck.model.places import Place
from envcheck.model.readings import Problem, ProblemKind
from envcheck.model.stamps import KEY, LOCAL, SCHEMA, Stamp
from envcheck.model.urls import has_credentials, redact
from envcheck.model.versions import parse_version

_LARGEST = 1_000_000
"""Bytes: the stamp of an environment of a thousand distributions has forty thousand."""
_DEEPEST = 50
_HIGHEST = 10**9
"""Of schemas: higher numbers say no more."""
_MOST_SAID = 10
"""Of the faults of one stamp; the others are counted."""
_RESTAMP = "stamp the notebook again, or run envcheck unstamp"
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")
_CONDA_NAME = re.compile(r"[a-z0-9_][a-z0-9_.-]*")
_CONDA_VERSION = re.compile(r"[A-Za-z0-9_.!+-]+")
_WORD = re.compile(r"[a-z][a-z0-9_-]{0,31}")
_SOURCE = re.compile(r"[a-z][a-z0-9+.-]*://[!-~]+")
_MARKS = ("<<<<<<<", "=======", ">>>>>>>")
_LONGEST = {"name": 200, "version": 100, "source": 2000, "path": 1000}


class StampReading(Struct, frozen=True):
    """A stamp as read, the leftovers of a merge in it, and what of it is not to be believed (and left out)."""

    stamp: Stamp
    leftovers: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


def read_stamp(text: bytes, path: str) -> StampReading:
    """Return the stamp of a notebook from the JSON text of its key; never raises.

    Of a stamp in a newer form nothing is read but that; what is no stamp at all has schema 0.
    """
    faults = _Faults(path)
    if len(text) > _LARGEST:
        faults.unreadable(f"larger than {_LARGEST:,} bytes")
        return StampReading(Stamp(schema=0), problems=faults.problems())
    try:
        value = json.loads(text, object_pairs_hook=faults.unique)
    except RecursionError:
        value = None
        faults.unreadable("nested too deeply to be read")
    except ValueError as error:
        value = None
        faults.unreadable(f"not JSON: {error}")
    else:
        if not isinstance(value, dict):
            faults.unreadable("no object")
        elif _is_deeper(value, _DEEPEST):
            value = None
            faults.unreadable("nested too deeply to be read")
    if not isinstance(value, dict):
        return StampReading(Stamp(schema=0), problems=faults.problems())
    stamp = _stamp(value, faults)
    return StampReading(stamp, tuple(dict.fromkeys((*faults.leftovers, *_contradictions(stamp)))), faults.problems())


def is_reference(text: str) -> bool:
    """Tell whether a path may stand in a stamp as that of a lock."""
    return not _relative(text)


class _Faults(Struct):
    """What is found wrong with one stamp."""

    path: str
    found: list[Problem] = field(default_factory=list)
    leftovers: list[str] = field(default_factory=list)

    def unreadable(self, reason: str) -> None:
        """Note that the stamp is none."""
        self._note(reason)

    def unsupported(self, schema: int) -> None:
        """Note that the stamp is of a form that is not known."""
        place, words = Place(self.path), f"the stamp is of schema {schema}; this envcheck knows {SCHEMA}"
        self.found.append(Problem(ProblemKind.UNSUPPORTED_FORMAT, place, words, "update envcheck"))

    def entry(self, key: str, reason: str) -> None:
        """Note that an entry of the stamp is left out."""
        self._note(f"{key}: {reason}")

    def unique(self, pairs: list[tuple[str, object]]) -> dict[str, object]:
        """Return an object; a key that stands twice in it was left by a merge."""
        found = dict(pairs)
        if len(found) < len(pairs):
            count = Counter(key for key, _ in pairs)
            self.leftovers += [f"{_plain(key)} stands there twice" for key in found if count[key] > 1]
        self.leftovers += [f"the conflict mark {key[:7]}" for key in found if key.startswith(_MARKS)]
        return found

    def problems(self) -> tuple[Problem, ...]:
        """Return the first of them, and how many more there are."""
        more = len(self.found) - _MOST_SAID
        if more <= 0:
            return tuple(self.found)
        last = Problem(self.found[0].kind, Place(self.path), f"the stamp has {more} more faults", _RESTAMP)
        return (*self.found[:_MOST_SAID], last)

    def _note(self, reason: str) -> None:
        words = f"the stamp (metadata.{KEY}): {reason}"
        self.found.append(Problem(ProblemKind.INVALID_REQUIREMENT, Place(self.path), words, _RESTAMP))


def _stamp(value: dict[str, object], faults: _Faults) -> Stamp:
    schema = value.pop("schema", None)
    if not isinstance(schema, int) or isinstance(schema, bool) or schema < 1:
        faults.unreadable("no schema, or none that is a number")
        return Stamp(schema=0, unknown=_kept(value))
    if schema > SCHEMA:
        faults.unsupported(schema)
        return Stamp(schema=min(schema, _HIGHEST), unknown=_kept(value))
    reader = _Reader(value, faults)
    return Stamp(
        schema,
        reader.text("python", _version),
        packages=reader.table("packages", _name, _version),
        requires=reader.table("requires", _name, _version),
        sources=reader.table("sources", _name, _source),
        implementation=reader.text("implementation", _implementation),
        conda=reader.table("conda", _conda_name, _conda_version),
        missing=reader.modules("missing"),
        env=reader.text("env", _relative),
        unknown=_kept(reader.rest),  # what nobody has taken by now
    )


def _is_deeper(value: object, levels: int) -> bool:
    """Tell whether something is nested deeper than so many levels: what was read must be fit to be written again."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return levels < 0 or any(_is_deeper(each, levels - 1) for each in inner)


def _kept(rest: dict[str, object]) -> str:
    return json.dumps(rest, sort_keys=True) if rest else ""


class _Reader(Struct):
    """The keys of a stamp, taken one by one; ``rest`` are those that nobody took."""

    rest: dict[str, object]
    faults: _Faults

    def text(self, key: str, accepts: Callable[[str], str]) -> str:
        """Return a text that is what it should be, else empty."""
        value = self.rest.pop(key, "")
        if value == "":
            return ""
        reason = accepts(value) if isinstance(value, str) else "no text"
        if reason:
            self.faults.entry(key, reason)
        return "" if reason else str(value)

    def table(
        self, key: str, accepts_name: Callable[[str], str], accepts: Callable[[str], str]
    ) -> dict[NormalizedName, str]:
        """Return name → text for every entry in which both are what they should be."""
        value = self.rest.pop(key, {})
        if not isinstance(value, dict):
            self.faults.entry(key, "no object")
            return {}
        return dict(self._entries(key, value, accepts_name, accepts))

    def _entries(
        self, key: str, value: Mapping[str, object], accepts_name: Callable[[str], str], accepts: Callable[[str], str]
    ) -> Iterator[tuple[NormalizedName, str]]:
        for name, text in value.items():
            reason = accepts_name(name) or (accepts(text) if isinstance(text, str) else f"{name}: no text")
            if reason:
                self.faults.entry(key, reason)
            elif isinstance(text, str):
                yield NormalizedName(name), text

    def modules(self, key: str) -> tuple[str, ...]:
        """Return the names of modules in a list."""
        value = self.rest.pop(key, [])
        if not isinstance(value, list):
            self.faults.entry(key, "no list")
            return ()
        names = [name for name in value if isinstance(name, str) and _is_module(name)]
        if len(names) < len(value):
            self.faults.entry(key, "an entry that is no name of a module")
        return tuple(sorted(set(names)))


def _name(text: str) -> str:
    if len(text) <= _LONGEST["name"] and _NAME.fullmatch(text) and normalize(text) == text:
        return ""
    return f"{_shown(text)} is no name of a distribution in its normal form (PEP 503)"


def _version(text: str) -> str:
    is_version = len(text) <= _LONGEST["version"] and text.isascii() and text == text.strip() and parse_version(text)
    return "" if is_version else f"{_shown(text)} is no version (PEP 440)"


def _conda_name(text: str) -> str:
    return "" if len(text) <= _LONGEST["name"] and _CONDA_NAME.fullmatch(text) else f"{_shown(text)} is no conda name"


def _conda_version(text: str) -> str:
    is_version = len(text) <= _LONGEST["version"] and _CONDA_VERSION.fullmatch(text)
    return "" if is_version and parse_conda_version(text) else f"{_shown(text)} is no conda version"


def _source(text: str) -> str:
    if text == LOCAL:
        return ""
    if len(text) > _LONGEST["source"] or not _SOURCE.fullmatch(text):
        return f"{_shown(text)} is neither a URL nor {LOCAL}"
    if has_credentials(text):
        return f"{_shown(text)} holds a password or token"
    return f"{_shown(text)} is a path of one machine" if "file:" in text.partition("//")[0] else ""


def _implementation(text: str) -> str:
    return "" if _WORD.fullmatch(text) else f"{_shown(text)} is no name of an implementation"


def _relative(text: str) -> str:
    is_path = len(text) <= _LONGEST["path"] and text.isprintable() and not re.search(r"[\\:]|\A[/~-]|\A\Z", text)
    return "" if is_path else f"{_shown(text)} is no path relative to the notebook"


def _is_module(text: str) -> bool:
    return len(text) <= _LONGEST["name"] and all(part.isidentifier() for part in text.split("."))


def _plain(text: str) -> str:
    return text if len(text) <= _LONGEST["name"] and text.isprintable() else _shown(text)


def _shown(text: str) -> str:
    short = redact(text)
    return repr(short if len(short) <= 60 else f"{short[:60]}...")


def _contradictions(stamp: Stamp) -> Iterator[str]:
    for name, version in stamp.packages.items():
        other = stamp.requires.get(name, version)
        if other != version:
            yield f"{name} is both {version} and {other}"
