"""The document in a pixi.lock → what is locked for each environment and platform."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct, field
from msgspec.structs import replace

from envcheck.gather.declarations.pixi_lock import NAME
from envcheck.gather.declarations.pixi_lock.lock import RENEW, LockedEnvironment, LockedPlatform, PixiLock, entry_of
from envcheck.gather.declarations.pixi_lock.packages import Package, package_of
from envcheck.gather.documents.conda_packages import exactly
from envcheck.gather.documents.faults import Fault, encoding_problems
from envcheck.gather.documents.lock_texts import conflict, unreadable, unsupported
from envcheck.gather.documents.pixi_platforms import Platform
from envcheck.gather.documents.pixi_tables import DEFAULT
from envcheck.gather.documents.text import decode, ignores
from envcheck.gather.documents.yaml_values import Value, YamlMapping, load
from envcheck.model.declarations import Declaration, Link, LinkKind
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
    loaded = None if fault else load(text.text)
    fault = fault or (loaded.fault if loaded else None)
    root = loaded.value if loaded else None
    if fault is None and not isinstance(root, YamlMapping):
        fault = Fault("the file is empty" if root is None else "no version, environments and packages stand here", 1, 1)
    if fault or not isinstance(root, YamlMapping):
        return Reading(empty, (unreadable(fault or Fault("no lock"), file.path, RENEW),))
    version = root.text("version")
    if version not in _KNOWN:
        what = f"a lock of version {version[:20]}, and 4 to 7 are known" if version else "a lock without version"
        return Reading(empty, (unsupported(file.path, what, RENEW),))
    reader = _Reader(file.path, text.text, int(version))
    lock = reader.lock(root)
    if reader.overflows:
        fault = Fault("names its packages again and again by aliases, as pixi never does", 1, 1)
        return Reading(empty, (unreadable(fault, file.path, RENEW),))
    declaration = replace(
        empty,
        requirements=tuple(_once(lock)),
        python=_python(lock),
        links=tuple(_links(lock, text.text, file.path)),
        lock=lock,
        ignores=ignores(text.text, file.path),
    )
    return Reading(declaration, (*encoding_problems(text, file.path), *reader.problems))


class _Reader(Struct):
    """Goes through a document; ``overflows`` when aliases make more of it than its text has characters."""

    path: str
    text: str
    version: int
    packages: list[Package] = field(default_factory=list)
    by_location: dict[tuple[bool, str], list[int]] = field(default_factory=dict)
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
        return PixiLock(self.path, tuple(self.packages), tuple(environments))

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
        self.by_location.setdefault((package.is_conda, package.location), []).append(len(self.packages))
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
        for reference in references:
            if isinstance(reference, YamlMapping):
                number = self._referred(reference, platform)
                if number is None:
                    missing.append(f"{next(iter(map(str, reference.values())), '')} for {platform}")
                else:
                    found[number] = None
        return tuple(found)

    def _referred(self, reference: YamlMapping, platform: str) -> int | None:
        """Return the number of the package that an environment means (rattler_lock ``parse/deserialize.rs``)."""
        is_conda = "pypi" not in reference
        location = next((reference.text(kind) for kind in ("conda_source", "conda", "pypi") if kind in reference), "")
        numbers = self.by_location.get((is_conda, location), [])
        if len(numbers) < 2 or not self._counts(len(numbers)):
            return numbers[0] if numbers else None
        if not is_conda:
            return numbers[-1]
        if self.version < 6:
            # Some of them differ in what is said of them only; those for the platform go first.
            return next((n for n in numbers if self.packages[n].subdir == platform), numbers[0])
        asked = {key: reference.text(key) for key in _SELECTORS if key in reference}
        return next((n for n in numbers if asked.items() <= _selectors(self.packages[n]).items()), None)


def _selectors(package: Package) -> dict[str, str]:
    names = (package.entry.shown_name, package.version, package.build, package.subdir)
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


def _once(lock: PixiLock) -> Iterator[Requirement]:
    """Yield every package once, for the platform that alone uses it, in the first environment that has it."""
    platforms: dict[int, set[str]] = {}
    owners: dict[int, LockedEnvironment] = {}
    for environment in sorted(lock.environments, key=lambda e: e.name != DEFAULT):
        for locked in environment.platforms:
            for number in locked.packages:
                platforms.setdefault(number, set()).add(locked.platform.subdir)
                owners.setdefault(number, environment)
    for number, package in enumerate(lock.packages):
        used = platforms.get(number, set())
        owner = owners.get(number)
        yield entry_of(package, owner, next(iter(used)) if len(used) == 1 else "") if owner else package.entry


def _python(lock: PixiLock) -> tuple[Requirement, ...]:
    """Return the Python of the default environment, when it is the same version on all platforms."""
    found: dict[str, Package] = {}
    for environment in lock.environments:
        for locked in environment.platforms if environment.name == DEFAULT else ():
            for number in locked.packages:
                package = lock.packages[number]
                if package.entry.name == "python" and package.is_conda:
                    found.setdefault(package.version, package)
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
