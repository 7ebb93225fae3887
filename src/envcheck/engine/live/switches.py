"""envcheck's part of Jupyter switched on and off, in the files in which Jupyter itself keeps that.

``jupyter server extension`` and ``jupyter labextension`` write the same; these need no Jupyter to be loaded.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from envcheck.engine.writing.files import create_file, replace_file
from envcheck.gather.environments.jupyter_folders import configuration_folder, prefers_own, user_folder
from envcheck.model.errors import UserError

NAME = "envcheck"
_SERVER = "jupyter_server_config.json"
_SHIPPED = f"jupyter_server_config.d/{NAME}.json"
_PAGE = "labconfig/page_config.json"
_PACKAGE = os.path.join(os.path.dirname(__file__), os.pardir, os.pardir, "jupyter")


class Level(Struct, frozen=True):
    """Where Jupyter is configured: ``configuration`` and ``shared`` are folders, those of an environment or a user."""

    configuration: str
    shared: str
    is_of_user: bool = False

    @property
    def has_page(self) -> bool:
        """Whether the page's part is here."""
        return os.path.isfile(os.path.join(self.shared, "labextensions", NAME, "package.json"))


def levels(prefix: str, environ: Mapping[str, str]) -> tuple[Level, ...]:
    """Return the levels of a Jupyter in an environment, the one that has the last word first."""
    environment = Level(os.path.join(prefix, "etc", "jupyter"), os.path.join(prefix, "share", "jupyter"))
    user = Level(configuration_folder(environ), user_folder(environ), is_of_user=True)
    return (environment, user) if prefers_own(prefix, environ) else (user, environment)


class Switch(Struct, frozen=True):
    """Whether the two parts are there and on; ``said_by`` is the file that decides about the server's part."""

    server: bool
    page: bool
    said_by: str


def state(given: Sequence[Level]) -> Switch:
    """Return how things stand; the first of the levels that says something about a part decides."""
    server, said_by = next(_server_words(given), (False, ""))
    off = next((word for level in given for word in _page_words(level)), False)
    return Switch(server, any(level.has_page for level in given) and not off, said_by)


def switch(given: Sequence[Level], *, of_user: bool, on: bool) -> list[str]:
    """Switch both parts on or off at one of the levels, and return the paths of the files that were written.

    Raises ``UserError`` for a file that is no JSON object or cannot be written.
    """
    (level,) = (each for each in given if each.is_of_user == of_user)
    written = []
    shipped = os.path.join(level.configuration, _SHIPPED)
    if on and not os.path.isfile(shipped):  # an editable installation brings none of these files
        written.append(_write(shipped, {"ServerApp": {"jpserver_extensions": {NAME: True}}}))
    if on and not any(each.has_page for each in given):
        written += _copied(level)
    path = os.path.join(level.configuration, _SERVER)
    if not on or NAME in _extensions(_read(path)):
        written += _merged(path, ("ServerApp", "jpserver_extensions"), word=on)
    path = os.path.join(level.configuration, _PAGE)
    if not on or NAME in _table(_read(path), "disabledExtensions"):
        written += _merged(path, ("disabledExtensions",), word=not on)
    return written


def _server_words(given: Sequence[Level]) -> Iterator[tuple[bool, str]]:
    for level in given:
        for name in (_SERVER, _SHIPPED):
            path = os.path.join(level.configuration, name)
            word = _extensions(_read(path)).get(NAME)
            if isinstance(word, bool):
                yield word, path


def _page_words(level: Level) -> Iterator[bool]:
    word = _table(_read(os.path.join(level.configuration, _PAGE)), "disabledExtensions").get(NAME)
    if isinstance(word, bool):
        yield word


def _extensions(content: Mapping[str, object]) -> Mapping[str, object]:
    return _table(_table(content, "ServerApp"), "jpserver_extensions")


def _table(content: Mapping[str, object], key: str) -> Mapping[str, object]:
    found = content.get(key)
    return found if isinstance(found, dict) else {}


def _read(path: str) -> dict[str, object]:
    try:
        with open(path, "rb") as file:
            found = json.loads(file.read())
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise UserError(f"{path}: {(error.strerror or str(error)).lower()}", "check its permissions") from error
    except (ValueError, RecursionError) as error:
        raise UserError(f"{path}: not JSON: {error}", "repair it, or remove it") from error
    if not isinstance(found, dict):
        raise UserError(f"{path}: no JSON object", "repair it, or remove it")
    return found


def _merged(path: str, keys: tuple[str, ...], *, word: bool) -> list[str]:
    content = _read(path)
    table: dict[str, object] = content
    for key in keys:
        inner = table.setdefault(key, {})
        if not isinstance(inner, dict):
            raise UserError(f"{path}: {key} is no object", "repair it")
        table = inner
    if table.get(NAME) is word:
        return []
    table[NAME] = word
    return [_write(path, content)]


def _copied(level: Level) -> Iterator[str]:
    """Yield the files of the page's part after copying them to where Jupyter looks for them."""
    home = os.path.join(level.shared, "labextensions", NAME)
    source = os.path.join(_PACKAGE, "labextension")
    for folder, _, names in os.walk(source):
        for name in sorted(names):
            with open(os.path.join(folder, name), "rb") as file:
                content = file.read()
            yield _put(os.path.normpath(os.path.join(home, os.path.relpath(folder, source), name)), content)


def _write(path: str, content: Mapping[str, object]) -> str:
    return _put(path, (json.dumps(content, indent=2) + "\n").encode())


def _put(path: str, content: bytes) -> str:
    folder, name = os.path.split(path)
    try:
        os.makedirs(folder, exist_ok=True)
        old = _bytes(path)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UserError(f"{path}: cannot be written: {reason}", "--user may help") from error
    if old is None:
        create_file(folder, name, content)
    else:
        replace_file(folder, name, old=old, new=content)
    return path


def _bytes(path: str) -> bytes | None:
    if not os.path.exists(path):
        return None
    with open(path, "rb") as file:
        return file.read()
