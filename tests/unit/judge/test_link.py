"""Facts about the same thing come together under one name."""

from __future__ import annotations

import pytest

from envcheck.judge.evidence.dossier import Certainty, ModuleOrigin, Use
from envcheck.judge.evidence.evidence import Evidence
from envcheck.judge.evidence.link import Inventory, link
from envcheck.judge.evidence.requires import Needed, needs
from envcheck.judge.names.table import parse_table
from envcheck.model.constraints import ANY
from envcheck.model.declarations import Declaration
from envcheck.model.environment import CondaPackage, Distribution, Environment
from envcheck.model.names import Ecosystem, NormalizedName, normalize
from envcheck.model.places import Place
from envcheck.model.requirements import Requirement, Role
from envcheck.model.scopes import ProjectFiles, Scope
from envcheck.model.settings import Settings
from envcheck.model.usage import Import, Source, SourceKind
from tests.support.evidence import MARKERS

TABLE = parse_table(
    "scikit-learn\tsklearn\tscikit-learn\n"
    "torch\ttorch\tpytorch\n"
    "google-cloud-storage\tgoogle.cloud.storage\tgoogle-cloud-storage\n"
    "opencv-python\tcv2\topencv\n"
    "opencv-python-headless\tcv2\topencv\n"
)
MODULES = {
    "pandas": ("pandas",),
    "sklearn": ("scikit-learn",),
    "google": ("google-cloud-storage", "protobuf"),
    "google.cloud": ("google-cloud-storage",),
    "google.cloud.storage": ("google-cloud-storage",),
    "google.protobuf": ("protobuf",),
    "osgeo": ("conda:gdal",),
}


def distribution(name: str, *requires: str, conda: str = "") -> Distribution:
    return Distribution(
        normalize(name), name, "1.0", Place(f"/site/{name}-1.0.dist-info"), requires=requires, conda=conda
    )


ENVIRONMENT = Environment(
    "/envs/a",
    "conda",
    "3.11.7",
    markers=MARKERS,
    distributions=(
        distribution("pandas", "numpy>=1.20", 'tzdata; sys_platform == "win32"', 'lxml; extra == "xml"'),
        distribution("scikit-learn"),
        distribution("google-cloud-storage"),
        distribution("protobuf"),
        distribution("torch", conda="pytorch"),
    ),
    conda=(
        CondaPackage(NormalizedName("pytorch"), "2.1", "py311_0", Place("/m"), provides=(NormalizedName("torch"),)),
        CondaPackage(NormalizedName("gdal"), "3.8", "h0", Place("/m")),
    ),
    modules={key: tuple(NormalizedName(name) for name in owners) for key, owners in MODULES.items()},
)


def wanted(name: str, *, ecosystem: Ecosystem = Ecosystem.PYPI, marker: str = "", line: int = 1) -> Requirement:
    return Requirement(NormalizedName(name), name, ecosystem, Place("requirements.txt", 0, line), ANY, marker=marker)


def joined(
    *imports: Import,
    requirements: tuple[Requirement, ...] = (),
    environment: Environment | None = ENVIRONMENT,
    files: ProjectFiles | None = None,
    project: str = "",
) -> Evidence:
    source = Source("nb/a.ipynb", SourceKind.NOTEBOOK, imports=imports)
    declaration = Declaration("requirements.txt", "requirements_txt", requirements, project=project)
    scope = Scope(".", (source,), (declaration,), environment, companions=(source,), files=files or ProjectFiles())
    return link(scope, Settings(), Inventory.of(environment, TABLE))


def imported(module: str, *names: str) -> Import:
    return Import(module, Place("nb/a.ipynb", 1, 1), names=names)


def only(evidence: Evidence) -> Use:
    (use,) = evidence.uses
    return use


@pytest.mark.parametrize(
    ("use", "origin", "keys", "certainty"),
    [
        (imported("pandas.io"), ModuleOrigin.THIRD_PARTY, ("pandas",), Certainty.RECORD),
        (imported("sklearn"), ModuleOrigin.THIRD_PARTY, ("scikit-learn",), Certainty.RECORD),
        (imported("google.cloud", "storage"), ModuleOrigin.THIRD_PARTY, ("google-cloud-storage",), Certainty.RECORD),
        (imported("google.protobuf.message"), ModuleOrigin.THIRD_PARTY, ("protobuf",), Certainty.RECORD),
        (imported("osgeo"), ModuleOrigin.THIRD_PARTY, ("conda:gdal",), Certainty.RECORD),
        (imported("json"), ModuleOrigin.STDLIB, (), Certainty.RECORD),
        (imported("urllib2"), ModuleOrigin.STDLIB, (), Certainty.TABLE),
        (imported("google.colab", "drive"), ModuleOrigin.PLATFORM, (), Certainty.TABLE),
        (imported("cv2"), ModuleOrigin.THIRD_PARTY, ("opencv-python", "opencv-python-headless"), Certainty.TABLE),
        (imported("strange"), ModuleOrigin.THIRD_PARTY, ("strange",), Certainty.UNKNOWN),
    ],
    ids=lambda value: value.module if isinstance(value, Import) else None,
)
def test_meaning_of_an_import(use: Import, origin: ModuleOrigin, keys: tuple[str, ...], certainty: Certainty) -> None:
    found = only(joined(use))
    assert (found.origin, found.keys, found.certainty) == (origin, keys, certainty)


