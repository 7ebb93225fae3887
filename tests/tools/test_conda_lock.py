"""Locks of conda-lock, and explicit lists, mean to us what they mean to conda-lock 4.0 and py-rattler."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from functools import partial
from hashlib import sha256
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from envcheck.gather.declarations import conda_explicit, conda_lock
from envcheck.gather.declarations.base import Dialect
from envcheck.gather.documents.conda_content_hash import Inputs, is_hash_of
from envcheck.gather.documents.conda_inputs import Channel, read_source
from envcheck.gather.documents.conda_lock_specs import conda_form, pip_form
from envcheck.gather.environments.catalogue import read_environment
from envcheck.model.declarations import Declaration
from envcheck.model.locks import Freshness, Lock, State, Target
from envcheck.model.names import Ecosystem
from envcheck.model.readings import RawFile
from envcheck.model.requirements import Requirement
from tests.support.conda_channel import CondaPackage, make_channel, python_itself, python_package
from tests.support.conda_lock_oracle import CondaLockTool
from tests.support.interpreters import make_wheel

pytestmark = pytest.mark.tools

PLATFORMS = ("linux-64", "osx-arm64", "win-64")
CHOICES = [(dev, extras) for dev in (True, False) for extras in ([], ["gpu"], ["gpu", "docs"])]


@pytest.fixture(scope="session")
def tool(request: pytest.FixtureRequest) -> CondaLockTool:
    pytest.importorskip("rattler")
    assert request.config.cache
    return CondaLockTool(request.config.cache.mkdir("conda-lock-4.0.3"))


@pytest.fixture(scope="session")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve a simple index of two wheels."""
    folder = tmp_path_factory.mktemp("index")
    for name, version in (("demo-lib", "1.4"), ("other-lib", "2.0")):
        page = folder / "simple" / name
        page.mkdir(parents=True)
        wheel = make_wheel(page, name, version, ["other-lib>=1"] if name == "demo-lib" else [])
        digest = sha256(wheel.read_bytes()).hexdigest()
        link = f'<a href="{wheel.name}#sha256={digest}">{wheel.name}</a>'
        (page / "index.html").write_text(f"<!DOCTYPE html><html><body>{link}</body></html>", encoding="utf-8")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/simple"
    server.shutdown()
    server.server_close()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *words: Any) -> None:
        pass


@pytest.fixture(scope="session")
def channel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("conda") / "channel"
    native = [
        CondaPackage("libfoo", version, "h0_0", noarch=False, subdir=platform)
        for platform, version in product(PLATFORMS, ("1.0", "1.1"))
    ]
    pythons = [
        CondaPackage("python", "3.11.7", "0_cpython", depends=["libfoo >=1.0"], noarch=False, subdir=platform)
        for platform in PLATFORMS[1:]
    ]
    linux = CondaPackage("python", "3.11.7", "0_cpython", python_itself("3.11.7").files, ["libfoo"], noarch=False)
    needing = CondaPackage("alpha", "1.2", "pyhd0_0", depends=["python", "beta-conda >=1"])
    names = ("pip", "checker", "shared", "gpu-tool", "docs-tool", "extra-tool")
    tools = [CondaPackage(name, "2.0", "pyhd0_0", depends=["python", "shared"]) for name in names if name != "shared"]
    plain = [python_package("beta-conda", "1.5"), python_package("shared", "3.0"), python_package("alpha", "1.1")]
    winner = CondaPackage("winner", "0.1", "h0_0", noarch=False, subdir="win-64")
    make_channel(folder, [*native, *pythons, linux, needing, *tools, *plain, winner])
    return folder


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory, tool: CondaLockTool, channel: Path, index: str) -> Path:
    """Return a project of three categories and a pip section, locked for three platforms."""
    folder = tmp_path_factory.mktemp("project")
    (folder / "environment.yml").write_text(environment(channel, index), encoding="utf-8")
    for category in ("dev", "gpu", "docs"):
        name = {"dev": "checker", "gpu": "gpu-tool", "docs": "docs-tool"}[category]
        text = f"category: {category}\nchannels: ['{channel.as_uri()}']\ndependencies:\n  - {name}\n"
        (folder / f"environment-{category}.yml").write_text(text, encoding="utf-8")
    files = [f"environment{suffix}.yml" for suffix in ("", "-dev", "-gpu", "-docs")]
    tool.lock(folder, *(word for file in files for word in ("-f", file)))
    return folder


