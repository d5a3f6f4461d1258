"""Words of a frozen text that stand for it elsewhere: its description, and the answer to its question."""

from typing import Any

from articles.models import Article, Section
from articles.text import richtext
from articles.text.rendering.sections import choose
from articles.text.sentences import sentences

Role = Section.Role
DESCRIBED_BY = (Role.SUMMARY, Role.LEAD, Role.KEY_POINTS, Role.BODY)  # the first of them that has a sentence
USUAL_LENGTH = 300  # characters; a longer first sentence stands alone
MOST = 1000  # of one sentence; a longer one describes nothing
_ENDS = (".", "!", "?", "…", "。", "！", "？", "।", "؟", "۔")


def description(content: dict[str, Any], audience: str) -> str:
    """
    Return the first whole sentences of the text for this audience, without citations; empty without a sentence.

    A superscript is marked by ^ and a subscript by _, for 10⁶ is not 106. No sentence is cut.
    """
    shown = choose(content, audience)
    bodies = [one.body for role in DESCRIBED_BY for one in shown if one.role == role]
    return next(filter(None, map(_first_sentences, bodies)), "")


def answer(content: dict[str, Any], audience: str) -> str:
    """Return the lead of a page that answers a question; empty for other pages, and without a lead."""
    if content["kind"] != Article.Kind.QUESTION:
        return ""
    leads = [richtext.plain(one.body) for one in choose(content, audience) if one.role == Role.LEAD]
    return "\n".join(leads).replace("\t", " ")


def _first_sentences(body: str) -> str:
    """Return the first sentences of the first paragraph that has any."""
    for line in richtext.plain(body).split("\n"):
        found = [line[start:end] for start, end in sentences(line)]
        if "\t" in line or not found or not found[-1].rstrip("\"'”’»)]").endswith(_ENDS) or len(found[0]) > MOST:
            continue
        return _fitting(found)
    return ""


def beginning(text: str) -> str:
    """Return the first whole sentences of a plain text."""
    line = " ".join(text.split())
    return _fitting([line[start:end] for start, end in sentences(line)])


def _fitting(found: list[str]) -> str:
    """Return the first sentence, and those after it that still fit."""
    taken = found[:1]
    for sentence in found[1:]:
        if len(" ".join([*taken, sentence])) > USUAL_LENGTH:
            break
        taken.append(sentence)
    return " ".join(taken)
