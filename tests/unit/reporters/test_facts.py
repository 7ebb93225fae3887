"""The facts of ``envcheck list`` for people."""

from __future__ import annotations

from envcheck.reporters.base import Look
from envcheck.reporters.facts import render


def test_imports() -> None:
    rows = [
        {"module": "os", "path": "a.py", "cell": None, "line": 1, "kind": "plain", "origin": "stdlib"},
        {
            "module": "sklearn.svm",
            "path": "nb/a.ipynb",
            "cell": 3,
            "line": 2,
            "kind": "guarded",
            "origin": "third-party",
            "distribution": "scikit-learn",
        },
        {"module": "x", "path": "a.py", "line": 9, "kind": "plain", "origin": "third-party", "distribution": None},
    ]
    assert render({"schema": 1, "imports": rows}, Look()) == (
        "a.py:1                     os           (stdlib)\n"
        "nb/a.ipynb cell 3, line 2  sklearn.svm  scikit-learn  guarded\n"
        "a.py:9                     x            (unknown)\n"
    )


def test_requirements() -> None:
    rows = [
        {"path": "a.txt", "line": 3, "raw": "pandas==2", "ecosystem": "pypi", "role": "declared", "group": ""},
        {"path": "c.txt", "line": 1, "raw": "numpy<2", "ecosystem": "pypi", "role": "constraint", "group": "dev"},
    ]
    assert render({"schema": 1, "requirements": rows}, Look()) == (
        "a.txt:3  pandas==2  pypi\nc.txt:1  numpy<2    pypi  dev, constraint\n"
    )


def test_distributions() -> None:
    source = {"kind": "path", "url": "file:///src/mine", "editable": True}
    content = {
        "schema": 1,
        "environment": {"prefix": "/env", "python": "3.11.7", "how": "VIRTUAL_ENV"},
        "distributions": [
            {"name": "mine", "version": "1", "installer": None, "source": source},
            {"name": "pandas", "version": "2.1.4", "installer": "pip", "source": None},
        ],
    }
    expected = "mine    1           file:///src/mine (editable)\npandas  2.1.4  pip\n"
    assert render(content, Look()) == "/env: Python 3.11.7 (VIRTUAL_ENV)\n" + expected
    assert render(content, Look(verbosity=-1)) == expected


def test_hostile_facts_are_spelled_out() -> None:
    rows = [{"name": "a\x1b[2J\n", "version": "\u202e", "installer": None, "source": None}]
    assert render({"distributions": rows}, Look()) == "a\\x1b[2J\\n  \\u202e\n"


def test_nothing_is_nothing() -> None:
    assert render({"schema": 1, "imports": []}, Look()) == ""
