"""All readers of records, and a notebook's bytes → its testimony."""

from __future__ import annotations

from collections.abc import Iterator

from envcheck.gather.documents import notebook_outputs
from envcheck.gather.documents.notebook_languages import language_of
from envcheck.gather.documents.notebook_outputs import RunNotebook
from envcheck.gather.traces import script_block
from envcheck.gather.traces.aliases import meanings
from envcheck.gather.traces.base import MetadataReader, OutputReader, Outputs
from envcheck.gather.traces.metadata import (
    conda_environment,
    hosts,
    language_info,
    nbproject,
    papermill,
    runt,
    thoth,
    uv_lock,
)
from envcheck.gather.traces.outputs import (
    banner,
    conda_export,
    conda_install,
    conda_list,
    paths,
    pip_freeze,
    pip_install,
    pip_list,
    pip_show,
    python_version,
    session_info,
    show_versions,
    uv_install,
    version_print,
    watermark,
)
from envcheck.gather.traces.parts import part, text
from envcheck.model.places import Place
from envcheck.model.readings import Problem, ProblemKind, RawFile, Reading
from envcheck.model.traces import Testimony, Trace

OUTPUT_READERS: tuple[OutputReader, ...] = (
    script_block,
    version_print,
    watermark,
    session_info,
    show_versions,
    python_version,
    banner,
    pip_list,
    pip_freeze,
    pip_show,
    conda_list,
    conda_export,
    pip_install,
    uv_install,
    conda_install,
    paths,
)
METADATA_READERS: tuple[MetadataReader, ...] = (
    language_info,
    nbproject,
    conda_environment,
    uv_lock,
    thoth,
    runt,
    papermill,
    hosts,
)


def read(file: RawFile) -> Reading[Testimony]:
    """Return what a notebook tells of versions; one of another language than Python is said to be not read."""
    reading = notebook_outputs.read(file)
    notebook = reading.value
    language = _language(notebook)
    if language != "python":
        problem = Problem(ProblemKind.NOT_READ, Place(file.path), f"is a notebook in {language}: not read")
        return Reading(Testimony(file.path, notebook.cells), (*reading.problems, problem))
    traces = tuple(dict.fromkeys((*_of_metadata(notebook, file.path), *_of_cells(notebook, file.path))))
    return Reading(Testimony(file.path, notebook.cells, traces), reading.problems)


def _language(notebook: RunNotebook) -> str:
    spec, claimed = part(notebook.metadata, "kernelspec"), part(notebook.metadata, "language_info")
    return language_of((text(spec, "language"), text(claimed, "name")), text(spec, "name"))


def _of_metadata(notebook: RunNotebook, path: str) -> Iterator[Trace]:
    for reader in METADATA_READERS:
        yield from reader.read(notebook.metadata, path)


def _of_cells(notebook: RunNotebook, path: str) -> Iterator[Trace]:
    aliases, modules = meanings(cell.text for cell in notebook.code)
    for cell, names in zip(notebook.code, aliases, strict=True):
        outputs = Outputs(Place(path, cell.number), cell.text, cell.outputs, names, modules)
        found = (trace for reader in OUTPUT_READERS for trace in reader.read(outputs))
        yield from sorted(found, key=lambda trace: (trace.output, trace.line))
