"""Projects that real uv locks in the tests, and what real uv says of their locks."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from packaging.markers import Marker

from envcheck.model.locks import Target
from envcheck.model.requirements import DirectKind, Requirement

DISTRIBUTIONS = {
    "alpha 1.0": (),
    "alpha 1.5": (),
    "alpha 2.0": ("gamma",),
    "beta 1.0": ("alpha<2",),
    "beta 2.0": ("alpha>=1.5", 'gamma; sys_platform == "win32"'),
    "gamma 1.0": (),
    "gamma 1.1": (),
    "delta 1.0": ("alpha", "[fast]epsilon>=1", "[all]delta[fast]", "[all]gamma"),
    "epsilon 1.0": ('alpha; python_version < "3.12"',),
    "ring-a 1.0": ("ring-b",),
    "ring-b 1.0": ("ring-a", 'zeta; platform_machine == "arm64"'),
    "zeta 1.0": (),
    "zeta 2.0": (),
    "torch 1.0": ("alpha==1.0",),
    "torch 2.0": ("alpha==2.0", "gamma==1.0"),
    "user 1.0": ("torch",),
}

_PROJECT = """
[project]
name = "shop"
version = "0.1"
requires-python = ">=3.10,<3.14"
"""

PLAIN = {
    "pyproject.toml": f"""{_PROJECT}
dependencies = ["alpha>=1.0,<2", "ring_a", "beta ; python_version < '3.11'", "delta[all] ; sys_platform == 'darwin'"]
[project.optional-dependencies]
viz = ["zeta<2", "gamma==1.0"]
everything = ["shop[viz]", "epsilon"]
[dependency-groups]
dev = ["epsilon", {{ include-group = "lint" }}]
lint = ["zeta ; os_name == 'nt'"]
docs = ["gamma"]
"""
}

WORKSPACE = {
    "pyproject.toml": f"""{_PROJECT}
dependencies = ["core[fast]", "gamma"]
[project.optional-dependencies]
viz = ["zeta"]
[dependency-groups]
docs = ["user"]
[tool.uv]
default-groups = ["docs"]
[tool.uv.sources]
core = {{ workspace = true }}
[tool.uv.workspace]
members = ["libs/*"]
exclude = ["libs/old"]
""",
    "libs/core/pyproject.toml": """
[project]
name = "core"
version = "1.0"
requires-python = ">=3.9"
dependencies = ["alpha", "values"]
[project.optional-dependencies]
fast = ["epsilon"]
[dependency-groups]
dev = ["ring-a"]
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"
[tool.uv.sources]
values = { workspace = true }
""",
    "libs/values/pyproject.toml": """
[project]
name = "values"
version = "1.0"
dependencies = ["beta"]
[tool.uv]
package = false
""",
    "libs/lonely/pyproject.toml": """
[project]
name = "lonely"
version = "1.0"
dependencies = ["delta"]
""",
    "libs/old/pyproject.toml": '[project]\nname = "old"\nversion = "1"\ndependencies = []\n',
}

ROOTLESS = {
    "pyproject.toml": """
[dependency-groups]
dev = ["zeta", "core"]
docs = ["user ; sys_platform == 'linux'"]
[tool.uv.sources]
core = { workspace = true }
[tool.uv.workspace]
members = ["core", "shop"]
""",
    "core/pyproject.toml": """
[project]
name = "core"
version = "1.0"
requires-python = ">=3.10"
dependencies = ["alpha"]
[project.optional-dependencies]
viz = ["epsilon"]
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"
""",
    "shop/pyproject.toml": f"""{_PROJECT}
dependencies = ["beta", "core[viz] ; python_version >= '3.12'"]
[project.optional-dependencies]
viz = ["ring-b"]
[dependency-groups]
dev = ["gamma"]
""",
}

FORKS = {
    "pyproject.toml": f"""{_PROJECT}
dependencies = [
    "alpha<1.5 ; python_version < '3.11'",
    "alpha>=1.5,<2 ; python_version >= '3.11' and python_version < '3.13'",
    "alpha>=2 ; python_version >= '3.13'",
    "torch==1.0 ; python_version < '3.11' and sys_platform != 'win32'",
    "zeta<2 ; sys_platform == 'win32'",
    "zeta>=2 ; sys_platform != 'win32'",
    "delta",
]
[project.optional-dependencies]
viz = ["epsilon ; platform_machine != 'arm64'"]
[dependency-groups]
docs = ["ring-a"]
"""
}

CONFLICTS = {
    "pyproject.toml": f"""{_PROJECT}
