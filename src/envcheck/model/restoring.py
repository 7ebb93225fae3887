"""What it takes to make an environment again that somebody has written down."""

from __future__ import annotations

from msgspec import Struct


class Wanted(Struct, frozen=True):
    """One distribution to install: a version from an index, or what stands at ``url``.

    ``hashes`` are ``algorithm:hex``, of which one must be that of the file.
    """

    name: str
    version: str = ""
    url: str = ""
    hashes: tuple[str, ...] = ()

    @property
    def shown(self) -> str:
        """How people write it."""
        return f"{self.name} @ {self.url}" if self.url else f"{self.name}=={self.version}"


class Plan(Struct, frozen=True):
    """What is to be made: ``folder`` is absolute, ``shown`` as people see it, ``interpreter`` what it is made with.

    ``python`` is the version of that interpreter, ``stamped`` the one that is asked for, empty when nobody says.
    ``origin`` is the notebook, with the lock that it refers to. ``left_out`` are distributions that no installer can
    get, each with the reason, and ``remarks`` what else should be known before.
    """

    origin: str
    folder: str
    shown: str
    interpreter: str
    python: str
    stamped: str
    tool: str
    wanted: tuple[Wanted, ...] = ()
    left_out: tuple[tuple[str, str], ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def sources(self) -> tuple[Wanted, ...]:
        """What comes from a URL or a repository, and so from whoever owns that."""
        return tuple(wanted for wanted in self.wanted if wanted.url)
