"""Snapshot → environment. Somebody else wrote the file: whatever is not as it should be is left out, and said."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from envcheck.gather.documents.snapshot_form import FORMAT, KINDS, SCHEMA, Installed, Origin, Package, Snapshot
from envcheck.gather.documents.snapshot_pylock import from_pylock
from envcheck.gather.documents.text import decode
from envcheck.gather.documents.toml_tables import parse
from envcheck.model.environment import CondaPackage, Distribution, Environment
from envcheck.model.names import NormalizedName, normalize
from envcheck.model.places import Place
from envcheck.model.readings import Problem, ProblemKind
from envcheck.model.requirements import DirectKind, DirectReference
from envcheck.model.stamps import LOCAL
from envcheck.model.urls import has_credentials, redact

LARGEST = 64 << 20
"""Bytes: one of a thousand distributions has one million."""
_MOST = 100_000  # entries of a kind
_MOST_SAID = 10
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,198}[A-Za-z0-9])?")
_CONDA_NAME = re.compile(r"[a-z0-9_][a-z0-9_.-]{0,199}")
_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.!+-]{0,99}")
_PYTHON = re.compile(r"\d+(?:\.\d+){1,2}(?:(?:a|b|rc)\d+)?|")
_WORD = re.compile(r"[a-z][a-z0-9_-]{0,31}")
_MODULE = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")
_LONGEST = 2000
_NAMES = """
    implementation_name implementation_version os_name platform_machine platform_python_implementation platform_release
    platform_system platform_version python_full_version python_version sys_platform
