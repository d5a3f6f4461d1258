"""Whatever a file holds, it is read or refused with one of its lines."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from articles.files.markdown.parsing import BadFile, ImportedArticle, parse
from articles.text import richtext
from tests.articles.importing.files import HEAD, REFERENCE

PIECES = st.sampled_from(
    [
        *[
            "---\n",
            "title: x\n",
            "kind: topic\n",
            "references:\n",
            "  - {id: a}\n",
            "## H\n",
            "# ",
            "### ",
            "- ",
            "1. ",
        ],
        *[
            "10. ",
            "::: carer\n",
            ":::\n",
            "Table: x\n",
            "| a | b |\n",
            "|---|---|\n",
            "| c |\n",
            "|",
            "[@a]",
            "[@",
            "[^1]",
            "[^1]: x\n",
            "|  |  |\n",
        ],
        *[
            "[a]: b\n",
            "[x](y)",
            "![",
            "<https://a.b>",
            "<b>",
            "~x~",
            "^x^",
            "*",
            "_",
            "`",
            "&#12;",
            "&amp;",
            "\\",
            "> ",
        ],
        *["    ", "\t", "\n", "{urgent}", "***\n", "&x ", "*x ", "!!a ", ": ", "'", '"', "[", "]", "{", "}", "a", "é"],
        *["\u0301", "\0", "\r", "\u2028", "\u200b"],
    ]
)


def outcome(data: bytes) -> ImportedArticle | str:
    try:
        return parse(data)
    except BadFile as error:
        return str(error)


def no_floats(value) -> bool:
    if isinstance(value, dict):
        return all(map(no_floats, value.values()))
    return all(map(no_floats, value)) if isinstance(value, list) else isinstance(value, str | int)


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.binary(), st.text().map(str.encode)))
def test_any_bytes_are_read_or_refused(data):
    assert outcome(data)


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=40).map("".join), st.lists(PIECES, max_size=15).map("".join))
def test_any_pieces_of_markdown_are_read_or_refused_with_a_line_of_the_file(body, head):
    for data in (f"{HEAD}{REFERENCE}---\n{body}", f"{HEAD}{head}---\n{body}", f"{head}{body}"):
        said = outcome(data.encode())

        lines = data.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
        if isinstance(said, str):
            assert 1 <= int(said.removeprefix("Line ").partition(":")[0]) <= lines
            assert "cannot be stored as it is written" not in said or "\u0301" in data
        else:
            assert all(richtext.clean(section.body) == section.body for section in said.sections)


@settings(max_examples=150, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_any_value_in_a_reference_is_read_or_refused(value):
    for written in (value, json.dumps(value), f"[{value}]", f"{{{value}}}"):
        for field in ("title", "author", "issued", "DOI", "PMID", "custom"):
            said = outcome(f"{HEAD}references:\n  - id: a\n    {field}: {written}\n---\nA [@a].".encode())
            assert isinstance(said, str) or no_floats(said.references[0].csl)
