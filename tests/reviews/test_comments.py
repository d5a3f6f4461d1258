"""Comments: who writes, who reads over whose shoulder, who blocks and who resolves."""

import datetime
from functools import partial

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils import timezone

from articles.models import Article, ArticleTopic, Audience, Authorship, Wording
from reviews import workflow
from reviews.models import Comment
from reviews.models.comment import may_comment
from reviews.workflow import NotAllowed, NotNow
from reviews.workflow.steps.comments import commenting
from reviews.workflow.steps.comments.mentioning import commentators
from tests.factories import (
    article,
    board_member,
    cite,
    edit,
    evidence,
    last_event,
    payload,
    person,
    save,
    submitted,
    topic,
    under_review,
)

NOT_A_REPLY = (
    "A reply must answer the first comment of a thread on this article. "
    "It is not blocking, and has no kind, no assignee and no suggestion."
)


@pytest.fixture
def version(author):
    return submitted(author)


@pytest.fixture
def asked(version, editor, clinical, specialist):
    return under_review(version, editor, (clinical, "clinical"), (specialist, "specialist"))


def refused(kind, function, *args, **kwargs):
    before = evidence()
    with pytest.raises(kind) as error:
        function(*args, **kwargs)
    assert evidence() == before
    return " ".join(getattr(error.value, "messages", [str(error.value)]))


# writing


def test_authors_editors_and_those_asked_may_comment(version, asked, author, editor, clinical):
    for actor in (author, editor, clinical):
        row = workflow.comment(version, actor=actor, text="A word.")
        assert (row.author_name, row.version, row.blocking) == (actor.contributor.name, version, False)


def test_nobody_else_comments(version, asked):
    said = "Only the article's authors, its reviewers and editors can comment on it."
    for actor in (person("p"), person("a", groups=["author"]), board_member("b"), person("s", groups=["admin"])):
        assert refused(NotAllowed, workflow.comment, version, actor=actor, text="A word.") == said


def test_a_former_author_and_a_former_member_do_not_comment(version, asked, author, clinical):
    author.groups.clear()
    clinical.groups.clear()

    for actor in (author, clinical):
        assert "can comment on it." in refused(NotAllowed, workflow.comment, version, actor=actor, text="A word.")


def test_a_comment_says_something_and_not_too_much(version, author):
    assert refused(ValidationError, workflow.comment, version, actor=author, text=" \n ") == "Write the text."
    assert "Keep it under 10,000" in refused(
        ValidationError, workflow.comment, version, actor=author, text="x" * 10_001
    )


def test_a_comment_keeps_its_place_in_the_version(version, asked, clinical):
    key = version.article.sections.get().key

    row = workflow.comment(version, actor=clinical, text="Which?", section_key=key, exact="lymph")

    anchor = row.anchors.get()
    assert (anchor.version, anchor.section_key, anchor.exact, anchor.state) == (version, key, "lymph", "exact")


def test_words_that_a_comment_quotes_stand_in_the_text_it_is_about(author, editor, clinical):
    draft = article(author, body="<p>Give 0.5 mg once a day, and 15 mg\n in emergencies (IV).</p>")
    version = submitted(author, draft)
    under_review(version, editor, (clinical, "clinical"))
    key = draft.sections.get().key

    for words in ["15 mg in emergencies (IV)", "What they do", "0.5 mg"]:
        row = workflow.comment(version, actor=clinical, text=f"On {words}", section_key=key, exact=f" {words} ")
        assert row.anchors.get().exact == words
    for words in ["5 mg", "0", "15 m", "20 mg"]:
        said = refused(
            ValidationError, workflow.comment, version, actor=clinical, text="No.", section_key=key, exact=words
        )
        assert said == "These words are not in this section. Quote them exactly as they are printed there."
    said = refused(ValidationError, workflow.comment, version, actor=clinical, text="No.", exact="20 mg")
    assert said == "These words are not in version 1. Quote them exactly as they are printed there."