"""
_MARKERS = tuple(_NAMES.split())


def read_snapshot(data: bytes, path: str, *, how_found: str = "") -> Environment | str:
    """Return the environment that a snapshot holds, or why the file is none; never raises.

    ``path`` is absolute and stands for the prefix. Entries that cannot be believed are problems of the environment.
    """
    if len(data) > LARGEST:
        return f"larger than {LARGEST >> 20} MiB"
    try:
        snapshot = _decoded(data)
        _check(snapshot)
    except RecursionError:
        return "nested too deeply to be read"
    except ValueError as error:
        return str(error)
    return _Reader(path).environment(snapshot, how_found)


def _check(snapshot: Snapshot) -> None:
    """Raise ``ValueError`` for a snapshot that is of another form, or of none that anybody needs."""
    if snapshot.format != FORMAT:
        raise ValueError(f"format is {snapshot.format[:40]!r}, not {FORMAT}")
    if snapshot.schema != SCHEMA:
        raise ValueError(f"a snapshot of schema {snapshot.schema}; this envcheck knows {SCHEMA}")
    counts = map(len, (snapshot.distributions, snapshot.duplicates, snapshot.conda, snapshot.modules))
    if max(counts) > _MOST:
        raise ValueError(f"more than {_MOST:,} entries of a kind")


def is_snapshot(data: bytes) -> bool:
    """Tell by its beginning, or by its table, whether a text is meant to be a snapshot."""
    return b'"format": "' + FORMAT.encode() in data[:200] or (
        b"[tool.envcheck]" in data and f'format = "{FORMAT}"'.encode() in data
    )


def _decoded(data: bytes) -> Snapshot:
    """Return the snapshot in a text; raises ``ValueError`` with the reason when there is none."""
    if data.lstrip()[:1] == b"{":
        return msgspec.json.decode(data, type=Snapshot)
    document = parse(decode(data).text)
    if document.fault:
        raise ValueError(f"neither JSON nor TOML: {document.fault.message}")
    own = from_pylock(document.tables)
    if own is None:
        raise ValueError(f"it has no format {FORMAT}: envcheck snapshot --output FILE writes one")
    return msgspec.convert(own, Snapshot)


class _Reader:
    """Makes nouns of the entries of one file, and keeps what it has left out."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._place = Place(path.replace("\\", "/") if path[1:3] == ":\\" else path)
        self._left_out: list[str] = []

    def environment(self, snapshot: Snapshot, how_found: str) -> Environment:
        """Return the whole environment."""
        python = self._checked(snapshot.python, _PYTHON, "python")
        distributions = tuple(self._distributions(snapshot.distributions))
        return Environment(
            prefix=self._path,
            kind="snapshot",
            python=python,
            how_found=how_found,
            implementation=self._checked(snapshot.implementation, _WORD, "implementation") or "cpython",
            markers=dict(self._markers(snapshot, python)),
            distributions=_first_of_each_name(distributions),
            duplicates=tuple(self._distributions(snapshot.duplicates)),
            conda=tuple(self._packages(snapshot.conda)),
            modules=dict(self._modules(snapshot.modules)),
            problems=self._problems(),
            externally_managed=snapshot.externally_managed,
        )

    def _problems(self) -> tuple[Problem, ...]:
        said = self._left_out[:_MOST_SAID]
        more = len(self._left_out) - len(said)
        said += [f"{more} more entries"] if more else []
        remedy = "take the snapshot again"
        return tuple(
            Problem(ProblemKind.BROKEN_METADATA, self._place, f"left out of the snapshot: {text}", remedy)
            for text in said
        )

    def _distributions(self, entries: Iterable[Installed]) -> Iterator[Distribution]:
        for entry in entries:
            if not _NAME.fullmatch(entry.name):
                self._leave_out("a distribution", entry.name, "no name")
            elif entry.version and not _VERSION.fullmatch(entry.version):
                self._leave_out(entry.name, entry.version, "no version")
            else:
                yield self._distribution(entry)

    def _distribution(self, entry: Installed) -> Distribution:
        return Distribution(
            normalize(entry.name),
            entry.name,
            entry.version,
            self._place,
            tuple(self._texts(entry.requires, entry.name)),
            self._text(entry.requires_python, entry.name),
            tuple(self._texts(entry.extras, entry.name)),
            self._direct(entry.source, entry.name) if entry.source else None,
            self._text(entry.installer, entry.name),
            # No folder is known: what came from outside came from one that is not told.
            "another folder" if entry.leaked else "",
            entry.conda if _CONDA_NAME.fullmatch(entry.conda) else "",
            entry.leaked,
            entry.plugin,
        )

    def _direct(self, origin: Origin, name: str) -> DirectReference | None:
        url = self._text(origin.url, name)
        if origin.kind not in KINDS or not url:
            self._leave_out(f"the source of {name}", origin.kind, "no source")
            return None
        if has_credentials(url):
            self._left_out.append(f"the password in the source of {name}")
        return DirectReference(
            DirectKind(origin.kind),
            LOCAL if url.lower().startswith("file:") else redact(url),
            self._text(origin.revision, name),
            self._text(origin.commit, name),
            origin.editable,
            self._text(origin.subdirectory, name),
            tuple(self._texts(origin.hashes, name)),
            self._text(origin.tool, name),
        )

    def _packages(self, entries: Iterable[Package]) -> Iterator[CondaPackage]:
        for entry in entries:
            if not _CONDA_NAME.fullmatch(entry.name) or not _VERSION.fullmatch(entry.version):
                self._leave_out("a conda package", f"{entry.name} {entry.version}", "no conda package")
                continue
            texts = (entry.build, entry.channel, entry.subdir, entry.url, entry.md5, entry.sha256)
            build, channel, subdir, url, md5, sha256 = (self._text(text, entry.name) for text in texts)
            yield CondaPackage(
                NormalizedName(entry.name),
                entry.version,
                build,
                self._place,
                redact(channel),
                subdir,
                redact(url),
                md5,
                sha256,
                tuple(self._texts(entry.depends, entry.name)),
                entry.requested,
                tuple(normalize(name) for name in entry.provides if _NAME.fullmatch(name)),
                {
                    name: version
                    for name, version in entry.clobbered.items()
                    if _NAME.fullmatch(name) and (not version or _VERSION.fullmatch(version))
                },
            )

    def _markers(self, snapshot: Snapshot, python: str) -> Iterator[tuple[str, str]]:
        known = {"python_full_version": python, "python_version": ".".join(python.split(".")[:2])}
        yield from {**dict.fromkeys(_MARKERS, ""), **known}.items()
        for key in _MARKERS:
            if key in snapshot.markers:
                yield key, self._text(snapshot.markers[key], f"the marker {key}")

    def _modules(self, modules: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, tuple[NormalizedName, ...]]]:
        for module, owners in modules.items():
            if len(module) > _LONGEST or not _MODULE.fullmatch(module):
                self._leave_out("a module", module, "no name of a module")
                continue
            yield module, tuple(NormalizedName(name) for name in owners if _NAME.fullmatch(name.removeprefix("conda:")))

    def _checked(self, text: str, pattern: re.Pattern[str], what: str) -> str:
        if pattern.fullmatch(text):
            return text
        self._leave_out(what, text, f"no {what}")
        return ""

    def _text(self, text: str, of: str) -> str:
        if text.isprintable() and len(text) <= _LONGEST:
            return text
        self._leave_out(f"a text of {of}", text, "not printable, or too long")
        return ""

    def _texts(self, texts: Iterable[str], of: str) -> Iterator[str]:
        yield from filter(None, (self._text(text, of) for text in texts))

    def _leave_out(self, what: str, text: str, why: str) -> None:
        self._left_out.append(f"{what}: {redact(text)[:60]!r} is {why}")


def _first_of_each_name(distributions: Iterable[Distribution]) -> tuple[Distribution, ...]:
    first: dict[NormalizedName, Distribution] = {}
    for distribution in distributions:
        first.setdefault(distribution.name, distribution)
    return tuple(first.values())
