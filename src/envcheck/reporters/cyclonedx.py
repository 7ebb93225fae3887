"""A bill of materials as CycloneDX 1.6, by the library of its editors (the extra ``sbom``).

The same bill makes the same bytes: the serial number is made from the content, and the time is told only when it is
given. The standard wants neither (both are optional in 1.6), but the library writes both.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime, timezone
from typing import TYPE_CHECKING
from urllib.parse import quote
from uuid import UUID, uuid5

from msgspec.structs import replace

from envcheck.model.bills import Bill, BillKind, Part
from envcheck.model.errors import UserError
from envcheck.model.names import Ecosystem, normalize
from envcheck.model.stamps import LOCAL

if TYPE_CHECKING:
    from cyclonedx.model import ExternalReference, HashType, Property
    from cyclonedx.model.bom import Bom
    from cyclonedx.model.component import Component
    from packageurl import PackageURL

_ALGORITHMS = {
    "md5": "MD5",
    "sha1": "SHA-1",
    "sha256": "SHA-256",
    "sha384": "SHA-384",
    "sha512": "SHA-512",
    "sha3_256": "SHA3-256",
    "sha3_384": "SHA3-384",
    "sha3_512": "SHA3-512",
}
_DIGITS = {"MD5": 32, "SHA-1": 40}
_SPACE = UUID("6f1c3a56-6a0e-5d0b-9d43-5a1e4f1f7c20")
"""Where serial numbers of envcheck live; any UUID does (RFC 9562, section 6.6)."""
_ROOT = "subject"
_NO_TIME = datetime(1970, 1, 1, tzinfo=timezone.utc)
_URL_SAFE = ":/?@!$&'()*+,;=-._~"


def render(bill: Bill, version: str, made: datetime | None = None) -> str:
    """Return a bill as JSON, made by this version of envcheck, at a time if one is told.

    Raises ``UserError`` when the library is not installed.
    """
    try:
        import cyclonedx.output  # noqa: F401 - whether it is there
        import packageurl  # noqa: F401
    except ImportError as error:
        hint = 'pip install "envcheck-nb[sbom]"; --format pip-inspect needs nothing'
        raise UserError("CycloneDX is written by a library that is not installed here", hint) from error
    content = _content(_bom(bill, version, made or _NO_TIME))
    if made is None:
        del content["metadata"]["timestamp"]
    del content["serialNumber"]
    serial = uuid5(_SPACE, json.dumps(content, sort_keys=True))
    head = {key: content.pop(key) for key in ("$schema", "bomFormat", "specVersion")}
    return json.dumps({**head, "serialNumber": serial.urn, **content}, indent=1) + "\n"


def _content(bom: Bom) -> dict[str, dict[str, object]]:
    from cyclonedx.output.json import JsonV1Dot6

    found: dict[str, dict[str, object]] = json.loads(JsonV1Dot6(bom).output_as_string())
    return found


def _bom(bill: Bill, version: str, made: datetime) -> Bom:
    from cyclonedx.model.bom import Bom, BomMetaData
    from cyclonedx.model.component import Component, ComponentType
    from cyclonedx.model.tool import ToolRepository

    tool = Component(name="envcheck", version=version, type=ComponentType.APPLICATION)
    subject = Component(
        name=bill.name or "project", type=ComponentType.APPLICATION, bom_ref=_ROOT, properties=_circumstances(bill)
    )
    metadata = BomMetaData(tools=ToolRepository(components=[tool]), component=subject, timestamp=made)
    inside: dict[str, list[Component]] = {}
    components: dict[str, Component] = {}
    for part in map(_written, sorted(bill.parts, key=lambda part: (not part.inside, part.key))):
        components[part.key] = _component(part, inside.get(part.key, []))
        inside.setdefault(part.inside, []).append(components[part.key])
    bom = Bom(components=inside.get("", []), metadata=metadata)
    for part in bill.parts:
        bom.register_dependency(components[part.key], [components[key] for key in part.needs])
    bom.register_dependency(subject, [components[key] for key in _tops(bill)])
    return bom


def _written(part: Part) -> Part:
    """Return a part whose texts can be written in an address: what was no UTF-8 is replaced."""
    fields = ("name", "version", "origin", "index", "channel", "subdir", "build", "archive")
    return replace(part, **{name: getattr(part, name).encode("utf-8", "replace").decode() for name in fields})


def _tops(bill: Bill) -> Iterator[str]:
    """Yield the parts that no other needs; all of them where each is needed by another."""
    needed = {key for part in bill.parts for key in part.needs}
    tops = [part.key for part in bill.parts if part.key not in needed and not part.inside]
    yield from tops or [part.key for part in bill.parts]


def _component(part: Part, inside: list[Component]) -> Component:
    from cyclonedx.model.component import Component

    hashes = list(_hashes(part))
    is_one = len({each.alg for each in hashes}) == len(hashes)
    return Component(
        name=part.name,
        version=part.version or None,
        bom_ref=part.key,
        purl=_purl(part),
        # Of one artifact. A lock allows any of several, and does not say which: those stand with where they are from.
        hashes=hashes if is_one else (),
        external_references=list(_references(part, () if is_one else tuple(hashes))),
        properties=list(_properties({"source": LOCAL if part.origin == LOCAL else "", "build": part.build})),
        components=inside,
    )


def _circumstances(bill: Bill) -> list[Property]:
    told = {"kind": bill.kind.value, "lock": bill.file, "python": bill.python, "platform": bill.platform}
    return list(_properties(told if bill.kind is BillKind.LOCK else {**told, "lock": ""}))


def _properties(told: dict[str, str]) -> Iterator[Property]:
    from cyclonedx.model import Property

    for name, value in told.items():
        if value:
            yield Property(name=f"envcheck:{name}", value=value)


def _hashes(part: Part) -> Iterator[HashType]:
    from cyclonedx.model import HashAlgorithm, HashType

    for text in part.hashes:
        name, _, digits = text.partition(":")
        algorithm = _ALGORITHMS.get(name.lower().replace("-", "_"), "")
        length = _DIGITS.get(algorithm) or (int(algorithm[-3:]) // 4 if algorithm else 0)
        if algorithm and re.fullmatch(rf"[0-9a-fA-F]{{{length}}}", digits):
            yield HashType(alg=HashAlgorithm(algorithm), content=digits.lower())


def _purl(part: Part) -> PackageURL | None:
    """Return the package URL of a part; of what only one machine has there is none, for indexes may know its name."""
    from packageurl import PackageURL

    name, version = part.name.strip(" /"), part.version.strip() or None
    if part.origin == LOCAL or not name:
        return None
    if part.ecosystem is Ecosystem.CONDA:
        conda = {"build": part.build, "channel": part.channel, "subdir": part.subdir, "type": part.archive}
        return PackageURL("conda", None, name.lower(), version, _given(conda))
    is_repository = re.match(r"[a-z]+\+", part.origin)
    pypi = {"vcs_url" if is_repository else "download_url": part.origin}
    return PackageURL("pypi", None, normalize(name), version, _given(pypi))


def _given(qualifiers: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in qualifiers.items() if value}


def _references(part: Part, hashes: tuple[HashType, ...]) -> Iterator[ExternalReference]:
    from cyclonedx.model import ExternalReference, ExternalReferenceType, XsUri

    vcs, distribution = ExternalReferenceType.VCS, ExternalReferenceType.DISTRIBUTION
    if part.origin and part.origin != LOCAL:
        kind = vcs if re.match(r"[a-z]+\+", part.origin) else distribution
        yield ExternalReference(type=kind, url=XsUri(_iri(part.origin)))
    if hashes or part.index:
        # The address has to be one; where a lock names no index, the package's own says at least what this is about.
        address = _iri(part.index) if part.index else str(_purl(part) or _iri(part.name))
        comment = "the artifact has one of these hashes" if hashes else "index"
        yield ExternalReference(type=distribution, url=XsUri(address), hashes=hashes, comment=comment)


def _iri(text: str) -> str:
    """Return a text as a reference that is valid whatever stands in it: one fragment, all else escaped."""
    address, mark, fragment = text.partition("#")
    # Before a colon stands a scheme, or nothing.
    safe = _URL_SAFE if re.match(r"[A-Za-z][A-Za-z0-9+.-]*://[A-Za-z0-9]", text) else _URL_SAFE.replace(":", "")
    return mark.join(_escaped(part, safe) for part in (address, fragment))


def _escaped(text: str, safe: str) -> str:
    return re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", quote(text, safe=f"{safe}%"))
