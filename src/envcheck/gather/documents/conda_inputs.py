"""environment.yml as conda-lock (4.0) reads it for one platform: what it wishes for, from which channels.

Not as conda reads it: selectors are comments (``# [linux64]``), whole lines go with them, ``sel(…)`` says nothing, and
``platforms``, ``category`` and ``pip-repositories`` mean something.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct, field

from envcheck.gather.documents.conda_lock_specs import IMPLIED_PIP, Form, conda_form, pip_form
from envcheck.gather.documents.text import decode
from envcheck.gather.documents.yaml_nodes import Mapping as Table
from envcheck.gather.documents.yaml_nodes import Node, Scalar, Sequence
from envcheck.model.markers import marker_holds
from envcheck.model.places import Place
from envcheck.model.readings import RawFile

_SELECTORS = {
    "linux-64": frozenset(("linux64", "unix", "linux")),
    "linux-aarch64": frozenset(("aarch64", "unix", "linux")),
    "linux-ppc64le": frozenset(("ppc64le", "unix", "linux")),
    "osx-64": frozenset(("osx64", "osx", "unix")),
    "osx-arm64": frozenset(("arm64", "osx", "unix")),
    "win-64": frozenset(("win", "win64")),
}
_SELECTOR = re.compile(r"\[([^\[\]]+)\]")
_PARENTHESIS = re.compile(r"[()]")
_SYSTEMS = {
    "linux": ("linux", "Linux", "posix"),
    "osx": ("darwin", "Darwin", "posix"),
    "win": ("win32", "Windows", "nt"),
}
_TOLD = ("sys_platform", "platform_system", "os_name")
_CONDITION = re.compile(r"""\b([a-z_]+)\s*(?:[=!<>~]=?=?|\bnot\s+in\b|\bin\b)\s*(?:"[^"]*"|'[^']*')""")
_EDITABLE = re.compile(r"-e .*")


class Channel(Struct, frozen=True):
    """A channel of a lock: its URL or name, in which ``${NAME}`` stands for credentials, and the line of its entry."""

    url: str
    used_env_vars: tuple[str, ...] = ()
    line: int = 0


class Wish(Struct, frozen=True):
    """One thing that a source wishes for on one platform; ``form`` is what conda-lock hashes, ``None`` if unknown."""

    manager: str
    name: str
    text: str
    place: Place
    category: str
    form: Form | None


class Source(Struct, frozen=True):
    """One environment.yml, for the platforms it was read for; ``platforms`` and ``channels`` are those it names.

    ``plain`` is false when conda-lock refuses the file or makes of it what is not known here.
    """

    path: str
    channels: tuple[str, ...]
    platforms: tuple[str, ...]
    repositories: tuple[str, ...]
    wishes: Mapping[str, tuple[Wish, ...]]
    plain: bool


def is_environment(path: str) -> bool:
    """Tell whether conda-lock reads a source as an environment.yml: it takes every name but two for one."""
    return path.rpartition("/")[2] not in ("pyproject.toml", "meta.yaml")


def read_source(file: RawFile, platforms: Iterable[str]) -> Source:
    """Return what an environment.yml wishes for on each of the platforms; never raises."""
    text = decode(file.data).text
    root = _root(text)
    read = _Reading(file.path, _category(root))
    wishes: dict[str, tuple[Wish, ...]] = {}
    known: dict[tuple[str, tuple[int, ...]], tuple[Wish, ...]] = {}
    for platform in platforms:
        lines = read.selected(text, platform)
        key = (platform.partition("-")[0], tuple(lines))  # markers know no more of the platform
        if key not in known:
            known[key] = tuple(read.wishes("\n".join(lines.values()), list(lines), platform))
        wishes[platform] = known[key]
    channels = list(_texts(root, "channels"))
    if "nodefaults" in channels:
        channels.remove("nodefaults")
    named = tuple(dict.fromkeys(_texts(root, "platforms")))
    return Source(file.path, tuple(channels), named, tuple(_texts(root, "pip-repositories")), wishes, plain=read.plain)


def _root(text: str) -> Table:
    from envcheck.gather.documents.yaml_events import compose

    root = compose(text).root
    return root if isinstance(root, Table) else Table((), 0, 0)


