"""What a notebook tells beside an environment."""

from __future__ import annotations

from envcheck.engine.testimony.compared import comparisons
from envcheck.gather.traces.catalogue import read
from envcheck.model.environment import CondaPackage, Distribution, Environment
from envcheck.model.names import NormalizedName
from envcheck.model.places import Place
from envcheck.model.readings import RawFile
from envcheck.model.settings import Settings
from tests.support.ran_notebooks import cell, notebook, stream


def distribution(name: str, version: str) -> Distribution:
    return Distribution(NormalizedName(name), name, version, Place("METADATA"))


def test_each_trace_is_same_drifted_or_missing() -> None:
    cells = [
        cell("import cv2\nprint('cv2', cv2.__version__)", stream("cv2 4.9.0\n")),
        cell("!pip freeze", stream("numpy==1.26.4\npandas==2.1.4\nrich==13.0\n")),
        cell("!conda list", stream("jpeg   9e   h1_0   conda-forge\nnumpy  1.26.4  py39_0  conda-forge\n")),
    ]
    told = read(
        RawFile("a.ipynb", notebook(*cells, metadata={"language_info": {"name": "python", "version": "3.9.2"}}))
    )
    environment = Environment(
        "/env",
        "conda",
        "3.9.16",
        distributions=(
            distribution("numpy", "1.26.4"),
            distribution("numpy", "1.0"),  # a later folder of the path
            distribution("pandas", "2.2.0"),
            distribution("opencv-python-headless", "4.9.0.80"),
        ),
        conda=(
            CondaPackage(NormalizedName("jpeg"), "9e", "h1_0", Place("jpeg.json")),
            CondaPackage(NormalizedName("numpy"), "9.9", "p", Place("n.json"), provides=(NormalizedName("numpy"),)),
        ),
        modules={"cv2": (NormalizedName("opencv-python-headless"),)},
    )
    found = [
        (c.trace.name, c.key, c.installed, c.state.value) for c in comparisons(told.value, environment, Settings())
    ]
    assert found == [
        ("python", "python", "3.9.16", "same"),
        ("cv2", "opencv-python-headless", "4.9.0.80", "same"),
        ("numpy", "numpy", "1.26.4", "same"),
        ("pandas", "pandas", "2.2.0", "drifted"),
        ("rich", "rich", "", "missing"),
        ("jpeg", "conda:jpeg", "9e", "same"),
        ("numpy", "numpy", "1.26.4", "same"),
    ]
