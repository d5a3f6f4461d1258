"""The shape of a question page: the question as its title, the answer first, key points, then the research."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from articles.checks.finding import Finding
from articles.text import richtext
from articles.text.sentences import sentences

ANSWER = 2  # sentences


def answers_its_question_first(content: dict[str, Any]) -> Iterator[Finding]:
    """Warn if the answer is not given first and in short, in the general text or in the wording of an audience."""
    if content.get("kind") != "question":
        return
    leads = [section for section in content["sections"] if section["role"] == "lead"]
    if not leads:
        yield Finding("STR-007", _("Add a lead that answers the question in one or two sentences."), blocks=False)
    for lead in leads:
        for text in (lead, *lead["wordings"].values()):
            if (count := _sentences(text["body"])) > ANSWER:
                message = _(
                    "The answer in the lead has {count} sentences. Give it in one or two. Move the rest below."
                ).format(count=count)
                yield Finding("STR-007", message, lead["key"], blocks=False)


def goes_on_with_key_points(content: dict[str, Any]) -> Iterator[Finding]:
    if content.get("kind") != "question":
        return
    roles = [section["role"] for section in content["sections"] if section["role"] != "lead"]
    if "key_points" not in roles:
        yield Finding("STR-008", _("Add key points after the answer."), blocks=False)
    elif roles[0] != "key_points":
        yield Finding("STR-008", _("Move the key points up: they follow the answer."), blocks=False)


def names_its_research(content: dict[str, Any]) -> Iterator[Finding]:
    if content.get("kind") != "question":
        return
    if not any(richtext.cited_keys(section["body"]) for section in content["sections"] if section["role"] == "body"):
        message = _("No body section cites a work. Add a section that says what research the answer rests on.")
        yield Finding("STR-009", message, blocks=False)


def _sentences(body: str) -> int:
    return sum(len(sentences(line)) for line in richtext.text(body).split("\n"))