def _texts(root: Table, key: str) -> Iterator[str]:
    value = root.get(key)
    for node in value.nodes if isinstance(value, Sequence) else ():
        if isinstance(node, Scalar):
            yield node.text


def _category(root: Table) -> str:
    value = root.get("category")
    return value.text if isinstance(value, Scalar) and value.text else "main"


class _Reading(Struct):
    """The reading of one file; ``plain`` falls when something is met that conda-lock refuses or that is not known."""

    path: str
    category: str
    plain: bool = True
    numbers: list[int] = field(default_factory=list)

    def selected(self, text: str, platform: str) -> dict[int, str]:
        """Return the lines, by number, without those for other platforms (``filter_platform_selectors``)."""
        kept = {}
        for number, line in enumerate(text.splitlines(), 1):
            selector = _selector(line) if "[" in line else ""
            if selector and platform not in _SELECTORS:
                self.plain = False
            if not line.lstrip().startswith("#") and (not selector or selector in _SELECTORS.get(platform, ())):
                kept[number] = line
        return kept

    def wishes(self, text: str, numbers: list[int], platform: str) -> Iterator[Wish]:
        """Yield what ``dependencies`` wishes for: all conda specs, then what stands below ``pip:``.

        ``numbers`` are those of the lines of the text in the file.
        """
        self.numbers = numbers
        listed = _root(text).get("dependencies")
        nodes = listed.nodes if isinstance(listed, Sequence) else ()
        self.plain = self.plain and isinstance(listed, Sequence)
        for node in nodes:
            if isinstance(node, Scalar):
                yield self._wish("conda", node, conda_form(node.text, self.category))
        lists: set[int] = set()
        for node in nodes:
            if isinstance(node, Table):
                listed = node.get("pip")
                if id(listed) not in lists:  # an alias repeats what stands there already
                    yield from self._below_pip(node, listed, platform)
                lists.add(id(listed))
            elif isinstance(node, Sequence):
                self.plain = False

    def _below_pip(self, table: Table, listed: Node | None, platform: str) -> Iterator[Wish]:
        if listed is None or (isinstance(listed, Scalar) and not listed.text):
            return
        for node in listed.nodes if isinstance(listed, Sequence) else ():
            if not isinstance(node, Scalar):
                self.plain = False
            elif not _EDITABLE.fullmatch(node.text):
                wish = self._wish("pip", node, pip_form(node.text, self.category))
                if self._holds(wish, platform):
                    yield wish
        # pip itself has to be there; this demand is of no category.
        yield Wish("conda", "pip", "pip", self._place(table), "main", IMPLIED_PIP)

    def _wish(self, manager: str, node: Scalar, form: Form | None) -> Wish:
        self.plain = self.plain and form is not None
        name = form.get("name") if form else ""
        return Wish(manager, name if isinstance(name, str) else "", node.text, self._place(node), self.category, form)

    def _place(self, node: Node) -> Place:
        line = self.numbers[node.line - 1] if 0 < node.line <= len(self.numbers) else 0
        return Place(self.path, 0, line, node.column)

    def _holds(self, wish: Wish, platform: str) -> bool:
        """Tell whether the marker of an entry holds: conditions on anything but the system count as true there."""
        marker = wish.form.get("markers") if wish.form else None
        if not isinstance(marker, str):
            return True
        system = _SYSTEMS.get(platform.partition("-")[0])
        if system is None:
            self.plain = False
            return True
        true = f'os_name == "{system[2]}"'
        known = _CONDITION.sub(lambda found: found[0] if found[1] in _TOLD else true, marker)
        try:
            return marker_holds(known, dict(zip(_TOLD, system, strict=True)))
        except (ValueError, KeyError, RecursionError):
            self.plain = False
            return True


def _selector(line: str) -> str:
    r"""Return the selector that ends a line, empty when there is none.

    It is what ``(.+?)\s*(#.*)\[([^\[\]]+)\](?(2)[^\(\)]*)$`` finds, in linear time: the last brackets behind the
    first #, when no parenthesis follows them.
    """
    comment = line.find("#", 1)
    if comment < 0:
        return ""
    found = list(_SELECTOR.finditer(line, comment))
    return "" if not found or _PARENTHESIS.search(line, found[-1].end()) else found[-1][1]
