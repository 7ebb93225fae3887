"""Rules that compare locks with what is installed and with what they were made from."""

from __future__ import annotations

import pytest

from envcheck.judge.evidence.evidence import Evidence
from envcheck.judge.rules.base import RuleModule
from envcheck.judge.rules.conflicts import conflicting_requirements
from envcheck.judge.rules.drift import (
    build_drift,
    lock_drift,
    missing_distribution,
    python_drift,
    source_drift,
    unlocked_distribution,
    version_drift,
)
from envcheck.judge.rules.locks import orphaned_lock_entry, outdated_lock, uncovered_platform, unsatisfying_lock
from envcheck.model.locks import Departure, Manager, State
from envcheck.model.places import Place
from envcheck.model.requirements import DirectKind, DirectReference, Requirement, Role
from tests.support.evidence import (
    PREFIX,
    conda_package,
    conda_requirement,
    environment,
    evidence,
    installed,
    lock,
    locked,
    requirement,
    use,
)

PIP_TOOLS = Manager("pip-tools", "python -m pip install -r requirements.txt", "pip-compile requirements.in")
COMMIT, OTHER = "a" * 40, "b" * 40


def declared(text: str, *, group: str = "") -> Requirement:
    return requirement(text, path="pyproject.toml", line=5, group=group)


def in_conda_lock(text: str, *, hashes: tuple[str, ...] = ()) -> Requirement:
    return conda_requirement(text, path="conda-lock.yml", role=Role.LOCKED, hashes=hashes)


def found(rule: RuleModule, judged: Evidence) -> list[tuple[str, str]]:
    return [(f"{f.place.path}:{f.place.line}", f.distribution) for f in rule.check(judged)]


def python(demand: str, path: str = "uv.lock") -> Requirement:
    return requirement(f"python{demand}", path=path, role=Role.LOCKED)


def git(commit: str, *, editable: bool = False) -> DirectReference:
    return DirectReference(DirectKind.VCS, "https://git.example/lab/tools", commit=commit, editable=editable)


def folder(url: str, *, editable: bool = False) -> DirectReference:
    return DirectReference(DirectKind.PATH, url, editable=editable)


@pytest.mark.parametrize(
    ("entry", "version", "expected"),
    [
        pytest.param("pandas==2.1.4", "2.2.0", [("uv.lock:1", "pandas")], id="other version"),
        pytest.param("pandas==2.1.4", "2.1.4", [], id="same"),
        pytest.param("pandas==2.1", "2.1.0", [], id="same, written otherwise"),
        pytest.param("torch==2.4.1", "2.4.1+cu121", [], id="local build"),
        pytest.param("pandas==2.1.4", "None", [("uv.lock:1", "pandas")], id="broken metadata"),
    ],
)
def test_installed_version_is_compared_with_the_lock(entry: str, version: str, expected: object) -> None:
    judged = evidence([locked(entry)], environment(installed(entry.partition("==")[0], version)))
    assert found(lock_drift, judged) == expected


def test_message_names_both_ways_out() -> None:
    judged = evidence([locked("pandas==2.1.4")], environment(installed("pandas", "2.2.0")))
    (finding,) = lock_drift.check(judged)
    assert finding.message == (
        "pandas 2.2.0 is installed, but uv.lock locks 2.1.4; run uv sync, or uv lock if the lock is what is wrong"
    )


def test_lock_is_what_drift_is_judged_by() -> None:
    judged = evidence([declared("pandas<2.2"), locked("pandas==2.1.4")], environment(installed("pandas", "2.2.0")))
    assert found(version_drift, judged) == []
    assert found(lock_drift, judged) == [("uv.lock:1", "pandas")]


def test_an_export_of_a_lock_says_nothing_new() -> None:
    twice = [locked("pandas==2.1.4"), locked("pandas==2.1.4", path="requirements.txt")]
    judged = evidence(twice, environment(installed("pandas", "2.2.0")))
    assert found(lock_drift, judged) == [("requirements.txt:1", "pandas")]


def test_lock_that_is_only_shared_is_compared_where_it_stands() -> None:
    shared = lock(locked("pandas==2.1.4"), at_home=False)
    assert found(lock_drift, evidence(env=environment(installed("pandas", "2.2.0")), locks=[shared])) == []


