from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from envcheck.model.urls import has_credentials, normalize_url, redact


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("https://ann:s3cret@index.example/simple", "https://***@index.example/simple", id="password"),
        pytest.param("https://ann:p@ss@index.example/x", "https://***@index.example/x", id="password with an at"),
        pytest.param(
            "pkg @ git+https://ghp_abc@host.example/a/b@v1",
            "pkg @ git+https://***@host.example/a/b@v1",
            id="token in a line",
        ),
        pytest.param("git+ssh://git@host.example/a/b", "git+ssh://git@host.example/a/b", id="the user git"),
        pytest.param(
            "https://${USER}:${TOKEN}@host.example/a", "https://${USER}:${TOKEN}@host.example/a", id="variables"
        ),
        pytest.param(
            "https://host.example/a?x=1&access_token=abc&y=2",
            "https://host.example/a?x=1&access_token=***&y=2",
            id="parameter",
        ),
        pytest.param(
            "https://host.example/a?X-Amz-Signature=abc#f",
            "https://host.example/a?X-Amz-Signature=***#f",
            id="signed link",
        ),
        pytest.param("https://conda.example/t/ab-12/channel", "https://conda.example/t/***/channel", id="conda token"),
        pytest.param(
            "https://host.example/a#sha256=00ff", "https://host.example/a#sha256=00ff", id="hash is no secret"
        ),
        pytest.param("a@b.example c:d@e", "a@b.example c:d@e", id="no url"),
        pytest.param(
            "https://a:b@x.example https://c:d@y.example", "https://***@x.example https://***@y.example", id="two urls"
        ),
    ],
)
def test_redact_hides_secrets_alone(text: str, shown: str) -> None:
    assert redact(text) == shown


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        pytest.param("https://ann:s3cret@index.example/simple", True, id="password"),
        pytest.param("https://ghp_0123456789abcdefghij@host.example/a", True, id="token as user"),
        pytest.param("https://ghp_0123456789abcdefghij:x-oauth-basic@host.example/a", True, id="token before colon"),
        pytest.param("https://${GITHUB_ACCESS_TOKEN}:x-oauth-basic@host.example/a", False, id="variable before colon"),
        pytest.param("https://ann@host.example/a", False, id="user name"),
        pytest.param("https://ann:@host.example/a", False, id="empty password"),
        pytest.param("https://ann:${TOKEN}@host.example/a", False, id="variable"),
        pytest.param("https://ann:<token>@host.example/a", False, id="placeholder"),
        pytest.param("git+ssh://git@host.example/a", False, id="ssh"),
        pytest.param("git@host.example:a/b.git", False, id="scp-like"),
        pytest.param("https://host.example/a?token=abc", True, id="parameter"),
        pytest.param("https://host.example/a?token=${T}", False, id="parameter from a variable"),
        pytest.param("https://conda.example/t/ab-12/channel", True, id="conda token"),
        pytest.param("https://conda.example/t/<TOKEN>/channel", False, id="conda placeholder"),
        pytest.param("https://host.example/a", False, id="plain"),
        pytest.param("", False, id="nothing"),
    ],
)
def test_credentials_are_what_must_not_be_shared(url: str, expected: bool) -> None:
    assert has_credentials(url) is expected


@pytest.mark.parametrize(
    "url",
    [
        "https://host.example/a/b",
        "https://host.example/a/b/",
        "https://HOST.example:443/a/b.git",
        "git+https://ann:s3cret@host.example/a/b.git#egg=b",
        "git+ssh://git@host.example/a/b.git",
        "git@host.example:a/b.git",
        "http://host.example/a%2Fb",
    ],
)
def test_one_repository_has_one_normal_form(url: str) -> None:
    assert normalize_url(url) == "host.example/a/b"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        pytest.param("file:///wheels/a-1-py3-none-any.whl", "/wheels/a-1-py3-none-any.whl", id="file url"),
        pytest.param("/wheels/a", "/wheels/a", id="path"),
        pytest.param("../a", "../a", id="relative path"),
        pytest.param(r"C:\wheels\a", r"c:\wheels\a", id="windows drive"),
        pytest.param("https://host.example/t-1%2Bcu121.whl", "host.example/t-1+cu121.whl", id="escaped plus"),
        pytest.param("https://host.example/A", "host.example/A", id="paths keep their case"),
        pytest.param("https://host.example/a?b=1", "host.example/a?b=1", id="query"),
    ],
)
def test_normal_form_of_other_locations(url: str, expected: str) -> None:
    assert normalize_url(url) == expected


@given(st.text(alphabet="ab:/@?&=#t $ken{}<>*.", max_size=60))
def test_redacting_is_settled_at_once_and_leaves_no_credentials(text: str) -> None:
    once = redact(text)
    assert redact(once) == once
    assert not has_credentials(once)
