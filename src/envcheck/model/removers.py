"""Tools that take the stamps out of notebooks, as they are set up in a repository."""

from __future__ import annotations

from msgspec import Struct

from envcheck.model.places import Place


class Remover(Struct, frozen=True):
    """A tool that deletes stamps, where its setting stands (or would stand), when it does so, and what keeps them."""

    tool: str
    place: Place
    when: str
    remedy: str
