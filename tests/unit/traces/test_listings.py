"""What watermark, session_info, pip, uv and conda print, as they print it, and what only looks like it."""

from __future__ import annotations

import pytest

from envcheck.model.traces import TraceKind
from tests.support.ran_notebooks import Fact, cell, error, facts, result, stream, traces

WATERMARK_1 = """\
Ada
last updated: 2018-07-02

CPython 3.6.5
IPython 6.4.0

numpy 1.14.5
sklearn 0.19.1
bogus not installed

compiler   : GCC 4.2.1 (Apple Inc. build 5666) (dot 3)
system     : Darwin
release    : 17.5.0
machine    : x86_64
CPU cores  : 4
interpreter: 64bit
Git hash   : 1a2b3c4
"""
WATERMARK_2 = """\
Author: Ada 3.1

Python implementation: CPython
Python version       : 3.11.7
IPython version      : 9.18.1

numpy       : 2.4.6
scikit-learn: 1.9.1
nosuch      : unknown

Compiler    : GCC 12.2.0
OS          : Linux
Release     : 6.18.44
Machine     : x86_64
Processor   :
CPU cores   : 2
Architecture: 64bit

Hostname: vm

dateutil: 4.0.0
numpy   : 2.4.6

Watermark: 2.6.0

"""
SESSION_INFO = """\
-----
numpy               2.4.6
session_info        v1.0.1
yaml                6.0.3
-----
IPython             9.18.1
-----
Python 3.11.7 (main, May  9 2026, 07:35:25) [GCC 12.2.0]
Linux-6.18.44-x86_64-with-glibc2.36
-----
Session information updated at 2026-11-20 17:15
"""
SESSION_HTML = """\
<details>
<summary>Click to view session information</summary>
<pre>
-----
numpy               1.21.2
-----
</pre>
<details>
<summary>Click to view modules imported as dependencies</summary>
<pre>
PIL                         9.0.0
</pre>
</details> <!-- seems like this ends pre, so might as well be explicit -->
<pre>
-----
Python 3.8.10 (default, Jun  2 2021, 10:49:15) &lt;[GCC 9.4.0]&gt;
-----
Session information updated at 2021-09-01 10:00
</pre>
</details>
"""
SESSION_INFO_2 = """\
numpy\t2.4.6
PyYAML\t6.0.3
----\t----
session_info\t1.0.1 (v1.0.1)
----\t----
Python\t3.11.7 (main, May  9 2026, 07:35:25) [GCC 12.2.0]
OS\tLinux-6.18.44-x86_64-with-glibc2.36
Updated\t2026-11-20 17:15
"""
SESSION_MARKDOWN = """\
| Package | Version |
| ------- | ------- |
| numpy   | 2.4.6   |

| Dependency      | Version |
| --------------- | ------- |
| python-dateutil | 2.9.0   |

| Component | Info                       |
| --------- | -------------------------- |
| Python    | 3.13.0 (main, Oct  7 2024) |
| Updated   | 2024-11-01 10:00           |
"""
PANDAS_VERSIONS = """\

INSTALLED VERSIONS
------------------
commit                : 945c9ed766a61c7d2c0a7cbb251b6edebf9cb7d5
python                : 3.8.10.final.0
python-bits           : 64
OS                    : Linux
OS-release            : 5.4.0-1
Version               : #1 SMP
LC_ALL                : None
LOCALE                : en_US.UTF-8

pandas                : 1.3.4
lxml.etree            : 4.6.3
bs4                   : None
"""
SKLEARN_VERSIONS = """\

System:
    python: 3.11.7 (main, May  9 2026, 07:35:25) [GCC 12.2.0]
executable: /opt/env/bin/python
   machine: Linux-6.18.44-x86_64

Python dependencies:
      sklearn: 1.9.1
       Cython: None

Built with OpenMP: True

threadpoolctl info:
       user_api: blas
        version: 0.3.30
"""
PIP_LIST = """\
Package            Version   Editable project location
------------------ --------- -------------------------
absl-py            1.4.0
mine               0.1.dev3  /home/ada/mine
torch              1.9.0+cu102

[notice] A new release of pip available: 22.3 -> 23.0
"""
FREEZE = """\
absl-py==1.4.0
-e git+https://git.example/ada/mine@0123abc#egg=mine
# Editable install with no version control (yours==1.0)
numpy @ file:///croot/numpy_1/work/dist/numpy-1.26.4-cp311-cp311-linux_x86_64.whl#sha256=00
scipy @ file:///croot/scipy_1/work
"""
PIP_SHOW = """\
Name: scikit-learn
Version: 1.0.2
Summary: A set of python modules for machine learning and data mining
Location: /opt/env/lib/python3.9/site-packages
"""
PIP_INSTALL = """\
Collecting rich==13.0
  Downloading rich-13.0.0-py3-none-any.whl (238 kB)
Requirement already satisfied: pygments<3.0.0,>=2.6.0 in /opt/env/lib/python3.9/dist-packages (from rich==13.0) (2.10.0)
Requirement already satisfied (use --upgrade to upgrade): six in /opt/env/lib/python2.7/site-packages
Requirement already up-to-date: pip in ./env/lib/python3.9/site-packages (21.1)
Installing collected packages: commonmark, rich
  Attempting uninstall: rich
    Found existing installation: rich 12.0.0
    Uninstalling rich-12.0.0:
      Successfully uninstalled rich-12.0.0
Successfully installed commonmark-0.9.1 python-box-6.0.2.post1 rich-13.0.0 torch-1.9.0+cu102
"""
UV_INSTALL = """\
Using Python 3.11.7 environment at: /opt/env
Resolved 1 package in 135ms
Uninstalled 1 package in 1ms
Installed 2 packages in 1ms
 - idna==3.20
 + idna==3.7
 ~ mine==0.1 (from file:///home/ada/mine)
"""
CONDA_LIST = """\
# packages in environment at /opt/conda:
#
# Name                    Version                   Build  Channel
_libgcc_mutex             0.1                 conda_forge    conda-forge
jpeg                      9e                   h166bdaf_2    conda-forge
python                    3.9.16          h2782a2a_0_cpython    conda-forge
rich                      13.0.0                   pypi_0    pypi
"""
MAMBA_INSTALL = """\
  Package                       Version  Build                   Channel                    Size
──────────────────────────────────────────────────────────────────────────────────────────────────
  Install:
──────────────────────────────────────────────────────────────────────────────────────────────────

\x1b[32m  + openff-interchange-base\x1b[00m       0.3.4  pyhd8ed1ab_0  conda-forge/noarch\x1b[32m  Cached\x1b[00m

  Change:
──────────────────────────────────────────────────────────────────────────────────────────────────

\x1b[31m  - libnetcdf              \x1b[00m       4.9.2  nompi_h7e745eb_109      installed
\x1b[32m  + libnetcdf              \x1b[00m       4.8.1  nompi_h261ec11_106 conda-forge/linux-64\x1b[32m  Cached\x1b[00m

Executing transaction: ...working... done
"""
CONDA_INSTALL = """\
The following packages will be downloaded:

    package                    |            build
    ---------------------------|-----------------
    numpy-1.21.2               |   py39h20f2e39_0          23 KB

The following NEW packages will be INSTALLED:

  blas               pkgs/main/linux-64::blas-1.0-mkl
  numpy              pkgs/main/linux-64::numpy-1.21.2-py39h20f2e39_0
  python             pkgs/main/linux-64::python-3.9.16-h2782a2a_0

The following packages will be REMOVED:

  old-1.0-py39_0

The following packages will be UPDATED:

  certifi                          2021.5.30-py39h06a4308_0 --> 2021.10.8-py39h06a4308_0
  openssl             conda-forge::openssl-1.1.1k-h7f --> pkgs/main::openssl-1.1.1l-h7f8727e_0
"""
CONDA_EXPORT = """\
name: lab
channels:
  - conda-forge
dependencies:
  - python=3.9.16=h2782a2a_0_cpython
  - numpy=1.21.2=py39h20f2e39_0
  - pip:
    - rich==13.0.0
prefix: /opt/conda/envs/lab
"""

