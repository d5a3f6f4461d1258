"""What a file says of single sections: topics, and headings of wordings; and why it cites a retracted work."""

import pytest

from articles.files.drafts.store import NotImported
from articles.files.imported import BadFile
from articles.files.markdown.parsing import parse
from articles.models import ArticleReference, Section, Wording
from tests import factories
from tests.articles.importing.drafts import TEXT, stored

pytestmark = pytest.mark.django_db

SAID = """sections:
  - {heading: "", headings: {professional: For clinicians}}
  - {heading: Causes, topic: Surgery}
references:
  - {id: trial, title: A trial, DOI: 10.1000/Trial, although_retracted: It shows what went wrong.}"""
WHOLE = TEXT.replace("references:\n  - {id: trial, title: A trial, DOI: 10.1000/Trial}", SAID)


@pytest.fixture
def topics():
    return [factories.topic(name) for name in ("Oncology", "Surgery")]


def test_it_is_stored_with_the_draft_and_brings_nothing_new_again(author, topics):
    article, _report = stored(author, WHOLE)

    assert Section.objects.get(heading="Causes").topic == topics[1]
    assert Wording.objects.get().heading == "For clinicians"
    assert ArticleReference.objects.get(key="trial").although_retracted == "It shows what went wrong."
    assert stored(author, WHOLE, update=True)[1].changes == 0
    assert article.sections.filter(topic=None).count() == 2


def test_a_file_that_says_nothing_of_it_keeps_what_the_draft_has(author, topics):
    stored(author, WHOLE)

    _article, report = stored(author, TEXT.replace("Many.", "Very many."), update=True)

    section = Section.objects.get(heading="Causes")
    assert (section.body, section.topic) == ("<p>Very many.</p>", topics[1])
    assert Wording.objects.get().heading == "For clinicians"
    assert ArticleReference.objects.get(key="trial").although_retracted == "It shows what went wrong."
    assert report.changes == 1


def test_what_the_desk_changed_meanwhile_stays(author, editor, topics):
    stored(author, WHOLE)
    section = Section.objects.get(heading="Causes")
    section.topic = topics[0]
    factories.save(section, editor)

    _article, report = stored(author, WHOLE.replace("Many.", "Very many."), update=True)

    section.refresh_from_db()
    assert (section.topic, section.body) == (topics[0], "<p>Very many.</p>")
    assert report.warnings == [
        "The topic of the section “Causes” was changed at the desk, and stays as the desk has it."
    ]


def test_a_topic_that_both_changed_is_refused_with_both(author, editor, topics):
    factories.topic("Urology")
    stored(author, WHOLE)
    section = Section.objects.get(heading="Causes")
    section.topic = None
    factories.save(section, editor)
    before = factories.evidence()

    with pytest.raises(NotImported) as refusal:
        stored(author, WHOLE.replace("topic: Surgery", "topic: Oncology"), update=True)

    assert "The topic of the section “Causes” was changed at the desk as well as in the file." in str(refusal.value)
    assert factories.evidence() == before


def test_a_section_with_a_topic_can_be_taken_out_of_the_file(author, topics):
    stored(author, WHOLE)

    stored(author, WHOLE.replace("## Causes\n\nMany.\n\n", "").replace("  - {heading: Causes, topic: Surgery}\n", ""),
           update=True)  # fmt: skip

    assert not Section.objects.filter(heading="Causes").exists()


def test_a_topic_that_is_none_of_the_article_is_refused(author, topics):
    factories.topic("Urology")

    with pytest.raises(
        NotImported, match="The topic “Urology” of the section “Causes” is none of the article’s topics"
    ):
        stored(author, WHOLE.replace("topic: Surgery", "topic: Urology"))


def test_what_is_said_of_no_section_or_wording_is_a_warning_with_its_line():
    said = WHOLE.replace("heading: Causes, topic", "heading: Cause, topic").replace("{professional:", "{carer:")

    assert [one for one in parse(said.encode()).warnings if "section" in one] == [
        "Line 7: The section “” has no wording for “carer”.",
        "Line 8: The text has no section “Cause”, of which the front matter says something.",
    ]


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ("sections: Causes", "The value of sections must be a list"),
        ("sections: [Causes]", "A section must be a mapping"),
        (
            "sections: [{heading: Causes, body: x}]",
            "The key “body” is not known. Choose one of heading, topic",
        ),
        ("sections: [{heading: Causes, headings: x}]", "The value of headings must be a mapping"),
        ("sections: [{heading: Causes, topic: [x]}]", "The value of topic must be text"),
        (f"sections: [{{heading: Causes, topic: {'x' * 101}}}]", "The topic has 101 characters, more than the 100"),
        ("sections: [{heading: Causes, headings: {carer: '**x**'}}]", "would be shown as it is typed"),
    ],
)
def test_a_row_that_is_none_is_refused_with_its_line(rows, sentence):
    with pytest.raises(BadFile) as refusal:
        parse(TEXT.replace("references:", f"{rows}\nreferences:").encode())

    assert any(one.startswith("Line 6: ") and sentence in one for one in refusal.value.sentences)


def test_a_reason_that_is_too_long_is_refused():
    with pytest.raises(BadFile, match="The although_retracted has 301 characters, more than the 300 allowed"):
        parse(WHOLE.replace("It shows what went wrong.", "x" * 301).encode())
