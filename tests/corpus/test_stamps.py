"""Every notebook of the corpus stamped under git: lines are only added, and unstamping gives the bytes back."""

from __future__ import annotations

import json
import shutil
import subprocess
import warnings
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
import pytest

from envcheck.gather.documents.notebook_metadata import with_value, without_value
from envcheck.model.stampings import Outcome, Stamping, State
from tests.support.environments import build_environment
from tests.support.stamps import stamp_all, unstamp_all, verify_all

pytestmark = pytest.mark.corpus

PYTHON = 378
"""So many notebooks are in Python (or say nothing else), of nbformat 4, and valid JSON."""
REFUSED = 21
"""So many are of nbformat 2 or 3; one has no cells."""
FOREIGN = 24
EMPTY = '"metadata": {}'
DISTRIBUTIONS = [
    {"name": "numpy", "version": "1.26.4"},
    {"name": "pandas", "version": "2.2.0", "requires": ["numpy", "python-dateutil"]},
    {"name": "python-dateutil", "version": "2.9.0.post0", "modules": ["dateutil/__init__.py"], "requires": ["six"]},
    {"name": "six", "version": "1.16.0", "modules": ["six.py"]},
    {"name": "matplotlib", "version": "3.8.4", "requires": ["numpy", "pillow"]},
    {"name": "pillow", "version": "10.3.0", "modules": ["PIL/__init__.py"]},
]


@dataclass
class Copy:
    """The notebooks of the corpus in a repository of their own, before and after they were stamped."""

    folder: Path
    before: dict[str, bytes]
    stamped: dict[str, Stamping] = field(default_factory=dict)

    def now(self, path: str) -> bytes:
        return (self.folder / path).read_bytes()

    def of(self, *outcomes: Outcome) -> list[str]:
        return sorted(path for path, stamping in self.stamped.items() if stamping.outcome in outcomes)


def git(folder: Path, *words: str) -> str:
    author = ("-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "core.quotePath=false")
    done = subprocess.run(["git", *author, *words], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout


@pytest.fixture(scope="module")
def copy(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """Return a copy of all notebooks, stamped with the versions of a small environment."""
    place = tmp_path_factory.mktemp("stamps")
    folder, prefix = place / "copy", place / "environment"
    build_environment(prefix, {"python": "3.11.7", "distributions": DISTRIBUTIONS})
    before = {}
    for path in sorted(corpus.rglob("*.ipynb")):
        name = path.relative_to(corpus).as_posix().replace(".ipynb_checkpoints", "checkpoints")
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, folder / name)
        before[name] = path.read_bytes()
    git(folder, "init", "-q")
    git(folder, "config", "core.autocrlf", "false")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "as it was")
    found = Copy(folder, before)
    found.stamped = {stamping.file: stamping for stamping in stamp_all(folder, prefix)}
    return found


def test_every_notebook_is_stamped_or_refused_with_a_reason(copy: Copy) -> None:
    assert sorted(copy.stamped) == sorted(copy.before)
    assert {s.outcome for s in copy.stamped.values()} <= {Outcome.NEW, Outcome.REFUSED, Outcome.LEFT_ALONE}
    assert [path for path in copy.of(Outcome.REFUSED, Outcome.LEFT_ALONE) if not copy.stamped[path].reason] == []
    counts = [len(copy.of(outcome)) for outcome in (Outcome.NEW, Outcome.REFUSED, Outcome.LEFT_ALONE)]
    assert counts == [PYTHON, REFUSED, FOREIGN]


def test_refused_notebooks_are_untouched(copy: Copy) -> None:
    assert [p for p in copy.of(Outcome.REFUSED, Outcome.LEFT_ALONE) if copy.now(p) != copy.before[p]] == []


def test_git_sees_no_removed_line_but_of_empty_metadata_and_one_line_files(copy: Copy) -> None:
    changes = [line.split("\t") for line in git(copy.folder, "diff", "--numstat").splitlines()]
    assert len(changes) == PYTHON
    for added, removed, path in changes:
        assert int(added) > 0, path
        if removed != "0":
            lines = git(copy.folder, "diff", "-U0", "--", path).splitlines()
            gone = [line[1:].strip().rstrip(",") for line in lines if line.startswith("-") and line[:4] != "--- "]
            assert gone == [EMPTY] or copy.before[path].strip().count(b"\n") == 0, path


def test_json_is_equal_but_for_the_stamp(copy: Copy) -> None:
    for path in copy.of(Outcome.NEW):
        before, now = json.loads(copy.before[path]), json.loads(copy.now(path))
        stamp = now["metadata"].pop("envcheck")
        assert now == before, path
        assert list(now["metadata"]) == list(before["metadata"]), path
        assert stamp["schema"] == 1, path


def test_notebooks_stay_valid(copy: Copy) -> None:
    wrong = [path for path in copy.of(Outcome.NEW) if is_valid(copy.before[path]) != is_valid(copy.now(path))]
    assert wrong == []


def test_a_save_by_jupyter_afterwards_changes_what_it_changes_anyway(copy: Copy) -> None:
    for path in copy.of(Outcome.NEW):
        stamped, plain = saved(copy.now(path)), saved(copy.before[path])
        assert without_value(stamped, "envcheck") == plain, path
        if plain == copy.before[path]:
            assert stamped == copy.now(path), path


def test_a_stamp_that_is_right_moves_nothing(copy: Copy) -> None:
    for path in copy.of(Outcome.NEW):
        data = copy.now(path)
        value = json.loads(data)["metadata"]["envcheck"]
        assert with_value(data, "envcheck", value) is data, path


def test_stamped_notebooks_are_as_stamped(copy: Copy) -> None:
    states = {verdict.state for verdict in verify_all(copy.folder, copy.folder.parent / "environment")}
    assert states <= {State.SAME, State.UNJUDGED, State.UNSTAMPED, State.LEFT_ALONE}


def test_unstamping_gives_every_byte_back(copy: Copy) -> None:
    unstamped = unstamp_all(copy.folder)
    assert sum(stamping.outcome is Outcome.REMOVED for stamping in unstamped) == PYTHON
    assert [path for path, data in copy.before.items() if copy.now(path) != data] == []
    assert git(copy.folder, "status", "--porcelain") == ""


def test_every_valid_notebook_can_have_a_stamp(copy: Copy) -> None:
    """What nbformat accepts as a notebook of format 4 can have a stamp, whatever it is written in."""
    for path, data in copy.before.items():
        if not is_valid(data) or json.loads(data)["nbformat"] < 4:
            continue
        assert without_value(with_value(data, "envcheck", {"schema": 1}), "envcheck") == data, path


def is_valid(data: bytes) -> bool:
    """Tell whether nbformat accepts a notebook."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            nbformat.validate(json.loads(data))
        except (nbformat.ValidationError, ValueError):
            return False
    return True


def saved(data: bytes) -> bytes:
    """Return a notebook as Jupyter writes it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        notebook = nbformat.reader.reads(data.decode("utf-8"))
        return str(nbformat.v4.writes(notebook) + "\n").encode()
