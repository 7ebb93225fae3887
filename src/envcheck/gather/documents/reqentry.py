"""One requirement as pip reads it: PEP 508, a URL, a version-control URL, a path, or what ``-e`` names."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from envcheck.gather.documents.reqhints import explain
from envcheck.gather.documents.vcs_urls import (
    direct_reference,
    egg_name,
    is_url,
    is_vcs_url,
    scheme_of,
    wheel_file_name,
    with_tool,
)
from envcheck.model.constraints import ANY, Constraint, pep440
from envcheck.model.markers import normal_marker
from envcheck.model.requirements import DirectKind, DirectReference

if TYPE_CHECKING:
    from packaging.requirements import Requirement

FILE_VARIABLE = re.compile(r"\$\{[A-Z0-9_]+\}")
"""What pip replaces by an environment variable; kept as written, since other machines have other values."""

CELL_VARIABLE = re.compile(r"\$[\w({]|`|\{[^{}]*\}")
"""What a shell or IPython replaces."""

# Longer texts are no requirements, and digits without end are no versions (int() refuses more than 4,300).
_LONGEST = 4000
_NAME = r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?"
_CLAUSE = r"(?:[=<>!~]=|[<>]) *[A-Za-z0-9.*+!-]+"
_EXTRAS = rf" *{_NAME}(?: *, *{_NAME})* *"
_SIMPLE = re.compile(rf"({_NAME})(?: *\[({_EXTRAS})\])? *({_CLAUSE}(?: *, *{_CLAUSE})*)?\Z")
_TARS = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz", ".tar.xz", ".txz", ".tlz", ".tar.lz", ".tar.lzma")
_ARCHIVES = (".whl", ".zip", *_TARS)
# What few entries need is compiled with the first of them.
_WITH_EXTRAS = r"(?s)(.+)\[([^\[\]]+)\]\Z"
_PATH = r"[./~\\]|[A-Za-z]:[\\/]|[^\s<>\"'{}|*?=@/\\]*[/\\][^\s<>\"'{}|*?=]*\Z"
_AT_URL = rf"({_NAME})(?: *\[({_EXTRAS})\])? *@ *([^ \t;]+://[^ \t;]+)"
_USER = r"//[^/@\s]*@"
_BEGINNING = rf"({_NAME})\s*(?:\[([\w.,\s-]*)\])?\s*(?=[=<>!~@]|\Z)"


class InvalidEntry(ValueError):  # noqa: N818 - it is what the entry is, and rarely an error of ours
    """A text that pip refuses: why, and what to write instead."""

    def __init__(self, reason: str, remedy: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.remedy = remedy or "write name==version, name @ URL or a path"


class Entry(Struct, frozen=True):
    """What one requirement says, names as written."""

    name: str = ""
    extras: tuple[str, ...] = ()
    constraint: Constraint = ANY
    marker: str = ""
    direct: DirectReference | None = None
    template: bool = False


def parse_entry(text: str, *, editable: bool = False, variable: re.Pattern[str] = FILE_VARIABLE) -> Entry:
    """Return what a requirement says; ``variable`` finds what is still to be replaced in it.

    Raises :class:`InvalidEntry` for what pip 26.3 refuses. Where pip looks at the disk (is ``lib`` a folder?), the
    shape of the text decides.
    """
    text = text.strip()
    if len(text) > _LONGEST:
        raise InvalidEntry(f"{len(text)} characters are no requirement")
    try:
        entry = None if editable else _simple(text)
        if entry:
            return entry
        if variable.search(re.sub(_USER, "//", text)):
            return _template(text, variable, editable=editable)
        return _editable(text) if editable else _line(text)
    except InvalidEntry:
        raise
    except (ValueError, RecursionError) as error:
        raise _refusal(text, str(error)) from error


def _simple(text: str) -> Entry | None:
    """Return the entry of a plain name with extras and versions, as nearly all are: ten times as fast as packaging."""
    match = _SIMPLE.match(text)
    if match is None or _is_archive(text):
        return None
    name, extras, versions = match.groups()
    return Entry(name, _extras(extras), pep440(versions or ""))


def _refusal(text: str, reason: str) -> InvalidEntry:
    known, remedy = ("", "") if is_url(text) else explain(text)
    return InvalidEntry(known or reason.partition("\n")[0], remedy)


def _extras(text: str | None) -> tuple[str, ...]:
    return tuple(sorted({extra.strip() for extra in text.split(",")} - {""})) if text else ()


@lru_cache(maxsize=1024)
def _marker(text: str) -> str:
    if not text.strip():
        return ""
    try:
        return normal_marker(text.strip())
    except (ValueError, RecursionError) as error:
        reason = f"no environment marker: {str(error).partition(chr(10))[0]}"
        raise InvalidEntry(reason, "PEP 508 describes the markers") from error


def _line(text: str) -> Entry:
    # pip: URLs may hold semicolons, so there a blank must follow the one that begins the marker.
    body, _, marker = text.partition("; " if is_url(text) else ";")
    body = body.strip()
    if is_url(body):
        entry = _from_url(body)
    elif _is_archive(body) and not _is_name_at_url(body):
        entry = _from_path(body)
    else:
        entry = _simple(body) or _from_pep508(body)
    return replace(entry, marker=_marker(marker)) if marker else entry


def _is_archive(text: str) -> bool:
    with_extras = re.match(_WITH_EXTRAS, text) if text.endswith("]") else None
    path = with_extras[1].rstrip() if with_extras else text
    return path.rstrip("/").lower().endswith(_ARCHIVES)


def _is_name_at_url(text: str) -> bool:
    name, at, _ = text.partition("@")
    return bool(at) and "/" not in name and not name.startswith(".")


def _pep508(text: str) -> Requirement:
    from packaging import requirements  # plain entries do without

    try:
        return requirements.Requirement(text)
    except requirements.InvalidRequirement as error:
        raise ValueError(str(error)) from error


def _from_pep508(text: str) -> Entry:
    at_url = re.fullmatch(_AT_URL, text)
    if at_url and is_url(at_url[3]):
        return Entry(at_url[1], _extras(at_url[2]), direct=_named_reference(at_url[3]))
    try:
        parsed = _pep508(text)
    except ValueError:
        if re.match(_PATH, text) and not explain(text)[0]:
            return _from_path(text)
        raise
    extras = tuple(sorted(parsed.extras))
    if not parsed.url:
        return Entry(parsed.name, extras, pep440(str(parsed.specifier)))
    if not is_url(parsed.url) and (explain(text)[0] or "://" in parsed.url):
        raise _refusal(text if explain(text)[0] else parsed.url, "pip knows no such URL")
    return Entry(parsed.name, extras, direct=_named_reference(parsed.url))


def _named_reference(url: str, *, editable: bool = False) -> DirectReference:
    egg_name(url)  # pip checks it, though the name is known already
    return direct_reference(url, editable=editable)


def _from_url(url: str) -> Entry:
    wheel = wheel_file_name(url)
    name, constraint = _from_wheel(wheel) if wheel else (egg_name(url), ANY)
    return Entry(name, constraint=constraint, direct=direct_reference(url))


def _from_path(text: str, *, editable: bool = False) -> Entry:
    if "#" in text or ";" in text:
        raise InvalidEntry(
            "pip reads neither a fragment nor a marker here", "write the path alone, or name @ file:///…"
        )
    with_extras = re.match(_WITH_EXTRAS, text)
    if with_extras and not re.fullmatch(_EXTRAS, with_extras[2]):
        raise InvalidEntry(f"[{with_extras[2]}] names no extras", "write [first,second]")
    path = with_extras[1].rstrip() if with_extras else text
    extras = _extras(with_extras[2].lower()) if with_extras else ()
    direct = DirectReference(DirectKind.PATH, path, editable=editable)
    file_name = path.replace("\\", "/").rstrip("/").rpartition("/")[2]
    name, constraint = _from_wheel(file_name) if file_name.endswith(".whl") else ("", ANY)
    return Entry(name, extras, constraint, direct=direct)


def _from_wheel(file_name: str) -> tuple[str, Constraint]:
    from packaging.utils import InvalidWheelFilename, parse_wheel_filename

    try:
        name, version, _, _ = parse_wheel_filename(file_name)
    except InvalidWheelFilename as error:
        raise InvalidEntry(str(error), "give the wheel the name that it was built with") from error
    return name, pep440(f"=={version}")


def _editable(text: str) -> Entry:
    try:
        parsed = _pep508(text)
    except ValueError:
        parsed = None
    if parsed is None or not parsed.url:
        return _editable_location(text)
    if not is_vcs_url(parsed.url) and scheme_of(parsed.url) != "file":
        raise _not_editable()
    direct = _named_reference(parsed.url, editable=True)
    return Entry(parsed.name, tuple(sorted(parsed.extras)), ANY, str(parsed.marker or ""), direct)


def _editable_location(text: str) -> Entry:
    url = with_tool(text)
    if is_vcs_url(url):
        if not egg_name(url):
            raise InvalidEntry("nothing tells the name of the distribution", "write -e 'name @ git+https://…'")
    elif scheme_of(url) != "file":
        if is_url(url) or "://" in url or explain(url)[0]:
            raise _not_editable()
        return _from_path(text, editable=True)
    return Entry(egg_name(url), direct=direct_reference(url, editable=True))


def _not_editable() -> InvalidEntry:
    return InvalidEntry("only a path or a repository can be editable", "write a path, or git+https://…#egg=name")


def _template(text: str, variable: re.Pattern[str], *, editable: bool) -> Entry:
    """Return what a text tells in spite of the variables in it: a name that ends before them, where it comes from."""
    body, _, marker = text.partition(";")
    body = body.strip()
    beginning = re.match(_BEGINNING, body)
    name = beginning[1] if beginning else ""
    extras = _extras(beginning[2]) if beginning else ()
    location = body[beginning.end() + 1 :].strip() if beginning and body[beginning.end() :].startswith("@") else body
    direct = None
    if is_url(with_tool(location)):
        direct = direct_reference(with_tool(location), editable=editable)
        name = name or egg_name(variable.sub("", location))
    elif editable or (not name and "/" in location):
        direct = DirectReference(DirectKind.PATH, location, editable=editable)
    return Entry(name, extras, ANY, "" if variable.search(marker) else _marker(marker), direct, template=True)