@pytest.mark.parametrize(
    ("there", "missing", "other"),
    [
        pytest.param([], [("requirements.txt:1", "six")], [], id="not demanded"),
        pytest.param(["six 1.17.0", "pytest 8.0"], [], [("requirements-dev.txt:1", "pytest")], id="compared if there"),
        pytest.param(["six 1.16.0"], [], [("requirements.txt:1", "six")], id="no second opinion"),
    ],
)
def test_optional_lock_demands_nothing(there: list[str], missing: object, other: object) -> None:
    entries = [locked("pytest==9.0", path="requirements-dev.txt"), locked("six==1.16.0", path="requirements-dev.txt")]
    # In the order that evidence has them: the most binding first.
    locks = [lock(locked("six==1.17.0", path="requirements.txt")), lock(*entries, is_optional=True)]
    judged = evidence(env=environment(*(installed(*text.split()) for text in there)), locks=locks)
    assert found(missing_distribution, judged) == missing
    assert found(lock_drift, judged) == other
    assert found(unlocked_distribution, judged) == []


def test_lock_for_another_python_gives_way_to_one_for_this() -> None:
    older = lock(locked("six==1.16.0", path="py310.txt"), python=(python("==3.10.*"),))
    newer = lock(locked("six==1.17.0", path="py311.txt"), python=(python("==3.11.*"),))
    judged = evidence(env=environment(installed("six", "1.17.0")), locks=[older, newer])
    assert found(lock_drift, judged) == found(python_drift, judged) == []


def test_locks_for_another_python_say_so_once() -> None:
    locks = [lock(locked("six==1.17.0", path=path), python=(python("==3.8.*", path),)) for path in ("a.txt", "b.txt")]
    judged = evidence(env=environment(installed("six", "1.17.0")), locks=locks)
    assert found(python_drift, judged) == [("a.txt:1", "python")]


def test_message_names_a_command_that_helps() -> None:
    pip = Manager("pip", "pip install", "pip lock", "pip install --force-reinstall", "pip uninstall")
    there = environment(installed("six", "1.0+gpu"), installed("stray", "1.0"))
    judged = evidence(env=there, locks=[lock(locked("six==1.0"), manager=pip)])
    findings = (*build_drift.check(judged), *unlocked_distribution.check(judged))
    assert [finding.message.partition("; ")[2] for finding in findings] == [
        "run pip install --force-reinstall, or pip lock if the lock is what is wrong",
        "run pip uninstall stray, or declare it and run pip lock",
    ]


def test_what_is_declared_without_a_name_is_no_orphan() -> None:
    declared_tools = requirement("./tools", path="pyproject.toml", direct=folder("./tools", editable=True))
    entries = [locked("six==1.17.0"), locked("tools", line=2, direct=folder("tools", editable=True))]
    judged = evidence([declared("six"), declared_tools], environment(), locks=[lock(*entries)])
    assert found(orphaned_lock_entry, judged) == []


def test_in_a_kernel_of_its_own_only_imports_count() -> None:
    entries = [locked("pandas==2.1.4"), locked("numpy==1.26.4", line=2)]
    env = environment(installed("pandas", "2.2.0"), installed("numpy", "2.0.0"))
    judged = evidence(entries, env, uses=[use("numpy")], primary=False)
    assert found(lock_drift, judged) == [("uv.lock:2", "numpy")]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        pytest.param([locked("six==1.17.0")], [("uv.lock:1", "six")], id="locked only"),
        pytest.param([declared("six"), locked("six==1.17.0")], [("pyproject.toml:5", "six")], id="declared too"),
        pytest.param([declared("six", group="dev"), locked("six==1.17.0")], [("uv.lock:1", "six")], id="of a group"),
    ],
)
def test_missing_distribution_is_said_once(asked: list[Requirement], expected: object) -> None:
    assert found(missing_distribution, evidence(asked, environment())) == expected


def test_the_project_itself_may_be_left_out() -> None:
    fact = lock(locked("lab", direct=folder(".", editable=True)), own=("lab",))
    assert found(missing_distribution, evidence(env=environment(), locks=[fact])) == []


@pytest.mark.parametrize(
    ("wanted", "there", "words"),
    [
        pytest.param(git(COMMIT), git(OTHER), "commit bbbbbbbbbbbb, not at aaaaaaaaaaaa", id="commit"),
        pytest.param(git(COMMIT), git(COMMIT), "", id="same commit"),
        pytest.param(git(COMMIT), None, "from an index", id="release"),
        pytest.param(None, git(COMMIT), "but locked as release 1.0", id="repository"),
        pytest.param(folder("."), folder("file:///projects/lab", editable=True), "not locked so", id="editable"),
        pytest.param(folder(".", editable=True), folder("file:///projects/lab"), "not installed so", id="not editable"),
    ],
)
def test_source_is_compared_with_the_lock(
    wanted: DirectReference | None, there: DirectReference | None, words: str
) -> None:
    judged = evidence([locked("tools==1.0", direct=wanted)], environment(installed("tools", "1.0", direct=there)))
    messages = [finding.message for finding in source_drift.check(judged)]
    assert len(messages) == bool(words)
    assert all(words in message for message in messages)


