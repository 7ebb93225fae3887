"""Bills of materials before the validator of CycloneDX's editors, and our pip inspect beside pip's own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.environments import build_environment
from tests.support.indexes import make_prefix, pip
from tests.support.interpreters import make_wheel, run_json

pytestmark = pytest.mark.tools

REPOSITORY = Path(__file__).parents[2]
LIBRARY = "cyclonedx-python-lib[validation]==11.12.0"
VALIDATE = """
import sys
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
validator = JsonStrictValidator(SchemaVersion.V1_6)
for path in sys.argv[1:]:
    with open(path, encoding="utf-8") as file:
        for error in validator.validate_str(file.read(), all_errors=True) or ():
            print(path, error)
"""
HOSTILE = """
import sys
from pathlib import Path
from envcheck.model.bills import Bill, BillKind, Part
from envcheck.model.names import Ecosystem
from envcheck.reporters.cyclonedx import render
from tests.support.hostile import ATTACKS
for number, text in enumerate((*ATTACKS.values(), "", " ", "%zz#a#b [x] \\\\ |", "\\ud800")):
    text = text[:200]  # the validator's grammar of addresses takes minutes for long ones
    parts = [
        Part(f"{kind.value}{origin}:{text}", text, text, kind, (text, f"sha256:{text}"), origin, text, text, text, text)
        for kind in Ecosystem for origin in ("", "local", text, f"git+https://host.example/{text}@{text}")
    ]
    text = render(Bill(BillKind.LOCK, text, text, text, text, tuple(parts)), text)
    Path(sys.argv[1], f"{number}.json").write_text(text, encoding="ascii")
"""


@pytest.fixture(scope="module")
def prefix(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an environment that holds envcheck with its extra, and the validator."""
    folder = make_prefix(tmp_path_factory.mktemp("sbom") / "env")
    pip(folder, os.environ, "install", "-q", f"{REPOSITORY}[sbom]", LIBRARY)
    return folder


def bare() -> dict[str, str]:
    return {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "VIRTUAL_ENV", "CONDA_PREFIX")}


