"""How the entries of manifests are pinned: requirements as texts, and versions as values of tables."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from msgspec import Struct

from envcheck.gather.documents.manifest_edits import Entry
from envcheck.gather.documents.pep508 import read_requirement
from envcheck.gather.documents.reqfile import Origin
from envcheck.gather.documents.respec import pep508_pin
from envcheck.gather.documents.toml_draft import Drop, Impossible, Put, Step, Write
from envcheck.model.changes import Edit, Pin, Replace
from envcheck.model.constraints import pep440
from envcheck.model.requirements import DirectKind, Requirement

_AT_URL = re.compile(r"(?s)\s*[A-Za-z0-9._-]+(?:\s*\[[^\]]*\])?(?P<source>\s*@\s*.*?)(?:\s+;.*|\s*)")
_COMMIT = re.compile(r"@([0-9a-fA-F]{40}|[0-9a-fA-F]{64})(?![0-9a-zA-Z])")
_PLAIN = re.compile(r"[^\s'\"\\#;]+(?: [^\s'\"\\#;]+)*")
_MOVING = ("branch", "tag")


class TextGrammar(Struct, frozen=True):
    """A requirement as a text (PEP 508), an element of a list."""

    def pin(self, entry: Entry, change: Pin) -> Iterator[Step]:
        """Yield the step that writes the specifier within the text."""
        requirement = change.requirement
        refuse_odd(requirement)
        as_read = _read(entry.raw, requirement)
        if requirement.direct and as_read and not as_read.direct:
            raise Impossible("a table of sources says where it comes from", "remove its source, or pin that")
        edit = _of_path(entry.raw, change) if requirement.direct else pep508_pin(entry.raw, change.wanted)
        if edit is None:
            raise Impossible("it comes from a URL or repository", "name a commit or hash there")
        # An editable path is no text of PEP 508: what it says is taken as it is.
        if as_read and not requirement.direct and as_read.constraint != requirement.constraint:
            raise Impossible("an override decides its version", "pin the override")
        text = entry.raw[: edit.start] + edit.text + entry.raw[edit.stop :]
        checked(change.wanted, pep440)
        if _read(text, requirement) is None:
            raise Impossible(f"{text} is no requirement of PEP 508", "pin it by hand")
        yield Write(entry.path, edit.start, edit.stop, edit.text)

    def replace(self, entry: Entry, change: Replace) -> Iterator[Step]:
        """Yield the step that writes the text in place of the other."""
        if _read(change.text, change.requirement) is None:
            raise Impossible(f"{change.text} is no requirement of PEP 508", "write name==version or name @ URL")
        yield Write(entry.path, 0, len(entry.raw), change.text)


def refuse_odd(requirement: Requirement) -> None:
    """Raise :class:`Impossible` for what cannot be pinned."""
    if requirement.template:
        raise Impossible("it says more than envcheck understands", "pin it by hand")


def _read(text: str, requirement: Requirement) -> Requirement | None:
    found = read_requirement(text, Origin(requirement.place, requirement.dialect), requirement.place)
    return found if isinstance(found, Requirement) else None


def _of_path(raw: str, change: Pin) -> Edit | None:
    """Return the edit that writes the version in place of a path: others have no such folder."""
    direct = change.requirement.direct
    found = _AT_URL.fullmatch(raw) if direct and direct.kind is DirectKind.PATH else None
    return Edit(*found.span("source"), change.wanted) if found else None


class ValueGrammar(Struct, frozen=True):
    """A version as the value of a name, alone or in a table; ``check`` raises ``ValueError`` for what is none.

    ``revision`` is the key for the commit of a repository.
    """

    check: Callable[[str], object]
    revision: str = "rev"

    def pin(self, entry: Entry, change: Pin) -> Iterable[Step]:
        """Return the steps that write the version."""
        refuse_odd(change.requirement)
        if change.requirement.direct:
            raise Impossible("it comes from a URL, a repository or a path", "write a version in its place by hand")
        return with_version(entry, checked(change.wanted, self.check))

    def replace(self, entry: Entry, change: Replace) -> Iterable[Step]:
        """Return the steps that name the commit of a repository, all that can be replaced in a table."""
        direct, table = change.requirement.direct, entry.value
        commit = _COMMIT.search(change.text)
        is_same = direct and direct.kind is DirectKind.VCS and direct.url in change.text
        if not commit or not is_same or not isinstance(table, Mapping):
            raise Impossible("tables of this kind take a version or a commit", "write it by hand")
        steps: list[Step] = [Drop((*entry.path, key)) for key in _MOVING if key in table]
        return [*write(entry, self.revision, commit[1]), *steps]


def checked(version: str, check: Callable[[str], object]) -> str:
    """Return a version that the grammar of a file knows; raises :class:`Impossible` for another."""
    try:
        check(version)
    except ValueError as error:
        raise Impossible(f"{version} cannot be written here: {error}", "write a version like ==1.2.3") from error
    if not _PLAIN.fullmatch(version):
        raise Impossible(f"{version!r} is more than a version", "write one like ==1.2.3")
    return version


def with_version(entry: Entry, version: str) -> Iterable[Step]:
    """Return the steps that write a version: as the value, or in the table that is the value."""
    if isinstance(entry.value, str):
        return (Write(entry.path, 0, len(entry.value), version),)
    return write(entry, "version", version, after="")


def write(entry: Entry, key: str, text: str, after: str | None = None) -> Iterable[Step]:
    """Return the step that writes a text at a key of the table that is the value."""
    present = entry.value.get(key) if isinstance(entry.value, Mapping) else None
    if isinstance(present, str):
        return (Write((*entry.path, key), 0, len(present), text),)
    return (Put(entry.path, key, text, after),)
