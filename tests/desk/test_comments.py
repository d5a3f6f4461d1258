"""Comments at the desk: raised, answered, resolved, and shown to those whom they are for."""

import pytest

from articles.models import Article, Authorship
from reviews import workflow
from tests.desk.pages import text, url
from tests.factories import board_member, edit, person, save, submitted, under_review

pytestmark = pytest.mark.django_db


def test_comments_are_raised_answered_and_resolved(at, asked, author, clinical):
    review = asked[0].review
    at(clinical).post(url("comment", review.pk), {"text": "Check the dose.", "blocking": "on"})
    thread = review.article.comments.get()
    at(author).post(url("answer", thread.pk), {"text": "It is from the guideline."})
    refused = at(author).post(url("resolve_comment", thread.pk), {"reason": "It is right.", "disposition": "no_change"})
    at(clinical).post(url("resolve_comment", thread.pk), {"reason": "Seen the guideline.", "disposition": "answered"})

    page = text(at(author).get(url("desk_review", review.pk)))

    assert refused.status_code == 403
    assert "It is from the guideline." in page
    assert "Resolved by Clara Clinical" in page


def test_what_is_for_the_board_is_hidden_from_authors(at, asked, author, clinical, editor):
    review = asked[0].review
    at(clinical).post(url("comment", review.pk), {"text": "Among ourselves.", "board_only": "on"})
    thread = review.article.comments.get()

    assert "Among ourselves." not in text(at(author).get(url("desk_review", review.pk)))
    assert "Among ourselves." in text(at(editor).get(url("desk_review", review.pk)))
    assert at(author).post(url("answer", thread.pk), {"text": "What?"}).status_code == 404


def test_the_story_of_an_article_does_not_tell_authors_of_what_is_for_the_board(at, asked, author, clinical, editor):
    review = asked[0].review
    thread = workflow.comment(review.version, actor=clinical, text="Among us.", kind="question", board_only=True)
    workflow.resolve_comment(thread, actor=clinical, disposition="withdrawn")
    workflow.comment(review.version, actor=clinical, text="Write it out.", kind="change_request")
    page = url("desk_article", review.article_id)

    told = text(at(author).get(page))

    assert "Clara Clinical asked for a change of version 1 in a comment." in told
    assert "resolved a comment" not in told
    assert told.count("Clara Clinical") == text(at(editor).get(page)).count("Clara Clinical") - 2


def test_kind_and_disposition_are_chosen_and_shown(at, asked, author, clinical, specialist):
    review = asked[0].review
    page = url("desk_review", review.pk)
    at(clinical).post(url("comment", review.pk), {"text": "Which nodes?", "kind": "question"})
    thread = review.article.comments.get()
    assert "Question</strong>" in text(at(author).get(page))
    assert "Withdrawn</option>" in text(at(clinical).get(page))
    assert "Withdrawn</option>" not in text(at(specialist).get(page))

    unsaid = at(clinical).post(url("resolve_comment", thread.pk), {"reason": "The guideline says so."})
    assert (unsaid.status_code, "Choose what became of the comment." in text(unsaid)) == (422, True)
    assert "The guideline says so." in text(unsaid)
    at(clinical).post(url("resolve_comment", thread.pk), {"disposition": "no_change"})

    assert "Resolved: no change needed</strong>" in text(at(author).get(page))


def test_a_thread_waits_on_the_desk_of_its_assignee_until_it_is_given_on_or_resolved(at, asked, author, clinical):
    review = asked[0].review
    desk = url("desk")
    form = {"text": "Which nodes, @author?", "kind": "question", "assignee": str(author.pk)}
    at(clinical).post(url("comment", review.pk), form)
    thread = review.article.comments.get()
    assert "Which nodes, @Ada Author?" in text(at(clinical).get(url("desk_review", review.pk)))

    assert f'href="{url("desk_review", review.pk)}#comment-{thread.pk}"' in text(at(author).get(desk))
    assert "Assigned to Ada Author" in text(at(clinical).get(url("desk_review", review.pk)))
    at(author).post(url("assign_comment", thread.pk), {"assignee": str(clinical.pk)})
    assert "Question by Clara Clinical" not in text(at(author).get(desk))
    assert "Clara Clinical mentioned you" in text(at(author).get(desk)), "until they answer"
    assert "Question by Clara Clinical" in text(at(clinical).get(desk))
    at(clinical).post(url("resolve_comment", thread.pk), {"disposition": "answered"})

    assert "Comments for you" not in text(at(clinical).get(desk))


