from __future__ import annotations

import pytest

from envcheck.judge.evidence.evidence import Evidence
from envcheck.judge.rules.pinning import (
    loose_requirement,
    mutable_source,
    unpinned_notebook_install,
    unpinned_python,
    unpinned_requirement,
)
from envcheck.model.requirements import DirectKind, DirectReference, Requirement, Role
from tests.support.evidence import (
    conda_package,
    conda_requirement,
    declaration,
    environment,
    evidence,
    installed,
    requirement,
    source,
)

COMMIT = "8d4a1a2f7b6e5c4d3e2f1a0b9c8d7e6f5a4b3c2d"
DIGEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
REPOSITORY = "https://git.example/lab/tools"
WHEEL = "https://files.example/tools-1.0-py3-none-any.whl"


def repository(revision: str = "", **parts: str) -> DirectReference:
    return DirectReference(DirectKind.VCS, REPOSITORY, revision, **parts)  # type: ignore[arg-type]


def in_cell(text: str, **more: object) -> Requirement:
    return requirement(text, path="analysis.ipynb", cell=2, role=Role.AD_HOC, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "asked",
    [
        requirement("pandas"),
        requirement("pandas[excel]; python_version >= '3.9'"),
        requirement("pandas", group="dev", path="requirements-dev.txt"),
        conda_requirement("pandas"),
        conda_requirement("pandas=*=py311*"),
    ],
    ids=lambda asked: asked.raw,
)
def test_open_requirement_is_unpinned(asked: Requirement) -> None:
    (found,) = unpinned_requirement.check(evidence([asked], environment(installed("pandas", "2.1.4"))))
    assert (found.code, found.place, found.installed) == ("PIN001", asked.place, "2.1.4")
    assert found.message == "pandas accepts any version; installed: 2.1.4"
    assert found.fix
    assert "2.1.4" in found.fix.text


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param([requirement("pandas==2.1.4")], id="pinned"),
        pytest.param([requirement("pandas>=2")], id="loose"),
        pytest.param([requirement("pandas", template=True)], id="interpolated"),
        pytest.param([conda_requirement("pip"), requirement("pip")], id="pip"),
        pytest.param([conda_requirement("python")], id="python"),
        pytest.param([conda_requirement("__glibc")], id="virtual package"),
        pytest.param([requirement("tools @ x", direct=repository())], id="direct reference"),
        pytest.param(
            [requirement("pandas"), requirement("pandas==2.1.4", path="constraints.txt", role=Role.CONSTRAINT)],
            id="constraint",
        ),
        pytest.param([requirement("pandas"), requirement("pandas==2.1.4", path="x.lock", role=Role.LOCKED)], id="lock"),
        pytest.param(
            [requirement("pandas"), requirement("pandas==2.1.4", path="dev.txt", hashes=("sha256:00",))], id="hashed"
        ),
        pytest.param(
            [requirement("pandas", path="ci/dev.in"), requirement("pandas==2.1.4", path="ci/dev.txt")], id="compiled"
        ),
        pytest.param([in_cell("pandas")], id="install line"),
    ],
)
def test_pinned_requirement_is_silent(asked: list[Requirement]) -> None:
    assert [*unpinned_requirement.check(evidence(asked))] == []


def test_constraint_that_does_not_hold_here_pins_nothing() -> None:
    limit = requirement("pandas==1.1; python_version < '3.8'", path="constraints.txt", role=Role.CONSTRAINT)
    assert [*unpinned_requirement.check(evidence([requirement("pandas"), limit], inapplicable=[limit]))]


def test_compiled_file_of_another_name_pins_nothing() -> None:
    asked = [requirement("pandas", path="dev.in"), requirement("pandas==2.1.4", path="test.txt")]
    assert [f.place.path for f in unpinned_requirement.check(evidence(asked))] == ["dev.in"]


def test_project_may_name_itself() -> None:
    own = declaration(
        "pyproject.toml", requirement("tools[excel]", path="pyproject.toml", group="all"), project="tools"
    )
    assert [*unpinned_requirement.check(evidence(declarations=[own]))] == []


def test_declarations_are_spoken_of_in_their_primary_scope_alone() -> None:
    elsewhere = evidence([requirement("pandas"), requirement("numpy>=1")], primary=False)
    assert [*unpinned_requirement.check(elsewhere), *loose_requirement.check(elsewhere)] == []


