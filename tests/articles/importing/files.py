"""Small Markdown files with front matter, and what is read of them or said against them."""

import pytest

from articles.files.markdown.parsing import BadFile, ImportedArticle, parse

HEAD = "---\ntitle: Bowel cancer\nkind: topic\nai_use: none\n"
REFERENCE = "references:\n  - {id: one, title: First}\n  - {id: two, title: Second}\n"


def article(body="Text.", head="") -> ImportedArticle:
    return parse(f"{HEAD}{head}---\n{body}\n".encode())


def body_of(text: str, head="") -> str:
    return article(text, head).sections[0].body


def csl_of(fields: str) -> dict:
    return article("Text [@x].", f"references:\n  - {{id: x, {fields}}}\n").references[0].csl


def refusal(data) -> str:
    with pytest.raises(BadFile) as caught:
        parse(data if isinstance(data, bytes) else data.encode())
    return str(caught.value)
