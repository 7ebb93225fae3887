"""Pipfile and Pipfile.lock: categories, what entries say, what is no lock."""

from __future__ import annotations

import json
import pickle
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from envcheck.gather.declarations import pipfile, pipfile_lock
from envcheck.model.declarations import Declaration
from envcheck.model.locks import Freshness, Lock, State, Target
from envcheck.model.readings import ProblemKind, RawFile, Reading
from envcheck.model.requirements import DirectKind, DirectReference

PIPFILE = """\
[[source]]
name = "pypi"
url = "https://user:secret@index.example/simple"
verify_ssl = true

[packages]
Pandas = "*"
numpy = ">=1.26,<3"
bare = "1.2"
tabled = {version = "==2.0", extras = ["b", "a"], markers = "python_version < '3.12'", os_name = "== 'posix'"}
tagged = {git = "https://example.org/tagged.git", ref = "v1", subdirectory = "py"}
inline = {git = "ssh://git@example.org/inline@9681f99119b1f2cc377026504e81b28fb91ad17a"}
archive = {file = "https://example.org/a-1.0.tar.gz"}
e1839a8 = {path = ".", editable = true}
    indented = {path = "./libs/x"}

[packages.long]
version = "~=1.0"

[dev-packages]
pytest = "*"

[docs]
sphinx = "<8"

[requires]
python_version = "3.11"

[scripts]
run = "python"
[pipenv]
allow_prereleases = true
"""
ENTRIES: dict[str, dict[str, object]] = {
    "_meta": {
        "hash": {"sha256": "0" * 64},
        "pipfile-spec": 6,
        "requires": {"python_version": "3.11"},
        "sources": [
            {"name": "pypi", "url": "https://index.example/simple", "verify_ssl": True},
            {"name": "more", "url": "https://more.example/simple", "verify_ssl": True},
        ],
    },
    "default": {
        "pandas": {
            "hashes": ["sha256:aa"],
            "index": "more",
            "markers": "python_version >= '3.9'",
            "version": "==2.1.4",
        },
        "numpy": {"hashes": ["sha256:bb", "sha256:cc"], "version": "==1.26.4"},
        "colorama": {"version": "*"},
        "tagged": {"git": "https://example.org/tagged.git", "ref": "9681f99119b1f2cc377026504e81b28fb91ad17a"},
        "here": {"editable": True, "path": "."},
    },
    "develop": {
        "pytest": {"version": "==8.0", "extras": ["x"]},
        "numpy": {"version": "==1.26.4", "markers": "sys_platform == 'win32'"},
    },
    "docs": {"sphinx": {"version": "==7.0"}},
}
LOCK = json.dumps(ENTRIES, indent=4)
LINUX = {"sys_platform": "linux", "python_version": "3.11", "python_full_version": "3.11.7"}


def manifest(text: str = PIPFILE) -> Reading[Declaration]:
    return pipfile.read(RawFile("Pipfile", text.encode()))


def read(text: str) -> Reading[Declaration]:
    return pipfile_lock.read(RawFile("Pipfile.lock", text.encode()))


def lock_of(text: str = LOCK) -> Lock:
    lock = read(text).value.lock
    assert lock
    return lock


def freshness(text: str) -> Freshness:
    return lock_of().freshness((RawFile("Pipfile", text.encode()),))


def test_what_a_pipfile_declares() -> None:
    reading = manifest()
    assert reading.problems == ()
    assert [(r.name, r.constraint.text, r.group, r.place.line, r.place.column) for r in reading.value.requirements] == [
        ("pandas", "", "", 7, 11),
        ("numpy", ">=1.26,<3", "", 8, 10),
        ("bare", "==1.2", "", 9, 9),
        ("tabled", "==2.0", "", 10, 22),
        ("tagged", "", "", 11, 1),
        ("inline", "", "", 12, 1),
        ("archive", "", "", 13, 1),
        ("", "", "", 14, 1),
        ("indented", "", "", 15, 5),
        ("long", "~=1.0", "", 18, 12),
        ("pytest", "", "dev-packages", 21, 11),
        ("sphinx", "<8", "docs", 24, 11),
    ]
    tabled = reading.value.requirements[3]
    assert (tabled.extras, tabled.marker) == (("a", "b"), 'python_version < "3.12" and os_name == "posix"')
    assert tabled.raw == "==2.0"


