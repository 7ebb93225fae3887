"""What is committed reads the same for everybody: no registry's host, no path of one machine."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
import tomli
from packaging.dependency_groups import resolve_dependency_groups
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from pip._internal.models.index import PyPI, TestPyPI

HOSTS = {index.netloc for index in (PyPI, TestPyPI)} | {index.file_storage_domain for index in (PyPI, TestPyPI)}


@pytest.fixture(scope="module")
def committed(repository: Path) -> dict[str, str]:
    """Return the text of every file that is, or could be, committed."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=repository, capture_output=True, check=True).stdout.decode().split("\0")
    files = {name: repository / name for name in names if name}
    return {name: file.read_bytes().decode("utf-8", "replace") for name, file in files.items() if file.is_file()}


def test_no_file_names_the_host_of_a_registry(committed: dict[str, str]) -> None:
    assert [name for name, text in committed.items() if any(host in text for host in HOSTS)] == []


def test_no_file_names_a_path_of_this_machine(committed: dict[str, str], repository: Path) -> None:
    folders = [str(folder) for folder in (repository.parent, Path.home()) if len(str(folder)) > 3]
    machine = re.compile(rf"(?<![\w.])({'|'.join(map(re.escape, folders)) or '$^'})/")
    assert [name for name, text in committed.items() if machine.search(text)] == []


def test_lock_holds_versions_and_hashes_alone(committed: dict[str, str]) -> None:
    lines = [line.strip(" \\") for line in committed["requirements/dev.txt"].splitlines()]
    entries = [line for line in lines if line and not line.startswith("#")]
    assert [line for line in entries if not re.fullmatch(r"[a-z0-9-]+==[\w.]+|--hash=sha256:[0-9a-f]{64}", line)] == []


def test_lock_covers_what_pyproject_asks_for(committed: dict[str, str]) -> None:
    project = tomli.loads(committed["pyproject.toml"])
    wanted = [*project["project"]["dependencies"], *resolve_dependency_groups(project["dependency-groups"], "dev")]
    locked = dict(re.findall(r"^(\S+)==(\S+)", committed["requirements/dev.txt"], re.MULTILINE))
    requirements = [Requirement(text) for text in wanted]
    assert [str(r) for r in requirements if not r.specifier.contains(locked.get(canonicalize_name(r.name), "0"))] == []


@pytest.mark.parametrize("name", ["demo", "tests"])
def test_readme_gives_the_command_in_one_line(name: str, committed: dict[str, str]) -> None:
    block = re.search(rf"^<!-- command: {name} -->\n```\w*\n(.+)\n```$", committed["README.md"], re.MULTILINE)
    assert block, f"README.md needs '<!-- command: {name} -->' and below it a code block of one line, for .ci/run"
