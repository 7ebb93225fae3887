"""Proof at scale (``nox -s big_environment``): envcheck knows where each module of a big environment comes from.

Asked for is every module that the RECORD of some distribution owns, namespace packages included. The reference is
``importlib.metadata``, asked for every file of every distribution.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from importlib import metadata
from keyword import iskeyword
from pathlib import Path, PurePosixPath

ENOUGH = 300
MODULE = re.compile(r"(?:[A-Za-z_]\w*/)*[A-Za-z_]\w*(?:\.py|(?:\.[\w-]+)?\.(?:so|pyd))")


def owners() -> dict[str, set[str]]:
    """Return the normalised names of the distributions that own each importable module."""
    found: dict[str, set[str]] = defaultdict(set)
    for distribution in metadata.distributions():
        name = re.sub(r"[-_.]+", "-", distribution.name).lower()
        for module in modules(distribution):
            found[module].add(name)
    return found


def modules(distribution: metadata.Distribution) -> Iterator[str]:
    """Yield the dotted modules among a distribution's files that an import statement can name and would find there."""
    for file in distribution.files or ():
        path = PurePosixPath(file)
        parts = [part for part in (*path.parent.parts, path.name.partition(".")[0]) if part != "__init__"]
        hidden = not parts or parts[0] in sys.stdlib_module_names or any(map(iskeyword, parts))
        if MODULE.fullmatch(str(file)) and not hidden:
            yield ".".join(parts)


def answers(wanted: list[str]) -> dict[str, set[str]]:
    """Return the distributions that ``envcheck list imports`` names for each module, this environment asked."""
    with tempfile.TemporaryDirectory() as folder:
        lines = "".join(f"import {module}\n" for module in wanted)
        Path(folder, "everything.py").write_text(lines, encoding="utf-8")
        command = [sys.executable, "-m", "envcheck", "list", "imports", "--prefix", sys.prefix, "--format", "json"]
        done = subprocess.run(command, cwd=folder, capture_output=True, check=True)
    return {found["module"]: set(found["candidates"]) for found in json.loads(done.stdout)["imports"]}


def main() -> int:
    """Compare and say the figures; fail when an answer is wrong or the environment is too small to mean anything."""
    expected = owners()
    count = len({name for names in expected.values() for name in names})
    given = answers(sorted(expected))
    wrong = {module: (names, given.get(module)) for module, names in expected.items() if given.get(module) != names}
    shared = sum(len(names) > 1 for names in expected.values())
    print(f"{count} distributions, {len(expected):,} modules ({shared} owned by several): {len(wrong)} wrong answers")
    for module, (names, answer) in sorted(wrong.items())[:50]:
        print(f"  {module}: {answer}, should be {names}")
    return int(bool(wrong) or count < ENOUGH)


if __name__ == "__main__":
    sys.exit(main())