@pytest.mark.parametrize(
    "asked",
    [
        requirement("pandas>=2,<3"),
        requirement("pandas~=2.1"),
        requirement("pandas==2.*"),
        requirement("pandas!=2.0"),
        conda_requirement("pandas=2.1"),
        conda_requirement("pandas>=2"),
    ],
    ids=lambda asked: asked.raw,
)
def test_range_is_loose(asked: Requirement) -> None:
    (found,) = loose_requirement.check(evidence([asked], environment(installed("pandas", "2.1.4"))))
    assert (found.code, found.wanted) == ("PIN002", asked.constraint.text)
    assert f"({asked.constraint.text})" in found.message
    assert found.fix
    assert found.fix.text == "pandas==2.1.4"


@pytest.mark.parametrize(
    "asked",
    [
        requirement("pandas"),
        requirement("pandas==2.1.4"),
        requirement("pandas===2.1.4"),
        conda_requirement("pandas==2.1.4"),
        conda_requirement("pandas=2.1.4=py311h1_0"),
        conda_requirement("python=3.11"),
    ],
    ids=lambda asked: asked.raw,
)
def test_exact_or_open_requirement_is_not_loose(asked: Requirement) -> None:
    assert [*loose_requirement.check(evidence([asked]))] == []


def test_range_that_excludes_what_is_installed_is_not_pinned_to_it() -> None:
    (found,) = loose_requirement.check(evidence([requirement("pandas>=2")], environment(installed("pandas", "1.5.3"))))
    assert found.fix is None


@pytest.mark.parametrize(
    ("direct", "words"),
    [
        (repository(), "newest commit"),
        (repository("main"), "main, a branch or tag"),
        (repository("v1.2"), "v1.2, a branch or tag"),
        (repository("8d4a1a2"), "8d4a1a2, which is no full commit"),
        (DirectReference(DirectKind.URL, WHEEL), "URL without a hash"),
    ],
    ids=["no revision", "branch", "tag", "short commit", "no hash"],
)
@pytest.mark.parametrize("name", ["tools @ ", ""], ids=["named", "nameless"])
def test_source_that_can_change_is_mutable(direct: DirectReference, words: str, name: str) -> None:
    (found,) = mutable_source.check(evidence([requirement(f"{name}{direct.url}", direct=direct)]))
    assert found.code == "PIN003"
    assert words in found.message
    assert found.message.startswith("tools " if name else direct.url)


@pytest.mark.parametrize(
    "direct",
    [
        repository(COMMIT),
        repository("v1", commit=COMMIT),
        DirectReference(DirectKind.URL, WHEEL, hashes=(f"sha256:{DIGEST}",)),
        DirectReference(DirectKind.URL, f"{REPOSITORY}/archive/{COMMIT}.zip"),
        DirectReference(DirectKind.PATH, "./tools", editable=True),
    ],
    ids=["commit", "tag with commit", "hash", "commit in the URL", "path"],
)
def test_source_that_cannot_change_is_silent(direct: DirectReference) -> None:
    assert [*mutable_source.check(evidence([requirement(f"tools @ {direct.url}", direct=direct)]))] == []


def test_hash_option_settles_a_url() -> None:
    asked = requirement(f"tools @ {WHEEL}", direct=DirectReference(DirectKind.URL, WHEEL), hashes=(f"sha256:{DIGEST}",))
    assert [*mutable_source.check(evidence([asked]))] == []


@pytest.mark.parametrize(
    ("raw", "direct", "record", "text"),
    [
        pytest.param(
            f"tools @ git+{REPOSITORY}@main#egg=tools",
            repository("main"),
            repository("main", commit=COMMIT),
            f"tools @ git+{REPOSITORY}@{COMMIT}#egg=tools",
            id="branch",
        ),
        pytest.param(
            f"tools @ git+{REPOSITORY}",
            repository(),
            repository("", commit=COMMIT),
            f"tools @ git+{REPOSITORY}@{COMMIT}",
            id="no revision",
        ),
        pytest.param(
            f"tools @ {WHEEL}",
            DirectReference(DirectKind.URL, WHEEL),
            DirectReference(DirectKind.URL, WHEEL, hashes=(f"sha256:{DIGEST}",)),
            f"tools @ {WHEEL}#sha256={DIGEST}",
            id="hash",
        ),
    ],
)
def test_record_of_the_installation_tells_what_to_write(
    raw: str, direct: DirectReference, record: DirectReference, text: str
) -> None:
    env = environment(installed("tools", "1.0", direct=record))
    (found,) = mutable_source.check(evidence([requirement(raw, direct=direct)], env))
    assert found.fix
    assert found.fix.text == text


