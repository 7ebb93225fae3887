"""PRT: declarations that work on one machine only."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from envcheck.judge.evidence.evidence import Evidence
from envcheck.judge.rules.portability import (
    leaked_credential,
    local_path_requirement,
    machine_prefix,
    odd_encoding,
    platform_build,
)
from envcheck.judge.rules.portability.targets import leaves_project, local_path, wheel_version
from envcheck.model.changes import Pin
from envcheck.model.declarations import Link, LinkKind
from envcheck.model.places import Place
from envcheck.model.readings import Problem, ProblemKind
from envcheck.model.requirements import DirectKind, DirectReference, Requirement, Role
from envcheck.model.usage import InstallCommand
from tests.support.evidence import conda_requirement, declaration, environment, evidence, installed, requirement, source

WHEEL = "file:///croot/numpy_1701295038894/work/dist/numpy-1.26.2-cp311-cp311-linux_x86_64.whl"
BUILD_FOLDER = "file:///home/conda/feedstock_root/build_artifacts/numpy_1707225342954/work"


def direct(
    text: str, *, path: str = "requirements.txt", editable: bool = False, role: Role = Role.DECLARED
) -> Requirement:
    url = text.partition(" @ ")[2] or text
    kind = DirectKind.URL if "://" in url else DirectKind.PATH
    return requirement(text, path=path, role=role, direct=DirectReference(kind, url, editable=editable))


def linked(*links: Link, path: str = "environment.yml") -> Evidence:
    return evidence(declarations=[replace(declaration(path), links=links)])


class TestLocalPathRequirement:
    @pytest.mark.parametrize(
        ("text", "path", "what"),
        [
            pytest.param("tool @ file:///home/maria/tool", "requirements.txt", "one machine only", id="file URL"),
            pytest.param("/home/maria/tool", "requirements.txt", "one machine only", id="absolute path"),
            pytest.param(r"C:\Users\maria\tool", "requirements.txt", "one machine only", id="Windows path"),
            pytest.param(
                "tool @ file:///C:/Users/maria/tool", "requirements.txt", "one machine only", id="Windows URL"
            ),
            pytest.param("~/tool", "requirements.txt", "one machine only", id="home"),
            pytest.param("tool @ file:///srv/my%20tools/tool", "requirements.txt", "one machine only", id="escaped"),
            pytest.param("/home/ci/tool", "requirements.txt", "one machine only", id="home of a build user"),
            pytest.param("../tool", "requirements.txt", "outside the project", id="above the project"),
            pytest.param("../../tool", "nb/requirements.txt", "outside the project", id="above, from a folder"),
            pytest.param("git+file:///srv/git/tool", "requirements.txt", "one machine only", id="local repository"),
            pytest.param(
                f"numpy @ {BUILD_FOLDER}", "requirements.txt", "built conda's package", id="conda-forge's debris"
            ),
            pytest.param(
                "a @ file:///C:/ci/a_1/work", "requirements.txt", "built conda's package", id="debris of Windows"
            ),
            pytest.param("a @ file:///tmp/build/80754af9/a/work", "requirements.txt", "built conda's", id="old debris"),
        ],
    )
    def test_fires(self, text: str, path: str, what: str) -> None:
        (finding,) = local_path_requirement.check(evidence([direct(text, path=path)]))
        assert what in finding.message
        assert finding.place.path == path

    @pytest.mark.parametrize(
        ("text", "path"),
        [
            pytest.param(".", "requirements.txt", id="the project"),
            pytest.param("./wheels/tool-1.0-py3-none-any.whl", "requirements.txt", id="inside"),
            pytest.param("..", "docs/requirements.txt", id="the project, from a folder"),
            pytest.param("tool @ file:///${HOME}/tool", "requirements.txt", id="variable"),
            pytest.param("tool @ {root:uri}/tool", "pyproject.toml", id="hatch's root"),
            pytest.param("tool @ https://index.example/tool-1.0.tar.gz", "requirements.txt", id="URL"),
            pytest.param("git+https://git.example/a/tool", "requirements.txt", id="repository"),
            pytest.param("git+ssh://git@git.example/a/tool", "requirements.txt", id="repository over ssh"),
        ],
    )
    def test_is_silent(self, text: str, path: str) -> None:
        assert list(local_path_requirement.check(evidence([direct(text, path=path)]))) == []

    @pytest.mark.parametrize(
        ("url", "version", "text"),
        [
            pytest.param(WHEEL, "1.26.4", "numpy==1.26.4", id="the installed version"),
            pytest.param(WHEEL, "", "numpy==1.26.2", id="the version of the wheel"),
        ],
    )
    def test_offers_a_version_for_conda_debris(self, url: str, version: str, text: str) -> None:
        env = environment(installed("numpy", version)) if version else None
        (finding,) = local_path_requirement.check(evidence([direct(f"numpy @ {url}")], env))
        assert finding.fix is not None
        assert finding.fix.text == text

    def test_offers_nothing_when_no_version_is_known(self) -> None:
        (finding,) = local_path_requirement.check(evidence([direct(f"numpy @ {BUILD_FOLDER}")]))
        assert finding.fix is None

    @pytest.mark.parametrize(
        ("path", "role", "count"),
        [("requirements.txt", Role.DECLARED, 0), ("a.ipynb", Role.AD_HOC, 1)],
        ids=["declaration", "install line"],
    )
    def test_a_secondary_scope_speaks_of_its_own_notebooks_only(self, path: str, role: Role, count: int) -> None:
        facts = evidence([direct("/srv/tool", path=path, role=role)], primary=False, sources=[source("a.ipynb")])
        assert len(list(local_path_requirement.check(facts))) == count


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("file:///srv/wheels", "/srv/wheels"),
        ("file://localhost/srv/wheels", "/srv/wheels"),
        ("file:wheels", "wheels"),
        ("file:///C:/wheels", "/C:/wheels"),
        ("https://index.example/simple", ""),
        ("conda-forge", "conda-forge"),
        ("", ""),
    ],
)
def test_paths_of_targets(target: str, expected: str) -> None:
    assert local_path(target) == expected


def test_a_way_back_into_the_project_stays_inside() -> None:
    assert not leaves_project("../src/../lib", "requirements/base.txt")


@pytest.mark.parametrize(
    ("path", "version"), [("a/b-1.2-py3-none-any.whl", "1.2"), ("a/b-1.2.tar.gz", ""), ("work", "")]
)
def test_versions_of_wheels(path: str, version: str) -> None:
    assert wheel_version(path) == version


class TestMachinePrefix:
    @pytest.mark.parametrize(
        ("kind", "target"),
        [
            (LinkKind.PREFIX, "/opt/conda/envs/analysis"),
            (LinkKind.FIND_LINKS, "/home/maria/wheels"),
            (LinkKind.FIND_LINKS, r"C:\Users\maria\wheels"),
            (LinkKind.CHANNEL, "file:///Users/maria/channel"),
            (LinkKind.INDEX, "file:///home/maria/simple"),
        ],
    )
    def test_fires(self, kind: LinkKind, target: str) -> None:
        (finding,) = machine_prefix.check(linked(Link(kind, target, Place("environment.yml", 0, 7, 1))))
        assert finding.place.line == 7

    @pytest.mark.parametrize(
        ("kind", "target"),
        [
            (LinkKind.FIND_LINKS, "wheels"),
            (LinkKind.FIND_LINKS, "${HOME}/wheels"),
            (LinkKind.FIND_LINKS, "/wheels"),
            (LinkKind.CHANNEL, "conda-forge"),
            (LinkKind.INDEX, "https://index.example/home/simple"),
        ],
    )
    def test_is_silent(self, kind: LinkKind, target: str) -> None:
        assert list(machine_prefix.check(linked(Link(kind, target, Place("environment.yml", 0, 7, 1))))) == []


class TestPlatformBuild:
    @pytest.mark.parametrize(
        "build",
        [
            "py39h06a4308_0",
            "py35_0",
            "h7f8727e_0",
            "h2bc3f7f_1_cpython",
            "1_gnu",
            "vc14_0",
            "np112py35_1",
            "2_kmp_llvm",
        ],
    )
    def test_fires(self, build: str) -> None:
        (finding,) = platform_build.check(evidence([conda_requirement(f"numpy=1.26.4={build}")]))
        assert f"build {build}, which exists on one platform only" in finding.message

    @pytest.mark.parametrize(
        "build", ["pyhd8ed1ab_0", "pyhd3eb1b0_1", "py_0", "0", "hd8ed1ab_0", "openblas", "*_cpython", "mkl"]
    )
    def test_is_silent(self, build: str) -> None:
        assert list(platform_build.check(evidence([conda_requirement(f"numpy=1.26.4={build}")]))) == []

    def test_speaks_once_for_a_file_and_drops_all_builds(self) -> None:
        wanted = [conda_requirement(f"package-{n}=1.{n}=h7f8727e_0", line=n) for n in range(1, 9)]
        (finding,) = platform_build.check(evidence(wanted))
        assert finding.place.line == 1
        assert "and 7 more entries likewise" in finding.message
        assert len(finding.related) == 5
        assert finding.fix is not None
        assert finding.fix.text == "package-1==1.1"
        assert [change.version for change in finding.fix.changes if isinstance(change, Pin)] == [
            f"1.{n}" for n in range(1, 9)
        ]


class TestOddEncoding:
    @pytest.mark.parametrize("encoding", ["utf-8", "UTF-8", "utf_8", "utf-8-sig", "ascii"])
    def test_common_encodings_are_silent(self, encoding: str) -> None:
        facts = evidence(declarations=[replace(declaration("requirements.txt"), encoding=encoding)])
        assert list(odd_encoding.check(facts)) == []

    @pytest.mark.parametrize("encoding", ["utf-16", "latin-1", "cp1252"])
    def test_others_are_named(self, encoding: str) -> None:
        facts = evidence(declarations=[replace(declaration("requirements.txt"), encoding=encoding)])
        (finding,) = odd_encoding.check(facts)
        assert encoding.upper() in finding.message

    def test_what_a_reader_says_is_said_once(self) -> None:
        problem = Problem(ProblemKind.ODD_ENCODING, Place("requirements.txt"), "read as Latin-1", "save it as UTF-8")
        odd = replace(declaration("requirements.txt"), encoding="latin-1")
        (finding,) = odd_encoding.check(evidence(declarations=[odd], problems=(problem,)))
        assert finding.message == "read as Latin-1; save it as UTF-8"


class TestLeakedCredential:
    def test_an_index_with_a_password(self) -> None:
        link = Link(LinkKind.INDEX, "https://reader:s3cr3t@index.example/simple", Place("requirements.txt", 0, 1, 1))
        (finding,) = leaked_credential.check(linked(link, path="requirements.txt"))
        assert finding.place.line == 1
        assert "s3cr3t" not in repr(finding)

    def test_a_repository_with_a_token(self) -> None:
        wanted = direct("tool @ git+https://x:ghp_0123456789abcdefghij0123456789abcdef@git.example/a/tool")
        (finding,) = leaked_credential.check(evidence([wanted]))
        assert "ghp_" not in repr(finding)

    def test_an_install_line_in_a_cell(self) -> None:
        command = InstallCommand(
            "pip", "--index-url https://reader:s3cr3t@index.example/simple tool", Place("a.ipynb", 2, 1, 14)
        )
        (finding,) = leaked_credential.check(evidence(sources=[replace(source("a.ipynb"), installs=(command,))]))
        assert finding.place.cell == 2
        assert "s3cr3t" not in repr(finding)

    @pytest.mark.parametrize(
        "url",
        [
            "https://index.example/simple",
            "https://reader:${PASSWORD}@index.example/simple",
            "https://${TOKEN}@index.example/simple",
            "ssh://git@git.example/a/tool",
        ],
    )
    def test_variables_and_plain_users_are_silent(self, url: str) -> None:
        link = Link(LinkKind.INDEX, url, Place("requirements.txt", 0, 1, 1))
        assert list(leaked_credential.check(linked(link, path="requirements.txt"))) == []
