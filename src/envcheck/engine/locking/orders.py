"""What a locker is told: for which interpreter, and which versions work here and are to stay."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from envcheck.engine.check import Case, names
from envcheck.engine.choose import ON_PATH, Choice
from envcheck.engine.locking.choice import Locking
from envcheck.lockers.base import Order
from envcheck.model.environment import Environment
from envcheck.model.names import normalize
from envcheck.model.requirements import Requirement
from envcheck.model.versions import parse_version, public_version

_GIVEN = ("pip", "setuptools", "wheel", "distribute")


class Wish(Struct, frozen=True):
    """What the user asks of a lock; ``tool`` empty for the usual one, ``upgrades`` the names that may move."""

    tool: str = ""
    upgrade: bool = False
    upgrades: tuple[str, ...] = ()
    extras: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    platforms: tuple[str, ...] = ()
    universal: bool = False
    solver: str = ""


def order_for(case: Case, locking: Locking, wish: Wish, *, with_installed: bool = True) -> Order:
    """Return the order of a lock: what is installed stays, then what the lock says now, unless it may move."""
    choice = case.environments.default_for(locking.folder)
    environment = choice.environment
    output = posixpath.relpath(locking.output, locking.folder)
    order = Order(
        os.path.normpath(os.path.join(case.project.root, locking.folder)),
        (posixpath.basename(locking.source),),
        output,
        "",
        interpreter_of(environment) if environment else "",
        environment.python if environment else "",
        _preferred(case, locking, wish, choice if with_installed else None),
        wish.extras,
        wish.groups,
        wish.platforms,
        wish.universal,
        not output.endswith(".toml"),
        _conda_names() if locking.is_conda else {},
        wish.solver,
    )
    return replace(order, command=_command(order, locking, wish))


def interpreter_of(environment: Environment) -> str:
    """Return the path of an environment's Python, empty when there is none that could run."""
    short = ".".join(environment.python.split(".")[:2])
    names = (f"bin/python{short}", "bin/python", "bin/python3", "Scripts/python.exe", "python.exe", "bin/pypy3")
    paths = (os.path.join(environment.prefix, *name.split("/")) for name in names)
    return next((path for path in paths if os.path.isfile(path) and os.access(path, os.X_OK)), "")


def installed_versions(choice: Choice) -> dict[str, str]:
    """Return name → version of what is installed from an index, local parts (``+cu121``) and all.

    What happens to be in the Python on ``PATH`` is nobody's choice for this project.
    """
    environment = choice.environment
    if environment is None or choice.how == ON_PATH:
        return {}
    return {
        each.name: each.version
        for each in environment.distributions
        if not each.direct and not each.leaked and parse_version(each.version) and each.name not in _GIVEN
    }


def locked_versions(entries: Sequence[Requirement]) -> dict[str, str]:
    """Return name → version of what a lock pins."""
    return {entry.name: entry.constraint.exact for entry in entries if entry.constraint.exact}


def _preferred(case: Case, locking: Locking, wish: Wish, choice: Choice | None) -> Mapping[str, str]:
    if wish.upgrade or locking.is_conda:
        return {}
    there = case.facts.declarations.get(locking.output)
    locked = locked_versions(tuple(there.requirements)) if there and there.lock else {}
    kept = {**locked, **(installed_versions(choice) if choice else {})}
    # A local build is on no index; the version that it was built of is.
    moving = set(map(normalize, wish.upgrades))
    return {name: public_version(kept[name]) for name in sorted(kept) if name not in moving}


def _command(order: Order, locking: Locking, wish: Wish) -> str:
    """Return what the header says to run again: only what shapes the lock, not what moved it once."""
    usual = posixpath.splitext(order.inputs[0])[0] + ".txt"
    return " ".join(_words(order, locking, wish, usual))


def _words(order: Order, locking: Locking, wish: Wish, usual: str) -> Iterator[str]:
    yield "envcheck lock"
    yield order.inputs[0]
    yield from (f"--extra {extra}" for extra in wish.extras)
    yield from (f"--group {group}" for group in wish.groups)
    yield from ("--universal",) if wish.universal else ()
    yield from (f"--with {wish.tool}",) if wish.tool else ()
    if order.output != usual and not locking.is_conda:
        yield f"--output {order.output}"


def _conda_names() -> dict[str, str]:
    table: dict[str, str] = {}
    for conda, pypi in names().by_conda.items():
        table.setdefault(pypi[0], conda)
    return table