def test_people_are_offered_who_may_read_the_comment(at, asked, author, clinical):
    review = asked[0].review
    thread = workflow.comment(review.version, actor=clinical, text="Among us.", board_only=True)
    page = url("desk_review", review.pk)

    assert "<code>@author</code> Ada Author" in text(at(clinical).get(page))
    refused = at(clinical).post(url("assign_comment", thread.pk), {"assignee": str(author.pk)})
    wrong = at(clinical).post(url("answer", thread.pk), {"text": "Ask @nobody."})

    assert (refused.status_code, wrong.status_code) == (422, 422)
    assert "“@nobody” is nobody who may comment on this article." in text(wrong)
    assert "Ask @nobody.</textarea>" in text(wrong)


def test_a_board_member_who_was_not_asked_reads_nothing_that_is_for_the_board(at, asked, author, clinical):
    """An author of the text who sits on the board, and reviewed another article."""
    review = asked[0].review
    both = board_member("both", "Bo Both", groups=["author", "reviewer"])
    save(Authorship(article=review.article, contributor=both.contributor), author)
    under_review(submitted(author), person("editor3", groups=["editor"]), (both, "clinical"))
    at(clinical).post(url("comment", review.pk), {"text": "Among ourselves.", "board_only": "on"})
    thread = review.article.comments.get()

    assert "Among ourselves." not in text(at(both).get(url("desk_review", review.pk)))
    assert at(both).post(url("answer", thread.pk), {"text": "What?"}).status_code == 404


def test_who_may_not_comment_is_shown_no_form_for_it(at, asked, author, clinical):
    page = url("desk_review", asked[0].review_id)
    reader = person("root", groups=["admin"])

    assert "Write a comment" not in text(at(reader).get(page))
    assert "Write a comment" in text(at(author).get(page))
    assert "Blocking: must be resolved before" not in text(at(author).get(page))
    assert "Blocking: must be resolved before" in text(at(clinical).get(page))


def test_resolving_is_offered_to_those_alone_who_may(at, asked, author, editor, clinical, specialist):
    version = asked[0].review.version
    workflow.comment(version, actor=clinical, text="Is this so?", blocking=True)
    page = url("desk_review", version.review.pk)

    for user, may in ((author, False), (editor, False), (clinical, True), (specialist, True)):
        assert ("<summary>Resolve</summary>" in text(at(user).get(page))) == may, user


def test_a_comment_quotes_the_words_it_is_about(at, asked, clinical):
    page = url("comment", asked[0].review_id)

    wrong = at(clinical).post(page, {"text": "Which?", "exact": "bone marrow"})
    done = at(clinical).post(page, {"text": "Which?", "exact": "filter lymph"}, follow=True)

    assert wrong.status_code == 422
    assert "These words are not in version 1" in text(wrong)
    assert '<blockquote class="quoted" lang="en">filter lymph</blockquote>' in text(done)


def test_a_comment_is_said_to_be_about_what_its_own_version_had(at, asked, author, editor, clinical):
    review = asked[0].review
    draft = review.article
    section = draft.sections.get()
    at(clinical).post(url("comment", review.pk), {"text": "Which ones?", "section_key": str(section.key), "quote": ""})
    workflow.decline(review, actor=editor, reason="Once more.")
    section.heading, section.body = "Side effects", "<p>There are some.</p>"
    save(section, author)
    newer = submitted(author, draft)

    page = text(at(editor).get(url("desk_review", newer.review.pk)))

    assert "about “What they do”" in page
    assert "about “Side effects”" not in page


def test_the_number_of_comments_says_on_which_version_they_are(at, asked, author, clinical, editor):
    first = asked[0].review
    workflow.comment(first.version, actor=clinical, text="Which nodes?")
    assert "Comments (1)</a>" in text(at(author).get(url("desk_review", first.pk)))
    workflow.recall(first, actor=author, reason="A slip.")
    edit(first.article, "Other words.", by=author)
    second = submitted(author, Article.objects.get(pk=first.article_id)).review
    workflow.comment(second.version, actor=author, text="One more look.")
    workflow.comment(second.version, actor=author, text="And another.")

    assert "Comments (2 on version 2, 1 on other versions)</a>" in text(at(editor).get(url("desk_review", second.pk)))
    assert "Comments (1 on version 1, 2 on other versions)</a>" in text(at(editor).get(url("desk_review", first.pk)))
