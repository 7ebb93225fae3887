"""uv.lock: its entries and their places, what is damaged in it, and what is asked of it beyond what real uv tells."""

from __future__ import annotations

import pickle
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from envcheck.gather.declarations import uv_lock
from envcheck.model.declarations import Declaration
from envcheck.model.locks import Freshness, Lock, Manager, State, Target
from envcheck.model.markers import marker_holds
from envcheck.model.places import Place
from envcheck.model.readings import ProblemKind, RawFile, Reading
from envcheck.model.requirements import DirectKind, DirectReference, Role
from tests.support.uv_projects import environments

TARGETS = list(environments())
LINUX = TARGETS[3]  # Python 3.11
LOCK = """\
version = 1
revision = 5
requires-python = ">=3.10, <3.14"
resolution-markers = ["python_full_version >= '3.12'", "python_full_version < '3.12'"]
conflicts = [[{ package = "shop", extra = "new" }, { package = "shop", extra = "old" }]]

[manifest]
members = ["core", "shop"]
constraints = [{ name = "alpha", specifier = "<3" }]

[[package]]
name = "alpha"
version = "1.0"
source = { registry = "https://index.example/simple" }
resolution-markers = ["python_full_version < '3.12'"]
dependencies = [{ name = "ring-a" }]
wheels = [{ url = "https://index.example/alpha-1.0.whl", hash = "sha256:aa" }]
sdist = { url = "https://index.example/alpha-1.0.tar.gz", hash = "sha256:bb" }

[[package]]
name = "alpha"
version = "2.0"
source = { registry = "https://index.example/simple" }
resolution-markers = ["python_full_version >= '3.12'"]

[[package]]
name = "core"
source = { editable = "libs/core" }
dependencies = [{ name = "tool", extra = ["fast"] }]

[[package]]
name = "ring-a"
version = "1.0"
source = { url = "https://files.example/ring-a.zip", subdirectory = "a" }
dependencies = [{ name = "ring-b", marker = "sys_platform != 'win32'" }]

[[package]]
name = "ring-b"
version = "1.0"
source = { path = "wheels/ring_b.whl" }
dependencies = [{ name = "ring-a" }]

[[package]]
name = "shop"
version = "0.1"
source = { virtual = "." }
dependencies = [
    { name = "alpha", version = "1.0", marker = "python_full_version < '3.12'" },
    { name = "alpha", version = "2.0", marker = "python_full_version >= '3.12'" },
    { name = "core" },
]
[package.optional-dependencies]
old = [{ name = "ring-a", marker = "extra == 'extra-4-shop-old'" }]
new = [{ name = "ring-b", marker = "extra != 'extra-4-shop-old'" }]
[package.dev-dependencies]
dev = [{ name = "late" }]
[package.metadata]
requires-dist = [{ name = "alpha", specifier = ">=1" }, { name = "core", editable = "libs/core" }]
provides-extras = ["old", "new"]
[package.metadata.requires-dev]
dev = [{ name = "late" }]

[[package]]
name = "tool"
version = "1.0"
source = { git = "https://git.example/team/tool?tag=v1&subdirectory=lib#8f2d2f0e2a7b3c4d5e6f708192a3b4c5d6e7f809" }
[package.optional-dependencies]
fast = [{ name = "late" }]

[[package]]
name = "late"
version = "1.0"
source = { registry = "https://user:secret@index.example/other" }
"""
MANIFEST = """\
[project]
name = "shop"
version = "0.1"
requires-python = ">=3.10,<3.14"
dependencies = ["alpha>=1", "core"]
[project.optional-dependencies]
old = []
new = []
[dependency-groups]
dev = ["late"]
[tool.uv]
constraint-dependencies = ["alpha<3"]
conflicts = [[{ extra = "new" }, { extra = "old" }]]
[tool.uv.sources]
core = { workspace = true }
[tool.uv.workspace]
members = ["libs/*"]
"""
CORE = '[project]\nname = "core"\ndynamic = ["version"]\ndependencies = []\n[build-system]\nrequires = []\n'
MANIFESTS = (RawFile("a/pyproject.toml", MANIFEST.encode()), RawFile("a/libs/core/pyproject.toml", CORE.encode()))


def read(text: str, path: str = "a/uv.lock") -> Reading[Declaration]:
    return uv_lock.read(RawFile(path, text.encode()))


