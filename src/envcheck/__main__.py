"""``python -m envcheck``."""

import sys

if not getattr(sys.flags, "safe_path", False):
    # -m puts the current folder first, and what is checked must never be imported: a json.py there would be.
    del sys.path[0]

from envcheck.cli.main import run

run()
