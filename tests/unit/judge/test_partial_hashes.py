"""PIN005: which line pip refuses a hashed file for, and what it is told."""

from __future__ import annotations

import pytest

from envcheck.gather.declarations import requirements_txt
from envcheck.judge.rules.pinning import partial_hashes
from envcheck.model.declarations import Declaration
from envcheck.model.readings import RawFile
from tests.support.evidence import environment, evidence, requirement

HASH = f"--hash=sha256:{'a' * 64}"


def read(text: str, path: str = "requirements.txt") -> Declaration:
    return requirements_txt.read(RawFile(path, text.encode())).value


def messages(*declarations: Declaration, primary: bool = True) -> list[str]:
    found = partial_hashes.check(evidence(env=environment(), declarations=declarations, primary=primary))
    return [f"{finding.place.path}:{finding.place.line} {finding.message}" for finding in found]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        pytest.param("pandas==2.1.4", "pandas has no hash, but numpy has one", id="version alone"),
        pytest.param("pandas", "pandas has no hash", id="name alone"),
        pytest.param("-e ./tools", "./tools is editable, which can have no hash", id="editable"),
        pytest.param("./tools", "./tools is a folder", id="folder"),
        pytest.param("tools @ git+https://git.example/tools@main", "tools comes from a repository", id="repository"),
        pytest.param(
            "https://user:secret@files.example/x.zip", "https://***@files.example/x.zip has no hash", id="URL"
        ),
    ],
)
def test_line_without_hash_is_named(line: str, words: str) -> None:
    (message,) = messages(read(f"numpy==1.26.4 {HASH}\n{line}\n"))
    assert message.startswith(f"requirements.txt:2 {words}")
    assert "so pip refuses requirements.txt; " in message


def test_several_lines_are_one_finding() -> None:
    text = f"a==1\nb==1\nnumpy==1.26.4 {HASH}\nc==1\n"
    (message,) = messages(read(text))
    assert message.startswith("requirements.txt:1 a has no hash (2 more like it), but numpy has one")


def test_included_files_count() -> None:
    hashed = read(f"numpy==1.26.4 {HASH}\n")
    developers = read("-r requirements.txt\npytest==7.4.4\n", "requirements-dev.txt")
    (message,) = messages(hashed, developers)
    assert message.startswith("requirements-dev.txt:2 pytest has no hash, but numpy has one")


def test_a_line_is_told_of_once() -> None:
    broken = read(f"numpy==1.26.4 {HASH}\npandas==2.1.4\n")
    developers = read("-r requirements.txt\n", "requirements-dev.txt")
    (message,) = messages(broken, developers)
    assert message.startswith("requirements.txt:2 pandas")


def test_files_that_include_each_other_end() -> None:
    first, second = read(f"-r b-requirements.txt\na==1 {HASH}\n"), read("-r requirements.txt\n", "b-requirements.txt")
    assert messages(first, second) == []


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a==1\nb==2\n", id="no hashes at all"),
        pytest.param(f"a==1 {HASH}\nb==1 {HASH}\n", id="hashes everywhere"),
        pytest.param(f"--no-require-hashes\na==1 {HASH}\nb==1\n", id="switched off"),
        pytest.param(f"a==1 {HASH}\nb @ https://files.example/b.zip#sha256={'b' * 64}\n", id="in a URL"),
        pytest.param(f"a==1 {HASH}\nb==${{VERSION}}\n", id="filled in later"),
    ],
)
def test_silent(text: str) -> None:
    assert messages(read(text)) == []


def test_another_environment_does_not_say_it_again() -> None:
    assert messages(read(f"a==1 {HASH}\nb==1\n"), primary=False) == []


def test_other_formats_have_hashes_where_there_are_files() -> None:
    lock = Declaration("uv.lock", "uv", (requirement("a==1", hashes=("sha256:aa",)), requirement("b==1")))
    assert messages(lock) == []
