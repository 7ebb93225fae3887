"""pixi.toml and ``[tool.pixi]``: features, targets, what entries say, channels, and what is wrong in them."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from envcheck.gather.declarations import pixi_toml, pyproject
from envcheck.model.declarations import Declaration, LinkKind
from envcheck.model.names import Ecosystem
from envcheck.model.readings import ProblemKind, RawFile, Reading
from envcheck.model.requirements import DirectKind, Requirement, Role

LINUX, MAC, WINDOWS = (f'sys_platform == "{name}"' for name in ("linux", "darwin", "win32"))
MANIFEST = """\
[workspace]
channels = ["conda-forge", { channel = "https://conda.example/t/secret-token/own", priority = 2 }]
platforms = ["linux-64", "osx-arm64", { name = "gpu", platform = "linux-64", cuda = "12" }]

[dependencies]
python = "3.12.*"
NumPy = ">=1.2,<2"  # first
torch = { version = "==2.1", channel = "pytorch", build = "py3*" }
__glibc = ">=2.28"

[pypi-dependencies]
Flask = { version = ">=3", extras = ["async"], index = "https://index.example/simple" }
demo = { path = ".", editable = true }
mike = { git = "https://index.example/a/mike.git", tag = "v1", subdirectory = "py" }
click = { url = "https://index.example/click-8.1.7-py3-none-any.whl" }
tomli = { version = "*", env-markers = "python_version < '3.11'" }

[pypi-options]
index-url = "https://index.example/simple"
extra-index-urls = ["https://user:password@index.example/more"]

[constraints]
openssl = "<4"

[target.win.dependencies]
pywin32 = "*"

[target.gpu.dependencies]
cuda = "*"

[feature.test]
platforms = ["linux-64", "osx-arm64"]
channels = ["robostack"]

[feature.test.dependencies]
pytest = "*"
python = "3.11.*"

[feature.test.target.osx-arm64.host-dependencies]
appnope = "0.1.3"

