"""Requirements files that try out pip's grammar say to us what they say to pip 26.3."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.pip_reading import Facts, by_pip, by_us

pytestmark = pytest.mark.tools

COMMIT = "0123456789abcdef0123456789abcdef01234567"
CASES = {
    "names and versions": "numpy\npandas==2.1.4\nscipy>=1,<2\nsix~=1.16\nrequests!=2.0\nattrs===23.1\npytz==2023.*\n",
    "blanks in a specifier": "numpy >= 1.20 , < 2\nscipy == 1.11.4\n  indented==1\n\ttabbed==1\n",
    "parenthesised versions": "numpy (>=1.20,<2)\nscipy (==1.11)\n",
    "local, epoch, pre and post versions": "torch==2.1.0+cu121\nx==1!2.0\ny==2.0rc1\nz==1.0.post1\nw>=1.0.dev3\n",
    "extras": "uvicorn[standard]==0.24\nx[a,b] >=1\ny [ a , b ]\nz[]\nrequests[Security_Extra]\n",
    "markers": "a==1; python_version < '3.8'\n"
    "b ; sys_platform == \"win32\" and (os_name=='nt' or extra == 'x')\nc==2;\n",
    "refused markers": "a==1; python_version\nb; nonsense == '1'\nok\n",
    "comments": "# one\nnumpy # two\npandas==2#three\n   # four\nscipy==1 ## five\n#\n",
    "comment marks in URLs": f"git+https://host.example/a/b.git@{COMMIT}#egg=b\n"
    "https://host.example/x.zip#egg=x # why\n",
    "continued lines": "numpy\\\n==1.2\npandas \\\n  >=2 \\\n  ,<3\nscipy\n",
    "continued into a comment": "numpy \\\n# comment\npandas\n",
    "comment that ends in a backslash": "# comment \\\nnumpy\nscipy # comment \\\npandas\nsix\n",
    "indented comment in a continuation": "numpy==1 \\\n   # via x \\\npandas\n",
    "continuation at the end of the file": "numpy\npandas \\",
    "backslashes at both ends": "\\\nnumpy\\\\\\\n==1\n",
    "hashes": f"six==1 --hash=sha256:{'a' * 64} \\\n  --hash=sha512:bb --hash sha384:cc\nnumpy==1 --hash 'sha256:dd'\n",
    "hash without a requirement": f"--hash=sha256:{'a' * 64}\nsix\n",
    "config settings": "six==1 --config-settings='--global-option=x' -C a=b\nnumpy -Ca=b --config-set x=y\n",
    "global options": "-i https://index.example/simple\n--extra-index-url=https://index.example/2\n--no-index\n--pre\nsix\n",
    "more global options": "--no-binary :all:\n--only-binary=six,numpy\n"
    "--trusted-host h\n-f links/ --prefer-binary\nsix\n",
    "abbreviated options": "--find links\n--extra https://index.example\n--requirem nested/base.txt\nsix\n",
    "options after a requirement": "torch --index-url https://index.example\nnumpy -r nested/base.txt\nsix --pre\n",
    "words after options": "-e ./pkg six\n- numpy\n-- numpy\nsix==1 --hash=sha256:aa ; python_version<'3'\n",
    "nested files": "-r nested/base.txt\n--requirement=nested/more.txt\n-c constraints.txt\n-cconstraints.txt\nsix\n",
    "two nested files on a line": "-r nested/base.txt -r nested/more.txt\n-c constraints.txt -r nested/more.txt\n",
    "editable paths": "-e ./pkg\n-e .\n--editable=./pkg[a,B]\n-e 'pkg'\n-e file:./pkg\n",
    "editable repositories": f"-e git+https://host.example/a/b.git@{COMMIT}#egg=b\n-e git+ssh://git@host.example/a/b#egg=c\n"
    "-e git://host.example/a.git#egg=d\n-e 'e @ git+https://host.example/e@main#subdirectory=x'\n-e hg+http://h.example/x#egg=f\n",
    "refused editables": "-e git+https://host.example/a/b.git\n-e https://host.example/x.zip#egg=x\n"
    "-e git@host.example:a/b\nsix\n",
    "repositories": "git+https://host.example/a/b.git@v1.0#egg=b&subdirectory=src/b\n"
    "c @ git+https://user:pass@host.example/a/c.git@release/1.x\nsvn+https://host.example/svn/x@42#egg=x\n",
    "repositories without name": "git+https://host.example/a/b.git\ngit+file:///srv/repo@main\n",
    "egg fragments": "git+https://host.example/a#subdirectory=x&egg=b_c.d\ngit+https://host.example/b#egg=b[x]\n"
    "git+https://host.example/c#egg=c==1\n",
    "archives by URL": f"https://host.example/x-1.0.tar.gz#sha256={'b' * 64}\nx @ https://host.example/x.zip#md5=cc\n"
    "ftp://host.example/y.tgz#egg=y\nhttps://host.example/z.zip\n",
    "wheels by URL": "https://host.example/my_pkg-1.0-py3-none-any.whl\nhttps://host.example/my_pkg.whl\n"
    "https://host.example/torch-2.1.0%2Bcu121-cp311-cp311-linux_x86_64.whl\n",
    "URLs with markers": "x @ https://host.example/x.zip ; python_version > '3'\n"
    "https://host.example/y.zip;z ; os_name == 'nt'\n",
    "paths": "./pkg\npkg/\n./pkg[a,B]\n./pkg ; python_version > '3'\n../{folder}/pkg\n",
    "archives by path": "dist/x-1.0.tar.gz\nx-1.0.zip\nmy_pkg-1.0-py3-none-any.whl\n"
    "./my_pkg-2.0-py3-none-any.whl[a]\nbad.whl\n",
    "file URLs": "file:///srv/dist/x-1.0.tar.gz\nx @ file:///croot/x_123/work\nfile:///srv/y-1.0-py3-none-any.whl#sha256=aa\n",
    "lines that pip refuses": "numpy=1.2\nnumpy==\nnumpy 1.2\n<<<<<<< HEAD\n"
    '=======\n"six",\nsix\n>=1\nnumpy>=1<2\n@x\na b\n',
    "versions that pip refuses": "pytz==2004d\nx>=1.*\ny~=1\nz===\nw=>1\nsix==1.0,\nsix==1.0-foo\n",
    "quotes in an entry": "'numpy==1'\n\"six\"\nsix\n",
    "signs in names": "under_score==1\ndotted.name==1\ndashed-name==1\nMiXed==1\n-dash\n".replace("-dash\n", ""),
    "names that pip refuses": "_x==1\nx-==1\n.x\nx/y\n\\x\nnaïve==1\nsix\n",
    "line ends of all sorts": "a==1\r\nb==2\rc==3\x0bd==4\x0ce==5\x85f==6\u2028g==7\n",
    "blanks of all sorts": "a\u00a0==1\nb\u3000# no\nc==1\u00a0\n\ufeffd==1\n",
    "byte order mark": "\ufeffnumpy==1\nsix\n",
}
BAD_OPTIONS = {
    "unknown option": "--frobnicate\nsix\n",
    "unknown letter": "-z\n",
    "ambiguous option": "--no\n",
    "value for a switch": "--pre=yes\n",
    "value missing": "six\n-r\n",
    "hash without algorithm": "six==1 --hash=abc\n",
    "hash with a weak algorithm": "six==1 --hash=md5:abc\n",
    "settings without value": "six -C a\n",
    "open quote": "-r 'base.txt\n",
    "backslash before nothing": "six -C a=b \\ \\\n",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a project whose paths exist, for pip looks at the disk."""
    root = tmp_path_factory.mktemp("project")
    (root / "pyproject.toml").write_text("[project]\nname='root'\nversion='1'\n", encoding="utf-8")
    (root / "pkg").mkdir()
    (root / "pkg" / "pyproject.toml").write_text("[project]\nname='pkg'\nversion='1'\n", encoding="utf-8")
    (root / "nested").mkdir()
    (root / "nested" / "base.txt").write_text("attrs==23.1\n-r more.txt\n", encoding="utf-8")
    (root / "nested" / "more.txt").write_text("idna>=3\n", encoding="utf-8")
    (root / "constraints.txt").write_text("urllib3<2\ncertifi==2023.7.22 # why\n", encoding="utf-8")
    return root


