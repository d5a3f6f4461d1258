"""Placeholders and a machine's voice stop a submission; ordinary words that look like them do not."""

import pytest

from articles.checks.document import Document
from articles.checks.families.governance.people import has_authors
from articles.checks.families.language.unfinished import has_no_placeholders, is_not_said_by_a_machine
from tests.articles import frozen


@pytest.mark.parametrize("roles", [[], ["editor"], ["illustrator", "translator"], ["editor", "author"]])
def test_an_article_names_an_author_and_not_only_others(roles):
    named = [{"name": role.title(), "credentials": "", "orcid": "", "role": role} for role in roles]
    content = frozen.version(frozen.lead(), contributors=named)

    found = [finding.message for finding in has_authors.findings(Document(content))]

    assert found == ([] if "author" in roles else ["Name at least one author."])


def findings(text, language="en"):
    """Return what is said of a lead with these words, and whether it blocks."""
    content = frozen.version(frozen.lead(f"<p>{text}</p>"), title="Title", language=language)
    rules = (has_no_placeholders, is_not_said_by_a_machine)
    return [(found.message, found.blocks) for rule in rules for found in rule.findings(Document(content))]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("El tratamiento sirve para todo el cuerpo.", "es"),
        ("O tratamento serve para todo o corpo.", "pt-BR"),
        ("Letrozole works as an AI (aromatase inhibitor).", "en"),
        ("Exemestane, as an AI, lowers estradiol.", "en"),
        ("As an AI, letrozole lowers estradiol. I, II and III are stages.", "en"),
        ("Tools such as a large language model can err.", "en"),
        ("The tbcs and mastodons.", "en"),
    ],
)
def test_ordinary_words_are_no_placeholders_and_no_machine(text, language):
    assert findings(text, language) == []


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("La TBC si cura con antibiotici.", "it", "may still hold a placeholder: “TBC”"),
        ("TODO SOBRE LA DOSIS", "es", "may still hold a placeholder: “TODO”"),
        ("The dose is tbc.", "en", "may still hold a placeholder: “tbc”"),
        (
            "It was sold as an AI system for reading scans.",
            "en",
            "may contain wording of an AI system: “as an AI system”",
        ),
        (
            "The tool, as a large language model, errs.",
            "en",
            "may contain wording of an AI system: “as a large language model”",
        ),
    ],
)
def test_what_may_be_a_placeholder_or_a_machine_is_a_warning(text, language, found):
    assert findings(text, language) == [(f"The lead {found}.", False)]


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("The dose is TBC.", "en", "still holds a placeholder: “TBC”"),
        ("TODO: the dose", "en-GB", "still holds a placeholder: “TODO”"),
        ("TBD", "en", "still holds a placeholder: “TBD”"),
        ("FIXME", "it", "still holds a placeholder: “FIXME”"),
        ("Prenda XX mg.", "es", "still holds a placeholder: “XX mg”"),
        ("Lorem ipsum dolor", "es", "still holds a placeholder: “Lorem ipsum”"),
        ("It helps [citation needed].", "en", "still holds a placeholder: “[citation needed]”"),
        (
            "As an AI language model, it is hard to say.",
            "en",
            "contains wording of an AI system: “As an AI language model”",
        ),
        (
            "As a large language model, I advise rest.",
            "en",
            "contains wording of an AI system: “As a large language model”",
        ),
        ("Sorry, as an AI assistant, I can’t say.", "en", "contains wording of an AI system: “as an AI assistant”"),
        (
            "Note that as an AI model trained by others, my knowledge ends.",
            "en",
            "contains wording of an AI system: “as an AI model”",
        ),
        ("As an AI, I cannot examine you.", "es", "contains wording of an AI system: “As an AI”"),
        ("As an AI-based chatbot, I’m no doctor.", "en", "contains wording of an AI system: “As an AI-based chatbot”"),
        ("As an artificial intelligence, I have no body.", "en", "contains wording of an AI system"),
    ],
)
def test_what_can_be_nothing_else_stops_the_submission(text, language, found):
    ((message, blocks),) = findings(text, language)

    assert found in message
    assert blocks
