"""Any whole draft comes back equal from Markdown and from Word, or is refused with a sentence."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles.files.drafts.as_content import of_file
from articles.files.exporting.documents.docx import Beside, docx
from articles.files.exporting.documents.markdown import CannotBeWritten, markdown
from articles.files.markdown.parsing import parse as parse_markdown
from articles.files.word.parsing import parse as parse_word
from articles.text import richtext
from articles.text.canonical import canonical
from articles.text.plain.markup import in_plain_text
from articles.text.plain.plaintext import tidy
from tests.articles.redline.texts import documents

AUDIENCES = {"public": "Public", "carer": "Carer", "professional": "Professional"}
TOPICS = ["Oncology", "Surgery", "Ear, nose and throat"]
SIGNS = "abcXYZ éßøμ 059 .,:;!?()–—“”’%&+=<>≥#*_~^`|@[]{}\\/'\"-"
LINE = (
    st.text(SIGNS, min_size=1, max_size=40)
    .map(tidy)
    .filter(lambda text: any(sign.isalpha() for sign in text) and not in_plain_text(text))
)
HEADING = st.one_of(LINE, st.sampled_from(["Key points", "Summary", "Doses", "Doses", "When to call {help_now}"]))
ROLES = ["body", "summary", "urgent", "help_now", "help_today", "help_soon"]
BODY = st.one_of(documents, st.just("<p>Then check 10 mg.</p>")).map(richtext.storable).filter(bool)
CLEAR = (  # what Markdown and Word have no form for; that a text would be read otherwise is no reason
    "a table of Markdown has at most one row of headers, and plain cells",
    "a table of Markdown has no merged cells",
    "two numbered lists that follow each other are one list in Markdown",
    "would become a list with one item, but the sentence above is not finished",
    "a cell of a table reaches below its rows",
    "an item of a list of Markdown begins with words",
    "an item of a list of Word begins with words",
    "cells of a table overlap",
    "a raised sign of Word cannot",
)


@st.composite
def sections(draw):
    found = []
    for number in range(draw(st.integers(1, 4))):
        is_lead = number == 0 and draw(st.booleans())
        keys = draw(st.lists(st.sampled_from(["carer", "professional"]), unique=True, max_size=2))
        wordings = {
            key: {"heading": draw(st.one_of(st.just(""), LINE)) if not is_lead else "", "body": draw(BODY)}
            for key in sorted(keys)
        }
        topic = draw(st.sampled_from(["", "", *TOPICS]))
        found.append(
            {
                "key": f"section-{number + 1}",
                "role": "lead" if is_lead else draw(st.sampled_from(ROLES)),
                "heading": "" if is_lead else draw(HEADING),
                "body": draw(BODY),
                "wordings": wordings,
                **({"topic": topic} if topic else {}),
            }
        )
    return found


@st.composite
def contents(draw):
    parts = draw(sections())
    bodies = [body for part in parts for body in (part["body"], *(one["body"] for one in part["wordings"].values()))]
    keys = sorted({key for body in bodies for key in richtext.cited_keys(body)})
    reason = draw(st.one_of(st.just(""), LINE))
    works = [
        {"key": key, "csl": canonical({"type": "book", "title": f"On {key}"}), **(
            {"although_retracted": reason} if reason else {})}
        for key in keys
    ]  # fmt: skip
    return {
        "kind": draw(st.sampled_from(["topic", "question"])),
        "language": draw(st.sampled_from(["en", "de"])),
        "title": draw(LINE),
        "risk": draw(st.sampled_from(["standard", "high"])),
        "written_for": "public",
        "ai_use": {"level": "assisted", "note": draw(st.one_of(st.just(""), LINE))},
        "audiences": [{"key": key, "label": label} for key, label in AUDIENCES.items()],
        "topics": [{"name": name, "slug": name} for name in TOPICS],
        "contributors": [{"name": "-", "credentials": "-", "orcid": "", "role": "author"}],
        "sections": parts,
        "references": works,
        "figures": [],
        "disclaimers": {key: {} for key in AUDIENCES},
    }


def through_markdown(content) -> dict:
    return of_file(parse_markdown(markdown(content, slug="any", status="Draft").encode()), AUDIENCES)


def through_word(content) -> dict:
    beside = Beside("Draft, not reviewed", details=[("Topics", "Oncology")])
    data = docx(content, slug="any", site="https://imprimatur.example", beside=beside, files={})
    return of_file(parse_word(data, audiences=frozenset(AUDIENCES)), AUDIENCES)


def in_stored_form(content) -> str:
    works = sorted(content["references"], key=lambda row: row["key"])
    return json.dumps({**content, "references": works}, sort_keys=True)


@pytest.mark.parametrize("through", [through_markdown, through_word])
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(content=contents())
def test_any_draft_comes_back_equal_or_is_refused(through, content):
    again, why = again_or_why(through, content)

    if again is None:
        assert any(said in why for said in CLEAR)
    else:
        assert in_stored_form(again) == in_stored_form(content)


def again_or_why(through, content) -> tuple[dict | None, str]:
    try:
        return through(content), ""
    except CannotBeWritten as refusal:
        return None, str(refusal)
