"""Measure how long each lock of the corpus takes to read, beside its plain parser: ``python benchmarks/locks.py``.

The plain parser is what anybody would call: ``yaml.CBaseLoader`` for YAML, ``tomli`` for TOML, ``json`` for JSON, for
explicit specs the lines alone.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import tomli
import yaml

from envcheck.gather.declarations.catalogue import dialect_for
from envcheck.model.readings import RawFile

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus"
ROUNDS = 5


def main() -> None:
    """Print a line for each lock below the corpus, or below the folder that is named."""
    corpus = Path(sys.argv[1]) if len(sys.argv) > 1 else CORPUS
    print("| lock | kB | plain parser | envcheck | ratio |\n|---|---|---|---|---|")
    for path in sorted(each for each in corpus.rglob("*lock*") if each.is_file()):
        name = path.relative_to(corpus).as_posix()
        file = RawFile(name, path.read_bytes())
        dialect, parser = dialect_for(name), plain_parser(path)
        if dialect and parser and dialect.read(file).value.lock:
            plain = best(partial(parser, file.data.decode()))
            ours = best(partial(dialect.read, file))
            times = f"{plain * 1e3:.1f} ms | {ours * 1e3:.1f} ms | {ours / plain:.2f}"
            print(f"| {name} | {len(file.data) // 1000} | {times} |")


def plain_parser(path: Path) -> Callable[[str], object] | None:
    """Return what reads a file of that name into plain values."""
    if path.name == "pixi.lock" or path.suffix in (".yml", ".yaml"):
        return partial(yaml.load, Loader=yaml.CBaseLoader)
    if path.name == "Pipfile.lock":
        return json.loads
    if path.name in ("uv.lock", "poetry.lock", "pdm.lock") or path.suffix == ".toml":
        return tomli.loads
    return str.splitlines if path.suffix == ".lock" else None  # explicit specs of conda


def best(action: Callable[[], object]) -> float:
    """Return the seconds of the fastest of several rounds."""
    seconds = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        action()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


if __name__ == "__main__":
    main()
