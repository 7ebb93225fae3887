"""What is no requirement: why, what to write instead, and that the rest is read all the same."""

from __future__ import annotations

import pytest

from envcheck.gather.declarations import requirements_txt
from envcheck.model.declarations import Declaration
from envcheck.model.readings import Problem, ProblemKind, RawFile, Reading
from envcheck.model.requirements import Role


def read(data: str | bytes, role: Role = Role.DECLARED) -> Reading[Declaration]:
    return requirements_txt.read_as(
        RawFile("requirements.txt", data if isinstance(data, bytes) else data.encode()), role
    )


def problem(data: str | bytes, role: Role = Role.DECLARED) -> Problem:
    (found,) = read(data, role).problems
    return found


@pytest.mark.parametrize(
    ("line", "message", "remedy"),
    [
        pytest.param("numpy=1.2", "a single = is conda's", "pip wants ==", id="conda"),
        pytest.param("numpy=1.2=py37_0", "a single = is conda's", "pip wants ==", id="conda with a build"),
        pytest.param("<<<<<<< HEAD", "a merge conflict is left over", "resolve the conflict", id="merge begins"),
        pytest.param("=======", "a merge conflict is left over", "resolve the conflict", id="merge parts"),
        pytest.param(">>>>>>> a/b", "a merge conflict is left over", "resolve the conflict", id="merge ends"),
        pytest.param(
            '"numpy",', "quotes or brackets stand around it", "write the requirement bare", id="JSON or a list"
        ),
        pytest.param("['numpy']", "quotes or brackets stand around it", "write the requirement bare", id="a list"),
        pytest.param("<li>numpy</li>", "HTML stands here", "save the raw file", id="HTML"),
        pytest.param("pip install numpy", "a command stands here", "keep what follows install", id="command"),
        pytest.param(
            "!pip3 install numpy", "a command stands here", "keep what follows install", id="command of a cell"
        ),
        pytest.param("import numpy", "Python code stands here", "name the distribution", id="Python"),
        pytest.param("dependencies:", "environment.yml stands here", "name the file environment.yml", id="YAML"),
        pytest.param("- numpy", "pip ignores -, numpy here", "a line of its own", id="entry of a YAML list"),
        pytest.param("numpy 1.2", "no operator stands before the version", "write name==version", id="pip list"),
        pytest.param("numpy==", "no version follows the operator", "add the version", id="no version"),
        pytest.param("numpy>=1<2", "a comma is missing", "put a comma", id="no comma"),
        pytest.param("numpy=>1", "a single = is conda's", "pip wants ==", id="operator the wrong way round"),
        pytest.param("{{ name }}", "a template that was not rendered", "render the template", id="template"),
        pytest.param("git@host.example:a/b.git", "no scheme stands before the repository", "git+ssh://", id="scp"),
        pytest.param(
            "git+git@host.example:a/b.git", "no scheme stands before the repository", "git+ssh://", id="scp with tool"
        ),
        pytest.param("github.com/a/b", "no scheme stands before the address", "git+https://", id="no scheme"),
        pytest.param("git://host.example/a", "pip knows no such scheme", "git+https://", id="no tool"),
        pytest.param("x @ ssh://host.example/a", "pip knows no such scheme", "git+https://", id="no tool after a name"),
        pytest.param("https://[host/x.zip", "Invalid IPv6 URL", "name @ URL", id="broken URL"),
        pytest.param(
            "git+https://host.example/a@#egg=a", "an empty revision after @", "name @ URL", id="empty revision"
        ),
        pytest.param(
            "git+https://host.example/a#egg=a[b]", "#egg=a[b] is no project name", "name @ URL", id="extras in egg"
        ),
        pytest.param(
            "-e git+https://host.example/a", "nothing tells the name", "name @ git+https://", id="editable without name"
        ),
        pytest.param(
            "-e https://host.example/a.zip", "only a path or a repository", "#egg=name", id="editable archive"
        ),
        pytest.param(
            "-e ./a#egg=a", "neither a fragment nor a marker", "write the path alone", id="fragment of a path"
        ),
        pytest.param("x.whl", "Invalid wheel filename", "the name that it was built with", id="wheel with a bad name"),
        pytest.param("x; nonsense", "no environment marker", "PEP 508", id="bad marker"),
        pytest.param("x; " + "(" * 3000, "no environment marker", "PEP 508", id="nested without end"),
        pytest.param("x==2004d", "Invalid specifier", "name==version", id="version of another age"),
        pytest.param("x==" + "1" * 5000, "5003 characters are no requirement", "name==version", id="longer than any"),
        pytest.param("_x", "Expected package name", "name==version", id="bad name"),
        pytest.param("sci\0py", "a control character stands in it", "delete it", id="NUL byte"),
        pytest.param("--frobnicate", "no such option: --frobnicate", "lists the options", id="unknown option"),
        pytest.param("x --hash=md5:a", "--hash wants sha256:…", "lists the options", id="weak hash"),
        pytest.param("-r 'x", "a quote is never closed", "lists the options", id="open quote"),
        pytest.param(
            "x -r y.txt", "pip ignores --requirement y.txt here", "a line of its own", id="reference after an entry"
        ),
        pytest.param(
            "-e a --hash=sha256:b", "pip ignores --hash sha256:b here", "a line of its own", id="hash of an editable"
        ),
    ],
)
def test_bad_line_is_explained_and_the_rest_is_read(line: str, message: str, remedy: str) -> None:
    reading = read(f"before\n{line}\nafter\n")
    (found,) = reading.problems
    assert (found.kind, found.place.line) == (ProblemKind.INVALID_REQUIREMENT, 2)
    assert message in found.message
    assert remedy in found.remedy
    names = [requirement.name for requirement in reading.value.requirements]
    assert (names[0], names[-1]) == ("before", "after")