def test_where_a_pipfile_takes_things_from() -> None:
    directs = {r.shown_name: r.direct for r in manifest().value.requirements if r.direct}
    commit = "9681f99119b1f2cc377026504e81b28fb91ad17a"
    assert directs == {
        "tagged": DirectReference(DirectKind.VCS, "https://example.org/tagged.git", revision="v1", subdirectory="py"),
        "inline": DirectReference(DirectKind.VCS, "ssh://git@example.org/inline", revision=commit, commit=commit),
        "archive": DirectReference(DirectKind.URL, "https://example.org/a-1.0.tar.gz"),
        "": DirectReference(DirectKind.PATH, ".", editable=True),
        "indented": DirectReference(DirectKind.PATH, "./libs/x"),
    }


def test_python_and_indexes() -> None:
    declaration = manifest().value
    assert declaration.governs
    assert [(r.name, r.raw, r.place.line) for r in declaration.python] == [("python", "==3.11.*", 27)]
    assert [(link.target, link.place.line) for link in declaration.links] == [
        ("https://user:secret@index.example/simple", 3)
    ]
    full = manifest('[requires]\npython_version = "3.11"\npython_full_version = "3.11.4"\n').value
    assert [r.raw for r in full.python] == ["==3.11.4"]


@pytest.mark.parametrize(
    ("text", "kind", "line"),
    [
        ("[packages\n", ProblemKind.UNREADABLE_FILE, 1),
        ('[packages]\nnumpy = "^1"\n', ProblemKind.INVALID_REQUIREMENT, 2),
        ('[packages]\nnumpy = {version = "*", markers = "never"}\n', ProblemKind.INVALID_REQUIREMENT, 2),
        ("[packages]\nnumpy = 1\n", ProblemKind.INVALID_REQUIREMENT, 0),
        ('[requires]\npython_version = "three"\n', ProblemKind.INVALID_REQUIREMENT, 2),
    ],
    ids=["no TOML", "poetry's operator", "no marker", "number", "Python"],
)
def test_what_pipenv_refuses(text: str, kind: ProblemKind, line: int) -> None:
    (problem,) = manifest(text).problems
    assert (problem.kind, problem.place.line) == (kind, line)
    assert problem.remedy


@pytest.mark.parametrize("indent", [4, 2, "\t"], ids=repr)
def test_locked_entries_stand_where_their_keys_do(indent: int | str) -> None:
    reading = read(json.dumps(ENTRIES, indent=indent))
    assert reading.problems == ()
    assert [(r.raw, r.group, r.place.line) for r in reading.value.requirements] == [
        ("pandas==2.1.4", "", 24),
        ("numpy==1.26.4", "", 32),
        ("colorama", "", 39),
        ("tagged", "", 42),
        ("here", "", 46),
        ("pytest==8.0", "dev-packages", 52),
        ("numpy==1.26.4", "dev-packages", 58),
        ("sphinx==7.0", "docs", 64),
    ]
    pandas, numpy, _, tagged, *_ = reading.value.requirements
    assert (pandas.index, numpy.index) == ("https://more.example/simple", "https://index.example/simple")
    assert numpy.hashes == ("sha256:bb", "sha256:cc")
    assert tagged.direct
    assert tagged.direct.commit == "9681f99119b1f2cc377026504e81b28fb91ad17a"
    assert [link.target for link in reading.value.links] == [
        "https://index.example/simple",
        "https://more.example/simple",
    ]
    assert [r.raw for r in reading.value.python] == ["==3.11.*"]


def test_lock_on_one_line_has_no_places() -> None:
    assert {r.place.line for r in read(json.dumps(ENTRIES)).value.requirements} == {0}


@pytest.mark.parametrize(
    ("groups", "default", "names"),
    [
        ((), True, "pandas numpy colorama tagged here"),
        (("dev",), True, "pandas numpy colorama tagged here pytest"),
        (("develop",), False, "pytest"),
        (("dev-packages", "Docs"), False, "pytest sphinx"),
        ((), False, ""),
    ],
)
def test_selection_by_category(groups: tuple[str, ...], default: bool, names: str) -> None:
    selection = lock_of().select(Target("3.11.7", "", LINUX, (), groups, default), ())
    assert " ".join(entry.name for entry in selection.entries) == names
    assert (selection.own, selection.uncovered) == (frozenset({"here"}), "")


def test_markers_choose_and_the_last_category_stays() -> None:
    markers = {**LINUX, "sys_platform": "win32", "python_version": "3.8"}
    selection = lock_of().select(Target("3.8.1", "", markers, (), ("dev",)), ())
    assert [(entry.name, entry.group) for entry in selection.entries][-1] == ("numpy", "dev-packages")
    assert "pandas" not in [entry.name for entry in selection.entries]


