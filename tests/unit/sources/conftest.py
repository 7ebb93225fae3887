"""How the tests of this room write notebooks and read them."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from envcheck.gather.sources import ipynb, script
from envcheck.model.readings import RawFile, Reading
from envcheck.model.usage import Source

ReadCells = Callable[..., Reading[Source]]
ReadText = Callable[[str], Reading[Source]]


@pytest.fixture(scope="session")
def read_cells() -> ReadCells:
    """Return a function that reads a notebook of the given code cells; keywords are its metadata."""

    def read(*cells: str, **metadata: object) -> Reading[Source]:
        document = {
            "cells": [{"cell_type": "code", "metadata": {}, "outputs": [], "source": cell} for cell in cells],
            "metadata": metadata,
            "nbformat": 4,
            "nbformat_minor": 5,
        }
        return ipynb.read(RawFile("nb/a.ipynb", json.dumps(document).encode()))

    return read


@pytest.fixture(scope="session")
def read_script() -> ReadText:
    """Return a function that reads a script of the given text."""

    def read(text: str) -> Reading[Source]:
        return script.read(RawFile("src/a.py", text.encode("utf-8", "surrogatepass")))

    return read
