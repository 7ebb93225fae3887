"""Versions that code prints: told only where the code says whose they are and which line is theirs."""

from __future__ import annotations

import pytest

from tests.support.ran_notebooks import Fact, cell, error, facts, result, stream, traces

NUMPY, PANDAS = ("module", "numpy", "1.26.4"), ("module", "pandas", "2.1.4")
IMPORTS = "import numpy as np, pandas as pd\n"

PRINTED: dict[str, tuple[str, str, list[Fact]]] = {
    "alone": ("print(np.__version__)", "1.26.4\n", [NUMPY]),
    "with a word": ("print('numpy version:', np.__version__)", "numpy version: 1.26.4\n", [NUMPY]),
    "in a formatted string": ('print(f"NumPy {np.__version__}!")', "NumPy 1.26.4!\n", [NUMPY]),
    "at the end of a sentence": ('print(f"NumPy is {np.__version__}.")', "NumPy is 1.26.4.\n", [NUMPY]),
    "by format": (
        'print("v{} and {p}".format(np.__version__, p=pd.__version__))',
        "v1.26.4 and 2.1.4\n",
        [NUMPY, PANDAS],
    ),
    "by percent": ('print("%s %s" % ("np", np.__version__))', "np 1.26.4\n", [NUMPY]),
    "by sum": ('print("np " + np.__version__ + "/" + str(pd.__version__))', "np 1.26.4/2.1.4\n", [NUMPY, PANDAS]),
    "over lines": ('print(f"np {np.__version__}\\npd {pd.__version__}")', "np 1.26.4\npd 2.1.4\n", [NUMPY, PANDAS]),
    "with a separator": ("print(np.__version__, pd.__version__, sep=',')", "1.26.4,2.1.4\n", [NUMPY, PANDAS]),
    "one below the other": ("print(np.__version__)\nprint(pd.__version__)", "1.26.4\n2.1.4\n", [NUMPY, PANDAS]),
    "between other lines": ("print('a')\nprint(np.__version__)\nprint(x)", "a\n1.26.4\n[1, 2]\n", [NUMPY]),
    "with a blank in front": ("print(' np:', np.__version__)", " np: 1.26.4\n", [NUMPY]),
    "in a function": ("def f():\n    print('np', np.__version__)\nf()", "np 1.26.4\n", [NUMPY]),
    "in Python 2": ("print 'np', np.__version__", "np 1.26.4\n", [NUMPY]),
    "by numpy's own module": ("print(np.version.version)", "1.26.4\n", [NUMPY]),
    "in a loop, with its name": (
        "for m in (np, pd):\n    print(m.__name__, m.__version__)",
        "numpy 1.26.4\npandas 2.1.4\n",
        [NUMPY, PANDAS],
    ),
    "joined": (
        "print('\\n'.join(f'{m.__name__}=={m.__version__}' for m in globals().values() if hasattr(m, '__version__')))",
        "numpy==1.26.4\npandas==2.1.4\n",
        [NUMPY, PANDAS],
    ),
    "by importlib": (
        "from importlib.metadata import version\nprint(version('scikit-learn'))",
        "1.3.2\n",
        [("distribution", "scikit-learn", "1.3.2")],
    ),
    "by importlib, in a loop": (
        "from importlib import metadata\nfor p in names:\n    print(p, metadata.version(p))",
        "numpy 1.26.4\nscikit-learn 1.3.2\n",
        [("distribution", "numpy", "1.26.4"), ("distribution", "scikit-learn", "1.3.2")],
    ),
    "by pkg_resources": (
        "import pkg_resources\nprint('np', pkg_resources.get_distribution('numpy').version)",
        "np 1.26.4\n",
        [("distribution", "numpy", "1.26.4")],
    ),
    "Python": (
        "import platform\nprint('Python', platform.python_version())",
        "Python 3.9.7\n",
        [("python", "python", "3.9.7")],
    ),
    "Python, by its first word": (
        "import sys\nprint(f'Python {sys.version.split()[0]}')",
        "Python 3.9.7\n",
        [("python", "python", "3.9.7")],
    ),
    "from a module": ("from numpy import __version__ as v\nprint('np', v)", "np 1.26.4\n", [NUMPY]),
    "of a part, which has its own": (
        "import tensorflow as tf\nprint(tf.keras.__version__)",
        "2.4.0\n",
        [("module", "tensorflow.keras", "2.4.0")],
    ),
    "of a part, imported by itself": (
        "from tensorflow import keras\nprint(keras.__version__)",
        "2.4.0\n",
        [("module", "tensorflow.keras", "2.4.0")],
    ),
}
"""Code, what it printed, what that tells."""

