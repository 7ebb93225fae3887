"""What magics and shell lines use: extensions, other files, install lines."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from envcheck.gather.declarations.notebook_install import read_commands
from envcheck.model.places import Place
from envcheck.model.readings import Reading, Reference, ReferenceKind
from envcheck.model.usage import Import, ImportKind, Source

ReadCells = Callable[..., Reading[Source]]
ReadText = Callable[[str], Reading[Source]]

EXTENSIONS = {
    "extension": ("%load_ext line_profiler", ["line_profiler"]),
    "dotted": ("%load_ext rpy2.ipython", ["rpy2.ipython"]),
    "reloaded": ("x = 1\n%reload_ext watermark", ["watermark"]),
    "bare": ("load_ext watermark", ["watermark"]),
    "called": ("get_ipython().run_line_magic('load_ext', 'watermark')", ["watermark"]),
    "called the old way": ("get_ipython().magic('load_ext watermark')", ["watermark"]),
    "IPython's own": ("%load_ext autoreload\n%autoreload 2\n%load_ext storemagic", []),
    "interpolated": ("%load_ext {name}\n%load_ext $name\n%load_ext", []),
}


@pytest.mark.parametrize(("text", "modules"), EXTENSIONS.values(), ids=EXTENSIONS.keys())
def test_extension_is_a_use(text: str, modules: list[str], read_cells: ReadCells) -> None:
    found = read_cells(text).value.imports
    assert [(use.module, use.kind) for use in found] == [(module, ImportKind.EXTENSION) for module in modules]


RUNS = {
    "script": ("%run a.py --fast", "a.py"),
    "notebook": ("%run ../b.ipynb", "../b.ipynb"),
    "with options": ("%run -i -n a.py", "a.py"),
    "quoted": ("%run 'my code.py'", "my code.py"),
    "silenced": ("%run a.py;", "a.py"),
    "bare": ("run a.py", "a.py"),
    "called": ("get_ipython().run_line_magic('run', 'a.py')", "a.py"),
}


@pytest.mark.parametrize(("text", "target"), RUNS.values(), ids=RUNS.keys())
def test_run_is_a_reference(text: str, target: str, read_cells: ReadCells) -> None:
    place = Place("nb/a.ipynb", 1, 1)
    assert read_cells(text).references == (Reference(ReferenceKind.RUN, target, place),)


def test_run_of_an_interpolated_name_is_no_reference(read_cells: ReadCells) -> None:
    assert read_cells("%run {folder}/a.py\n%run $name\n%run").references == ()


def test_written_module_is_local_and_its_imports_count(read_cells: ReadCells) -> None:
    source = read_cells("%%writefile helpers.py\nimport numpy", "%%file style.css\nimport x").value
    assert source.writes == ("helpers.py", "style.css")
    assert source.imports == (Import("numpy", Place("nb/a.ipynb", 1, 2)),)


KERNEL, SHELL = False, True
INSTALLS = {
    "%pip": ("%pip install a", "pip", "a", KERNEL, 14),
    "!pip": ("!pip install a", "pip", "a", SHELL, 14),
    "a blank after the sign": ("! pip install a", "pip", "a", SHELL, 15),
    "bare": ("pip install a", "pip", "a", KERNEL, 13),
    "indented": ("if x:\n    !pip install a", "pip", "a", SHELL, 18),
    "captured": ("!!pip install a", "pip", "a", SHELL, 15),
    "assigned": ("out = !pip install a", "pip", "a", SHELL, 20),
    "pip3": ("!pip3 install a", "pip", "a", SHELL, 15),
    "pip3.11": ("!pip3.11 install a", "pip", "a", SHELL, 18),
    "pip of a folder": ("!/opt/venv/bin/pip install a", "pip", "a", SHELL, 28),
    "python -m pip": ("!python -m pip install a", "pip", "a", SHELL, 24),
    "python3.9 with options": ("!python3.9 -W ignore -u -m pip -q install a", "pip", "a", SHELL, 43),
    "the kernel's interpreter": ("!{sys.executable} -m pip install a", "pip", "a", KERNEL, 34),
    "the kernel's interpreter quoted": ('!"{sys.executable}" -m pip install a', "pip", "a", KERNEL, 36),
    "the kernel's interpreter as a variable": ("!$sys.executable -m pip install a", "pip", "a", KERNEL, 33),
    "some interpreter": ("!$PYTHON -m pip install a", "pip", "a", SHELL, 25),
    "options before install": ("!pip --proxy x:1 -q install a", "pip", "a", SHELL, 29),
    "%conda": ("%conda install -y a", "conda", "-y a", KERNEL, 16),
    "!conda": ("!conda install a", "conda", "a", SHELL, 16),
    "the kernel's prefix": ("!conda install --prefix {sys.prefix} a", "conda", "--prefix {sys.prefix} a", KERNEL, 16),
    "%mamba": ("%mamba install a", "conda", "a", KERNEL, 16),
    "!mamba": ("!mamba install -c b a", "conda", "-c b a", SHELL, 16),
    "!micromamba": ("!micromamba install a", "conda", "a", SHELL, 21),
    "!uv pip": ("!uv pip install a", "uv", "a", SHELL, 17),
    "%uv pip": ("%uv pip install a", "uv", "a", KERNEL, 17),
    "python -m uv": ("!python -m uv pip install a", "uv", "a", SHELL, 27),
    "sudo": ("!sudo -H pip install a", "pip", "a", SHELL, 22),
    "variables": ("!X=1 Y='b c' pip install a", "pip", "a", SHELL, 26),
    "env": ("!env X=1 pip install a", "pip", "a", SHELL, 22),
    "quotes": (
        "%pip install 'a[b]>=1,<2; python_version<\"3\"'",
        "pip",
        "'a[b]>=1,<2; python_version<\"3\"'",
        KERNEL,
        14,
    ),
    "interpolation": ("!pip install a=={version} {' '.join(x)}", "pip", "a=={version} {' '.join(x)}", SHELL, 14),
    "comment": ("!pip install a#egg  # why; not", "pip", "a#egg", SHELL, 14),
    "after cd": ("!cd x && pip install -e .", "pip", "-e .", SHELL, 22),
    "into a pipe": ("!pip install a 2>&1 | tail -1", "pip", "a 2>&1", SHELL, 14),
    "out of a pipe": ("!yes | pip install a", "pip", "a", SHELL, 20),
    "in parentheses": ("!(pip install a)", "pip", "a", SHELL, 15),
    "under a condition": ("%%bash\nif ! x; then pip install a; fi", "pip", "a", SHELL, 26),
    "in a group": ("%%sh\n{ pip install a; }", "pip", "a", SHELL, 15),
    "continued": ("%pip install -q \\\n  a \\\n  b", "pip", "-q \\\n  a \\\n  b", KERNEL, 14),
    "%system": ("%system pip install a", "pip", "a", SHELL, 21),
    "%sx": ("%sx pip install a", "pip", "a", SHELL, 17),
    "called": ("get_ipython().system('pip install a')", "pip", "a", SHELL, 35),
    "called as a magic": ("get_ipython().run_line_magic('pip', 'install a')", "pip", "a", KERNEL, 46),
    "called with a raw string": ("get_ipython().system(r'pip install a')", "pip", "a", SHELL, 0),
}


@pytest.mark.parametrize("case", INSTALLS.values(), ids=INSTALLS.keys())
def test_install_line_is_found_with_the_place_of_its_arguments(
    case: tuple[str, str, str, bool, int], read_cells: ReadCells
) -> None:
    text, tool, arguments, shell, column = case
    (found,) = read_cells(text).value.installs
    assert (found.tool, found.arguments, found.shell, found.place.column) == (tool, arguments, shell, column)
    line = text.split("\n")[found.place.line - 1]
    assert not column or line[column - 1 :].startswith(arguments.split(" ", maxsplit=1)[0])


def test_arguments_that_begin_on_a_continued_line_have_its_place(read_cells: ReadCells) -> None:
    (found,) = read_cells("x = 1\n!pip install \\\n    a").value.installs
    assert (found.arguments, found.place) == ("a", Place("nb/a.ipynb", 1, 3, 5))


def test_each_word_of_a_continued_line_has_its_own_place(read_cells: ReadCells) -> None:
    installs = read_cells("%pip install -q \\\n  a \\\r\n    'b>=1' \\\nc").value.installs
    assert [(r.raw, *r.place[2:]) for r in read_commands(installs, path="nb/a.ipynb").value] == [
        ("a", 2, 3),
        ("b>=1", 3, 6),
        ("c", 4, 1),
    ]


def test_continued_line_reads_as_one_in_messages(read_cells: ReadCells) -> None:
    (found,) = read_cells("!pip install -q \\\n  a \\\r\n b").value.installs
    assert found.line == "-q a b"


def test_several_installs_are_told_apart(read_cells: ReadCells) -> None:
    reading = read_cells(
        "%%bash\nset -e\npip install a && conda install b; pip install c\n# pip install d\npip3 install e"
    )
    assert [(found.tool, found.arguments, found.place.line) for found in reading.value.installs] == [
        ("pip", "a", 3),
        ("conda", "b", 3),
        ("pip", "c", 3),
        ("pip", "e", 5),
    ]


def test_shell_decides_after_the_magic(read_cells: ReadCells) -> None:
    found = read_cells("%pip install a && pip install b").value.installs
    assert [(command.arguments, command.shell) for command in found] == [("a", KERNEL), ("b", SHELL)]


NO_INSTALLS = {
    "uninstall": "!pip uninstall a",
    "nothing to install": "!pip install",
    "another subcommand": "!pip download install",
    "another tool": "!apt-get install a\n!npm install b\n!pipx install c\n!jupyter labextension install d",
    "project command": "!uv add a",
    "echo": "!echo pip install a",
    "quoted": "!echo 'x; pip install a'",
    "comment in code": "# !pip install a\nx = 1",
    "string in code": "x = '''\n!pip install a\n'''",
    "subprocess": "subprocess.run(['pip', 'install', 'a'])\nos.system('pip install a')  # get_ipython",
    "body of another language": "%%html\npip install a",
    "script": "!python setup.py install a",
}


@pytest.mark.parametrize("text", NO_INSTALLS.values(), ids=NO_INSTALLS.keys())
def test_what_only_looks_like_an_install_is_none(text: str, read_cells: ReadCells) -> None:
    assert read_cells(text).value.installs == ()


@pytest.mark.parametrize("part", ['\\\\"', "{a", "$(", "'", "-m ", "{ ", "a && ", "\\\\\n", "#", "x=1 "])
def test_repetition_in_a_shell_line_is_read_in_linear_time(part: str, read_cells: ReadCells) -> None:
    assert read_cells('!pip install a && pip install "' + part * 20_000).value.installs


def test_ignore_comment_is_kept_with_its_cell(read_cells: ReadCells) -> None:
    (ignore,) = read_cells("x = 1", "import a  # envcheck: ignore[COV002]").value.ignores
    assert (ignore.place, ignore.codes) == (Place("nb/a.ipynb", 2, 1, 11), ("COV002",))
