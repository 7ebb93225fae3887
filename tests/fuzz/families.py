"""What is fuzzed: each family of readers, the real files that it begins with, and whom it must agree with."""

from __future__ import annotations

import ast
import contextlib
import json
import os
import re
import tempfile
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from envcheck.engine.settings.file import read_settings
from envcheck.gather.declarations.catalogue import dialect_for, editor_for
from envcheck.gather.documents import notebook_metadata
from envcheck.gather.documents.magics import split
from envcheck.gather.documents.matchspec import parse, parse_any
from envcheck.gather.documents.stamp_reading import read_stamp
from envcheck.gather.environments.catalogue import read_environment
from envcheck.gather.environments.conda_records import parse_record
from envcheck.gather.environments.direct_urls import parse_direct_url
from envcheck.gather.environments.metadata_headers import parse_headers
from envcheck.gather.environments.records import corruption, module_names, top_modules
from envcheck.gather.environments.requires_texts import unparsable
from envcheck.gather.sources.catalogue import reader_for
from envcheck.gather.traces import catalogue as traces
from envcheck.model.errors import UserError
from envcheck.model.locks import Target
from envcheck.model.readings import RawFile

REPOSITORY = Path(__file__).resolve().parents[2]
SHARED = REPOSITORY.parent / "shared"
PLACES = (REPOSITORY / "fixtures", SHARED / "corpus", SHARED / "samples")
TARGET = Target(
    "3.11.7", "linux-64", {"python_version": "3.11", "python_full_version": "3.11.7", "sys_platform": "linux"}
)
_MOST, _LARGEST = 80, 60_000


@dataclass(frozen=True)
class Family:
    """Readers of one kind: ``read`` raises nothing, and returns where it differs from an authority, else nothing."""

    seeds: Callable[[], list[bytes]]
    read: Callable[[bytes], str | None]


def files(*patterns: str) -> Callable[[], list[bytes]]:
    """Return what finds the real files of these names, the small ones first."""

    def found() -> list[bytes]:
        paths = sorted(
            {path for place in PLACES for pattern in patterns for path in place.rglob(pattern) if path.is_file()}
        )
        contents = [path.read_bytes() for path in paths if path.stat().st_size < _LARGEST]
        return sorted(dict.fromkeys(contents), key=len)[-_MOST:] or [b""]

    return found


def cells() -> list[bytes]:
    """Return cells of real notebooks."""
    return list(dict.fromkeys(text.encode("utf-8", "surrogatepass") for text in _cells() if text))[:3000]


def _cells() -> Iterator[str]:
    for data in files("*.ipynb")():
        try:
            notebook = json.loads(data)
        except ValueError:
            continue
        for cell in notebook.get("cells", []) if isinstance(notebook, dict) else []:
            if cell.get("cell_type") == "code":
                yield "".join(cell.get("source") or ())


def lines_of(*patterns: str) -> Callable[[], list[bytes]]:
    """Return what finds the lines of real files."""
    return lambda: sorted({line.strip(b" -\t\r") for data in files(*patterns)() for line in data.split(b"\n")})[:3000]


def declared(path: str, beside: str = "") -> Callable[[bytes], None]:
    """Return what reads a declaration or lock of this name, and what its lock says; ``beside`` is its manifest."""
    dialect = dialect_for(path)
    assert dialect
    manifests = tuple(RawFile(beside, data) for data in files(beside)()[:1]) if beside else ()

    def read(data: bytes) -> None:
        file = RawFile(path, data)
        declaration = dialect.read(file).value
        list(declaration.requirements)
        if declaration.lock:
            declaration.lock.select(TARGET, manifests)
            declaration.lock.freshness(manifests)
        editor = editor_for(path)
        if editor and not declaration.lock:
            assert not editor.edit(file, ()).edits

    return read


def text(data: bytes) -> str:
    """Return bytes as text, whatever they are."""
    return data.decode("utf-8", "replace")


