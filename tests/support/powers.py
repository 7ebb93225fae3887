"""What tests need when they are run by root, who may do everything."""

from __future__ import annotations

import os
import shutil

import pytest


def powerless(command: list[str]) -> list[str]:
    """Return the command as somebody runs it who may not read everything: root is made to obey permissions."""
    if os.geteuid() != 0:
        return command
    setpriv = shutil.which("setpriv", path=os.defpath)
    if not setpriv:
        pytest.skip("root reads everything, and setpriv is not here to forbid it")
    rights = "-dac_override,-dac_read_search"
    return [setpriv, f"--bounding-set={rights}", f"--inh-caps={rights}", *command]