def test_names_of_a_shared_namespace_come_apart() -> None:
    evidence = joined(imported("google", "protobuf", "cloud"))
    assert sorted(use.keys for use in evidence.uses) == [("google-cloud-storage",), ("protobuf",)]


def test_declared_candidate_settles_an_ambiguity() -> None:
    evidence = joined(imported("cv2"), requirements=(wanted("opencv-python-headless"),))
    assert only(evidence).keys == ("opencv-python-headless",)
    assert only(evidence).certainty is Certainty.DECLARED


def test_without_environment_the_declaration_of_the_same_name_is_meant() -> None:
    evidence = joined(imported("strange"), requirements=(wanted("strange"),), environment=None)
    assert (only(evidence).keys, only(evidence).certainty) == (("strange",), Certainty.DECLARED)


@pytest.mark.parametrize(
    ("files", "origin"),
    [
        ({"pandas/readme.py"}, ModuleOrigin.THIRD_PARTY),
        ({"pandas/__init__.py"}, ModuleOrigin.LOCAL),
        ({"nb/pandas.py"}, ModuleOrigin.LOCAL),
    ],
    ids=["folder without __init__ never beats", "package in the root", "module beside the notebook"],
)
def test_project_files_against_installed_ones(files: set[str], origin: ModuleOrigin) -> None:
    folders = frozenset(path.rpartition("/")[0] for path in files)
    evidence = joined(imported("pandas"), files=ProjectFiles(frozenset(files), folders))
    assert only(evidence).origin is origin


def test_the_projects_own_distribution_is_local() -> None:
    assert only(joined(imported("pandas"), project="pandas")).origin is ModuleOrigin.LOCAL


def test_conda_and_pypi_names_share_a_dossier() -> None:
    requirements = (wanted("pytorch", ecosystem=Ecosystem.CONDA), wanted("torch", line=2))
    dossier = joined(requirements=requirements).dossiers["torch"]
    assert dossier.requirements == requirements
    assert dossier.installed is not None
    assert dossier.conda is not None


def test_conda_package_without_distribution_has_its_own_dossier() -> None:
    evidence = joined(requirements=(wanted("gdal", ecosystem=Ecosystem.CONDA),))
    assert evidence.dossiers["conda:gdal"].version == "3.8"


def test_package_that_is_missing_is_not_the_distribution_of_its_name_that_another_one_brings() -> None:
    judged = joined(requirements=(wanted("torch", ecosystem=Ecosystem.CONDA),))
    assert judged.dossiers["conda:torch"].is_installed is False


def test_dossier_tells_who_requires_it() -> None:
    assert joined(requirements=(wanted("numpy"),)).dossiers["numpy"].required_by == ("pandas",)


def test_requirement_whose_marker_is_false_does_not_apply() -> None:
    windows, everywhere = wanted("pywin32", marker='sys_platform == "win32"'), wanted("pandas", line=2)
    evidence = joined(requirements=(windows, everywhere))
    assert [evidence.applies(r) for r in (windows, everywhere)] == [False, True]


def test_ad_hoc_installs_count_as_declared() -> None:
    requirement = Requirement(
        NormalizedName("strange"), "strange", Ecosystem.PYPI, Place("nb/a.ipynb", 1, 1), role=Role.AD_HOC
    )
    assert only(joined(imported("strange"), requirements=(requirement,))).certainty is Certainty.DECLARED


@pytest.mark.parametrize(
    ("text", "needed"),
    [
        ("numpy>=1.20", [Needed(normalize("numpy"), ">=1.20")]),
        ("numpy (>=1.20,<2)", [Needed(normalize("numpy"), ">=1.20,<2")]),
        ("Some_Thing", [Needed(normalize("some-thing"), "")]),
        ("x[extra]>=1", [Needed(normalize("x"), ">=1", frozenset({"extra"}))]),
        ('x; extra == "dev"', []),
        ('x>=1; python_version < "3"', []),
        ('x>=1; python_version >= "3"', [Needed(normalize("x"), ">=1")]),
        ('x; python_version >= "3" and extra == "dev"', []),
        ("x @ https://example.org/x.zip", [Needed(normalize("x"), "")]),
        ("not a requirement ((", []),
    ],
)
def test_what_a_distribution_needs_here(text: str, needed: list[Needed]) -> None:
    assert list(needs(distribution("a", text), MARKERS)) == needed


def test_every_name_of_a_package_that_others_extend_is_looked_up() -> None:
    modules = {
        "pystac": ("pystac-core",),
        "pystac.extensions": ("pystac-core",),
        "pystac.extensions.eo": ("pystac-ext-eo",),
    }
    environment = Environment(
        "/envs/b",
        "venv",
        "3.11.7",
        modules={key: tuple(NormalizedName(name) for name in owners) for key, owners in modules.items()},
    )
    evidence = joined(imported("pystac"), imported("pystac.extensions", "base", "eo"), environment=environment)
    assert [use.keys for use in evidence.uses] == [("pystac-core",), ("pystac-core",), ("pystac-ext-eo",)]