def test_a_comment_sent_twice_is_there_once(version, asked, author, clinical):
    thread = workflow.comment(version, actor=clinical, text="Which?")
    same = {"text": " Which? ", "actor": clinical}

    said = refused(NotNow, workflow.comment, version, **same)
    workflow.comment(version, text="Which?", actor=author)
    workflow.comment(version, text="Which?", actor=clinical, thread=thread)
    workflow.comment(version, **same, section_key=version.article.sections.get().key, exact="lymph")

    assert said == "You posted the same comment a moment ago. It was saved once."
    assert Comment.objects.filter(author=clinical, thread=None).count() == 2


def test_the_same_words_said_to_stop_the_approval_are_another_comment(version, asked, clinical):
    """Whoever forgot the tick says it again with it; and a thread that was closed may be opened again."""
    workflow.comment(version, actor=clinical, text="The dose is wrong.")
    blocking = workflow.comment(version, actor=clinical, text="The dose is wrong.", blocking=True)
    workflow.comment(version, actor=clinical, text="The dose is wrong.", board_only=True)
    workflow.resolve_comment(blocking, actor=clinical)

    workflow.comment(version, actor=clinical, text="The dose is wrong.", blocking=True)

    assert Comment.objects.filter(blocking=True).count() == 2


def test_the_same_words_may_be_said_again_later(version, asked, clinical, monkeypatch):
    workflow.comment(version, actor=clinical, text="Which?")
    later = timezone.now() + commenting.SENT_TWICE + datetime.timedelta(seconds=1)
    monkeypatch.setattr(commenting.timezone, "now", lambda: later)

    workflow.comment(version, actor=clinical, text="Which?")

    assert Comment.objects.filter(text="Which?").count() == 2


def test_a_comment_is_an_event_without_its_words(version, asked, clinical):
    workflow.comment(version, actor=clinical, text="Secret words.", blocking=True)

    assert last_event().action == "commented"
    assert payload("commented")["blocking"] is True
    assert "Secret words" not in last_event().payload


def test_only_those_asked_block_or_write_for_the_board_alone(version, asked, author, editor):
    said = "Only a board member who has accepted to review this article can block it or write to the board."
    for actor in (author, editor, board_member("b")):
        for more in ({"blocking": True}, {"board_only": True}):
            assert refused(NotAllowed, workflow.comment, version, actor=actor, text="A word.", **more) == said


def test_an_answer_belongs_to_a_thread_of_the_article_and_does_not_block(version, asked, author, clinical):
    thread = workflow.comment(version, actor=clinical, text="Which?")
    answer = workflow.comment(version, actor=author, text="All.", thread=thread)
    other = submitted(author)

    assert answer.thread == thread
    for on, more in [(other, {"thread": thread}), (version, {"thread": answer})]:
        assert refused(ValidationError, workflow.comment, on, actor=author, text="No.", **more) == NOT_A_REPLY
    more = {"thread": thread, "blocking": True}
    assert refused(ValidationError, workflow.comment, version, actor=clinical, text="No.", **more) == NOT_A_REPLY


def test_an_answer_to_the_board_stays_with_the_board(version, asked, author, editor, clinical, specialist):
    thread = workflow.comment(version, actor=clinical, text="Is this a conflict?", board_only=True)

    answer = workflow.comment(version, actor=specialist, text="I think so.", thread=thread)

    assert answer.board_only
    assert workflow.comment(version, actor=editor, text="I ask.", thread=thread).board_only, "editors read it too"
    said = refused(NotAllowed, workflow.comment, version, actor=author, text="No.", thread=thread)
    assert said.startswith("You may not read this thread")
    said = refused(NotAllowed, workflow.comment, version, actor=editor, text="Mine.", board_only=True)
    assert said.endswith("can block it or write to the board.")


def _named(draft, editor, author):
    save(Authorship(article=draft, contributor=editor.contributor, position=2), author)


def _named_once(draft, editor, author):
    _named(draft, editor, author)
    row = draft.authorships.get(contributor__user=editor)
    row._history_user = author
    row.delete()


def _wrote_a_wording(draft, editor, author):
    audience = Audience.objects.get(key="professional")
    wording = save(Wording(section=draft.sections.get(), audience=audience, body="<p>Nodi.</p>"), editor)
    wording._history_user = author
    wording.delete()


