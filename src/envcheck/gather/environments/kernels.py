"""From a notebook's kernel name to the environment behind it, without asking or starting Jupyter."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

from msgspec.structs import replace

from envcheck.gather.environments.conda_names import conda_kernel, prefix_named, prefix_of_kernel
from envcheck.gather.environments.files import MEGABYTE, read_whole
from envcheck.gather.environments.interpreters import library_folders
from envcheck.gather.environments.jupyter_folders import Server
from envcheck.gather.environments.prefixes import prefix_of
from envcheck.gather.environments.programs import on_path
from envcheck.model.scopes import KernelFact

_NATIVE = frozenset({"python", "python2", "python3"})
_LAUNCHERS = frozenset({"pixi", "uv", "uvx", "poetry", "pdm", "hatch", "pipenv", "rye"})
_LAUNCHER_MODULES = frozenset({"pixi_kernel", "poetry_kernel", "pyproject_local_kernel", "pipenv_kernel"})
_CONDA_RUNNERS = frozenset({"conda", "mamba", "micromamba"})
_PYTHON = r"(?i)(?:python|pypy)[\d.]*t?(?:\.exe)?"
_VSCODE = r"jvsc74a57bd0([0-9a-f]{64})"


def resolve(name: str, server: Server, *, display_name: str = "", interpreter_hash: str = "") -> KernelFact:
    """Return what is known of a kernel on this machine: the environment that the Jupyter server would start.

    ``interpreter_hash`` is VS Code's SHA-256 of an interpreter path; it is tried on the environments known here.
    """
    native = name.lower() in _NATIVE
    path = server.kernelspec(name)
    if path is None or native:
        hashed = re.search(_VSCODE, name.lower())
        interpreter_hash = interpreter_hash or (hashed[1] if hashed else "")
        prefix = _prefix_with_hash(interpreter_hash, server) if interpreter_hash else None
        if prefix:
            how = f"VS Code noted its interpreter{f' as {display_name}' if display_name else ''}"
            return KernelFact(name, found=True, names_environment=True, prefix=prefix, how=how)
    if path is not None:
        fact = _from_kernelspec(KernelFact(name, found=True, names_environment=True), path, server)
        return replace(fact, names_environment=fact.names_environment and not native)
    environment = conda_kernel(name)
    if environment is not None:
        return _from_conda_name(name, environment, server.environ)
    if native:
        return KernelFact(name, found=True, prefix=server.prefix or "", how="whatever Python runs Jupyter")
    return KernelFact(name, names_environment=True, how="no kernelspec of this name is installed here")


def resolve_spec(name: str, spec: Mapping[str, object], folder: str, server: Server) -> KernelFact:
    """Return what is known of a kernel whose ``kernel.json`` somebody has read from a folder already."""
    fact = KernelFact(name, found=True, names_environment=True)
    return _from_spec(fact, spec, os.path.join(folder, "kernel.json"), server)


def _prefix_with_hash(wanted: str, server: Server) -> str | None:
    from envcheck.gather.environments.interpreter_hashes import prefix_with_hash

    return prefix_with_hash(wanted, server)


def _from_conda_name(name: str, environment: str, environ: Mapping[str, str]) -> KernelFact:
    prefix = prefix_of_kernel(environment, environ)
    shown = environment or "base"
    how = f"nb_conda_kernels' name for the conda environment {shown}" + ("" if prefix else ", which is not here")
    return KernelFact(name, found=prefix is not None, names_environment=True, prefix=prefix or "", how=how)


def _from_kernelspec(fact: KernelFact, path: str, server: Server) -> KernelFact:
    return _from_spec(fact, _read(path), path, server)


def _from_spec(fact: KernelFact, spec: Mapping[str, object], path: str, server: Server) -> KernelFact:
    arguments, metadata = spec.get("argv"), spec.get("metadata")
    if not isinstance(arguments, list) or not arguments or not all(isinstance(each, str) for each in arguments):
        return replace(fact, how=f"{path} cannot be read")
    if str(spec.get("language", "python")).lower() != "python":
        return replace(fact, names_environment=False, how=f"{path} is of a kernel for {spec.get('language')}")
    recorded = metadata.get("conda_env_path") if isinstance(metadata, dict) else None
    if isinstance(recorded, str):
        return replace(fact, prefix=prefix_of(recorded) or "", how=f"{path}, the conda environment {recorded}")
    values = {"prefix": server.prefix or "", "resource_dir": os.path.dirname(path)}
    command = [re.sub(r"\{(prefix|resource_dir)\}", lambda found: values[found[1]], each) for each in arguments]
    return _from_command(replace(fact, how=path), command, server)


def _from_command(fact: KernelFact, command: Sequence[str], server: Server) -> KernelFact:
    program, *rest = _without_env(command)
    base = os.path.basename(program)
    module = next((after for flag, after in pairwise(rest) if flag == "-m"), "")
    if base.lower().removesuffix(".exe") in _LAUNCHERS or module.partition(".")[0] in _LAUNCHER_MODULES:
        return replace(fact, how=f"{fact.how}: {module or base} chooses the environment at each start")
    if module == "nb_conda_kernels.runner":
        target = [*rest[rest.index(module) + 2 :], ""][0]
        return replace(fact, prefix=prefix_of(target) or "", how=f"{fact.how} by {module}")
    if base.lower().removesuffix(".exe") in _CONDA_RUNNERS:
        return replace(fact, prefix=_prefix_of_conda_run(rest, server.environ) or "", how=f"{fact.how} by {base} run")
    if not re.fullmatch(_PYTHON, base):
        return replace(fact, how=f"{fact.how} starts {program}, which may start any Python")
    if program in _names_of_server(server.prefix):
        how = f"{fact.how}: whatever Python runs Jupyter"
        return replace(fact, names_environment=False, prefix=server.prefix or "", how=how)
    interpreter = program if os.path.isabs(program) else on_path(program, server.environ) or program
    prefix = prefix_of(interpreter, environ=server.environ)
    return replace(fact, prefix=prefix or "", how=fact.how if prefix else f"{fact.how}: {interpreter} is gone")


def _prefix_of_conda_run(arguments: Sequence[str], environ: Mapping[str, str]) -> str | None:
    for option, following in pairwise([*arguments, ""]):
        flag, _, joined = option.partition("=")
        if flag in ("-p", "--prefix"):
            return prefix_of(joined or following)
        if flag in ("-n", "--name"):
            return prefix_named(joined or following, environ)
    return None


def _without_env(command: Sequence[str]) -> Sequence[str]:
    """``/usr/bin/env VAR=1 python …`` starts what follows its variables."""
    if os.path.basename(command[0]) != "env":
        return command
    started = (place for place, each in enumerate(command) if place and "=" not in each and not each.startswith("-"))
    return command[next(started, 0) :]


def _names_of_server(prefix: str | None) -> set[str]:
    """The names for which jupyter_client takes its own interpreter (KernelManager.format_kernel_cmd)."""
    own = next((found.short for _, found in library_folders(prefix)), "") if prefix else ""
    return {"python", f"python{own[:1] or 3}", f"python{own}"}


def _read(path: str) -> dict[str, object]:
    import json

    try:
        found = json.loads(read_whole(path, MEGABYTE))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
