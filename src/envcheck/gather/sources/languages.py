"""The language of a notebook, as its metadata claims it."""

from __future__ import annotations

import re

# Kernels of these run Python, or a superset of it whose imports are Python's.
_PYTHONS = re.compile(r"i?python[\d.]*|pyspark|sage(?:math)?|coconut|xonsh")
_BY_KERNEL = (
    (re.compile(r"ir\d*|irkernel|r|conda-env-.*-r"), "r"),
    (re.compile(r"julia.*|conda-env-.*-jl"), "julia"),
    (re.compile(r"(?:apache_toree|spylon).*|scala.*|almond"), "scala"),
    (re.compile(r"i?javascript|jslab|nodejs|deno"), "javascript"),
    (re.compile(r"typescript|tslab"), "typescript"),
    (re.compile(r"xcpp.*|xeus-cling.*|root"), "c++"),
    (re.compile(r"i?java"), "java"),
    (re.compile(r"gonb|gophernotes|lgo"), "go"),
    (re.compile(r"evcxr|rust"), "rust"),
    (re.compile(r"i?haskell"), "haskell"),
    (re.compile(r"i?ruby.*"), "ruby"),
    (re.compile(r"\.net-csharp"), "c#"),
    (re.compile(r"\.net-fsharp"), "f#"),
    (re.compile(r"\.net-powershell|powershell"), "powershell"),
    (re.compile(r"bash|octave|matlab|stata|sas|lua|maxima|kotlin|sos"), ""),
)


def language_of(claims: tuple[str, str], kernel_name: str) -> str:
    """Return the language in lower case, from the kernelspec's, then language_info's, then the kernel's name.

    ``python`` when nothing tells another: stripped and generated notebooks often claim nothing.
    """
    claimed = [claim.strip().lower() for claim in claims if claim.strip()]
    if claimed:
        return "python" if any(map(_PYTHONS.fullmatch, claimed)) else claimed[0]
    name = kernel_name.strip().lower()
    for kernels, language in _BY_KERNEL:
        if kernels.fullmatch(name):
            return language or name
    return "python"
