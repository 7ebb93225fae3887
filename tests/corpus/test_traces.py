"""Versions in the saved outputs of 423 real notebooks: plain expressions over their JSON find nothing that is not told.

The expressions are the reference: each says what a record of its kind looks like on one line, and knows nothing of
cells, code or certainty. What they find and is no version of anything installed is explained, hit by hit.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from envcheck.gather.traces.catalogue import read
from envcheck.model.readings import RawFile
from envcheck.model.traces import Meaning, Trace, TraceKind

pytestmark = pytest.mark.corpus

BIG = (
    "numpy|pandas|scipy|scikit-learn|sklearn|matplotlib|tensorflow|torch|pytorch|keras|seaborn|nltk|spacy|pymc3?|theano|"
    "statsmodels|xarray|dask|numba|ipython|jupyter|rdkit|openmm|mdtraj|anthropic|openai|langchain|requests|python|cpython"
)
REFERENCE = {
    "successfully installed": re.compile(r"Successfully installed (?P<words>.+)"),
    "already satisfied": re.compile(
        r"Requirement already (?:satisfied|up-to-date)\S*:? (?P<name>[\w.-]+).*\((?P<version>\d[^)]*)\)$"
    ),
    "pinned": re.compile(r"^\s*(?P<name>[A-Za-z0-9][\w.-]*)==(?P<version>\d\S*)$"),
    "big package": re.compile(rf"(?i)(?<![\w./\\-])(?P<name>{BIG})\b[^\w\n]{{0,20}}v?(?P<version>\d+\.\d[\w.+]*)"),
    "watermark or table": re.compile(r"^\s*(?P<name>[A-Za-z_][\w.-]+)\s*[: ]\s*(?P<version>\d+\.\d+\.\d[\w.+]*)\s*$"),
    "sys.version": re.compile(r"(?P<version>\d\.\d+\.\d+\+?) (?:\(|\|).*"),
    "mamba": re.compile(r"^\s*\+ (?P<name>\S+)\s+(?P<version>\d\S*)\s+\S+\s+\S+/(?:noarch|linux-64|osx-\S+|win-64)"),
    "conda": re.compile(r"::(?P<name>[\w.-]+)-(?P<version>\d[\w.]*)-\w+"),
    "path": re.compile(r"python(?P<version>\d\.\d+)[/\\](?:site|dist)-packages[/\\](?P<module>[A-Za-z_]\w*)"),
    "path on Windows": re.compile(r"[Pp]ython(?P<major>\d)(?P<minor>\d+)\\lib\\site-packages\\(?P<module>\w+)"),
    "egg": re.compile(r"[/\\](?P<name>[A-Za-z]\w*)-(?P<version>\d[\w.]*)(?:-py\d\.\d+)?\.(?:egg|dist-info)"),
}
ASKED = re.compile(r"__version__|\.version\b|metadata")
BARE = re.compile(r"^['\"]?(?P<version>\d+\.\d+(?:\.\d+)*(?:[a-z.+]\w*)*)['\"]?$")
ANSI = re.compile(r"\x1b\[[0-9;]*m")
NO_VERSION = {
    "the value of a tensor": re.compile(r"dtype=\w+, numpy=\d"),
    "since when a function has moved": re.compile(r"has moved to the IPython\.paths module since IPython 4\.0"),
    "what was there before and is taken away": re.compile(r"^  - tensorflow  .*  installed$"),
}
"""What else the expressions find, by the line that it stands on."""

HITS = 440
"""Different versions that both find; most are those of Python in the metadata."""

Hit = tuple[str, int, str, str]
_MD = "teachopencadd/teachopencadd/talktorials/T019_md_simulation/talktorial.ipynb"
_GNN = "teachopencadd/teachopencadd/talktorials/T035_graph_neural_networks/talktorial.ipynb"
_CH08 = "python-machine-learning-book-2nd-edition/code/ch08/ch08.ipynb"
_SVM = "handson-ml3/05_support_vector_machines.ipynb"
_SANDBOX = "Probabilistic-Programming-and-Bayesian-Methods-for-Hackers/sandbox"
_GITHUB = f"{_SANDBOX}/GithubUsers.ipynb"
_PYMC = f"{_SANDBOX}/Chapter10_/More hacking with PyMC.ipynb"
_PLOTS = "LearnDataScience/notebooks/Z1. Appendix 1 Plotting code snippets .ipynb"
SAMPLE: list[Hit] = [
    (_MD, 27, "tensorboard-plugin-wit", "1.8.1"),
    (_MD, 27, "python-constraint", "1.4.0"),
    (_MD, 48, "openmm", ""),
    (_MD, 27, "xmltodict", "0.13.0"),
    ("PythonDataScienceHandbook/notebooks_v1/03.00-Introduction-to-Pandas.ipynb", 6, "pandas", "0.18.1"),
    (_SVM, 101, "python", "3.8"),
    (_MD, 27, "pytables", "3.7.0"),
    (_MD, 27, "pbr", "5.11.1"),
    (_GITHUB, 5, "pymc", ""),
    (_CH08, 5, "numpy", "1.14.5"),
    (_MD, 27, "openff-toolkit", "0.13.0"),
    ("PythonDataScienceHandbook/notebooks_v1/03.01-Introducing-Pandas-Objects.ipynb", 75, "python", "3.5"),
    (_PLOTS, 16, "python", "2.7"),
    (_MD, 27, "cython", "0.29.34"),
    (_MD, 27, "tensorboard", "2.11.2"),
    (_PYMC, 9, "python", "2.7"),
    (_GITHUB, 5, "python", "2.7"),
    ("PythonDataScienceHandbook/notebooks/03.04-Missing-Values.ipynb", 12, "numpy", ""),
    (_CH08, 5, "nltk", "3.3"),
    (_MD, 27, "keras", "2.11.0"),
    (_MD, 27, "openff-toolkit-base", "0.13.0"),
    (_MD, 27, "h5py", "3.7.0"),
    (_MD, 27, "smirnoff99frosst", "1.1.0"),
    ("claude-cookbooks/third_party/Pinecone/claude_3_rag_agent.ipynb", 9, "python", "3.10"),
    ("claude-cookbooks/third_party/Pinecone/claude_3_rag_agent.ipynb", 9, "huggingface_hub", ""),
    (_MD, 27, "pyedr", "0.7.1"),
    (_CH08, 5, "pandas", "0.23.1"),
    (_MD, 27, "openmmforcefields", "0.11.2"),
    (_MD, 27, "giflib", "5.2.1"),
    (_GITHUB, 2, "python", "2.7"),
    (_MD, 27, "netcdf-fortran", "4.6.0"),
    (_MD, 27, "libaec", "1.0.6"),
    (_MD, 27, "cached_property", "1.5.2"),
    (_GITHUB, 2, "IPython", ""),
    (_MD, 27, "parmed", "3.4.4"),
    (_SVM, 79, "python", "3.8"),
    (_PLOTS, 18, "pandas", ""),
    (_MD, 27, "panedr", "0.7.1"),
    (_MD, 27, "tensorflow-estimator", "2.11.0"),
    (_MD, 27, "openff-interchange", "0.3.4"),
    ("claude-cookbooks/third_party/Pinecone/claude_3_rag_agent.ipynb", 1, "python", "3.10.12"),
    (_MD, 27, "validators", "0.20.0"),
    (_CH08, 5, "sklearn", "0.19.1"),
    (_MD, 27, "ambertools", "22.0"),
    ("PythonDataScienceHandbook/notebooks_v1/02.00-Introduction-to-NumPy.ipynb", 5, "numpy", "1.11.1"),
    (_MD, 27, "xorg-libxt", "1.2.1"),
    (_MD, 27, "libabseil", "20220623.0"),
    (_MD, 27, "openff-models", "0.0.5"),
    (_MD, 27, "libgrpc", "1.51.1"),
    (_CH08, 5, "IPython", "6.4.0"),
]


def joined(text: object) -> str:
    return "".join(text) if isinstance(text, list) else str(text or "")


def texts(output: dict[str, object]) -> Iterator[str]:
    """Yield the texts of one output, of nbformat 3 and 4."""
    data = output.get("data")
    shown = data.get("text/plain") if isinstance(data, dict) else None
    traceback = output.get("traceback")
    yield joined(output.get("text") or shown)
    yield "\n".join(traceback) if isinstance(traceback, list) else ""


def cells(document: dict[str, object]) -> Iterator[tuple[int, str, str]]:
    """Yield number, code and output of every code cell."""
    listed = document.get("cells")
    sheets = document.get("worksheets")
    if not isinstance(listed, list):
        listed = [cell for sheet in sheets for cell in sheet.get("cells", [])] if isinstance(sheets, list) else []
    for number, cell in enumerate(listed, 1):
        if cell.get("cell_type") == "code":
            outputs = [text for output in cell.get("outputs") or [] for text in texts(output)]
            yield number, joined(cell.get("source") or cell.get("input")), ANSI.sub("", "\n".join(outputs))


def line_hits(line: str, code: str) -> Iterator[tuple[str, str]]:
    """Yield name, empty where the line has none, and version of what the reference finds in a line."""
    for expression in REFERENCE.values():
        for match in expression.finditer(line):
            found = match.groupdict()
            for word in (found.get("words") or "").split():
                name, _, version = word.rpartition("-")
                yield name, version
            if "version" in found:
                yield found.get("name") or "", found["version"]
            if "major" in found:
                yield "python", f"{found['major']}.{found['minor']}"
            if "module" in found:
                yield found["module"], ""
    bare = BARE.match(line) if ASKED.search(code) else None
    if bare:
        yield "", bare["version"]


def reference(corpus: Path) -> Iterator[tuple[Hit, str]]:
    """Yield what the reference finds in the notebooks, with its line; cell 0 is the metadata."""
    for path in sorted(corpus.rglob("*.ipynb")):
        name = path.relative_to(corpus).as_posix()
        document = json.loads(path.read_text("utf-8-sig"))
        metadata = document.get("metadata")
        language = metadata.get("language_info") if isinstance(metadata, dict) else None
        if isinstance(language, dict) and language.get("name") == "python" and language.get("version"):
            yield (name, 0, "python", language["version"]), ""
        for number, code, text in cells(document):
            for line in map(str.rstrip, text.splitlines()):
                for found, version in line_hits(line, code):
                    yield (name, number, found.lower(), version), line


@pytest.fixture(scope="module")
def told(corpus: Path) -> list[Trace]:
    """Return every trace of every notebook."""
    paths = sorted(corpus.rglob("*.ipynb"))
    readings = [read(RawFile(path.relative_to(corpus).as_posix(), path.read_bytes())) for path in paths]
    return [trace for reading in readings for trace in reading.value.traces]


def is_told(hit: Hit, known: set[Hit]) -> bool:
    """Tell whether a trace of the same cell has the version and, where the line has one, the name."""
    path, cell, name, version = hit
    if name:
        return not known.isdisjoint({hit, (path, cell, name.replace("_", "-"), version)})
    return any((path, cell, version) == (other[0], other[1], other[3]) for other in known)


def test_every_version_that_the_reference_finds_is_told(corpus: Path, told: list[Trace]) -> None:
    known = {(t.place.path, t.place.cell, t.name.lower(), t.version) for t in told}
    known |= {(path, cell, "cpython", version) for path, cell, name, version in known if name == "python"}
    hits = list(reference(corpus))
    untold = [line for hit, line in hits if not is_told(hit, known)]
    assert [line for line in untold if not any(reason.search(line) for reason in NO_VERSION.values())] == []
    assert all(any(reason.search(line) for line in untold) for reason in NO_VERSION.values())
    assert len({hit for hit, _ in hits if is_told(hit, known)}) >= HITS


def test_every_trace_stands_where_it_says(corpus: Path, told: list[Trace]) -> None:
    """Name and version of a trace of an output are in the text of its cell's outputs or, the name, in its code."""
    for path in sorted({trace.place.path for trace in told if trace.output}):
        found = {
            number: (code, text) for number, code, text in cells(json.loads((corpus / path).read_text("utf-8-sig")))
        }
        for trace in (trace for trace in told if trace.output and trace.place.path == path):
            code, text = found[trace.place.cell]
            tail = trace.version.partition(".")[2] if "Python27" in text else trace.version
            assert tail in text
            assert trace.name.lower() in f"{code}\n{text}".lower()


def test_a_sample_that_was_read_by_hand(told: list[Trace]) -> None:
    """Each of these was looked up in its notebook: that version of that name is what the cell says was there."""
    spoken = [t for t in told if t.kind is not TraceKind.LANGUAGE_INFO and t.meaning is Meaning.INSTALLED]
    ran = sorted({(t.place.path, t.place.cell, t.name, t.version) for t in spoken})
    assert random.Random(20).sample(ran, len(SAMPLE)) == SAMPLE