def test_another_commit_explains_another_version() -> None:
    there = installed("tools", "1.1", direct=git(OTHER))
    judged = evidence([locked("tools==1.0", direct=git(COMMIT))], environment(there))
    assert found(lock_drift, judged) == []
    assert found(source_drift, judged) == [("uv.lock:1", "tools")]


@pytest.mark.parametrize(
    ("entry", "version", "expected"),
    [
        pytest.param("torch==2.4.1", "2.4.1+cu121", [("uv.lock:1", "torch")], id="local build, not locked"),
        pytest.param("torch==2.4.1+cpu", "2.4.1+cu121", [("uv.lock:1", "torch")], id="other local build"),
        pytest.param("torch==2.4.1+cpu", "2.4.1+cpu", [], id="same local build"),
        pytest.param("torch==2.4.1", "2.4.2+cu121", [], id="other version"),
    ],
)
def test_local_builds_are_compared_with_the_lock(entry: str, version: str, expected: object) -> None:
    judged = evidence([locked(entry)], environment(installed("torch", version)))
    assert found(build_drift, judged) == expected


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        pytest.param(in_conda_lock("zlib==1.3=h1_0"), "build h1_0, not h2_1", id="build"),
        pytest.param(in_conda_lock("zlib==1.3=h2_1"), "", id="same build"),
        pytest.param(in_conda_lock("bioconda::zlib==1.3=h2_1"), "channel bioconda, not of conda-forge", id="channel"),
        pytest.param(in_conda_lock("zlib==1.3=h2_1", hashes=("sha256:00",)), "another sha256 hash", id="hash"),
        pytest.param(in_conda_lock("zlib==1.3=h2_1", hashes=("sha256:11", "md5:22")), "", id="same hash"),
    ],
)
def test_conda_builds_are_compared_with_the_lock(entry: Requirement, words: str) -> None:
    judged = evidence([entry], environment(packages=(conda_package("zlib", "1.3", "h2_1", sha256="11"),)))
    messages = [finding.message for finding in build_drift.check(judged)]
    assert len(messages) == bool(words)
    assert all(words in message for message in messages)


def test_locked_python_is_compared_by_its_own_rule() -> None:
    env = environment(packages=(conda_package("python", "3.11.7", "h1_0"),))
    judged = evidence([in_conda_lock("python==3.12.1=h1_0")], env)
    assert found(lock_drift, judged) == []
    assert found(python_drift, judged) == [("conda-lock.yml:1", "python")]


def test_demand_of_a_lock_is_not_said_twice() -> None:
    demands = [requirement("python>=3.12", path=path) for path in ("pyproject.toml", "uv.lock")]
    fact = lock(locked("six==1.0"), python=(demands[1],))
    assert found(python_drift, evidence(env=environment(), locks=[fact])) == [("uv.lock:1", "python")]


EXTRA = [("uv.lock:0", "seaborn")]


@pytest.mark.parametrize(
    ("env", "expected"),
    [
        pytest.param(environment(installed("six", "1.0"), installed("seaborn", "0.13")), EXTRA, id="by hand"),
        pytest.param(environment(installed("pip", "24"), installed("setuptools", "70")), [], id="installers"),
        pytest.param(environment(installed("lab", "0.1")), [], id="the project"),
        pytest.param(environment(installed("seaborn", "0.13", leaked=True)), [], id="from outside"),
        pytest.param(
            environment(installed("six", "1.0", requires=("seaborn",)), installed("seaborn", "0.13")), [], id="needed"
        ),
    ],
)
def test_what_no_lock_knows_is_reported(env: object, expected: object) -> None:
    judged = evidence(env=env, locks=[lock(locked("six==1.0"), own=("lab",))])  # type: ignore[arg-type]
    assert found(unlocked_distribution, judged) == expected


