"""COV: what is imported and what is declared."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from envcheck.judge.evidence.dossier import Certainty, ModuleOrigin, Use
from envcheck.judge.evidence.evidence import Evidence
from envcheck.judge.rules.coverage import (
    development_import,
    missing_import,
    transitive_import,
    undeclared_import,
    unused_requirement,
)
from envcheck.judge.rules.coverage.development import is_development
from envcheck.judge.rules.coverage.spared import is_spared
from envcheck.model.changes import Add, Remove
from envcheck.model.declarations import Declaration
from envcheck.model.environment import Distribution, Environment
from envcheck.model.findings import Finding, Severity
from envcheck.model.names import NormalizedName
from envcheck.model.places import Place
from envcheck.model.requirements import DirectKind, DirectReference, Requirement, Role
from envcheck.model.usage import ImportKind
from tests.support.evidence import (
    conda_package,
    conda_requirement,
    declaration,
    environment,
    evidence,
    installed,
    locked,
    requirement,
    use,
)

NUMPY = installed("numpy", "1.26.4")
PANDAS = installed("pandas", "2.1.4", requires=("numpy>=1.23", "openpyxl>=3 ; extra == 'excel'"))
PANDAS_AND_NUMPY = environment(PANDAS, NUMPY)
BY_PANDAS = {"numpy": ("pandas",)}


def coverage(facts: Evidence) -> list[Finding]:
    modules = (undeclared_import, missing_import, unused_requirement, transitive_import, development_import)
    return [finding for module in modules for finding in module.check(facts)]


def codes(facts: Evidence) -> list[str]:
    return [finding.code for finding in coverage(facts)]


def unknown(module: str, *, path: str = "analysis.ipynb", elsewhere: str = "") -> Use:
    return use(module, path=path, certainty=Certainty.UNKNOWN, elsewhere=elsewhere)


def owning(env: Environment, **modules: str) -> Environment:
    return replace(env, modules={module: (NormalizedName(owner),) for module, owner in modules.items()})


class TestUndeclaredImport:
    def test_says_where_and_what_to_write(self) -> None:
        facts = evidence(
            [requirement("pandas==2.1.4")], PANDAS_AND_NUMPY, uses=[use("numpy", cell=3, line=2), use("pandas")]
        )
        (finding,) = coverage(facts)
        assert (finding.code, finding.place) == ("COV001", Place("analysis.ipynb", 3, 2, 1))
        assert finding.message == "numpy is imported and installed, but declared nowhere; declare it"
        assert finding.fix is not None
        assert finding.fix.text == "numpy==1.26.4"
        assert finding.fix.changes == (Add("requirements.txt", "numpy", "1.26.4"),)

    def test_speaks_once_for_many_files(self) -> None:
        uses = [use("numpy", path=f"{number:02}.ipynb", cell=cell) for number in range(40) for cell in (1, 2)]
        (finding,) = coverage(evidence([requirement("pandas==2.1.4")], PANDAS_AND_NUMPY, uses=[*uses, use("pandas")]))
        assert finding.place.path == "00.ipynb"
        assert "imported in 40 files" in finding.message
        assert [related.place.path for related in finding.related] == [f"{number:02}.ipynb" for number in range(1, 11)]

    def test_asks_for_a_declaration_where_there_is_none(self) -> None:
        (finding,) = coverage(evidence([], environment(NUMPY), uses=[use("numpy")]))
        assert finding.message.endswith("declared nowhere; envcheck init writes requirements.txt")
        assert finding.fix is not None
        assert (finding.fix.text, finding.fix.changes) == ("numpy==1.26.4", (Add("", "numpy", "1.26.4"),))

    @pytest.mark.parametrize(
        ("dialect", "path", "text", "group"),
        [
            ("pyproject", "pyproject.toml", "numpy==1.26.4", ""),
            ("setup_cfg", "setup.cfg", "numpy==1.26.4", ""),
            ("environment_yml", "environment.yml", "numpy==1.26.4", "pip"),
            ("pipfile", "Pipfile", 'numpy = "==1.26.4"', ""),
            ("pixi_toml", "pixi.toml", 'numpy = "==1.26.4"', "pypi-dependencies"),
        ],
    )
    def test_writes_as_the_file_does(self, dialect: str, path: str, text: str, group: str) -> None:
        files = [Declaration(path, dialect)]
        (finding,) = coverage(evidence([], environment(NUMPY), uses=[use("numpy")], declarations=files))
        assert finding.fix is not None
        assert finding.fix.text == text
        assert finding.fix.changes == (Add(path, "numpy", "1.26.4", group=group),)

    def test_writes_as_the_tables_of_poetry_do(self) -> None:
        entry = replace(requirement("pandas==2.1.4"), raw="2.1.4")
        files = [Declaration("pyproject.toml", "pyproject", (entry,))]
        (finding,) = coverage(evidence([], PANDAS_AND_NUMPY, uses=[use("numpy"), use("pandas")], declarations=files))
        assert finding.fix is not None
        assert finding.fix.text == 'numpy = "==1.26.4"'

    def test_names_the_import_when_the_distribution_is_called_otherwise(self) -> None:
        env = environment(installed("scikit-learn", "1.3.2"))
        (finding,) = coverage(evidence([], env, uses=[use("sklearn.svm", "scikit-learn")]))
        assert finding.message.startswith("scikit-learn is imported as sklearn and installed")

    def test_names_the_environment_of_a_secondary_scope(self) -> None:
        facts = evidence([requirement("pandas==2.1.4")], PANDAS_AND_NUMPY, uses=[use("numpy")], primary=False)
        assert "installed in /envs/analysis, but" in coverage(facts)[0].message

    def test_adds_the_conda_name_to_the_environment_file_of_a_conda_environment(self) -> None:
        env = environment(
            installed("torch", "2.1.0", conda="pytorch"),
            packages=(conda_package("pytorch", "2.1.0", provides=["torch"]),),
        )
        wanted = [requirement("requests==2.31.0"), conda_requirement("numpy==1.26.4")]
        fixes = [f.fix for f in undeclared_import.check(evidence(wanted, env, uses=[use("torch")]))]
        assert [fix.changes for fix in fixes if fix] == [(Add("environment.yml", "pytorch", "2.1.0"),)]

    def test_prefers_the_input_to_the_compiled_file_and_to_that_of_developers(self) -> None:
        wanted = [
            requirement("pandas==2.1.4", path="requirements.txt"),
            requirement("pandas", path="requirements.in"),
            requirement("pytest", path="requirements-dev.in", group="dev"),
        ]
        fixes = [f.fix for f in undeclared_import.check(evidence(wanted, PANDAS_AND_NUMPY, uses=[use("numpy")]))]
        assert [fix.changes for fix in fixes if fix] == [(Add("requirements.in", "numpy", "1.26.4"),)]

    def test_an_install_line_counts_for_its_own_notebook_only(self) -> None:
        line = requirement("numpy==1.26.4", path="a.ipynb", cell=1, role=Role.AD_HOC)
        facts = evidence([line], environment(NUMPY), uses=[use("numpy", path="a.ipynb"), use("numpy", path="b.ipynb")])
        assert [finding.place.path for finding in coverage(facts)] == ["b.ipynb"]

    def test_a_bare_namespace_is_not_reported_beside_its_parts(self) -> None:
        env = environment(installed("google-cloud-storage", "2.14.0"), installed("google-cloud-bigquery", "3.14.1"))
        both = ("google-cloud-bigquery", "google-cloud-storage")
        uses = [use("google.cloud", *both), use("google.cloud.storage", "google-cloud-storage")]
        assert [finding.distribution for finding in coverage(evidence([], env, uses=uses))] == ["google-cloud-storage"]

    def test_what_came_from_a_repository_gets_no_version_to_write(self) -> None:
        direct = DirectReference(DirectKind.VCS, "https://git.example/a/tool.git", commit="c" * 40)
        facts = evidence([], environment(installed("tool", "0.1", direct=direct)), uses=[use("tool")])
        assert [finding.fix for finding in coverage(facts)] == [None]

    def test_an_own_name_counts_although_another_distribution_owns_the_files(self) -> None:
        env = environment(installed("tensorflow", "2.15.0"), installed("tensorflow-intel", "2.15.0"))
        uses = [use("tensorflow", "tensorflow-intel")]
        assert codes(evidence([requirement("tensorflow==2.15.0")], env, uses=uses)) == []

    def test_a_conda_package_without_files_stands_for_what_it_depends_on(self) -> None:
        empty = replace(
            conda_package("dask", "2024.1.0"), depends=("python >=3.9", "dask-core >=2024.1.0,<2024.1.1.0a0")
        )
        env = environment(
            installed("dask", "2024.1.0", conda="dask-core"),
            packages=(empty, conda_package("dask-core", "2024.1.0", provides=["dask"])),
        )
        assert codes(evidence([conda_requirement("dask==2024.1.0")], env, uses=[use("dask")])) == []

    def test_package_of_several_distributions(self) -> None:
        package = conda_package("gdal-tools", "3.8", provides=["osgeo", "gdal-utils"])
        env = environment(installed("osgeo", "3.8", conda="gdal-tools"), packages=(package,))
        key_of_package = {"gdal-tools": "conda:gdal-tools"}
        judged = evidence([conda_requirement("gdal-tools")], env, uses=[use("osgeo")], same=key_of_package)
        assert codes(judged) == []

    @pytest.mark.parametrize(
        ("url", "expected"),
        [
            pytest.param("git+https://git.example/a/tool", [], id="the same repository"),
            pytest.param("git+https://git.example/a/other", ["COV001"], id="another repository"),
        ],
    )
    def test_a_nameless_reference_declares_what_came_from_it(self, url: str, expected: list[str]) -> None:
        direct = DirectReference(DirectKind.VCS, "https://git.example/a/tool.git", commit="c" * 40)
        wanted = requirement(url, direct=DirectReference(DirectKind.VCS, url.removeprefix("git+")))
        env = environment(installed("tool", "0.1", direct=direct))
        assert codes(evidence([wanted], env, uses=[use("tool")])) == expected


@pytest.mark.parametrize(
    "quiet",
    [
        pytest.param(use("numpy", kind=ImportKind.GUARDED), id="guarded"),
        pytest.param(use("numpy", kind=ImportKind.TYPE_ONLY), id="for type checkers"),
        pytest.param(use("IPython.display", "ipython"), id="the kernel's own"),
        pytest.param(use("google.colab", origin=ModuleOrigin.PLATFORM), id="of the host"),
        pytest.param(use("helpers", origin=ModuleOrigin.LOCAL), id="of the project"),
        pytest.param(use("setuptools", path="setup.py"), id="build requirement in setup.py"),
        pytest.param(use("nox", path="noxfile.py"), id="the tool that reads the file"),
    ],
)
@pytest.mark.parametrize("is_installed", [True, False], ids=["installed", "absent"])
def test_nothing_is_asked_for(quiet: Use, is_installed: bool) -> None:
    there = environment(*(installed(key, "1.0") for key in quiet.keys)) if is_installed else environment()
    assert codes(evidence([], there, uses=[quiet])) == []


class TestTransitiveImport:
    def test_names_the_parent(self) -> None:
        facts = evidence(
            [requirement("pandas==2.1.4")], PANDAS_AND_NUMPY, uses=[use("numpy"), use("pandas")], required_by=BY_PANDAS
        )
        (finding,) = coverage(facts)
        assert finding.code == "COV004"
        assert finding.message == "numpy is imported, but installed only because pandas requires it; declare it"
        assert finding.fix is not None
        assert finding.fix.text == "numpy==1.26.4"

    def test_names_the_declared_ancestor_and_what_stands_between(self) -> None:
        env = environment(
            installed("seaborn", "0.13.2", requires=("pandas",)),
            installed("pandas", "2.1.4", requires=("numpy",)),
            NUMPY,
        )
        facts = evidence(
            [requirement("seaborn==0.13.2")], env, uses=[use("numpy"), use("seaborn")], required_by=BY_PANDAS
        )
        assert [finding.message for finding in coverage(facts)] == [
            "numpy is imported, but installed only because seaborn requires it through pandas; declare it"
        ]

    def test_a_circle_of_requirements_has_no_ancestor(self) -> None:
        env = environment(installed("a", "1", requires=("b",)), installed("b", "1", requires=("a",)))
        assert codes(evidence([], env, uses=[use("a")], required_by={"a": ("b",), "b": ("a",)})) == ["COV001"]

    @pytest.mark.parametrize(
        ("parents", "words"),
        [
            (("pandas",), "pandas requires it"),
            (("pandas", "scipy"), "pandas and scipy require it"),
            (("pandas", "scipy", "xarray"), "pandas, scipy and xarray require it"),
            (("numba", "pandas", "scipy", "seaborn", "xarray"), "numba, pandas, scipy and 2 more require it"),
        ],
        ids=["one", "two", "three", "many"],
    )
    def test_words_for_parents(self, parents: tuple[str, ...], words: str) -> None:
        wanted = [requirement(f"{name}==1.0") for name in parents]
        uses = [use("numpy"), *map(use, parents)]
        facts = evidence(wanted, environment(NUMPY), uses=uses, required_by={"numpy": parents})
        assert words in coverage(facts)[0].message

    @pytest.mark.parametrize(
        ("declared", "body", "module", "expected"),
        [
            pytest.param("apache-airflow", "apache-airflow-core", "airflow", [], id="the body of what is declared"),
            pytest.param("langchain", "langchain-core", "langchain_core", ["COV004"], id="a part with its own name"),
        ],
    )
    def test_split_distributions(self, declared: str, body: str, module: str, expected: list[str]) -> None:
        env = environment(installed(declared, "3.0.0"), installed(body, "3.0.0"))
        facts = evidence(
            [requirement(f"{declared}==3.0.0")], env, uses=[use(module, body)], required_by={body: (declared,)}
        )
        assert [finding.code for finding in transitive_import.check(facts)] == expected
        assert list(undeclared_import.check(facts)) == []


class TestMissingImport:
    @pytest.mark.parametrize(
        ("imported", "message"),
        [
            pytest.param(
                use("sklearn", "scikit-learn", certainty=Certainty.TABLE),
                "sklearn is imported, but neither installed nor declared; install scikit-learn and declare it",
                id="known",
            ),
            pytest.param(
                use("cv2", "opencv-python", "opencv-python-headless", certainty=Certainty.TABLE),
                "cv2 is imported, but neither installed nor declared; "
                "install one of opencv-python, opencv-python-headless and declare it",
                id="ambiguous",
            ),
            pytest.param(
                use("tensorflow", "tensorflow", "tensorflow-cpu", certainty=Certainty.TABLE),
                "tensorflow is imported, but neither installed nor declared; install tensorflow and declare it",
                id="ambiguous, but of that very name",
            ),
            pytest.param(
                use("util", "blocked-matrix-utils", certainty=Certainty.TABLE),
                "util is imported, but neither installed nor declared; "
                "most likely a file of your own: keep it where Python finds it from there",
                id="everybody's name for a file",
            ),
            pytest.param(
                unknown("accum"),
                "accum is imported, but neither installed nor declared; "
                "no distribution is known for it: declare the one that provides it, or keep your own file in the "
                "project",
                id="unknown",
            ),
            pytest.param(
                unknown("helpers", elsewhere="lib/helpers.py"),
                "helpers is imported, but neither installed nor declared; "
                "lib/helpers.py exists, but Python does not find it from there: install the project",
                id="elsewhere in the project",
            ),
        ],
    )
    def test_says_what_to_do(self, imported: Use, message: str) -> None:
        (finding,) = coverage(evidence([], environment(), uses=[imported]))
        assert (finding.code, finding.message) == ("COV002", message)

    def test_without_environment_says_only_that_it_is_not_declared(self) -> None:
        (finding,) = coverage(evidence([], None, uses=[use("numpy", certainty=Certainty.TABLE)]))
        assert (finding.severity, "declared nowhere" in finding.message) == (Severity.ERROR, True)
        assert "installed" not in finding.message

    def test_what_is_declared_is_another_rules_business(self) -> None:
        assert codes(evidence([requirement("numpy==1.26.4")], environment(), uses=[use("numpy")])) == []

    def test_the_unknown_is_a_note_where_the_search_path_is(self) -> None:
        imported = unknown("lab_tools")
        imported = replace(imported, source=replace(imported.source, open_search_path=True))
        (finding,) = coverage(evidence([], environment(), uses=[imported]))
        assert finding.severity is Severity.NOTE

    def test_what_protoc_generates_is_a_note(self) -> None:
        (finding,) = coverage(evidence([], environment(), uses=[unknown("person_pb2")]))
        assert (finding.severity, "protoc" in finding.message) == (Severity.NOTE, True)

    def test_an_error_stays_one_when_another_file_has_a_plain_search_path(self) -> None:
        imported = unknown("lab_tools", path="a.ipynb")
        imported = replace(imported, source=replace(imported.source, open_search_path=True))
        (finding,) = coverage(evidence([], environment(), uses=[imported, unknown("lab_tools", path="b.ipynb")]))
        assert (finding.severity, finding.place.path) == (Severity.ERROR, "b.ipynb")


class TestUnreadManifest:
    """Where a manifest governs that is not read, nobody can say that something is declared nowhere."""

    PIXI = Declaration("pixi.toml", "lock", unread=True)
    SCRIPT = Declaration("setup.py", "setup_py", unread=True)

    def test_installed_is_enough(self) -> None:
        facts = evidence(env=environment(NUMPY), uses=[use("numpy")], declarations=[self.PIXI])
        assert codes(facts) == []

    def test_what_is_not_installed_is_missing_all_the_same(self) -> None:
        facts = evidence(env=environment(), uses=[use("numpy")], declarations=[self.PIXI])
        (found,) = coverage(facts)
        assert found.message.startswith("numpy is imported, but not installed; ")

    def test_without_environment_nothing_can_be_said(self) -> None:
        assert codes(evidence(uses=[use("numpy")], declarations=[self.PIXI])) == []

    def test_setup_script_repeats_what_stands_beside_it(self) -> None:
        declared = declaration("requirements.txt", requirement("pandas"))
        facts = evidence(env=PANDAS_AND_NUMPY, uses=[use("numpy")], declarations=[self.SCRIPT, declared])
        assert "COV001" in codes(facts)


class TestDepartedModule:
    @pytest.mark.parametrize(
        ("module", "python", "others", "messages"),
        [
            ("distutils.core", "3.12.1", (), ["left the standard library in Python 3.12"]),
            ("distutils.core", "3.12.1", (installed("setuptools", "80.9"),), []),
            ("distutils.core", "3.11.7", (), []),
            ("urllib2", "3.11.7", (), ["was Python 2's"]),
            ("tomllib", "3.10.13", (), ["came to the standard library in Python 3.11"]),
            ("json", "3.12.1", (), []),
        ],
    )
    def test_says_when_it_went(
        self, module: str, python: str, others: tuple[Distribution, ...], messages: list[str]
    ) -> None:
        uses = [use(module, origin=ModuleOrigin.STDLIB)]
        facts = evidence([], replace(environment(*others), python=python), uses=uses)
        found = [finding.message for finding in missing_import.check(facts)]
        assert len(found) == len(messages)
        assert all(part in message for part, message in zip(messages, found, strict=True))

    def test_a_guarded_import_may_fail(self) -> None:
        quiet = use("tomllib", origin=ModuleOrigin.STDLIB, kind=ImportKind.GUARDED)
        assert list(missing_import.check(evidence([], replace(environment(), python="3.10.1"), uses=[quiet]))) == []


class TestUnusedRequirement:
    def test_offers_to_remove_every_declaration_of_it(self) -> None:
        wanted = [
            requirement("plotly==5.18.0", line=3),
            requirement("plotly==5.18.0", path="setup.txt"),
            requirement("numpy==1.26.4"),
        ]
        facts = evidence(wanted, environment(NUMPY, installed("plotly", "5.18.0")), uses=[use("numpy")])
        (finding,) = coverage(facts)
        assert (finding.code, finding.severity, finding.place.line) == ("COV003", Severity.NOTE, 3)
        assert finding.message == "plotly is declared, but imported nowhere; remove it if nothing uses it unseen"
        assert finding.fix is not None
        assert all(isinstance(change, Remove) for change in finding.fix.changes)
        assert len(finding.fix.changes) == 2

    def test_is_modest_about_what_is_not_installed(self) -> None:
        facts = evidence([requirement("plotly==5.18.0"), requirement("numpy")], None, uses=[use("numpy")])
        assert "as far as its name tells" in coverage(facts)[0].message

    @pytest.mark.parametrize(
        "wanted",
        [
            pytest.param(requirement("jupyterlab==4.0.9"), id="tool"),
            pytest.param(requirement("pytest-cov==4.1.0"), id="plug-in by name"),
            pytest.param(requirement("openpyxl==3.1.2"), id="backend"),
            pytest.param(requirement("pandas-stubs==2.1.4"), id="stubs"),
            pytest.param(requirement("plotly==5.18.0", group="dev"), id="for developers"),
            pytest.param(requirement("plotly==5.18.0", role=Role.CONSTRAINT), id="constraint"),
            pytest.param(requirement("plotly==5.18.0", path="a.ipynb", role=Role.AD_HOC), id="install line"),
            pytest.param(conda_requirement("nodejs==20.9.0"), id="conda package that may be no Python"),
            pytest.param(requirement("plotly", template=True), id="interpolated"),
        ],
    )
    @pytest.mark.parametrize("env", [PANDAS_AND_NUMPY, None], ids=["environment", "no environment"])
    def test_spares(self, wanted: Requirement, env: Environment | None) -> None:
        assert codes(evidence([wanted, requirement("numpy")], env, uses=[use("numpy")])) == []

    def test_spares_what_marks_itself_as_a_plug_in(self) -> None:
        env = environment(NUMPY, installed("itables-odd", "1.0", plugin=True))
        assert codes(evidence([requirement("itables-odd"), requirement("numpy")], env, uses=[use("numpy")])) == []

    def test_spares_what_owns_no_module(self) -> None:
        env = owning(environment(NUMPY, installed("some-datasets", "1.0")), numpy="numpy")
        assert codes(evidence([requirement("some-datasets"), requirement("numpy")], env, uses=[use("numpy")])) == []

    @pytest.mark.parametrize(
        ("requires", "expected"),
        [
            pytest.param("seaborn", [], id="requirement"),
            pytest.param("seaborn ; extra == 'plot'", [], id="extra"),
            pytest.param("seaborn ; extra == 'docs'", ["COV003"], id="extra for developers"),
        ],
    )
    def test_spares_what_serves_a_used_distribution(self, requires: str, expected: list[str]) -> None:
        env = environment(installed("pandas", "2.1.4", requires=(requires,)), installed("seaborn", "0.13.2"))
        wanted = [requirement("pandas"), requirement("seaborn")]
        assert codes(evidence(wanted, env, uses=[use("pandas")])) == expected

    def test_says_nothing_of_what_is_not_installed_while_an_import_is_unknown(self) -> None:
        facts = evidence(
            [requirement("python-consul"), requirement("numpy")], None, uses=[use("numpy"), unknown("consul")]
        )
        assert list(unused_requirement.check(facts)) == []

    @pytest.mark.parametrize(
        ("present", "expected"),
        [
            pytest.param(None, [], id="no environment"),
            pytest.param(5, [], id="another environment"),
            pytest.param(20, ["COV003"] * 20, id="its own environment"),
        ],
    )
    def test_speaks_of_frozen_lists_in_their_own_environment_only(
        self, present: int | None, expected: list[str]
    ) -> None:
        names = [f"distribution-{number}" for number in range(20)]
        frozen = [requirement(f"{name}==1.0", line=line) for line, name in enumerate(names, 1)]
        env = None if present is None else environment(NUMPY, *(installed(name, "1.0") for name in names[:present]))
        assert codes(evidence([*frozen, requirement("numpy")], env, uses=[use("numpy")])) == expected

    @pytest.mark.parametrize("primary", [True, False], ids=["primary", "secondary"])
    def test_is_said_in_the_primary_scope_only(self, primary: bool) -> None:
        env = environment(NUMPY, installed("plotly", "5.18.0"))
        facts = evidence([requirement("plotly"), requirement("numpy")], env, uses=[use("numpy")], primary=primary)
        assert bool(codes(facts)) is primary

    def test_is_not_said_where_there_is_no_code(self) -> None:
        assert codes(evidence([requirement("plotly")], environment(installed("plotly", "5.18.0")))) == []

    def test_a_companion_in_another_environment_uses_it_too(self) -> None:
        env = environment(NUMPY, installed("plotly", "5.18.0"))
        wanted = [requirement("plotly"), requirement("numpy")]
        assert codes(evidence(wanted, env, uses=[use("numpy")], companion_keys=["plotly"])) == []


class TestDevelopmentImport:
    REQUESTS = requirement("requests==2.31.0", path="pyproject.toml", line=9, group="test")

    def facts(self, path: str, kind: ImportKind = ImportKind.PLAIN) -> Evidence:
        env = environment(PANDAS, installed("requests", "2.31.0"))
        everybody = requirement("pandas==2.1.4", path="pyproject.toml", line=5)
        project = declaration("pyproject.toml", everybody, self.REQUESTS, project="report")
        return evidence(env=env, declarations=[project], uses=[use("requests", path=path, kind=kind)])

    def test_says_which_group_has_it(self) -> None:
        (finding,) = development_import.check(self.facts("src/report/fetch.py"))
        assert finding.message == (
            "requests is imported, but declared only in group test (pyproject.toml); declare it for everybody"
        )
        assert finding.related[0].place.line == 9
        assert finding.fix is not None
        assert finding.fix.text == "requests==2.31.0"

    @pytest.mark.parametrize(
        "path",
        [
            "tests/test_fetch.py",
            "src/report/test_fetch.py",
            "conftest.py",
            "docs/conf.py",
            "noxfile.py",
            "examples/tour.py",
            ".ci/release.py",
            "notebooks/tour.ipynb",
        ],
    )
    def test_what_is_not_shipped_may_use_it(self, path: str) -> None:
        assert list(development_import.check(self.facts(path))) == []

    def test_a_guarded_import_is_optional(self) -> None:
        assert list(development_import.check(self.facts("src/report/fetch.py", ImportKind.GUARDED))) == []

    def test_a_project_that_has_only_a_developers_file_means_everybody(self) -> None:
        wanted = [requirement("requests==2.31.0", path="requirements-dev.txt", group="dev")]
        facts = evidence(wanted, environment(installed("requests", "2.31.0")), uses=[use("requests", path="fetch.py")])
        assert codes(facts) == []

    def test_a_declaration_for_everybody_beside_it_is_enough(self) -> None:
        wanted = [self.REQUESTS, requirement("requests>=2")]
        facts = evidence(wanted, environment(installed("requests", "2.31.0")), uses=[use("requests", path="fetch.py")])
        assert codes(facts) == []


@pytest.mark.parametrize(
    ("group", "expected"),
    [("dev", True), ("test-gpu", True), ("docs", True), ("Lint", True), ("gpu", False), ("plot", False), ("", False)],
)
def test_groups_for_developers(group: str, expected: bool) -> None:
    assert is_development(group) is expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [("jupyterlab-git", True), ("types-requests", True), ("bash-kernel", True), ("numpy", False), ("typeshed", False)],
)
def test_names_that_are_spared(name: str, expected: bool) -> None:
    assert is_spared(name) is expected


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        pytest.param([locked("pandas==2.1.4", needs=("numpy",)), locked("numpy==1.26.4")], ["COV004"], id="transitive"),
        pytest.param([locked("pandas==2.1.4"), locked("numpy==1.26.4")], [], id="nobody says why"),
        pytest.param([locked("pandas==2.1.4")], ["COV002"], id="not locked"),
    ],
)
def test_locks_say_what_brings_along_what_is_not_installed(entries: list[Requirement], expected: list[str]) -> None:
    facts = evidence([requirement("pandas"), *entries], uses=[use("numpy"), use("pandas")])
    assert codes(facts) == expected


def test_where_only_locks_govern_they_declare() -> None:
    assert codes(evidence([locked("numpy==1.26.4")], environment(NUMPY), uses=[use("numpy")])) == []