def lock_of(text: str, path: str = "a/uv.lock") -> Lock:
    lock = read(text, path).value.lock
    assert lock
    return lock


def selected(target: Target, **chosen: object) -> list[str]:
    target = Target(target.python, target.platform, target.markers, **chosen)  # type: ignore[arg-type]
    return [entry.raw for entry in lock_of(LOCK).select(target, MANIFESTS).entries]


def test_entries() -> None:
    reading = read(LOCK)
    assert reading.problems == ()
    declaration = reading.value
    assert (declaration.governs, declaration.dialect) == (False, "uv_lock")
    assert {requirement.role for requirement in declaration.requirements} == {Role.LOCKED}
    entries = {(str(entry.name), entry.constraint.exact): entry for entry in declaration.requirements}
    alpha = entries["alpha", "1.0"]
    assert alpha.place == Place("a/uv.lock", 0, 11, 1)
    assert (alpha.index, alpha.hashes) == ("https://index.example/simple", ("sha256:aa", "sha256:bb"))
    assert (alpha.marker, alpha.needs) == ("python_full_version < '3.12'", ("ring-a",))
    commit = "8f2d2f0e2a7b3c4d5e6f708192a3b4c5d6e7f809"
    url = "https://git.example/team/tool"
    assert entries["tool", "1.0"].direct == DirectReference(DirectKind.VCS, url, "v1", commit, subdirectory="lib")
    assert entries["core", None].direct == DirectReference(DirectKind.PATH, "libs/core", editable=True)
    assert entries["ring-b", "1.0"].direct == DirectReference(DirectKind.PATH, "wheels/ring_b.whl")
    zipped = DirectReference(DirectKind.URL, "https://files.example/ring-a.zip", subdirectory="a")
    assert entries["ring-a", "1.0"].direct == zipped
    assert entries["shop", "0.1"].needs == ("alpha", "core", "ring-a", "ring-b", "late")


def test_entries_of_the_first_locks() -> None:
    text = LOCK.replace("[[package]]", "[[distribution]]").replace("[package.", "[distribution.")
    reading = read(text)
    assert reading.value.requirements == read(LOCK).value.requirements
    assert reading.value.lock == read(LOCK).value.lock


def test_python_and_links() -> None:
    declaration = read(LOCK).value
    assert [(each.name, each.raw, each.role, each.place.line) for each in declaration.python] == [
        ("python", ">=3.10, <3.14", Role.LOCKED, 3)
    ]
    links = ["https://index.example/simple", "https://user:secret@index.example/other"]
    assert [link.target for link in declaration.links] == links


def test_lock_of_a_project() -> None:
    lock = lock_of(LOCK)
    assert lock.manager == Manager("uv", "uv sync --frozen", "uv lock")
    assert lock.made_from == ("a/pyproject.toml", "a/uv.toml", "a/libs/core/pyproject.toml")
    assert lock.knows_needs
    assert pickle.loads(pickle.dumps(lock)) == lock


@pytest.mark.parametrize(
    ("path", "made_from", "renew"),
    [
        ("x/analysis.py.lock", "x/analysis.py", "uv lock --script analysis.py"),
        ("my analysis.py.lock", "my analysis.py", "uv lock --script 'my analysis.py'"),
    ],
)
def test_lock_of_a_script(path: str, made_from: str, renew: str) -> None:
    lock = lock_of('version = 1\n[manifest]\nrequirements = [{ name = "alpha" }]\n', path)
    assert (lock.made_from, lock.manager.renew) == ((made_from,), renew)
    assert lock.freshness(()) == Freshness(State.UNKNOWN)


