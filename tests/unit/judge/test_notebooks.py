"""NBK: kernels, install lines, and files beside a notebook."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from envcheck.judge.evidence.dossier import ModuleOrigin
from envcheck.judge.evidence.evidence import Evidence
from envcheck.judge.rules.notebooks import (
    install_outside_kernel,
    other_kernel,
    python_mismatch,
    shadowing_module,
    unknown_kernel,
)
from envcheck.model.changes import IntoKernel
from envcheck.model.environment import Distribution
from envcheck.model.findings import Finding
from envcheck.model.names import NormalizedName
from envcheck.model.places import Place
from envcheck.model.requirements import DirectKind, DirectReference, Requirement, Role
from envcheck.model.scopes import KernelFact, ProjectFiles
from envcheck.model.usage import InstallCommand, SourceKind
from tests.support.evidence import (
    conda_requirement,
    declaration,
    environment,
    evidence,
    installed,
    requirement,
    source,
    use,
)

PANDAS = requirement("pandas==2.1.4")
OWN = KernelFact("analysis", found=True, names_environment=True, prefix="/envs/analysis")
PLAIN = KernelFact("python3", found=True)


class TestOtherKernel:
    def facts(self, fact: KernelFact, *, primary: bool = False, paths: tuple[str, ...] = ("a.ipynb",)) -> Evidence:
        return evidence(
            [PANDAS],
            environment(),
            sources=[source(path) for path in paths],
            kernels=[(path, fact) for path in paths],
            primary=primary,
        )

    def test_names_kernel_environment_and_declarations(self) -> None:
        (finding,) = other_kernel.check(self.facts(OWN))
        assert finding.place == Place("a.ipynb")
        assert finding.message == (
            "this notebook runs in kernel analysis (/envs/analysis), not in the environment that requirements.txt is "
            "checked in; choose the project's kernel"
        )

    def test_speaks_once_for_all_notebooks_of_a_kernel(self) -> None:
        (finding,) = other_kernel.check(self.facts(OWN, paths=("a.ipynb", "b.ipynb", "c.ipynb")))
        assert finding.message.startswith("3 notebooks, this one first, run in kernel analysis")
        assert [related.place.path for related in finding.related] == ["b.ipynb", "c.ipynb"]

    @pytest.mark.parametrize(
        ("fact", "primary"),
        [
            pytest.param(OWN, True, id="the very environment of the declarations"),
            pytest.param(PLAIN, False, id="a kernel that names none"),
        ],
    )
    def test_is_silent(self, fact: KernelFact, primary: bool) -> None:
        assert list(other_kernel.check(self.facts(fact, primary=primary))) == []

    def test_is_silent_where_nothing_is_declared(self) -> None:
        line = requirement("numpy==1.26.4", path="a.ipynb", role=Role.AD_HOC)
        facts = evidence([line], environment(), sources=[source("a.ipynb")], kernels=[("a.ipynb", OWN)], primary=False)
        assert list(other_kernel.check(facts)) == []


class TestUnknownKernel:
    def test_speaks_once_for_each_name(self) -> None:
        names = {"a.ipynb": "pymc_env", "b.ipynb": "conda-env-x-py", "c.ipynb": "pymc_env"}
        kernels = [(path, KernelFact(name)) for path, name in names.items()]
        findings = list(unknown_kernel.check(evidence(sources=[source(path) for path in names], kernels=kernels)))
        advice = "which is not found here; register it, or choose python3 in the notebook"
        assert [finding.message for finding in findings] == [
            f"2 notebooks, this one first, ask for kernel pymc_env, {advice}",
            f"this notebook asks for kernel conda-env-x-py, {advice}",
        ]

    @pytest.mark.parametrize(
        "fact",
        [KernelFact("python3"), KernelFact("Python3"), KernelFact("python2"), OWN],
        ids=["python3 without Jupyter", "capital letters", "python2", "found"],
    )
    def test_is_silent(self, fact: KernelFact) -> None:
        facts = evidence(sources=[source("a.ipynb")], kernels=[("a.ipynb", fact)])
        assert list(unknown_kernel.check(facts)) == []

    def test_other_languages_have_kernels_of_their_own(self) -> None:
        facts = evidence(
            sources=[replace(source("a.ipynb"), language="julia")], kernels=[("a.ipynb", KernelFact("julia"))]
        )
        assert list(unknown_kernel.check(facts)) == []


class TestPythonMismatch:
    def findings(self, ran: str, declared: str = "", present: str = "") -> list[Finding]:
        python: tuple[Requirement, ...] = ()
        if declared == "python=3.11":
            python = (conda_requirement(declared),)
        elif declared:
            python = (requirement(declared, path="pyproject.toml"),)
        return list(
            python_mismatch.check(
                evidence(
                    env=environment(python=present) if present else None,
                    declarations=[declaration("pyproject.toml", PANDAS, python=python)],
                    sources=[source("a.ipynb", python=ran)],
                )
            )
        )

    @pytest.mark.parametrize(
        ("ran", "declared", "present", "words"),
        [
            pytest.param("3.8.10", "python>=3.10", "", "which pyproject.toml excludes (>=3.10)", id="declared"),
            pytest.param("3.8.10", "python=3.11", "", "which environment.yml excludes", id="declared for conda"),
            pytest.param("3.8.10", "", "3.11.7", "but the environment has 3.11.7", id="installed"),
            pytest.param("3.8.10", "python>=3.10", "3.11.7", "which pyproject.toml excludes", id="both"),
            pytest.param("3.12.0", "python>=3.10", "3.11.7", "but the environment has 3.11.7", id="allowed, not there"),
            pytest.param("2.7.15", "", "3.11.7", "but the environment has 3.11.7", id="Python 2"),
        ],
    )
    def test_fires(self, ran: str, declared: str, present: str, words: str) -> None:
        (finding,) = self.findings(ran, declared, present)
        assert words in finding.message

    @pytest.mark.parametrize(
        ("ran", "declared", "present"),
        [
            pytest.param("3.11.2", "", "3.11.7", id="another micro version"),
            pytest.param("3.11.2", "python==3.11.7", "", id="another micro version than pinned"),
            pytest.param("3.11.2", "python=3.11", "", id="conda's fuzzy pin"),
            pytest.param("3.9.2", "python>=3.10", "3.9.2", id="run in this environment, which drifted"),
            pytest.param("3.9.2", "python==3.9.*", "3.11.7", id="run as declared, the environment drifted"),
            pytest.param("", "python>=3.10", "3.11.7", id="nothing recorded"),
            pytest.param("3.11.2", "", "", id="nothing to compare with"),
            pytest.param("three", "", "3.11.7", id="no version"),
            pytest.param("3", "", "3.11.7", id="half a version"),
            pytest.param("0.14.0", "", "3.11.7", id="xonsh"),
            pytest.param("3.0.2", "", "3.11.7", id="Coconut"),
        ],
    )
    def test_is_silent(self, ran: str, declared: str, present: str) -> None:
        assert self.findings(ran, declared, present) == []

    def test_speaks_once_for_each_python(self) -> None:
        sources = [source(f"{n}.ipynb", python=f"3.8.{n}") for n in range(3)]
        (finding,) = python_mismatch.check(evidence(env=environment(), sources=sources))
        assert finding.message.startswith("3 notebooks, this one first, were last run on Python 3.8,")


class TestInstallOutsideKernel:
    def command(self, tool: str, arguments: str, *, cell: int = 1, shell: bool = True) -> InstallCommand:
        return InstallCommand(tool, arguments, Place("a.ipynb", cell, 1, 14), shell=shell, alone=shell)

    def findings(self, *commands: InstallCommand) -> list[Finding]:
        return list(install_outside_kernel.check(evidence(sources=[replace(source("a.ipynb"), installs=commands)])))

    @pytest.mark.parametrize(
        ("tool", "arguments", "text"),
        [
            ("pip", "-q seaborn==0.13.2", "%pip install -q seaborn==0.13.2"),
            ("conda", "-y seaborn", "%conda install -y seaborn"),
            ("uv", "seaborn", "%uv pip install seaborn"),
        ],
    )
    def test_writes_the_magic(self, tool: str, arguments: str, text: str) -> None:
        (finding,) = self.findings(self.command(tool, arguments))
        assert finding.fix is not None
        assert finding.fix.text == text

    def test_wants_every_line_in_the_kernel(self) -> None:
        commands = [self.command("pip", "a", cell=1), self.command("pip", "b \\\n c", cell=2)]
        (finding,) = self.findings(*commands)
        assert finding.fix is not None
        assert finding.fix.changes == tuple(IntoKernel(command.place) for command in commands)

    def test_writes_the_first_line_for_which_a_magic_can_stand(self) -> None:
        chained = replace(self.command("pip", "a"), alone=False)
        (finding,) = self.findings(chained, self.command("pip", "b", cell=2))
        assert finding.place.cell == 2
        assert finding.fix is not None
        assert finding.fix.text == "%pip install b"
        (finding,) = self.findings(chained)
        assert finding.fix is None

    def test_never_repeats_a_password(self) -> None:
        (finding,) = self.findings(self.command("pip", "-i https://reader:s3cr3t@index.example/simple tool"))
        assert "s3cr3t" not in repr(finding)

    def test_speaks_once_for_a_notebook(self) -> None:
        (finding,) = self.findings(*(self.command("pip", "a", cell=cell) for cell in range(1, 10)))
        assert "here and in 8 more places" in finding.message
        assert [related.place.cell for related in finding.related] == [2, 3, 4, 5, 6]

    def test_the_kernels_own_installer_is_silent(self) -> None:
        assert self.findings(self.command("pip", "seaborn", shell=False)) == []


class TestShadowingModule:
    def findings(
        self,
        *files: str,
        module: str = "random",
        path: str = "nb/a.ipynb",
        owner: Distribution | None = None,
        project: str = "",
    ) -> list[Finding]:
        imported = use(module, path=path, origin=ModuleOrigin.LOCAL, local_path=files[0])
        env = environment(*([owner] if owner else ()))
        env = replace(env, modules={module: (NormalizedName(owner.name),)} if owner else {})
        found = evidence(
            env=env,
            uses=[imported],
            declarations=[declaration("pyproject.toml", project=project)],
            files=ProjectFiles(frozenset(files)),
        )
        return list(shadowing_module.check(found))

    @pytest.mark.parametrize(
        ("module", "file", "owner", "words"),
        [
            ("random", "nb/random.py", None, "nb/random.py hides the standard module random; rename the file"),
            (
                "numpy",
                "nb/numpy.py",
                installed("numpy", "1.26.4"),
                "nb/numpy.py hides module numpy of numpy; rename the file",
            ),
            ("numpy", "nb/numpy/__init__.py", installed("numpy", "1.26.4"), "hides module numpy of numpy"),
        ],
        ids=["standard module", "installed module", "package"],
    )
    def test_fires(self, module: str, file: str, owner: Distribution | None, words: str) -> None:
        (finding,) = self.findings(file, module=module, owner=owner)
        assert words in finding.message

    def test_in_the_root_of_the_project(self) -> None:
        (finding,) = self.findings("random.py", path="a.ipynb")
        assert finding.message.startswith("random.py hides")

    @pytest.mark.parametrize(
        ("module", "file", "path"),
        [
            pytest.param("helpers", "nb/helpers.py", "nb/a.ipynb", id="hides nothing"),
            pytest.param("random", "lib/random.py", "nb/a.ipynb", id="stands elsewhere"),
            pytest.param("sys", "nb/sys.py", "nb/a.ipynb", id="built into the interpreter"),
            pytest.param("test", "nb/test.py", "nb/a.ipynb", id="everybody's name for a file"),
            pytest.param("logging", "src/tool/logging.py", "src/tool/core.py", id="inside a package"),
        ],
    )
    def test_is_silent(self, module: str, file: str, path: str) -> None:
        assert self.findings(file, module=module, path=path) == []

    @pytest.mark.parametrize(
        ("owner", "project"),
        [
            (installed("mytool", "0.1"), "mytool"),
            (installed("mytool", "0.1", direct=DirectReference(DirectKind.PATH, "file:///src", editable=True)), ""),
        ],
        ids=["described by the declaration", "installed from a folder"],
    )
    def test_the_project_itself_is_no_shadow(self, owner: Distribution, project: str) -> None:
        assert self.findings("mytool/__init__.py", module="mytool", path="a.ipynb", owner=owner, project=project) == []

    def test_a_file_that_the_notebook_writes_counts(self) -> None:
        imported = use("random", path="a.ipynb", origin=ModuleOrigin.LOCAL, local_path="random.py")
        imported = replace(imported, source=replace(imported.source, writes=("random.py",)))
        assert imported.source.kind is SourceKind.NOTEBOOK
        (finding,) = shadowing_module.check(evidence(uses=[imported]))
        assert finding.message.startswith("random.py hides")

    def test_speaks_once_for_a_file(self) -> None:
        uses = [
            use("random", path=f"{name}.ipynb", origin=ModuleOrigin.LOCAL, local_path="random.py") for name in "abc"
        ]
        (finding,) = shadowing_module.check(evidence(uses=uses, files=ProjectFiles(frozenset({"random.py"}))))
        assert [related.place.path for related in finding.related] == ["b.ipynb", "c.ipynb"]