def environment(channel: Path, index: str) -> str:
    return f"""\
channels:
  - {channel.as_uri()}
  - nodefaults
platforms: [{", ".join(PLATFORMS)}]
pip-repositories:
  - {index}
allow-pypi-requests: false
dependencies:
  - python=3.11
  - alpha >=1,<2
  - libfoo=1.1  # [unix]
  - winner  # [win]
  - pip
  - pip:
    - demo-lib>=1
"""


def read(root: Path, name: str) -> Declaration:
    dialect: Dialect = conda_lock if conda_lock.claims(name) else conda_explicit
    reading = dialect.read(RawFile(name, (root / name).read_bytes()))
    assert reading.problems == ()
    return reading.value


def lock_of(declaration: Declaration) -> Lock:
    assert declaration.lock
    return declaration.lock


def spelled(entry: Requirement) -> tuple[str, ...]:
    """Return what tells an entry apart: whose it is, its name, version, build, and the hash that is installed by."""
    constraint = entry.constraint
    hashes = dict(text.split(":", 1) for text in entry.hashes)
    digest = hashes.get("md5" if entry.ecosystem is Ecosystem.CONDA else "sha256", "")
    return entry.ecosystem.value, entry.name, constraint.exact or "", getattr(constraint, "build", ""), digest


def spelled_by_tool(lines: list[str]) -> Iterator[tuple[str, ...]]:
    """Yield the same of what conda-lock hands to the installers."""
    for line in lines:
        url, _, digest = line.rpartition("#")
        file = url.rpartition("/")[2]
        if line.startswith("# pip "):
            yield "pypi", line.split(" ")[2], file.split("-")[1], "", digest.removeprefix("sha256=")
        elif url:
            yield "conda", *file.removesuffix(".conda").removesuffix(".tar.bz2").rsplit("-", 2), digest


def differences(tool: CondaLockTool, root: Path, names: list[str]) -> tuple[int, list[Any]]:
    """Return how many selections were compared, and those that differ."""
    cases = [
        (name, platform, dev, extras)
        for name in names
        for platform in getattr(read(root, name).lock, "platforms", ())
        for dev, extras in CHOICES
    ]
    answers = tool.ask(*(("selected", [str(root / name), *rest]) for name, *rest in cases))
    different = []
    locks = {name: lock_of(read(root, name)) for name in names}
    for (name, platform, dev, extras), answer in zip(cases, answers, strict=True):
        target = Target("3.11.7", platform, extras=tuple(extras), default_groups=dev)
        selection = locks[name].select(target, ())
        found = sorted(map(spelled, selection.entries))
        if found != sorted(spelled_by_tool(answer)) or selection.uncovered or not found:
            different.append((name, platform, dev, extras))
    return len(cases), different


def test_selection_is_that_of_conda_lock(tool: CondaLockTool, project: Path) -> None:
    assert differences(tool, project, ["conda-lock.yml"]) == (len(PLATFORMS) * len(CHOICES), [])
    lock = lock_of(read(project, "conda-lock.yml"))
    names = {e.name for e in lock.select(Target("", "linux-64", extras=("gpu",), default_groups=False), ()).entries}
    assert names == {*"python alpha beta-conda libfoo pip shared gpu-tool demo-lib other-lib".split()}
    assert lock.select(Target("", "osx-64"), ()).uncovered == "made for linux-64, osx-arm64 and win-64"


@pytest.mark.corpus
def test_selection_from_every_lock_of_the_corpus_is_that_of_conda_lock(tool: CondaLockTool, corpus: Path) -> None:
    root = corpus.parent
    found = [p for folder in ("corpus", "samples") for p in sorted((root / folder).rglob("*conda-lock*.yml"))]
    names = [path.relative_to(root).as_posix() for path in found if conda_lock.claims(path.name)]
    compared, different = differences(tool, root, names)
    assert different == []
    assert compared >= 15 * len(CHOICES)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_rendered_forms_say_what_the_lock_says(
    platform: str, tool: CondaLockTool, project: Path, tmp_path: Path
) -> None:
    lock = (project / "conda-lock.yml").read_bytes()
    (tmp_path / "conda-lock.yml").write_bytes(lock)
    tool.render(tmp_path, "-k", "explicit", "-k", "env", "-p", platform, "--no-dev-dependencies", "conda-lock.yml")
    target = Target("3.11.7", platform, default_groups=False)
    wanted = sorted(map(spelled, lock_of(read(project, "conda-lock.yml")).select(target, ()).entries))

    explicit = lock_of(read(tmp_path, f"conda-{platform}.lock"))
    rendered = lock_of(read(tmp_path, f"conda-{platform}.lock.yml"))

    assert sorted(map(spelled, explicit.select(target, ()).entries)) == wanted
    # The other form has no hashes of conda packages.
    assert sorted(spelled(e)[:4] for e in rendered.select(target, ()).entries) == [each[:4] for each in wanted]
    other = Target("", "linux-aarch64")
    assert explicit.select(other, ()).uncovered == rendered.select(other, ()).uncovered == f"made for {platform}"


