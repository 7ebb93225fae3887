"""Which conditions of a uv.lock hold: markers, and the extras, groups and projects that ``conflicts`` tells apart."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from msgspec import Struct, field

from envcheck.model.markers import marker_holds

# uv writes `extra == 'extra-7-my-conf-old'` for the extra old of my-conf, whose name has 7 characters, and likewise
# `group-…` and `project-…` (uv-resolver, universal_marker.rs).
_CHOICE = re.compile(r"""(\bextra\s*[!=]=\s*)(['"])((?:extra|group|project)-\d+-[^'"]*)\2""")


def extra_choice(project: str, extra: str) -> str:
    """Return how uv writes that an extra of a project is wanted."""
    return f"extra-{len(project)}-{project}-{extra}"


def group_choice(project: str, group: str) -> str:
    """Return how uv writes that a dependency group of a project is wanted."""
    return f"group-{len(project)}-{project}-{group}"


def project_choice(project: str) -> str:
    """Return how uv writes that a project itself is wanted."""
    return f"project-{len(project)}-{project}"


class Choices(Struct):
    """An environment and what was chosen in it."""

    environment: Mapping[str, str]
    chosen: set[str] = field(default_factory=set)
    known: dict[str, bool] = field(default_factory=dict)

    def holds(self, marker: str, also: Iterable[str] = ()) -> bool:
        """Tell whether a marker holds, with further choices for this once; what is no marker does not hold."""
        if not marker:
            return True
        if depends_on_choices(marker):
            chosen = self.chosen.union(also)
            # An empty text equals the extra of the environment, so what is chosen holds and nothing else does.
            marker = _CHOICE.sub(lambda found: f"{found[1]}'{'' if found[3] in chosen else found[3]}'", marker)
        if marker not in self.known:
            self.known[marker] = _holds(marker, self.environment)
        return self.known[marker]


def depends_on_choices(marker: str) -> bool:
    """Tell whether a marker speaks of what was chosen."""
    return "extra" in marker


def _holds(marker: str, environment: Mapping[str, str]) -> bool:
    try:
        return marker_holds(marker, {**environment, "extra": ""})
    except (ValueError, KeyError, RecursionError):
        return False
