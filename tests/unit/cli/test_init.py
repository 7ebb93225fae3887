"""``envcheck init``: what is written, what is said instead, and what is never written over."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
import tomli
import yaml

from envcheck.cli.main import main
from tests.support.environments import build_environment, write_kernelspec

COMMIT = "0123456789abcdef0123456789abcdef01234567"
REMARK = "# Python 3.11.7; written by envcheck init: what the code here imports, as it was installed\n"
VERSIONS = {"pandas": "2.1.4", "seaborn": "0.13.2", "ujson": "5.9.0"}
Said = pytest.CaptureFixture[str]


def distributions(versions: Mapping[str, str]) -> list[dict[str, object]]:
    return [{"name": name, "version": version} for name, version in versions.items()]


def installed_from(**direct: object) -> dict[str, object]:
    """Return a distribution ``tools`` that is not from an index."""
    return {"name": "tools", "version": "0.1", "direct-url": json.dumps(direct)}


def write_notebook(path: Path, cells: Sequence[str], kernel: str = "python3") -> None:
    made = [{"cell_type": "code", "metadata": {}, "source": text, "outputs": []} for text in cells]
    metadata = {"kernelspec": {"name": kernel, "display_name": kernel}}
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 4, "metadata": metadata, "cells": made}))


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a project without declarations: a notebook, a module of its own, an environment."""
    folder = tmp_path / "My Project"
    folder.mkdir()
    cells = [
        "import os, pandas as pd\nfrom google.colab import drive\nimport helpers",
        "try:\n    import ujson\nexcept ImportError:\n    import json as ujson",
        "try:\n    import orjson\nexcept ImportError:\n    orjson = None",
    ]
    write_notebook(folder / "analysis.ipynb", cells)
    (folder / "helpers.py").write_text("import seaborn\n", encoding="utf-8")
    build_environment(folder / ".venv", {"distributions": distributions({**VERSIONS, "unused": "1"})})
    monkeypatch.chdir(folder)
    for variable in ("VIRTUAL_ENV", "CONDA_PREFIX", "PRE_COMMIT"):
        monkeypatch.delenv(variable, raising=False)
    return folder


def test_new_file_is_shown_and_not_written(project: Path, capsys: Said) -> None:
    assert main(["init"]) == 1
    said = capsys.readouterr()
    assert said.out == (
        f"--- /dev/null\n+++ b/requirements.txt\n@@ -0,0 +1,4 @@\n+{REMARK}"
        "+pandas==2.1.4\n+seaborn==0.13.2\n+ujson==5.9.0\n"
    )
    assert said.err == (
        "environment .venv: Python 3.11.7, 4 distributions (.venv in the project)\n"
        "requirements.txt: 3 requirements to write (--write)\n"
    )
    assert not (project / "requirements.txt").exists()


def test_what_is_written_leaves_nothing_to_find(project: Path, capsys: Said) -> None:
    assert main(["init", "--write"]) == 0
    assert capsys.readouterr().err.endswith("requirements.txt: 3 requirements written\n")
    written = (project / "requirements.txt").read_text(encoding="utf-8")
    assert written == REMARK + "pandas==2.1.4\nseaborn==0.13.2\nujson==5.9.0\n"
    assert main(["-q"]) == 0
    assert main(["pin"]) == 0


@pytest.mark.parametrize(
    ("style", "entry", "python"),
    [
        ("exact", "pandas==2.1.4", "==3.11.*"),
        ("compatible", "pandas~=2.1.4", "==3.11.*"),
        ("minimum", "pandas>=2.1.4", ">=3.11"),
    ],
)
def test_table_of_pep_621(project: Path, style: str, entry: str, python: str) -> None:
    assert main(["init", "--write", "--to", "pyproject.toml", "--style", style]) == 0
    text = (project / "pyproject.toml").read_text(encoding="utf-8")
    table = tomli.loads(text)["project"]
    assert table["dependencies"][0] == entry
    assert (table["name"], table["version"], table["requires-python"]) == ("my-project", "0.0.0", python)
    assert tomli.loads(text)["tool"] == {"setuptools": {"py-modules": []}}
    assert main(["-q", "--fail-on", "note", "--ignore", "PIN002"]) == 0


