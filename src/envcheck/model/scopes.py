"""What is judged together."""

from __future__ import annotations

from msgspec import Struct, field

from envcheck.model.declarations import Declaration
from envcheck.model.environment import Environment
from envcheck.model.locks import Freshness, Manager, Selection
from envcheck.model.readings import Problem
from envcheck.model.usage import Source
from envcheck.model.viewpoint import Viewpoint


class ProjectFiles(Struct, frozen=True):
    """The files of the project that can be imported, as text: what local modules are resolved against.

    ``modules`` are the paths of ``.py`` files and extension modules, ``folders`` every folder that holds one at any
    depth. Paths are relative to the project root like those of places.
    """

    modules: frozenset[str] = frozenset()
    folders: frozenset[str] = frozenset()


class KernelFact(Struct, frozen=True):
    """How a notebook's kernel name was resolved on this machine.

    ``found`` is false when no kernelspec of that name exists here; ``names_environment`` is false for ``python3`` and
    its like, which mean "whatever runs Jupyter"; ``prefix`` is the environment behind it, empty when unknown; ``how``
    is for people.
    """

    name: str
    found: bool = False
    names_environment: bool = False
    prefix: str = ""
    how: str = ""


class LockFact(Struct, frozen=True):
    """A lock as seen from a scope: what it wants installed there, and whether it follows what it was made from.

    ``manifests`` are the paths of the existing files that it is made from. ``at_home`` is false where a scope only
    shares it (a member of a workspace, whose lock stands at the root): drift is spoken of at home.
    """

    declaration: Declaration
    manager: Manager
    selection: Selection
    freshness: Freshness
    manifests: tuple[str, ...] = ()
    at_home: bool = True
    knows_needs: bool = False


class Scope(Struct, frozen=True):
    """Sources, the declarations that govern them, and the environment they run in.

    ``root`` is the folder that governs (``.`` for the project root). ``environment`` is ``None`` when none was found;
    ``how_chosen`` says why it is this one. ``companions`` are all sources under the same declarations, whatever their
    environment: unused-ness is judged over them. ``primary`` is true for the environment that the declarations
    themselves are checked in; a notebook's own kernel makes a secondary scope. ``kernels`` maps source paths to facts.
    ``viewpoint`` is where the user stands: for paths inside messages.
    """

    root: str
    sources: tuple[Source, ...] = ()
    declarations: tuple[Declaration, ...] = ()
    environment: Environment | None = None
    how_chosen: str = ""
    companions: tuple[Source, ...] = ()
    primary: bool = True
    files: ProjectFiles = field(default_factory=ProjectFiles)
    kernels: tuple[tuple[str, KernelFact], ...] = ()
    problems: tuple[Problem, ...] = ()
    viewpoint: Viewpoint = field(default_factory=Viewpoint)
    locks: tuple[LockFact, ...] = ()