[environments]
test = ["test"]
"""


def read(text: str) -> Reading[Declaration]:
    return pixi_toml.read(RawFile("pixi.toml", text.encode()))


@pytest.fixture(scope="module")
def manifest() -> Declaration:
    reading = read(MANIFEST)
    assert reading.problems == ()
    return reading.value


def named(declaration: Declaration, name: str) -> Requirement:
    return next(r for r in declaration.requirements if r.name == name)


@pytest.mark.parametrize(
    ("path", "claimed"),
    [("pixi.toml", True), ("a/b/pixi.toml", True), ("mojoproject.toml", True), ("my-pixi.toml", False)],
)
def test_claims(path: str, claimed: bool) -> None:
    assert pixi_toml.claims(path) is claimed


def test_it_governs_and_is_read(manifest: Declaration) -> None:
    assert (manifest.governs, manifest.unread, manifest.lock) == (True, False, None)


def test_entry_becomes_a_requirement(manifest: Declaration) -> None:
    requirement = named(manifest, "numpy")
    assert (requirement.shown_name, requirement.ecosystem, requirement.role) == (
        "NumPy",
        Ecosystem.CONDA,
        Role.DECLARED,
    )
    assert (requirement.raw, requirement.constraint.text) == (">=1.2,<2", ">=1.2,<2")
    assert (requirement.place.line, requirement.place.column) == (7, 10)


def test_table_becomes_a_requirement(manifest: Declaration) -> None:
    requirement = named(manifest, "torch")
    assert (requirement.channel, requirement.constraint.exact) == ("pytorch", "2.1")
    assert requirement.constraint.allows("2.1", "py311_0")
    assert not requirement.constraint.allows("2.1", "cpu")
    assert MANIFEST.splitlines()[requirement.place.line - 1][requirement.place.column - 1 :].startswith("==2.1")


@pytest.mark.parametrize(
    ("name", "kind", "url", "revision"),
    [
        ("demo", DirectKind.PATH, ".", ""),
        ("mike", DirectKind.VCS, "https://index.example/a/mike.git", "v1"),
        ("click", DirectKind.URL, "https://index.example/click-8.1.7-py3-none-any.whl", ""),
    ],
)
def test_direct_references(name: str, kind: DirectKind, url: str, revision: str, manifest: Declaration) -> None:
    direct = named(manifest, name).direct
    assert direct
    assert (direct.kind, direct.url, direct.revision) == (kind, url, revision)
    assert direct.editable is (name == "demo")


def test_what_a_pypi_entry_says(manifest: Declaration) -> None:
    flask = named(manifest, "flask")
    assert (flask.ecosystem, flask.extras, flask.index) == (
        Ecosystem.PYPI,
        ("async",),
        "https://index.example/simple",
    )
    assert named(manifest, "tomli").marker == 'python_version < "3.11"'


@pytest.mark.parametrize(
    ("name", "group", "marker"),
    [
        ("numpy", "", ""),
        ("pywin32", "", WINDOWS),
        ("cuda", "", f'{LINUX} and platform_machine == "x86_64"'),
        (
            "pytest",
            "test",
            f'{LINUX} and platform_machine == "x86_64" or {MAC} and platform_machine == "arm64"',
        ),
    ],
    ids=["everywhere", "of a family", "of a platform with a name of its own", "of a feature for some platforms"],
)
def test_groups_and_markers(name: str, group: str, marker: str, manifest: Declaration) -> None:
    requirement = named(manifest, name)
    assert (requirement.group, requirement.marker) == (group, marker)


@pytest.mark.parametrize(
    ("selector", "marker"),
    [
        ("linux", LINUX),
        ("unix", 'sys_platform != "win32"'),
        ("osx", MAC),
        ("win-64", f'{WINDOWS} and platform_machine == "AMD64"'),
        ("linux-aarch64", f'{LINUX} and platform_machine == "aarch64"'),
    ],
)
def test_targets(selector: str, marker: str) -> None:
    (requirement,) = read(f"[workspace]\n[target.{selector}.dependencies]\na = '1'\n").value.requirements
    assert requirement.marker == marker


def test_python_is_a_demand_and_that_of_another_environment_is_none(manifest: Declaration) -> None:
    assert [(r.raw, r.constraint.allows("3.12.4")) for r in manifest.python] == [("3.12.*", True)]
    assert [r.group for r in manifest.requirements if r.name == "python"] == ["test"]


def test_constraint_and_what_the_machine_is(manifest: Declaration) -> None:
    assert named(manifest, "openssl").role is Role.CONSTRAINT
    assert not any(r.name.startswith("__") for r in manifest.requirements)


def test_links(manifest: Declaration) -> None:
    assert [(link.kind, link.target, link.place.line) for link in manifest.links] == [
        (LinkKind.CHANNEL, "conda-forge", 2),
        (LinkKind.CHANNEL, "https://conda.example/t/secret-token/own", 2),
        (LinkKind.INDEX, "https://index.example/simple", 19),
        (LinkKind.INDEX, "https://user:password@index.example/more", 20),
        (LinkKind.CHANNEL, "robostack", 33),
    ]


@pytest.mark.parametrize(
    ("spec", "accepted", "refused"),
    [
        ("'3.12'", "3.12.0", "3.12.1"),
        ("'3.12.*'", "3.12.9", "3.13"),
        ("'~=1.1'", "1.9", "2.0"),
        ("'>=1.9.0, <2'", "1.9", "2"),
        ("'>=1|0.5.*'", "0.5.3", "0.6"),
        ("{ version = '*', build-number = '>=1' }", "1", ""),
        ("{ git = 'https://index.example/a' }", "1", ""),
    ],
)
def test_versions_of_conda(spec: str, accepted: str, refused: str) -> None:
    (requirement,) = read(f"[workspace]\n[dependencies]\na = {spec}\n").value.requirements
    assert requirement.constraint.allows(accepted)
    assert not (refused and requirement.constraint.allows(refused))


@pytest.mark.parametrize(
    "entry",
    ["a = 'no version!'", "a = 1", "a = { version = 1 }", "a = { path = '' }", "'a b' = '1'", "a = '1[x=y]'"],
)
@pytest.mark.parametrize("table", ["dependencies", "pypi-dependencies"])
def test_what_pixi_refuses_is_a_problem(table: str, entry: str) -> None:
    reading = read(f"[workspace]\n[{table}]\n{entry}\nb = '==1'\n")
    assert [problem.kind for problem in reading.problems] == [ProblemKind.INVALID_REQUIREMENT]
    assert [r.name for r in reading.value.requirements] == ["b"]


def test_conditional_entry_allows_no_conclusion() -> None:
    (requirement,) = read("[dependencies]\na = { version = '1', when = '__cuda' }\n").value.requirements
    assert requirement.template


def test_tables_of_an_environment_itself() -> None:
    declaration = read("[environments]\ndocs = { dependencies = { sphinx = '*' } }\n").value
    assert [(r.name, r.group) for r in declaration.requirements] == [("sphinx", "docs")]


def test_package_that_is_built_is_said_not_to_be_read() -> None:
    reading = read("[package]\nname = 'x'\n[package.run-dependencies]\na = '*'\n")
    assert [problem.kind for problem in reading.problems] == [ProblemKind.NOT_READ]
    assert reading.value.unread


def test_broken_toml_is_unreadable() -> None:
    reading = read("[dependencies\n")
    assert [problem.kind for problem in reading.problems] == [ProblemKind.UNREADABLE_FILE]
    assert not reading.value.governs


def test_pyproject_declares_what_its_table_of_pixi_says() -> None:
    text = """\