def test_tables_that_are_there_stay(project: Path) -> None:
    before = "# mine\r\n[tool.ruff]\r\nline-length = 100  # wide\r\n"
    (project / "pyproject.toml").write_bytes(before.encode())
    assert main(["init", "--write"]) == 0
    after = (project / "pyproject.toml").read_bytes().decode()
    assert after.startswith(before)
    assert "\n" not in after.replace("\r\n", "")
    assert "pandas==2.1.4" in tomli.loads(after)["project"]["dependencies"]


def test_existing_project_table_gets_what_it_lacks(project: Path) -> None:
    (project / "pyproject.toml").write_text(
        '[project]\nname = "tour"\nversion = "3"\n\n[build-system]\nrequires = []\n'
    )
    assert main(["init", "--write"]) == 0
    found = tomli.loads((project / "pyproject.toml").read_text(encoding="utf-8"))
    dependencies = ["pandas==2.1.4", "seaborn==0.13.2", "ujson==5.9.0"]
    expected = {"name": "tour", "version": "3", "requires-python": "==3.11.*", "dependencies": dependencies}
    assert found == {"project": expected, "build-system": {"requires": []}}


def test_empty_file_of_tables_is_added_to(project: Path) -> None:
    (project / "pyproject.toml").touch()
    assert main(["init", "--write"]) == 0
    assert "pandas==2.1.4" in (project / "pyproject.toml").read_text(encoding="utf-8")


def test_link_out_of_the_project_is_not_followed(project: Path, capsys: Said) -> None:
    (project.parent / "elsewhere.toml").write_text("[tool.ruff]\n", encoding="utf-8")
    (project / "pyproject.toml").symlink_to(project.parent / "elsewhere.toml")
    assert main(["init", "--write"]) == 1
    assert "pyproject.toml: a link that leads out of the project" in capsys.readouterr().err
    assert (project.parent / "elsewhere.toml").read_text(encoding="utf-8") == "[tool.ruff]\n"


def test_package_of_the_project_is_left_to_setuptools(project: Path) -> None:
    (project / "tour").mkdir()
    (project / "tour" / "__init__.py").touch()
    main(["init", "--write", "--to", "pyproject.toml"])
    assert "tool" not in tomli.loads((project / "pyproject.toml").read_text(encoding="utf-8"))


def test_environment_of_conda(project: Path) -> None:
    conda = [
        {"name": "python", "version": "3.11.7", "build": "h0_cpython", "channel": "conda-forge"},
        {"name": "pandas", "version": "2.1.4", "channel": "https://bob:hunter2@conda.example/t/tk-1234/lab/linux-64"},
        {"name": "seaborn-base", "version": "0.13.2", "channel": "https://conda.example/conda-forge/noarch"},
        {"name": "pip", "version": "24.0", "channel": "conda-forge"},
    ]
    owned = {"pandas": "pandas", "seaborn": "seaborn-base"}
    spec = {
        "kind": "conda",
        "conda": conda,
        "distributions": [{**d, "conda": owned.get(str(d["name"]), "")} for d in distributions(VERSIONS)],
    }
    build_environment(project / "env", spec)
    assert main(["init", "--write", "--prefix", "env"]) == 0
    text = (project / "environment.yml").read_text(encoding="utf-8")
    assert text.startswith(REMARK)
    assert yaml.safe_load(text) == {
        "name": "my-project",
        "channels": ["conda-forge", "https://conda.example/lab"],
        "dependencies": [
            "python=3.11",
            "pip==24.0",
            "pandas==2.1.4",
            "seaborn-base==0.13.2",
            {"pip": ["ujson==5.9.0"]},
        ],
    }
    assert main(["-q", "--prefix", "env", "--fail-on", "note", "--select", "PIN,COV,DRF,CON"]) == 0


