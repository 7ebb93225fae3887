"""The document in a file that is called a conda lock → what it is, and what it locks."""

from __future__ import annotations

from envcheck.gather.declarations.conda_lock import NAME
from envcheck.gather.declarations.conda_lock.blocks import layout_of
from envcheck.gather.declarations.conda_lock.rendered import read_rendered
from envcheck.gather.declarations.conda_lock.unified import read_layout, read_unified
from envcheck.gather.documents.faults import Fault, encoding_problems
from envcheck.gather.documents.lock_texts import conflict, unreadable, unsupported
from envcheck.gather.documents.text import Text, decode, ignores
from envcheck.gather.documents.yaml_values import Value, YamlMapping, load
from envcheck.model.declarations import Declaration
from envcheck.model.readings import Problem, RawFile, Reading

RENEW = "conda-lock"
_VERSIONS = ("1", "2")  # 2 is "v2prelim": conda-lock reads it and never writes it


def read_document(file: RawFile) -> Reading[Declaration]:
    """Return the entries of a lock, or the one reason why it has none."""
    text = decode(file.data)
    reading = _read(file.path, text)
    declaration = reading.value
    return Reading(declaration, (*encoding_problems(text, file.path), *reading.problems))


def _read(path: str, text: Text) -> Reading[Declaration]:
    empty = Declaration(path, NAME, governs=False, encoding=text.encoding, ignores=ignores(text.text, path))
    fault = conflict(text.text)
    if fault:
        return Reading(empty, (unreadable(fault, path, RENEW),))
    if _is_explicit(text.text):
        what = "conda's explicit list (@EXPLICIT), and no conda-lock.yml"
        return Reading(empty, (Fault(what, 1, 1).problem(path, "name it conda-linux-64.lock or explicit.txt"),))
    layout = layout_of(text.text)
    if layout and layout.head.get("version") in _VERSIONS and layout.platforms:
        return read_layout(empty, layout)
    loaded = load(text.text)
    problem = _problem(path, loaded.value, loaded.fault)
    if problem or not isinstance(loaded.value, YamlMapping):
        return Reading(empty, (problem,) if problem else ())
    if "package" in loaded.value or "version" in loaded.value:
        return read_unified(empty, loaded.value)
    return read_rendered(empty, text.text)


def _is_explicit(text: str) -> bool:
    return "@EXPLICIT" in text and any(line.strip() == "@EXPLICIT" for line in text.splitlines())


def _problem(path: str, value: Value | None, fault: Fault | None) -> Problem | None:
    """Return why a document is no lock that can be read, if it is none."""
    if fault:
        return unreadable(fault, path, RENEW)
    if not isinstance(value, YamlMapping):
        return Fault("no lock: the file is empty or a list", 1, 1).problem(path, f"lock again with {RENEW}")
    if "package" not in value and "version" not in value:
        if isinstance(value.get("dependencies"), list):
            return None
        what = "no lock: neither packages nor dependencies stand in it"
        return Fault(what, 1, 1).problem(path, f"lock again with {RENEW}")
    return _problem_of_unified(path, value)


def _problem_of_unified(path: str, value: YamlMapping) -> Problem | None:
    version = value.get("version")
    if version is None:
        return unsupported(path, "a conda-lock.yml that does not say in which version it is written", RENEW)
    if version not in _VERSIONS:
        shown = version[:20] if isinstance(version, str) else "no number"
        return unsupported(path, f"conda-lock.yml in version {shown}; versions 1 and 2 are known", RENEW)
    if not isinstance(value.get("package"), list):
        return Fault("no lock: package: is no list", 1, 1).problem(path, f"lock again with {RENEW}")
    return None
