"""Where environments of every kind and age keep their modules, and which Python they have."""

from __future__ import annotations

from pathlib import Path

import pytest

from envcheck.gather.environments.catalogue import read_environment

METADATA = "Name: demo\nVersion: 1.0\n"


def lay(folder: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)


def header(python: str, more: str = "") -> str:
    return f'/* Version as a string */\n#define PY_VERSION \t"{python}"\n{more}'


@pytest.mark.parametrize(
    ("files", "site", "kind", "python", "implementation"),
    [
        pytest.param(
            {"pyvenv.cfg": "home = /x/bin\ninclude-system-site-packages = false\nversion = 3.11.7\n"},
            "lib/python3.11/site-packages",
            "venv",
            "3.11.7",
            "cpython",
            id="venv",
        ),
        pytest.param(
            {"pyvenv.cfg": "home = /x/bin\nimplementation = CPython\nuv = 0.13.8\nversion_info = 3.14.0\n"},
            "lib/python3.14/site-packages",
            "venv",
            "3.14.0",
            "cpython",
            id="uv",
        ),
        pytest.param(
            {"pyvenv.cfg": "HOME=/x/bin\nVersion_Info   =   2.7.18.final.0\nvirtualenv = 20.21\n"},
            "lib/python2.7/site-packages",
            "venv",
            "2.7.18",
            "cpython",
            id="virtualenv of Python 2.7",
        ),
        pytest.param(
            {"pyvenv.cfg": "home = /x/bin\nimplementation = PyPy\nversion_info = 3.10.14\n"},
            "lib/pypy3.10/site-packages",
            "venv",
            "3.10.14",
            "pypy",
            id="PyPy in a venv",
        ),
        pytest.param(
            {"pyvenv.cfg": "home = /x/bin\nversion = 3.13.0\n"},
            "lib/python3.13t/site-packages",
            "venv",
            "3.13.0",
            "cpython",
            id="free-threaded",
        ),
        pytest.param(
            {"pyvenv.cfg": ""}, "lib/python3.8/site-packages", "venv", "3.8", "cpython", id="settings say nothing"
        ),
        pytest.param(
            {"pyvenv.cfg": "home = C:\\Python311\nversion = 3.11.7\n"},
            "Lib/site-packages",
            "venv",
            "3.11.7",
            "cpython",
            id="venv on Windows",
        ),
        pytest.param(
            {"Lib/os.py": "", "include/patchlevel.h": header("3.12.1")},
            "Lib/site-packages",
            "system",
            "3.12.1",
            "cpython",
            id="installation on Windows",
        ),
        pytest.param(
            {"lib/python3.6/os.py": "", "include/python3.6m/patchlevel.h": header("3.6.15+")},
            "lib/python3.6/site-packages",
            "system",
            "3.6.15",
            "cpython",
            id="installation",
        ),
        pytest.param(
            {"lib/python3.9/os.py": ""}, "lib/python3.9/site-packages", "system", "3.9", "cpython", id="without headers"
        ),
        pytest.param(
            {
                "lib/pypy3.10/os.py": "",
                "include/pypy3.10/patchlevel.h": header("3.10.14", '#define PYPY_VERSION "7.3.17"\n'),
            },
            "lib/pypy3.10/site-packages",
            "system",
            "3.10.14",
            "pypy",
            id="PyPy",
        ),
        pytest.param(
            {"lib-python/2.7/os.py": "", "include/patchlevel.h": header("2.7.18", '#define PYPY_VERSION "7.3.17"\n')},
            "site-packages",
            "system",
            "2.7.18",
            "pypy",
            id="older PyPy",
        ),
        pytest.param(
            {
                "lib/python3.11/os.py": "",
                "lib/python3/dist-packages/README": "",
                "include/python3.11/patchlevel.h": header("3.11.2"),
            },
            "local/lib/python3.11/dist-packages",
            "system",
            "3.11.2",
            "cpython",
            id="Debian, by pip",
        ),
        pytest.param(
            {"lib/python3.11/os.py": "", "include/python3.11/patchlevel.h": header("3.11.2")},
            "lib/python3/dist-packages",
            "system",
            "3.11.2",
            "cpython",
            id="Debian, by apt",
        ),
        pytest.param(
            {"lib/python3.12/os.py": "", "include/python3.12/patchlevel.h": header("3.12.4")},
            "lib64/python3.12/site-packages",
            "system",
            "3.12.4",
            "cpython",
            id="Fedora",
        ),
        pytest.param(
            {
                "conda-meta/history": "",
                "conda-meta/python.json": '{"name": "python", "version": "3.13.1", "build": "0_cp313t", '
                '"python_site_packages_path": "lib/python3.13t/site-packages"}',
            },
            "lib/python3.13t/site-packages",
            "conda",
            "3.13.1",
            "cpython",
            id="conda, free-threaded",
        ),
    ],
)
def test_layout(  # noqa: PLR0917
    tmp_path: Path, files: dict[str, str], site: str, kind: str, python: str, implementation: str
) -> None:
    lay(tmp_path, {**files, f"{site}/demo-1.0.dist-info/METADATA": METADATA})

    environment = read_environment(str(tmp_path), environ={})

    assert (environment.kind, environment.python, environment.implementation) == (kind, python, implementation)
    assert [found.site for found in environment.distributions] == [str(tmp_path / site)]


