"""pixi.lock: what is locked, what is selected for a target, and everything that can be wrong with such a file."""

from __future__ import annotations

import pickle
import time
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given, settings

from envcheck.gather.declarations import pixi_lock
from envcheck.model.declarations import Declaration, LinkKind
from envcheck.model.locks import Lock, Selection, Target
from envcheck.model.names import Ecosystem
from envcheck.model.readings import ProblemKind, RawFile, Reading
from envcheck.model.requirements import DirectKind, Requirement, Role
from tests.support.mutants import mutants, texts
from tests.support.pixi_locks import CHANNEL, COMMIT, LOCKS, MD5, SHA256, V6, V7

LINUX = {"sys_platform": "linux", "python_version": "3.12", "python_full_version": "3.12.0"}
PYPROJECT = """\
[project]
name = "demo"
[tool.pixi.workspace]
channels = ["https://conda.example/forge"]
platforms = ["linux-64"]
[tool.pixi.pypi-dependencies]
demo = { path = ".", editable = true, extras = ["show"] }
"""


def read(text: str, path: str = "pixi.lock") -> Reading[Declaration]:
    return pixi_lock.read(RawFile(path, text.encode()))


def lock_of(text: str) -> Lock:
    lock = read(text).value.lock
    assert lock
    return lock


def select(text: str, platform: str = "linux-64", *groups: str, manifest: str = "") -> Selection:
    manifests = (RawFile("pyproject.toml", manifest.encode()),) if manifest else ()
    return lock_of(text).select(Target("3.12.0", platform, LINUX, groups=groups), manifests)


def named(entries: Sequence[Requirement], name: str) -> Requirement:
    return next(entry for entry in entries if entry.name == name)


@pytest.mark.parametrize(("path", "claimed"), [("pixi.lock", True), ("a/pixi.lock", True), ("pixi.lock.yml", False)])
def test_claims(path: str, claimed: bool) -> None:
    assert pixi_lock.claims(path) is claimed


@pytest.mark.parametrize("name", LOCKS)
def test_versions_are_read(name: str) -> None:
    reading = read(LOCKS[name])
    assert reading.problems == ()
    assert (reading.value.governs, reading.value.unread) == (False, False)
    assert all(entry.role is Role.LOCKED for entry in reading.value.requirements)
    assert pickle.loads(pickle.dumps(reading.value)) == reading.value


def test_conda_package_is_told_from_its_file_name() -> None:
    entry = named(read(V7).value.requirements, "ld_impl_linux-64")
    assert (entry.ecosystem, entry.raw) == (Ecosystem.CONDA, "ld_impl_linux-64=2.40=hf3520f5_1")
    assert entry.constraint.exact == "2.40"
    assert (entry.channel, entry.platform, entry.hashes) == (
        CHANNEL,
        "linux-64",
        (f"md5:{MD5}", f"sha256:{SHA256}"),
    )
    assert V7.splitlines()[entry.place.line - 1].startswith("- conda:")


def test_entries_stand_once_for_the_platform_that_alone_has_them() -> None:
    requirements = read(V7).value.requirements
    assert len(requirements) == 9
    assert [(r.name, r.platform, r.group) for r in requirements if r.name in ("python", "numpy-base")] == [
        ("python", "linux-64", ""),
        ("python", "linux-64", ""),
        ("numpy-base", "", ""),
    ]


@pytest.mark.parametrize(
    ("name", "kind", "url", "revision", "commit"),
    [
        ("demo", DirectKind.PATH, ".", "", ""),
        ("flask", DirectKind.VCS, "https://index.example/a/flask.git", "v3", COMMIT),
        ("click", DirectKind.URL, "https://index.example/click-8.1.7-py3-none-any.whl", "", ""),
        ("built", DirectKind.PATH, "packages/built", "", ""),
    ],
)
def test_direct_references(name: str, kind: DirectKind, url: str, revision: str, commit: str) -> None:
    direct = named(read(V7).value.requirements, name).direct
    assert direct
    assert (direct.kind, direct.url, direct.revision, direct.commit) == (kind, url, revision, commit)


