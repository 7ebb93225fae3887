"""In what the requirements of a manifest differ from those that a lock recorded, by meaning, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from envcheck.gather.declarations.uv_lock.wants import Want
from envcheck.gather.documents.marker_algebra import truths
from envcheck.gather.documents.toml_tables import Path
from envcheck.model.constraints import Constraint
from envcheck.model.names import NormalizedName

Difference = tuple[NormalizedName, str, Path]
"""A name, what is different, and where that stands in the manifest."""


def different(wants: Iterable[Want], found: Iterable[Want], python: Constraint, where: str) -> list[Difference]:
    """Return the differences, at most one for a name; ``where`` follows the words (`` in group dev``)."""
    ours, theirs = _by_name(wants), _by_name(found)
    differences = (
        (name, words, path)
        for name in dict.fromkeys((*ours, *theirs))
        for words, path in _compared(name, ours.get(name, []), theirs.get(name, []), python)
    )
    return [(name, words + where, path) for name, words, path in differences]


def _by_name(wants: Iterable[Want]) -> dict[NormalizedName, list[Want]]:
    found: dict[NormalizedName, list[Want]] = {}
    for want in wants:
        found.setdefault(want.name, []).append(want)
    return found


def _compared(name: str, ours: list[Want], theirs: list[Want], python: Constraint) -> Iterator[tuple[str, Path]]:
    if not theirs:
        yield f"{name} is new", ours[0].path
    elif not ours:
        yield f"{name} is gone", ()
    elif {_spelled(want) for want in ours} != {_spelled(want) for want in theirs}:
        meant = truths([want.marker for want in (*ours, *theirs)], python)
        left = {(want.rest, truth): want for want, truth in zip(ours, meant, strict=False)}
        right = {(want.rest, truth): want for want, truth in zip(theirs, meant[len(ours) :], strict=True)}
        news = [left[key] for key in left if key not in right]
        olds = [right[key] for key in right if key not in left]
        pairs = [(new, old) for new in news for old in olds if new.rest == old.rest]
        new, old = pairs[0] if pairs else (next(iter(news), None), next(iter(olds), None))
        if new or old:
            yield _told(name, new, old), (new or ours[0]).path


def _spelled(want: Want) -> tuple[object, ...]:
    return want.rest, want.marker.replace("'", '"')


def _told(name: str, new: Want | None, old: Want | None) -> str:
    if not new or not old:
        one = new or old
        marker = f" for {one.marker}" if one and one.marker else ""
        return f"{name} is {'new' if new else 'gone'}{marker}"
    if (new.versions, new.origin) != (old.versions, old.origin):
        return f"{name} is {new.shown or 'any version'} now, not {old.shown or 'any version'}"
    if new.extras != old.extras:
        return f"{name} has other extras now"
    return f"{name} has another marker now"
