"""The wishes of a project (``envcheck.toml`` or ``[tool.envcheck]``) and of a command line, together."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

from msgspec import Struct
from msgspec.structs import fields, replace

from envcheck.engine.settings.values import (
    Entries,
    flag,
    lists,
    placed,
    platform,
    severities,
    severities_by_glob,
    severity,
    text,
    texts,
)
from envcheck.model.errors import UserError
from envcheck.model.findings import Severity
from envcheck.model.names import normalize
from envcheck.model.settings import Settings


class Wishes(Struct, frozen=True):
    """What one side asks for, in the words of :class:`Settings`; ``None`` where it says nothing."""

    select: tuple[str, ...] | None = None
    extend_select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] | None = None
    per_file_ignores: Mapping[str, tuple[str, ...]] | None = None
    exclude: tuple[str, ...] | None = None
    fail_on: Severity | None = None
    name_map: Mapping[str, tuple[str, ...]] | None = None
    python: str | None = None
    prefix: str | None = None
    extras: tuple[str, ...] | None = None
    groups: tuple[str, ...] | None = None
    default_groups: bool | None = None
    platform: str | None = None
    locked: bool | None = None
    severity: Mapping[str, Severity] | None = None
    per_file_severity: Mapping[str, Mapping[str, Severity]] | None = None
    baseline: str | None = None
    stamp_on_save: bool | None = None


NO_WISHES = Wishes()
LOCKED_RULES = ("DRF", "LCK", "READ")
"""What ``--locked`` asks for: drift and locks, and that everything could be read."""


def load_settings(paths: Sequence[str], *, cwd: str, explicit: str = "", wishes: Wishes = NO_WISHES) -> Settings:
    """Return the settings of a run over ``paths``: those of the nearest settings file, overruled by ``wishes``.

    The file is the nearest one from the folder that the paths have in common up to the root of the project. Raises
    ``UserError`` for a settings file that cannot be read or says something unknown.
    """
    wishes = _with_known_codes(wishes, "--")
    if explicit:
        return merge(read_settings(os.path.join(cwd, explicit), shown=explicit), wishes)
    from envcheck.engine.discover import find_root

    places = [os.path.normpath(os.path.join(cwd, path)) for path in paths or ["."]]
    root = find_root(places)
    path = find_settings(os.path.commonpath(places), root)
    if not path:
        return merge(NO_WISHES, wishes)
    folder = os.path.relpath(os.path.dirname(path), root).replace(os.sep, "/")
    return merge(_seen_from_root(read_settings(path, shown=os.path.relpath(path, cwd)), folder), wishes)


def find_settings(folder: str, root: str) -> str:
    """Return the path of the settings file that is nearest from a folder upwards to the root, or empty text."""
    while True:
        own = os.path.join(folder, "envcheck.toml")
        if os.path.isfile(own):
            return own
        shared = os.path.join(folder, "pyproject.toml")
        if os.path.isfile(shared) and _speaks_of_envcheck(shared):
            return shared
        parent = os.path.dirname(folder)
        if folder in (root, parent):
            return ""
        folder = parent


def read_settings(path: str, *, shown: str) -> Wishes:
    """Return what a settings file asks for; ``shown`` is the path as messages name it."""
    table = _table(path, shown)
    known = {field.name.replace("_", "-") for field in fields(Wishes)}
    for key in table:
        if key not in known:
            from envcheck.engine.settings.codes import nearest

            hint = nearest(key, known, f"the keys are {', '.join(sorted(known))}")
            raise UserError(f"{shown}: unknown key {key!r}", hint)
    read = Entries(table, shown)
    wishes = Wishes(
        select=read.of("select", texts),
        extend_select=read.of("extend-select", texts),
        ignore=read.of("ignore", texts),
        per_file_ignores=read.of("per-file-ignores", lists),
        exclude=read.of("exclude", texts),
        fail_on=read.of("fail-on", severity),
        name_map=read.of("name-map", lists),
        python=read.of("python", text),
        prefix=read.of("prefix", text),
        extras=read.of("extras", texts),
        groups=read.of("groups", texts),
        default_groups=read.of("default-groups", flag),
        platform=read.of("platform", platform),
        locked=read.of("locked", flag),
        severity=read.of("severity", severities),
        per_file_severity=read.of("per-file-severity", severities_by_glob),
        baseline=read.of("baseline", text),
        stamp_on_save=read.of("stamp-on-save", flag),
    )
    wishes = _with_known_codes(wishes, f"{shown}: ")
    folder = os.path.dirname(path)
    baseline = wishes.baseline and os.path.join(folder, os.path.expanduser(wishes.baseline))
    return replace(
        wishes, python=placed(wishes.python, folder), prefix=placed(wishes.prefix, folder), baseline=baseline
    )


def merge(project: Wishes, command_line: Wishes) -> Settings:
    """Return the settings of a run; the command line wins.

    Its ``--select`` replaces all that the project says about rules, its other lists are added to those of the project,
    and its environment (``--python`` or ``--prefix``) replaces that of the project.
    """
    if command_line.select is not None:
        project = replace(project, select=None, extend_select=None, ignore=None)
    if command_line.python or command_line.prefix:
        project = replace(project, python=None, prefix=None)
    locked = bool(command_line.locked or project.locked)
    return Settings(
        select=command_line.select or project.select or (LOCKED_RULES if locked else ()),
        extend_select=(project.extend_select or ()) + (command_line.extend_select or ()),
        ignore=(project.ignore or ()) + (command_line.ignore or ()),
        per_file_ignores=project.per_file_ignores or {},
        exclude=(project.exclude or ()) + (command_line.exclude or ()),
        fail_on=command_line.fail_on or project.fail_on or Severity.WARNING,
        name_map=project.name_map or {},
        python=command_line.python or project.python or "",
        prefix=command_line.prefix or project.prefix or "",
        extras=tuple(map(normalize, (project.extras or ()) + (command_line.extras or ()))),
        groups=tuple(map(normalize, (project.groups or ()) + (command_line.groups or ()))),
        default_groups=all(said is not False for said in (project.default_groups, command_line.default_groups)),
        platform=command_line.platform or project.platform or "",
        locked=locked,
        severity=project.severity or {},
        per_file_severity=project.per_file_severity or {},
        baseline=command_line.baseline or project.baseline or "",
        stamp_on_save=project.stamp_on_save,
    )


def _with_known_codes(wishes: Wishes, asked_by: str) -> Wishes:
    """Return wishes with code prefixes in upper case. Raises ``UserError`` for one that no code begins with."""
    return replace(
        wishes,
        select=_known_codes(wishes.select, f"{asked_by}select"),
        extend_select=_known_codes(wishes.extend_select, f"{asked_by}extend-select"),
        ignore=_known_codes(wishes.ignore, f"{asked_by}ignore"),
        per_file_ignores=wishes.per_file_ignores
        and {
            glob: _known_codes(codes, f"{asked_by}per-file-ignores: {glob}") or ()
            for glob, codes in wishes.per_file_ignores.items()
        },
        severity=wishes.severity and _weights(wishes.severity, f"{asked_by}severity"),
        per_file_severity=wishes.per_file_severity
        and {
            glob: _weights(weights, f"{asked_by}per-file-severity: {glob}")
            for glob, weights in wishes.per_file_severity.items()
        },
    )


def _known_codes(prefixes: tuple[str, ...] | None, where: str) -> tuple[str, ...] | None:
    if not prefixes:
        return prefixes
    from envcheck.engine.settings.codes import known_codes

    return known_codes(prefixes, where)


def _weights(weights: Mapping[str, Severity], where: str) -> Mapping[str, Severity]:
    return dict(zip(_known_codes(tuple(weights), where) or (), weights.values(), strict=True))


def _seen_from_root(wishes: Wishes, folder: str) -> Wishes:
    """Return wishes with their globs as they read from the root when they were written in a folder below it."""
    if folder == ".":
        return wishes

    def moved(glob: str) -> str:
        return f"{folder}/{glob.lstrip('/')}" if "/" in glob.rstrip("/") else f"{folder}/**/{glob}"

    ignores = {moved(glob): codes for glob, codes in (wishes.per_file_ignores or {}).items()}
    weights = {moved(glob): table for glob, table in (wishes.per_file_severity or {}).items()}
    exclude = tuple(map(moved, wishes.exclude or ()))
    return replace(wishes, per_file_ignores=ignores, per_file_severity=weights, exclude=exclude)


def _speaks_of_envcheck(path: str) -> bool:
    """Tell whether a pyproject.toml has our table; one that is broken is a finding of the run, unless it names us."""
    try:
        with open(path, "rb") as file:
            content = file.read()
    except OSError:
        return False
    return b"envcheck" in content and "envcheck" in _tool_tables(path, path)


def _table(path: str, shown: str) -> Mapping[str, object]:
    if os.path.basename(path) != "pyproject.toml":
        return _toml(path, shown)
    table = _tool_tables(path, shown).get("envcheck", {})
    if not isinstance(table, dict):
        raise UserError(f"{shown}: tool.envcheck: expected a table, not {table!r}")
    return table


def _tool_tables(path: str, shown: str) -> Mapping[str, object]:
    tools = _toml(path, shown).get("tool", {})
    return tools if isinstance(tools, dict) else {}


def _toml(path: str, shown: str) -> Mapping[str, object]:
    import tomli

    try:
        with open(path, "rb") as file:
            return tomli.load(file)
    except OSError as error:
        raise UserError(f"{shown}: {error.strerror or error}", "give the path of an envcheck.toml") from error
    except (ValueError, RecursionError) as error:  # TOMLDecodeError, UnicodeDecodeError, an integer of 5,000 digits
        raise UserError(f"{shown}: not valid TOML: {error}") from error
