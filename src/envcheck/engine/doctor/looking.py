"""The files of a repository in which such tools are set up, found and read."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

from msgspec.structs import replace

from envcheck.engine.discover import find_root
from envcheck.engine.doctor.hooks import of_git, of_git_hook, of_pre_commit
from envcheck.engine.doctor.settings import of_ini, of_jupytext_toml, of_pyproject, told_to_keep
from envcheck.engine.reading.files import read_file
from envcheck.model.errors import UserError
from envcheck.model.readings import Problem
from envcheck.model.removers import Remover
from envcheck.model.viewpoint import Viewpoint

Detection = Callable[[str, str], Iterator[Remover]]

_IN_FOLDERS: dict[str, Detection] = {
    "pyproject.toml": of_pyproject,
    "settings.ini": of_ini,
    "setup.cfg": of_ini,
    "jupytext.toml": of_jupytext_toml,
    ".jupytext.toml": of_jupytext_toml,
    ".jupytext": of_jupytext_toml,
}
_AT_THE_ROOT: dict[str, Detection] = {
    ".pre-commit-config.yaml": of_pre_commit,
    ".pre-commit-config.yml": of_pre_commit,
    ".gitconfig": of_git,
}
_LARGEST = 5_000_000


def removers(path: str, *, cwd: str) -> tuple[Remover, ...]:
    """Return what deletes stamps in the repository of a path (relative to ``cwd``), by place.

    Looked at are the settings from that folder up to the root, the hooks and the filters. Raises ``UserError`` for a
    path that does not exist.
    """
    place = os.path.normpath(os.path.join(cwd, path))
    if not os.path.exists(place):
        raise UserError(f"there is no {path}", "give the path of a repository, or of a folder in it")
    root = find_root([place])
    viewpoint = Viewpoint(root.replace(os.sep, "/"), cwd.replace(os.sep, "/"))
    texts = tuple(_texts(place if os.path.isdir(place) else os.path.dirname(place), root))
    keeping = {tool for _, text, detect in texts if detect is of_pyproject for tool in told_to_keep(text)}
    found = (remover for name, text, detect in texts for remover in detect(text, name) if remover.tool not in keeping)
    shown = (replace(remover, place=viewpoint.place(remover.place)) for remover in found)
    return tuple(sorted(shown, key=lambda remover: (remover.place, remover.tool)))


def _texts(folder: str, root: str) -> Iterator[tuple[str, str, Detection]]:
    """Yield the path, relative to the root, and the text of each file that may say something, and who reads it."""
    names = dict(_AT_THE_ROOT)
    inside = os.path.relpath(folder, root)
    parts = [] if inside == "." else inside.split(os.sep)
    for depth in range(len(parts) + 1):
        names |= {"/".join([*parts[:depth], name]): detect for name, detect in _IN_FOLDERS.items()}
    for name, detect in names.items():
        yield from ((name, text, detect) for text in _text(root, name))
    git = _git_folder(root)
    for name, detect in (("config", of_git), ("hooks/pre-commit", of_git_hook)) if git else ():
        shown = os.path.relpath(os.path.join(git, name), root).replace(os.sep, "/")
        yield from ((shown, text, detect) for text in _text(git, name))


def _git_folder(root: str) -> str:
    """Return the folder of a repository's configuration; a worktree has it elsewhere (gitrepository-layout)."""
    path = os.path.join(root, ".git")
    if not os.path.isfile(path):
        return path if os.path.isdir(path) else ""
    for text in _text(root, ".git"):
        own = os.path.join(root, text.removeprefix("gitdir:").strip())
        for common in _text(own, "commondir"):
            return os.path.normpath(os.path.join(own, common.strip()))
        return own
    return ""


def _text(root: str, name: str) -> Iterator[str]:
    if os.path.isfile(os.path.join(root, name)):
        found = read_file(root, name)
        if not isinstance(found, Problem) and len(found.data) <= _LARGEST:
            yield found.data.decode("utf-8-sig", "replace")
