"""Whether a pixi.lock satisfies its manifest: what pixi itself would call outdated, told in words."""

from __future__ import annotations

import pytest

from envcheck.gather.declarations import pixi_lock
from envcheck.model.locks import Freshness, State
from envcheck.model.readings import RawFile

FORGE = "https://conda.example/conda-forge"
LOCK = f"""\
version: 7
platforms:
- name: linux-64
- name: win-64
environments:
  default:
    channels:
    - url: {FORGE}/
    indexes:
    - https://index.example/simple
    packages:
      linux-64:
      - conda: {FORGE}/linux-64/python-3.12.0-h1_0_cpython.conda
      - conda: {FORGE}/linux-64/numpy-1.26.4-py312_0.conda
      - pypi: https://index.example/rich-13.7.1-py3-none-any.whl
      - pypi: https://index.example/pygments-2.18.0-py3-none-any.whl
      - pypi: git+https://index.example/a/mike.git?tag=v1#2579ce9f18e67ec3213c6eceb5240310ccd46af8
      win-64:
      - conda: {FORGE}/win-64/python-3.12.0-h2_0_cpython.conda
      - conda: {FORGE}/win-64/numpy-1.26.4-py312_1.conda
      - conda: {FORGE}/noarch/colorama-0.4.6-py_0.conda
      - pypi: https://index.example/rich-13.7.1-py3-none-any.whl
      - pypi: https://index.example/pygments-2.18.0-py3-none-any.whl
      - pypi: git+https://index.example/a/mike.git?tag=v1#2579ce9f18e67ec3213c6eceb5240310ccd46af8
  test:
    channels:
    - url: {FORGE}/
    packages:
      linux-64:
      - conda: {FORGE}/linux-64/python-3.12.0-h1_0_cpython.conda
packages:
- conda: {FORGE}/linux-64/python-3.12.0-h1_0_cpython.conda
  purls: []
- conda: {FORGE}/win-64/python-3.12.0-h2_0_cpython.conda
  purls: []
- conda: {FORGE}/linux-64/numpy-1.26.4-py312_0.conda
  depends:
  - python >=3.12,<3.13.0a0
  - __glibc >=2.17
  purls:
  - pkg:pypi/numpy?source=hash-mapping
- conda: {FORGE}/win-64/numpy-1.26.4-py312_1.conda
  purls:
  - pkg:pypi/numpy?source=hash-mapping
- conda: {FORGE}/noarch/colorama-0.4.6-py_0.conda
- pypi: https://index.example/rich-13.7.1-py3-none-any.whl
  name: rich
  version: 13.7.1
  requires_dist:
  - pygments>=2.13
  - ipywidgets>=7 ; extra == 'jupyter'
  - colorama ; sys_platform == 'win32'
  - typing-extensions>=4 ; python_version < '3.9'
- pypi: https://index.example/pygments-2.18.0-py3-none-any.whl
  name: pygments
  version: 2.18.0
- pypi: git+https://index.example/a/mike.git?tag=v1#2579ce9f18e67ec3213c6eceb5240310ccd46af8
  name: mike
  version: 2.2.0
"""
MANIFEST = """\
[workspace]
channels = ["conda-forge"]
platforms = ["linux-64", "win-64"]

[dependencies]
python = "3.12.*"
numpy = ">=1.26,<2"

[target.win.dependencies]
colorama = "*"

[pypi-dependencies]
rich = ">=13"
mike = { git = "https://index.example/a/mike.git", tag = "v1" }

[feature.test]
platforms = ["linux-64"]
dependencies = { python = "3.12.0" }

[environments]
test = { features = ["test"], no-default-feature = true }
"""


def freshness(manifest: str, lock: str = LOCK, path: str = "pixi.toml") -> Freshness:
    found = pixi_lock.read(RawFile("pixi.lock", lock.encode()))
    assert found.problems == ()
    assert found.value.lock
    return found.value.lock.freshness((RawFile(path, manifest.encode()),))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("", ""),
        (">=1.26,<2", "<2,>=1.26"),
        (">=1.26,<2", "1.26.*"),
        ("conda-forge", "https://conda.example/conda-forge"),
        ("[workspace]", "[project]"),
        ("[pypi-dependencies]", "[pypi-dependencies]\nnumpy = '*'"),
        ("rich = ", "tomli = { version = '*', env-markers = \"python_version < '3.11'\" }\nrich = "),
        ("[feature.test]", "[constraints]\nopenssl = '<4'\nnumpy = '<2'\n[feature.test]"),
        ("[dependencies]", "[host-dependencies]"),
        ('"https://index.example/a/mike.git", tag = "v1"', '"https://index.example/a/mike", rev = "2579ce9"'),
    ],
    ids=[
        "as it was",
        "another order",
        "another range",
        "channel by its URL",
        "older table",
        "met by a conda package",
        "for another Python",
        "constraints",
        "another kind",
        "repository in other words",
    ],
)
def test_fresh(old: str, new: str) -> None:
    assert old in MANIFEST
    assert freshness(MANIFEST.replace(old, new, 1)) == Freshness(State.FRESH)


