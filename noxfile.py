"""What proves the project. ``python3 -m tests`` makes the locked environment and runs the default sessions in it."""

from __future__ import annotations

import nox

nox.needs_version = ">=2024.10"
nox.options.default_venv_backend = "none"
nox.options.sessions = ["style", "types", "walls", "itself", "tests"]


@nox.session
def style(session: nox.Session) -> None:
    """Check the code's style and format."""
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")


@nox.session
def types(session: nox.Session) -> None:
    """Check the types, strictly."""
    session.run("mypy")


@nox.session
def walls(session: nox.Session) -> None:
    """Check that no room of the house imports what it must not know."""
    session.run("lint-imports")


@nox.session
def itself(session: nox.Session) -> None:
    """Check this repository with envcheck."""
    session.run("envcheck", ".")


@nox.session
def tests(session: nox.Session) -> None:
    """Run all tests, or those that the arguments name."""
    session.run("pytest", *session.posargs)


@nox.session(python="3.10", venv_backend="virtualenv")
def lock(session: nox.Session) -> None:
    """Lock the development environment with the oldest Python; newer ones install it as well (``-- --upgrade``)."""
    session.install("packaging", "pip-tools", "tomli")
    session.run("python", "requirements/lock.py", *session.posargs)


@nox.session(python="3.11", venv_backend="virtualenv")
def big_environment(session: nox.Session) -> None:
    """Install 502 distributions and ask for every module of theirs where it comes from: minutes, and gigabytes."""
    session.install("--only-binary", ":all:", "--no-deps", "--requirement", "tests/tools/big_environment.txt")
    session.install(".")
    session.run("python", "tests/tools/big_environment.py")


@nox.session
def fuzz(session: nox.Session) -> None:
    """Feed damaged real files to every reader: ``-- --seconds N`` of processor time for each, ``--family NAME``."""
    session.run("python", "-m", "tests.fuzz", *session.posargs, env={"PYTHONPATH": "."})
