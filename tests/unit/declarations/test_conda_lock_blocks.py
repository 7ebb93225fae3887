"""A conda-lock.yml says the same whether its entries are read one by one when they are asked for, or all at once."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given, settings

from envcheck.gather.declarations import conda_lock
from envcheck.gather.declarations.conda_lock.blocks import UnifiedEntries, layout_of
from envcheck.gather.declarations.conda_lock.unified import read_unified
from envcheck.gather.documents.yaml_values import YamlMapping, load
from envcheck.model.declarations import Declaration
from envcheck.model.locks import Target
from envcheck.model.readings import RawFile, Reading
from tests.support.damage import damaged

HEAD = """\
# a header
version: 1
metadata:
  content_hash:
    linux-64: 0a
  channels:
  - url: forge
    used_env_vars: []
  platforms:
  - linux-64
  - osx-arm64
  sources:
  - environment.yml
package:
"""
MD5, SHA256 = "0123456789abcdef" * 2, "0123456789abcdef" * 4


def block(name: str, version: str = "'1.0'", platform: str = "linux-64", **more: str) -> str:
    needs = more.get("needs", " {}")
    url = more.get("url", f"https://conda.example/forge/{platform}/{name}-1.0-h1_0.conda")
    return (
        f"- name: {name}\n  version: {version}\n  manager: {more.get('manager', 'conda')}\n  platform: {platform}\n"
        f"  dependencies:{needs}\n  url: {url}\n  hash:\n    md5: {MD5}\n    sha256: {SHA256}\n"
        f"{more.get('source', '')}  category: {more.get('category', 'main')}\n  optional: false\n"
    )


WHEEL = "https://index.example/demo-1.0-py3-none-any.whl"
LOCK = HEAD + "".join(
    (
        block("Alpha", needs="\n    __glibc: '>=2.17'\n    Beta: '>=1,<2'\n    gamma: 3.12.* *_cp312"),
        block("Alpha", platform="osx-arm64", needs="\n    Beta: ''"),
        block("beta", "1.0.post1", category="dev"),
        block("__unix", "'0'"),
        block("demo-lib", manager="pip", url=WHEEL, needs="\n    Other_Lib: '>=1'"),
        block(
            "forked", manager="pip", url=WHEEL, source="  source:\n    type: url\n    url: git+https://h.example/a@b\n"
        ),
    )
)


def both(text: str) -> tuple[Reading[Declaration], Reading[Declaration]]:
    """Return what is read lazily, and what is read of the whole document."""
    lazy = conda_lock.read(RawFile("conda-lock.yml", text.encode()))
    root = load(text).value
    assert isinstance(root, YamlMapping)
    return lazy, read_unified(Declaration("conda-lock.yml", conda_lock.NAME, governs=False), root)


def test_plain_locks_are_read_by_blocks() -> None:
    lazy, eager = both(LOCK)
    entries = lazy.value.requirements
    assert isinstance(entries, UnifiedEntries)
    assert tuple(entries) == eager.value.requirements
    assert len(entries) == 5
    assert entries[1] == eager.value.requirements[1]
    assert list(entries.names()) == list(dict.fromkeys((e.ecosystem, e.name) for e in eager.value.requirements))
    assert list(lazy.value.with_sources()) == [e for e in eager.value.requirements if e.direct]
    needs = {(kind, name, tuple(needed)) for kind, name, needed in entries.needs()}
    assert needs == {(e.ecosystem, e.name, e.needs) for e in eager.value.requirements}
    assert pickle.loads(pickle.dumps(lazy.value)) == lazy.value


@pytest.mark.parametrize("platform", ["linux-64", "osx-arm64", "win-64"])
def test_selections_are_the_same(platform: str) -> None:
    lazy, eager = both(LOCK)
    target = Target("3.12.0", platform, default_groups=False)
    assert lazy.value.lock
    assert eager.value.lock
    assert lazy.value.lock.select(target, ()) == eager.value.lock.select(target, ())


def test_secrets_in_urls_are_links() -> None:
    text = LOCK + block("secret", url="https://conda.example/t/to-ken/forge/linux-64/secret-1.0-h1_0.conda")
    assert "https://conda.example/t/to-ken/forge" in [link.target for link in both(text)[0].value.links]


@pytest.mark.parametrize(
    "text",
    [
        LOCK.replace("package:\n", "package: &p\n"),
        LOCK.replace("  manager: conda\n", "", 1),
        LOCK.replace("version: '1.0'", "version: ''", 1),
        LOCK.replace("- name: beta\n", "- name: beta\nmore: x\n"),
        LOCK.replace("- name: beta\n", "-\n  name: beta\n"),
        LOCK.replace("\n", "\r\n"),
        LOCK + "metadata2: x\n",
        LOCK.rstrip("\n"),
        LOCK.replace("  - linux-64\n  - osx-arm64\n", ""),
        LOCK[: LOCK.rindex("url: git") + 3] + "\n",
    ],
    ids=["anchor", "manager", "version", "key", "dash", "line ends", "later key", "no end", "no platforms", "cut off"],
)
def test_other_layouts_are_read_as_a_whole(text: str) -> None:
    entries = conda_lock.read(RawFile("conda-lock.yml", text.encode())).value.requirements
    assert isinstance(entries, tuple)


def test_a_broken_entry_is_a_name() -> None:
    text = LOCK.replace("    Beta: ''\n", "    Beta: '\n")
    entries = conda_lock.read(RawFile("conda-lock.yml", text.encode())).value.requirements
    broken = [e for e in entries if e.name == "alpha" and e.platform == "osx-arm64"]
    assert [(e.constraint.exact, e.needs) for e in broken] == [(None, ())]
    assert len(entries) == 5


@settings(max_examples=600, deadline=None)
@given(damaged([LOCK]))
def test_damaged_locks_are_the_same_as_far_as_they_are_yaml(text: str) -> None:
    layout = layout_of(text)
    root = load(text)
    if layout is None or root.fault or not isinstance(root.value, YamlMapping):
        return
    eager = read_unified(Declaration("conda-lock.yml", conda_lock.NAME, governs=False), root.value)
    assert tuple(UnifiedEntries("conda-lock.yml", layout)) == eager.value.requirements