@pytest.mark.parametrize(
    ("target", "chosen", "wanted"),
    [
        pytest.param(LINUX, {}, "alpha==1.0 core late==1.0 ring-a==1.0 ring-b==1.0 tool==1.0", id="defaults"),
        pytest.param(TARGETS[6], {}, "alpha==2.0 core late==1.0 tool==1.0", id="other fork"),
        pytest.param(TARGETS[4], {}, "alpha==1.0 core late==1.0 ring-a==1.0 tool==1.0", id="windows"),
        pytest.param(
            TARGETS[6], {"extras": ("old",)}, "alpha==2.0 core late==1.0 ring-a==1.0 ring-b==1.0 tool==1.0", id="old"
        ),
        pytest.param(
            TARGETS[7], {"extras": ("new",)}, "alpha==2.0 core late==1.0 ring-a==1.0 ring-b==1.0 tool==1.0", id="new"
        ),
        pytest.param(
            TARGETS[7], {"extras": ("new", "old")}, "alpha==2.0 core late==1.0 ring-a==1.0 tool==1.0", id="both"
        ),
        pytest.param(TARGETS[6], {"extras": ("no-such",)}, "alpha==2.0 core late==1.0 tool==1.0", id="unknown extra"),
    ],
)
def test_selection(target: Target, chosen: dict[str, object], wanted: str) -> None:
    assert " ".join(selected(target, **chosen)) == wanted


def test_own_names_are_told_even_if_nothing_is_covered() -> None:
    target = Target("3.9.1", "linux-64", {**LINUX.markers, "python_full_version": "3.9.1"})
    selection = lock_of(LOCK).select(target, ())
    assert (selection.entries, sorted(selection.own)) == ((), ["core", "shop"])
    assert selection.uncovered == "made for Python >=3.10, <3.14"


def test_prerelease_of_a_python_counts_as_the_release() -> None:
    text = LOCK.replace("<3.14", "<3.15")
    target = Target("3.14.0rc1", "linux-64", {**LINUX.markers, "python_full_version": "3.14.0rc1"})
    assert not lock_of(text).select(target, ()).uncovered


def test_supported_environments_cover() -> None:
    text = LOCK.replace("conflicts =", "supported-markers = [\"sys_platform == 'linux'\"]\nconflicts =")
    assert not lock_of(text).select(LINUX, ()).uncovered
    assert lock_of(text).select(TARGETS[4], ()).uncovered == "made for sys_platform == 'linux'"


def test_fresh_and_stale() -> None:
    lock = lock_of(LOCK)
    assert lock.freshness(MANIFESTS) == Freshness(State.FRESH)
    assert lock.freshness(MANIFESTS[:1]) == Freshness(State.UNKNOWN)
    assert lock.freshness(MANIFESTS[1:]) == Freshness(State.UNKNOWN)
    edited = RawFile("a/pyproject.toml", MANIFEST.replace('"alpha>=1"', '"alpha>=2"').encode())
    (departure,) = lock.freshness((edited, MANIFESTS[1])).departures
    assert (departure.name, departure.words) == ("alpha", "alpha is >=2 now, not >=1")
    assert departure.place == Place("a/pyproject.toml", 0, 5, 18)


@pytest.mark.parametrize(
    ("manifest", "state"),
    [
        pytest.param(MANIFEST, State.UNKNOWN, id="as before"),
        pytest.param(MANIFEST.replace('"alpha>=1"', '"alpha>=1", "unheard-of"'), State.CHANGED, id="new"),
        pytest.param(MANIFEST.replace('"alpha>=1", ', ""), State.CHANGED, id="gone"),
        pytest.param(MANIFEST.replace("project]", "project").replace("[dep", "]["), State.UNKNOWN, id="no TOML"),
    ],
)
def test_lock_without_metadata(manifest: str, state: State) -> None:
    before, _, rest = LOCK.partition("[package.metadata]")
    text = before + rest[rest.index("[[package]]") :]
    manifest = manifest.replace("old = []", 'old = ["ring-a"]').replace("new = []", 'new = ["ring-b"]')
    freshness = lock_of(text).freshness((RawFile("a/pyproject.toml", manifest.encode()), MANIFESTS[1]))
    assert freshness.state is state


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        pytest.param(LOCK[:300], ProblemKind.UNREADABLE_FILE, "", id="truncated"),
        pytest.param("", ProblemKind.UNREADABLE_FILE, "names no version", id="empty"),
        pytest.param("six==1.0\n", ProblemKind.UNREADABLE_FILE, "", id="requirements"),
        pytest.param(
            LOCK.replace("version = 1", "version = 2", 1), ProblemKind.UNSUPPORTED_FORMAT, "version 2", id="newer"
        ),
        pytest.param(
            f"<<<<<<< a\n{LOCK}=======\n>>>>>>> b\n", ProblemKind.UNREADABLE_FILE, "merge conflict", id="merged"
        ),
    ],
)
def test_no_lock(text: str, kind: ProblemKind, words: str) -> None:
    reading = read(text)
    (problem,) = reading.problems
    assert problem.kind is kind
    assert words in problem.message
    assert "uv lock" in problem.remedy
    assert (reading.value.lock, reading.value.requirements) == (None, ())


