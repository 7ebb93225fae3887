"""A line that code prints, as far as the code spells it out: texts, and holes for what only the output tells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import Enum

from msgspec import Struct

from envcheck.model.traces import Subject


class Role(Enum):
    """What stands in a hole of a template."""

    VERSION = "version"
    NAME = "name"
    ANYTHING = "anything"


class Hole(Struct, frozen=True):
    """A part of a line that the code does not spell out.

    ``name`` is the module or distribution whose version it is. Where the code has a variable in its place, ``variable``
    has its name, and the hole with the name of the same variable tells what it was.
    """

    role: Role
    subject: Subject = Subject.MODULE
    name: str = ""
    variable: str = ""


Part = str | Hole


class Template(Struct, frozen=True):
    """One line that code prints, or shows as a result; ``always`` unless a condition or a loop stands around it."""

    parts: tuple[Part, ...]
    is_result: bool = False
    always: bool = True

    @property
    def shape(self) -> tuple[str, ...]:
        """What lines of this template look like: templates of one shape cannot be told apart in the output."""
        return tuple(part if isinstance(part, str) else f"\0{part.role.value}" for part in self.parts)

    @property
    def tells(self) -> bool:
        """Whether a version can be read from its lines."""
        holes = [part for part in self.parts if isinstance(part, Hole)]
        pairs = zip(self.parts, self.parts[1:], strict=False)
        apart = not any(isinstance(left, Hole) and isinstance(right, Hole) for left, right in pairs)
        return apart and any(hole.role is Role.VERSION for hole in holes)


def lines_of(parts: Sequence[Part], *, is_result: bool = False, always: bool = True) -> Iterator[Template]:
    """Yield a template for every line that parts make and that tells a version."""
    line: list[Part] = []
    for part in (*parts, "\n"):
        pieces = part.split("\n") if isinstance(part, str) else []
        if not pieces:
            line.append(part)
            continue
        for number, piece in enumerate(pieces):
            if number:
                template = Template(_merged(line), is_result, always)
                if template.tells:
                    yield template
                line = []
            line.append(piece)


def _merged(parts: Sequence[Part]) -> tuple[Part, ...]:
    """Return parts with neighbouring texts joined and empty ones left out; blanks at the ends count for nothing."""
    merged: list[Part] = []
    for part in parts:
        if isinstance(part, str) and merged and isinstance(merged[-1], str):
            merged[-1] += part
        elif part != "":
            merged.append(part)
    if merged and isinstance(merged[-1], str):
        merged[-1] = merged[-1].rstrip()
        merged = merged if merged[-1] else merged[:-1]
    return tuple(merged)