dependencies = ["gamma"]
[project.optional-dependencies]
old = ["torch==1.0"]
new = ["torch==2.0"]
viz = ["user", "beta"]
[dependency-groups]
dev = ["ring-a"]
g1 = ["zeta<2"]
g2 = ["zeta>=2"]
docs = ["user"]
[tool.uv]
conflicts = [[{{ extra = "old" }}, {{ extra = "new" }}], [{{ group = "g1" }}, {{ group = "g2" }}]]
"""
}

SOURCES = {
    "pyproject.toml": f"""{_PROJECT}
dependencies = [
    "tagged>=0.1", "below", "branched", "folder", "edited", "packed", "archive", "gamma", "alpha",
    "zeta ; python_version < '3.13'", "ring-b @ {{index}}/simple/ring-b/ring_b-1.0-py3-none-any.whl",
]
[project.optional-dependencies]
viz = ["zeta"]
[dependency-groups]
docs = ["named @ git+file://{{repository}}@v2"]
[tool.uv.sources]
tagged = {{ git = "file://{{repository}}", tag = "v1" }}
below = {{ git = "file://{{repository}}", rev = "{{commit}}", subdirectory = "below" }}
branched = {{ git = "file://{{repository}}", branch = "side" }}
folder = {{ path = "libs/folder" }}
edited = {{ path = "libs/edited", editable = true }}
packed = {{ path = "wheels/packed-1.0-py3-none-any.whl" }}
archive = {{ url = "{{index}}/simple/epsilon/archive-1.0-py3-none-any.whl" }}
gamma = {{ index = "second" }}
zeta = [
    {{ git = "file://{{repository}}", tag = "v3", marker = "sys_platform == 'linux'" }},
    {{ url = "{{index}}/simple/zeta/zeta-1.0-py3-none-any.whl", marker = "sys_platform == 'win32'" }},
]
[[tool.uv.index]]
name = "second"
url = "{{index}}/second"
explicit = true
""",
    "libs/folder/pyproject.toml": """
[project]
name = "folder"
version = "1.0"
dependencies = ["beta"]
[dependency-groups]
dev = ["epsilon"]
""",
    "libs/edited/pyproject.toml": '[project]\nname = "edited"\nversion = "1.0"\ndependencies = ["folder"]\n'
    '[tool.uv.sources]\nfolder = { path = "../folder" }\n',
}

SETTINGS = {
    "pyproject.toml": f"""{_PROJECT}
dependencies = ["beta", "user"]
[project.optional-dependencies]
viz = ["zeta"]
[dependency-groups]
docs = ["ring-a"]
new = ["epsilon"]
[tool.uv]
dev-dependencies = ["gamma"]
default-groups = "all"
constraint-dependencies = ["alpha<2", "zeta<2 ; sys_platform == 'win32'"]
override-dependencies = ["torch==1.0"]
resolution = "lowest-direct"
prerelease = "allow"
environments = ["sys_platform == 'linux'", "sys_platform == 'win32'"]
dependency-groups = {{ new = {{ requires-python = ">=3.12" }} }}
"""
}

DATED = {
    "pyproject.toml": f"""{_PROJECT}
dependencies = []
[tool.uv]
exclude-newer = "2030-01-01"
exclude-dependencies = ["alpha"]
required-environments = ["sys_platform == 'win32'"]
[[tool.uv.dependency-metadata]]
name = "beta"
version = "1.0"
requires-dist = ["gamma >= 1"]
"""
}

SCRIPT = {
    "scripts/analysis.py": """# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "delta[fast]",