def test_damaged_entries() -> None:
    entry = 'name = "a"\nsource = { registry = "x" }\ndependencies = [{ name = "b" }]\n'
    text = f"version = 1\n[[package]]\n{entry}[[package]]\n"
    reading = read(text)
    assert [(problem.message, problem.place.line) for problem in reading.problems] == [
        ("an entry without a name", 6),
        ("a: an entry without a version", 2),
        ("a: needs b, which has no entry", 2),
    ]
    assert [entry.name for entry in reading.value.requirements] == ["a"]


VALUES = st.sampled_from(["1", '"x"', "[]", "[[]]", "{ }", "[1]", "[{ }]", "true", "{ name = 1 }", '"<3.14"'])


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_nothing_raises(data: st.DataObject) -> None:
    texts = [mutated(data, LOCK), mutated(data, MANIFEST), mutated(data, CORE)]
    lock = read(texts[0]).value.lock
    if not lock:
        return
    manifests = tuple(RawFile(each.path, text.encode()) for each, text in zip(MANIFESTS, texts[1:], strict=True))
    lock.select(LINUX, manifests)
    lock.freshness(manifests)
    assert lock.manager
    assert pickle.loads(pickle.dumps(lock)) == lock


def mutated(data: st.DataObject, text: str) -> str:
    """Return a text in which values are of other types, or lines are gone or doubled."""
    lines = text.splitlines()
    for _ in range(data.draw(st.integers(0, 4))):
        number = data.draw(st.integers(0, len(lines) - 1))
        key, equals, _ = lines[number].partition(" = ")
        if equals and data.draw(st.booleans()):
            lines[number] = f"{key} = {data.draw(VALUES)}"
        else:
            lines[number : number + 1] = lines[number : number + 1] * data.draw(st.sampled_from([0, 0, 2]))
    return "\n".join(lines)


def test_time_is_linear() -> None:
    entry = '[[package]]\nname = "{}"\nversion = "1"\nsource = {{ {} = "." }}\ndependencies = [{{ name = "p{}" }}]\n'
    entries = (entry.format(f"p{i}", "registry", (i + 1) % 20_000) for i in range(20_000))
    text = "version = 1\n" + entry.format("root", "virtual", 0) + "".join(entries)
    begin = time.perf_counter()
    selection = lock_of(text).select(LINUX, ())
    assert len(selection.entries) == 20_000
    assert time.perf_counter() - begin < 10


def test_many_entries_of_one_name_take_linear_time() -> None:
    entry = '[[package]]\nname = "{}"\nversion = "{}"\nsource = {{ {} = "." }}\ndependencies = [\n{}]\n'
    edges = "".join(f'{{ name = "p", version = "{i}" }},\n' for i in range(10_000))
    text = "version = 1\n" + entry.format("root", "1", "virtual", edges)
    text += "".join(entry.format("p", i, "registry", "") for i in range(10_000))
    begin = time.perf_counter()
    assert len(lock_of(text).select(LINUX, ()).entries) == 10_000
    assert time.perf_counter() - begin < 10


@pytest.mark.parametrize(
    "groups",
    [
        pytest.param("".join(f'g{i} = [{{ include-group = "g{i + 1}" }}]\n' for i in range(3000)), id="long"),
        pytest.param(
            "".join(f'g{i} = [{{ include-group = "g{i + 1}" }}, {{ include-group = "g{i + 1}" }}]\n' for i in range(90))
            + 'g90 = ["late"]\n',
            id="doubled",
        ),
        pytest.param('a = [{ include-group = "b" }]\nb = [{ include-group = "a" }]\n', id="in a circle"),
    ],
)
def test_groups_that_include_without_end(groups: str) -> None:
    manifest = MANIFEST.replace('dev = ["late"]\n', f'dev = ["late"]\n{groups}')
    freshness = lock_of(LOCK).freshness((RawFile("a/pyproject.toml", manifest.encode()), MANIFESTS[1]))
    assert freshness.state is State.CHANGED


def test_choices_are_markers() -> None:
    assert marker_holds("extra == ''", {})
    assert not marker_holds("extra != ''", {})