def both(folder: Path, text: str, *, constraint: bool = False) -> tuple[Facts, Facts]:
    file = folder / "requirements.txt"
    file.write_text(text.replace("{folder}", folder.name), encoding="utf-8", newline="")
    return by_us(file, constraint=constraint), by_pip(file, constraint=constraint)


@pytest.mark.parametrize("text", CASES.values(), ids=CASES.keys())
def test_file_says_what_it_says_to_pip(text: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    ours, theirs = both(folder, text)
    assert theirs.stopped == ""
    assert ours.requirements == theirs.requirements
    assert ours.refused == theirs.refused


@pytest.mark.parametrize("text", BAD_OPTIONS.values(), ids=BAD_OPTIONS.keys())
def test_option_that_stops_pip_is_refused(text: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    ours, theirs = both(folder, text)
    assert theirs.stopped
    assert len(ours.refused) == 1


@pytest.mark.parametrize(
    "text",
    ["numpy<2\nsix==1 ; python_version > '3'\nx @ https://host.example/x.zip\n", "-e ./pkg\n-r nested/base.txt\n"],
)
def test_constraints_say_what_they_say_to_pip(text: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    ours, theirs = both(folder, text, constraint=True)
    assert ours.requirements == theirs.requirements
    assert ours.refused == theirs.refused


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-32", "latin-1"])
def test_encodings_are_pips(codec: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    file = folder / "requirements.txt"
    file.write_bytes(f"# -*- coding: {codec} -*-\nnumpy==1.2  # Größe\n".encode(codec))
    assert by_us(file).requirements == by_pip(file).requirements != {}


NAMES = st.sampled_from(["numpy", "Pandas", "a.b", "x-y_z", "q", "3d", "-bad", "bad-", "é", "foo.zip"])
EXTRAS = st.sampled_from(["", "", "[a]", "[a,b]", " [ c ]", "[]", "[", "[a b]"])
VERSIONS = st.sampled_from(
    [
        "",
        "==1.2",
        ">=1,<2",
        " ~= 1.4 ",
        "!=1.*",
        "===x",
        "==",
        "=1",
        "1.0",
        "(>1)",
        "<1;",
        " @ https://host.example/a.zip#egg=b",
    ]
)
MARKERS = st.sampled_from(["", "", ";python_version<'3'", " ; os_name == \"nt\" or extra=='x'", ";bad", "; ("])
OPTIONS = st.sampled_from(
    ["", "", " --hash=sha256:ab", " --hash 'sha512:c d'", " -C a=b", " --pre word", "\t--hash=sha256:a"]
)
ENDS = st.sampled_from(
    ["\n", "\n", " # note\n", "#x\n", "\\\n", " \\\n", "\\\\\n", " \\\n# note\n", "\r\n", "\\\r\n", "\n\n", ""]
)
URLS = st.sampled_from(
    [
        "git+https://host.example/a@v1#egg=a&subdirectory=b",
        "git+ssh://git@host.example/a.git",
        "https://host.example/a-1.0-py3-none-any.whl",
        "http://host.example/a.tar.gz#sha256=ab",
        "-e git+https://host.example/a#egg=a",
        "-e ./pkg[x]",
        "./pkg",
        "# note",
        "-r nested/base.txt ",
        "-i https://index.example",
    ]
)
LINES = st.one_of(
    st.tuples(NAMES, EXTRAS, VERSIONS, MARKERS, OPTIONS, ENDS).map("".join),
    st.tuples(URLS, MARKERS, OPTIONS, ENDS).map("".join),
)


@settings(
    max_examples=300, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(lines=st.lists(LINES, min_size=1, max_size=4))
def test_any_mixture_says_what_it_says_to_pip(lines: list[str], folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    ours, theirs = both(folder, "".join(lines))
    if theirs.stopped:
        assert ours.refused
    else:
        assert ours.requirements == theirs.requirements
        assert ours.refused == theirs.refused
