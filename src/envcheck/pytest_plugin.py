"""``pytest --envcheck``: each notebook, script and declaration is a test, which fails by what envcheck finds in it.

Loaded by every pytest beside which envcheck is installed, so nothing is imported before it is asked for.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from envcheck.model.findings import Finding
    from envcheck.model.report import Report
    from envcheck.model.settings import Settings

_SETTINGS: pytest.StashKey[Settings] = pytest.StashKey()
_REPORT: pytest.StashKey[Report] = pytest.StashKey()
_READ: pytest.StashKey[set[str]] = pytest.StashKey()
_SEEN: pytest.StashKey[set[str]] = pytest.StashKey()
_REST = "envcheck: the rest"


class Drifted(Exception):  # noqa: N818 - shown to people, as what happened
    """What envcheck found, as the failure of a test."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--envcheck`` and the environment to look at."""
    group = parser.getgroup("envcheck", "envcheck: do notebooks, declarations and the environment agree")
    group.addoption("--envcheck", action="store_true", help="check every notebook, script and declaration")
    group.addoption("--envcheck-locked", action="store_true", help="with --envcheck: only drift and locks")
    group.addoption("--envcheck-prefix", metavar="DIR", default="", help="the environment (default: as envcheck does)")


def pytest_collection(session: pytest.Session) -> None:
    """Read everything once, so that a bad request is said before any test."""
    if not session.config.getoption("--envcheck"):
        return
    from envcheck.model.errors import UserError

    try:
        scopes = _report(session.config).scopes
    except UserError as error:
        raise pytest.UsageError(f"envcheck: {error.message}; {error.hint}") from error
    shown = {shown for scope in scopes for shown in (*scope.sources, *scope.declarations)}
    session.config.stash[_READ] = {_absolute(path, session.config) for path in shown}


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Return a collector for a file that envcheck reads."""
    if not parent.config.getoption("--envcheck") or str(file_path) not in parent.config.stash[_READ]:
        return None
    file: pytest.Collector = CheckedFile.from_parent(parent, path=file_path)
    return file


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(session: pytest.Session, config: pytest.Config, items: list[pytest.Item]) -> None:
    """Add one test for what belongs to no collected file: the environment, and files that pytest was not given."""
    if config.getoption("--envcheck") and config.stash.get(_SEEN, None):
        items.append(TheRest.from_parent(session, name=_REST))


class CheckedFile(pytest.File):
    """A file that envcheck reads."""

    def collect(self) -> Iterator[pytest.Item]:
        """Yield the one test of the file."""
        self.config.stash.setdefault(_SEEN, set()).add(str(self.path))
        yield CheckedItem.from_parent(self, name="envcheck")


class CheckedItem(pytest.Item):
    """Fails when something severe enough is found in its file."""

    def runtest(self) -> None:
        """Raise ``Drifted`` with what was found."""
        _judge(self.config, [f for path, f in _findings(self.config) if path == str(self.path)])

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: object = None) -> str:  # noqa: ARG002
        """Return what was found, a line each; a fault of envcheck's with all there is to know."""
        return _shown(self, excinfo)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Return where the test is."""
        return self.path, None, "envcheck"


class TheRest(pytest.Item):
    """Fails when something severe enough is found that belongs to no collected file."""

    def runtest(self) -> None:
        """Raise ``Drifted`` with what was found."""
        seen = self.config.stash.get(_SEEN, set())
        _judge(self.config, [f for path, f in _findings(self.config) if path not in seen])

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: object = None) -> str:  # noqa: ARG002
        """Return what was found, a line each; a fault of envcheck's with all there is to know."""
        return _shown(self, excinfo)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Return where the test is."""
        return self.path, None, _REST


def _shown(item: pytest.Item, excinfo: pytest.ExceptionInfo[BaseException]) -> str:
    from envcheck.model.errors import UserError
    from envcheck.reporters.sanitize import sanitize

    if isinstance(excinfo.value, Drifted):
        return str(excinfo.value)
    if isinstance(excinfo.value, UserError):
        return sanitize(f"{excinfo.value.message}; {excinfo.value.hint}")
    return str(pytest.Item.repr_failure(item, excinfo))


def _judge(config: pytest.Config, findings: list[Finding]) -> None:
    from envcheck.reporters.sanitize import sanitize

    threshold = _settings(config).fail_on
    if any(finding.severity >= threshold for finding in findings):
        raise Drifted("\n".join(sanitize(f"{f.place}: {f.code} {f.message}") for f in findings))


def _report(config: pytest.Config) -> Report:
    """Return the report over what pytest was given, made once by each process."""
    if _REPORT not in config.stash:
        from envcheck.engine.check import run_check

        paths = [str(Path(config.invocation_params.dir, argument.partition("::")[0])) for argument in config.args]
        here = str(config.invocation_params.dir)
        config.stash[_REPORT] = run_check(paths, _settings(config), environ=os.environ, cwd=here)
    return config.stash[_REPORT]


def _settings(config: pytest.Config) -> Settings:
    if _SETTINGS not in config.stash:
        from envcheck.engine.settings.file import Wishes, load_settings

        wishes = Wishes(
            prefix=config.getoption("--envcheck-prefix") or None,
            locked=config.getoption("--envcheck-locked") or None,
        )
        here = str(config.invocation_params.dir)
        config.stash[_SETTINGS] = load_settings([here], cwd=here, wishes=wishes)
    return config.stash[_SETTINGS]


def _findings(config: pytest.Config) -> Iterator[tuple[str, Finding]]:
    """Yield what is found with the absolute path of its file."""
    for finding in _report(config).findings:
        yield _absolute(finding.place.path, config), finding


def _absolute(shown: str, config: pytest.Config) -> str:
    return os.path.normpath(os.path.join(config.invocation_params.dir, shown))
