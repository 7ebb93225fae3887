"""Whatever somebody else wrote is shown as it is: in no format does it become markup, a command or a second finding."""

from __future__ import annotations

import json
import re
import unicodedata
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest
from markdown_it import MarkdownIt

from envcheck.model.report import Report
from envcheck.reporters.base import Look
from envcheck.reporters.catalogue import NAMES, reporter
from envcheck.reporters.github import summary
from envcheck.reporters.sanitize import sanitize
from tests.support.hostile import ATTACKS, hostile
from tests.support.runner import commands

HARMLESS = hostile("harmless")


def shown(name: str, report: Report) -> str:
    """Return a report as a file or a pipe gets it: what no UTF-8 can say is spelled out."""
    text = reporter(name).render(report, Look(verbosity=1))
    return text.encode("utf-8", "backslashreplace").decode()


@pytest.fixture(params=ATTACKS)
def attack(request: pytest.FixtureRequest) -> str:
    return ATTACKS[request.param]


@pytest.mark.parametrize("name", NAMES)
def test_nothing_invisible_gets_through(name: str, attack: str) -> None:
    text = shown(name, hostile(attack)).replace("\n", "")
    # The no-break space and its like are not printable for Python, and the characters of the templates are.
    assert {unicodedata.category(char) for char in text} & {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"} == set()


@pytest.mark.parametrize("name", NAMES)
def test_no_line_is_a_command_but_those_that_are_meant(name: str, attack: str) -> None:
    found = commands(shown(name, hostile(attack)).encode())
    assert [command.name for command in found] == (["error", "warning", "notice"] if name == "github" else [])


@pytest.mark.parametrize("name", ["concise", "github", "gitlab", "terminal", "table"])
def test_no_text_makes_a_line_more(name: str, attack: str) -> None:
    lines = [len(shown(name, report).splitlines()) for report in (hostile(attack), HARMLESS)]
    assert lines[0] == lines[1]


def test_annotations_say_what_they_are_meant_to(attack: str) -> None:
    for found, line in zip(commands(shown("github", hostile(attack)).encode()), ("17", "4", None), strict=True):
        assert set(found.properties) <= {"file", "line", "col", "title"}
        assert found.properties.get("line") == line
        assert found.properties["file"] == sanitize(attack)
        assert re.fullmatch(r"(COV001|PIN001|READ001) [a-z-]+", found.properties["title"])
        assert sanitize(f": {attack}")[2:500] in found.data


@pytest.mark.parametrize("name", ["json", "gitlab", "sarif"])
def test_json_has_the_shape_of_what_is_harmless(name: str, attack: str) -> None:
    text = shown(name, hostile(attack))
    assert text.isascii()
    assert _shape(json.loads(text)) == _shape(json.loads(shown(name, HARMLESS)))


def _shape(value: object) -> object:
    if isinstance(value, dict):
        return {key: _shape(part) for key, part in value.items() if key != "fixes"}
    return [_shape(part) for part in value] if isinstance(value, list) else type(value).__name__


def test_fixes_of_sarif_write_the_very_text_or_are_none(attack: str) -> None:
    run = json.loads(shown("sarif", hostile(attack)))["runs"][0]
    (fixes,) = [result["fixes"] for result in run["results"] if "fixes" in result] or [[]]
    written = [new["insertedContent"]["text"] for fix in fixes for new in fix["artifactChanges"][0]["replacements"]]
    assert written == ([] if "\ud800" in attack else [attack])


@pytest.mark.parametrize("name", ["gitlab", "sarif"])
def test_json_for_services_holds_characters_alone(name: str, attack: str) -> None:
    json.dumps(json.loads(shown(name, hostile(attack))), ensure_ascii=False).encode("utf-8")


def test_messages_of_sarif_have_no_links_and_no_placeholders(attack: str) -> None:
    run = json.loads(shown("sarif", hostile(attack)))["runs"][0]
    for result in run["results"]:
        assert not re.search(r"\]\(|(?<!\{)\{\d+\}", result["message"]["text"])
        assert re.fullmatch(
            r"[A-Za-z0-9_.~%/-]*", result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        )


def test_junit_is_xml_of_the_same_shape(attack: str) -> None:
    suites = ET.fromstring(shown("junit", hostile(attack)))
    assert [element.tag for element in suites.iter()] == [
        element.tag for element in ET.fromstring(shown("junit", HARMLESS)).iter()
    ]
    assert {"numbers": suites.get("tests"), "failures": suites.get("failures")} == {"numbers": "3", "failures": "2"}


class _Tags(HTMLParser):
    """The tags of a document with their attributes' names, and the scripts and styles in it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, tuple[str, ...]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, tuple(sorted(name for name, _ in attrs))))

    def handle_comment(self, data: str) -> None:
        self.tags.append(("comment", ()))


def test_html_has_the_tags_and_attributes_of_what_is_harmless(attack: str) -> None:
    assert _Tags(shown("html", hostile(attack))).tags == _Tags(shown("html", HARMLESS)).tags


@pytest.mark.parametrize("render", [lambda report: shown("markdown", report), summary], ids=["comment", "summary"])
def test_markdown_has_the_structure_of_what_is_harmless(render: object, attack: str) -> None:
    assert callable(render)
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    texts = [parser.render(render(report)) for report in (hostile(attack), HARMLESS)]
    # A code span that would be of blanks alone is left out.
    assert _Tags(texts[0]).tags == _Tags(texts[1]).tags


def test_what_was_read_stands_in_code_alone_where_services_would_link_and_mention() -> None:
    text = MarkdownIt("commonmark", {"html": True}).render(shown("markdown", hostile(ATTACKS["mention"])))
    assert not re.search(r"@octocat|#12|evil\.example", re.sub(r"<code>.*?</code>", "", text, flags=re.DOTALL))
