"""conda's match specs (CEP 29): one line of ``dependencies`` → name, version spec, build and channel."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace

from envcheck.model import conda_versions


class MatchSpec(Struct, frozen=True):
    """One match spec.

    ``version`` is in the normal form that :func:`envcheck.model.constraints.conda` takes: ``==1.2`` for ``name 1.2``
    and ``name=1.2=build``, ``1.2.*`` for ``name=1.2``, else as written without spaces; empty for ``*``, as ``build``.
    ``channel`` is a name or a URL, without ``subdir``. ``extra`` are the other bracketed fields in the order written.
    ``url`` is set when the spec is a package file instead. As written, without comment: the whole ``text``, and of it
    ``shown_name`` and ``written``, which is what follows the name.
    """

    name: str
    version: str = ""
    build: str = ""
    channel: str = ""
    subdir: str = ""
    extra: tuple[tuple[str, str], ...] = ()
    url: str = ""
    text: str = ""
    shown_name: str = ""
    written: str = ""


_LONGEST = 2000
_ENDINGS = (".conda", ".tar.bz2")
_SHAPE = re.compile(
    r"""(?P<text>(?P<head>[^\[#]*)(?:\[(?P<fields>(?:"[^"]*"|'[^']*'|\[[^\[\]]*\]|[^\[\]"'])*)\])?)\s*(?:\#.*)?""",
    re.DOTALL,
)
_NAME = re.compile(r"[A-Za-z0-9_.-]+")
_AFTER_NAME = re.compile(r"[\s=<>!~,|(]")
_BUILD = re.compile(r"[A-Za-z0-9_.+*-]+|\^.*\$")
# Compiled with the first use, since few runs need it.
_SUBDIR = r"noarch|(?:linux|osx|win|emscripten|wasi|zos|freebsd)-[a-z0-9]+"
_FIELD = re.compile(
    r"""\s*([A-Za-z_][A-Za-z0-9_]*)\s*=\s*("[^"]*"|'[^']*'|\[[^\[\]]*\]|[^\s,'"\[\]=]+)(?=[\s,]|$)\s*(?:,\s*)?"""
)
_LOOSE = re.compile(r" ?([,|]) ?|([=<>!~(]) | (?=[=)])")
_JOINED = re.compile(r"(.*[^=<>!~,|(])=([^=<>!~,|()]+)")
# Nine of ten entries of environment files are a name, alone or with ``=1.2`` or ``==1.2``.
_EVERYDAY = re.compile(r"([A-Za-z0-9_.-]{1,100})(?:(==?)([0-9]{1,9}(?:\.[0-9]{1,9}){0,5}))?")
_LONE = re.compile(r"(==?)?([A-Za-z0-9.*][A-Za-z0-9._+!*-]*)")


@lru_cache(maxsize=8192)
def parse(text: str) -> MatchSpec:
    """Return the parsed spec; raise ``ValueError``, which says why, for text that is none."""
    everyday = _EVERYDAY.fullmatch(text)
    if everyday and not text.endswith(_ENDINGS):
        name, operator, version = everyday.groups("")
        normal = f"{version}.*" if operator == "=" else operator + version
        return MatchSpec(name.lower(), normal, text=text, shown_name=name, written=operator + version)
    return parse_any(text)


def parse_any(text: str) -> MatchSpec:
    """Return the parsed spec by the whole grammar: what :func:`parse` does for all but everyday texts."""
    if len(text) > _LONGEST:
        raise ValueError("a match spec of this length is not read")
    found = _from_artifact(text.strip())
    if found is None:
        shape = _SHAPE.fullmatch(text)
        if shape is None:
            raise ValueError("the brackets do not close at the end")
        found = _with_fields(_from_positions(shape["head"]), (shape["fields"] or "").strip())
        text = shape["text"]
        named = text[shape["head"].rfind(":") + 1 :].strip()
        length = len(found.name)
        found = replace(found, shown_name=named[:length], written=named[length:].strip())
    if found.version:
        conda_versions.check_spec(found.version)
    conda_versions.check_build(found.build)
    return replace(found, text=text.strip())


def _from_artifact(location: str) -> MatchSpec | None:
    """Return the spec that the path or URL of a package file amounts to, or ``None`` when it is no such."""
    path = location.partition("#")[0]
    ending = next((e for e in _ENDINGS if path.endswith(e)), None)
    if ending is None:
        return None
    folder, _, stem = path.removesuffix(ending).replace("\\", "/").rpartition("/")
    parts = stem.rsplit("-", 2)
    if len(parts) != 3 or not _NAME.fullmatch(parts[0]):
        raise ValueError(f"{stem!r} is no conda package file (name-version-build)")
    channel, subdir = _channel(folder) if "://" in folder else ("", "")
    return MatchSpec(parts[0].lower(), f"=={parts[1]}", parts[2], channel, subdir, url=location)


def _from_positions(head: str) -> MatchSpec:
    if "://" in head and "::" not in head:
        raise ValueError("a URL that names no package file")
    # From the right, because a channel may be a URL with a port: channel/subdir:namespace:name version build.
    *prefix, spec = head.strip().rsplit(":", 2)
    channel, subdir = _channel(prefix[0].strip()) if len(prefix) == 2 else ("", "")
    spec = spec.strip()
    name = _AFTER_NAME.split(spec, maxsplit=1)[0]
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no package name" if name else "the package name is missing")
    version, build = _version_and_build(spec[len(name) :])
    return MatchSpec(name.lower(), version, build, channel, subdir)


def _channel(text: str) -> tuple[str, str]:
    """Return channel and subdir; ``*`` is any channel, like none."""
    folder, _, last = text.rstrip("/").rpartition("/")
    if folder and re.fullmatch(_SUBDIR, last):
        return ("" if folder == "*" else folder), last
    return ("" if text == "*" else text), ""


def _version_and_build(rest: str) -> tuple[str, str]:
    """Return both parts of what follows the name, by CEP 29's table of ``=`` and space as separators."""
    version, space, build = _LOOSE.sub(r"\1\2", " ".join(rest.split())).partition(" ")
    joined = _JOINED.fullmatch(version)
    if joined and not space:
        version, build = joined.groups()
    if build and not _BUILD.fullmatch(build):
        raise ValueError(f"{build!r} is no build string")
    # ``name =1.2 build`` stays fuzzy, ``name=1.2=build`` is exact (CEP 29; rattler takes both as exact).
    fuzzy = not build or (bool(space) and rest[0].isspace())
    return _normal(version, fuzzy=fuzzy), ("" if build == "*" else build)


def _normal(version: str, *, fuzzy: bool) -> str:
    """Return a version spec in its normal form; a lone ``=1.2`` means ``1.2.*`` only if it is ``fuzzy``."""
    lone = _LONE.fullmatch(version)
    if lone is None:
        return version
    operator, literal = lone.groups()
    if "*" in literal:
        return "" if literal == "*" else literal
    return f"{literal}.*" if operator == "=" and fuzzy else f"=={literal}"


def _with_fields(spec: MatchSpec, fields: str) -> MatchSpec:
    """Return the spec with the bracketed fields, which win over the positional ones (but for the name)."""
    named = dict(_fields(fields))
    channel, subdir = _channel(named.pop("channel", "")) if "channel" in named else (spec.channel, spec.subdir)
    version = _normal("".join(named.pop("version").split()), fuzzy=True) if "version" in named else spec.version
    build = named.pop("build", spec.build)
    named.pop("name", None)
    return MatchSpec(
        spec.name,
        version,
        "" if build == "*" else build,
        channel,
        named.pop("subdir", subdir),
        extra=tuple(named.items()),
    )


def _fields(text: str) -> Iterator[tuple[str, str]]:
    position = 0
    while position < len(text):
        match = _FIELD.match(text, position)
        if match is None:
            raise ValueError(f"{text[position:]!r} is no key=value")
        yield match[1], match[2].strip("\"'")
        position = match.end()
