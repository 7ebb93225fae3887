"""How entries of pixi's tables are changed, and where new ones go."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from envcheck.gather.documents.manifest_edits import Entry, Home
from envcheck.gather.documents.pixi_declared import features_of
from envcheck.gather.documents.pixi_entries import read_entry
from envcheck.gather.documents.pixi_tables import DEFAULT, manifest_of, positions
from envcheck.gather.documents.reqentry import InvalidEntry
from envcheck.gather.documents.requirement_edits import ValueGrammar, checked, refuse_odd, with_version, write
from envcheck.gather.documents.toml_draft import Drop, Impossible, PutTable, Step
from envcheck.gather.documents.toml_tables import Document, Path
from envcheck.model.changes import Add, Pin, Replace
from envcheck.model.names import Ecosystem, normalize

_FROM_INDEX = "pypi-dependencies"
_WITH_BUILD = re.compile(r"={1,2}([^=<>!~,|\s]+)=([^=<>!~,|\s]+)")
# One build of one platform, unlike openblas or *_cpython, which choose a variant.
_ONE_BUILD = re.compile(r"[^*^]*_\d+(?:_\w+)?|\d+_\w+")


class PixiGrammar(Struct, frozen=True):
    """An entry of one of pixi's tables."""

    ecosystem: Ecosystem

    def pin(self, entry: Entry, change: Pin) -> Iterator[Step]:
        """Yield the steps that write version and build."""
        refuse_odd(change.requirement)
        table = entry.value if isinstance(entry.value, Mapping) else {}
        if change.requirement.direct:
            raise Impossible("it comes from a URL, a repository or a path", "write a version in its place by hand")
        if change.requirement.hashes:
            raise Impossible("it has the hash of one file", "change version and hash together by hand")
        is_conda = self.ecosystem is Ecosystem.CONDA
        found = _WITH_BUILD.fullmatch(change.wanted) if is_conda else None
        version, build = (f"=={found[1]}", found[2]) if found else (change.wanted, "")
        wanted = {"version": version, **({"build": build} if build else {})}
        checked(version, lambda _: read_entry(change.requirement.shown_name, wanted, self.ecosystem))
        if build and isinstance(entry.value, str):
            yield PutTable(entry.path, tuple(wanted.items()))
            return
        yield from with_version(entry, version)
        if build:
            yield from write(entry, "build", build, after="version")
        elif is_conda and _ONE_BUILD.fullmatch(str(table.get("build", ""))):
            yield Drop((*entry.path, "build"))

    def replace(self, entry: Entry, change: Replace) -> Iterable[Step]:
        """Return the steps that name a commit."""
        return ValueGrammar(str).replace(entry, change)


def entries(document: Document, text: str, root: tuple[str, ...] = ()) -> Iterator[Entry]:
    """Yield the entries of a document below ``root``, as they are read."""
    if not document.table(*root):
        return
    located = positions(text)
    for feature in features_of(manifest_of(document, root)):
        for written in feature.written:
            try:
                entry = read_entry(written.name, written.value, written.ecosystem)
            except InvalidEntry:
                continue
            places: tuple[Path, ...] = ((*written.path, entry.key) if entry.key else written.path, written.path)
            at = next((located[path] for path in places if path in located), (0, 0))
            group = "" if written.feature == DEFAULT else written.feature
            yield Entry(written.path, written.value, entry.raw, at, PixiGrammar(written.ecosystem), entry.name, group)


def home(document: Document, change: Add, root: tuple[str, ...] = (), table: str = "dependencies") -> Home:
    """Return the table that a new entry goes to: of a feature, or of the workspace.

    ``pypi-dependencies`` for its group stands for the workspace's table of that name.
    """
    group = "" if change.group == _FROM_INDEX else change.group
    table = _FROM_INDEX if change.group == _FROM_INDEX else table
    ecosystem = Ecosystem.CONDA if table == "dependencies" else Ecosystem.PYPI
    checked(change.wanted, lambda text: read_entry(change.name, text, ecosystem))
    if group and group != DEFAULT:
        features = document.table(*root, "feature")
        feature = next((key for key in features if normalize(key) == normalize(group)), group)
        return Home((*root, "feature", feature, table), change.wanted, is_table=True)
    return Home((*root, table), change.wanted, is_table=True)
