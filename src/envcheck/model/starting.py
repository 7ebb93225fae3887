"""What a declaration says before anything is added to it."""

from __future__ import annotations

from msgspec import Struct


class Start(Struct, frozen=True):
    """The head of a new declaration.

    ``project`` is a normalised name; ``python`` the full version that it was made with (``3.11.7``), empty if unknown,
    and ``series`` its first two numbers. ``is_minimum`` lets newer series in as well. ``channels`` are those of conda,
    ``pip`` its entry for pip where that has to install something. ``holds_package`` is true where the project's
    folder has a package of Python that may be meant to be installed itself.
    """

    project: str
    python: str = ""
    is_minimum: bool = False
    channels: tuple[str, ...] = ()
    pip: str = ""
    holds_package: bool = False

    @property
    def series(self) -> str:
        """The first two numbers of Python's version, or empty."""
        return ".".join(self.python.split(".")[:2])

    @property
    def remark(self) -> str:
        """What a comment at the top says of where the pins come from: nothing of this machine, and no time."""
        made = "written by envcheck init: what the code here imports, as it was installed"
        return f"Python {self.python}; {made}" if self.python else made