@pytest.mark.corpus
def test_explicit_lists_of_the_corpus_hold_what_the_expression_of_the_cep_finds(corpus: Path) -> None:
    expression = re.compile(
        r"(?:(?P<url_p>.+)(?:[/\\]))?(?P<fn>[^/\\#]+(?:\.tar\.bz2|\.conda))"
        r"(?:#((?P<md5>[0-9a-f]{32})|((sha256:)?(?P<sha256>[0-9a-f]{64}))))?$"
    )
    paths = [path for path in sorted(corpus.parent.glob("*/**/*.lock")) if conda_explicit.claims(path.name)]
    for path in paths:
        found = [expression.match(line) for line in path.read_text(encoding="utf-8").splitlines()]
        wanted = [(match["fn"], f"md5:{match['md5']}") for match in found if match]
        entries = [e for e in read(path.parent, path.name).requirements if e.ecosystem is Ecosystem.CONDA]
        assert [(re.sub("=", "-", e.raw), *e.hashes) for e in entries] == [
            (re.sub(r"\.(conda|tar\.bz2)$", "", name), digest) for name, digest in wanted
        ]
    assert len(paths) >= 6


def test_files_are_named_as_rattler_names_them(corpus: Path) -> None:
    rattler = pytest.importorskip("rattler")
    for entry in read(corpus / "pangeo-docker-images/base-notebook", "conda-linux-64.lock").requirements:
        spec = rattler.MatchSpec(entry.raw)
        assert (spec.name.normalized, spec.build) == (entry.name, getattr(entry.constraint, "build", ""))
        assert rattler.VersionSpec(spec.version).matches(rattler.Version(entry.constraint.exact or ""))


SPECS = """
python=3.11|python >=3.9,<3.13|numpy|numpy=1.26|numpy==1.26.4|numpy 1.26.4|numpy 1.2*|numpy=1.2.*|Numpy|numpy =1.2
numpy=1.26.4=py311h1_0|numpy==1.26.4=py311h1_0|numpy 1.26.4 py311h1_0|numpy >=1.2 *_0|libblas=*=*mkl|numpy=1.2*=0
conda-forge::scipy=1.11|conda-forge/linux-64::scipy|defaults::zlib|numpy[version='>=1.2,<2']|numpy[build=h*]|numpy !=1.2
numpy[version='1.2',build='py*']|numpy[channel=conda-forge]|_libgcc_mutex=0.1=conda_forge|openssl=1.1.1w|tzdata=2024a
"""
ENTRIES = """
cowsay==6.1|iniconfig >= 2|Foo_Bar[b,a]>=1,<2|foo~=1.4|foo===1.0|foo !=1.5,>=1|foo; sys_platform=='win32'|foo==1.*
x @ git+https://git.example/a/x.git@v1|x @ git+https://git.example/a/x@main#subdirectory=src|d==1.0 --hash=sha256:abc
y @ https://files.example/y-1.0.tar.gz#sha256=abc|git+ssh://git@git.example/a/b.git@abc|git+https://git.example/a/b
"""


def test_specs_are_hashed_in_the_form_of_conda_lock(tool: CondaLockTool) -> None:
    texts = [("conda", text) for line in SPECS.split("\n") for text in line.split("|") if text]
    texts += [("conda", "pandas>=2|1.5.*"), ("conda", "pandas >=1,<2|==2.1")]
    texts += [("pip", text) for line in ENTRIES.split("\n") for text in line.split("|") if text]
    answers = tool.ask(*(("form", list(each)) for each in texts))
    forms = [(conda_form if manager == "conda" else pip_form)(text, "main") for manager, text in texts]
    assert [(t, f, a) for t, f, a in zip(texts, forms, answers, strict=True) if f != a] == []
    assert None not in answers


