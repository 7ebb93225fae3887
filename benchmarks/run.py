"""Measure envcheck beside its neighbours, on Linux or macOS: ``python benchmarks/run.py [--write]``.

Every figure is of a whole process, its children included, started the way a person starts it. Runs are paired (ours,
theirs, ours, theirs …), so that a busy machine slows both, and the ratio is the median of the pairs' ratios.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import generate

HERE = Path(__file__).resolve().parent
# Not below the repository: its .gitignore would hide what is to be read.
WORK = Path(tempfile.gettempdir()) / "envcheck-benchmarks"
CORPUS = HERE.parents[1] / "shared" / "corpus"
PEERS = {"deptry": ["deptry", "."], "fawltydeps": ["fawltydeps", "--check"]}
LIMITS = {"cpu": 0.8, "start": 2.5, "memory": 1.5}  # what we promise ourselves (issue 2)
GIANT_MEGABYTES = 200


@dataclass(frozen=True)
class Cost:
    """What one whole process took: seconds of processor and of waiting, and the megabytes of its largest moment."""

    cpu: float
    wall: float
    peak: float


@dataclass(frozen=True)
class Row:
    """One comparison: what was measured, ours, theirs and the ratio that counts."""

    case: str
    ours: str
    theirs: str
    ratio: float
    limit: float | None

    def __str__(self) -> str:
        verdict = "" if self.limit is None else f"≤ {self.limit} {'✓' if self.ratio <= self.limit else '✗'}"
        return f"| {self.case} | {self.ours} | {self.theirs} | {self.ratio:.2f} | {verdict} |"


def main() -> None:
    """Measure, print the table, and keep it in RESULTS.md if asked to."""
    options = arguments()
    WORK.mkdir(exist_ok=True)
    install("envcheck", str(HERE.parent), again=True)
    rows = [start_up(options.rounds * 3), giant()]
    for peer in options.peers:
        install(peer, peer)
        rows += [compare(name, folder, peer, options.rounds) for name, folder in projects(options.notebooks)]
    text = "\n".join(
        ["| case | envcheck | compared with | ratio | limit |", "|---|---|---|---|---|", *map(str, rows), ""]
    )
    print(text)
    if options.write:
        about = f"Python {sys.version.split()[0]}, {os.cpu_count()} processors, {options.rounds} pairs of runs each.\n"
        (HERE / "RESULTS.md").write_text(
            f"# Results of `python benchmarks/run.py`\n\n{about}\n{text}", encoding="utf-8"
        )


def arguments() -> argparse.Namespace:
    """Return the options of the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7, help="pairs of runs for each comparison")
    parser.add_argument("--notebooks", type=int, default=1_000, help="how many notebooks to make up")
    parser.add_argument("--peers", nargs="*", default=["deptry"], choices=PEERS, help="whom to compare with")
    parser.add_argument("--write", action="store_true", help="keep the table in benchmarks/RESULTS.md")
    return parser.parse_args()


def install(name: str, source: str, *, again: bool = False) -> None:
    """Install a tool into an environment of its own under ``WORK``, compiled: nobody pays for the first run."""
    folder = WORK / name
    if folder.exists() and not again:
        return
    venv.create(folder, clear=True, with_pip=True)
    python = str(folder / "bin" / "python")
    subprocess.run([python, "-m", "pip", "install", "-q", "--disable-pip-version-check", source], check=True)
    subprocess.run([python, "-m", "compileall", "-q", str(folder / "lib")], check=False, env=environment(name))


def projects(notebooks: int) -> list[tuple[str, Path]]:
    """Return the projects to measure with, made on first use."""
    made = WORK / f"generated-{notebooks}"
    if not made.exists():
        generate.write_project(made, notebooks)
    found = [(f"{notebooks:,} generated notebooks", made)]
    if CORPUS.is_dir():
        copy = WORK / "corpus"
        if not copy.exists():
            without = shutil.ignore_patterns(
                ".ipynb_checkpoints"
            )  # copies of copies, which we know better than to read
            shutil.copytree(CORPUS, copy, ignore=without, copy_function=shutil.copyfile)
            (copy / "requirements.txt").write_text(generate.REQUIREMENTS, encoding="utf-8")  # deptry insists on one
        found.append(("the corpus of 401 real notebooks", copy))
    return found


