"""Who owns which module: the map whose longest dotted prefix answers an import."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from envcheck.gather.environments.installed import Ownership
from envcheck.gather.environments.records import is_regular, module_names
from envcheck.gather.environments.source_trees import listing_of
from envcheck.model.names import NormalizedName

Owners = tuple[NormalizedName, ...]


def map_modules(ownerships: Iterable[Ownership]) -> dict[str, Owners]:
    """Return dotted prefixes with their owners: top-level names, and below shared ones as deep as they are shared."""
    tops: dict[str, list[Ownership]] = {}
    for owned in ownerships:
        for top in owned.tops:
            tops.setdefault(top, []).append(owned)
    found: dict[str, Owners] = {}
    shared: dict[str, list[Ownership]] = {}
    for top, claims in tops.items():
        claims = _importable(top, claims)
        owners = {claim.owner for claim in claims}
        found[top] = tuple(sorted(owners))
        if len(owners) > 1:
            shared[top] = claims
    found.update(_below(shared))
    return dict(sorted(found.items()))


def _importable(top: str, claims: list[Ownership]) -> list[Ownership]:
    """A folder without ``__init__.py`` never beats an installed package, wherever it stands on the path."""
    if not any(top in claim.namespaces for claim in claims):
        return claims
    if not any(is_regular(claim.listing, top) for claim in claims):
        return claims
    return [claim for claim in claims if top not in claim.namespaces]


def _below(shared: Mapping[str, list[Ownership]]) -> Iterator[tuple[str, Owners]]:
    """Yield shared tops and the prefixes below them, down to where one owner is left.

    What has a file of its own (``__init__.py``) belongs to the owners of that file, whoever puts more into the folder.
    """
    owners: dict[str, set[NormalizedName]] = {}
    of_file: dict[str, set[NormalizedName]] = {}
    claimed: dict[int, tuple[Ownership, set[str]]] = {}
    for top, claims in shared.items():
        for claim in claims:
            claimed.setdefault(id(claim), (claim, set()))[1].add(top)
    for claim, tops in claimed.values():
        listing = listing_of(claim.folder, tops) if claim.folder else claim.listing
        for module in module_names(listing, tops):
            of_file.setdefault(module, set()).add(claim.owner)
            for prefix in _prefixes(module):
                owners.setdefault(prefix, set()).add(claim.owner)
    for prefix, found in owners.items():
        parent = prefix.rpartition(".")[0]
        if not parent or len(owners[parent]) > 1 or parent in shared:
            yield prefix, tuple(sorted(of_file.get(prefix, found)))


def _prefixes(module: str) -> Iterator[str]:
    end = len(module)
    while end > 0:
        yield module[:end]
        end = module.rfind(".", 0, end)
