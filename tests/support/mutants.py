"""Python texts damaged at random with what makes strings, comments, lines and brackets hard to tell apart."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

FRAGMENTS = (
    *("'''", '"""', "'", '"', "''", "\\", "\\\n", "\n", "\r", "\r\n", "#", "# \\\n", ";", "(", ")", "[", "]", "{", "}"),
    *("    ", "\t", "\x0c", "\0", "\ufeff", "é", "?", "!", "%", "$", "f", "r", "b", "{{", "}}", ">>> ", "In [1]: "),
    *(
        "try:\n",
        "except ImportError:\n",
        "except:\n    pass\n",
        "else:\n",
        "def f():\n",
        "if x: ",
        "@d\n",
        "print 'x'\n",
    ),
    *("import", "from", "importx", "_import_", "import a\n", "import a.b as c, d\n", "import\ta\n", "import a # '''\n"),
    *("from a import b\n", "from a import b as c, d\n", "from a import *\n", "from . import b\n", "from .a import b\n"),
    *("import é\n", "import ª\n", "import class\n", "import as\n", "import a as as\n", "import *\n", "import a,\n"),
    *(
        "from a import b,\n",
        "from a import b.c\n",
        "from a import (b)\n",
        "from a import (\n",
        "from a \\\n import b\n",
    ),
    *(
        'x = """import a"""\n',
        "'a\\\nimport b'\n",
        '"""\nimport a\n"""\n',
        "x = '''a''' ; import b\n",
        '"#"; import b\n',
    ),
    *('#"""\nimport a\n#"""\n', 's = \'"""\'\nimport a\n', '"""a""""b"', "x = \\\nimport a\n", "... import a\n"),
    *('f"{x}"', 'f"""\nimport a\n{x}"""', "f'''{\n", 'f"{\nx}"', 'f"{x["\'\'\'"]}"', "f\"{'''\nimport a\n'''}\""),
    *("f\"{x['a']}\"", 'f"{x["a"]}"', 'f"{x!r:>{w}}"', '"\\""', 'r"\\"', "\\'", '\\"', 'f"\\N{DASH}"'),
)
"""What damages most, alone and in pairs."""


def texts() -> st.SearchStrategy[str]:
    """Return texts of nothing but fragments."""
    return st.lists(st.sampled_from(FRAGMENTS), max_size=9).map("".join)


@st.composite
def mutants(draw: st.DrawFn, originals: Sequence[str]) -> str:
    """Return one of the originals, or a part of it, with a few fragments put in and lines taken out."""
    lines = draw(st.sampled_from(originals)).split("\n")
    start = draw(st.integers(0, max(0, len(lines) - 30)))
    lines = lines[start : start + 30]
    for _ in range(draw(st.integers(1, 4))):
        number = draw(st.integers(0, len(lines) - 1))
        line = lines[number]
        column = draw(st.sampled_from((0, len(line))) | st.integers(0, len(line)))
        action = draw(st.sampled_from(("within", "within", "before", "instead")))
        if action == "within":
            lines[number] = line[:column] + draw(st.sampled_from(FRAGMENTS)) + line[column:]
        else:
            lines[number : number + (action == "instead")] = [draw(st.sampled_from(FRAGMENTS)).rstrip("\n")]
    return "\n".join(lines)
