"""What git knows of a project: its files at a revision, and those that it does not know yet.

Objects are read and nothing else, so that no filter, hook, external diff or monitor is run that the configuration of a
checked repository may name; nothing is fetched, and nothing is written.
"""

from __future__ import annotations

import os
import subprocess  # the one room that starts processes; how, is tested  # nosec B404
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from envcheck.model.errors import UserError

_SECONDS = 120.0
_QUIET = {
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_PAGER": "cat",
    "LC_ALL": "C",
}
_HARMLESS = ("-c", "core.fsmonitor=false", "-c", "core.untrackedCache=false")
_FILES = ("100644", "100755")


class Past(Struct, frozen=True):
    """A project at a revision: ``blobs`` are the names of its files' contents by path, relative to ``top``.

    ``current`` are the files that are there now and not ignored, whether git knows them yet or not.
    """

    top: str
    blobs: Mapping[str, str]
    current: frozenset[str]
    environ: Mapping[str, str]


def past(folder: str, revision: str, environ: Mapping[str, str]) -> Past:
    """Return the project that holds a folder as it was where ``HEAD`` left ``revision``.

    Raises ``UserError`` when there is no git, no repository, or no such revision.
    """
    variables = {**environ, **_QUIET}
    if not revision or revision.startswith("-"):
        raise UserError(f"--diff-base {revision}: not a revision", "give a branch, a tag or a commit")
    top = _line(_git(folder, variables, "rev-parse", "--show-toplevel"))
    commit = _commit(top, revision, variables)
    base = _try(top, variables, "merge-base", commit, "HEAD")
    tree = _git(top, variables, "ls-tree", "-r", "-z", "--full-tree", _line(base) if base else commit)
    current = _git(top, variables, "ls-files", "--cached", "--others", "--exclude-standard", "-z")
    names = frozenset(os.fsdecode(name) for name in current.split(b"\0") if name)
    return Past(top, dict(_blobs(tree)), names, variables)


def contents(known: Past, paths: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """Yield path and content of each of these files as it was; paths that it does not know are passed over."""
    wanted = [path for path in paths if path in known.blobs]
    names = "".join(f"{known.blobs[path]}\n" for path in wanted)
    found = _git(known.top, known.environ, "cat-file", "--batch", given=names.encode("ascii")) if wanted else b""
    position = 0
    for path in wanted:
        end = found.index(b"\n", position)
        header = found[position:end].split()
        if len(header) != 3:  # missing: a partial clone
            position = end + 1
            continue
        size = int(header[2])
        yield path, found[end + 1 : end + 1 + size]
        position = end + 1 + size + 1


def _blobs(tree: bytes) -> Iterator[tuple[str, str]]:
    for entry in tree.split(b"\0"):
        head, _, name = entry.partition(b"\t")
        words = head.decode("ascii").split()
        if len(words) == 3 and words[0] in _FILES:
            yield os.fsdecode(name), words[2]


def _commit(top: str, revision: str, variables: Mapping[str, str]) -> str:
    found = _try(top, variables, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
    if found:
        return _line(found)
    shallow = _try(top, variables, "rev-parse", "--is-shallow-repository") == b"true\n"
    fetch = "this clone is shallow: fetch more of its history (actions/checkout: fetch-depth: 0)"
    raise UserError(
        f"--diff-base {revision}: git knows no such revision", fetch if shallow else f"git fetch origin {revision}"
    )


def _line(output: bytes) -> str:
    return os.fsdecode(output.rstrip(b"\r\n"))


def _try(folder: str, variables: Mapping[str, str], *words: str) -> bytes:
    """Return what git prints, nothing when it fails."""
    done = _run(folder, variables, words, b"")
    return b"" if done.returncode else done.stdout


def _git(folder: str, variables: Mapping[str, str], *words: str, given: bytes = b"") -> bytes:
    """Return what git prints. Raises ``UserError`` with its complaint when it fails."""
    done = _run(folder, variables, words, given)
    if done.returncode:
        complaint = done.stderr.decode("utf-8", "replace").strip().splitlines() or ["it said nothing"]
        raise UserError(f"git {words[0]} failed: {complaint[0]}", "--diff-base needs the git repository of the project")
    return done.stdout


def _run(
    folder: str, variables: Mapping[str, str], words: Sequence[str], given: bytes
) -> subprocess.CompletedProcess[bytes]:
    command = ["git", *_HARMLESS, *words]
    try:
        return subprocess.run(  # noqa: S603 - a list of words, no shell  # nosec B603
            command, cwd=folder, env=variables, input=given, capture_output=True, timeout=_SECONDS, check=False
        )
    except OSError as error:
        raise UserError(
            f"git cannot be started: {error.strerror or error}", "--diff-base asks git: install it"
        ) from error
    except subprocess.TimeoutExpired as error:
        raise UserError(
            f"git {words[0]} took more than {_SECONDS:.0f} seconds", "try again without --diff-base"
        ) from error