def environment(name: str) -> dict[str, str]:
    """Return the variables of a shell in which only the tool's own environment is active."""
    path = os.pathsep.join((str(WORK / name / "bin"), os.defpath))
    return {"PATH": path, "HOME": str(WORK), "LANG": "C.UTF-8", "TERM": "dumb"}


def measure(tool: str, command: Sequence[str], cwd: Path) -> Cost:
    """Run a command of a tool's environment to its end and return what it took."""
    program = [str(WORK / tool / "bin" / command[0]), *command[1:]]
    with (WORK / "output.txt").open("w", encoding="utf-8") as output:
        start = time.perf_counter()
        process = subprocess.Popen(program, cwd=cwd, env=environment(tool), stdout=output, stderr=output)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):  # 1 means findings, for us and for them
        sys.exit(f"{' '.join(command)} ended with {process.returncode}; see {output.name}")
    unit = 1_000_000 if sys.platform == "darwin" else 1_000
    return Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / unit)


def compare(case: str, folder: Path, peer: str, rounds: int) -> Row:
    """Return envcheck beside a neighbour on one project, by processor time."""
    insist_on_reading(folder)
    ours, theirs = pairs(("envcheck", ["envcheck", "."]), (peer, PEERS[peer]), folder, rounds)
    ratio = statistics.median(mine.cpu / yours.cpu for mine, yours in zip(ours, theirs, strict=True))
    limit = LIMITS["cpu"] if peer == "deptry" else None
    return Row(f"{case}: CPU", described(ours), f"{' '.join(PEERS[peer])}: {described(theirs)}", ratio, limit)


def insist_on_reading(folder: Path) -> None:
    """Leave unless envcheck reads every notebook below a folder: nothing is quicker than reading nothing."""
    command = [str(WORK / "envcheck" / "bin" / "envcheck"), ".", "--format", "json"]
    done = subprocess.run(command, cwd=folder, env=environment("envcheck"), capture_output=True, check=False)
    read = json.loads(done.stdout)["summary"]["notebooks"]
    there = sum(1 for _ in folder.rglob("*.ipynb"))
    if read != there:
        sys.exit(f"{folder}: envcheck reads {read} notebooks of {there}")


def start_up(rounds: int) -> Row:
    """Return ``envcheck --version`` beside a Python that does nothing, by processor time."""
    ours, theirs = pairs(("envcheck", ["envcheck", "--version"]), ("envcheck", ["python", "-c", "pass"]), WORK, rounds)
    ratio = statistics.median(mine.cpu / yours.cpu for mine, yours in zip(ours, theirs, strict=True))
    return Row("start-up: CPU", described(ours), f"python -c pass: {described(theirs)}", ratio, LIMITS["start"])


def giant() -> Row:
    """Return the peak memory on one giant notebook beside its size."""
    folder = WORK / "giant"
    if not folder.exists():
        folder.mkdir()
        generate.write_giant(folder / "giant.ipynb", GIANT_MEGABYTES)
        (folder / "requirements.txt").write_text(generate.REQUIREMENTS, encoding="utf-8")
    size = (folder / "giant.ipynb").stat().st_size / 1_000_000
    insist_on_reading(folder)
    cost = measure("envcheck", ["envcheck", "."], folder)
    return Row(
        "one giant notebook: peak memory",
        described([cost]),
        f"its size: {size:.0f} MB",
        cost.peak / size,
        LIMITS["memory"],
    )


def pairs(
    ours: tuple[str, list[str]], theirs: tuple[str, list[str]], cwd: Path, rounds: int
) -> tuple[list[Cost], list[Cost]]:
    """Return the costs of two commands that were run in turns; a first pair warms the disk and does not count."""
    taken = [(measure(*ours, cwd), measure(*theirs, cwd)) for _ in range(rounds + 1)][1:]
    return [mine for mine, _ in taken], [yours for _, yours in taken]


def described(costs: Sequence[Cost]) -> str:
    """Return the medians as words."""
    cpu, wall, peak = (
        statistics.median(values) for values in zip(*((c.cpu, c.wall, c.peak) for c in costs), strict=True)
    )
    return f"{cpu:.3f} s CPU, {wall:.3f} s, {peak:.0f} MB"


if __name__ == "__main__":
    main()