@pytest.mark.parametrize(
    ("old", "new", "words", "name", "line"),
    [
        (">=1.26,<2", ">=2", "numpy is asked for as >=2, and locked is 1.26.4 py312_0 (default, linux-64)", "numpy", 7),
        ("numpy =", "scipy = '*'\nnumpy =", "scipy is not locked (default, linux-64; default, win-64)", "scipy", 7),
        ("[target.win", "[target.linux", "colorama is not locked (default, linux-64)", "colorama", 10),
        ('rich = ">=13"', 'rich = "<13"', "rich is asked for as <13, and locked is 13.7.1", "rich", 13),
        (
            '">=13"',
            '{ version = "*", extras = ["jupyter"] }',
            "rich[jupyter] needs ipywidgets, which is not locked",
            "rich",
            13,
        ),
        ('"conda-forge"', '"bioconda", "conda-forge"', "channels are ", "", 2),
        (', "win-64"', "", "platform win-64 is gone (default)", "", 3),
        (', "win-64"', ', "win-64", "osx-64"', "platform osx-64 is new (default)", "", 3),
        ("test = {", "other = {", "environment other is new", "", 21),
        ("test = {", "other = {", "environment test is gone", "", 0),
        ('"3.12.0"', '"3.12.1"', "python is asked for as 3.12.1, and locked is 3.12.0 h1_0_cpython", "python", 18),
        ('tag = "v1"', 'tag = "v2"', "mike is asked for at v2, and locked at v1", "mike", 14),
        ('tag = "v1"', "", "mike is asked for at the default branch, and locked at v1", "mike", 14),
        (
            'mike = { git = "https://index.example/a/mike.git", tag = "v1" }',
            'mike = "*"',
            "mike is locked from",
            "mike",
            14,
        ),
        (
            'rich = ">=13"',
            'rich = { path = "rich" }',
            "rich is asked for from rich, and locked from an index",
            "rich",
            13,
        ),
        (
            'numpy = ">=1.26,<2"',
            'numpy = { version = "*", channel = "own" }',
            "numpy is asked for from own",
            "numpy",
            7,
        ),
        ("[workspace]", "[workspace]\nchannel-priority = 'disabled'", "channel-priority is disabled", "", 2),
        ("[workspace]", "[workspace]\nsolve-strategy = 'lowest'", "solve-strategy is lowest", "", 2),
        ("[feature.test]", "[constraints]\nnumpy = '<1'\n[feature.test]", "numpy is asked for as <1", "numpy", 17),
        (
            "[feature.test]",
            "[pypi-options]\nindex-url = 'https://other.example/'\n[feature.test]",
            "indexes are https://other.example/, locked are https://index.example/simple (default)",
            "",
            17,
        ),
    ],
)
def test_departures(old: str, new: str, words: str, name: str, line: int) -> None:
    assert old in MANIFEST
    found = freshness(MANIFEST.replace(old, new, 1))
    assert found.state is State.CHANGED
    departure = next(each for each in found.departures if each.words.startswith(words))
    assert departure.name == name
    assert departure.place
    assert departure.place.line == line


def test_what_is_asked_for_no_more_is_a_change_without_words() -> None:
    assert freshness(MANIFEST.replace('rich = ">=13"\n', "")) == Freshness(State.CHANGED)
    assert freshness(MANIFEST.replace("numpy =", "# numpy =")) == Freshness(State.CHANGED)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[feature.test]", "[dev]\nx = { path = '.' }\n[feature.test]"),
        ("[feature.test]", "[package]\nname = 'x'\n[feature.test]"),
        ("[feature.test]", "[pypi-options]\nno-build = true\n[feature.test]"),
        ("[workspace]", "[workspace]\nexclude-newer = '7d'"),
        ('numpy = ">=1.26,<2"', 'numpy = { version = "*", when = "python" }'),
        ('numpy = ">=1.26,<2"', 'numpy = "no version!"'),
    ],
)
def test_what_is_not_understood_is_unknown(old: str, new: str) -> None:
    assert freshness(MANIFEST.replace(old, new, 1)) == Freshness(State.UNKNOWN)