[project]
name = "demo"
dependencies = ["rich"]

[tool.pixi.workspace]
channels = ["conda-forge"]

[tool.pixi.dependencies]
numpy = "1.26.*"
python = ">=3.10"

[tool.pixi.pypi-dependencies]
demo = { path = ".", editable = true }

[tool.pixi.feature.test.dependencies]
pytest = "*"
"""
    reading = pyproject.read(RawFile("pyproject.toml", text.encode()))
    assert reading.problems == ()
    assert [(r.name, r.ecosystem.value, r.group, r.place.line) for r in reading.value.requirements] == [
        ("rich", "pypi", "", 3),
        ("numpy", "conda", "", 9),
        ("pytest", "conda", "test", 16),
    ]
    assert [r.raw for r in reading.value.python] == [">=3.10"]
    assert [link.target for link in reading.value.links] == ["conda-forge"]
    assert (reading.value.governs, reading.value.unread) == (True, False)


_VALUES = st.recursive(
    st.sampled_from(["*", ">=1", "x", ".", 1, True, 1.5]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(["dependencies", "feature", "target", "environments", "channels"]), _VALUES))
def test_wrong_types_never_raise(tables: dict[str, object]) -> None:
    def written(value: object) -> str:
        if isinstance(value, dict):
            return "{" + ", ".join(f"{key} = {written(each)}" for key, each in value.items()) + "}"
        if isinstance(value, list):
            return "[" + ", ".join(map(written, value)) + "]"
        return f"'{value}'" if isinstance(value, str) else str(value).lower()

    lines = "".join(f"{key} = {written(value)}\n" for key, value in tables.items())
    read(lines)
    pyproject.read(RawFile("pyproject.toml", f"[tool.pixi]\n{lines}".encode()))


@pytest.mark.parametrize(
    "text",
    [
        "[dependencies]\n" + "".join(f"a{n} = '*'\n" for n in range(20_000)),
        "[environments]\n" + "".join(f"e{n} = ['a', 'b']\n" for n in range(20_000)),
        "".join(f"[feature.f{n}.target.linux.dependencies]\na = '1'\n" for n in range(5_000)),
        "[dependencies]\na = " + "{a = " * 5_000,
    ],
    ids=["entries", "environments", "features", "depth"],
)
def test_time_is_bounded(text: str) -> None:
    start = time.perf_counter()
    read(text)
    assert time.perf_counter() - start < 5