def test_folder_of_debian_is_not_on_the_path_of_another_python(tmp_path: Path) -> None:
    metadata = "lib/python3.11/dist-packages/demo-1.0.dist-info/METADATA"
    lay(tmp_path, {"lib/python3.11/os.py": "", metadata: METADATA})

    assert read_environment(str(tmp_path), environ={}).distributions == ()


def test_base_behind_a_folder_of_links(tmp_path: Path) -> None:
    demo = "lib/python3.11/site-packages/demo-1.0.dist-info/METADATA"
    lay(tmp_path / "framework", {"lib/python3.11/os.py": "", demo: METADATA})
    cfg = f"home = {tmp_path}/links\nexecutable = {tmp_path}/framework/bin/python3.11\nversion = 3.11.7\n"
    lay(tmp_path / "venv", {"pyvenv.cfg": cfg + "include-system-site-packages = true\n"})

    assert [found.name for found in read_environment(str(tmp_path / "venv"), environ={}).distributions] == ["demo"]


def test_base_that_was_upgraded_decides_the_version(tmp_path: Path) -> None:
    lay(tmp_path / "base", {"lib/python3.11/os.py": "", "include/python3.11/patchlevel.h": header("3.11.9")})
    lay(tmp_path / "venv", {"pyvenv.cfg": f"home = {tmp_path}/base/bin\nversion = 3.11.2\n"})
    (tmp_path / "venv/lib/python3.11").mkdir(parents=True)

    assert read_environment(str(tmp_path / "venv"), environ={}).python == "3.11.9"


def test_interpreter_chooses_among_pythons_of_one_prefix(tmp_path: Path) -> None:
    lay(tmp_path, {"lib/python3.9/os.py": "", "lib/python3.11/os.py": "", "bin/python3.9": "", "bin/python3.11": ""})
    (tmp_path / "bin/python3").symlink_to("python3.9")
    (tmp_path / "bin/python").symlink_to("python3")

    versions = [
        read_environment(str(tmp_path / path), environ={}).python
        for path in (".", "bin/python", "bin/python3.9", "bin/python3.11")
    ]

    assert versions == ["3.9", "3.9", "3.9", "3.11"]


@pytest.mark.parametrize("managed", [True, False])
def test_externally_managed(tmp_path: Path, managed: bool) -> None:
    lay(tmp_path, {"lib/python3.11/os.py": "", **({"lib/python3.11/EXTERNALLY-MANAGED": ""} if managed else {})})

    assert read_environment(str(tmp_path), environ={}).externally_managed is managed
