"""A suggested wording is taken over into the draft: it replaces the quoted words, once, or nothing."""

import pytest
from django.core.exceptions import ValidationError

from articles.models import Audience, Section, Wording
from reviews import workflow
from reviews.models import Comment
from reviews.workflow import NotAllowed, NotNow
from tests.articles.frozen import cite
from tests.factories import article, evidence, last_event, payload, person, save, submitted, under_review
from tests.factories import cite as add_work

BODY = (
    "<p>Adults: give 5 mg once a day.</p><p>Children: give 5 mg once a day.</p>"
    f"<p>It helps{cite('smith2020')} often, below 10<sup>9</sup>/L.</p>"
    '<p>See <a href="https://example.org/">their page</a> for more.</p>'
)
BY_HAND = "Copy the suggested wording, and change the text by hand."


@pytest.fixture
def draft(author):
    row = article(author, body=BODY)
    add_work(row, by=author)
    return row


@pytest.fixture
def version(author, editor, clinical, draft):
    version = submitted(author, draft)
    under_review(version, editor, (clinical, "clinical"))
    return version


def suggest(version, actor, exact="give 5 mg", suggestion="give 2.5 mg", before="Children:", **more):
    return workflow.comment(
        version, actor=actor, text="Half of it?", exact=exact, before=before, suggestion=suggestion, **more
    )


def refused(kind, function, *args, **kwargs):
    before = evidence()
    with pytest.raises(kind) as error:
        function(*args, **kwargs)
    assert evidence() == before
    return " ".join(getattr(error.value, "messages", [str(error.value)]))


def body_of(draft):
    return Section.objects.get(article=draft).body


def change(draft, author, old, new):
    section = draft.sections.get()
    assert old in section.body
    section.body = section.body.replace(old, new)
    save(section, author)


def test_the_words_are_replaced_where_they_were_meant_and_nowhere_else(version, draft, author, clinical):
    thread = suggest(version, clinical)
    before = body_of(draft)

    row = workflow.take_over(thread, actor=author)

    assert body_of(draft) == before.replace("Children: give 5 mg", "Children: give 2.5 mg")
    newest = Section.history.latest()
    assert (newest.history_user, newest.body) == (author, body_of(draft))
    assert (row.taken_by, row.taken_by_name, row.resolved_at) == (author, "Ada Author", None)
    assert (last_event().action, payload()["version"]) == ("suggestion_taken", 1)


def test_it_is_taken_over_once(version, draft, author, editor, clinical):
    thread = suggest(version, clinical)
    workflow.take_over(thread, actor=author)

    for actor in (author, editor):
        said = refused(NotNow, workflow.take_over, thread, actor=actor)
        assert said == "Ada Author has already taken over this wording."


def test_it_is_taken_over_after_changes_elsewhere_and_after_a_move(version, draft, author, clinical):
    thread = suggest(version, clinical)
    change(draft, author, "Adults: give 5 mg once a day.", "New.")

    workflow.take_over(thread, actor=author)

    assert "<p>New.</p>\n<p>Children: give 2.5 mg once a day.</p>" in body_of(draft)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<p>Children: give 5 mg once a day.</p>", ""),
        ("Children: give 5 mg", "Children: give 6 mg"),
        ("Children: give", "Infants: give"),
    ],
)
def test_never_in_the_place_of_other_words(version, draft, author, clinical, old, new):
    thread = suggest(version, clinical)
    change(draft, author, old, new)

    said = refused(NotNow, workflow.take_over, thread, actor=author)

    assert said == (
        "These words are not in the draft any more as they were, or it is not known which of several places is meant. "
        + BY_HAND
    )


@pytest.mark.parametrize(
    ("exact", "sentence"),
    [
        ("It helps often", "These words contain a citation, which would be lost."),
        ("below 10^9/L", "These words contain raised or lowered characters, which would be lost."),
        ("their page for", "These words contain a part of a link, which would be lost."),
        ("What they do", "These words are not part of the text of a section, such as a heading or a caption."),
    ],
)
def test_nothing_is_lost_with_the_words(version, draft, author, clinical, exact, sentence):
    thread = suggest(version, clinical, exact=exact, suggestion="other words", before="")

    assert refused(NotNow, workflow.take_over, thread, actor=author) == f"{sentence} {BY_HAND}"


def test_a_wording_for_other_readers_is_changed_where_it_was_read(author, editor, clinical, draft):
    section, carer = draft.sections.get(), Audience.objects.get(key="carer")
    save(Wording(section=section, audience=carer, body="<p>Children: give 5 mg.</p>"), author)
    version = submitted(author, draft)
    under_review(version, editor, (clinical, "clinical"))
    thread = suggest(version, clinical, audience="carer")

    workflow.take_over(thread, actor=author)

    assert Wording.objects.get().body == "<p>Children: give 2.5 mg.</p>"
    assert "2.5" not in body_of(draft)


def test_who_may_not_change_the_draft_or_read_the_comment_takes_nothing_over(version, author, clinical):
    thread = suggest(version, clinical)
    among_us = suggest(version, clinical, board_only=True, suggestion="give 3 mg")
    said = "Only the article's authors and editors can take over a wording into its draft."

    for actor in (clinical, person("other", groups=["author"]), person("admin", groups=["admin"])):
        assert refused(NotAllowed, workflow.take_over, thread, actor=actor) == said
    assert refused(NotAllowed, workflow.take_over, among_us, actor=author) == said


def test_only_an_open_thread_with_a_suggestion_is_taken_over(version, author, clinical):
    plain = workflow.comment(version, actor=clinical, text="Good.")
    resolved = workflow.resolve_comment(suggest(version, clinical), actor=clinical)

    assert refused(NotNow, workflow.take_over, plain, actor=author) == "This comment suggests no wording."
    assert refused(NotNow, workflow.take_over, resolved, actor=author) == "This comment is already resolved."


def test_a_suggestion_needs_words_that_are_known_to_be_meant(version, clinical):
    thread = workflow.comment(version, actor=clinical, text="Good.")
    for more, sentence in [
        (
            {"exact": ""},
            "Quote the words that the suggested wording replaces, with enough of their line to stand once.",
        ),
        (
            {"before": ""},
            "Quote the words that the suggested wording replaces, with enough of their line to stand once.",
        ),
        ({"suggestion": "give  5 mg "}, "The suggested wording is the same as the quoted words."),
        ({"suggestion": "x" * 2001}, "Keep the suggested wording under 2,000 characters."),
        ({"thread": thread}, "It is not blocking, and has no kind, no assignee and no suggestion."),
    ]:
        assert sentence in refused(ValidationError, suggest, version, clinical, **more)
    assert "write plain text" in refused(ValidationError, suggest, version, clinical, suggestion="give <b>3</b> mg")
    assert not Comment.objects.exclude(suggestion="").exists()