CONTRIBUTED = {
    "is named": _named,
    "was named once": _named_once,
    "changed a section": lambda draft, editor, author: edit(draft, "Lymph nodes.", by=editor),
    "changed the article": lambda draft, editor, author: save(draft, editor),
    "added a topic": lambda draft, editor, author: save(ArticleTopic(article=draft, topic=topic("Nursing")), editor),
    "added a reference": lambda draft, editor, author: cite(draft, by=editor),
    "wrote a wording that is gone": _wrote_a_wording,
}


@pytest.mark.parametrize("how", CONTRIBUTED)
def test_an_editor_who_contributed_reads_nothing_that_the_board_writes_among_itself(
    version, clinical, editor, author, how
):
    under_review(version, editor, (clinical, "clinical"))
    thread = workflow.comment(version, actor=clinical, text="Is this a conflict?", board_only=True)
    assert thread in Comment.objects.visible_to(editor)

    CONTRIBUTED[how](Article.objects.get(pk=version.article_id), editor, author)

    assert thread not in Comment.objects.visible_to(editor)
    said = refused(NotAllowed, workflow.comment, version, actor=editor, text="Why?", thread=thread)
    assert said.startswith("You may not read this thread")
    with pytest.raises(ValidationError, match="may not read comments that are only for the board"):
        workflow.comment(version, actor=clinical, text="@editor, you?", thread=thread)


def test_a_comment_is_of_a_kind_and_a_reply_is_not(version, asked, author, clinical):
    thread = workflow.comment(version, actor=clinical, text="Which nodes?", kind="question")

    assert (thread.kind, thread.get_kind_display(), payload()["comment"]) == ("question", "Question", "question")
    plain = workflow.comment(version, actor=clinical, text="Good.")
    assert (plain.kind, plain.get_kind_display(), "comment" in payload()) == ("", "Comment", False)
    of_a_kind = partial(workflow.comment, version, kind="praise")
    assert refused(ValidationError, of_a_kind, actor=clinical, text="No.") == "Choose what kind of comment it is."
    reply = partial(workflow.comment, version, kind="question", thread=thread)
    said = refused(ValidationError, reply, actor=author, text="No.")
    assert said == NOT_A_REPLY


def test_comments_are_read_by_those_for_whom_they_are(version, asked, author, editor, clinical, specialist):
    workflow.comment(version, actor=clinical, text="For all.")
    workflow.comment(version, actor=clinical, text="Among us.", board_only=True)
    elsewhere = board_member("elsewhere", groups=["author", "reviewer"])
    save(Authorship(article=version.article, contributor=elsewhere.contributor), author)
    away = board_member("away")
    row = under_review(version, editor, (away, "clinical"))[0]
    workflow.recuse(row, actor=away, reason="Shares.", conflict=True)
    roles = {"admin": person("admin", groups=["admin"]), "nobody": person("nobody")}
    both = {"For all.", "Among us."}

    for who, sees in [
        (author, {"For all."}),
        (elsewhere, {"For all."}),
        (roles["admin"], {"For all."}),
        (editor, both),
        (clinical, both),
        (specialist, both),
        (away, set()),
        (roles["nobody"], set()),
    ]:
        assert {row.text for row in Comment.objects.visible_to(who)} == sees, who


# assigning and mentioning


def test_a_thread_is_assigned_to_somebody_who_may_comment_and_read_it(version, asked, author, editor, clinical):
    thread = workflow.comment(version, actor=clinical, text="Which?", assignee=author)
    assert (thread.assignee, thread.assignee_name) == (author, "Ada Author")

    thread = workflow.assign_comment(thread, actor=author, assignee=editor)

    assert (thread.assignee, thread.assignee_name) == (editor, "Edith Editor")
    assert last_event().action == "comment_assigned"
    assert [*Comment.objects.waiting_for(editor)] == [thread]
    assert workflow.assign_comment(thread, actor=clinical, assignee=None).assignee_name == ""


