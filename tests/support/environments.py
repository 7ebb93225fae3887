"""Environments made of files alone: what ``[environment]`` of a fixture's expected.toml describes, laid on disk.

Nothing is installed and nothing in them can run: ``bin/python`` is a script that fails, so whoever starts it is caught.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

Table = Mapping[str, Any]

_INTERPRETER = "#!/bin/sh\necho 'this interpreter must never be started' >&2\nexit 97\n"
_CONDA_KEYS = ("url", "md5", "sha256", "constrains", "requested_spec", "timestamp", "fn")


def build_environment(folder: Path, spec: Table) -> None:
    """Build the environment that ``spec`` describes at ``folder``.

    Keys of ``spec``: ``kind`` (``venv`` or ``conda``), ``python`` (default 3.11.7), ``include-system-site-packages``,
    ``home`` (of pyvenv.cfg), ``distributions`` and ``conda`` (tables as in the fixtures; only names must be there).
    Beyond the format a distribution may have ``folder`` (name of its metadata folder), ``extras`` and ``summary``; an
    empty ``metadata`` makes an empty METADATA. A conda table may have ``files`` (listed in its record, not created:
    what was clobbered), ``subdir``, ``url``, ``md5``, ``sha256``, ``constrains`` and ``requested_spec``.
    """
    python = str(spec.get("python", "3.11.7"))
    site = PurePosixPath("lib", f"python{'.'.join(python.split('.')[:2])}", "site-packages")
    (folder / site).mkdir(parents=True, exist_ok=True)
    _write(folder / "bin/python", _INTERPRETER)
    (folder / "bin/python").chmod(0o755)
    owned: dict[str, list[str]] = {}
    for distribution in spec.get("distributions", ()):
        written = build_distribution(folder / site, distribution)
        owned.setdefault(distribution.get("conda", ""), []).extend(str(site / path) for path in written)
    if spec.get("kind", "venv") == "conda":
        _build_conda(folder, spec, python, owned)
    else:
        _build_venv(folder, spec, python)


def build_distribution(site: Path, spec: Table) -> list[str]:
    """Write one dist-info and its modules into a site folder, and return the paths written, relative to it."""
    name, version = str(spec["name"]), str(spec.get("version", "1.0"))
    stem = name.replace("-", "_")
    metadata_folder = str(spec.get("folder", f"{stem}-{version}.dist-info"))
    files = dict.fromkeys(spec.get("modules", [f"{stem}/__init__.py"]), "")
    files[f"{metadata_folder}/METADATA"] = spec["metadata"] if "metadata" in spec else _metadata(name, version, spec)
    files[f"{metadata_folder}/INSTALLER"] = str(spec.get("installer", "conda" if spec.get("conda") else "pip")) + "\n"
    files[f"{metadata_folder}/WHEEL"] = "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    for key, file_name in (("direct-url", "direct_url.json"), ("entry-points", "entry_points.txt")):
        if spec.get(key):
            files[f"{metadata_folder}/{file_name}"] = str(spec[key])
    record = f"{metadata_folder}/RECORD"
    files[record] = "".join(f"{path},,\n" for path in [*files, record])
    for path, text in files.items():
        _write(site / path, text)
    return list(files)


def write_kernelspec(jupyter_folder: Path, name: str, prefix: Path) -> None:
    """Write a kernelspec whose interpreter is that of ``prefix`` into a folder fit for ``JUPYTER_PATH``."""
    spec = {
        "argv": [str(prefix / "bin/python"), "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        "display_name": name,
        "language": "python",
    }
    _write(jupyter_folder / "kernels" / name.lower() / "kernel.json", json.dumps(spec, indent=1) + "\n")


def _metadata(name: str, version: str, spec: Table) -> str:
    lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}", f"Summary: {spec.get('summary', 'made')}"]
    if spec.get("requires-python"):
        lines.append(f"Requires-Python: {spec['requires-python']}")
    lines += [f"Requires-Dist: {text}" for text in spec.get("requires", ())]
    lines += [f"Provides-Extra: {extra}" for extra in spec.get("extras", ())]
    return "\n".join([*lines, "", "The description.", ""])


def _build_venv(folder: Path, spec: Table, python: str) -> None:
    shared = str(bool(spec.get("include-system-site-packages", False))).lower()
    home = spec.get("home", "/nowhere/bin")
    text = f"home = {home}\ninclude-system-site-packages = {shared}\nversion = {python}\n"
    _write(folder / "pyvenv.cfg", text)


def _build_conda(folder: Path, spec: Table, python: str, owned: Mapping[str, Iterable[str]]) -> None:
    _write(folder / "conda-meta/history", "")
    packages = [dict(package) for package in spec.get("conda", ())]
    if not any(package["name"] == "python" for package in packages):
        packages.append({"name": "python", "version": python, "build": "h0_0_cpython"})
    for package in packages:
        record = _record(package, list(owned.get(package["name"], ())))
        stem = "-".join((record["name"], record["version"], record["build"]))
        _write(folder / "conda-meta" / f"{stem}.json", json.dumps(record, indent=1) + "\n")


def _record(package: Table, files: list[str]) -> dict[str, Any]:
    name, version, build = str(package["name"]), str(package.get("version", "1.0")), str(package.get("build", "h0_0"))
    subdir = package.get("subdir", "linux-64")
    return {
        "name": name,
        "version": version,
        "build": build,
        "build_number": 0,
        "channel": package.get("channel", "conda-forge"),
        "subdir": subdir,
        "url": f"https://conda.example/conda-forge/{subdir}/{name}-{version}-{build}.conda",
        "depends": list(package.get("depends", ())),
        "files": [*files, *package.get("files", ())],
        "requested_specs": [name] if package.get("requested") else [],
        **{key: package[key] for key in _CONDA_KEYS if key in package},
    }


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="")
