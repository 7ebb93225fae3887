"""conda-lock.yml as conda-lock writes it: metadata, and one entry for each package, platform and category."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from envcheck.gather.declarations.conda_lock.blocks import Layout, UnifiedEntries
from envcheck.gather.declarations.conda_lock.entries import EntryReader, texts
from envcheck.gather.declarations.conda_lock.lock import CondaLock, Inputs
from envcheck.gather.documents.conda_inputs import Channel
from envcheck.gather.documents.yaml_values import YamlMapping
from envcheck.model.declarations import Declaration, Link, LinkKind
from envcheck.model.places import Place
from envcheck.model.readings import Reading
from envcheck.model.requirements import Requirement

_MOST_PLATFORMS = 50  # conda knows a dozen; what is compared is compared for each of them


def read_layout(empty: Declaration, layout: Layout) -> Reading[Declaration]:
    """Return what a unified lock holds whose entries are read when somebody asks for them."""
    entries = UnifiedEntries(empty.path, layout)
    # Channels that URLs name are of use only for the secrets in them.
    links = entries.secretive().links.values() if layout.is_secretive else ()
    return Reading(_declaration(empty, layout.head, entries, layout.platforms, links))


def read_unified(empty: Declaration, root: YamlMapping) -> Reading[Declaration]:
    """Return what a unified lock holds."""
    reader = EntryReader(empty.path)
    for each in root.sequence("package"):
        reader.read(each)
    named = texts(root.mapping("metadata").get("platforms"))
    platforms = named or tuple(dict.fromkeys(e.platform for e in reader.entries if e.platform))
    declaration = _declaration(empty, root, tuple(reader.entries), platforms, reader.links.values())
    return Reading(declaration, tuple(reader.problems()))


def _declaration(
    empty: Declaration,
    root: YamlMapping,
    entries: Sequence[Requirement],
    platforms: tuple[str, ...],
    links: Iterable[Link],
) -> Declaration:
    metadata = root.mapping("metadata")
    channels = tuple(_channels(metadata))
    lock = CondaLock(
        path=empty.path,
        entries=entries,
        platforms=tuple(dict.fromkeys(platforms))[:_MOST_PLATFORMS],
        sources=texts(metadata.get("sources")),
        channels=channels,
        content_hash={name: text for name, text in metadata.mapping("content_hash").items() if isinstance(text, str)},
        inputs=_inputs(metadata),
    )
    named = (Link(LinkKind.CHANNEL, channel.url, Place(empty.path, 0, channel.line)) for channel in channels)
    return replace(empty, requirements=entries, links=(*named, *links), lock=lock)


def _channels(metadata: YamlMapping) -> list[Channel]:
    found = []
    for each in metadata.sequence("channels"):
        if isinstance(each, str):
            found.append(Channel(each))
        elif isinstance(each, YamlMapping) and each.text("url"):
            found.append(Channel(each.text("url"), texts(each.get("used_env_vars")), each.line))
    return found


def _inputs(metadata: YamlMapping) -> dict[str, Inputs]:
    recorded = metadata.mapping("inputs_metadata")
    told = {path: recorded.mapping(path) for path in recorded}
    return {path: Inputs(each.text("md5"), each.text("sha256")) for path, each in told.items() if each}
