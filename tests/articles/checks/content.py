"""The content of texts by which rules are shown to find something, or nothing."""

import json

from tests.articles.frozen import LABELS, lead, section, version

AUTHOR = {"name": "Ada Example", "credentials": "MD", "orcid": "", "role": "author"}
FACTS = {
    "kind": "topic",
    "title": "A fever",
    "risk": "standard",
    "contributors": [AUTHOR],
    "topics": [{"name": "Infection", "slug": "infection"}],
    "ai_use": {"level": "none", "note": ""},
    "disclaimers": {key: {"number": 1, "sha256": ""} for key in LABELS},
    "figures": [],
}


def content(*sections, works=None, **more):
    """Return a frozen text without a finding of structure or governance. `works` are CSL by key."""
    references = [{"key": key, "csl": json.dumps(csl)} for key, csl in (works or {}).items()]
    return version(*(sections or [lead()]), **{**FACTS, "references": references, **more})


def text(words, **more):
    """Return such a text with these words, or this HTML, as its lead."""
    return content(lead(words if words.startswith("<") else f"<p>{words}</p>"), **more)


def body(words, **more):
    """Return such a text with a lead, and these words or this HTML in a section."""
    return content(lead(), section(body=words if words.startswith("<") else f"<p>{words}</p>"), **more)


def example(given):
    """Return the content of an example: its words alone stand for a text for the public, in English."""
    return text(given) if isinstance(given, str) else given
