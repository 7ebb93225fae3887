"""An install line in a cell lets the shell decide where to install.

**What it does**

Reports `!pip install`, `!conda install`, `!uv pip install` and the same lines in `%%bash` cells. `%pip`, `%conda`,
`%uv` and `!{sys.executable} -m pip` install into the running kernel and are not reported.

**Why this is bad**

A shell takes the first `pip` on `PATH`: often that of the Python which runs Jupyter, not the kernel's. The
installation succeeds and the import fails.

**Example**

```
!pip install seaborn==0.13.2
```

**Use instead**

```
%pip install seaborn==0.13.2
```

**Fix**

Unsafe: `--unsafe-fixes` writes the magic where the line begins with the installer. What follows `&&`, stands in a
`%%bash` cell or names an interpreter of its own (`!/opt/venv/bin/pip`) is left to you: write the magic as a line of its
own.
"""

from __future__ import annotations

from collections.abc import Iterator

from envcheck.judge.evidence.evidence import Evidence
from envcheck.model.changes import IntoKernel
from envcheck.model.findings import Finding, Fix, Related, Safety, Severity
from envcheck.model.rules import Rule
from envcheck.model.urls import redact
from envcheck.model.usage import InstallCommand

RULE = Rule(
    "NBK004",
    "install-outside-kernel",
    "a shell decides where the cell installs",
    Severity.WARNING,
)
_MOST_RELATED = 5
_INSTALLERS = {"pip": "pip", "conda": "conda", "uv": "uv pip"}


def check(evidence: Evidence) -> Iterator[Finding]:
    """Yield one finding for each notebook whose install lines go through a shell."""
    for source in evidence.sources:
        commands = [command for command in source.installs if command.shell]
        if commands:
            yield _finding(commands)


def _finding(commands: list[InstallCommand]) -> Finding:
    first = next((command for command in commands if command.alone), commands[0])
    others = [command for command in commands if command is not first]
    installer = _INSTALLERS.get(first.tool, first.tool)
    line = f"{installer} install {redact(first.line)}"
    more = f", here and in {len(commands) - 1} more places" if len(commands) > 1 else ""
    return RULE.at(
        first.place,
        f"the shell's {installer} may install elsewhere than in this kernel{more}; write %{installer}",
        fix=Fix(
            "install into the running kernel",
            Safety.UNSAFE,
            tuple(IntoKernel(command.place) for command in commands),
            f"%{line}",
        )
        if first.alone
        else None,
        related=tuple(Related(command.place, "installs through a shell") for command in others[:_MOST_RELATED]),
    )
