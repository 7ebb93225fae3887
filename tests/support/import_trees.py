"""Whether the lines of a text tell the imports that its syntax tree tells."""

from __future__ import annotations

from envcheck.gather.sources import import_lines, trees, words
from envcheck.model.places import Place
from envcheck.model.usage import Import

PLACE = Place("a.ipynb", 1, 1)


def agrees(text: str) -> bool:
    """Tell whether the lines of a text either tell what its tree tells, rescued if need be, or leave it to the tree."""
    if words.may_call(text) or words.may_add_folder(text):
        return True
    told = import_lines.read(text, PLACE)
    if told is None:
        return True
    wanted = [fact for fact in trees.read(text, PLACE) if isinstance(fact, Import)]
    return told == sorted(wanted, key=lambda fact: fact.place)