def test_environment_file_for_what_pip_installed(project: Path) -> None:
    assert main(["init", "--write", "--to", "environment.yml"]) == 0
    found = yaml.safe_load((project / "environment.yml").read_text(encoding="utf-8"))
    assert found["dependencies"] == [
        "python=3.11",
        "pip",
        {"pip": ["pandas==2.1.4", "seaborn==0.13.2", "ujson==5.9.0"]},
    ]


@pytest.mark.parametrize(
    ("direct", "expected"),
    [
        pytest.param(
            {"url": "https://git.example/lab/tools.git", "vcs_info": {"vcs": "git", "commit_id": COMMIT}},
            f"tools @ git+https://git.example/lab/tools.git@{COMMIT}",
            id="repository",
        ),
        pytest.param(
            {"url": "ssh://git@git.example/a", "subdirectory": "py", "vcs_info": {"vcs": "hg", "commit_id": COMMIT}},
            f"tools @ hg+ssh://git@git.example/a@{COMMIT}#subdirectory=py",
            id="subdirectory",
        ),
        pytest.param(
            {"url": "https://files.example/t.whl", "archive_info": {"hashes": {"sha256": "0" * 64}}},
            f"tools @ https://files.example/t.whl#sha256={'0' * 64}",
            id="archive",
        ),
    ],
)
@pytest.mark.parametrize("file", ["requirements.txt", "environment.yml", "pyproject.toml"])
def test_source_is_named_with_its_content(project: Path, file: str, direct: dict[str, object], expected: str) -> None:
    (project / "helpers.py").write_text("import tools\n", encoding="utf-8")
    build_environment(project / "env", {"distributions": [*distributions(VERSIONS), installed_from(**direct)]})
    assert main(["init", "--write", "--prefix", "env", "--to", file]) == 0
    assert expected in (project / file).read_text(encoding="utf-8")
    assert main(["-q", "--prefix", "env"]) == 0


@pytest.mark.parametrize(
    ("direct", "expected"),
    [
        pytest.param(
            {"url": "https://bob:hunter2hunter2@git.example/t", "vcs_info": {"vcs": "git", "commit_id": COMMIT}},
            "tools is installed from https://***@git.example/t with a password",
            id="credentials",
        ),
        pytest.param(
            {"url": "https://git.example/t", "vcs_info": {"vcs": "git", "commit_id": "main"}},
            "no commit is recorded",
            id="no commit",
        ),
        pytest.param({"url": "https://files.example/t.whl", "archive_info": {}}, "no hash is recorded", id="no hash"),
        pytest.param(
            {"url": "file:///t", "dir_info": {"editable": True}},
            "tools is installed editable from a path",
            id="editable",
        ),
        pytest.param(
            {"url": "file:///t.whl", "archive_info": {"hashes": {"sha256": "0" * 64}}},
            "from a path of this machine",
            id="local file",
        ),
        pytest.param(
            {"url": "https://git.example/t\n--index-url=x", "vcs_info": {"vcs": "git", "commit_id": COMMIT}},
            "cannot be written",
            id="second line",
        ),
        pytest.param(
            {"url": "https://git.example/t", "subdirectory": "a b", "vcs_info": {"vcs": "git", "commit_id": COMMIT}},
            "cannot be written",
            id="blank",
        ),
    ],
)
def test_source_that_others_cannot_use_is_said(
    project: Path, capsys: Said, direct: dict[str, object], expected: str
) -> None:
    (project / "helpers.py").write_text("import tools\n", encoding="utf-8")
    build_environment(project / "env", {"distributions": [*distributions(VERSIONS), installed_from(**direct)]})
    assert main(["init", "--write", "--prefix", "env"]) == 1
    said = capsys.readouterr().err
    assert expected in said
    assert "hunter2" not in said
    assert said.count("tools ") == 1, "said once, not again after writing"
    written = (project / "requirements.txt").read_text(encoding="utf-8")
    assert written == REMARK + "pandas==2.1.4\nujson==5.9.0\n"