@pytest.mark.parametrize(("tag", "state"), [("py3-none-any", State.FRESH), ("cp312-cp312-win_amd64", State.UNKNOWN)])
def test_system_requirements_limit_wheels_of_a_platform(tag: str, state: State) -> None:
    manifest = MANIFEST.replace("[feature.test]", "[system-requirements]\nlibc = '2.17'\n[feature.test]")
    assert freshness(manifest, LOCK.replace("2.18.0-py3-none-any", f"2.18.0-{tag}")).state is state


def test_words_hide_credentials() -> None:
    index = "[pypi-options]\nindex-url = 'https://me:secret@other.example/'\n[feature.test]"
    (departure,) = freshness(MANIFEST.replace("[feature.test]", index)).departures
    assert "other.example" in departure.words
    assert "secret" not in departure.words


def test_without_manifest_it_is_unknown() -> None:
    lock = pixi_lock.read(RawFile("pixi.lock", LOCK.encode())).value.lock
    assert lock
    assert lock.freshness(()).state is State.UNKNOWN
    assert freshness("[broken").state is State.UNKNOWN
    assert freshness("[project]\nname = 'x'\n", path="pyproject.toml").state is State.UNKNOWN


PYPROJECT = """\
[project]
name = "demo"
requires-python = ">=3.12"
dependencies = ["rich>=13"]

[dependency-groups]
docs = [{ include-group = "more" }]
more = ["pygments"]

[tool.pixi.workspace]
channels = ["conda-forge"]
platforms = ["linux-64"]

[tool.pixi.environments]
default = ["docs"]
"""
ONE = f"""\
version: 6
environments:
  default:
    channels:
    - url: {FORGE}/
    packages:
      linux-64:
      - conda: {FORGE}/linux-64/python-3.12.0-h1_0_cpython.conda
      - pypi: https://index.example/rich-13.7.1-py3-none-any.whl
      - pypi: https://index.example/pygments-2.18.0-py3-none-any.whl
packages:
- conda: {FORGE}/linux-64/python-3.12.0-h1_0_cpython.conda
- pypi: https://index.example/rich-13.7.1-py3-none-any.whl
  name: rich
  version: 13.7.1
- pypi: https://index.example/pygments-2.18.0-py3-none-any.whl
  name: pygments
  version: 2.18.0
"""


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("", "", ""),
        (">=3.12", ">=3.13", "python is asked for as >=3.13, and locked is 3.12.0 h1_0_cpython"),
        ("rich>=13", "rich>=14", "rich is asked for as >=14, and locked is 13.7.1"),
        ('["rich>=13"]', '["rich>=13", "flask"]', "flask is not locked"),
        ('more = ["pygments"]', 'more = ["pygments", "mypy"]', "mypy is not locked"),
    ],
    ids=["as it was", "Python", "version", "dependency", "group of a feature"],
)
def test_pyproject(old: str, new: str, words: str) -> None:
    found = freshness(PYPROJECT.replace(old, new, 1), ONE, "pyproject.toml")
    assert found.state is (State.CHANGED if words else State.FRESH)
    assert [departure.words for departure in found.departures] == ([words] if words else [])


@pytest.mark.parametrize(
    ("needs", "state"), [("rich>=13", State.FRESH), ("rich>=12", State.UNKNOWN)], ids=["as it was", "changed"]
)
def test_project_itself_is_fresh_when_it_needs_what_it_needed(needs: str, state: State) -> None:
    rich = "- pypi: https://index.example/rich-13.7.1-py3-none-any.whl"
    lock = ONE.replace(f"      {rich}", f"      - pypi: ./\n      {rich}")
    entry = f"- pypi: ./\n  name: demo\n  requires_dist:\n  - {needs}\n"
    lock = lock.replace(f"{rich}\n  name", f"{entry}{rich}\n  name")
    manifest = PYPROJECT + '\n[tool.pixi.pypi-dependencies]\ndemo = { path = ".", editable = true }\n'
    assert freshness(manifest, lock, "pyproject.toml").state is state
