"""Snapshots: what is written is read again, nothing of the machine gets out, and nothing hostile gets in."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest
import tomli
from msgspec.structs import replace

from envcheck.gather.documents.snapshot_reading import is_snapshot, read_snapshot
from envcheck.gather.documents.snapshot_writing import snapshot_of, to_json_text, to_toml_text
from envcheck.model.environment import CondaPackage, Distribution, Environment
from envcheck.model.names import NormalizedName, normalize
from envcheck.model.places import Place
from envcheck.model.requirements import DirectKind, DirectReference

PLACE = Place("/lab.json")
COMMIT = "a" * 40
REPOSITORY = DirectReference(DirectKind.VCS, "https://git.example/b", "main", COMMIT, subdirectory="py", tool="git")
ARCHIVE = DirectReference(DirectKind.URL, "https://index.example/c.whl", hashes=("sha256:" + "0" * 64,))
LOCAL = DirectReference(DirectKind.PATH, "local", editable=True)
WHEEL = DirectReference(DirectKind.PATH, "local", hashes=("sha256:" + "1" * 64,))
MERCURIAL = DirectReference(DirectKind.VCS, "https://hg.example/e", commit=COMMIT, tool="hg")


def distribution(name: str, direct: DirectReference | None = None) -> Distribution:
    requires = ("A>=1; extra == 'x'", 'b<2; python_version < "3.12"')
    return Distribution(
        normalize(name), name, "1.0", PLACE, requires, ">=3.8", ("x",), direct, "pip", "", "", plugin=direct is None
    )


ENVIRONMENT = Environment(
    prefix="/lab.json",
    kind="snapshot",
    python="3.11.7",
    markers={"python_version": "3.11", "python_full_version": "3.11.7", "sys_platform": "linux"},
    distributions=(
        distribution("A_b.c"),
        distribution("b", REPOSITORY),
        distribution("c", ARCHIVE),
        distribution("d", LOCAL),
        distribution("e", MERCURIAL),
        distribution("f", WHEEL),
    ),
    duplicates=(distribution("b"),),
    conda=(
        CondaPackage(
            NormalizedName("zlib"),
            "1.3.1",
            "h1_0",
            PLACE,
            "https://conda.example/lab",
            "linux-64",
            "https://conda.example/lab/linux-64/zlib-1.3.1-h1_0.conda",
            "0" * 32,
            depends=("__glibc >=2.17",),
            requested=True,
            provides=(NormalizedName("z"),),
            clobbered={"z": "2.0", "y": ""},
        ),
    ),
    modules={"a_b": (NormalizedName("a-b-c"),), "naïve.x": (NormalizedName("b"), NormalizedName("conda:zlib"))},
    externally_managed=True,
)
each_form = pytest.mark.parametrize("form", [to_json_text, to_toml_text], ids=["json", "toml"])
Form = Callable[..., str]


@each_form
def test_what_is_written_is_read_again(form: Form) -> None:
    text = form(snapshot_of(ENVIRONMENT)).encode()
    found = read_snapshot(text, "/lab.json")
    assert isinstance(found, Environment)
    assert replace(found, markers={k: v for k, v in found.markers.items() if v}) == ENVIRONMENT
    assert form(snapshot_of(found)).encode() == text
    assert is_snapshot(text)


@each_form
def test_the_order_in_which_things_are_found_does_not_matter(form: Form) -> None:
    shuffled = list(ENVIRONMENT.distributions)
    random.Random(1).shuffle(shuffled)
    modules = dict(reversed(tuple(ENVIRONMENT.modules.items())))
    other = replace(ENVIRONMENT, distributions=tuple(shuffled), modules=modules)
    assert form(snapshot_of(other)) == form(snapshot_of(ENVIRONMENT))


def test_it_follows_its_schema_and_the_toml_that_of_pylock(repository: Path) -> None:
    schema = json.loads((repository / "src/envcheck/schemas/snapshot.schema.json").read_bytes())
    jsonschema.validate(json.loads(to_json_text(snapshot_of(ENVIRONMENT))), schema)
    tables = tomli.loads(to_toml_text(snapshot_of(ENVIRONMENT)))
    assert tables["lock-version"] == "1.0"
    assert [package["name"] for package in tables["packages"]] == ["a-b-c", "b", "c", "d", "e", "f"]
    assert tables["packages"][1]["vcs"]["commit-id"] == COMMIT


SECRETS = {
    "a password": DirectReference(DirectKind.VCS, "https://ada:s3cret@git.example/x.git"),
    "a user": DirectReference(DirectKind.VCS, "https://s3cret@git.example/x.git"),
    "a token": DirectReference(DirectKind.URL, "https://index.example/x.whl?token=s3cret"),
    "a folder": DirectReference(DirectKind.PATH, "file:///home/s3cret/x", editable=True),
    "a folder of Windows": DirectReference(DirectKind.PATH, "C:\\Users\\s3cret\\x"),
    "a wheel on disk": DirectReference(DirectKind.URL, "file:///home/s3cret/x.whl"),
    "a repository on disk": DirectReference(DirectKind.VCS, "file:///home/s3cret/x"),
}


@each_form
@pytest.mark.parametrize("direct", SECRETS.values(), ids=SECRETS.keys())
def test_neither_secrets_nor_users_nor_paths_get_out(direct: DirectReference, form: Form) -> None:
    installed = replace(distribution("x", direct), site="/home/s3cret/site", place=Place("/home/s3cret/x"))
    requires = ("y @ file:///home/s3cret/y ; python_version > '3'", "z @ https://u:s3cret@index.example/z.whl")
    package = replace(ENVIRONMENT.conda[0], channel="file:///home/s3cret/channel", url="file:///home/s3cret/z.conda")
    token = replace(package, name=NormalizedName("t"), channel="https://conda.example/t/s3cret-token/lab", url="")
    environment = Environment(
        "/home/s3cret/env",
        "venv",
        "3.11.7",
        "VIRTUAL_ENV of s3cret",
        markers={"platform_version": "#1 s3cret", "platform_release": "6.1-s3cret"},
        distributions=(replace(installed, requires=requires),),
        conda=(package, token),
        leaks=("/home/s3cret/.local",),
    )
    text = form(snapshot_of(environment))
    assert "s3cret" not in text
    assert "y ; python_version > '3'" in text
    assert isinstance(read_snapshot(text.encode(), "/x"), Environment)


GOOD = {"format": "envcheck-snapshot", "schema": 1, "python": "3.11.7"}
REFUSED = {
    "nothing": (b"", "no format"),
    "broken JSON": (b'{"format": ', "truncated"),
    "deep JSON": (b'{"format": "envcheck-snapshot", "schema": 1, "x": ' + b"[" * 200_000, "deep|trunc|depth"),
    "broken TOML": (b"[[packages]\n", "neither JSON nor TOML"),
    "another TOML": (b'lock-version = "1.0"\n', "no format"),
    "another JSON": (b'{"a": 1}', "format"),
    "another format": (json.dumps({**GOOD, "format": "x\x1b[2J"}).encode(), "format is"),
    "a newer schema": (json.dumps({**GOOD, "schema": 2}).encode(), "schema 2"),
    "a wrong type": (json.dumps({**GOOD, "distributions": {}}).encode(), "distributions"),
    "a wrong type within": (json.dumps({**GOOD, "distributions": [{"name": 1}]}).encode(), "name"),
    "too much": (json.dumps({**GOOD, "modules": {f"m{n}": [] for n in range(100_001)}}).encode(), "more than"),
    "bytes": (b"\0\xff" * 99, "neither"),
}


@pytest.mark.parametrize(("data", "reason"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_none_is_refused_with_the_reason(data: bytes, reason: str) -> None:
    found = read_snapshot(data, "/lab.json")
    assert isinstance(found, str)
    assert any(part in found for part in reason.split("|"))
    assert found.isprintable()


HOSTILE = {
    "a name": {"distributions": [{"name": "a\x1b[2J", "version": "1"}]},
    "an option as a name": {"distributions": [{"name": "--index-url=x", "version": "1"}]},
    "a version": {"distributions": [{"name": "a", "version": "1 --pre"}]},
    "a text": {"distributions": [{"name": "a", "requires": ["b\x1b[2J"]}]},
    "a long text": {"distributions": [{"name": "a", "installer": "x" * 10_000}]},
    "a source": {"distributions": [{"name": "a", "source": {"kind": "exec"}}]},
    "a password": {"distributions": [{"name": "a", "source": {"kind": "url", "url": "https://u:s3cret@x.example/a"}}]},
    "a conda package": {"conda": [{"name": "A B", "version": "1"}]},
    "a Python": {"python": "3.11; rm -rf /"},
    "an implementation": {"implementation": "../x"},
    "a module": {"modules": {"a b": ["x"]}},
    "a marker": {"markers": {"sys_platform": "\x1b[2J"}},
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_entries_are_left_out_and_said(content: dict[str, object]) -> None:
    found = read_snapshot(json.dumps({**GOOD, **content}).encode(), "/lab.json")
    assert isinstance(found, Environment)
    assert len(found.problems) == 1
    assert "left out of the snapshot" in found.problems[0].message
    assert found.problems[0].message.isprintable()
    assert "s3cret" not in repr(found)
    assert "\\x1b" not in repr(replace(found, problems=()))


def test_of_many_faults_the_first_are_said() -> None:
    content = {**GOOD, "distributions": [{"name": f"-{n}"} for n in range(1000)]}
    found = read_snapshot(json.dumps(content).encode(), "/lab.json")
    assert isinstance(found, Environment)
    assert [problem.message for problem in found.problems][-1].endswith("990 more entries")
    assert len(found.problems) == 11
