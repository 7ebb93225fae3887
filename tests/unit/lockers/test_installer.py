"""What an installer may be asked for: names, versions and URLs that can be nothing else."""

from __future__ import annotations

import pytest

from envcheck.lockers.installer import refusal, requirements_of
from envcheck.model.errors import UserError
from envcheck.model.restoring import Wanted

SHA = "sha256:" + "0" * 64
COMMIT = "a" * 40
REFUSED = {
    "an option as a name": Wanted("--index-url=https://evil.example", "1"),
    "a short option as a name": Wanted("-e", "1"),
    "escape sequences": Wanted("al\x1b[2Jpha", "1"),
    "a name that is not normal": Wanted("Alpha_X", "1"),
    "a path as a name": Wanted("./alpha", "1"),
    "a name with an extra": Wanted("alpha[all]", "1"),
    "no name": Wanted("", "1"),
    "no version": Wanted("alpha", ""),
    "an option behind a version": Wanted("alpha", "1 --pre"),
    "a second line": Wanted("alpha", "1\nbeta==2"),
    "a wildcard": Wanted("alpha", "1.*"),
    "a marker": Wanted("alpha", "1;python_version>'3'"),
    "a command": Wanted("alpha", "$(id)"),
    "a password": Wanted("alpha", "", "https://ada:s3cret-token-of-ada@index.example/alpha.whl"),
    "a variable": Wanted("alpha", "", "https://index.example/${AWS_SECRET_ACCESS_KEY}/alpha.whl"),
    "a joined line": Wanted("alpha", "", "https://index.example/\\"),
    "a blank": Wanted("alpha", "", "https://index.example/a --pre"),
    "a file": Wanted("alpha", "", "file:///etc/passwd"),
    "a repository on disk": Wanted("alpha", "", "git+file:///srv/alpha"),
    "a transport that runs commands": Wanted("alpha", "", "git+ext://sh/-c/id"),
    "a host that is an option": Wanted("alpha", "", "git+ssh://-oProxyCommand=id/alpha"),
    "a revision that is an option": Wanted("alpha", "", "git+https://git.example/alpha@--upload-pack=id"),
    "no host": Wanted("alpha", "", "https:///alpha.whl"),
}
ACCEPTED = {
    "a version": (Wanted("alpha-x", "1!2.0rc1.post2.dev3"), "alpha-x==1!2.0rc1.post2.dev3"),
    "a local build": (Wanted("torch", "2.4.1+cu121"), "torch==2.4.1+cu121"),
    "an archive": (
        Wanted("alpha", "", f"https://index.example/alpha-1.tar.gz#{SHA.replace(':', '=')}"),
        f"alpha @ https://index.example/alpha-1.tar.gz#{SHA.replace(':', '=')}",
    ),
    "a repository": (
        Wanted("alpha", "", f"git+ssh://git@git.example/ada/alpha.git@{COMMIT}#subdirectory=py"),
        f"alpha @ git+ssh://git@git.example/ada/alpha.git@{COMMIT}#subdirectory=py",
    ),
    "a port": (
        Wanted("alpha", "", "http://127.0.0.1:8080/a%20b/alpha-1-py3-none-any.whl"),
        "alpha @ http://127.0.0.1:8080/a%20b/alpha-1-py3-none-any.whl",
    ),
    "a hash": (Wanted("alpha", "1", hashes=(SHA,)), f"alpha==1 --hash={SHA}"),
}


@pytest.mark.parametrize("wanted", REFUSED.values(), ids=REFUSED.keys())
def test_what_could_be_read_otherwise_is_refused(wanted: Wanted) -> None:
    reason = refusal(wanted)
    assert reason
    assert "s3cret" not in reason
    with pytest.raises(UserError, match="refused: "):
        requirements_of([Wanted("beta", "1"), wanted])


@pytest.mark.parametrize(("wanted", "line"), ACCEPTED.values(), ids=ACCEPTED.keys())
def test_what_is_right_is_written_on_a_line(wanted: Wanted, line: str) -> None:
    assert refusal(wanted) == ""
    assert requirements_of([wanted]) == f"{line}\n"


def test_hashes_are_for_all_or_for_none() -> None:
    assert requirements_of([Wanted("a", "1", hashes=(SHA,)), Wanted("b", "2")]) == "a==1\nb==2\n"


def test_a_hash_that_is_none_is_refused() -> None:
    with pytest.raises(UserError, match="is no hash"):
        requirements_of([Wanted("a", "1", hashes=("sha256:0 --pre",))])