@pytest.mark.parametrize("version", ["1.0\n --index-url=x", "2004d", "1.0 ; x", "1.0#x"])
def test_version_that_is_none_is_not_written(project: Path, capsys: Said, version: str) -> None:
    (project / "helpers.py").write_text("import tools\n", encoding="utf-8")
    metadata = f"Metadata-Version: 2.1\nName: tools\nVersion: {version}\n"
    hostile = {"name": "tools", "folder": "tools-1.dist-info", "metadata": metadata}
    build_environment(project / "env", {"distributions": [*distributions(VERSIONS), hostile]})
    assert main(["init", "--write", "--prefix", "env"]) == 1
    assert (project / "requirements.txt").read_text(encoding="utf-8") == REMARK + "pandas==2.1.4\nujson==5.9.0\n"
    assert "helpers.py:1: tools has the version" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "version"), [("two\nlines", "1"), ("pandas", "1 2"), ("pandas", "1\n  - pip"), ("-e", "1"), ("a b", "1")]
)
def test_record_of_conda_that_is_none_is_not_written(project: Path, capsys: Said, name: str, version: str) -> None:
    (project / "helpers.py").write_text("import tools\n", encoding="utf-8")
    conda = [{"name": name, "version": version}]
    owned = {"name": "tools", "version": "1", "conda": name}
    spec = {"kind": "conda", "conda": conda, "distributions": [*distributions(VERSIONS), owned]}
    build_environment(project / "env", spec)
    assert main(["init", "--write", "--prefix", "env"]) == 1
    assert "tools has a record with a name or version that conda does not take" in capsys.readouterr().err
    found = yaml.safe_load((project / "environment.yml").read_text(encoding="utf-8"))
    assert found["dependencies"] == ["python=3.11", "pip", {"pip": ["pandas==2.1.4", "ujson==5.9.0"]}]


def test_what_is_not_installed_or_ambiguous_is_said(project: Path, capsys: Said) -> None:
    write_notebook(project / "more.ipynb", ["import sklearn, cv2, pandas", "%pip install tqdm\nimport tqdm"])
    both = [
        {"name": name, "version": "4.9", "modules": ["cv2/__init__.py"]}
        for name in ("opencv-python", "opencv-python-headless")
    ]
    build_environment(project / ".venv", {"distributions": both})
    assert main(["init", "--write"]) == 1
    said = capsys.readouterr().err
    assert "more.ipynb cell 1, line 1: COV002 sklearn is imported, but neither installed nor declared; " in said
    assert (
        "more.ipynb cell 1, line 1: cv2 is in opencv-python and opencv-python-headless, and all of them are installed"
        in said
    )
    assert "more.ipynb cell 2, line 2: tqdm comes from an install line in cell 2, but is not installed" in said
    assert "orjson" not in said
    assert "opencv" not in (project / "requirements.txt").read_text(encoding="utf-8")


def test_what_only_type_checkers_and_kernels_need_is_left_out(project: Path) -> None:
    (project / "helpers.py").write_text(
        "import typing\nif typing.TYPE_CHECKING:\n    import seaborn\n", encoding="utf-8"
    )
    write_notebook(project / "more.ipynb", ["import IPython"])
    build_environment(project / ".venv", {"distributions": distributions({"IPython": "8.20"})})
    assert main(["init", "--write"]) == 0
    assert (project / "requirements.txt").read_text(encoding="utf-8") == REMARK + "pandas==2.1.4\nujson==5.9.0\n"