CHECKED = """\
[OK] Your Python version is 3.8.12 | packaged by conda-forge | (default, Oct 12 2021, 21:59:51)
[GCC 9.4.0]
[OK] numpy 1.22.0
[FAIL] scipy 1.6.3, please upgrade to >= 1.7.0
[FAIL]: x is not installed and/or cannot be imported.
"""

CASES: dict[str, tuple[str, str, list[Fact]]] = {
    "watermark 1": (
        "%watermark -a 'Ada' -u -d -v -m -p numpy,sklearn,bogus",
        WATERMARK_1,
        [
            ("python", "python", "3.6.5"),
            ("module", "IPython", "6.4.0"),
            ("module", "numpy", "1.14.5"),
            ("module", "sklearn", "0.19.1"),
        ],
    ),
    "watermark 2": (
        "import numpy\n%watermark -v -m -p numpy,scikit-learn,nosuch -iv -w -h",
        WATERMARK_2,
        [
            ("python", "python", "3.11.7"),
            ("module", "IPython", "9.18.1"),
            ("module", "numpy", "2.4.6"),
            ("distribution", "scikit-learn", "1.9.1"),
            ("module", "dateutil", "4.0.0"),
            ("module", "numpy", "2.4.6"),
            ("module", "watermark", "2.6.0"),
        ],
    ),
    "watermark beside other numbers": ("%watermark -v\nprint('accuracy 0.92')", "accuracy 0.92\nloss 0.1\n", []),
    "no watermark": ("import numpy", "numpy 1.0\n", []),
    "session_info": (
        "session_info.show(html=False)",
        SESSION_INFO,
        [
            ("module", "numpy", "2.4.6"),
            ("module", "session_info", "1.0.1"),
            ("module", "yaml", "6.0.3"),
            ("module", "IPython", "9.18.1"),
            ("python", "python", "3.11.7"),
        ],
    ),
    "session_info 2": (
        "from session_info2 import session_info\nprint(session_info())",
        SESSION_INFO_2,
        [
            ("distribution", "numpy", "2.4.6"),
            ("distribution", "pyyaml", "6.0.3"),
            ("distribution", "session-info", "1.0.1"),
            ("python", "python", "3.11.7"),
        ],
    ),
    "session_info 2, called by another library": (
        "sc.logging.print_header()",
        SESSION_INFO_2,
        [
            ("distribution", "numpy", "2.4.6"),
            ("distribution", "pyyaml", "6.0.3"),
            ("distribution", "session-info", "1.0.1"),
            ("python", "python", "3.11.7"),
        ],
    ),
    "a table with rules of its own": ("show()", "numpy\t1.0\n----\t----\nmean\t2.0\n", []),
    "session_info 2 in Markdown": (
        "session_info(os=True)._repr_markdown_()",
        SESSION_MARKDOWN,
        [
            ("distribution", "numpy", "2.4.6"),
            ("distribution", "python-dateutil", "2.9.0"),
            ("python", "python", "3.13.0"),
        ],
    ),
    "show_versions of pandas": (
        "pd.show_versions()",
        PANDAS_VERSIONS,
        [("python", "python", "3.8.10"), ("module", "pandas", "1.3.4"), ("module", "lxml.etree", "4.6.3")],
    ),
    "show_versions of scikit-learn": (
        "sklearn.show_versions()",
        SKLEARN_VERSIONS,
        [("python", "python", "3.11.7"), ("module", "sklearn", "1.9.1")],
    ),
    "a report on some other system": ("report()", "System:\n    speed: 2.4\n    python: fast\n", []),
    "print_header of scanpy": (
        "sc.logging.print_header()",
        "scanpy==1.9.1 umap==0.5.3 scikit-learn==1.1.1\n",
        [("module", "scanpy", "1.9.1"), ("module", "umap", "0.5.3"), ("distribution", "scikit-learn", "1.1.1")],
    ),
    "pip list": (
        "!pip list",
        PIP_LIST,
        [
            ("distribution", "absl-py", "1.4.0"),
            ("distribution", "mine", "0.1.dev3"),
            ("distribution", "torch", "1.9.0+cu102"),
        ],
    ),
    "pip list, filtered": ("!pip list | grep -i torch", "torch   1.9.0\n", [("distribution", "torch", "1.9.0")]),
    "pip list before pip 10": ("!pip list", "absl-py (0.1.9)\n", [("distribution", "absl-py", "0.1.9")]),
    "a table of something else": ("df", "Item               Value\n-------- ------\nheight             1.4.0\n", []),
    "pip freeze": (
        "!pip freeze",
        FREEZE,
        [
            ("distribution", "absl-py", "1.4.0"),
            ("distribution", "yours", "1.0"),
            ("distribution", "numpy", "1.26.4"),
            ("distribution", "scipy", ""),
        ],
    ),
    "a requirements file": ("!cat requirements.txt", "absl-py==1.4.0\n", []),
    "pip show": ("!pip show scikit-learn", PIP_SHOW, [("distribution", "scikit-learn", "1.0.2")]),
    "pip show, filtered": ("%pip show x | head -2", "Name: x\nVersion: 1.0\n", [("distribution", "x", "1.0")]),
    "a card with a name": ("print(card)", "Name: ada\nVersion: 1.0\n", []),
    "pip --version": (
        "!pip --version",
        "pip 21.0 from /opt/env/lib/python3.8/site-packages/pip (python 3.8)\n",
        [("distribution", "pip", "21.0"), ("python", "python", "3.8")],
    ),
    "pip install": (
        "%pip install rich==13.0",
        PIP_INSTALL,
        [
            ("distribution", "pygments", "2.10.0"),
            ("distribution", "six", ""),
            ("distribution", "pip", "21.1"),
            ("distribution", "commonmark", "0.9.1"),
            ("distribution", "python-box", "6.0.2.post1"),
            ("distribution", "rich", "13.0.0"),
            ("distribution", "torch", "1.9.0+cu102"),
        ],
    ),
    "uv pip install": (
        "!uv pip install idna==3.7 -e .",
        UV_INSTALL,
        [("python", "python", "3.11.7"), ("distribution", "idna", "3.7"), ("distribution", "mine", "0.1")],
    ),
    "conda list": (
        "!conda list",
        CONDA_LIST,
        [
            ("conda", "_libgcc_mutex", "0.1"),
            ("conda", "jpeg", "9e"),
            ("python", "python", "3.9.16"),
            ("distribution", "rich", "13.0.0"),
        ],
    ),
    "mamba install": (
        "!mamba install -q -y openff-interchange",
        MAMBA_INSTALL,
        [("conda", "openff-interchange-base", "0.3.4"), ("conda", "libnetcdf", "4.8.1")],
    ),
    "conda install": (
        "!conda install -y numpy",
        CONDA_INSTALL + "\nExecuting transaction: / \x08\x08- \x08\x08done\n",
        [
            ("conda", "blas", "1.0"),
            ("conda", "numpy", "1.21.2"),
            ("python", "python", "3.9.16"),
            ("conda", "certifi", "2021.10.8"),
            ("conda", "openssl", "1.1.1l"),
        ],
    ),
    "conda install that was not carried out": ("!conda install numpy", CONDA_INSTALL, []),
    "conda env export": (
        "!conda env export",
        CONDA_EXPORT,
        [("python", "python", "3.9.16"), ("conda", "numpy", "1.21.2"), ("distribution", "rich", "13.0.0")],
    ),
    "python --version": ("!python --version", "Python 3.10.12\n", [("python", "python", "3.10.12")]),
    "sys.version, printed by other code": (
        "check()",
        "[OK] 3.8.12 | packaged by conda-forge | (default, Oct 12 2021, 21:59:51) \n",
        [("python", "python", "3.8.12")],
    ),
    "sys.version, under a title": (
        "show()",
        "    Python: 3.7.10 (default, Jun  4 2021, 14:48:32) [GCC 7.5.0]\n",
        [("python", "python", "3.7.10")],
    ),
    "what only begins like it": ("check()", "3.8.12 (default value)\n3.8.12 (main, 2)\n", []),
    "a course's check": (
        "check_packages(d)",
        CHECKED,
        [("python", "python", "3.8.12"), ("module", "numpy", "1.22.0"), ("module", "scipy", "1.6.3")],
    ),
    "another list of what went well": ("test()", "[OK] speed 1.22.0\n", []),
    "banner of RDKit": (
        "from rdkit.Chem import Draw",
        "RDKit WARNING: [16:28:01] Enabling RDKit 2019.09.3 jupyter extensions\n",
        [("distribution", "rdkit", "2019.09.3")],
    ),
    "banner of pygame": (
        "import pygame",
        "pygame 2.1.0 (SDL 2.0.16, Python 3.8.10)\nHello from the pygame community.\n",
        [("distribution", "pygame", "2.1.0"), ("python", "python", "3.8.10")],
    ),
    "banner of Ultralytics": (
        "model.train()",
        "Ultralytics 8.3.40 🚀 Python-3.10.12 torch-2.5.1+cu121 CUDA:0 (Tesla T4, 15102MiB)\n",
        [
            ("distribution", "ultralytics", "8.3.40"),
            ("python", "python", "3.10.12"),
            ("distribution", "torch", "2.5.1+cu121"),
        ],
    ),
    "banner of YOLOv5": (
        "model.train()",
        "YOLOv5 🚀 v7.0-72-g064365d Python-3.8.10 torch-1.12.1 CPU\n",
        [("python", "python", "3.8.10"), ("distribution", "torch", "1.12.1")],
    ),
    "a line that speaks of Python": ("print(text)", "Python 3.10.12\n", []),
    "sys.version": (
        "import sys\nprint(sys.version)",
        "3.9.16 | packaged by conda-forge | (main, Feb  1 2023, 21:39:03) \n[GCC 11.3.0]\n",
        [("python", "python", "3.9.16")],
    ),
    "sys.version of Python 2": (
        "import sys\nprint sys.version",
        "2.7.12 |Anaconda 4.1.1 (64-bit)| (default, Jul  2 2016, 17:42:40) \n[GCC 4.4.7]\n",
        [("python", "python", "2.7.12")],
    ),
}
"""Source, what it printed, what is to be read of it; paths apart, which have a test of their own."""


