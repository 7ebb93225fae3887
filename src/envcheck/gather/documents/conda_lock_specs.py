"""Specs of environment.yml in the form in which conda-lock (4.0) hashes them, quirks included.

A form is what ``Dependency.model_dump()`` gives there. Where conda-lock refuses a text, or where what it makes of it
depends on more than the text, there is no form: nothing can be proven then.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeAlias

Form: TypeAlias = Mapping[str, "str | bool | list[str] | None"]

_LONGEST = 500  # conda's expressions search quadratically
_SPECIAL = re.compile(r"[()^$@\\]|\.(?:conda|tar\.bz2)\s*\Z")
_BRACKETS = re.compile(r"(.*)(\[.*\])")
_FIELD = re.compile(r"([a-zA-Z0-9_-]+?)=([\"']?)([^'\"]*?)(\2)(?:[, ]|$)")
_NAMED = re.compile(r"([^ =<>!~]+)([><!=~ ].+)?")
_VERSION_AND_BUILD = re.compile(r"((?:.+?)[^><!,|]?)(?:(?<![=!|,<>~])(?:[ =])([^-=,|<>~]+?))?$")
_PLAIN_CHANNEL = re.compile(r"([A-Za-z0-9_-]+)(?:/(?:noarch|(?:linux|osx|win)-\w+))?")
_REPOSITORY = ("git+", "https://", "ssh://")


IMPLIED_PIP: Form = {
    "name": "pip",
    "manager": "conda",
    "category": "main",
    "extras": [],
    "markers": None,
    "version": "*",
    "build": None,
    "conda_channel": None,
    "hash": None,
}
"""What a list below ``pip:`` asks for besides its entries."""


def conda_form(text: str, category: str) -> Form | None:
    """Return the form of a conda spec (``conda.models.match_spec``), or ``None``."""
    spec = text.split("#", 1)[0].split(" if ", 1)[0]
    if len(spec) > _LONGEST or _SPECIAL.search(spec):
        return None
    fields: dict[str, str] = {}
    bracketed = _BRACKETS.match(spec)
    if bracketed:
        spec = spec.replace(bracketed[2], "")
        fields = {found[1]: found[3] for found in _FIELD.finditer(bracketed[2][1:-1])}
    *before, spec = spec.rsplit(":", 2)
    channel = fields.get("channel") or (before[0] if len(before) == 2 else "")
    known = _PLAIN_CHANNEL.fullmatch(channel)
    named = _NAMED.match(spec)
    if not named or "*" in named[1] or "[" in spec or (channel and not known):
        return None
    version, build = _version_and_build((named[2] or "").strip())
    version = _spelled(fields.get("version", version))
    return {
        **_base(named[1].lower(), "conda", category),
        "version": version,
        "build": fields.get("build", build),
        "conda_channel": known[1] if known else None,
        "hash": None,
    }


def _base(name: str, manager: str, category: str) -> dict[str, str | bool | list[str] | None]:
    return {"name": name, "manager": manager, "category": category, "extras": [], "markers": None}


def _version_and_build(text: str) -> tuple[str, str | None]:
    found = _VERSION_AND_BUILD.search(text) if text else None
    if not found:
        return text, None
    version, build = found[1].replace(" ", ""), found[2].strip() if found[2] else None
    if version.startswith("==") and build is None and version != "==":
        return version[2:], build
    literal = version[1:]
    if version.startswith("=") and literal and not re.search("[=,|]", literal):
        return (literal if build is not None or literal.endswith("*") else f"{literal}*"), build
    return version, build


def _spelled(version: str) -> str:
    """Return a version spec as conda's VersionSpec spells it after parsing: ``1.2*`` → ``1.2.*``."""
    return "|".join(",".join(map(_starred, part.split(","))) for part in version.split("|"))


def _starred(literal: str) -> str:
    core = literal.strip()
    is_prefix = core.endswith("*") and core != "*" and "*" not in core.rstrip("*") and core[0] not in "=<>!~"
    return f"{core[:-1]}.*" if is_prefix and not core.endswith(".*") else core


def pip_form(text: str, category: str) -> Form | None:
    """Return the form of an entry of ``pip:`` (``parse_python_requirement``), or ``None``."""
    from packaging.requirements import InvalidRequirement, Requirement
    from packaging.utils import canonicalize_name

    body, markers = _without_marker(text)
    if body.startswith(_REPOSITORY):
        # The name of the repository stands for that of the distribution.
        body = f"{body.split('/')[-1].split('@')[0].removesuffix('.git')} @ {body}"
    body, _, digest = body.partition(" --hash=")
    try:
        parsed = Requirement(body)
    except (InvalidRequirement, RecursionError):
        return None
    form = {**_base(canonicalize_name(parsed.name), "pip", category), "markers": markers}
    if not parsed.url:
        extras: list[str] = sorted(parsed.extras)
        version = _pip_version(str(parsed.specifier))
        hashed = digest or None
        return {**form, "extras": extras, "version": version, "build": None, "conda_channel": None, "hash": hashed}
    if parsed.url.startswith("git+"):
        return _repository_form(form, parsed.url)
    if parsed.url.startswith(_REPOSITORY):
        url, _, fragment = parsed.url.partition("#")
        return {**form, "extras": sorted(parsed.extras), "url": url, "hashes": [fragment.replace("=", ":")]}
    return None  # a path: whether it is a folder, the disk decides


def _without_marker(text: str) -> tuple[str, str | None]:
    body, semicolon, marker = text.rpartition(";")
    return (body.strip(), marker.strip()) if semicolon else (text, None)


def _pip_version(specifier: str) -> str:
    clauses = sorted(clause.replace(" ", "").replace("===", "==") for clause in specifier.split(","))
    return ",".join(clauses) or "*"


def _repository_form(form: Form, url: str) -> Form | None:
    url = url.removesuffix(".git").removeprefix("git+")
    subdirectory = None
    location, at, revision = url.rpartition("@")
    if not at:
        location, revision = url, ""
    if location.count("@") > 1 or (at and ":" in revision):
        return None
    if "#subdirectory=" in revision:
        revision, subdirectory = revision.split("#subdirectory=", 1)
    return {**form, "source": location, "vcs": "git", "rev": revision or None, "subdirectory": subdirectory}
