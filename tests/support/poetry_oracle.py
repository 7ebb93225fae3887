"""Real Poetry in a virtual environment of its own, an index of made-up packages, and what Poetry answers."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.support.interpreters import make_venv, make_wheel, run

POETRY = "poetry==2.5.1"

# Poetry's own installer, told of other machines than this one; what it would install is looked at, and nothing is.
_INSTALLER = """
import json, sys
from pathlib import Path
from cleo.io.null_io import NullIO
from packaging.utils import canonicalize_name
from poetry.core.packages.path_dependency import PathDependency
from poetry.factory import Factory
from poetry.installation.installer import Installer
from poetry.repositories.installed_repository import InstalledRepository
from poetry.utils.env import MockEnv

PathDependency.validate = lambda *arguments, **options: True

class Env(MockEnv):
    @property
    def marker_env(self):
        return self.values

class Watched(Installer):
    def _execute(self, operations):
        self.seen = [operation.package for operation in operations if not operation.skipped]
        return 0

def selected(case):
    poetry = Factory().create_poetry(Path(case["folder"]))
    if case["is_anything_fresh"]:
        type(poetry.locker).is_fresh = lambda self: True
    version = (*map(int, case["markers"]["python_full_version"].split(".")), "final", 0)
    env = Env(version_info=version, platform=case["markers"]["sys_platform"])
    env.values = {**case["markers"], "version_info": version}
    nothing = InstalledRepository()
    installer = Watched(
        NullIO(), env, poetry.package, poetry.locker, poetry.pool, poetry.config, installed=nothing
    )
    groups = {group.name for group in poetry.package._dependency_groups.values() if not group.is_optional()}
    groups = (groups if case["default_groups"] else {"main"}) | set(case["groups"])
    installer.only_groups({canonicalize_name(group) for group in groups})
    installer.extras(case["extras"])
    installer.dry_run()
    installer.requires_synchronization()
    installer.run()
    return sorted([package.name, str(package.version)] for package in installer.seen)

print(json.dumps([selected(case) for case in json.load(sys.stdin)]))
"""

_FRESHNESS = """
import json, sys
from pathlib import Path
from poetry.factory import Factory
from poetry.packages.locker import Locker
from poetry.utils._compat import tomllib

lock, manifests = json.load(sys.stdin)
print(json.dumps([Locker(Path(lock), tomllib.loads(text)).is_fresh() for text in manifests]))
"""

_CONSTRAINTS = """
import json, sys
from poetry.core.constraints.version import Version, parse_constraint

def accepted(text, versions):
    try:
        constraint = parse_constraint(text)
    except ValueError:
        return None
    return [constraint.allows(version) for version in versions]

texts, versions = json.load(sys.stdin)
versions = [Version.parse(version) for version in versions]
print(json.dumps([accepted(text, versions) for text in texts]))
"""

_TABLES = """
import json, sys
from pathlib import Path
from poetry.core.factory import Factory

def declared(folder):
    package = Factory().create_poetry(Path(folder)).package
    return {
        "python": str(package.python_constraint),
        "entries": sorted(
            [sorted(d.groups)[0], d.name, str(d.constraint), str(d.marker), sorted(d.extras), sorted(d.in_extras),
             d.is_optional(), d.source_type or "", d.source_url or "", d.source_reference or ""]
            for d in package.all_requires
        ),
    }

def accepts(case):
    from poetry.core.constraints.version import Version, parse_constraint
    return [parse_constraint(text).allows(Version.parse(version)) for text, version in case]

def holds(case):
    from poetry.core.version.markers import parse_marker
    return [parse_marker(text).validate(environment) for text, environment in case]

request = json.load(sys.stdin)
print(json.dumps({"declared": declared, "accepts": accepts, "holds": holds}[request[0]](request[1])))
"""


class Poetry:
    """Poetry, as a command and as a library in a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.python = make_venv(folder)
        install = [sys.executable, "-m", "pip", "--python", str(self.python), "install", "--quiet", "--no-compile"]
        subprocess.run([*install, "--disable-pip-version-check", POETRY], check=True, timeout=240)
        self.environ = {
            "POETRY_CACHE_DIR": str(folder / "cache"),
            "POETRY_CONFIG_DIR": str(folder / "config"),
            "POETRY_VIRTUALENVS_IN_PROJECT": "true",
            "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
        }

    def __call__(self, project: Path, *arguments: str) -> str:
        """Run the command in a project and return what it prints."""
        return run(
            [self.python, "-m", "poetry", "--no-ansi", "--no-interaction", "-C", project, *arguments], **self.environ
        )

    def succeeds(self, project: Path, *arguments: str) -> bool:
        """Tell whether the command ends well."""
        try:
            self(project, *arguments)
        except AssertionError:
            return False
        return True

    def selected(self, cases: Sequence[Mapping[str, Any]]) -> list[list[list[str]]]:
        """Return names and versions that the installer would install in each case."""
        answer: list[list[list[str]]] = self._asked(_INSTALLER, cases)
        return answer

    def fresh(self, lock: Path, manifests: Sequence[str]) -> list[bool]:
        """Tell of each text of a pyproject.toml whether the lock is fresh for it."""
        answer: list[bool] = self._asked(_FRESHNESS, [str(lock), manifests])
        return answer

    def accepted(self, texts: Sequence[str], versions: Sequence[str]) -> list[list[bool] | None]:
        """Tell of each constraint which versions it accepts, ``None`` when it is none."""
        answer: list[list[bool] | None] = self._asked(_CONSTRAINTS, [texts, versions])
        return answer

    def declared(self, project: Path) -> Any:
        """Return the Python constraint and the requirements of a project."""
        return self._asked(_TABLES, ["declared", str(project)])

    def accepts(self, pairs: Sequence[tuple[str, str]]) -> list[bool]:
        """Tell of constraints whether they accept versions."""
        answer: list[bool] = self._asked(_TABLES, ["accepts", pairs])
        return answer

    def holds(self, pairs: Sequence[tuple[str, Mapping[str, str]]]) -> list[bool]:
        """Tell of markers whether they hold in environments."""
        answer: list[bool] = self._asked(_TABLES, ["holds", pairs])
        return answer

    def _asked(self, script: str, request: object) -> Any:
        done = subprocess.run(
            [self.python, "-c", script],
            input=json.dumps(request),
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *arguments: object) -> None:
        pass


@contextmanager
def index(folder: Path, packages: Sequence[tuple[str, str, Sequence[str]]]) -> Iterator[str]:
    """Serve an index of wheels, each with a name, a version and lines of metadata, and yield its URL."""
    links: dict[str, list[str]] = {}
    for name, version, headers in packages:
        (folder / name).mkdir(parents=True, exist_ok=True)
        wheel = make_wheel(folder / name, name, version, headers=headers)
        digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
        pythons = [line.partition(": ")[2] for line in headers if line.startswith("Requires-Python")]
        limit = "".join(f' data-requires-python="{p.replace("<", "&lt;").replace(">", "&gt;")}"' for p in pythons)
        links.setdefault(name, []).append(f'<a href="{wheel.name}#sha256={digest}"{limit}>{wheel.name}</a>')
    for name, lines in links.items():
        (folder / name / "index.html").write_text("\n".join(lines), encoding="utf-8")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
