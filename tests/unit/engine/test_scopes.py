"""Which declarations govern which sources, and in which environment they are judged."""

from __future__ import annotations

from typing import cast

import pytest

from envcheck.engine.choose import Choice, Environments
from envcheck.engine.discover import Project
from envcheck.engine.load import Facts
from envcheck.engine.locks import target_of
from envcheck.engine.scopes import build_scopes
from envcheck.model.declarations import Declaration
from envcheck.model.environment import Environment
from envcheck.model.names import Ecosystem, NormalizedName
from envcheck.model.places import Place
from envcheck.model.readings import Problem, ProblemKind
from envcheck.model.requirements import Requirement, Role
from envcheck.model.scopes import KernelFact, ProjectFiles, Scope
from envcheck.model.settings import Settings
from envcheck.model.usage import KernelClaim, Source, SourceKind
from envcheck.model.viewpoint import Viewpoint

HOME = Choice("/home-env", "VIRTUAL_ENV", Environment("/home-env", "venv", "3.11.7"))
LAB = Choice("/lab-env", "kernel lab", Environment("/lab-env", "venv", "3.9.1"))


class Shelf:
    """A port that knows two environments: every folder's own, and that of the kernel ``lab``."""

    def default_for(self, folder: str) -> Choice:
        assert folder
        return HOME

    def of_script(self) -> Choice:
        return Choice("", "made anew", None)

    def of_kernel(self, source: Source, home: Choice) -> tuple[KernelFact | None, Choice]:
        if source.kernel is None:
            return None, home
        is_lab = source.kernel.name == "lab"
        return KernelFact(source.kernel.name, found=True, names_environment=is_lab), LAB if is_lab else home


def notebook(path: str, kernel: str = "", writes: tuple[str, ...] = ()) -> Source:
    return Source(path, SourceKind.NOTEBOOK, kernel=KernelClaim(kernel) if kernel else None, writes=writes)


def declaration(path: str, *, governs: bool = True) -> Declaration:
    return Declaration(path, "requirements_txt", governs=governs)


def scopes(
    *sources: Source, declarations: tuple[Declaration, ...] = (), asked: tuple[str, ...] = ("",), **more: object
) -> dict[tuple[str, str], Scope]:
    facts = Facts(sources=list(sources), declarations={d.path: d for d in declarations}, **more)  # type: ignore[arg-type]
    project = Project("/project", asked, files=ProjectFiles(frozenset({"nb/own.py"}), frozenset({"nb"})))
    made = build_scopes(project, facts, cast("Environments", Shelf()), Viewpoint(), Settings())
    return {(scope.root, scope.environment.prefix if scope.environment else ""): scope for scope in made}


def paths(scope: Scope) -> tuple[list[str], list[str]]:
    return [s.path for s in scope.sources], [d.path for d in scope.declarations]


def test_nearest_folder_upwards_governs() -> None:
    found = scopes(
        notebook("top.ipynb"),
        notebook("a/deep/x.ipynb"),
        notebook("b/y.ipynb"),
        declarations=(declaration("requirements.txt"), declaration("a/environment.yml")),
    )
    assert paths(found[".", "/home-env"]) == (["top.ipynb", "b/y.ipynb"], ["requirements.txt"])
    assert paths(found["a", "/home-env"]) == (["a/deep/x.ipynb"], ["a/environment.yml"])


def test_without_declarations_the_project_is_one_scope() -> None:
    (scope,) = scopes(notebook("a/x.ipynb"), notebook("b/y.ipynb")).values()
    assert paths(scope) == (["a/x.ipynb", "b/y.ipynb"], [])


@pytest.mark.parametrize("folder", ["binder", ".binder", "requirements"])
def test_some_folders_speak_for_the_one_that_holds_them(folder: str) -> None:
    found = scopes(notebook("x.ipynb"), declarations=(declaration(f"{folder}/requirements.txt"),))
    assert paths(found[".", "/home-env"]) == (["x.ipynb"], [f"{folder}/requirements.txt"])


def test_kernel_of_its_own_makes_a_secondary_scope() -> None:
    found = scopes(notebook("x.ipynb", "lab"), notebook("y.ipynb"), declarations=(declaration("requirements.txt"),))
    own, lab = found[".", "/home-env"], found[".", "/lab-env"]
    assert (paths(own)[0], own.primary) == (["y.ipynb"], True)
    assert (paths(lab)[0], lab.primary) == (["x.ipynb"], False)
    assert [s.path for s in own.companions] == [s.path for s in lab.companions] == ["y.ipynb", "x.ipynb"]


def test_kernel_that_names_no_environment_stays() -> None:
    (scope,) = scopes(notebook("x.ipynb", "python3")).values()
    assert scope.kernels == (("x.ipynb", KernelFact("python3", found=True)),)


