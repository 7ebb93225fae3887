"""``python -m tests.fuzz --seconds N [--family NAME]``: CPU seconds per family; ends with 1 when anything was found."""

from __future__ import annotations

import argparse
import faulthandler
import hashlib
import random
import sys
import time
import traceback
from pathlib import Path

from tests.fuzz.families import Family, families
from tests.fuzz.mutations import mutant

SLOW = 5.0  # seconds for one input
STUCK = 120  # seconds after which a hang is shown with where it hangs
KEPT = Path(".fuzz")


def main() -> int:
    """Fuzz the families that are asked for and say what was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60, help="CPU seconds for each family")
    parser.add_argument("--family", action="append", choices=sorted(families()), help="only this one; may be repeated")
    parser.add_argument("--seed", type=int, default=None, help="the same mutants again")
    asked = parser.parse_args()
    seed = random.SystemRandom().randrange(10**6) if asked.seed is None else asked.seed
    found = 0
    for name, family in families().items():
        if not asked.family or name in asked.family:
            found += fuzz(name, family, seconds=asked.seconds, seed=seed)
    return 1 if found else 0


def fuzz(name: str, family: Family, *, seconds: float, seed: int) -> int:
    """Feed mutants to a family for so many CPU seconds, keep those that it does not take, and return how many."""
    chance = random.Random(f"{seed} {name}")
    seeds = family.seeds()
    seen: set[str] = set()
    count, worst, begun = 0, 0.0, time.process_time()
    while time.process_time() - begun < seconds:
        data = mutant(seeds, chance)
        faulthandler.dump_traceback_later(STUCK, exit=True)
        started = time.process_time()
        said = tried(family, data)
        taken = time.process_time() - started
        worst = max(worst, taken)
        said = said or (f"slow: {taken:.1f} s" if taken > SLOW else "")
        frames = [line for line in said.splitlines() if line.startswith("  File")]
        key = frames[-1] if frames else said.partition(":")[0]
        if said and key not in seen:
            seen.add(key)
            print(f"{name}: {keep(name, data)}\n{said}", flush=True)  # noqa: T201
        count += 1
    faulthandler.cancel_dump_traceback_later()
    spent = time.process_time() - begun
    outcome = f"the slowest {worst:.2f} s, {len(seen)} kinds of faults (seed {seed})"
    print(f"{name}: {count} inputs in {spent:.0f} CPU seconds, {outcome}", flush=True)  # noqa: T201
    return len(seen)


def tried(family: Family, data: bytes) -> str:
    """Return what is wrong with how a family takes an input, empty when nothing is."""
    try:
        return family.read(data) or ""
    except Exception:  # noqa: BLE001 - this is what is looked for
        return traceback.format_exc(limit=-8)


def keep(name: str, data: bytes) -> Path:
    """Write an input that was not taken, so that it can be tried again and become a fixture."""
    folder = KEPT / name
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / hashlib.sha256(data).hexdigest()[:12]
    path.write_bytes(data)
    return path


if __name__ == "__main__":
    sys.exit(main())