HEAD = "channels: [conda-forge, nodefaults]\n"
VARIANTS = {
    "plain": HEAD + "dependencies: [python=3.11, 'numpy>=1.2,<2']\n",
    "selectors": HEAD
    + "dependencies:\n  - python\n  - a  # [linux]\n  - b # [osx]\n  - c #[win64]\n  - d  # [unix]\n  - e  # [py39]\n",
    "notes that look like selectors": HEAD
    + "dependencies:\n  - a  # see [b]\n  - c  # [linux] (really)\n  # - d  # [linux]\n  - e  # [osx] [linux]\n",
    "pip": HEAD + "dependencies:\n  - python\n  - pip:\n    - cowsay==6.1\n    - 'foo[b,a]>=1,<2'\n    - -e .\n",
    "markers": HEAD
    + "dependencies:\n  - pip:\n    - a; sys_platform == 'win32'\n"
    + "    - b; python_version < '3' and os_name == 'posix'\n"
    + "    - c; platform_system == 'Darwin' or platform_machine == 'x'\n",
    "repositories": HEAD + "dependencies:\n  - pip:\n    - x @ git+https://git.example/a/x.git@v1#subdirectory=s\n",
    "pip repositories": HEAD + "pip-repositories: ['https://index.example/simple']\ndependencies: [python, pip: [a]]\n",
    "category": HEAD + "category: dev\ndependencies: [pytest, pip: [tox]]\n",
    "platforms": HEAD + "platforms: [linux-aarch64, linux-ppc64le, win-64]\ndependencies: [python]\n",
    "no channels": "dependencies: [python]\n",
    "channel URLs": "channels: ['https://conda.example/x', 'file:///srv/ch', 'https://conda.example/t/$TOKEN/y']\n"
    "dependencies: [conda-forge::a=1.2=h*_0, 'b[version=>=1]']\n",
    "doubled specs": HEAD + "dependencies: [a, a=1, pip, pip: [a]]\n",
    "an entry that runs on": HEAD
    + "platforms: [linux-64, win-64]\ndependencies:\n  - a>=1|2.*\n  - pip:  # [linux]\n    - b\n",
    "selected platforms": HEAD
    + "platforms:\n  - linux-64\n  - osx-64\n  - osx-arm64  # [osx]\ndependencies:\n  - sel(linux): a\n",
}


@pytest.mark.parametrize("cuda", ["default", "", "12.4"], ids=["usual CUDA", "no CUDA", "given CUDA"])
def test_content_hash_is_that_of_conda_lock(cuda: str, tool: CondaLockTool, tmp_path: Path) -> None:
    paths = {}
    for number, (name, text) in enumerate(VARIANTS.items()):
        paths[name] = tmp_path / f"{number}.yml"
        paths[name].write_text(text, encoding="utf-8")
    answers = tool.ask(*(("hashes", [[str(path)], cuda]) for path in paths.values()))
    different = []
    for (name, path), answer in zip(paths.items(), answers, strict=True):
        source = read_source(RawFile(path.name, path.read_bytes()), answer["hashes"])
        channels = tuple(Channel(each["url"], tuple(each["used_env_vars"])) for each in answer["channels"])
        assert len(source.channels) == len(channels)
        for platform, digest in answer["hashes"].items():
            wishes = {(wish.manager, wish.name): wish for wish in source.wishes[platform]}
            inputs = Inputs(platform, channels, tuple(wishes.values()), source.repositories, ("12.4",))
            if not is_hash_of(digest, inputs):
                different.append((name, platform))
    assert different == []


def freshness(project: Path, changed: dict[str, str]) -> Freshness:
    """Return what is said of the lock when some of its sources have another text."""
    lock = lock_of(read(project, "conda-lock.yml"))
    texts = {path: changed.get(path, (project / path).read_text(encoding="utf-8")) for path in lock.made_from}
    return lock.freshness(tuple(RawFile(path, text.encode()) for path, text in texts.items()))


