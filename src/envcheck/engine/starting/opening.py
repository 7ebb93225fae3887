"""What a declaration in a folder would govern: the facts as they will be once it is there."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping

from msgspec import Struct

from envcheck.engine.check import Case, join
from envcheck.engine.choose import Environments
from envcheck.engine.discover import discover, find_root, is_below
from envcheck.engine.load import load
from envcheck.engine.scopes import PROJECT, folder_governed
from envcheck.judge.evidence.evidence import Evidence
from envcheck.model.declarations import Declaration
from envcheck.model.errors import UserError
from envcheck.model.settings import Settings

_ALONE = "inline_script"


class Opened(Struct, frozen=True):
    """A project seen from the folder that is to declare something.

    ``folder`` is that folder from the project's root (``.`` for the root itself), ``scopes`` what it will govern, each
    with sources; ``declared`` are the paths of what governs it already, ``apart`` says what others govern.
    """

    case: Case
    folder: str
    scopes: tuple[Evidence, ...]
    declared: tuple[str, ...]
    apart: tuple[str, ...]

    def path(self, name: str) -> str:
        """Return the path from the root of a file in the folder."""
        return name if self.folder == PROJECT else f"{self.folder}/{name}"

    @property
    def at(self) -> str:
        """The absolute path of the folder."""
        return os.path.join(self.case.project.root, self.folder)


def open_folder(path: str, settings: Settings, *, environ: Mapping[str, str], cwd: str) -> Opened:
    """Return the facts of a folder, or of one source in it. Raises ``UserError`` when there is no such path."""
    absolute = os.path.normpath(os.path.join(cwd, path))
    root = find_root([absolute])
    project = discover([absolute], root=root, exclude=settings.exclude)
    inside = os.path.relpath(absolute if os.path.isdir(absolute) else os.path.dirname(absolute), root)
    folder = inside.replace(os.sep, "/")
    environments = Environments(settings, root=root, cwd=cwd, environ=environ)
    facts = load(project)
    declared = tuple(path for path, found in facts.declarations.items() if _says_something(found, folder))
    # With it the scopes, their environments included, are those that a check finds when it is written.
    planned = "requirements.txt" if folder == PROJECT else f"{folder}/requirements.txt"
    facts.declarations.setdefault(planned, Declaration(planned, "requirements_txt"))
    case = join(project, facts, environments, settings, cwd)
    scopes = tuple(one for one in case.evidence if one.scope.root == folder and one.sources)
    return Opened(case, folder, scopes, declared, tuple(_apart(case, folder)))


def _says_something(declaration: Declaration, folder: str) -> bool:
    """Tell whether a declaration governs a folder already, itself or from above, and asks for anything."""
    governed = folder_governed(declaration.path)
    if not is_below(folder, "" if governed == PROJECT else governed):
        return False
    is_unread = declaration.unread and declaration.dialect != "setup_py"
    if declaration.lock:
        return not declaration.path.endswith(".py.lock")  # it is that of a script
    return declaration.governs and (is_unread or bool(declaration.requirements))


def _apart(case: Case, folder: str) -> Iterator[str]:
    for evidence in case.evidence:
        scope, shown = evidence.scope, case.viewpoint.path(evidence.scope.root)
        own = [d for d in scope.declarations if d.governs]
        if scope.root == folder or not scope.primary or not own:
            continue
        if own[0].dialect == _ALONE:
            yield f"{shown}: says itself what it needs; left out"
        else:
            yield f"{shown}: {case.viewpoint.path(own[0].path)} governs it; left out"


def require_sources(opened: Opened, path: str) -> None:
    """Raise ``UserError`` when no source of the folder is without declaration."""
    if not opened.scopes:
        left = f"; {opened.apart[0]}" if opened.apart else ""
        raise UserError(
            f"no notebook or script in {path} that needs a declaration{left}", "give the folder that holds the code"
        )
