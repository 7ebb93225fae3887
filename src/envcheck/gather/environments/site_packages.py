"""One folder of ``sys.path``: the distributions in it, which of them are twice, the folders its ``.pth`` files add."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from msgspec import Struct
from packaging.version import Version

from envcheck.gather.environments.dist_infos import read_dist_info
from envcheck.gather.environments.egg_infos import read_egg, read_egg_info, read_egg_link
from envcheck.gather.environments.files import names_in, reason
from envcheck.gather.environments.identities import broken
from envcheck.gather.environments.installed import CondaOwner, Installed
from envcheck.gather.environments.metadata_folders import is_leftover
from envcheck.gather.environments.path_files import PathFile, read_path_file
from envcheck.model.environment import Distribution
from envcheck.model.names import NormalizedName
from envcheck.model.readings import Problem
from envcheck.model.versions import parse_version, same_version

_LOWEST = "0.dev0"


class Site(Struct, frozen=True):
    """What a folder holds: ``installed`` has each name once, ``duplicates`` the rest; ``added`` come from ``.pth``."""

    installed: tuple[Installed, ...] = ()
    duplicates: tuple[Distribution, ...] = ()
    problems: tuple[Problem, ...] = ()
    added: tuple[str, ...] = ()


def read_site(folder: str, owners: Mapping[str, CondaOwner], *, path_files: bool) -> Site:
    """Return what a folder on the path holds; an absent folder holds nothing, an unreadable one is a problem.

    ``owners`` are conda's, by metadata folder. ``path_files`` tells whether Python reads ``.pth`` files there.
    """
    if folder.endswith(".egg"):
        egg = read_egg(folder)
        if egg is not None:
            return Site((egg,) if egg.distribution else (), problems=egg.problems)
    try:
        names = names_in(folder)
    except OSError as error:
        return Site(problems=(broken(folder, f"the folder cannot be read ({reason(error)})", "make it readable"),))
    added = [read_path_file(folder, name) for name in names if path_files and name.endswith(".pth")]
    found = list(_installed(folder, names, owners, [each for each in added if _adds_modules(each, names)]))
    kept, duplicates = _each_once(found)
    problems = [problem for each in found for problem in each.problems]
    problems += [_leftover(folder, name) for name in names if is_leftover(name) and name.endswith(".dist-info")]
    folders = dict.fromkeys(path for each in added for path in each.folders)
    return Site(tuple(kept), tuple(duplicates), tuple(problems), tuple(folders))


def _installed(
    folder: str, names: Iterable[str], owners: Mapping[str, CondaOwner], path_files: Sequence[PathFile]
) -> Iterator[Installed]:
    for name in names:
        if name.endswith(".dist-info"):
            if not is_leftover(name):
                yield read_dist_info(folder, name, owners.get(f"{folder}/{name}"), path_files)
        elif name.endswith(".egg-info"):
            yield read_egg_info(folder, name, owners.get(f"{folder}/{name}"))
        elif name.endswith(".egg-link"):
            yield read_egg_link(folder, name)


def _adds_modules(path_file: PathFile, names: Collection[str]) -> bool:
    """Tell whether a ``.pth`` file can belong to an editable install: it names a folder, or a module that is here."""
    return bool(path_file.folders) or any(f"{module}.py" in names for module in path_file.modules)


def _leftover(folder: str, name: str) -> Problem:
    return broken(f"{folder}/{name}", f"{name}: left behind by an interrupted pip", "delete it")


def _each_once(found: Iterable[Installed]) -> tuple[list[Installed], list[Distribution]]:
    named: dict[NormalizedName, list[tuple[Installed, Distribution]]] = {}
    for each in found:
        if each.distribution is not None:
            named.setdefault(each.distribution.name, []).append((each, each.distribution))
    kept, duplicates = [], []
    for candidates in named.values():
        if len(candidates) > 1:
            candidates.sort(key=_preference, reverse=True)
        (first, best), *others = candidates
        kept.append(first)
        duplicates += [other for _, other in others if not _is_the_same(best, other)]
    return kept, duplicates


def _preference(candidate: tuple[Installed, Distribution]) -> tuple[bool, bool, Version, str]:
    """What is whole, newer in kind, and higher in version is what an interrupted upgrade meant to leave."""
    installed, distribution = candidate
    path = distribution.place.path
    version = parse_version(distribution.version) or Version(_LOWEST)
    return (not installed.problems, path.endswith(".dist-info"), version, path)


def _is_the_same(best: Distribution, other: Distribution) -> bool:
    """Debian ships egg-info beside dist-info of one and the same installation."""
    return not other.place.path.endswith(".dist-info") and same_version(best.version, other.version)
