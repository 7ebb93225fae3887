"""The command in the header of a compiled file: what it was made from, with which options, and how to say it again."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from functools import cache

from msgspec import Struct

from envcheck.gather.documents.reqoptions import OptionTable, option_table, read_options
from envcheck.gather.documents.shell_words import split_words
from envcheck.model.names import normalize
from envcheck.model.urls import redact

_SOURCE = re.compile(r"(?:.*\.(?:in|txt|toml|cfg|py)|-)\Z")
# What a shell would do more with than start one program.
_SHELL = re.compile(r"[;&|`$<>()\\]")
_QUOTED = re.compile(r"'[^']*'|\"[^\"$`\\]*\"")
_LONGEST = 400


class Command(Struct, frozen=True):
    """What a compiler was asked for; paths as written. ``kind`` is ``compile``, ``export`` or ``custom``."""

    kind: str
    sources: tuple[str, ...] = ()
    output: str = ""
    constraints: tuple[str, ...] = ()
    overrides: tuple[str, ...] = ()
    extras: frozenset[str] = frozenset()
    all_extras: bool = False
    groups: tuple[str, ...] = ()
    python: str = ""
    platform: str = ""
    universal: bool = False
    keeps_extras: bool = False
    """Whether entries have the extras that were asked for: then a new one shows."""


@cache
def _options() -> OptionTable:
    """Return the options of pip-compile 7 and of uv 0.13 that take values, and those switches that matter here."""
    return option_table(
        values="--output-file|-o|--output --constraint|--constraints|-c --override|--overrides --extra --group"
        " --python-version --python-platform --python|-p --index-url|-i --extra-index-url --index --default-index"
        " --find-links|-f --trusted-host --upgrade-package|-P --upgrade-group --pip-args --resolver --build-deps-for"
        " --unsafe-package --config --cache-dir --max-rounds --newline --uploaded-prior-to --annotation-style --cert"
        " --client-cert --excludes|--exclude --build-constraints|--build-constraint|-b --only-group --no-group"
        " --resolution --prerelease --fork-strategy --exclude-newer --exclude-newer-package --index-strategy"
        " --keyring-provider --config-setting|-C --config-file --link-mode --no-binary --only-binary --no-emit-package"
        " --torch-backend --format --color --directory --project --allow-insecure-host --refresh-package"
        " --reinstall-package --no-build-isolation-package --python-preference --package --env-file --with",
        switches="--all-extras --universal --strip-extras --no-strip-extras",
    )


def read_command(text: str) -> Command:
    """Return what a command asks for; one that is neither pip-compile's nor uv's says nothing but itself."""
    try:
        words = split_words(text)
    except ValueError:
        return Command("custom")
    said = [word.value for word in words]
    kind, start = _kind(said)
    if kind == "custom":
        return Command(kind)
    given = read_options(words[start:], _options())

    def values(name: str) -> Iterator[str]:
        return (option.value.value for option in given.options if option.name == name)

    switches = {option.name for option in given.options}
    return Command(
        kind,
        tuple(word.value for word in given.operands if _SOURCE.match(word.value)) if kind == "compile" else (),
        next(values("--output-file"), ""),
        tuple(values("--constraint")),
        tuple(values("--override")),
        frozenset(normalize(extra.strip()) for value in values("--extra") for extra in value.split(",")),
        "--all-extras" in switches,
        tuple(values("--group")),
        next(values("--python-version"), ""),
        next(values("--python-platform"), ""),
        "--universal" in switches,
        # uv and envcheck strip extras unless told otherwise, pip-compile 7 the other way round.
        "--no-strip-extras" in switches or ("--strip-extras" not in switches and said[0] not in ("uv", "envcheck")),
    )


def _kind(words: list[str]) -> tuple[str, int]:
    """Return the kind of a command, and where its arguments begin."""
    program = posixpath.basename(words[0].replace("\\", "/")).removesuffix(".exe") if words else ""
    if program == "pip-compile":
        return "compile", 1
    if program == "uv" and "compile" in words and words[words.index("compile") - 1] == "pip":
        return "compile", words.index("compile") + 1
    if program == "uv" and "export" in words:
        return "export", words.index("export") + 1
    if program == "envcheck" and words[1:2] == ["lock"]:
        return "compile", 2
    if program.startswith("python") and words[1:4] == ["-m", "piptools", "compile"]:
        return "compile", 4
    return "custom", 0


def run_folder(path: str, output: str) -> str | None:
    """Return the folder in which a command ran that wrote its ``output`` to ``path``; ``None`` when nothing tells."""
    written = posixpath.normpath(output.replace("\\", "/")) if output else ""
    if written and path == written:
        return ""
    if not written or written.startswith("../") or not path.endswith("/" + written):
        return None
    return path.removesuffix("/" + written)


def paths_of(written: str, folders: Iterable[str]) -> Iterator[str]:
    """Yield the paths from the project root that a path may mean, best first; none outside the project."""
    text = written.replace("\\", "/")
    if not text or text == "-" or posixpath.isabs(text) or ":" in text or "\0" in text:
        return
    for folder in folders:
        path = posixpath.normpath(posixpath.join(folder, text))
        if not path.startswith("../") and path not in (".", ".."):
            yield path


def typed(command: str, path: str, folder: str | None) -> str:
    """Return a command of ``folder`` as one types it beside ``path``, secrets hidden; empty for a dubious one."""
    shown = redact(" ".join(command.split()))
    bare = _QUOTED.sub("", shown).replace("***", "")
    if not shown.isprintable() or len(shown) > _LONGEST or _SHELL.search(bare):
        return ""
    steps = 0 if folder is None else path.removeprefix(f"{folder}/" if folder else "").count("/")
    return f"cd {'/'.join(['..'] * steps)} && {shown}" if steps else shown
