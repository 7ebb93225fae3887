"""Orders → locks in their files: made by another tool, read again, and only then put in their place."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from envcheck.engine.check import Case
from envcheck.engine.locking.choice import Locking
from envcheck.engine.locking.orders import Wish, installed_versions, locked_versions, order_for
from envcheck.engine.locks import target_of
from envcheck.engine.reading.files import read_file
from envcheck.engine.writing.files import create_file, replace_file
from envcheck.gather.declarations.catalogue import dialect_for
from envcheck.lockers.base import Locker, Order, Run
from envcheck.lockers.catalogue import locker
from envcheck.model.declarations import Declaration
from envcheck.model.errors import UserError
from envcheck.model.locked import Locked, Moved
from envcheck.model.locks import Target
from envcheck.model.readings import RawFile
from envcheck.model.requirements import Requirement
from envcheck.model.settings import Settings
from envcheck.model.urls import redact
from envcheck.model.versions import same_version


class Made(Struct, frozen=True):
    """A lock that was made and is not written yet; ``old`` is what stands in its place now."""

    locking: Locking
    text: str
    declaration: Declaration
    old: RawFile | None
    summary: Locked


def make(case: Case, locking: Locking, wish: Wish, run: Run, *, settings: Settings) -> Made:
    """Return the lock of a file; nothing is written. Raises ``UserError`` when it cannot be made."""
    order = order_for(case, locking, wish)
    tool, instead_of = _tool(case, locking, wish, order, run.environ)
    text = tool.lock(order, run)
    declaration = _read(locking.output, text)
    unhashed = _unhashed(declaration) if order.hashes else ()
    if unhashed:
        text = tool.lock(replace(order, hashes=False), run)
        declaration = _read(locking.output, text)
    choice = case.environments.default_for(locking.folder)
    target = None if locking.is_conda or wish.universal else target_of(choice.environment, settings)
    if target and not locking.output.endswith(".toml"):
        text = _with_target(text, target)
    _refuse_secrets(locking.output, text)
    found = read_file(case.project.root, locking.output)
    old = found if isinstance(found, RawFile) else None
    now = locked_versions(tuple(declaration.requirements))
    before = locked_versions(tuple(case.facts.declarations[locking.output].requirements)) if old else {}
    summary = Locked(
        locking.output,
        locking.source,
        tool.NAME,
        "new" if old is None else "same" if old.data == text.encode() else "renewed",
        len(declaration.requirements),
        target.python if target else "",
        target.platform if target else "",
        any(requirement.hashes for requirement in declaration.requirements),
        _moved(before, now) if old else (),
        () if locking.is_conda else _apart(installed_versions(choice), now),
        unhashed,
        instead_of,
    )
    return Made(locking, text, declaration, old, summary)


def resolve(case: Case, locking: Locking, wish: Wish, order: Order, run: Run) -> tuple[str, tuple[Requirement, ...]]:
    """Return which tool resolves a declaration, and to what; raise ``UserError`` when it does not resolve."""
    tool, _ = _tool(case, locking, wish, order, run.environ)
    return tool.NAME, tuple(_read(locking.output, tool.lock(order, run)).requirements)


def put(case: Case, made: Made) -> None:
    """Write a lock in its place. Raises ``UserError`` when that cannot be done; what is there stays as it is."""
    content = made.text.encode()
    if made.old is None:
        create_file(case.project.root, made.locking.output, content)
    elif made.old.data != content:
        replace_file(case.project.root, made.locking.output, old=made.old.data, new=content)


def _tool(case: Case, locking: Locking, wish: Wish, order: Order, environ: Mapping[str, str]) -> tuple[Locker, str]:
    """Return what makes the lock, and why it is not the usual tool. Raises ``UserError`` when none can."""
    usual = wish.tool or _usual(case, locking)
    first = locker(usual)
    reason = first.unable(order, environ)
    if not reason:
        return first, ""
    if not wish.tool and not locking.is_conda:
        for name in ("uv", "pip", "pip-tools"):
            if name != usual and _suits(name, locking) and not locker(name).unable(order, environ):
                return locker(name), f"{reason.partition(';')[0]}, so it is made by {name}"
    message, _, hint = reason.partition("; ")
    raise UserError(f"{locking.source}: {message}", hint)


def _usual(case: Case, locking: Locking) -> str:
    if locking.is_conda:
        return "conda-lock"
    there = case.facts.declarations.get(locking.output)
    made_by_uv = bool(there and there.lock and there.lock.manager.name == "uv")
    return "uv" if made_by_uv or locking.output.endswith(".toml") else "pip-tools"


def _suits(name: str, locking: Locking) -> bool:
    return name != ("pip-tools" if locking.output.endswith(".toml") else "pip")


def _read(path: str, text: str) -> Declaration:
    """Return a lock as everybody will read it. Raises ``UserError`` for one that is none."""
    dialect = dialect_for(path)
    if dialect is None:
        raise UserError(
            f"{path}: no name for a lock", "requirements.txt, requirements.lock.txt, pylock.toml and the like"
        )
    reading = dialect.read(RawFile(path, text.encode()))
    if reading.problems:
        raise UserError(f"{path}: what was made cannot be read: {reading.problems[0].message}", "nothing is written")
    return reading.value


def _unhashed(declaration: Declaration) -> tuple[str, ...]:
    """Return the entries without hashes of a lock that has some: pip would refuse it."""
    if not any(requirement.hashes for requirement in declaration.requirements):
        return ()
    return tuple(r.shown_name or r.raw for r in declaration.requirements if not r.hashes)


def _with_target(text: str, target: Target) -> str:
    """Return a compiled file whose header says for which platform it is: markers of others are resolved away."""
    lines = text.split("\n")
    command = next((i for i, line in enumerate(lines[:6]) if line.startswith("#    envcheck lock")), None)
    if command is None:
        return text
    short = ".".join(target.python.split(".")[:2])
    lines.insert(command + 1, f"# For Python {short} on {target.platform or 'this platform'} alone.")
    return "\n".join(lines)


def _refuse_secrets(path: str, text: str) -> None:
    for number, line in enumerate(text.splitlines(), 1):
        if "://" in line and redact(line) != line:
            raise UserError(
                f"{path}: line {number} would hold a password: {redact(line.strip())}",
                "take it out of the requirement (pip finds it in netrc or a keyring); nothing is written",
            )


def _moved(before: Mapping[str, str], now: Mapping[str, str]) -> tuple[Moved, ...]:
    names = sorted({*before, *now})
    moves = (Moved(name, before.get(name, ""), now.get(name, "")) for name in names)
    return tuple(move for move in moves if move.before != move.after)


def _apart(installed: Mapping[str, str], now: Mapping[str, str]) -> tuple[Moved, ...]:
    moves = (Moved(name, installed[name], now[name]) for name in sorted(now) if name in installed)
    return tuple(move for move in moves if not same_version(move.before, move.after))
