"""Where the specifier stands within the text of one requirement, so that a pin touches nothing else."""

from __future__ import annotations

import re

from envcheck.gather.documents.matchspec import parse
from envcheck.gather.documents.reqentry import InvalidEntry, parse_entry
from envcheck.model.changes import Edit, Pin, Refusal
from envcheck.model.names import Ecosystem

_PEP508 = re.compile(
    r"\s*[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?(?:\s*\[[^\]]*\])?"
    r"(?P<gap>\s*)(?P<open>\(\s*)?(?P<spec>(?:[<>=!~][^;()@]*)?)\)?\s*(?:;.*)?",
    re.DOTALL,
)
_CONDA = re.compile(
    r"\s*(?:[A-Za-z0-9_./:-]+(?:\[[^\]]*\])?::)?[A-Za-z0-9_][A-Za-z0-9_.-]*?(?P<gap>\s*)(?P<spec>(?:[<>=!~\s][^\[]*)?)"
    r"(?P<fields>\s*\[.*\])?\s*",
    re.DOTALL,
)
_VERSION_FIELD = re.compile(r"""[\[,]\s*version\s*=\s*(["'])(?P<spec>[^"']*)\1""")
_BUILD_AFTER_VERSION = re.compile(r"[\w.*+!]=[\w*]")
_VERSION_BARE = re.compile(r"[\[,]\s*version\s*=")


def pep508_pin(text: str, specifier: str) -> Edit | None:
    """Return the edit that gives a PEP 508 text this specifier; ``None`` for a URL and what is no such text."""
    match = _PEP508.fullmatch(text)
    if match is None:
        return None
    if not match["spec"].strip():
        at = match.end("open") if match["open"] else match.start("gap")
        return Edit(at, at, specifier)
    return _over(text, match.start("spec"), match.end("spec"), specifier)


def conda_pin(text: str, specifier: str) -> Edit | None:
    """Return the edit that gives a conda match spec this version; ``None`` where there is no place for it.

    A build that chooses a variant (``cuda12*``, ``openblas``) stays unless the specifier names one; a build of one
    version (``py311h1_0``) goes with its version.
    """
    match = _CONDA.fullmatch(text)
    if match is None:
        return None
    names_build = _BUILD_AFTER_VERSION.search(specifier) is not None
    fields = match["fields"] or ""
    within = _VERSION_FIELD.search(fields)
    if _VERSION_BARE.search(fields) and (within is None or names_build or match["spec"].strip()):
        return None
    if within:
        start = match.start("fields")
        return Edit(start + within.start("spec"), start + within.end("spec"), specifier)
    if not match["spec"].strip():
        return Edit(match.start("gap"), match.start("gap"), specifier)
    spec = match["spec"].rstrip()
    build = "" if names_build else _variant(text[: match.start("fields")] if fields else text)
    if build and spec.endswith(build):
        spec = spec.removesuffix(build).rstrip()
        spec = spec.removesuffix("=").rstrip()
    return _over(text, match.start("spec"), match.start("spec") + len(spec), specifier)


def _over(text: str, start: int, stop: int, specifier: str) -> Edit:
    spec = text[start:stop]
    return Edit(start + len(spec) - len(spec.lstrip()), start + len(spec.rstrip()), specifier)


def _variant(text: str) -> str:
    """Return the build of a match spec if it chooses a variant, else nothing."""
    try:
        build = parse(text).build
    except ValueError:
        return ""
    return build if "*" in build or "^" in build or not re.search(r"\d", build) else ""


def repin(change: Pin) -> Edit | Refusal | None:
    """Return the edit of a requirement's ``raw`` that pins it, why there is none, or ``None`` when it is pinned so."""
    requirement, wanted = change.requirement, change.wanted
    raw = requirement.raw
    if requirement.direct:
        return Refusal(change, "comes from a URL, a repository or a path", "name a commit or a hash there")
    if requirement.template:
        return Refusal(change, "its version is filled in later", "pin it where it comes from")
    if requirement.name == "python" and raw[:1] in "<>=!~^*0123456789":
        edit: Edit | None = Edit(0, len(raw), wanted)
    else:
        edit = (pep508_pin if requirement.ecosystem is Ecosystem.PYPI else conda_pin)(raw, wanted)
    if edit is None:
        return Refusal(change, f"there is no place for {wanted} in it", "write it by hand")
    if _bare(raw[edit.start : edit.stop]) == _bare(wanted):
        return None
    fault = _fault(requirement.ecosystem, raw[: edit.start] + edit.text + raw[edit.stop :])
    return Refusal(change, f"{wanted} is no specifier here: {fault}") if fault else edit


def _bare(specifier: str) -> str:
    return "".join(specifier.split())


def _fault(ecosystem: Ecosystem, text: str) -> str:
    """Return what is wrong with the new text of a requirement."""
    try:
        if ecosystem is Ecosystem.CONDA:
            parse(text)
        elif text[:1] not in "<>=!~^*0123456789":
            parse_entry(text)
    except InvalidEntry as error:
        return error.reason
    except ValueError as error:
        return str(error)
    return ""