def test_credentials_and_length_are_cut_from_messages() -> None:
    found = problem(f"git://ann:s3cret@host.example/{'a' * 100}\n")
    assert "s3cret" not in found.message
    assert len(found.message) < 100


def test_many_lines_alike_are_told_once() -> None:
    reading = read("".join(f"x{number}=1.0=py_0\n" for number in range(200)) + "numpy==\n")
    assert [(p.place.line, p.message.rpartition("(")[2]) for p in reading.problems][:1] == [
        (1, "and 199 more lines like it)")
    ]
    assert len(reading.problems) == 2


@pytest.mark.parametrize(
    ("data", "kind", "message"),
    [
        pytest.param("<!DOCTYPE html>\n<p>\n", ProblemKind.UNREADABLE_FILE, "HTML or XML", id="page"),
        pytest.param('\n{\n  "numpy": "1"\n}\n', ProblemKind.UNREADABLE_FILE, "JSON", id="JSON"),
        pytest.param("# platform: linux-64\n@EXPLICIT\n", ProblemKind.NOT_READ, "explicit conda list", id="conda list"),
        pytest.param("numpy\n".encode("utf-16-le"), ProblemKind.UNREADABLE_FILE, "not text", id="UTF-16 without mark"),
        pytest.param(b"\x1f\x8b\x08\x00\xff\xfe", ProblemKind.UNREADABLE_FILE, "not text", id="binary"),
    ],
)
def test_other_files_under_the_name_are_told_once_and_do_not_govern(
    data: str | bytes, kind: ProblemKind, message: str
) -> None:
    assert not read(data).value.governs
    assert problem(data).kind is kind
    assert message in problem(data).message


def test_undeclared_encoding_is_told_and_the_file_is_read() -> None:
    reading = read("numpy==1 # Größe\n".encode("latin-1"))
    assert [p.kind for p in reading.problems] == [ProblemKind.ODD_ENCODING]
    assert [r.name for r in reading.value.requirements] == ["numpy"]


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        pytest.param("-e ./x", 0, id="editable"),
        pytest.param("x[a]<2", 1, id="extras"),
        pytest.param("./x", 1, id="no name"),
    ],
)
def test_constraint_that_pip_refuses(line: str, kept: int) -> None:
    reading = read(line, Role.CONSTRAINT)
    assert "a constraint has a name" in problem(line, Role.CONSTRAINT).message
    assert len(reading.value.requirements) == kept


@pytest.mark.parametrize(
    "line",
    [
        "#" * 100_000,
        "a " * 1900,
        "[" * 3900,
        "a[" + "b," * 1900,
        "a/" * 1900 + "?",
        "\\" * 100_000,
        " -" * 20_000,
        "a=" * 1900,
    ],
    ids=lambda line: line[:4],
)
@pytest.mark.timeout(2)
def test_hostile_line_takes_no_time(line: str) -> None:
    read(line)