def test_file_of_an_index_names_its_index() -> None:
    rich = named(select(V7).entries, "rich")
    assert (rich.direct, rich.index) == (None, "https://index.example/simple")


@pytest.mark.parametrize(("text", "editable"), [(V6, True), (V7, False)], ids=["version 6", "version 7"])
def test_lock_tells_editables_before_version_7(text: str, editable: bool) -> None:
    direct = named(select(text).entries, "demo").direct
    assert direct
    assert direct.editable is editable


def test_manifest_tells_editables() -> None:
    direct = named(select(V7, manifest=PYPROJECT).entries, "demo").direct
    assert direct
    assert direct.editable


def test_own_name() -> None:
    assert select(V7).own == {"demo"}


@pytest.mark.parametrize(
    ("manifest", "needs"),
    [("", {"flask", "rich", "pytest"}), (PYPROJECT, {"flask", "rich"}), (PYPROJECT.replace("show", "x"), {"flask"})],
    ids=["unknown extras count", "wanted extra", "unknown extra"],
)
def test_needs_follow_extras(manifest: str, needs: set[str]) -> None:
    assert set(named(select(V7, manifest=manifest).entries, "demo").needs) == needs


def test_needs_follow_markers_and_leave_out_the_machine() -> None:
    entries = select(V7).entries
    assert named(entries, "click").needs == ()
    assert named(entries, "python").needs == ("ld_impl_linux-64",)


@pytest.mark.parametrize(
    ("platform", "groups", "names"),
    [
        (
            "linux-64",
            (),
            ["ld_impl_linux-64", "python", "numpy-base", "built", "demo", "flask", "click", "rich"],
        ),
        ("win-64", (), ["numpy-base"]),
        ("linux-64", ("test",), ["python"]),
        ("win-64", ("of-another-tool",), ["numpy-base"]),
    ],
    ids=["default", "another platform", "another environment", "a group that is no environment"],
)
def test_selection(platform: str, groups: tuple[str, ...], names: list[str]) -> None:
    selection = select(V7, platform, *groups)
    assert [entry.name for entry in selection.entries] == names
    assert {entry.platform for entry in selection.entries} == {platform}
    assert selection.uncovered == ""


@pytest.mark.parametrize(
    ("text", "platform", "groups", "words"),
    [
        (V7, "osx-64", (), "made for linux-64 and win-64"),
        (V7, "win-64", ("test",), "made for linux-64"),
        (V7.replace("  default:", "  other:"), "linux-64", (), "has no environment default"),
        ("version: 6\nenvironments:\n  default:\n    packages: {}\n", "linux-64", (), "is locked for no platform"),
    ],
)
def test_uncovered(text: str, platform: str, groups: tuple[str, ...], words: str) -> None:
    selection = select(text, platform, *groups)
    assert words in selection.uncovered
    assert selection.entries == ()


def test_links_and_python_and_manager() -> None:
    declaration = read(V7).value
    assert [(link.kind, link.target, link.place.line) for link in declaration.links] == [
        (LinkKind.CHANNEL, f"{CHANNEL}/", 12),
        (LinkKind.INDEX, "https://index.example/simple", 14),
    ]
    assert declaration.python == ()
    assert [r.constraint.exact for r in read(V6).value.python] == ["3.12.0"]
    lock = lock_of(V7)
    assert (lock.manager.follow, lock.manager.renew) == ("pixi install --locked", "pixi lock")
    assert lock.knows_needs
    assert read(V7, "a/pixi.lock").value.lock
    assert lock.made_from == ("pixi.toml", "pyproject.toml", "mojoproject.toml")


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("", ProblemKind.UNREADABLE_FILE, "empty"),
        ("[]", ProblemKind.UNREADABLE_FILE, "no version"),
        ("a: [", ProblemKind.UNREADABLE_FILE, ""),
        ("version: 8\n", ProblemKind.UNSUPPORTED_FORMAT, "version 8"),
        ("version: 3\npackage: []\n", ProblemKind.UNSUPPORTED_FORMAT, "version 3"),
        ("environments: {}\n", ProblemKind.UNSUPPORTED_FORMAT, "without version"),
        (
            V7.replace("packages:\n- conda", "<<<<<<< ours\npackages:\n- conda"),
            ProblemKind.UNREADABLE_FILE,
            "merge conflict",
        ),
        ("version: 6\na: " + "[" * 100_000, ProblemKind.UNREADABLE_FILE, "nested deeper"),
    ],
)
def test_what_cannot_be_read_is_no_lock(text: str, kind: ProblemKind, words: str) -> None:
    reading = read(text)
    (problem,) = reading.problems
    assert problem.kind is kind
    assert words in problem.message
    assert (reading.value.lock, reading.value.requirements) == (None, ())


