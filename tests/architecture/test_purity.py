"""Pure rooms cannot touch the world, and no room can run what it checks."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator

import pytest

from tests.architecture.house import MODULES, Module, is_under

READERS = [m for m in MODULES if m.is_in("model", "gather", "judge", "reporters")]
PURE = [m for m in READERS if not m.is_in("gather/environments")]

WORLD = """
    asyncio concurrent ctypes fcntl fileinput ftplib getpass glob http imaplib importlib inspect linecache locale
    logging mmap multiprocessing os pathlib pickle pkgutil platform random runpy secrets select shelve shutil signal
    site smtplib socket socketserver sqlite3 ssl subprocess sysconfig tempfile threading time urllib webbrowser
    zipfile zipimport
""".split()
HARMLESS = "urllib.parse pathlib.PurePath pathlib.PurePosixPath inspect.cleandoc".split()
INTERPRETER = """
    path prefix base_prefix exec_prefix executable argv stdin stdout stderr modules version version_info
""".split()
FUNCTIONS = "open eval exec compile __import__ input print breakpoint".split()
METHODS = """
    read_text read_bytes write_text write_bytes exists is_file is_dir is_symlink glob rglob iterdir mkdir unlink touch
    expanduser lstat
""".split()
THIRD_PARTY = {
    "model": {"packaging", "msgspec"},
    "gather": {"packaging", "msgspec", "yaml", "tomli"},
    "judge": {"packaging", "msgspec"},
    "reporters": {"rich", "msgspec", "cyclonedx", "packageurl"},  # the last two of the extra sbom, in one module
}
STARTERS = "subprocess pty runpy os.system os.popen os.startfile".split()
STARTER_PREFIXES = ("os.exec", "os.spawn", "os.posix_spawn")
LOADERS = "eval exec __import__".split()
LOADING = "pickle shelve imp pkgutil runpy".split()

each = pytest.mark.parametrize


def name_of(module: Module) -> str:
    return module.room


def calls(module: Module) -> Iterator[tuple[str, bool, int]]:
    """Yield the last name of every call, whether it is a method, and its line."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.func.id, False, node.lineno
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node.func.attr, True, node.lineno


def attributes(module: Module) -> Iterator[tuple[str, int]]:
    """Yield every ``module.attribute`` that is spelled with two names, with its line."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            yield f"{node.value.id}.{node.attr}", node.lineno


@each("module", PURE, ids=name_of)
def test_pure_room_imports_nothing_of_the_world(module: Module) -> None:
    worldly = [(name, line) for name, line in module.imported() if is_under(name, *WORLD)]
    assert [(name, line) for name, line in worldly if not is_under(name, *HARMLESS)] == []


@each("module", PURE, ids=name_of)
def test_pure_room_calls_nothing_of_the_world(module: Module) -> None:
    assert [(name, line) for name, method, line in calls(module) if name in (METHODS if method else FUNCTIONS)] == []


@each("module", PURE, ids=name_of)
def test_pure_room_does_not_look_at_the_interpreter_it_runs_in(module: Module) -> None:
    looks = {f"sys.{name}" for name in INTERPRETER}
    assert [(name, line) for name, line in (*attributes(module), *module.imported()) if name in looks] == []


@each("module", PURE, ids=name_of)
def test_pure_room_is_typed_without_any(module: Module) -> None:
    assert [line for name, line in module.imported() if name == "typing.Any"] == []


@each("module", READERS, ids=name_of)
def test_room_uses_the_third_parties_it_is_meant_to(module: Module) -> None:
    allowed = sys.stdlib_module_names | THIRD_PARTY[module.room.partition("/")[0]] | {"envcheck"}
    assert [(name, line) for name, line in module.imported() if name.partition(".")[0] not in allowed] == []


@each("module", [module for module in MODULES if not module.is_in("lockers")], ids=name_of)
def test_only_lockers_start_processes(module: Module) -> None:
    used = [*module.imported(), *attributes(module)]
    assert [(n, line) for n, line in used if is_under(n, *STARTERS) or n.startswith(STARTER_PREFIXES)] == []


@each("module", MODULES, ids=name_of)
def test_nothing_is_evaluated(module: Module) -> None:
    assert [(name, line) for name, method, line in calls(module) if name in LOADERS and not method] == []
    assert [(name, line) for name, line in module.imported() if is_under(name, *LOADING)] == []


@pytest.mark.parametrize(
    ("code", "test"),
    [
        ("import os.path", test_pure_room_imports_nothing_of_the_world),
        ("from urllib import request", test_pure_room_imports_nothing_of_the_world),
        ("from pathlib import Path", test_pure_room_imports_nothing_of_the_world),
        ("def f(p):\n    return open(p)", test_pure_room_calls_nothing_of_the_world),
        ("def f(p):\n    return p.read_text()", test_pure_room_calls_nothing_of_the_world),
        ("import sys\nprint_to = sys.stdout", test_pure_room_does_not_look_at_the_interpreter_it_runs_in),
        ("from sys import executable", test_pure_room_does_not_look_at_the_interpreter_it_runs_in),
        ("import requests", test_room_uses_the_third_parties_it_is_meant_to),
        ("import os\nos.execv('x', [])", test_only_lockers_start_processes),
        ("exec('1')", test_nothing_is_evaluated),
    ],
)
def test_checks_catch_what_they_are_for(code: str, test: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Module, "text", code)
    with pytest.raises(AssertionError):
        test(Module("model/made_up.py"))  # type: ignore[operator]