def test_constraints_take_part_but_do_not_govern() -> None:
    found = scopes(
        notebook("x.ipynb"),
        notebook("sub/y.ipynb"),
        declarations=(
            declaration("requirements.txt"),
            declaration("constraints.txt", governs=False),
            declaration("sub/pyproject.toml", governs=False),
        ),
    )
    assert list(found) == [(".", "/home-env")]
    assert paths(found[".", "/home-env"])[1] == ["constraints.txt", "requirements.txt"]


def test_included_files_govern_where_they_are_included() -> None:
    found = scopes(
        notebook("sub/x.ipynb"),
        declarations=(declaration("sub/requirements.txt"), declaration("common.txt", governs=False)),
        included={"sub/requirements.txt": ["common.txt"]},
    )
    assert paths(found["sub", "/home-env"])[1] == ["common.txt", "sub/requirements.txt"]


def test_what_a_notebook_installs_from_counts_for_its_scope() -> None:
    install = Requirement(NormalizedName("x"), "x", Ecosystem.PYPI, Place("nb/x.ipynb", 1, 1), role=Role.AD_HOC)
    found = scopes(
        notebook("nb/x.ipynb"),
        declarations=(declaration("nb/extra.txt", governs=False),),
        included={"nb/x.ipynb": ["nb/extra.txt"]},
        installs={"nb/x.ipynb": Declaration("nb/x.ipynb", "notebook_install", (install,), governs=False)},
    )
    assert paths(found[".", "/home-env"])[1] == ["nb/x.ipynb", "nb/extra.txt"]


def test_declaration_above_what_was_asked_for_speaks_only_where_it_governs() -> None:
    declarations = (declaration("requirements.txt"), declaration("sub/requirements.txt"))
    found = scopes(notebook("sub/x.ipynb"), declarations=declarations, asked=("sub",))
    assert [root for root, _ in found] == ["sub"]


def test_modules_that_notebooks_write_are_files_of_the_project() -> None:
    (scope,) = scopes(notebook("nb/x.ipynb", writes=("made.py", "notes.txt"))).values()
    assert scope.files.modules == {"nb/own.py", "nb/made.py"}


def test_problems_go_to_the_scope_that_holds_the_place() -> None:
    problems = [
        Problem(ProblemKind.UNREADABLE_FILE, Place("sub/bad.ipynb"), "not JSON"),
        Problem(ProblemKind.UNREADABLE_FILE, Place("bad.ipynb"), "not JSON"),
        Problem(ProblemKind.NOT_READ, Place("setup.py"), "is not read"),
    ]
    declarations = (declaration("requirements.txt"), declaration("sub/requirements.txt"))
    found = scopes(declarations=declarations, problems=problems)
    assert [[p.place.path for p in scope.problems] for scope in found.values()] == [["bad.ipynb"], ["sub/bad.ipynb"]]


def test_nothing_makes_no_scope() -> None:
    assert scopes() == {}


def test_source_that_says_what_it_needs_is_judged_alone() -> None:
    own = Declaration("sub/y.ipynb", "inline_script")
    problems = [Problem(ProblemKind.INVALID_REQUIREMENT, Place("sub/y.ipynb", 1, 1), "six=1")]
    found = scopes(
        notebook("sub/x.ipynb"),
        notebook("sub/y.ipynb", "python3"),
        declarations=(declaration("sub/requirements.txt"),),
        scripts={"sub/y.ipynb": (own,)},
        installs={"sub/y.ipynb": Declaration("sub/y.ipynb", "notebook_install", governs=False)},
        problems=problems,
    )
    alone = found["sub/y.ipynb", ""]
    assert list(found) == [("sub", "/home-env"), ("sub/y.ipynb", "")]
    assert paths(found["sub", "/home-env"]) == (["sub/x.ipynb"], ["sub/requirements.txt"])
    assert paths(alone) == (["sub/y.ipynb"], ["sub/y.ipynb", "sub/y.ipynb"])
    assert (alone.primary, alone.how_chosen, alone.companions) == (True, "made anew", alone.sources)
    assert (alone.problems, found["sub", "/home-env"].problems) == (tuple(problems), ())
    assert alone.kernels == (("sub/y.ipynb", KernelFact("python3", found=True)),)


def test_kernel_that_names_an_environment_is_that_of_the_source_alone() -> None:
    (scope,) = scopes(
        notebook("x.ipynb", "lab"), scripts={"x.ipynb": (Declaration("x.ipynb", "inline_script"),)}
    ).values()
    assert (scope.root, scope.environment, scope.primary) == ("x.ipynb", LAB.environment, True)


@pytest.mark.parametrize(
    ("prefix", "groups"),
    [
        ("/lab/.pixi/envs/test", ("docs", "test")),
        ("/lab/.pixi/envs/default", ("docs",)),
        ("/lab/envs/test", ("docs",)),
    ],
)
def test_environment_of_pixi_is_compared_with_what_is_locked_for_it(prefix: str, groups: tuple[str, ...]) -> None:
    target = target_of(Environment(prefix, "conda", "3.11.7"), Settings(groups=("docs",)))
    assert target
    assert target.groups == groups
