"""The jobs that keep a project checked: in CI, and before each commit."""

from __future__ import annotations

from msgspec import Struct

from envcheck import __version__
from envcheck.engine.starting.target import CONDA, PEP_621

SELF = f"envcheck-nb=={__version__}"
_OLDEST = (3, 10)  # the oldest Python that envcheck runs on

GITHUB, GITLAB = SERVICES = ("github", "gitlab")
PATHS = {GITHUB: ".github/workflows/envcheck.yml", GITLAB: ".gitlab-ci.yml"}
PRE_COMMIT = ".pre-commit-config.yaml"

_CHECKOUT = "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1"
_SETUP_PYTHON = "actions/setup-python@5fda3b95a4ea91299a34e894583c3862153e4b97 # v7.0.0"
_MICROMAMBA = "mamba-org/setup-micromamba@d7c9bd84e824b79d2af72a2d4196c7f4300d3476 # v3.0.0"


class Job(Struct, frozen=True):
    """What a job does: which declaration it installs, from which folder, with which series of Python (or empty)."""

    declaration: str
    folder: str
    python: str


def workflow(service: str, job: Job) -> str:
    """Return the job that installs what is declared, and checks it, as one of the services reads it."""
    return _github(job) if service == GITHUB else _gitlab(job)


def pre_commit(folder: str) -> str:
    """Return the configuration of pre-commit with a hook that checks a folder."""
    return f"""\
repos:
  - repo: local
    hooks:
      - id: envcheck
        name: envcheck
        entry: envcheck {folder}
        language: python
        additional_dependencies: ["{SELF}"]
        pass_filenames: false
        always_run: true
"""


def _github(job: Job) -> str:
    inside = "" if job.folder == "." else f"    defaults:\n      run:\n        working-directory: {job.folder}\n"
    return f"""\
name: envcheck
on: [push, pull_request]
permissions:
  contents: read
jobs:
  envcheck:
    runs-on: ubuntu-latest
{inside}    steps:
      - uses: {_CHECKOUT}
        with:
          persist-credentials: false
{_github_conda(job) if job.declaration == CONDA else _github_pip(job)}"""


def _github_pip(job: Job) -> str:
    return f"""\
      - uses: {_SETUP_PYTHON}
        with:
          python-version: "{job.python or "3.x"}"
      - run: python -m venv .venv
      - run: .venv/bin/python -m pip install {_pip_words(job)}
      - run: pipx run --spec {SELF} envcheck .
"""


def _github_conda(job: Job) -> str:
    file = CONDA if job.folder == "." else f"{job.folder}/{CONDA}"
    return f"""\
      - uses: {_MICROMAMBA}
        with:
          environment-file: {file}
          init-shell: bash
      - run: pipx run --spec {SELF} envcheck . --prefix "$CONDA_PREFIX"
        shell: bash -el {{0}}
"""


def _pip_words(job: Job) -> str:
    return "." if job.declaration == PEP_621 else f"-r {job.declaration}"


def _gitlab(job: Job) -> str:
    """Return the job; envcheck itself runs with the image's Python."""
    inside = "" if job.folder == "." else f"    - cd {job.folder}\n"
    if job.declaration == CONDA:
        return f"""\
envcheck:
  image: condaforge/miniforge3
  script:
{inside}    - conda env create --prefix ./.venv --file {CONDA}
    - pip install {SELF}
    - envcheck . --prefix .venv
"""
    return f"""\
envcheck:
  image: python:{job.python or "3"}
  script:
{inside}    - python -m venv .venv
    - .venv/bin/python -m pip install {_pip_words(job)}
    - pip install {SELF}
    - envcheck .
"""


def runs_on(python: str) -> bool:
    """Tell whether envcheck runs on a series of Python; an unknown one is taken for a new one."""
    return not python or tuple(map(int, python.split(".")[:2])) >= _OLDEST