def test_shared_namespace_is_no_question_where_its_parts_are_named(project: Path, capsys: Said) -> None:
    (project / "helpers.py").write_text("import google.cloud\nfrom google.cloud import storage\n", encoding="utf-8")
    parts = ("storage", "bigquery")
    made = [
        {"name": f"google-cloud-{part}", "version": "2.0", "modules": [f"google/cloud/{part}/__init__.py"]}
        for part in parts
    ]
    build_environment(project / ".venv", {"distributions": made})
    assert main(["init", "--write"]) == 0
    assert "google-cloud-storage==2.0\n" in (project / "requirements.txt").read_text(encoding="utf-8")
    assert "bigquery" not in capsys.readouterr().err


def test_script_that_says_what_it_needs_is_left_out(project: Path, capsys: Said) -> None:
    text = '# /// script\n# dependencies = ["tqdm==4.66.4"]\n# ///\nimport tqdm\n'
    (project / "alone.py").write_text(text, encoding="utf-8")
    assert main(["init"]) == 1
    said = capsys.readouterr()
    assert "alone.py: says itself what it needs; left out\n" in said.err
    assert "tqdm" not in said.out


def test_local_build_is_said(project: Path, capsys: Said) -> None:
    (project / "helpers.py").write_text("import torch\n", encoding="utf-8")
    build_environment(project / ".venv", {"distributions": distributions({"torch": "2.4.1+cpu"})})
    assert main(["init", "--write"]) == 0
    assert (
        "helpers.py:1: torch 2.4.1+cpu is a local build, and written as 2.4.1; name the index"
        in capsys.readouterr().err
    )
    assert "torch==2.4.1\n" in (project / "requirements.txt").read_text(encoding="utf-8")


def test_unreadable_notebook_is_said(project: Path, capsys: Said) -> None:
    (project / "broken.ipynb").write_text("{", encoding="utf-8")
    assert main(["init", "--write"]) == 1
    assert "broken.ipynb:1: READ001" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("declaration", "text"),
    [
        ("requirements.txt", "numpy\n"),
        ("requirements-dev.txt", "pytest\n"),
        ("environment.yml", "dependencies: [numpy]\n"),
        ("pyproject.toml", '[project]\nname = "x"\ndependencies = ["numpy"]\n'),
        ("../requirements.txt", "numpy\n"),
        ("binder/requirements.txt", "numpy\n"),
    ],
)
def test_what_declares_already_is_pinned_instead(project: Path, capsys: Said, declaration: str, text: str) -> None:
    (project / declaration).parent.mkdir(exist_ok=True)
    (project / declaration).write_text(text, encoding="utf-8")
    assert main(["init", "--write"]) == 2
    said = capsys.readouterr()
    assert said.err.splitlines()[1] == "hint: envcheck pin pins that, and adds what is imported and not declared"
    assert said.out == ""
    assert (project / declaration).read_text(encoding="utf-8") == text


def test_empty_file_is_not_written_over(project: Path, capsys: Said) -> None:
    (project / "requirements.txt").write_text("# later\n", encoding="utf-8")
    assert main(["init", "--write"]) == 2
    assert "requirements.txt: is there already" in capsys.readouterr().err
    assert (project / "requirements.txt").read_text(encoding="utf-8") == "# later\n"


def test_file_is_for_the_folder_that_was_asked_for(project: Path, capsys: Said) -> None:
    (project / ".git").mkdir()
    for name in ("one", "two"):
        (project / name).mkdir()
    (project / "one" / "a.py").write_text("import ujson\n", encoding="utf-8")
    build_environment(project / "one" / ".venv", {"python": "3.12.1", "distributions": distributions({"ujson": "4.0"})})
    (project / "two" / "requirements.txt").write_text("seaborn\n", encoding="utf-8")
    (project / "two" / "b.py").write_text("import seaborn\n", encoding="utf-8")
    assert main(["init", "one", "--write"]) == 0
    assert (project / "one" / "requirements.txt").read_text(encoding="utf-8").endswith("ujson==4.0\n")
    assert main(["init", "--write"]) == 0
    assert "two: two/requirements.txt governs it; left out\n" in capsys.readouterr().err
    assert "ujson==5.9.0" in (project / "requirements.txt").read_text(encoding="utf-8")


