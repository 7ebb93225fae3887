"""Where the user stands, and how paths look from there."""

from __future__ import annotations

import posixpath

from msgspec import Struct

from envcheck.model.places import Place


class Viewpoint(Struct, frozen=True):
    """The folder that paths of messages are relative to; ``root`` and ``cwd`` are absolute, with ``/`` between folders.

    What lies in ``cwd`` is shown relative to it, everything else as an absolute path: both can be opened from there.
    Without ``cwd`` every path is shown as it is.
    """

    root: str = ""
    cwd: str = ""

    def path(self, path: str) -> str:
        """Return a path (relative to the root, or absolute) as it is shown."""
        if not self.cwd or (self.cwd == self.root and not path.startswith("/")):
            return path
        absolute = posixpath.normpath(posixpath.join(self.root, path))
        if absolute == self.cwd:
            return "."
        inside = self.cwd.rstrip("/") + "/"
        return absolute.removeprefix(inside)

    def place(self, place: Place) -> Place:
        """Return a place with its path as it is shown."""
        return place._replace(path=self.path(place.path))
