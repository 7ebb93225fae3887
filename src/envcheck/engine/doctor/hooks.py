"""pre-commit's hooks and git's filters: commands that run by themselves."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping

from msgspec import Struct

from envcheck.engine.doctor.commands import Harm, harm_of, nbstripout_harm, strips_stamp, words_of
from envcheck.gather.documents import yaml_values
from envcheck.model.places import Place
from envcheck.model.removers import Remover

_SECTION = re.compile(r"""\s*\[\s*([\w.-]+)(?:\s+"((?:[^"\\]|\\.)*)")?\s*\]""")
_ENTRY = re.compile(r"\s*([A-Za-z][\w-]*)\s*=\s*(.*?)\s*$")


class Entry(Struct, frozen=True):
    """A line of a git configuration: ``section`` and ``name`` as in ``[filter "nbstripout"]``, key in lower case."""

    section: str
    name: str
    key: str
    value: str
    line: int


def of_pre_commit(text: str, path: str) -> Iterator[Remover]:
    """Yield the hooks of a ``.pre-commit-config.yaml`` that delete stamps."""
    root = yaml_values.load(text).value
    repositories = root.get("repos") if isinstance(root, Mapping) else None
    for repository in repositories if isinstance(repositories, list) else ():
        hooks = repository.get("hooks") if isinstance(repository, Mapping) else None
        for hook in hooks if isinstance(hooks, list) else ():
            if isinstance(hook, Mapping):
                harm = harm_of(list(_words_of_hook(hook)))
                line = getattr(hook, "line", 0)
                if harm:
                    yield Remover(harm.tool, Place(path, 0, line), f"as a hook: {harm.when}", _for_hook(harm))


def of_git(configuration: str, path: str) -> Iterator[Remover]:
    """Yield the filters of a git configuration that delete stamps from what is committed."""
    for entry in entries(configuration):
        if entry.section != "filter":
            continue
        harm = harm_of(words_of(entry.value)) if entry.key in ("clean", "process") else None
        if entry.name == "nbstripout" and entry.key == "extrakeys" and strips_stamp(entry.value):
            harm = nbstripout_harm("filter.nbstripout.extrakeys")
        if harm:
            when = f"as git's filter {entry.name}: {harm.when}"
            yield Remover(harm.tool, Place(path, 0, entry.line), when, harm.remedy)


def of_git_hook(script: str, path: str) -> Iterator[Remover]:
    """Yield the commands of a hook of git itself that delete stamps."""
    for number, line in enumerate(script.splitlines(), start=1):
        harm = None if line.lstrip().startswith("#") else harm_of(words_of(line))
        if harm:
            yield Remover(harm.tool, Place(path, 0, number), f"as a hook: {harm.when}", harm.remedy)


def entries(configuration: str) -> Iterator[Entry]:
    """Yield the entries of a git configuration; what is none is passed over."""
    section = name = ""
    for number, line in enumerate(configuration.splitlines(), start=1):
        header = _SECTION.match(line)
        if header:
            section, name = header[1].lower(), header[2] or ""
            line = line[header.end() :]
        entry = _ENTRY.match(line)
        if entry:
            yield Entry(section, name, entry[1].lower(), _unquoted(entry[2]), number)


def _unquoted(value: str) -> str:
    return value.replace('\\"', "\0").replace('"', "").replace("\0", '"').replace("\\\\", "\\")


def _words_of_hook(hook: Mapping[str, object]) -> Iterator[str]:
    """Yield the command of a hook: its entry where it says one, else what its identifier is the name of."""
    entry, identifier, arguments = hook.get("entry"), hook.get("id"), hook.get("args")
    if isinstance(entry, str):
        yield from words_of(entry)
    elif isinstance(identifier, str):
        yield posixpath.basename(identifier)
    yield from (
        argument for argument in (arguments if isinstance(arguments, list) else ()) if isinstance(argument, str)
    )


def _for_hook(harm: Harm) -> str:
    return f"args: [{harm.remedy.replace(' ', ', ')}]" if harm.remedy.startswith("--") else harm.remedy