def written(prefix: Path, folder: Path, *words: str | Path) -> Any:
    """Return the bill that envcheck writes there, which the validator has accepted."""
    command = [prefix / "bin/envcheck", "sbom", *words, "--output", folder / "sbom.json"]
    done = subprocess.run(command, cwd=folder, env=bare(), capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert validated(prefix, folder / "sbom.json") == ""
    return json.loads((folder / "sbom.json").read_bytes())


def validated(prefix: Path, *files: Path) -> str:
    command: list[str | Path] = [prefix / "bin/python", "-c", VALIDATE, *files]
    done = subprocess.run(command, env=bare(), capture_output=True, text=True, check=True)
    return done.stdout


def depends(bill: Any) -> dict[str, list[str]]:
    return {each["ref"]: each.get("dependsOn", []) for each in bill["dependencies"]}


def test_environment_is_what_pip_lists(prefix: Path, tmp_path: Path) -> None:
    bill = written(prefix, tmp_path, "--prefix", prefix)
    listed = json.loads(pip(prefix, os.environ, "list", "--format", "json"))
    told = {(each["name"], each["version"]) for each in bill["components"]}
    assert told == {(each["name"], each["version"]) for each in listed}
    assert "timestamp" not in bill["metadata"]
    lark = [ref for ref, needs in depends(bill).items() if any(need.startswith("pypi:lark@") for need in needs)]
    assert [ref.partition("@")[0] for ref in lark] == ["pypi:rfc3987-syntax"]
    before = (tmp_path / "sbom.json").read_bytes()
    written(prefix, tmp_path, "--prefix", prefix)
    assert (tmp_path / "sbom.json").read_bytes() == before


def test_time_is_told_when_asked_for(prefix: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    bill = written(prefix, tmp_path, "--prefix", prefix, "--timestamp")
    assert bill["metadata"]["timestamp"] == "2023-11-14T22:13:20+00:00"


def test_conda_packages_hold_their_distributions(prefix: Path, tmp_path: Path) -> None:
    numpy = {"name": "numpy", "version": "1.26.4", "build": "py311_0", "sha256": "a" * 64, "depends": ["libblas >=3"]}
    url = "https://user:s3cret@wheels.example/tool-1.0.whl?token=s3cret"
    direct = json.dumps({"url": url, "archive_info": {"hashes": {"sha256": "b" * 64}}})
    spec = {
        "kind": "conda",
        "conda": [
            numpy,
            {"name": "libblas", "version": "3.9", "build": "h0_0", "channel": "https://t.example/t/s3cret/c"},
        ],
        "distributions": [
            {"name": "numpy", "version": "1.26.4", "conda": "numpy"},
            {"name": "tool", "version": "1.0", "requires": ["numpy"], "direct-url": direct},
            {"name": "mine", "direct-url": '{"url": "file:///home/ada/mine", "dir_info": {"editable": true}}'},
        ],
    }
    build_environment(tmp_path / "lab", spec)
    bill = written(prefix, tmp_path, "--prefix", tmp_path / "lab")
    parts = {each["bom-ref"]: each for each in bill["components"]}
    package = parts["conda:numpy@1.26.4=py311_0"]
    assert package["purl"] == "pkg:conda/numpy@1.26.4?build=py311_0&channel=conda-forge&subdir=linux-64&type=conda"
    assert package["hashes"] == [{"alg": "SHA-256", "content": "a" * 64}]
    assert [each["purl"] for each in package["components"]] == ["pkg:pypi/numpy@1.26.4"]
    assert depends(bill)["conda:numpy@1.26.4=py311_0"] == ["conda:libblas@3.9=h0_0"]
    assert depends(bill)["pypi:tool@1.0"] == ["pypi:numpy@1.26.4"]
    assert "purl" not in parts["pypi:mine@1.0"]
    assert parts["pypi:tool@1.0"]["hashes"] == [{"alg": "SHA-256", "content": "b" * 64}]
    text = (tmp_path / "sbom.json").read_text(encoding="ascii")
    assert "wheels.example/tool-1.0.whl" in text
    assert "s3cret" not in text
    assert "/home/ada" not in text


UV = """\
version = 1
requires-python = ">=3.9"
[[package]]
name = "lab"
version = "0.1.0"
source = { virtual = "." }
dependencies = [{ name = "pandas" }, { name = "tool" }]
[[package]]
name = "pandas"
version = "2.1.4"
source = { registry = "https://ada:s3cret@index.example/simple" }
dependencies = [{ name = "tzdata", marker = "sys_platform == 'win32'" }]
wheels = [
  { url = "https://index.example/pandas-2.1.4-a.whl", hash = "sha256:AAA" },
  { url = "https://index.example/pandas-2.1.4-b.whl", hash = "sha256:BBB" },
]
[[package]]
name = "tool"
version = "1.0"
source = { git = "https://ada:s3cret@git.example/tool?rev=main#0123456789012345678901234567890123456789" }
[[package]]
name = "tzdata"
version = "2024.1"
source = { registry = "https://ada:s3cret@index.example/simple" }
wheels = [{ url = "https://index.example/tzdata.whl", hash = "sha256:BBB" }]
"""


def test_lock_has_its_hashes_and_sources_and_no_secret(prefix: Path, tmp_path: Path) -> None:
    lock = UV.replace("AAA", "a" * 64).replace("BBB", "b" * 64)
    (tmp_path / "uv.lock").write_text(lock, encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "lab"\nversion = "0.1.0"\n', encoding="utf-8")
    bill = written(prefix, tmp_path, "--lock", "uv.lock", "--prefix", prefix, "--platform", "linux-64")
    parts = {each["name"]: each for each in bill["components"]}
    assert "tzdata" not in parts
    (reference,) = parts["pandas"]["externalReferences"]
    assert reference["url"].endswith("index.example/simple")
    assert sorted(each["content"][0] for each in reference["hashes"]) == ["a", "b"]
    assert "hashes" not in parts["pandas"]
    assert parts["tool"]["purl"].startswith("pkg:pypi/tool@1.0?vcs_url=git%2Bhttps://git.example/tool%40012345")
    assert [each["type"] for each in parts["tool"]["externalReferences"]] == ["vcs"]
    assert depends(bill)["subject"]
    assert "s3cret" not in (tmp_path / "sbom.json").read_text(encoding="ascii")
    wide = written(prefix, tmp_path, "--lock", "uv.lock", "--prefix", prefix, "--platform", "win-64")
    assert depends(wide)["pypi:pandas@2.1.4"] == ["pypi:tzdata@2024.1"]


A, B = "a" * 64, "b" * 32
COMPILED = f"""\
# This file is autogenerated by pip-compile with Python 3.11
#    pip-compile requirements.in
six==1.16.0 \\
    --hash=sha256:{A}
"""
EXPLICIT = f"# platform: linux-64\n@EXPLICIT\nhttps://conda.example/conda-forge/noarch/six-1.16.0-pyh_0.conda#{B}\n"
PYLOCK = f"""
lock-version = "1.0"
created-by = "x"
[[packages]]
name = "six"
version = "1.16.0"
[[packages.wheels]]
name = "six-1.16.0-py3-none-any.whl"
url = "https://index.example/six-1.16.0-py3-none-any.whl"
hashes = {{ sha256 = "{A}" }}
"""
CONDA = "pkg:conda/six@1.16.0?build=pyh_0&channel=conda-forge"


@pytest.mark.parametrize(
    ("name", "text", "purls"),
    [
        pytest.param("requirements.txt", COMPILED, ["pkg:pypi/six@1.16.0"], id="requirements"),
        pytest.param("explicit-linux-64.txt", EXPLICIT, [CONDA], id="explicit"),
        pytest.param("pylock.toml", PYLOCK, ["pkg:pypi/six@1.16.0"], id="pylock"),
    ],
)
def test_locks_of_other_dialects(prefix: Path, tmp_path: Path, name: str, text: str, purls: list[str]) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    bill = written(prefix, tmp_path, "--lock", name, "--prefix", prefix, "--platform", "linux-64")
    assert [each["purl"] for each in bill["components"]] == purls
    assert [len(each["hashes"]) for each in bill["components"]] == [1]


def test_whatever_a_bill_holds_is_valid(prefix: Path, tmp_path: Path) -> None:
    environ = {**bare(), "PYTHONPATH": str(REPOSITORY)}
    command: list[str | Path] = [prefix / "bin/python", "-c", HOSTILE, tmp_path]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    files = sorted(tmp_path.glob("*.json"))
    assert len(files) > 10
    assert validated(prefix, *files) == ""


PROJECT = """
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"
[project]
name = "mine"
version = "4"
"""


def test_pip_inspects_what_we_inspect(tmp_path: Path) -> None:
    wheels, source, lab = tmp_path / "wheels", tmp_path / "mine", make_prefix(tmp_path / "lab")
    wheels.mkdir()
    headers = [
        "Keywords: a,b c",
        "Classifier: X",
        "Classifier: Y",
        "Project-URL: Home, https://x.example",
        "Author: Ädä",
    ]
    top = make_wheel(wheels, "top-level", "1.0", ["under[x]>=1; python_version > '3'"], headers)
    make_wheel(
        wheels, "under", "2.0", headers=["Provides-Extra: x", "Requires-Python: >=3.8", "License-Expression: MIT"]
    )
    url = make_wheel(wheels, "by-url", "3.0").as_uri()
    source.mkdir()
    (source / "pyproject.toml").write_text(PROJECT, encoding="utf-8")
    (source / "mine.py").write_text("", encoding="utf-8")
    pip(lab, os.environ, "install", "-q", "--no-index", "--find-links", wheels, top, f"by-url @ {url}")
    pip(lab, os.environ, "install", "-q", "-e", source)
    theirs = run_json([sys.executable, "-m", "pip", "--python", lab / "bin/python", "inspect"])
    ours = run_json(
        [sys.executable, "-m", "envcheck", "sbom", "--format", "pip-inspect", "--prefix", lab, tmp_path],
        PYTHONPATH=os.environ.get("PYTHONPATH", ""),
    )
    assert ours.keys() == theirs.keys() - {"pip_version"}
    assert ours["version"] == theirs["version"]
    assert ours["environment"] == theirs["environment"]
    named = {each["metadata"]["name"]: each for each in ours["installed"]}
    expected = {each["metadata"]["name"]: each for each in theirs["installed"]}
    assert sorted(named) == sorted(expected) == ["by-url", "mine", "top-level", "under"]
    assert named == expected