UNCERTAIN: dict[str, tuple[str, str]] = {
    "another number looks the same": ("print(3.14)\nprint(np.__version__)", "3.14\n1.26.4\n"),
    "it may not have been printed": ("if verbose:\n    print(np.__version__)", "1.26.4\n"),
    "nobody says of what": ("print(x.__version__)", "1.26.4\n"),
    "in a loop, without its name": ("for m in (np, pd):\n    print(m.__version__)", "1.26.4\n2.1.4\n"),
    "what is printed is no version": ("print(np.__version__)", "unknown\n"),
    "two versions side by side": ("print(np.__version__, pd.__version__, sep='')", "1.26.42.1.4\n"),
    "the line goes on": ("print(np.__version__, end=' ')\nprint(1)", "1.26.4 1\n"),
    "the text is of other code": ("print('np', 1)", "np 1.26.4\n"),
    "a string of digits": ("print('version', x)", "version 1.26.4\n"),
}


@pytest.mark.parametrize(("code", "text", "expected"), PRINTED.values(), ids=PRINTED.keys())
def test_printed(code: str, text: str, expected: list[Fact]) -> None:
    found = facts(traces(cell(IMPORTS), cell(code, stream(text))))
    assert found == expected


@pytest.mark.parametrize(("code", "text"), UNCERTAIN.values(), ids=UNCERTAIN.keys())
def test_uncertain_is_not_told(code: str, text: str) -> None:
    assert facts(traces(cell(IMPORTS), cell(code, stream(text)))) == []


@pytest.mark.parametrize(
    ("code", "shown", "expected"),
    [
        pytest.param("np.__version__", "'1.26.4'", [NUMPY], id="alone"),
        pytest.param("pd.__version__\nnp.__version__", "'1.26.4'", [NUMPY], id="only the last is shown"),
        pytest.param("np.__version__, pd.__version__", "('1.26.4', '2.1.4')", [NUMPY, PANDAS], id="tuple"),
        pytest.param("[np.__version__, pd.__version__]", "['1.26.4',\n '2.1.4']", [NUMPY, PANDAS], id="list"),
        pytest.param("f'np {np.__version__}'", "'np 1.26.4'", [NUMPY], id="formatted string"),
        pytest.param("display(np.__version__)", "'1.26.4'", [NUMPY], id="displayed"),
        pytest.param("x", "'1.26.4'", [], id="something else"),
        pytest.param("np.__version__\nx", "'1.26.4'", [], id="the last is something else"),
        pytest.param("np.__version__ > '1'", "True", [], id="compared"),
    ],
)
def test_shown(code: str, shown: str, expected: list[Fact]) -> None:
    assert facts(traces(cell(IMPORTS), cell(code, result(shown)))) == expected


def test_every_expression_is_shown_where_ipython_is_set_so() -> None:
    shown = [result("'1.26.4'"), result("'2.1.4'")]
    assert facts(traces(cell(IMPORTS), cell("np.__version__\npd.__version__", *shown))) == [NUMPY, PANDAS]


def test_a_cell_that_failed_may_not_have_come_to_the_print() -> None:
    outputs = [stream("1.26.4\n"), error("NameError")]
    assert facts(traces(cell(IMPORTS), cell("f()\nprint(np.__version__)", *outputs))) == []


def test_an_alias_with_two_meanings_means_nothing_elsewhere() -> None:
    cells = [cell("import numpy as lib"), cell("import pandas as lib"), cell("print(lib.__version__)", stream("1.0\n"))]
    assert facts(traces(*cells)) == []


def test_an_alias_means_what_its_own_cell_says() -> None:
    cells = [cell("import numpy as lib"), cell("import pandas as lib\nprint(lib.__version__)", stream("2.1.4\n"))]
    assert facts(traces(*cells)) == [PANDAS]
