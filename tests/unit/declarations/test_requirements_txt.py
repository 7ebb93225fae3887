"""Requirements files: what one line says, where it stands, and what a file is by its name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from envcheck.gather.declarations import requirements_txt
from envcheck.model.declarations import Declaration, LinkKind
from envcheck.model.places import Place
from envcheck.model.readings import ProblemKind, RawFile, Reading, ReferenceKind
from envcheck.model.requirements import DirectKind, DirectReference, Requirement, Role

COMMIT = "0123456789abcdef0123456789abcdef01234567"
GIT = "https://host.example/a/b.git"
ZIP = "https://host.example/x.zip"


def read(text: str, path: str = "requirements.txt") -> Reading[Declaration]:
    return requirements_txt.read(RawFile(path, text.encode()))


def only(text: str) -> Requirement:
    reading = read(text)
    assert reading.problems == ()
    (requirement,) = reading.value.requirements
    return requirement


@pytest.mark.parametrize(
    ("line", "name", "versions"),
    [
        pytest.param("numpy", "numpy", "", id="name alone"),
        pytest.param("numpy==1.26.4", "numpy", "==1.26.4", id="exact"),
        pytest.param("numpy===1.26.4", "numpy", "===1.26.4", id="arbitrary equality"),
        pytest.param("numpy==1.26.*", "numpy", "==1.26.*", id="wildcard"),
        pytest.param("numpy~=1.26", "numpy", "~=1.26", id="compatible"),
        pytest.param("numpy>=1.20,<2", "numpy", ">=1.20,<2", id="range"),
        pytest.param("numpy >= 1.20 , != 1.21", "numpy", ">= 1.20 , != 1.21", id="blanks stay as written"),
        pytest.param("numpy (>=1.20)", "numpy", ">=1.20", id="parentheses"),
        pytest.param("torch==2.1.0+cu121", "torch", "==2.1.0+cu121", id="local version"),
        pytest.param("x==1!2.0rc1.post2.dev3", "x", "==1!2.0rc1.post2.dev3", id="every part of a version"),
        pytest.param("Scikit_Learn>1", "scikit-learn", ">1", id="name is normalised"),
        pytest.param("zope.interface<6", "zope-interface", "<6", id="dotted name"),
        pytest.param("3d<=1", "3d", "<=1", id="name that begins with a digit"),
        pytest.param("numpy==1.2 # why", "numpy", "==1.2", id="comment"),
        pytest.param("  numpy==1.2\t", "numpy", "==1.2", id="indented"),
        pytest.param("numpy==1.2;", "numpy", "==1.2", id="semicolon with nothing behind"),
        pytest.param("numpy \\\n ==1.2", "numpy", "==1.2", id="continued"),
        pytest.param("dist/my_pkg-1.0-py3-none-any.whl", "my-pkg", "==1.0", id="wheel by path"),
        pytest.param(
            "https://host.example/my_pkg-1.0%2Bcu1-py3-none-any.whl", "my-pkg", "==1.0+cu1", id="wheel by URL"
        ),
    ],
)
def test_versions(line: str, name: str, versions: str) -> None:
    requirement = only(line)
    assert (requirement.name, requirement.constraint.text) == (name, versions)


@pytest.mark.parametrize(
    ("line", "extras", "marker"),
    [
        pytest.param("x[a]==1", ("a",), "", id="one extra"),
        pytest.param("x[b, a] ==1", ("a", "b"), "", id="two extras"),
        pytest.param("x[]", (), "", id="no extras in brackets"),
        pytest.param("x;python_version<'3.8'", (), 'python_version < "3.8"', id="marker"),
        pytest.param("x[a]>=1 ; os_name=='nt'", ("a",), 'os_name == "nt"', id="extras and marker"),
        pytest.param(
            "x==1; (os_name=='nt' or extra == 'y') and python_version>='3'",
            (),
            '(os_name == "nt" or extra == "y") and python_version >= "3"',
            id="nested marker",
        ),
        pytest.param(f"x[a] @ {ZIP} ; os_name=='nt'", ("a",), 'os_name == "nt"', id="URL with both"),
        pytest.param(f"{ZIP}#egg=x ; os_name=='nt'", (), 'os_name == "nt"', id="URL without name"),
        pytest.param("./x[a,B] ; os_name=='nt'", ("a", "b"), 'os_name == "nt"', id="path, its extras in lower case"),
        pytest.param("-e .[dev]", ("dev",), "", id="editable with extras"),
        pytest.param(f"-e \"x[a] @ git+{GIT} ; os_name=='nt'\"", ("a",), 'os_name == "nt"', id="editable with both"),
    ],
)
def test_extras_and_markers(line: str, extras: tuple[str, ...], marker: str) -> None:
    requirement = only(line)
    assert (requirement.extras, requirement.marker) == (extras, marker)


def vcs(url: str, revision: str = "", **more: object) -> DirectReference:
    return DirectReference(DirectKind.VCS, url, revision, **more)  # type: ignore[arg-type]


def path(url: str, **more: object) -> DirectReference:
    return DirectReference(DirectKind.PATH, url, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("line", "name", "direct"),
    [
        pytest.param(f"git+{GIT}#egg=b", "b", vcs(GIT), id="repository"),
        pytest.param(f"git+{GIT}", "", vcs(GIT), id="repository without name"),
        pytest.param(f"b @ git+{GIT}@v1", "b", vcs(GIT, "v1"), id="tag"),
        pytest.param(f"b @ git+{GIT}@feature/x", "b", vcs(GIT, "feature/x"), id="branch with a slash"),
        pytest.param(f"git+{GIT}@{COMMIT}#egg=b", "b", vcs(GIT, COMMIT, commit=COMMIT), id="commit"),
        pytest.param(f"b @ git+{GIT}@{COMMIT[:7]}", "b", vcs(GIT, COMMIT[:7]), id="short commit is no commit"),
        pytest.param(f"git+{GIT}#egg=b&subdirectory=src/b", "b", vcs(GIT, subdirectory="src/b"), id="subdirectory"),
        pytest.param(
            "git+ssh://git@host.example/a.git@v1#egg=a",
            "a",
            vcs("ssh://git@host.example/a.git", "v1"),
            id="user is no revision",
        ),
        pytest.param("git+file:///srv/a@main#egg=a", "a", vcs("file:///srv/a", "main"), id="local repository"),
        pytest.param("hg+http://h.example/a#egg=a", "a", vcs("http://h.example/a"), id="mercurial"),
        pytest.param("svn+https://h.example/a@42#egg=a", "a", vcs("https://h.example/a", "42"), id="subversion"),
        pytest.param(f"-e git+{GIT}@v1#egg=b", "b", vcs(GIT, "v1", editable=True), id="editable repository"),
        pytest.param("-e git://h.example/a#egg=a", "a", vcs("git://h.example/a", editable=True), id="tool left out"),
        pytest.param(ZIP, "", DirectReference(DirectKind.URL, ZIP), id="archive"),
        pytest.param(f"x @ {ZIP}", "x", DirectReference(DirectKind.URL, ZIP), id="named archive"),
        pytest.param(
            f"{ZIP}#egg=x&sha256=ab",
            "x",
            DirectReference(DirectKind.URL, ZIP, hashes=("sha256:ab",)),
            id="archive with hash",
        ),
        pytest.param(
            "HTTP://h.example/x.zip", "", DirectReference(DirectKind.URL, "HTTP://h.example/x.zip"), id="loud scheme"
        ),
        pytest.param(
            "x @ file:///croot/x/work", "x", path("file:///croot/x/work"), id="what pip freeze writes inside conda"
        ),
        pytest.param("file:///srv/x.zip", "", path("file:///srv/x.zip"), id="file URL"),
        pytest.param("x @ ./x", "x", path("./x"), id="named path"),
        pytest.param("./x", "", path("./x"), id="path"),
        pytest.param("../my lib", "", path("../my lib"), id="path with a blank"),
        pytest.param("lib/x", "", path("lib/x"), id="path without a dot"),
        pytest.param("C:\\lib\\x", "", path("C:\\lib\\x"), id="path of Windows"),
        pytest.param("x-1.0.tar.gz", "", path("x-1.0.tar.gz"), id="archive by name"),
        pytest.param("-e .", "", path(".", editable=True), id="editable here"),
        pytest.param("-e lib", "", path("lib", editable=True), id="editable folder"),
        pytest.param("-e file:lib#egg=x", "x", path("file:lib", editable=True), id="editable file URL"),
    ],
)
def test_direct_references(line: str, name: str, direct: DirectReference) -> None:
    requirement = only(line)
    assert (requirement.name, requirement.direct) == (name, direct)


@pytest.mark.parametrize(
    ("line", "name", "template"),
    [
        pytest.param("numpy==${VERSION}", "numpy", True, id="version"),
        pytest.param("numpy[a]==${A}.${B} ; os_name=='nt'", "numpy", True, id="two variables"),
        pytest.param("${NAME}==1", "", True, id="name"),
        pytest.param("pre-${NAME}", "", True, id="part of the name"),
        pytest.param("x @ git+https://h.example/x@${REVISION}", "x", True, id="revision"),
        pytest.param("git+https://${TOKEN}@h.example/x@main#egg=x", "x", False, id="credentials tell nothing away"),
        pytest.param("${ROOT}/x-1.0.whl", "", True, id="path"),
        pytest.param("-e ${ROOT}/x", "", True, id="editable path"),
    ],
)
def test_variables_stay_as_written(line: str, name: str, template: bool) -> None:
    requirement = only(line)
    assert (requirement.name, requirement.template) == (name, template)
    assert requirement.raw == line.removeprefix("-e ")
    assert requirement.constraint.text == ""


def test_hashes_belong_to_their_requirement() -> None:
    text = "a==1 --hash=sha256:aa \\\n    --hash sha512:bb\nb==2\n"
    assert [r.hashes for r in read(text).value.requirements] == [("sha256:aa", "sha512:bb"), ()]


@pytest.mark.parametrize(
    ("text", "raw", "line", "column"),
    [
        pytest.param("numpy==1 # why\n", "numpy==1", 1, 1, id="comment is left out"),
        pytest.param("\n\n  numpy >=1 ; os_name=='nt'\n", "numpy >=1 ; os_name=='nt'", 3, 3, id="indented"),
        pytest.param("numpy==1 --hash=sha256:aa\n", "numpy==1", 1, 1, id="options are left out"),
        pytest.param("-e ./x\n", "./x", 1, 4, id="after its option"),
        pytest.param("--editable=./x\n", "./x", 1, 12, id="after its long option"),
        pytest.param("-e './x y'\n", "./x y", 1, 5, id="inside quotes"),
        pytest.param("\\\n  numpy==1\n", "numpy==1", 2, 3, id="after a line of nothing"),
        pytest.param("\ufeffnumpy\n", "numpy", 1, 1, id="byte order mark"),
    ],
)
def test_place_is_where_the_entry_begins(text: str, raw: str, line: int, column: int) -> None:
    requirement = only(text)
    assert (requirement.raw, requirement.place) == (raw, Place("requirements.txt", 0, line, column))


def test_references_and_links_come_back_as_written() -> None:
    reading = read(
        "-r ../base.txt\n--constraint=c.txt\n-i https://i.example\n --extra-index-url https://e.example -f links\n"
    )
    assert [(r.kind, r.target, r.place.line, r.place.column) for r in reading.references] == [
        (ReferenceKind.REQUIREMENTS, "../base.txt", 1, 4),
        (ReferenceKind.CONSTRAINTS, "c.txt", 2, 14),
    ]
    assert [(link.kind, link.target, link.place.line, link.place.column) for link in reading.value.links] == [
        (LinkKind.INDEX, "https://i.example", 3, 4),
        (LinkKind.INDEX, "https://e.example", 4, 20),
        (LinkKind.FIND_LINKS, "links", 4, 41),
    ]


def test_reference_with_a_variable_is_said_not_to_be_read() -> None:
    reading = read("-r ${WHERE}/base.txt\n")
    assert reading.references == ()
    assert [problem.kind for problem in reading.problems] == [ProblemKind.NOT_READ]


@pytest.mark.parametrize(
    ("file", "group"),
    [
        pytest.param("requirements.txt", "", id="plain"),
        pytest.param("requirements.in", "", id="source of a lock"),
        pytest.param("Requirements.TXT", "", id="capitals"),
        pytest.param("reqs.txt", "", id="short"),
        pytest.param("requirement.txt", "", id="singular"),
        pytest.param("binder/requirements.txt", "", id="binder"),
        pytest.param("requirements-dev.txt", "dev", id="suffix"),
        pytest.param("requirements_test.txt", "test", id="suffix after an underscore"),
        pytest.param("requirements.docs.txt", "docs", id="suffix after a dot"),
        pytest.param("requirements-prod.txt", "", id="suffix that means everybody"),
        pytest.param("requirements.txt.in", "", id="two endings"),
        pytest.param("dev-requirements.txt", "dev", id="prefix"),
        pytest.param("docs/test_requirements.in", "test", id="prefix in a folder"),
        pytest.param("requirements/dev.txt", "dev", id="file in the folder"),
        pytest.param("requirements/base.txt", "", id="base in the folder"),
        pytest.param("a/requirements/requirements-main.txt", "", id="main in the folder"),
        pytest.param("constraints.txt", "", id="constraints"),
        pytest.param("py3-constraints.txt", "", id="constraints with a prefix"),
    ],
)
def test_file_is_claimed_and_its_name_tells_the_group(file: str, group: str) -> None:
    assert requirements_txt.claims(file)
    assert [r.group for r in read("numpy\n", file).value.requirements] == [group]


@pytest.mark.parametrize(
    "file",
    [
        "notes.txt",
        "requirements.md",
        "requirements",
        "requirements/README.md",
        "unconstraints.txt",
        "requirements.txt/x",
    ],
)
def test_other_files_are_not_claimed(file: str) -> None:
    assert not requirements_txt.claims(file)


def test_constraints_limit_and_do_not_govern() -> None:
    declaration = read("numpy<2\n", "constraints-py3.txt").value
    assert not declaration.governs
    assert [r.role for r in declaration.requirements] == [Role.CONSTRAINT]


def test_file_is_read_in_the_role_that_another_gives_it() -> None:
    file = RawFile("pins.txt", b"numpy<2\n")
    assert requirements_txt.read_as(file, Role.CONSTRAINT).value.requirements[0].role is Role.CONSTRAINT
    declared = requirements_txt.read_as(file, Role.DECLARED).value
    assert (declared.governs, declared.requirements[0].role, declared.requirements[0].group) == (
        True,
        Role.DECLARED,
        "",
    )


def test_ignore_comments_are_kept() -> None:
    (ignore,) = read("numpy\nscipy # envcheck: ignore[PIN001]\n").value.ignores
    assert (ignore.place.line, ignore.codes) == (2, ("PIN001",))


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_encoding_is_told(codec: str) -> None:
    reading = requirements_txt.read(RawFile("requirements.txt", "numpy==1 # Größe\n".encode(codec)))
    assert reading.problems == ()
    assert (reading.value.requirements[0].raw, reading.value.encoding) == ("numpy==1", codec)


@given(st.binary(max_size=80), st.sampled_from(list(Role)))
def test_reading_never_raises(data: bytes, role: Role) -> None:
    requirements_txt.read_as(RawFile("requirements.txt", data), role)


@given(st.text(alphabet="ab1.=<>!~[]();,@#$ {}\"'\\-/:+*\n\r\t\0é\u2028", max_size=80))
def test_reading_text_never_raises_and_places_are_exact(text: str) -> None:
    lines = text.splitlines()
    for requirement in read(text).value.requirements:
        line = lines[requirement.place.line - 1]
        assert line[requirement.place.column - 1 :].startswith(requirement.raw[:1])
