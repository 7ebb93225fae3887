"""URLs of requirements: which are URLs to pip, what a version-control URL names, what its fragment says."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from envcheck.model.requirements import DirectKind, DirectReference

if TYPE_CHECKING:
    from urllib.parse import SplitResult

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_TRANSPORTS = {
    "git": "http https ssh git file",
    "hg": "file http https ssh static-http",
    "bzr": "http https ssh sftp ftp lp file",
    "svn": "ssh http https svn file",
}
_VCS_SCHEMES = frozenset(f"{tool}+{transport}" for tool, names in _TRANSPORTS.items() for transport in names.split())
_SCHEMES = _VCS_SCHEMES | {"http", "https", "file", "ftp"}
# Most projects name no URLs: these are compiled, and urllib is loaded, with the first one.
_COMMIT = r"[0-9a-fA-F]{40}(?:[0-9a-fA-F]{24})?\Z"
_EGG = r"[#&]egg=([^&]*)"
_EGG_NAME = r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?\Z"
_SUBDIRECTORY = r"[#&]subdirectory=([^&]*)"
_HASH = r"[#&](sha512|sha384|sha256|sha224|sha1|md5)=([^&]*)"


def scheme_of(text: str) -> str:
    """Return the lower-case scheme of a URL, empty when the text has none."""
    match = _SCHEME.match(text)
    return match[1].lower() if match else ""


def is_url(text: str) -> bool:
    """Tell whether pip takes a text for a URL (``pip._internal.vcs.versioncontrol.is_url``)."""
    return scheme_of(text) in _SCHEMES


def is_vcs_url(text: str) -> bool:
    """Tell whether a text is a version-control URL: ``git+https://…``."""
    return scheme_of(text) in _VCS_SCHEMES


def with_tool(url: str) -> str:
    """Return a URL with the tool before its scheme where pip adds it to an editable one: ``git://`` → ``git+git://``."""
    scheme = scheme_of(url)
    return f"{scheme}+{url}" if scheme in _TRANSPORTS else url


def egg_name(url: str) -> str:
    """Return the name in ``#egg=name``, empty without one; raises ``ValueError`` for what is no name."""
    match = re.search(_EGG, url)
    if match is None:
        return ""
    if not re.match(_EGG_NAME, match[1]):
        raise ValueError(f"#egg={match[1]} is no project name")
    return match[1]


def wheel_file_name(url: str) -> str:
    """Return the name of the wheel that a URL points to, empty when it points to something else."""
    from urllib.parse import unquote, urlsplit

    name = unquote(urlsplit(url).path).rstrip("/").rpartition("/")[2]
    return name if name.endswith(".whl") and len(name) > len(".whl") else ""


def direct_reference(url: str, *, editable: bool = False) -> DirectReference:
    """Return what a URL refers to, its ``url`` as PEP 610 writes it: without tool, revision and fragment.

    Raises ``ValueError`` for a malformed URL.
    """
    from urllib.parse import urlsplit

    parts = urlsplit(url)
    found = re.search(_SUBDIRECTORY, url)
    subdirectory = found[1] if found else ""
    digest = re.search(_HASH, url)
    hashes = (f"{digest[1]}:{digest[2]}",) if digest else ()
    if is_vcs_url(url):
        return _repository(parts, editable=editable, subdirectory=subdirectory)
    kind = DirectKind.URL if parts.scheme in ("http", "https", "ftp") else DirectKind.PATH
    return DirectReference(kind, url.partition("#")[0], editable=editable, subdirectory=subdirectory, hashes=hashes)


def _repository(parts: SplitResult, *, editable: bool, subdirectory: str) -> DirectReference:
    path, _, revision = parts.path.rpartition("@") if "@" in parts.path else (parts.path, "", "")
    if "@" in parts.path and not revision:
        raise ValueError("an empty revision after @")
    query = f"?{parts.query}" if parts.query else ""
    return DirectReference(
        DirectKind.VCS,
        f"{parts.scheme.partition('+')[2]}://{parts.netloc}{path}{query}",
        revision=revision,
        commit=revision.lower() if re.match(_COMMIT, revision) else "",
        editable=editable,
        subdirectory=subdirectory,
    )
