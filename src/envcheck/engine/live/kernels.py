"""A kernel as its server starts it → the environment behind it; nothing is started or asked."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from envcheck.gather.environments.jupyter_folders import Server
from envcheck.gather.environments.kernels import resolve_spec
from envcheck.model.scopes import KernelFact

_SITE = ("PYTHONPATH", "PYTHONNOUSERSITE", "PYTHONUSERBASE", "HOME", "USERPROFILE", "APPDATA")
_LOCAL = ("", "local-provisioner")


class Kernel(Struct, frozen=True):
    """A kernelspec as its manager has read it: ``folder`` is where it stands, ``environ`` what it adds to that.

    ``is_running`` tells the kernel of the notebook's session from the one that would be started.
    """

    name: str
    command: tuple[str, ...]
    folder: str = ""
    language: str = "python"
    environ: Mapping[str, str] = field(default_factory=dict)
    metadata: Mapping[str, object] = field(default_factory=dict)
    is_running: bool = False

    @property
    def is_elsewhere(self) -> bool:
        """Whether it runs where its files cannot be read from here: in a container, on a cluster."""
        provisioner = self.metadata.get("kernel_provisioner")
        name = provisioner.get("provisioner_name", "") if isinstance(provisioner, dict) else ""
        return name not in _LOCAL


def behind(kernel: Kernel, *, server_prefix: str, environ: Mapping[str, str]) -> KernelFact:
    """Return the environment behind a kernel of the Jupyter server that runs in ``server_prefix``."""
    if kernel.is_elsewhere:
        return KernelFact(kernel.name, found=True, names_environment=True, how="its provisioner runs it elsewhere")
    spec = {"argv": list(kernel.command), "language": kernel.language, "metadata": dict(kernel.metadata)}
    return resolve_spec(kernel.name, spec, kernel.folder, Server(server_prefix, {**environ, **kernel.environ}))


def what_counts(environ: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return of some variables those that decide which folders a Python looks into."""
    return tuple((name, environ[name]) for name in _SITE if name in environ)
