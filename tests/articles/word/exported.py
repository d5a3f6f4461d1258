"""Articles as Word files of ours, and such files after somebody has changed them in Word."""

import hashlib
import io
import json
import zipfile

from lxml import etree

from articles.files.drafts.as_content import of_file
from articles.files.exporting.documents.docx import Beside, docx
from articles.files.imported import ImportedArticle
from articles.files.markdown.parsing import parse as parse_markdown
from articles.files.word.parsing import parse
from articles.text import richtext
from tests import factories
from tests.articles.word.files import W

AUDIENCES = {"public": "Public", "carer": "Carer", "professional": "Professional"}
SITE = "https://imprimatur.example"
NAMES = {"w": W, "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"}
PICTURE = factories.png()
TEXT = """---
title: On nodes
kind: topic
slug: on-nodes
topics: [Oncology]
audience: public
ai_use: assisted
ai_note: A program proposed the headings.
references:
  - {id: smith2020, type: article-journal, title: Nodes, author: ["Smith, Ann"], issued: 2020-03, DOI: 10.5555/nodes}
---
Nodes swell [@smith2020].

## Doses

Give 5 mg.

::: carer
Give a spoonful.
:::

## When to call {help_now}

- Call 999 at once.
"""


def content_of(text: str = TEXT) -> dict:
    return of_file(parse_markdown(text.encode()), AUDIENCES)


def with_body(body: str, **more) -> dict:
    """Return the content of an article with this body, in a wording too, with all works and figures that it names."""
    stored = richtext.storable(body)
    section = {"key": "a", "role": "help_now", "heading": "Doses", "body": stored, "wordings": {}}
    worded = section | {"key": "b", "heading": "Others", "role": "body"}
    worded |= {"wordings": {"carer": {"heading": "", "body": stored}}}
    works = [
        {"key": key, "csl": json.dumps({"title": f"On {key}", "type": "book"})} for key in richtext.cited_keys(stored)
    ]
    figures = [figure(key) for key in richtext.figure_keys(stored)]
    return content_of() | {"sections": [section, worded], "references": works, "figures": figures} | more


def figure(key: str, **words) -> dict:
    digest = hashlib.sha256(PICTURE).hexdigest()
    file = {"width": 1000, "height": 500, "sha256": digest}
    told = {"alt": "A disc in the middle", "caption": "A disc", "source": "Own drawing", "licence": "CC BY 4.0"}
    return {"key": key, "media_type": "image/png", **file, "files": [file], **told, **words}


def written(content: dict, **more) -> bytes:
    """Return the Word file of a content; it is refused if it would not be read as the same."""
    files = {hashlib.sha256(PICTURE).hexdigest(): PICTURE}
    beside = Beside("Draft, not reviewed", [("Topics", "Oncology")], [("Digest", "abc")], [("Public", "See a doctor.")])
    return docx(content, slug="on-nodes", site=SITE, files=files, **{"beside": beside, **more})


def read(data: bytes) -> ImportedArticle:
    return parse(data, audiences=frozenset(AUDIENCES))


def part(data: bytes, name: str = "word/document.xml"):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return etree.fromstring(archive.read(name))


def with_parts(data: bytes, **parts: bytes) -> bytes:
    """Return the file with other bytes for these parts, named without folder and ending."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            key = name.rpartition("/")[2].removesuffix(".xml")
            new.writestr(name, parts.get(key) or old.read(name))
    return made.getvalue()


def edited(data: bytes, *changes: tuple[str, str]) -> bytes:
    """Return the file after these words were replaced by others in Word."""
    root = part(data)
    for old, new in changes:
        found = [one for one in root.iter(f"{{{W}}}t") if old in (one.text or "")]
        assert found
        for one in found:
            one.text = one.text.replace(old, new)
    return with_parts(data, document=etree.tostring(root))


def without(data: bytes, words: str) -> bytes:
    """Return the file after the paragraphs with these words were deleted in Word."""
    root = part(data)
    found = [one for one in root.iter(f"{{{W}}}p") if words in "".join(one.itertext())]
    assert found
    for one in found:
        one.getparent().remove(one)
    return with_parts(data, document=etree.tostring(root))