@pytest.mark.parametrize(("source", "text", "expected"), CASES.values(), ids=CASES.keys())
def test_printed(source: str, text: str, expected: list[Fact]) -> None:
    found = [trace for trace in traces(cell(source, stream(text))) if trace.kind is not TraceKind.PATH]
    assert facts(found) == expected


def test_session_info_in_html_is_read_once() -> None:
    shown = result("<IPython.core.display.HTML object>", SESSION_HTML)
    assert facts(traces(cell("session_info.show()", shown))) == [
        ("module", "numpy", "1.21.2"),
        ("module", "PIL", "9.0.0"),
        ("python", "python", "3.8.10"),
    ]


def test_shown_sys_version() -> None:
    shown = result("'3.9.7 (default, Sep 16 2021, 13:09:58) \\n[GCC 7.5.0]'")
    assert facts(traces(cell("import sys\nsys.version", shown))) == [("python", "python", "3.9.7")]


def test_shown_version_info() -> None:
    shown = result("sys.version_info(major=3, minor=7, micro=4, releaselevel='final', serial=0)")
    assert facts(traces(cell("sys.version_info", shown))) == [("python", "python", "3.7.4")]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        pytest.param(
            "/opt/conda/lib/python3.9/site-packages/pandas/core/frame.py in f(x)",
            [("python", "python", "3.9"), ("module", "pandas", "")],
            id="traceback",
        ),
        pytest.param(
            "File ~/.venv/lib/python3.11/site-packages/requests/models.py:1021, in Response.f(self)",
            [("python", "python", "3.11"), ("module", "requests", "")],
            id="traceback of IPython 8",
        ),
        pytest.param(
            r"c:\Python27\lib\site-packages\pymc\distributions.pyc in f()",
            [("python", "python", "2.7"), ("module", "pymc", "")],
            id="Windows",
        ),
        pytest.param(
            r"C:\Users\Ada\AppData\Local\Programs\Python\Python310\lib\site-packages\six.py:1: W",
            [("python", "python", "3.10"), ("module", "six", "")],
            id="Windows, a module of one file",
        ),
        pytest.param(
            "/usr/lib/python3/dist-packages/yaml/__init__.py:1: UserWarning",
            [("module", "yaml", "")],
            id="Debian, which tells no version",
        ),
        pytest.param(
            "/opt/lib/python2.7/site-packages/numpy-1.11.0-py2.7-linux-x86_64.egg/numpy/core.py",
            [("python", "python", "2.7"), ("distribution", "numpy", "1.11.0")],
            id="egg",
        ),
        pytest.param(
            "/opt/lib/python3.8/site-packages/My_Pkg-1.0.dist-info/METADATA",
            [("python", "python", "3.8"), ("distribution", "my-pkg", "1.0")],
            id="dist-info",
        ),
        pytest.param("/opt/lib/python3.8/site-packages (1.0)", [("python", "python", "3.8")], id="the folder itself"),
        pytest.param("/opt/lib/python3.8/site-packages/__pycache__/x", [("python", "python", "3.8")], id="no module"),
        pytest.param("look into site-packages, please", [], id="prose"),
    ],
)
def test_paths(path: str, expected: list[Fact]) -> None:
    assert facts(traces(cell("f()", error("\x1b[0;31mE\x1b[0m", f"\x1b[0;32m{path}\x1b[0m")))) == expected
    assert facts(traces(cell("f()", stream(f"{path}\n{path}\n", "stderr")))) == expected


def test_every_trace_has_its_place() -> None:
    first = cell("1")
    second = cell("!pip freeze", stream("WARNING: x\n", "stderr"), stream("numpy==1.0\nscipy==2.0\n"))
    found = [(trace.place.cell, trace.output, trace.line) for trace in traces(first, second)]
    assert found == [(2, 2, 1), (2, 2, 2)]


def test_pieces_of_a_stream_are_one_text() -> None:
    pieces = [stream("Package Version\n"), stream("------- -------\n"), stream("numpy   1.0\n")]
    assert facts(traces(cell("show()", *pieces))) == [("distribution", "numpy", "1.0")]
