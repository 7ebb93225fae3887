"""What a notebook ran with, and what has become of it since."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from msgspec.structs import replace

from envcheck.gather.sources import ipynb
from envcheck.judge.evidence.link import Inventory, link
from envcheck.judge.evidence.records import compare, same_source
from envcheck.judge.evidence.requires import closure
from envcheck.judge.evidence.stamped import record_of_environment, record_of_stamp, since, source_of, stamp_of
from envcheck.judge.evidence.wishes import wishes_of_stamps
from envcheck.judge.names.table import parse_table
from envcheck.judge.pins.suggest import suggest
from envcheck.model.declarations import Declaration
from envcheck.model.environment import Environment
from envcheck.model.findings import Safety
from envcheck.model.names import NormalizedName, normalize
from envcheck.model.readings import RawFile
from envcheck.model.records import Difference, PythonDifference, Record
from envcheck.model.requirements import DirectKind, DirectReference
from envcheck.model.scopes import ProjectFiles, Scope
from envcheck.model.settings import Settings
from envcheck.model.stamps import Stamp
from tests.support.evidence import conda_package, environment, installed, requirement
from tests.support.stamps import notebook

COMMIT = "0123456789abcdef0123456789abcdef01234567"
SECRET = "hunter2-hunter2-hunter2"


def names(*each: str) -> set[NormalizedName]:
    return {normalize(name) for name in each}


def versions(**each: str) -> dict[NormalizedName, str]:
    return {normalize(name): version for name, version in each.items()}


def with_modules(env: Environment, **modules: str) -> Environment:
    owned = {d.name.replace("-", "_"): (d.name,) for d in env.distributions}
    return replace(env, modules={**owned, **{module: (normalize(name),) for module, name in modules.items()}})


def stamped(source: str, env: Environment, *, direct_only: bool = False, files: ProjectFiles | None = None) -> Stamp:
    value = ipynb.read(RawFile("nb/a.ipynb", notebook(source))).value
    scope = Scope("nb", (value,), environment=env, files=files or ProjectFiles())
    table = parse_table("cv2\topencv-python\t\n")
    return stamp_of(link(scope, Settings(), Inventory.of(env, table)).uses, env, direct_only=direct_only)


PANDAS = environment(
    installed("pandas", "2.2.0", requires=("numpy>=1.23", "tzdata; sys_platform == 'win32'", "pyarrow; extra == 'x'")),
    installed("numpy", "1.26.4"),
    installed("tzdata", "2024.1"),
    installed("pyarrow", "15.0"),
)


def test_imports_are_packages_and_the_rest_of_what_they_need_is_required() -> None:
    found = stamped("import os, pandas.io\nimport nowhere\n", with_modules(PANDAS))
    assert found == Stamp(
        python="3.11.7", packages=versions(pandas="2.2.0"), requires=versions(numpy="1.26.4"), missing=("nowhere",)
    )


def test_direct_leaves_out_what_is_required() -> None:
    assert stamped("import pandas\n", with_modules(PANDAS), direct_only=True).requires == {}


def test_optional_and_local_imports_are_not_missing() -> None:
    source = "try:\n    import cupy\nexcept ImportError:\n    pass\nimport helper\nimport deeper\n"
    files = ProjectFiles(frozenset({"nb/helper.py", "other/deeper.py"}), frozenset({"nb", "other"}))
    assert stamped(source, with_modules(PANDAS), files=files).missing == ()


def test_extras_count_that_a_requirement_asks_for() -> None:
    env = environment(
        installed("app", "1", requires=("server[fast]>=1",)),
        installed("server", "1", requires=("loop; extra == 'fast'", "tls; extra == 'secure'", "core")),
        *(installed(name, "1") for name in ("loop", "tls", "core")),
    )
    assert closure(env, names("app")) == names("app", "server", "loop", "core")
    assert closure(env, names("server", "absent")) == names("server", "core")


def test_circles_end() -> None:
    env = environment(installed("a", "1", requires=("b[x]",)), installed("b", "1", requires=("a",)))
    assert closure(env, names("a")) == names("a", "b")


def test_another_implementation_is_told_and_the_usual_one_not() -> None:
    assert stamped("import pandas\n", replace(with_modules(PANDAS), implementation="pypy")).implementation == "pypy"
    assert stamped("import pandas\n", with_modules(PANDAS)).implementation == ""


def test_a_version_that_nobody_could_install_is_left_out() -> None:
    env = with_modules(environment(installed("pandas", "2004d", requires=("numpy",)), installed("numpy", "1.26.4")))
    found = stamped("import pandas\n", env)
    assert (found.packages, found.requires) == ({}, versions(numpy="1.26.4"))


def test_conda_packages_without_python_are_told_where_imports_need_them() -> None:
    libraries = ("libblas", "unasked", "libgcc", "graph-tool")
    env = environment(
        installed("numpy", "1.26.4", conda="numpy"),
        packages=(
            replace(
                conda_package("numpy", "1.26.4", provides=("numpy",)),
                depends=("libblas >=3.9.0,<4.0a0", "libgcc >=13", "python >=3.11", "__glibc >=2.17", "absent"),
            ),
            *(conda_package(name, "3.9.0") for name in libraries),
            conda_package("python", "3.11.7"),
        ),
    )
    assert stamped("import numpy\n", with_modules(env)).conda == versions(libblas="3.9.0")
    assert stamped("import numpy\n", with_modules(env), direct_only=True).conda == {}


SOURCES = {
    "commit": (
        DirectReference(DirectKind.VCS, "https://git.example/a/b.git", "main", COMMIT),
        f"git+https://git.example/a/b.git@{COMMIT}",
    ),
    "user of a repository": (
        DirectReference(DirectKind.VCS, "ssh://git@git.example/a/b", "", COMMIT, subdirectory="python"),
        f"git+ssh://git@git.example/a/b@{COMMIT}#subdirectory=python",
    ),
    "other system": (
        DirectReference(DirectKind.VCS, "https://hg.example/a", "", "12", tool="hg"),
        "hg+https://hg.example/a@12",
    ),
    "password": (
        DirectReference(DirectKind.VCS, f"https://me:{SECRET}@git.example/a", "", COMMIT),
        f"git+https://git.example/a@{COMMIT}",
    ),
    "token alone": (
        DirectReference(DirectKind.URL, f"https://{SECRET}@files.example/a-1.whl?token={SECRET}"),
        "https://files.example/a-1.whl?token=***",
    ),
    "archive": (
        DirectReference(DirectKind.URL, "https://files.example/a-1.whl#x", hashes=("md5:1", "sha256:ab")),
        "https://files.example/a-1.whl#sha256=ab",
    ),
    "folder": (DirectReference(DirectKind.PATH, "file:///home/me/a"), "local"),
    "editable": (DirectReference(DirectKind.PATH, "file:///home/me/a", editable=True), "local"),
    "local archive": (DirectReference(DirectKind.URL, "file:///home/me/a-1.whl"), "local"),
    "local repository": (DirectReference(DirectKind.VCS, "file:///home/me/a", "", COMMIT), "local"),
}


@pytest.mark.parametrize(("direct", "source"), SOURCES.values(), ids=SOURCES.keys())
def test_sources_are_told_without_secrets_and_paths(direct: DirectReference, source: str) -> None:
    env = with_modules(environment(installed("a", "1", direct=direct)))
    assert source_of(direct) == source
    assert stamped("import a\n", env).sources == versions(a=source)


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ("", "", True),
        ("local", "local", True),
        ("local", "", False),
        ("local", "https://git.example/a", False),
        (f"git+https://git.example/a/b.git@{COMMIT}", f"git+ssh://git@git.example/a/b@{COMMIT}", True),
        (f"git+https://git.example/a/b@{COMMIT}", "git+https://git.example/a/b@" + "1" * 40, False),
    ],
)
def test_sources_are_the_same_as_far_as_they_tell(left: str, right: str, same: bool) -> None:
    assert same_source(left, right) is same_source(right, left) is same


DIFFERENCES = {
    "same": ("2.1", "2.1.0", Difference.SAME),
    "version": ("2.1", "2.2", Difference.VERSION),
    "build": ("2.1", "2.1+cu121", Difference.BUILD),
    "missing": ("2.1", "", Difference.MISSING),
    "extra": ("", "2.1", Difference.EXTRA),
    "no versions": ("2004d", "2004e", Difference.VERSION),
}


@pytest.mark.parametrize(("before", "after", "difference"), DIFFERENCES.values(), ids=DIFFERENCES.keys())
def test_versions_are_compared(before: str, after: str, difference: Difference) -> None:
    left, right = (Record(versions=versions(torch=v) if v else {}) for v in (before, after))
    assert [row.difference for row in compare(left, right).rows] == [difference]


@pytest.mark.parametrize(
    ("before", "after", "difference"),
    [
        (("3.11.7", ""), ("3.11.7", ""), PythonDifference.SAME),
        (("3.11.7", ""), ("3.11.9", ""), PythonDifference.PATCH),
        (("3.11.7", ""), ("3.12.0", ""), PythonDifference.MINOR),
        (("3.1.7", ""), ("3.11.7", ""), PythonDifference.MINOR),
        (("3.11.7", ""), ("3.11.7", "pypy"), PythonDifference.IMPLEMENTATION),
        (("", ""), ("3.11.7", ""), PythonDifference.UNKNOWN),
    ],
)
def test_pythons_are_compared(before: tuple[str, str], after: tuple[str, str], difference: PythonDifference) -> None:
    left, right = (Record(python=python, implementation=implementation) for python, implementation in (before, after))
    assert compare(left, right).python is difference


def test_direct_ones_come_first() -> None:
    left = Record(versions=versions(a="1", z="1"), direct=frozenset(names("z")), conda=versions(b="1"))
    assert [row.name for row in compare(left, Record()).rows] == ["z", "a", "b"]


def test_what_a_stamp_does_not_name_is_no_drift() -> None:
    stamp = Stamp(python="3.11.7", packages=versions(pandas="2.1.0"), requires=versions(pytz="1"))
    found = since(record_of_stamp(stamp), record_of_environment(PANDAS))
    assert [(row.name, row.difference, row.is_direct) for row in found.rows] == [
        ("pandas", Difference.VERSION, True),
        ("pytz", Difference.MISSING, False),
    ]


def test_what_is_used_besides_is_told() -> None:
    stamp = Stamp(python="3.11.7", packages=versions(numpy="1.26.4"), requires=versions(tzdata="2024.1"))
    fresh = stamped("import numpy, pandas, pyarrow\n", with_modules(PANDAS))
    found = since(record_of_stamp(stamp), record_of_environment(PANDAS), fresh)
    assert {row.name: row.difference.value for row in found.rows} == {
        "numpy": "same",
        "tzdata": "same",
        "pandas": "extra",
        "pyarrow": "extra",
    }


def test_a_direct_stamp_is_not_told_what_it_left_out() -> None:
    env = with_modules(PANDAS)
    stamp = stamped("import pandas\n", env, direct_only=True)
    found = since(record_of_stamp(stamp), record_of_environment(env), stamped("import pandas\n", env))
    assert [row.name for row in found.rows] == ["pandas"]


def suggested(wish: str, *stamps: Mapping[str, object], present: Environment | None = None) -> tuple[str, str] | None:
    """Return what is suggested for a requirement beside stamped notebooks, and its title."""
    sources = tuple(
        ipynb.read(RawFile(f"{number}.ipynb", notebook(stamp={"schema": 1, "python": "3.11.7", **stamp}))).value
        for number, stamp in enumerate(stamps)
    )
    declared = requirement(wish)
    scope = Scope(".", sources, (Declaration("requirements.txt", "requirements_txt", (declared,)),), present)
    evidence = link(scope, Settings(), Inventory.of(present, parse_table("")))
    fix = suggest(declared, evidence.dossiers[declared.name], present)
    assert fix is None or fix.safety is Safety.UNSAFE
    return (fix.text, fix.title) if fix else None


def test_stamped_version_is_suggested_where_nothing_is_installed() -> None:
    ran = {"packages": {"pandas": "2.1.4"}}
    assert suggested("pandas", ran) == ("pandas==2.1.4", "pin the version that 0.ipynb ran with")
    assert suggested("pandas", ran, ran) == ("pandas==2.1.4", "pin the version that 0.ipynb ran with")


@pytest.mark.parametrize(
    "stamps",
    [
        [{"packages": {"pandas": "2.1.4"}}, {"packages": {"pandas": "2.2.0"}}],
        [{"packages": {"pandas": "2.1.4"}, "sources": {"pandas": "local"}}],
        [{"packages": {"pandas": "2.1.4+local"}}],
        [{"packages": {"pandas": "1.0"}, "requires": {"pandas": "2.0"}}],
        [{"packages": {"pandas": "2.1.4"}, "schema": 2}],
    ],
    ids=["not agreed", "from a folder", "no release", "merge leftovers", "newer"],
)
def test_stamps_that_say_nothing_certain_suggest_nothing(stamps: list[Mapping[str, object]]) -> None:
    assert suggested("pandas", *stamps) is None


def test_stamps_count_as_nothing_declared() -> None:
    source = ipynb.read(
        RawFile("a.ipynb", notebook(stamp={"schema": 1, "python": "3.11.7", "packages": {"x": "1"}}))
    ).value
    assert list(wishes_of_stamps([source])) == ["x"]
    evidence = link(Scope(".", (source,)), Settings(), Inventory.of(None, parse_table("")))
    assert "x" not in evidence.dossiers
    assert [r for _, r in evidence.requirements()] == []