def test_a_thread_is_assigned_to_nobody_else(version, asked, author, editor, clinical, specialist):
    thread = workflow.comment(version, actor=clinical, text="Which?")
    among_us = workflow.comment(version, actor=clinical, text="Among us.", board_only=True)
    away = board_member("away")
    (row,) = under_review(version, editor, (away, "clinical"))
    workflow.recuse(row, actor=away, reason="Shares.", conflict=True)
    assign = partial(workflow.assign_comment, actor=clinical)

    for who in (board_member("b"), person("a", groups=["author"]), person("s", groups=["admin"]), away):
        assert refused(ValidationError, assign, thread, assignee=who) == (
            "Assign the comment to somebody who may comment on this article."
        )
    assert refused(ValidationError, assign, among_us, assignee=author) == (
        "Ada Author may not read comments that are only for the board. Leave Ada Author out of this one."
    )
    assert refused(ValidationError, partial(workflow.comment, version), actor=clinical, text="?", assignee=away)
    for who in (board_member("c"), person("n")):
        said = refused(NotAllowed, workflow.assign_comment, thread, actor=who, assignee=specialist)
        assert said == "Only the article's authors, its reviewers and editors can assign a comment on it."
    assert refused(NotAllowed, workflow.assign_comment, among_us, actor=author, assignee=specialist)


def test_those_offered_are_those_who_may_comment_and_read_it(version, asked, author, editor, clinical):
    away, former = board_member("away"), board_member("former")
    for member in (away, former):
        (row,) = under_review(version, editor, (member, "clinical"))
        workflow.recuse(row, actor=member, reason="Shares.", conflict=member == away)
    former_author = person("fa", groups=["author"])
    save(Authorship(article=version.article, contributor=former_author.contributor), author)
    former_author.groups.clear()
    both = board_member("both", groups=["author", "reviewer"])
    save(Authorship(article=version.article, contributor=both.contributor), author)
    person("admin", groups=["admin"])
    plain = workflow.comment(version, actor=clinical, text="For all.")
    among_us = workflow.comment(version, actor=clinical, text="Among us.", board_only=True)

    def reads(user, row):
        return may_comment(row.article, user) and Comment.objects.filter(pk=row.pk).visible_to(user).exists()

    offered = {each.user: each.reads_board for each in commentators(version.article)}
    everybody = User.objects.all()
    assert set(offered) == {user for user in everybody if reads(user, plain)}
    assert {user for user, board in offered.items() if board} == {user for user in everybody if reads(user, among_us)}
    assert former in offered
    assert both in offered
    assert away not in offered


def test_a_thread_is_assigned_while_it_is_open_and_once_to_the_same_person(version, asked, author, clinical):
    thread = workflow.comment(version, actor=clinical, text="Which?", assignee=author)
    reply = workflow.comment(version, actor=clinical, text="All?", thread=thread)
    again = partial(workflow.assign_comment, actor=clinical, assignee=author)

    assert refused(NotNow, again, thread) == "The comment is already assigned like that."
    assert refused(NotNow, again, reply) == "Assign the thread, not a reply."
    assert refused(ValidationError, workflow.comment, version, actor=clinical, text="?", thread=thread, assignee=author)
    workflow.resolve_comment(thread, actor=clinical)
    assert refused(NotNow, workflow.assign_comment, thread, actor=clinical, assignee=None) == (
        "This comment is already resolved."
    )
    assert not Comment.objects.waiting_for(author).exists()


def test_people_are_mentioned_by_their_usernames(version, asked, author, clinical):
    row = workflow.comment(version, actor=clinical, text="@author, see a@b.org. @Reviewer2: is it so (@editor)?")

    assert row.text == "@Ada Author, see a@b.org. @Simon Specialist: is it so (@Edith Editor)?"
    plain = workflow.comment(version, actor=clinical, text="Give it @ 5 mg, or @5.")
    assert plain.text == "Give it @ 5 mg, or @5."


