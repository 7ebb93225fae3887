"""The tables of a Pipfile: its categories, and what one entry of them says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from envcheck.gather.documents.lock_texts import text_in, texts_in
from envcheck.gather.documents.reqentry import Entry, InvalidEntry
from envcheck.gather.documents.vcs_urls import direct_reference, scheme_of
from envcheck.model.constraints import ANY, Constraint, pep440
from envcheck.model.markers import normal_marker
from envcheck.model.requirements import DirectKind, DirectReference

DEVELOPMENT = "dev-packages"
"""The category that ``pipenv install --dev`` adds, and the name of its group."""

_DEFAULT = "packages"
# NON_CATEGORY_SECTIONS in pipenv/utils/pipfile.py; [pipfile] was one in the first versions.
_OTHERS = frozenset(("source", "requires", "scripts", "pipfile", "pipenv", "build-system"))
_LOCKED = {"default": "", "develop": DEVELOPMENT}
_VCS = ("git", "hg", "svn", "bzr")
_MARKERS = [
    "os_name",
    "sys_platform",
    "platform_machine",
    "platform_python_implementation",
    "platform_release",
    "platform_system",
    "platform_version",
    "python_version",
    "python_full_version",
    "implementation_name",
    "implementation_version",
]
_COMMIT = re.compile(r"[0-9a-fA-F]{40}(?:[0-9a-fA-F]{24})?")
_REVISION = re.compile(r"((?:\w+://[^/]*/|[^/:]+:(?!//)).+)@([^@]+)\Z")
_INVENTED = re.compile(r"[0-9a-f]{7}")
"""What pipenv once called a path whose name it did not know: the beginning of a hash."""


def categories(tables: Mapping[str, object]) -> Iterator[tuple[str, Mapping[str, object]]]:
    """Yield the categories of a Pipfile or a Pipfile.lock, each with its group, empty for the default one."""
    for key, table in tables.items():
        if isinstance(table, dict) and key not in _OTHERS and key != "_meta":
            yield "" if key == _DEFAULT else _LOCKED.get(key, key), table


def read_spec(name: str, spec: object) -> Entry:
    """Return what an entry of a category wants; raises :class:`InvalidEntry` for what pipenv refuses."""
    if isinstance(spec, str):
        return Entry(name, constraint=_constraint(spec))
    if not isinstance(spec, dict):
        raise InvalidEntry("neither a version nor a table", 'write "*", "==1.2" or {version = "==1.2"}')
    direct = _direct(spec)
    is_named = not (direct and direct.kind is not DirectKind.VCS and _INVENTED.fullmatch(name))
    constraint = ANY if direct else _constraint(text_in(spec, "version"))
    return Entry(name if is_named else "", tuple(sorted(texts_in(spec, "extras"))), constraint, marker(spec), direct)


def spelled(entry: Entry, name: str) -> str:
    """Return an entry as a requirements file would have it."""
    extras = f"[{','.join(entry.extras)}]" if entry.extras else ""
    text = f"{name}{extras}{entry.constraint.text}"
    if entry.direct:
        tool = "git+" if entry.direct.kind is DirectKind.VCS else ""
        revision = f"@{entry.direct.revision}" if entry.direct.revision else ""
        text = f"{name}{extras} @ {tool}{entry.direct.url}{revision}"
    return f"{text} ; {entry.marker}" if entry.marker else text


def written(spec: object, entry: Entry, name: str) -> tuple[str, tuple[str, ...]]:
    """Return the text that says which version, and at which key of the entry; else the whole entry, spelled."""
    if isinstance(spec, str):
        return spec, ()
    version = text_in(spec, "version") if isinstance(spec, dict) and not entry.direct else ""
    return (version, ("version",)) if version.strip() else (spelled(entry, name), ())


def marker(spec: Mapping[str, object]) -> str:
    """Return the marker of an entry: ``markers``, and keys like ``sys_platform = "== 'win32'"``, all together."""
    parts = [text_in(spec, key).strip() for key in ("markers", "os_markers") if key in spec]
    parts = [part for part in parts if part]
    parts += [f"{key} {text_in(spec, key).strip()}" for key in _MARKERS if key in spec and text_in(spec, key).strip()]
    if not parts:
        return ""
    together = parts[0] if len(parts) == 1 else " and ".join(f"({part})" if " or " in part else part for part in parts)
    try:
        return normal_marker(together)
    except (ValueError, RecursionError) as error:
        reason = f"no environment marker: {str(error).partition(chr(10))[0]}"
        raise InvalidEntry(reason, "PEP 508 describes the markers") from error


def _constraint(version: str) -> Constraint:
    text = version.strip()
    if text[:1].isdigit():  # pipenv takes a bare version for an exact one
        text = f"=={text}"
    try:
        return pep440(text)
    except ValueError as error:
        raise InvalidEntry(str(error), 'write "*", "==1.2" or ">=1,<2"') from error


def _direct(spec: Mapping[str, object]) -> DirectReference | None:
    subdirectory = text_in(spec, "subdirectory")
    for tool in _VCS:
        if tool in spec and text_in(spec, tool):
            return _repository(spec, text_in(spec, tool).removeprefix(f"{tool}+").partition("#")[0])
    location = text_in(spec, "path") or text_in(spec, "file") or text_in(spec, "url")
    if not location:
        return None
    if scheme_of(location) in ("http", "https", "ftp"):
        try:
            return direct_reference(location)
        except ValueError as error:
            raise InvalidEntry(str(error)) from error
    editable = spec.get("editable") is True
    return DirectReference(DirectKind.PATH, location.partition("#")[0], editable=editable, subdirectory=subdirectory)


def _repository(spec: Mapping[str, object], url: str) -> DirectReference:
    revision = text_in(spec, "ref")
    found = None if revision else _REVISION.match(url)
    url, revision = (found[1], found[2]) if found else (url, revision)
    return DirectReference(
        DirectKind.VCS,
        url,
        revision=revision,
        commit=revision.lower() if _COMMIT.fullmatch(revision) else "",
        # pipenv installs from a repository on this machine with -e (requirement_from_lockfile)
        editable=spec.get("editable") is True or "file://" in url,
        subdirectory=text_in(spec, "subdirectory"),
    )
