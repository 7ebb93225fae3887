"""The document in a pixi.lock → what is locked for each environment and platform."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from envcheck.gather.declarations.pixi_lock import NAME
from envcheck.gather.declarations.pixi_lock.blocks import Layout, Packages, layout_of
from envcheck.gather.declarations.pixi_lock.indexed import Owners, PixiEntries
from envcheck.gather.declarations.pixi_lock.lock import RENEW, LockedEnvironment, LockedPlatform, PixiLock
from envcheck.gather.declarations.pixi_lock.packages import Package, package_of
from envcheck.gather.documents.conda_packages import exactly
from envcheck.gather.documents.faults import Fault, encoding_problems
from envcheck.gather.documents.lock_texts import conflict, unreadable, unsupported
from envcheck.gather.documents.pixi_platforms import Platform
from envcheck.gather.documents.pixi_tables import DEFAULT
from envcheck.gather.documents.text import decode, ignores
from envcheck.gather.documents.yaml_values import Value, YamlMapping, load
from envcheck.model.declarations import Declaration, Link, LinkKind
from envcheck.model.names import Ecosystem
from envcheck.model.places import Place
from envcheck.model.readings import Problem, RawFile, Reading
from envcheck.model.requirements import Requirement
from envcheck.model.urls import redact

_KNOWN = ("4", "5", "6", "7")
_SELECTORS = ("name", "version", "build", "subdir")


def read_lock(file: RawFile) -> Reading[Declaration]:
    """Return what a lock holds; one that is broken or of another version holds nothing."""
    text = decode(file.data)
    empty = Declaration(file.path, NAME, governs=False, encoding=text.encoding)
    fault = conflict(text.text)
    if fault:
        return Reading(empty, (unreadable(fault, file.path, RENEW),))
    layout = layout_of(text.text)
    is_known = layout is not None and layout.head.text("version") in _KNOWN
    reading = (_read_layout(empty, text.text, layout) if layout and is_known else None) or _read_whole(empty, text.text)
    if reading.value.lock is None:
        return reading
    declaration = replace(reading.value, ignores=ignores(text.text, file.path))
    return Reading(declaration, (*encoding_problems(text, file.path), *reading.problems))


def _read_layout(empty: Declaration, text: str, layout: Layout) -> Reading[Declaration] | None:
    """Return what a lock holds whose packages are read when somebody asks for them, ``None`` when that cannot be."""
    try:
        packages = Packages(empty.path, layout)
    except ValueError:  # something that tells no name
        return None
    reader = _Reader(empty.path, text, int(layout.head.text("version")), layout.runs, packages)
    for number, reference in enumerate(packages.references):
        reader.by_reference.setdefault(reference, []).append(number)
    lock = reader.lock(layout.head)
    if reader.overflows:
        return None
    return Reading(_declaration(empty, lock, PixiEntries(lock, packages), layout.top), tuple(reader.problems))


def _read_whole(empty: Declaration, text: str) -> Reading[Declaration]:
    loaded = load(text)
    fault, root = loaded.fault, loaded.value
    if fault is None and not isinstance(root, YamlMapping):
        fault = Fault("the file is empty" if root is None else "no version, environments and packages stand here", 1, 1)
    if fault or not isinstance(root, YamlMapping):
        return Reading(empty, (unreadable(fault or Fault("no lock"), empty.path, RENEW),))
    version = root.text("version")
    if version not in _KNOWN:
        what = f"a lock of version {version[:20]}, and 4 to 7 are known" if version else "a lock without version"
        return Reading(empty, (unsupported(empty.path, what, RENEW),))
    reader = _Reader(empty.path, text, int(version))
    lock = reader.lock(root)
    if reader.overflows:
        fault = Fault("names its packages again and again by aliases, as pixi never does", 1, 1)
        return Reading(empty, (unreadable(fault, empty.path, RENEW),))
    entries = tuple(map(Owners(lock).entry, range(len(lock.packages))))
    return Reading(_declaration(empty, lock, entries, text), tuple(reader.problems))


def _declaration(empty: Declaration, lock: PixiLock, entries: Sequence[Requirement], top: str) -> Declaration:
    links = tuple(_links(lock, top, empty.path))
    return replace(empty, requirements=entries, python=_python(lock), links=links, lock=lock)


class _Reader(Struct):
    """Goes through a document; ``overflows`` when aliases make more of it than its text has characters."""

    path: str
    text: str
    version: int
    runs: tuple[tuple[str, ...], ...] = ()
    blocks: Packages | None = None
    packages: list[Package] = field(default_factory=list)
    by_reference: dict[str, list[int]] = field(default_factory=dict)
    """The numbers of packages by their kind and location (``conda: URL``)."""
    problems: list[Problem] = field(default_factory=list)
    seen: int = 0
    overflows: bool = False

    def lock(self, root: YamlMapping) -> PixiLock:
        """Return the lock of a document."""
        for table in root.sequence("packages"):
            if isinstance(table, YamlMapping) and self._counts(sum(map(len, table.values()))):
                self._package(table)
        platforms = {p.name: p for p in _platforms(root)}
        environments = []
        for name, table in root.mapping("environments").items():
            if isinstance(table, YamlMapping):
                environments.append(self._environment(name, table, platforms))
        return PixiLock(self.path, self.blocks or tuple(self.packages), tuple(environments))

    def _counts(self, number: int) -> bool:
        self.seen += number
        self.overflows = self.overflows or self.seen > len(self.text)
        return not self.overflows

    def _package(self, table: YamlMapping) -> None:
        package = package_of(table, self.path)
        if package is None:
            message = "an entry of packages: that is neither a conda nor a PyPI package with a name"
            self.problems.append(unreadable(Fault(message, table.line, 1), self.path, RENEW))
            return
        self.by_reference.setdefault(_reference(package.location, is_conda=package.is_conda), []).append(
            len(self.packages)
        )
        self.packages.append(package)

    def _environment(self, name: str, table: YamlMapping, platforms: dict[str, Platform]) -> LockedEnvironment:
        missing: list[str] = []
        locked = tuple(
            LockedPlatform(platforms.get(key, Platform(key, key)), self._numbers(references, key, missing))
            for key, references in table.mapping("packages").items()
        )
        if missing:
            more = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
            message = f"environment {name} lists {missing[0]}{more}, but packages: has no such entry"
            self.problems.append(unreadable(Fault(redact(message), table.line, 1), self.path, RENEW))
        options = table.mapping("options")
        lists = [table.sequence(key) for key in ("channels", "indexes", "find-links")]
        if not self._counts(len(options) + sum(map(len, lists))):
            return LockedEnvironment(name)
        channels, indexes, find_links = (tuple(_urls(values)) for values in lists)
        texts = {key: value for key, value in options.items() if isinstance(value, str)}
        return LockedEnvironment(name, channels, indexes, find_links, texts, locked)

    def _numbers(self, references: Value, platform: str, missing: list[str]) -> tuple[int, ...]:
        """Return the numbers of the packages of a platform, each once, and note what is not among them."""
        if not isinstance(references, list) or not self._counts(len(references)):
            return ()
        found: dict[int, None] = {}
        for reference in self._spread(references):
            numbers = self.by_reference.get(reference, ()) if isinstance(reference, str) else ()
            if len(numbers) == 1:
                found[numbers[0]] = None
                continue
            if isinstance(reference, str):
                reference = _mapping(reference)
            if isinstance(reference, YamlMapping):
                number = self._referred(reference, platform)
                if number is None:
                    missing.append(f"{next(iter(map(str, reference.values())), '')} for {platform}")
                else:
                    found[number] = None
        return tuple(found)

    def _spread(self, references: list[Value]) -> Iterator[Value]:
        """Yield references, with what the placeholders of a layout stand for in their place, as texts."""
        for reference in references:
            run = reference.get("run") if self.runs and isinstance(reference, YamlMapping) else None
            if isinstance(run, str):
                yield from self.runs[int(run)]
            elif isinstance(reference, YamlMapping):
                yield reference

    def _referred(self, reference: YamlMapping, platform: str) -> int | None:
        """Return the number of the package that an environment means (rattler_lock ``parse/deserialize.rs``)."""
        is_conda = "pypi" not in reference
        location = next((reference.text(kind) for kind in ("conda_source", "conda", "pypi") if kind in reference), "")
        numbers = self.by_reference.get(_reference(location, is_conda=is_conda), [])
        packages = self.blocks or self.packages
        if len(numbers) < 2 or not self._counts(len(numbers)):
            return numbers[0] if numbers else None
        if not is_conda:
            return numbers[-1]
        if self.version < 6:
            # Some of them differ in what is said of them only; those for the platform go first.
            return next((n for n in numbers if packages[n].subdir == platform), numbers[0])
        asked = {key: reference.text(key) for key in _SELECTORS if key in reference}
        return next((n for n in numbers if asked.items() <= _selectors(packages[n]).items()), None)


def _reference(location: str, *, is_conda: bool) -> str:
    return f"{'conda' if is_conda else 'pypi'}: {location}"


def _mapping(reference: str) -> YamlMapping:
    kind, _, location = reference.partition(": ")
    found = YamlMapping()
    found[kind] = location
    return found


def _selectors(package: Package) -> dict[str, str]:
    names = (package.shown_name, package.version, package.build, package.subdir)
    return dict(zip(_SELECTORS, names, strict=True))


def _platforms(root: YamlMapping) -> Iterator[Platform]:
    for table in root.sequence("platforms"):
        if isinstance(table, YamlMapping) and table.text("name"):
            name = table.text("name")
            subdir = table.text("subdir") or name
            # Without a subdir of its own a platform asks for what all of its kind have (``__glibc`` and the like).
            yield Platform(name, subdir, plain=name == subdir)


def _urls(values: list[Value]) -> Iterator[str]:
    for value in values:
        url = value.text("url") or value.text("path") if isinstance(value, YamlMapping) else value
        if isinstance(url, str) and url:
            yield url


def _python(lock: PixiLock) -> tuple[Requirement, ...]:
    """Return the Python of the default environment, when it is the same version on all platforms."""
    packages = lock.packages
    called = (p.name == "python" and p.is_conda for p in packages)
    if isinstance(packages, Packages):
        called = (name == (Ecosystem.CONDA, "python") for name in packages.names)
    numbers = {number for number, is_python in enumerate(called) if is_python}
    found: dict[str, Package] = {}
    for environment in lock.environments:
        for locked in environment.platforms if environment.name == DEFAULT else ():
            for number in locked.packages:
                if number in numbers:
                    found.setdefault(packages[number].version, packages[number])
    if len(found) != 1:
        return ()
    version, package = next(iter(found.items()))
    return (replace(package.entry, constraint=exactly(version), raw=f"python={version}", hashes=(), needs=()),)


def _links(lock: PixiLock, text: str, path: str) -> Iterator[Link]:
    kinds: dict[str, LinkKind] = {}
    for environment in lock.environments:
        for url in environment.channels:
            kinds.setdefault(url, LinkKind.CHANNEL)
        for url in environment.indexes:
            kinds.setdefault(url, LinkKind.INDEX)
    lines: dict[str, int] = {}
    for number, line in enumerate(text.split("\n"), 1):
        # Written as ``- url: …`` and ``- …``, a line of its own each.
        url = line.strip().removeprefix("- ").removeprefix("url: ").strip("'\"")
        if url in kinds:
            lines.setdefault(url, number)
            if len(lines) == len(kinds):
                break
    for url, kind in kinds.items():
        yield Link(kind, url, Place(path, 0, lines.get(url, 0)))