def notebook(data: bytes) -> None:
    """Read a notebook for its imports, its records and its stamp."""
    reader = reader_for("a.ipynb")
    assert reader
    file = RawFile("a.ipynb", data)
    reader.read(file)
    traces.read(file)
    try:
        notebook_metadata.value_of(data, "envcheck")
        changed = notebook_metadata.with_value(data, "envcheck", {"schema": 1})
        json.loads(changed, parse_int=str)
    except notebook_metadata.NotebookError:
        pass


def cell(data: bytes) -> str | None:
    """Split a cell, read it in a notebook and as a script; what is Python has the imports that ``ast`` finds."""
    code = text(data)
    split(code)
    reader, script = reader_for("a.ipynb"), reader_for("a.py")
    assert reader
    assert script
    content = {"cell_type": "code", "metadata": {}, "outputs": [], "source": code}
    whole = json.dumps({"cells": [content], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()
    found = {use.module for use in reader.read(RawFile("a.ipynb", whole)).value.imports}
    script.read(RawFile("a.py", data))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    wanted = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    return f"not found: {wanted - found}" if wanted - found else None


def requirements(data: bytes) -> str | None:
    """Read a requirements file, and compare it with pip where pip reads it without the help of other files."""
    declared("requirements.txt")(data)
    if re.search(rb"(?:^|\n)\s*-|/|\\|--|[^\n -~]|[^\n]{200}|[<=>]{7}", data):
        # options, other files, what pip's locale decides, names too long for files, and merges, of which we say so
        return None
    from tests.support.pip_reading import by_pip, by_us

    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        path = Path(folder) / "requirements.txt"
        path.write_bytes(data)
        try:
            theirs = by_pip(path)
        except Exception:  # noqa: BLE001 - pip's own tracebacks are pip's
            return None
        if theirs.stopped:
            return None
        ours = by_us(path)
    same = ours.refused == theirs.refused and ours.requirements == theirs.requirements
    return None if same else f"pip: {theirs}\nwe: {ours}"


def matchspec(data: bytes) -> str | None:
    """Parse a match spec, and compare it with py-rattler where both take it."""
    spec = text(data)
    with contextlib.suppress(ValueError):
        parse(spec)
    with contextlib.suppress(ValueError):
        parse_any(spec)
    if not re.fullmatch(
        r"[a-z][a-z0-9_.-]{0,40}(?: ?[<>=!~]{1,2}[0-9](?:[0-9a-z.]{0,20}[0-9a-z])?)?(?:=[a-z0-9_]{1,20})?", spec
    ):
        return None  # everyday ones: what else differs is listed in tests/tools/test_conda_against_rattler.py
    from tests.support.rattler_reading import by_rattler, by_us

    ours, theirs = by_us(spec), by_rattler(spec)
    return None if ours is None or theirs is None or ours == theirs else f"rattler: {theirs}\nwe: {ours}"


def metadata(data: bytes) -> None:
    """Read the headers of METADATA."""
    list(unparsable(parse_headers(data).requires))
    parse_headers(data, cut=True)


def record(data: bytes) -> None:
    """Read a RECORD, a record of conda and a direct_url.json."""
    tops = top_modules(data)
    list(module_names(data, tops))
    corruption(data)
    with contextlib.suppress(ValueError):
        parse_record(data)
    with contextlib.suppress(ValueError):
        parse_direct_url(data)


class Environment:
    """An environment on the disk in which one file is what is fuzzed."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._folder = ""

    def read(self, data: bytes) -> None:
        """Read the environment with the file as it is given."""
        if not self._folder:
            self._folder = tempfile.mkdtemp(prefix="fuzz-")
            site = Path(self._folder, "lib/python3.11/site-packages/numpy-1.26.4.dist-info")
            site.mkdir(parents=True)
            Path(self._folder, "pyvenv.cfg").write_text("home = /usr/bin\nversion = 3.11.9\n", encoding="utf-8")
            (site / "METADATA").write_text("Metadata-Version: 2.1\nName: numpy\nVersion: 1.26.4\n", encoding="utf-8")
        path = Path(self._folder, self._name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        environment = read_environment(self._folder, environ={"HOME": self._folder})
        for distribution in environment.distributions:
            str(distribution)


def kernel(data: bytes) -> None:
    """Resolve a kernel whose kernel.json is what is fuzzed."""
    from envcheck.gather.environments.jupyter_folders import Server
    from envcheck.gather.environments.kernels import resolve

    path = Path(tempfile.gettempdir(), f"fuzz-kernels-{os.getpid()}", "kernels", "lab", "kernel.json")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    resolve("lab", Server(None, {"JUPYTER_PATH": str(path.parents[2]), "HOME": str(path.parent)}))


def settings(data: bytes) -> None:
    """Read a settings file: a request that is bad is said."""
    path = Path(tempfile.gettempdir(), f"fuzz-{os.getpid()}.toml")
    path.write_bytes(data)
    try:
        read_settings(str(path), shown="envcheck.toml")
    except UserError:
        pass
    finally:
        path.unlink()


def trace(data: bytes) -> None:
    """Read an output of a cell that prints versions."""
    said = text(data)
    for kind, output in (
        ("stream", {"output_type": "stream", "name": "stdout", "text": said}),
        ("result", {"output_type": "execute_result", "data": {"text/plain": said, "text/html": said}}),
    ):
        source = (
            "%pip list\n!pip freeze\nprint(numpy.__version__)\n%watermark -iv"
            if kind == "stream"
            else "import session_info; session_info.show()"
        )
        content = {"cell_type": "code", "metadata": {}, "outputs": [output], "source": source}
        traces.read(RawFile("a.ipynb", json.dumps({"cells": [content], "metadata": {}, "nbformat": 4}).encode()))


def outputs() -> list[bytes]:
    """Return printed outputs of real notebooks."""
    found = []
    for data in files("*.ipynb")():
        try:
            cells_ = json.loads(data).get("cells", [])
        except (ValueError, AttributeError):
            continue
        for one in cells_:
            for output in one.get("outputs", ()):
                plain = output.get("text") or output.get("data", {}).get("text/plain") or ()
                found.append("".join(plain).encode("utf-8", "replace")[:20_000])
    return [*dict.fromkeys(found), *VERSIONS]


VERSIONS = (
    b"Package    Version\n---------- -------\nnumpy      1.26.4\npandas     2.1.4\n",
    b"numpy==1.26.4\npandas @ file:///x\n-e git+https://example.org/x@abc#egg=x\n",
    b"Python implementation: CPython\nPython version       : 3.11.7\n\nnumpy : 1.26.4\n",
    b"Name: numpy\nVersion: 1.26.4\nRequires: \n---\nName: pandas\nVersion: 2\n",
    b"# packages in environment at /x:\n#\n# Name  Version  Build  Channel\nnumpy  1.26.4  py311_0  conda-forge\n",
    b"Successfully installed numpy-1.26.4 pandas-2.1.4\nRequirement already satisfied: six in /x/lib/python3.11 (1.16.0)\n",  # noqa: E501
)
STAMPS = (
    b'{"packages": {"pandas": "2.2.3"}, "python": "3.11.7", "requires": {"six": "1.16.0"}, "schema": 1}',
    b'{"lock": "pylock.toml", "python": "3.11.7", "schema": 1, "missing": ["x"], "sources": {"x": "local"}}',
)
RECORDS = (
    b'numpy/__init__.py,sha256=abc,12\nnumpy/core/x.so,,\n../../bin/f2py,,\n"a,b.py",,\nnumpy-1.26.4.dist-info/RECORD,,\n',
    b'{"name": "numpy", "version": "1.26.4", "build": "0", "files": ["lib/python3.11/site-packages/numpy/__init__.py"]}',  # noqa: E501
    b'{"url": "https://example.org/x.git", "vcs_info": {"vcs": "git", "commit_id": "abc"}}',
)
METADATA = (
    (
        b"Metadata-Version: 2.1\nName: pandas\nVersion: 2.1.4\nRequires-Dist: numpy<2,>=1.22.4; python_version < '3.11'\n"  # noqa: E501
        b"Requires-Dist: x[a,b] (>=1) ; extra == 'test'\nRequires-Python: >=3.9\nProvides-Extra: test\n\nText\n"
    ),
)
KERNELS = (
    b'{"argv": ["/x/bin/python", "-m", "ipykernel_launcher", "-f", "{connection_file}"], "display_name": "x", "env": {}}',  # noqa: E501
)
CONFIGS = (b"home = /usr/bin\ninclude-system-site-packages = true\nversion = 3.11.9\nprompt = 'x'\n",)
SPECS = (
    b"numpy=1.26=py311*",
    b"conda-forge/linux-64::numpy[version='>=1,<2|3.*',build=py*]",
    b"python 3.11.*",
    b"x>=1.0,!=1.5",
)
SETTINGS = (
    (
        b'select = ["PIN"]\nignore = []\nexclude = ["x/"]\nfail-on = "error"\n[per-file-ignores]\n"a.txt" = ["PIN001"]\n'  # noqa: E501
        b'[severity]\nPIN001 = "note"\n[name-map]\nx = ["y"]\n'
    ),
)
FIXED = {
    "METADATA": METADATA,
    "RECORD": RECORDS,
    "pyvenv.cfg": CONFIGS,
    "kernel.json": KERNELS,
    "stamps": STAMPS,
    "settings": SETTINGS,
}


def fixed(name: str) -> Callable[[], list[bytes]]:
    """Return what gives the seeds that stand here."""
    return lambda: list(FIXED[name])


def silent(read: Callable[[bytes], object]) -> Callable[[bytes], str | None]:
    """Return a reader that differs from nobody."""

    def reads(data: bytes) -> None:
        read(data)

    return reads


def families() -> dict[str, Family]:
    """Return all families by name."""
    locks = {
        "uv.lock": ("pyproject.toml", "uv.lock"),
        "poetry.lock": ("pyproject.toml", "poetry.lock"),
        "pdm.lock": ("pyproject.toml", "pdm.lock"),
        "Pipfile.lock": ("Pipfile", "Pipfile.lock"),
        "pylock.toml": ("pyproject.toml", "pylock*.toml"),
        "conda-lock.yml": ("environment.yml", "conda-lock*.yml"),
        "pixi.lock": ("pixi.toml", "pixi.lock"),
        "conda-linux-64.lock": ("", "conda-*.lock"),
    }
    manifests = ("pyproject.toml", "environment.yml", "Pipfile", "pixi.toml", "setup.cfg")
    dist_info = "lib/python3.11/site-packages/numpy-1.26.4.dist-info/"
    return {
        "notebooks": Family(files("*.ipynb"), silent(notebook)),
        "magics": Family(cells, cell),
        "requirement-lines": Family(files("requirements*.txt"), requirements),
        "match-specs": Family(lambda: [*SPECS, *lines_of("environment*.yml")()], matchspec),
        **{
            name: Family(files(name, pattern), silent(declared(name, beside)))
            for name, (beside, pattern) in locks.items()
        },
        **{name: Family(files(name.replace(".yml", "*.yml")), silent(declared(name))) for name in manifests},
        "scripts": Family(files("*.py"), silent(declared("setup.py"))),
        "METADATA": Family(fixed("METADATA"), silent(metadata)),
        "RECORD": Family(fixed("RECORD"), silent(record)),
        "pyvenv.cfg": Family(fixed("pyvenv.cfg"), silent(Environment("pyvenv.cfg").read)),
        "METADATA-on-disk": Family(fixed("METADATA"), silent(Environment(dist_info + "METADATA").read)),
        "RECORD-on-disk": Family(fixed("RECORD"), silent(Environment(dist_info + "RECORD").read)),
        "kernel.json": Family(fixed("kernel.json"), silent(kernel)),
        "stamps": Family(fixed("stamps"), silent(lambda data: read_stamp(data, "a.ipynb"))),
        "settings": Family(fixed("settings"), silent(settings)),
        "traces": Family(outputs, silent(trace)),
    }