MAIN = "environment.yml"
EDITS = {
    "spec edited": ("alpha >=1,<2", "alpha >=2", "alpha >=2 is asked for now, and 1.2 is locked"),
    "build edited": (
        "alpha >=1,<2",
        "alpha=1.2=h1_0",
        "alpha=1.2=h1_0 is asked for now, and 1.2 pyhd0_0 is locked",
    ),
    "python edited": ("python=3.11", "python=3.12", "python=3.12 is asked for now, and 3.11.7 is locked"),
    "spec added": ("  - pip\n", "  - pip\n  - extra-tool\n", "extra-tool is new"),
    "spec removed": ("  - alpha >=1,<2\n", "", "alpha is not asked for any more"),
    "spec of one platform removed": ("  - winner  # [win]\n", "", "winner is not asked for any more"),
    "selector edited": ("winner  # [win]", "winner", "winner is new"),
    "pip entry edited": ("demo-lib>=1", "demo-lib>=2", "demo-lib>=2 is asked for now, and 1.4 is locked"),
    "pip entry added": ("    - demo-lib>=1", "    - demo-lib>=1\n    - third-lib", "third-lib is new"),
    "pip entry removed": ("    - demo-lib>=1", "    - other-lib", "demo-lib is not asked for any more"),
    "platform added": ("win-64]", "win-64, osx-64]", "osx-64 is new"),
    "channel added": ("channels:\n", "channels:\n  - conda-forge\n", "the channels are conda-forge, "),
    "channel of a spec": ("alpha >=1,<2", "conda-forge::alpha", "alpha is wanted from conda-forge now, and locked "),
}


@pytest.mark.parametrize(("old", "new", "words"), EDITS.values(), ids=EDITS.keys())
def test_edit_is_found_and_named(old: str, new: str, words: str, project: Path) -> None:
    text = (project / MAIN).read_text(encoding="utf-8")
    assert text.count(old) == 1
    found = freshness(project, {MAIN: text.replace(old, new)})
    assert found.state is State.CHANGED
    assert [departure.words[: len(words)] for departure in found.departures] == [words]


def test_what_was_locked_just_now_is_fresh(project: Path) -> None:
    assert freshness(project, {}).state is State.FRESH


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("dependencies:\n", "# a note\ndependencies:  # all of them\n"),
        ("  - alpha >=1,<2\n  - libfoo=1.1  # [unix]\n", "  - libfoo=1.1 # [unix]\n  - 'alpha >=1, <2'\n"),
        ("  - nodefaults\n", ""),
        ("channels:", "name: another\nchannels:"),
    ],
    ids=["comments", "order and blanks", "nodefaults", "name"],
)
def test_another_spelling_stays_fresh(old: str, new: str, project: Path) -> None:
    text = (project / MAIN).read_text(encoding="utf-8")
    assert old in text
    assert freshness(project, {MAIN: text.replace(old, new)}) == Freshness(State.FRESH)


def test_an_edit_that_the_lock_satisfies_cannot_be_told(project: Path) -> None:
    text = (project / MAIN).read_text(encoding="utf-8")
    assert freshness(project, {MAIN: text.replace("alpha >=1,<2", "alpha >=1.1,<2")}).state is State.UNKNOWN


@pytest.mark.parametrize("kind", ["input_sha", "input_md5"])
def test_recorded_hashes_of_inputs_tell_every_edit(
    kind: str, tool: CondaLockTool, channel: Path, tmp_path: Path
) -> None:
    text = f"channels: ['{channel.as_uri()}']\nplatforms: [linux-64]\ndependencies: [python, alpha <2]\n"
    (tmp_path / MAIN).write_text(text, encoding="utf-8")
    tool.lock(tmp_path, "-f", MAIN, "--md", kind)
    changed = freshness(tmp_path, {MAIN: text.replace("alpha <2", "alpha <3")})
    assert freshness(tmp_path, {}) == Freshness(State.FRESH)
    assert freshness(tmp_path, {MAIN: text.replace("\n", "\r\n")}) == Freshness(State.FRESH)
    assert freshness(tmp_path, {MAIN: text + "# a note\n"}) == Freshness(State.FRESH)  # by the content hash
    assert (changed.state, [d.words for d in changed.departures]) == (State.CHANGED, ["environment.yml has changed"])


def test_what_conda_lock_installs_is_what_is_selected(tool: CondaLockTool, channel: Path, tmp_path: Path) -> None:
    text = f"channels: ['{channel.as_uri()}']\nplatforms: [linux-64]\ndependencies: [python, alpha, checker]\n"
    (tmp_path / MAIN).write_text(text, encoding="utf-8")
    tool.lock(tmp_path, "-f", MAIN)
    tool.install(tmp_path, tmp_path / "env", "--force-platform", "linux-64")

    selection = lock_of(read(tmp_path, "conda-lock.yml")).select(Target("3.11.7", "linux-64"), ())

    packages = read_environment(str(tmp_path / "env"), environ={}).conda
    assert {(p.name, p.version, p.build) for p in packages} == {spelled(e)[1:4] for e in selection.entries}
    assert len(packages) == 6
