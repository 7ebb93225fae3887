"""What a requirements file says, once by pip's own parser and once by ours, in the same few words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from packaging.specifiers import SpecifierSet
from pip._internal.exceptions import PipError
from pip._internal.models.link import Link
from pip._internal.network.session import PipSession
from pip._internal.req.constructors import install_req_from_parsed_requirement
from pip._internal.req.req_file import ParsedRequirement, parse_requirements
from pip._internal.vcs import vcs

from envcheck.gather.declarations import requirements_txt
from envcheck.gather.documents.reqline import logical_lines
from envcheck.gather.documents.text import decode
from envcheck.model.names import normalize
from envcheck.model.readings import ProblemKind, RawFile, ReferenceKind
from envcheck.model.requirements import DirectKind, DirectReference, Requirement, Role

_LINE = re.compile(r"(?P<kind>-[rc]) (?P<path>.*) \(line (?P<line>\d+)\)", re.DOTALL)
_SESSION = PipSession()


@dataclass(frozen=True)
class Fact:
    """One requirement; ``location`` is the URL without revision and fragment, or an absolute path."""

    file: str
    name: str
    specifier: SpecifierSet
    marker: str
    extras: frozenset[str]
    location: str
    revision: str
    subdirectory: str
    link_hashes: frozenset[str]
    hashes: frozenset[str]
    editable: bool
    constraint: bool


@dataclass
class Facts:
    """All requirements of a file and those it includes by their lines, and the lines that are refused."""

    requirements: dict[tuple[str, int], Fact] = field(default_factory=dict)
    refused: set[tuple[str, int]] = field(default_factory=set)
    stopped: str = ""
    """Why pip read no further; it takes one bad option for the end of the world."""


def by_pip(path: Path, *, constraint: bool = False) -> Facts:
    """Return what pip reads; paths are relative to the working directory, which must be the file's folder."""
    facts = Facts()
    try:
        for parsed in parse_requirements(str(path), session=_SESSION, constraint=constraint):
            origin = _LINE.fullmatch(parsed.comes_from)
            assert origin
            where = (str(Path(origin["path"]).resolve()), int(origin["line"]))
            try:
                facts.requirements[where] = _by_pip(parsed, where[0])
            except (PipError, ValueError):
                facts.refused.add(where)
    except PipError as error:
        facts.stopped = str(error)
    return facts


def _by_pip(parsed: ParsedRequirement, file: str) -> Fact:
    wanted = install_req_from_parsed_requirement(parsed)
    location, revision, subdirectory, link_hashes = _by_pip_link(wanted.link) if wanted.link else ("", "", "", [])
    hashes = (parsed.options or {}).get("hashes", {})
    return Fact(
        file,
        normalize(wanted.req.name) if wanted.req else "",
        SpecifierSet(str(wanted.req.specifier)) if wanted.req else SpecifierSet(),
        str(wanted.markers or ""),
        frozenset(map(normalize, wanted.extras)),
        location,
        revision,
        subdirectory,
        frozenset(link_hashes),
        frozenset(f"{name}:{digest}" for name, digests in hashes.items() for digest in digests),
        parsed.is_editable,
        parsed.constraint,
    )


def _by_pip_link(link: Link) -> tuple[str, str, str, list[str]]:
    subdirectory = link.subdirectory_fragment or ""
    if link.is_vcs:
        backend = vcs.get_backend_for_scheme(link.scheme)
        assert backend
        url, revision, _ = backend.get_url_rev_and_auth(link.url)
        return url, revision or "", subdirectory, []
    location = link.file_path if link.is_file else link.url_without_fragment
    return location, "", subdirectory, [f"{link.hash_name}:{link.hash}"] if link.hash else []


def by_us(path: Path, *, constraint: bool = False) -> Facts:
    """Return what we read, ``-r`` and ``-c`` followed as the engine follows them."""
    facts = Facts()
    for file, role in _files(path.resolve(), Role.CONSTRAINT if constraint else Role.DECLARED, ()):
        data = file.read_bytes()
        reading = requirements_txt.read_as(RawFile(str(file), data), role)
        # pip says on which line a continued one begins, we say on which line the requirement stands.
        lines = logical_lines(decode(data).text)
        numbers = {physical: line.number for line in lines for _, physical, _ in line.segments}
        for requirement in reading.value.requirements:
            where = (str(file), numbers[requirement.place.line])
            if _is_absent_folder(requirement.direct):
                facts.refused.add(where)
            else:
                facts.requirements[where] = _by_us(requirement, file)
        for problem in reading.problems:
            if problem.kind is ProblemKind.INVALID_REQUIREMENT and "pip ignores" not in problem.message:
                facts.refused.add((str(file), numbers[problem.place.line]))
    return facts


def _is_absent_folder(direct: DirectReference | None) -> bool:
    """Tell whether pip, which looks at the disk, refuses what to us is a path by its shape."""
    if not direct or direct.kind is not DirectKind.PATH or direct.url.startswith("file:"):
        return False
    is_archive = not direct.editable and direct.url.lower().endswith((".whl", ".zip", ".tar.gz"))
    return not is_archive and not Path(direct.url).is_dir()


def _files(path: Path, role: Role, seen: tuple[Path, ...]) -> Iterator[tuple[Path, Role]]:
    if path in seen:
        return
    yield path, role
    for reference in requirements_txt.read_as(RawFile(str(path), path.read_bytes()), role).references:
        nested = Role.CONSTRAINT if reference.kind is ReferenceKind.CONSTRAINTS else Role.DECLARED
        yield from _files((path.parent / reference.target).resolve(), nested, (*seen, path))


def _by_us(requirement: Requirement, file: Path) -> Fact:
    direct = requirement.direct
    return Fact(
        str(file),
        requirement.name,
        SpecifierSet(requirement.constraint.text),
        requirement.marker,
        frozenset(map(normalize, requirement.extras)),
        _location(direct) if direct else "",
        direct.revision if direct else "",
        direct.subdirectory if direct else "",
        frozenset(direct.hashes) if direct else frozenset(),
        frozenset(requirement.hashes),
        bool(direct and direct.editable),
        requirement.role is Role.CONSTRAINT,
    )


def _location(direct: DirectReference) -> str:
    if direct.kind is not DirectKind.PATH:
        # The standard library drops tabs from a URL, and with it pip; either way it cannot be fetched.
        return direct.url.replace("\t", "")
    return Link(direct.url).file_path if direct.url.startswith("file:") else str(Path(direct.url).resolve())
