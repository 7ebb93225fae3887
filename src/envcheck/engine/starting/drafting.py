"""Entries → the text of the file that declares them, in its dialect's own syntax."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Sequence

from envcheck.engine.reading.files import read_file
from envcheck.engine.starting.entries import PIP, Target
from envcheck.engine.starting.opening import Opened
from envcheck.engine.writing.plan import Rewriting, apply
from envcheck.gather.declarations.catalogue import STARTERS
from envcheck.gather.documents.conda_channels import public_spelling
from envcheck.gather.documents.text import decode
from envcheck.judge.pins.styles import Style
from envcheck.model.changes import Add
from envcheck.model.environment import Environment
from envcheck.model.errors import UserError
from envcheck.model.names import normalize
from envcheck.model.readings import Problem, RawFile
from envcheck.model.starting import Start


def draft(opened: Opened, target: Target, entries: Sequence[Add]) -> Rewriting:
    """Return the file with all entries; its old text is empty when it is new.

    Raises ``UserError`` when what is there cannot be read or does not take them.
    """
    shown = opened.case.viewpoint.path(target.path)
    old = _present(opened, target.path)
    text = decode(old)
    if text.lossy or text.text.encode(text.encoding, "surrogatepass") != old:
        raise UserError(f"{shown}: not UTF-8", "save it as UTF-8")
    starter = STARTERS[target.path.rpartition("/")[2]]
    begun = starter.begin(_start(opened, target, entries), text.text)
    editing = starter.edit(RawFile(target.path, begun.encode(text.encoding)), entries)
    if editing.refusals:
        refusal = editing.refusals[0]
        raise UserError(f"{shown}: {refusal.reason}", f"{refusal.remedy or 'edit it by hand'}; --to names another file")
    after = apply(begun, editing.edits)
    return Rewriting(target.path, old, after.encode(text.encoding), tuple(entries), (), text.text, after)


def _present(opened: Opened, path: str) -> bytes:
    if not os.path.lexists(os.path.join(opened.case.project.root, path)):
        return b""
    found = read_file(opened.case.project.root, path)
    if isinstance(found, Problem):
        raise UserError(f"{opened.case.viewpoint.path(path)}: {found.message}", found.remedy)
    return found.data


def _start(opened: Opened, target: Target, entries: Sequence[Add]) -> Start:
    environment = next(one.environment for one in opened.scopes if one.environment)
    python = environment.python if re.fullmatch(r"\d+\.\d+[\w.+-]*", environment.python) else ""
    return Start(
        project=_project(opened.at, entries),
        python=python,
        is_minimum=target.style is Style.MINIMUM,
        channels=_channels(environment, entries) if target.is_conda else (),
        pip=_pip(environment) if any(entry.group == PIP for entry in entries) else "",
        holds_package=any(path.rpartition("/")[2] == "__init__.py" for path in _modules(opened)),
    )


def _project(folder: str, entries: Sequence[Add]) -> str:
    """Return the folder's name as that of a project; what is called like something it needs would need itself."""
    found = re.findall(r"[a-z0-9]+", os.path.basename(os.path.realpath(folder)).lower())
    name = "-".join(found) or "project"
    return f"{name}-project" if name in {normalize(entry.name) for entry in entries} else name


def _modules(opened: Opened) -> list[str]:
    inside = opened.path("")
    return [path for path in opened.case.project.files.modules if path.startswith(inside)]


def _channels(environment: Environment, entries: Sequence[Add]) -> tuple[str, ...]:
    """Return the channels of what is declared, the one that the environment has most from first."""
    names = {"python", PIP, *(entry.name for entry in entries if entry.group != PIP)}
    spelled = {package.name: public_spelling(package.channel, package.subdir) for package in environment.conda}
    counts = Counter(spelled.values())
    used = {spelled[name] for name in names if name in spelled}  # type: ignore[index]
    return tuple(sorted(used - {""}, key=lambda channel: (-counts[channel], channel)))


def _pip(environment: Environment) -> str:
    """Return conda's entry for pip, with the version that it has here."""
    found = next((package for package in environment.conda if package.name == PIP), None)
    return f"{PIP}=={found.version}" if found and re.fullmatch(r"[\w.]+", found.version) else PIP