def test_departures_are_named_where_they_stand() -> None:
    found = freshness(PIPFILE.replace('"<8"', '"<7"').replace("3.11", "3.12"))
    assert found.state is State.CHANGED
    assert [
        (d.words, d.place and d.place.line) for d in found.departures if d.name not in ("bare", "tabled", "long")
    ] == [
        ("inline is new", 12),
        ("archive is new", 13),
        ("e1839a8 is new", 14),
        ("indented is new", 15),
        ("sphinx<7 does not allow 7.0, which is locked", 24),
        ("python_version is 3.12, locked for 3.11", 27),
        ("the sources are others", 3),
    ]


def test_freshness_that_nobody_can_tell() -> None:
    assert lock_of().freshness(()).state is State.UNKNOWN
    assert freshness("[packages").state is State.UNKNOWN
    # Another index was recorded than the usual one, whose name the Pipfile does not say.
    assert freshness('[packages]\n[requires]\npython_version = "3.11"\n').state is State.UNKNOWN


@pytest.mark.parametrize(
    ("text", "kind", "says"),
    [
        ("", ProblemKind.UNREADABLE_FILE, "no JSON"),
        (LOCK[:700], ProblemKind.UNREADABLE_FILE, "no JSON"),
        ("[]", ProblemKind.UNREADABLE_FILE, "no JSON object"),
        ("[" * 100_000, ProblemKind.UNREADABLE_FILE, ""),
        (f"<<<<<<< HEAD\n{LOCK}", ProblemKind.UNREADABLE_FILE, "merge conflict"),
        (LOCK.replace('"pipfile-spec": 6', '"pipfile-spec": 7'), ProblemKind.UNSUPPORTED_FORMAT, "pipfile-spec 7"),
        ("{}", ProblemKind.UNSUPPORTED_FORMAT, "no pipfile-spec"),
    ],
    ids="empty truncated list deep conflict newer nothing".split(),
)
def test_what_is_no_lock_is_said_and_not_guessed(text: str, kind: ProblemKind, says: str) -> None:
    reading = read(text)
    (problem,) = reading.problems
    assert problem.kind is kind
    assert says in problem.message
    assert "pipenv lock" in problem.remedy
    assert (reading.value.lock, reading.value.requirements) == (None, ())


def test_entry_that_cannot_be_one_is_a_finding_and_the_others_are_read() -> None:
    reading = read(LOCK.replace('"==7.0"', '"=>7"').replace('{\n            "version": "*"\n        }', "3"))
    assert [(p.kind, p.place.line) for p in reading.problems] == [
        (ProblemKind.INVALID_REQUIREMENT, 39),
        (ProblemKind.INVALID_REQUIREMENT, 62),
    ]
    assert len(reading.value.requirements) == 6


def test_lock_can_be_sent_to_another_process() -> None:
    assert pickle.loads(pickle.dumps(lock_of())) == lock_of()


def test_time_is_linear() -> None:
    default = {f"{name}-{n}": spec for n in range(2000) for name, spec in ENTRIES["default"].items()}
    start = time.process_time()
    lock = lock_of(json.dumps({**ENTRIES, "default": default}, indent=4))
    assert len(lock.select(Target("3.11.7", "", LINUX), ()).entries) == 10_000
    assert time.process_time() - start < 5


PIECES = (
    "",
    '"',
    "[",
    "]",
    "{",
    "}",
    ":",
    "=",
    ",",
    "\n",
    "null",
    "0",
    "1e999",
    "é",
    "\\",
    '"version": 1,',
    "1979-05-27",
)


@st.composite
def mutants(draw: st.DrawFn, text: str) -> bytes:
    """Return a text with some pieces taken out and others put in."""
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(text)))
        text = text[:start] + draw(st.sampled_from(PIECES)) + text[start + draw(st.integers(0, 12)) :]
    return text.encode()


@settings(max_examples=300)
@given(mutants(LOCK), mutants(PIPFILE))
def test_nothing_raises(data: bytes, text: bytes) -> None:
    pipfile.read(RawFile("Pipfile", text))
    lock = pipfile_lock.read(RawFile("Pipfile.lock", data)).value.lock or lock_of()
    lock.select(Target("", "", {}), ())
    lock.select(Target("3.11.7", "", LINUX, ("viz",), ("dev", "docs")), ())
    lock.freshness((RawFile("Pipfile", text),))
