"""Python text → what it imports, adds to ``sys.path`` and hands to IPython.

Told by its lines where they are plain, as nearly always in notebooks, and else by its syntax tree.
"""

from __future__ import annotations

from collections.abc import Sequence

from envcheck.gather.sources import import_lines, words
from envcheck.gather.sources.facts import Fact
from envcheck.model.places import Place


def read(text: str, place: Place) -> Sequence[Fact]:
    """Return what Python text uses; ``place`` is that of its first line."""
    if not words.may_use(text):
        return ()
    if not (words.may_call(text) or words.may_add_folder(text)):
        found = import_lines.read(text, place)
        if found is not None:
            return found
    # The parser and all that knows its trees are loaded for the few texts that need them.
    from envcheck.gather.sources import trees

    return trees.read(text, place)