#   "zeta<2 ; sys_platform == 'win32'",
#   "zeta>=2 ; sys_platform != 'win32'",
# ]
#
# [tool.uv]
# constraint-dependencies = ["alpha<2"]
# ///
print(1)
"""
}

PROJECTS: Mapping[str, Mapping[str, str]] = {
    "plain": PLAIN,
    "workspace": WORKSPACE,
    "workspace without root": ROOTLESS,
    "forks": FORKS,
    "conflicts": CONFLICTS,
    "sources": SOURCES,
    "settings": SETTINGS,
    "dated": DATED,
    "script": SCRIPT,
}

Choice = tuple[tuple[str, ...], tuple[str, ...], bool]
"""Extras, groups, and whether default groups are wanted."""
CHOICES: tuple[Choice, ...] = (
    ((), (), True),
    (("viz",), (), True),
    ((), ("docs",), False),
    (("viz",), ("docs",), True),
)
CONFLICTING: tuple[Choice, ...] = (
    (("old",), ("g1",), True),
    (("new", "viz"), ("g2",), False),
    (("viz", "old"), ("docs",), True),
    (("new",), ("docs", "g1"), True),
)

_SYSTEMS = (
    ("linux-64", "linux", "Linux", "posix", "x86_64"),
    ("win-64", "win32", "Windows", "nt", "AMD64"),
    ("osx-arm64", "darwin", "Darwin", "posix", "arm64"),
)


def environments() -> Iterator[Target]:
    """Yield three Pythons on three platforms."""
    for python in ("3.10.4", "3.11.7", "3.12.1", "3.13.0"):
        for platform, sys_platform, system, os_name, machine in _SYSTEMS:
            markers = {
                "python_version": python.rpartition(".")[0],
                "python_full_version": python,
                "implementation_name": "cpython",
                "implementation_version": python,
                "platform_python_implementation": "CPython",
                "sys_platform": sys_platform,
                "platform_system": system,
                "os_name": os_name,
                "platform_machine": machine,
                "platform_release": "1",
                "platform_version": "1",
            }
            yield Target(python, platform, markers)


class Uv:
    """The real uv, with a cache and an index of its own and without any network but this machine."""

    def __init__(self, folder: Path, index: str = "") -> None:
        self._environment = {key: value for key, value in os.environ.items() if not key.startswith(("UV_", "PIP_"))}
        self._environment |= {
            "UV_CACHE_DIR": str(folder / "cache"),
            "UV_NO_CONFIG": "0",
            "UV_PYTHON": sys.executable,
            "UV_PYTHON_DOWNLOADS": "never",
            "NO_PROXY": "127.0.0.1",
            "XDG_CONFIG_HOME": str(folder / "config"),
        }
        self._environment |= {"UV_DEFAULT_INDEX": f"{index}/simple"} if index else {}
        del self._environment["UV_NO_CONFIG"]

    def run(self, project: Path, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run uv in a project."""
        uv = Path(sys.executable).parent / "uv"
        command = [str(uv) if uv.exists() else "uv", *arguments]
        done = subprocess.run(command, cwd=project, env=self._environment, capture_output=True, text=True, check=False)
        assert not check or done.returncode == 0, done.stderr
        return done

    def exported(self, project: Path, script: str, choice: Choice) -> list[tuple[str, str]]:
        """Return what uv would install with a choice: each line of its export, and the marker of it."""
        extras, groups, defaults = choice
        chosen = [word for extra in extras for word in ("--extra", extra)] if not script else []
        chosen += [word for group in groups for word in ("--group", group)] if not script else []
        chosen += ["--no-default-groups"] * (not defaults and not script)
        arguments = ["--frozen", "--no-header", "--no-annotate", *chosen, *(("--script", script) if script else ())]
        text = self.run(project, "export", *arguments).stdout.replace("\\\n", " ")
        found = []
        for line in filter(None, map(str.strip, text.splitlines())):
            entry, *hashes = re.split(r"\s+--hash=", line)
            entry, _, marker = entry.partition(" ; ")
            found.append((" ".join([entry, *sorted(map(str.strip, hashes))]), marker))
        return found


def applying(lines: Iterable[tuple[str, str]], target: Target) -> list[str]:
    """Return the lines of an export whose markers hold in an environment."""
    return sorted(line for line, marker in lines if not marker or Marker(marker).evaluate(dict(target.markers)))


def as_exported(entries: Iterable[Requirement]) -> list[str]:
    """Return the entries of a selection as uv would write them in an export."""
    return sorted(" ".join([_line(entry), *sorted(entry.hashes)]) for entry in entries)


def _line(entry: Requirement) -> str:
    direct = entry.direct
    if direct is None:
        return f"{entry.shown_name}=={entry.constraint.exact}"
    if direct.kind is DirectKind.PATH:
        path = direct.url if direct.url == "." else f"./{direct.url}"
        return f"-e {path}" if direct.editable else path
    fragment = f"#subdirectory={direct.subdirectory}" if direct.subdirectory else ""
    if direct.kind is DirectKind.VCS:
        return f"{entry.shown_name} @ git+{direct.url}@{direct.commit}{fragment}"
    return f"{entry.shown_name} @ {direct.url}{fragment}"
