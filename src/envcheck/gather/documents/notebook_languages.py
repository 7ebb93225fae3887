"""The language of a notebook, as its metadata claims it."""

from __future__ import annotations

import re

# Kernels of these run Python, or a superset of it whose imports are Python's.
_PYTHONS = re.compile(r"i?python[\d.]*|pyspark|sage(?:math)?|coconut|xonsh")
# Compiled for the few notebooks that claim no language.
_BY_KERNEL = (
    (r"ir\d*|irkernel|r|conda-env-.*-r", "r"),
    (r"julia.*|conda-env-.*-jl", "julia"),
    (r"(?:apache_toree|spylon).*|scala.*|almond", "scala"),
    (r"i?javascript|jslab|nodejs|deno", "javascript"),
    (r"typescript|tslab", "typescript"),
    (r"xcpp.*|xeus-cling.*|root", "c++"),
    (r"i?java", "java"),
    (r"gonb|gophernotes|lgo", "go"),
    (r"evcxr|rust", "rust"),
    (r"i?haskell", "haskell"),
    (r"i?ruby.*", "ruby"),
    (r"\.net-csharp", "c#"),
    (r"\.net-fsharp", "f#"),
    (r"\.net-powershell|powershell", "powershell"),
    (r"bash|octave|matlab|stata|sas|lua|maxima|kotlin|sos", ""),
)


def language_of(claims: tuple[str, str], kernel_name: str) -> str:
    """Return the language in lower case, from the kernelspec's, then language_info's, then the kernel's name.

    ``python`` when nothing tells another: stripped and generated notebooks often claim nothing.
    """
    claimed = [claim.strip().lower() for claim in claims if claim.strip()]
    if claimed:
        return "python" if any(map(_PYTHONS.fullmatch, claimed)) else claimed[0]
    name = kernel_name.strip().lower()
    for kernels, language in _BY_KERNEL if name else ():
        if re.fullmatch(kernels, name):
            return language or name
    return "python"