def test_secrets_are_neither_shown_nor_copied() -> None:
    url = "https://ann:s3cret@git.example/lab/tools"
    direct = DirectReference(DirectKind.VCS, url, "main")
    env = environment(installed("tools", "1.0", direct=repository("main", commit=COMMIT)))
    for raw in (f"tools @ git+{url}@main", f"git+{url}@main"):
        (found,) = mutable_source.check(evidence([requirement(raw, direct=direct)], env))
        assert found.fix is None
        assert "s3cret" not in repr(found)


@pytest.mark.parametrize("text", ["pandas", "pandas>=2", "pandas==2.*"])
def test_install_line_without_version_is_unpinned(text: str) -> None:
    (found,) = unpinned_notebook_install.check(evidence([in_cell(text)], environment(installed("pandas", "2.1.4"))))
    assert (found.code, str(found.place)) == ("PIN004", "analysis.ipynb cell 2, line 1")
    assert found.fix
    assert found.fix.text == "pandas==2.1.4"


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param(in_cell("pandas==2.1.4"), id="pinned"),
        pytest.param(in_cell("pip"), id="pip"),
        pytest.param(in_cell("pandas", template=True), id="interpolated"),
        pytest.param(in_cell("./tools", direct=DirectReference(DirectKind.PATH, "./tools")), id="path"),
        pytest.param(in_cell(f"git+{REPOSITORY}", direct=repository()), id="repository"),
        pytest.param(requirement("pandas"), id="declaration"),
    ],
)
def test_other_install_lines_are_silent(asked: Requirement) -> None:
    assert [*unpinned_notebook_install.check(evidence([asked]))] == []


def test_install_lines_of_other_scopes_are_theirs() -> None:
    assert [*unpinned_notebook_install.check(evidence([in_cell("pandas")], sources=[source("other.ipynb")]))] == []


def unpinned_pythons(*python: Requirement, primary: bool = True) -> Evidence:
    return evidence(
        env=environment(python="3.11.7"),
        declarations=[
            declaration("constraints.txt", requirement("pandas==2.1.4", role=Role.CONSTRAINT, path="constraints.txt")),
            declaration("environment.yml", conda_requirement("pandas==2.1.4"), python=python),
            declaration("requirements.txt", requirement("pandas==2.1.4")),
        ],
        primary=primary,
    )


def test_python_that_nobody_names_is_unpinned_once() -> None:
    (found,) = unpinned_python.check(unpinned_pythons())
    assert (found.code, str(found.place), found.installed) == ("PIN006", "environment.yml", "3.11.7")


def test_python_without_version_is_unpinned_where_it_stands() -> None:
    (found,) = unpinned_python.check(unpinned_pythons(conda_requirement("python", line=4)))
    assert found.place.line == 4
    assert found.fix
    assert found.fix.text == "python==3.11.7"


@pytest.mark.parametrize("text", ["python=3.11", "python>=3.9"])
def test_bounded_python_is_silent(text: str) -> None:
    assert [*unpinned_python.check(unpinned_pythons(conda_requirement("python"), conda_requirement(text)))] == []


def test_python_of_a_kernel_is_not_asked_for() -> None:
    assert [*unpinned_python.check(unpinned_pythons(primary=False))] == []


def test_notebooks_without_declaration_name_no_python() -> None:
    assert [*unpinned_python.check(evidence(sources=[source()]))] == []


def test_thousands_of_lines_for_one_name_take_no_time() -> None:
    asked = [requirement("pandas", line=line) for line in range(3000)]
    asked += [requirement("pandas==1", path="other.txt", line=line) for line in range(3000)]
    assert len([*unpinned_requirement.check(evidence(asked))]) == 3000


def test_conda_record_answers_for_a_conda_requirement() -> None:
    env = environment(packages=(conda_package("ffmpeg", "6.1"),))
    (found,) = unpinned_requirement.check(evidence([conda_requirement("ffmpeg")], env))
    assert (found.installed, found.fix and found.fix.text) == ("6.1", "ffmpeg==6.1")