@pytest.fixture
def kernels(project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the project with two more notebooks, each with a kernel of its own."""
    for name in ("lab", "field"):
        build_environment(project.parent / name, {"distributions": distributions(VERSIONS)})
        write_kernelspec(project.parent / "jupyter", name, project.parent / name)
        write_notebook(project / f"{name}.ipynb", ["import pandas"], kernel=name)
    monkeypatch.setenv("JUPYTER_PATH", str(project.parent / "jupyter"))
    return project


def test_kernels_that_agree_make_one_file(kernels: Path) -> None:
    main(["init", "--write"])
    assert (kernels / "requirements.txt").read_text(encoding="utf-8").count("pandas") == 1


def test_kernels_that_disagree_are_named(kernels: Path, capsys: Said) -> None:
    build_environment(kernels.parent / "new", {"distributions": distributions({"pandas": "2.2.0"})})
    write_kernelspec(kernels.parent / "jupyter", "field", kernels.parent / "new")
    assert main(["init", "--write"]) == 2
    said = capsys.readouterr().err
    assert "pandas is 2.1.4 in one and 2.2.0 in another" in said
    assert f"field.ipynb: {kernels.parent}/new (kernel field" in said
    assert not (kernels / "requirements.txt").exists()
    assert main(["init", "field.ipynb", "--write"]) == 1
    assert "requirements.txt:2:1: DRF001 pandas 2.1.4 is installed" in capsys.readouterr().err
    assert (kernels / "requirements.txt").read_text(encoding="utf-8") == REMARK + "pandas==2.2.0\n"


def test_installers_that_disagree_are_named(kernels: Path, capsys: Said) -> None:
    for name, owner in (("lab", "pandas"), ("field", "")):
        distribution = {"name": "pandas", "version": "2.1.4", "conda": owner}
        conda = [{"name": "pandas", "version": "2.1.4"}] if owner else []
        spec = {"kind": "conda", "conda": conda, "distributions": [distribution]}
        build_environment(kernels.parent / f"conda-{name}", spec)
        write_kernelspec(kernels.parent / "jupyter", name, kernels.parent / f"conda-{name}")
    assert main(["init", "--to", "environment.yml"]) == 2
    assert "pandas 2.1.4 comes from elsewhere in another" in capsys.readouterr().err


def test_pythons_that_disagree_are_named(kernels: Path, capsys: Said) -> None:
    build_environment(kernels.parent / "new", {"python": "3.12.1", "distributions": distributions(VERSIONS)})
    write_kernelspec(kernels.parent / "jupyter", "field", kernels.parent / "new")
    assert main(["init"]) == 2
    assert "their Pythons differ" in capsys.readouterr().err


def test_folder_without_imports_needs_nothing(project: Path, capsys: Said) -> None:
    (project / "empty").mkdir()
    assert main(["init", "empty"]) == 2
    assert "no notebook or script in empty that needs a declaration" in capsys.readouterr().err
    (project / "empty" / "a.py").write_text("import os\n", encoding="utf-8")
    assert main(["init", "empty", "--write"]) == 0
    assert capsys.readouterr().err.endswith("nothing to write: nothing is imported that must be installed\n")
    assert [path.name for path in (project / "empty").iterdir()] == ["a.py"]


def test_no_environment_is_no_guess(project: Path, capsys: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / ".venv" / "pyvenv.cfg").unlink()
    monkeypatch.setenv("PATH", "")
    assert main(["init"]) == 2
    assert "name one with --prefix DIR" in capsys.readouterr().err
    (project / "analysis.ipynb").unlink()
    (project / "helpers.py").write_text("import os\n", encoding="utf-8")
    assert main(["init"]) == 0


def test_project_called_like_what_it_needs(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project.rename(project.parent / "pandas")
    monkeypatch.chdir(project.parent / "pandas")
    assert main(["init", "--write", "--to", "pyproject.toml"]) == 0
    text = (project.parent / "pandas" / "pyproject.toml").read_text(encoding="utf-8")
    assert tomli.loads(text)["project"]["name"] == "pandas-project"


@pytest.mark.parametrize("file", ["requirements.txt", "environment.yml", "pyproject.toml"])
@pytest.mark.parametrize(
    ("service", "path"), [("github", ".github/workflows/envcheck.yml"), ("gitlab", ".gitlab-ci.yml")]
)
def test_jobs_install_what_is_declared_and_check_it(project: Path, file: str, service: str, path: str) -> None:
    assert main(["init", "--write", "--to", file, "--ci", service, "--pre-commit"]) == 0
    text = (project / path).read_text(encoding="utf-8")
    assert yaml.safe_load(text)
    assert "envcheck ." in text
    assert {
        "requirements.txt": "-r requirements.txt",
        "environment.yml": "environment.yml",
        "pyproject.toml": "pip install .",
    }[file] in text
    hooks = yaml.safe_load((project / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"][0]["hooks"]
    assert (hooks[0]["entry"], hooks[0]["language"], hooks[0]["pass_filenames"]) == ("envcheck .", "python", False)


def test_workflow_may_only_read(project: Path) -> None:
    main(["init", "--write", "--ci", "github"])
    workflow = yaml.safe_load((project / ".github/workflows/envcheck.yml").read_text(encoding="utf-8"))
    assert workflow["permissions"] == {"contents": "read"}
    assert workflow["jobs"]["envcheck"]["steps"][0]["with"] == {"persist-credentials": False}


def test_jobs_are_added_to_what_is_declared(project: Path, capsys: Said) -> None:
    (project / "requirements.txt").write_text("pandas==2.1.4\n", encoding="utf-8")
    (project / ".pre-commit-config.yaml").write_text("repos: []\n", encoding="utf-8")
    assert main(["init", "--write", "--ci", "gitlab", "--pre-commit"]) == 1
    said = capsys.readouterr().err
    assert ".gitlab-ci.yml: written\n" in said
    assert ".pre-commit-config.yaml: is there already, and nothing is written over it; add this:\nrepos:\n" in said
    assert (project / ".pre-commit-config.yaml").read_text(encoding="utf-8") == "repos: []\n"
    assert (project / "requirements.txt").read_text(encoding="utf-8") == "pandas==2.1.4\n"


def test_job_installs_a_compiled_lock(project: Path) -> None:
    (project / "requirements.in").write_text("pandas\n", encoding="utf-8")
    header = "# This file is autogenerated by pip-compile with Python 3.11\n#\n#    envcheck lock requirements.in\n#\n"
    lock = f"{header}pandas==2.1.4\n    # via -r requirements.in\n"
    (project / "requirements.txt").write_text(lock, encoding="utf-8")
    assert main(["init", "--write", "--ci", "github"]) == 0
    workflow = yaml.safe_load((project / ".github/workflows/envcheck.yml").read_text(encoding="utf-8"))
    commands = [step.get("run", "") for step in workflow["jobs"]["envcheck"]["steps"]]
    assert ".venv/bin/python -m pip install -r requirements.txt" in commands


def test_jobs_are_not_made_up_for_other_tools(project: Path, capsys: Said) -> None:
    (project / "Pipfile").write_text('[packages]\npandas = "*"\n', encoding="utf-8")
    assert main(["init", "--write", "--ci", "github"]) == 2
    assert "Pipfile: how a job installs it, its own tool says best" in capsys.readouterr().err


def test_folder_that_cannot_be_written_to(project: Path, capsys: Said) -> None:
    (project / ".github").touch()
    assert main(["init", "--write", "--ci", "github"]) == 1
    said = capsys.readouterr().err
    assert "envcheck: .github/workflows/envcheck.yml: cannot be written" in said
    assert "requirements.txt: 3 requirements written" in said
