"""URLs as people write them: shown without their secrets, compared without their accidents."""

from __future__ import annotations

import re

HIDDEN = "***"

# Patterns are compiled when the first URL is met: most projects have none.
# Up to the last @ before the path, because a password may hold one.
_USER_INFO = r"(?<=://)[^\s/?#]*(?=@)"
_PARAMETER = (
    r"(?i)(?<=[?&;])((?:[\w.-]*[_.-])?"
    r"(?:token|secret|password|passwd|signature|credential|api[_-]?key|sig|auth)=)([^\s&;#]+)"
)
_IN_CHANNEL = r"(?<=/t/)[^\s/]+(?=/)"
# What a tool or a reader fills in (${TOKEN}, $TOKEN, %TOKEN%, {token}, <token>, ***), what is no secret, and nothing.
_PLACEHOLDER = r"\$?\{[^{}]*\}|\$\w+|%\w+%|<[^<>]*>|\*+|x-oauth-basic|"
# Hosts of repositories put plain user names into the URLs that they offer for copying; tokens are longer.
_LONGEST_USER_NAME = 19

_FILE_URL = r"file:(?://(?:localhost)?)?(?=/)"
_DRIVE = r"/(?=[A-Za-z]:)"
_SCHEME = r"[A-Za-z][A-Za-z0-9+.-]*://"
_SCP_LIKE = r"(?:[^\s@/:]+@)?(?P<host>[^\s@/:]{2,}):(?P<path>[^\s/\\].*)"
_DEFAULT_PORT = r":(?:22|80|443)\Z"
_ESCAPE = r"%([2-7][0-9A-Fa-f])"


def redact(text: str) -> str:
    """Return a text in which passwords and tokens of URLs are ``***``; what is filled in later (``${TOKEN}``) stays."""
    if "://" not in text:
        return text
    text = re.sub(_USER_INFO, lambda found: found[0] if _is_public(found[0]) else HIDDEN, text)
    text = re.sub(_PARAMETER, lambda found: found[1] + _hidden(found[2]), text)
    return re.sub(_IN_CHANNEL, lambda found: _hidden(found[0]), text)


def has_credentials(url: str) -> bool:
    """Tell whether a URL holds a password or token as plain text; a mere user name is none."""
    if "://" not in url:
        return False
    secrets = (*(secret for _, secret in re.findall(_PARAMETER, url)), *re.findall(_IN_CHANNEL, url))
    users = re.findall(_USER_INFO, url)
    return any(map(_is_secret, secrets)) or any(not _is_public(user) and not _is_user_name(user) for user in users)


def without_user(url: str) -> str:
    """Return a URL without user and password, but for the user by whom everybody reaches a repository (``git@``)."""
    scheme, mark, rest = url.partition("://")
    authority, slash, path = rest.partition("/")
    user, _, host = authority.rpartition("@")
    return f"{scheme}{mark}{'git@' if user == 'git' else ''}{host}{slash}{path}" if mark else url


def _hidden(text: str) -> str:
    return HIDDEN if _is_secret(text) else text


def _is_secret(text: str) -> bool:
    return not re.fullmatch(_PLACEHOLDER, text)


def _is_public(user_info: str) -> bool:
    user, _, password = user_info.partition(":")
    if not password:
        return user == "git" or not _is_secret(user)
    # The secret may stand on either side: token:x-oauth-basic, x-access-token:token.
    return not _is_secret(password) and (not _is_secret(user) or len(user) <= _LONGEST_USER_NAME)


def _is_user_name(user_info: str) -> bool:
    return ":" not in user_info.rstrip(":") and len(user_info) <= _LONGEST_USER_NAME


def path_of(url: str) -> str:
    """Return the path that a ``file:`` URL names, or the text itself, which is one then; always with ``/``."""
    found = re.match(_FILE_URL, url)
    if not found:
        return url.replace("\\", "/")
    from urllib.parse import unquote

    return re.sub(_DRIVE, "", unquote(url[found.end() :]), count=1)


def normalize_url(url: str) -> str:
    """Return what URLs of the same thing have in common: no scheme, user, default port, ``.git``, fragment, end slash.

    ``git+ssh://git@host/a/b.git``, ``git@host:a/b`` and ``https://host/a/b/`` are the same repository.
    """
    bare = url.strip().partition("#")[0]
    scheme = re.match(_SCHEME, bare)
    if scheme:
        location = bare[scheme.end() :]
    elif scp_like := re.fullmatch(_SCP_LIKE, bare):
        location = f"{scp_like['host']}/{scp_like['path']}"
    else:
        location = bare
    location = re.sub(_ESCAPE, lambda escape: chr(int(escape[1], 16)), location)
    host, slash, path = location.partition("/")
    host = re.sub(_DEFAULT_PORT, "", host.rpartition("@")[2].lower())
    return f"{host}{slash}{path}".rstrip("/").removesuffix(".git")