def test_missing_package_is_said_and_the_others_stay() -> None:
    text = V7.replace(
        "- conda: https://conda.example/forge/noarch/numpy-base-1.26.4-py_0.conda\n  depends", "- x: y\n  z"
    )
    reading = read(text)
    assert [problem.place.line > 0 for problem in reading.problems] == [True, True]
    assert "numpy-base-1.26.4-py_0.conda for linux-64 and 1 more" in reading.problems[1].message
    assert len(select(text).entries) == 7


def test_same_location_for_several_platforms() -> None:
    assert [named(select(V6, platform).entries, "built").raw for platform in ("linux-64", "osx-64")] == [
        "built=1.10=h1_0",
        "built=1.10=h2_0",
    ]


@settings(max_examples=60)
@given(mutants(tuple(LOCKS.values())) | texts())
def test_mutants_never_raise(text: str) -> None:
    lock = read(text).value.lock
    if lock:
        manifest = RawFile("pyproject.toml", PYPROJECT.encode())
        for groups in ((), ("test",)):
            lock.select(Target("", "linux-64", groups=groups), (manifest,))
        lock.freshness((manifest,))


def cycle() -> str:
    entries = "".join(
        f"- conda: {CHANNEL}/noarch/p{n}-1-0.conda\n  depends:\n  - p{(n + 1) % 2000}\n" for n in range(2000)
    )
    listed = "".join(f"      - conda: {CHANNEL}/noarch/p{n}-1-0.conda\n" for n in range(2000))
    return f"version: 6\nenvironments:\n  default:\n    packages:\n      linux-64:\n{listed}packages:\n{entries}"


def aliases() -> str:
    listed = "".join(f"      - conda: p{n}\n" for n in range(2000))
    more = "".join(f"      linux-{n}: *a\n" for n in range(2000))
    return f"version: 6\nenvironments:\n  default:\n    packages:\n      linux-64: &a\n{listed}{more}packages: []\n"


def same_location() -> str:
    listed = "      - conda: ./p\n" * 4000
    entries = "- conda: ./p\n  name: p\n" * 4000
    return f"version: 6\nenvironments:\n  default:\n    packages:\n      linux-64:\n{listed}packages:\n{entries}"


def channels() -> str:
    listed = "".join(f"    - url: c{n}\n" for n in range(4000))
    more = "".join(f"  e{n}:\n    channels: *a\n" for n in range(4000))
    return f"version: 6\nenvironments:\n  default:\n    channels: &a\n{listed}{more}packages: []\n"


BOMBS: Mapping[str, str] = {
    "cycle": cycle(),
    "aliases": aliases(),
    "one location": same_location(),
    "channels": channels(),
}


@pytest.mark.parametrize("name", BOMBS)
def test_time_is_bounded(name: str) -> None:
    start = time.perf_counter()
    lock = read(BOMBS[name]).value.lock
    if lock:
        lock.select(Target("", "linux-64"), ())
        lock.freshness((RawFile("pixi.toml", b"[workspace]\nplatforms = ['linux-64']\n[dependencies]\np0 = '*'\n"),))
    assert time.perf_counter() - start < 5