def test_nobody_is_mentioned_who_may_not_read_it(version, asked, clinical):
    board_member("elsewhere")
    for username in ("nobody", "elsewhere"):
        assert refused(ValidationError, workflow.comment, version, actor=clinical, text=f"See @{username}.") == (
            f"“@{username}” is nobody who may comment on this article. "
            "Choose a username from the list, or leave out the “@”."
        )
    more = {"actor": clinical, "text": "@author must not know.", "board_only": True}
    assert refused(ValidationError, workflow.comment, version, **more) == (
        "Ada Author may not read comments that are only for the board. Leave Ada Author out of this one."
    )
    thread = workflow.comment(version, actor=clinical, text="@reviewer2 may.", board_only=True)
    more = {"actor": clinical, "text": "@author must not know.", "thread": thread}
    assert refused(ValidationError, workflow.comment, version, **more)


# resolving


@pytest.fixture
def blocking(version, asked, clinical):
    return workflow.comment(version, actor=clinical, text="The dose is wrong.", blocking=True)


def test_who_raised_it_resolves_it_without_a_reason(blocking, clinical):
    row = workflow.resolve_comment(blocking, actor=clinical)

    assert (row.resolved_by, row.resolved_by_name, row.resolution) == (clinical, "Clara Clinical", "")
    assert row.resolved_at is not None
    assert last_event().action == "comment_resolved"


def test_another_board_member_resolves_it_with_a_reason(blocking, specialist):
    assert refused(ValidationError, workflow.resolve_comment, blocking, actor=specialist) == (
        "Give the reason in a sentence."
    )

    row = workflow.resolve_comment(blocking, actor=specialist, reason="The dose is that of the guideline.")

    assert row.resolution == "The dose is that of the guideline."


def test_authors_and_editors_do_not_resolve_a_blocking_comment(blocking, author, editor):
    assert "You wrote all or part of this text" in refused(
        NotAllowed, workflow.resolve_comment, blocking, actor=author, reason="Done."
    )
    assert refused(NotAllowed, workflow.resolve_comment, blocking, actor=editor, reason="Done.") == (
        "Only the person who raised this comment, or a member of the board, can resolve it."
    )


def test_a_board_member_who_wrote_a_part_does_not_resolve_it(author, editor, clinical):
    writer = board_member("bea", groups=["author", "reviewer"])
    draft = article(author)
    save(Authorship(article=draft, contributor=writer.contributor), author)
    version = submitted(author, draft)
    under_review(version, editor, (clinical, "clinical"))
    row = workflow.comment(version, actor=clinical, text="The dose is wrong.", blocking=True)

    assert "You wrote all or part of this text" in refused(
        NotAllowed, workflow.resolve_comment, row, actor=writer, reason="Fine."
    )


def test_a_board_member_who_writes_in_a_later_version_does_not_resolve_it_either(author, editor, clinical, specialist):
    draft = article(author)
    version = submitted(author, draft)
    under_review(version, editor, (clinical, "clinical"), (specialist, "specialist"))
    row = workflow.comment(version, actor=clinical, text="The dose is wrong.", blocking=True)
    workflow.recall(version.review, actor=author, reason="One more look.")
    edit(draft, "Other words.", by=specialist)
    submitted(author, draft)

    assert "You wrote all or part of this text" in refused(
        NotAllowed, workflow.resolve_comment, row, actor=specialist, reason="Fine."
    )


def test_a_comment_outlives_its_writers_time_on_the_board(blocking, clinical):
    clinical.groups.clear()

    assert "Only the person who raised this comment" in refused(
        NotAllowed, workflow.resolve_comment, blocking, actor=clinical
    )
    assert workflow.resolve_comment(blocking, actor=board_member("bea"), reason="Settled.").resolved_at


def test_an_author_closes_their_own_plain_thread(version, author):
    row = workflow.comment(version, actor=author, text="Which audience?")

    assert workflow.resolve_comment(row, actor=author).resolved_by == author


def test_a_thread_is_resolved_once_and_an_answer_not_at_all(version, asked, blocking, clinical):
    answer = workflow.comment(version, actor=clinical, text="See page 3.", thread=blocking)
    workflow.resolve_comment(blocking, actor=clinical)

    said = refused(NotNow, workflow.resolve_comment, blocking, actor=clinical)
    assert said == "This comment is already resolved."
    assert refused(NotNow, workflow.resolve_comment, answer, actor=clinical) == "Resolve the thread, not a reply."