@pytest.mark.parametrize(
    ("asked", "entry", "expected"),
    [
        pytest.param("pandas>=2.2", "pandas==2.1.4", [("pyproject.toml:5", "pandas")], id="version too low"),
        pytest.param("pandas>=2.1", "pandas==2.1.4", [], id="satisfied"),
        pytest.param("rich", "pandas==2.1.4", [("pyproject.toml:5", "rich")], id="not locked"),
        pytest.param(
            "pandas>=2.2; python_version < '3'", "pandas==2.1.4", [("pyproject.toml:5", "pandas")], id="other"
        ),
        pytest.param("lab[gpu]", "pandas==2.1.4", [], id="the project's own extra"),
    ],
)
def test_lock_is_compared_with_declarations(asked: str, entry: str, expected: object) -> None:
    judged = evidence([declared(asked)], environment(), locks=[lock(locked(entry), own=("lab",))])
    assert found(unsatisfying_lock, judged) == expected


def test_what_is_for_other_platforms_need_not_be_locked() -> None:
    asked = declared("pywin32; sys_platform == 'win32'")
    judged = evidence([asked], environment(), locks=[lock(locked("six==1.0"))], inapplicable=[asked])
    assert found(unsatisfying_lock, judged) == []


def test_other_files_are_not_what_the_lock_is_made_from() -> None:
    asked = requirement("pandas>=2.2", path="environment.yml")
    assert found(unsatisfying_lock, evidence([asked], environment(), locks=[lock(locked("pandas==2.1"))])) == []


NEW = Departure("rich is new", "rich", Place("pyproject.toml", 0, 7))


@pytest.mark.parametrize(
    ("asked", "state", "departures", "expected"),
    [
        pytest.param("six", State.CHANGED, (), [("pyproject.toml:0", "")], id="hash"),
        pytest.param("six", State.CHANGED, (NEW,), [("pyproject.toml:7", "rich")], id="named"),
        pytest.param("six", State.FRESH, (), [], id="fresh"),
        pytest.param("six", State.UNKNOWN, (), [], id="unknown"),
        pytest.param("six>=2", State.CHANGED, (), [], id="unsatisfied, which is worse"),
    ],
)
def test_changed_inputs_are_reported(
    asked: str, state: State, departures: tuple[Departure, ...], expected: object
) -> None:
    fact = lock(locked("six==1.0"), state=state, departures=departures)
    assert found(outdated_lock, evidence([declared(asked)], environment(), locks=[fact])) == expected


def test_lock_for_other_platforms_is_reported() -> None:
    fact = lock(in_conda_lock("zlib==1.3=h1_0"), uncovered="made for osx-64")
    env = environment(packages=(conda_package("zlib", "1.3", "h1_0"),))
    assert found(uncovered_platform, evidence(env=env, locks=[fact])) == [("conda-lock.yml:0", "")]


def test_one_lock_for_each_platform_is_fine() -> None:
    mac = lock(in_conda_lock("zlib==1.3=h9_0"), path="conda-osx-64.lock", uncovered="made for osx-64")
    here = lock(in_conda_lock("zlib==1.3=h1_0"), path="conda-linux-64.lock")
    env = environment(packages=(conda_package("zlib", "1.3", "h1_0"),))
    assert found(uncovered_platform, evidence(env=env, locks=[mac, here])) == []


def test_conda_lock_beside_another_sort_of_environment_is_said_once() -> None:
    judged = evidence([in_conda_lock("zlib==1.3=h1_0"), in_conda_lock("xz==5=h1_0")], environment())
    assert found(missing_distribution, judged) == []
    (finding,) = uncovered_platform.check(judged)
    assert f"{PREFIX} was not made by conda" in finding.message


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        pytest.param([locked("six==1.0"), locked("rich==13.7", line=2)], [("uv.lock:2", "rich")], id="left over"),
        pytest.param([locked("six==1.0", needs=("rich",)), locked("rich==13.7", line=2)], [], id="needed"),
        pytest.param([locked("rich==13.7")], [], id="nothing to start from"),
        pytest.param([locked("six==1.0"), locked("setuptools==70")], [], id="installer"),
    ],
)
def test_what_nothing_needs_is_reported(entries: list[Requirement], expected: object) -> None:
    judged = evidence([declared("six")], environment(), locks=[lock(*entries)])
    assert found(orphaned_lock_entry, judged) == expected


def test_two_locks_that_exclude_each_other_are_one_finding() -> None:
    entries = [locked("six==1.0"), locked("rich==13.7", line=2)]
    others = [
        locked("six==1.1", path="requirements.txt", line=3),
        locked("rich==13.8", path="requirements.txt", line=4),
    ]
    locks = [lock(*entries), lock(*others, manager=PIP_TOOLS)]
    judged = evidence(env=environment(), locks=locks)
    (finding,) = conflicting_requirements.check(judged)
    assert "six 1.1 here and 1.0 in uv.lock:1 exclude each other, and so do 1 more" in finding.message