def test_a_thread_ends_with_a_disposition(version, asked, clinical, specialist):
    first, second = (workflow.comment(version, actor=clinical, text=words) for words in ("Which?", "Among us."))

    said = refused(ValidationError, workflow.resolve_comment, first, actor=clinical, disposition="so what")
    assert said == "Choose what became of the comment."
    more = {"reason": "She did.", "disposition": "withdrawn"}
    said = refused(ValidationError, workflow.resolve_comment, first, actor=specialist, **more)
    assert said == "Only the person who raised a comment can withdraw it."
    row = workflow.resolve_comment(first, actor=clinical, disposition="withdrawn")
    assert (row.disposition, row.get_disposition_display()) == ("withdrawn", "Withdrawn")
    assert payload()["disposition"] == "withdrawn"
    workflow.resolve_comment(second, actor=specialist, reason="Done.", disposition="text_changed")
    assert Comment.objects.get(pk=second.pk).disposition == "text_changed"


def test_the_public_ledger_does_not_tell_what_a_board_only_comment_is(version, asked, clinical):
    row = workflow.comment(version, actor=clinical, text="Is it so?", kind="question", board_only=True)
    assert "comment" not in payload()

    workflow.resolve_comment(row, actor=clinical, disposition="withdrawn")

    assert "disposition" not in payload()


# constraints


def test_the_constraints_of_a_comment_say_what_to_do(blocking):
    for changed, sentence in [
        ({"text": ""}, "Write the comment."),
        ({"thread": blocking, "blocking": True}, "A reply cannot be blocking. Write a separate comment."),
    ]:
        row = Comment(article=blocking.article, version=blocking.version, author=blocking.author, text="A word.")
        for name, value in changed.items():
            setattr(row, name, value)
        with pytest.raises(ValidationError) as error:
            row.validate_constraints()
        assert error.value.messages == [sentence]


@pytest.mark.parametrize(
    ("words", "in_section", "kept"),
    [
        ("nodes [1], and", True, "nodes[1], and"),
        ("nodes[1], and", True, "nodes[1], and"),
        ("Table 1. Doses", True, "Table 1. Doses"),
        ("Lymph nodes in children", False, "Lymph nodes in children"),
        ("Swollen glands", False, "Swollen glands"),
        ("For information only (public).", False, "For information only (public)."),
        ("10⁹/L", True, "10^9/L"),
        ("109/L", True, "10^9/L"),
        ("CO₂", True, "CO_2"),
    ],
)
def test_words_are_quoted_as_they_are_printed(author, editor, clinical, words, in_section, kept):
    table = "<table><caption>Doses</caption><tbody><tr><td>5 mg</td></tr></tbody></table>"
    text = '<p>Of nodes<cite data-ref="a">[a]</cite>, and 10<sup>9</sup>/L, CO<sub>2</sub>.</p>'
    draft = article(author, title="Lymph nodes in children", body=text + table)
    cite(draft, "a", by=author, title="Swollen glands")
    version = submitted(author, draft)
    under_review(version, editor, (clinical, "clinical"))
    key = draft.sections.get().key if in_section else ""

    row = workflow.comment(version, actor=clinical, text="Which?", section_key=key, exact=words)

    assert row.anchors.get().exact == kept


@pytest.mark.parametrize("words", ["nodes [2], and", "Table 2. Doses", "10⁸/L", "Swollen gland", "8^9"])
def test_words_that_are_printed_nowhere_are_not_quoted(author, editor, clinical, words):
    draft = article(author, body='<p>Of nodes<cite data-ref="a">[a]</cite>, and 10<sup>9</sup>/L.</p>')
    cite(draft, "a", by=author, title="Swollen glands")
    version = submitted(author, draft)
    under_review(version, editor, (clinical, "clinical"))

    said = refused(ValidationError, workflow.comment, version, actor=clinical, text="Which?", exact=words)

    assert said == "These words are not in version 1. Quote them exactly as they are printed there."
