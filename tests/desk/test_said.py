"""What the pages of an article and of a review say of dates, people, classes of change and requests."""

import datetime
from functools import partial

import pytest
from django.utils import timezone
from lxml import html

from articles.models import Article
from reviews import workflow
from reviews.workflow.steps.assignment import default_due
from tests.desk.pages import text, url
from tests.factories import (
    accepted,
    approved,
    article,
    asked,
    board_member,
    decide,
    edit,
    published,
    submitted,
    under_review,
)

pytestmark = pytest.mark.django_db(transaction=True)


def words(client, name, *args, where="//main") -> str:
    """Return the words of a part of a page."""
    page = html.document_fromstring(client.get(url(name, *args)).content)
    return " ".join(" ".join(one.text_content() for one in page.xpath(where)).split())


SIGNATURES = "//section[@aria-labelledby='quorum']"


def test_why_somebody_stepped_back_shows_in_the_list_of_those_asked_to_editors_alone(
    at, asked, author, editor, clinical, specialist
):
    workflow.recuse(asked[0], actor=clinical, reason="I hold shares.", conflict=True)
    review = asked[0].review_id

    for reader, said in [(editor, "stepped back because of a conflict of interest"), (author, "stepped back")]:
        told = words(at(reader), "desk_review", review, where=SIGNATURES)
        assert f"Clara Clinical, clinical reviewer: {said}" in told
        due, today = f"{default_due():%-d %B %Y}", f"{timezone.localdate():%-d %B %Y}"
        assert f"Simon Specialist, specialist reviewer, due {due}: accepted on {today}, no decision yet" in told
        assert ("Cancel this request" in told) == (reader == editor)


def test_the_day_a_review_is_due_is_told_while_it_is_awaited(at, author, editor, clinical, specialist):
    due = timezone.localdate() + datetime.timedelta(days=9)
    review = submitted(author).review
    request = accepted(workflow.assign(review, actor=editor, reviewer=clinical, capacity="clinical", due=due))
    workflow.assign(review, actor=editor, reviewer=specialist, capacity="specialist")
    day = f"{due:%-d %B %Y}"
    assert f"You are asked to review as clinical reviewer, by {day}." in words(at(clinical), "desk_review", review.pk)
    told = words(at(editor), "desk_review", review.pk, where=SIGNATURES)
    assert f", due {day}: accepted on {timezone.localdate():%-d %B %Y}, no decision yet" in told
    assert f": asked on {timezone.localdate():%-d %B %Y}, not answered yet" in told

    decide(request)

    told = words(at(editor), "desk_review", review.pk, where=SIGNATURES)
    assert "Clara Clinical, clinical reviewer: approved" in told
    assert day not in told


def test_only_editors_read_why_a_request_was_declined_and_who_is_suggested(at, author, editor, clinical, specialist):
    version = submitted(author)
    first, second = asked(version, editor, (clinical, "clinical"), (specialist, "specialist"))
    workflow.recuse(first, actor=clinical, because="no_time", suggestion="Dora Doe")
    workflow.recuse(second, actor=specialist, because="conflict", reason="My brother made it.")

    told = words(at(editor), "desk_review", version.review.pk, where=SIGNATURES)
    assert "Clara Clinical, clinical reviewer: declined: no time. Suggests instead: Dora Doe" in told
    assert "Simon Specialist, specialist reviewer: declined: a conflict of interest" in told
    others = words(at(author), "desk_review", version.review.pk, where=SIGNATURES)
    assert "Clara Clinical, clinical reviewer: declined Simon Specialist, specialist reviewer: declined" in others
    for word in ("Dora", "no time", "conflict", "brother"):
        assert word not in others
    assert "Dora" not in words(at(author), "desk_article", version.article_id)


def test_an_approval_that_was_withdrawn_is_called_superseded_and_the_reason_is_told(
    at, author, editor, clinical, specialist
):
    review = approved(submitted(author), editor, clinical, specialist)
    assert "superseded" not in words(at(author), "desk_review", review.pk, where=SIGNATURES)

    workflow.withdraw_approval(review, actor=clinical, password="correct horse battery", reason="The dose is wrong.")

    page = html.document_fromstring(at(author).get(url("desk_review", review.pk)).content)
    rows = [" ".join(row.text_content().split()) for row in page.xpath(f"{SIGNATURES}/ul[1]/li")]
    assert [("Clara" in row, "(superseded)" in row) for row in rows] == [
        (True, True),
        (False, False),
        (True, False),
    ]
    assert "The dose is wrong. My disclosure of interests of " in rows[2]


def test_a_thread_says_who_spoke_on_which_version_and_who_closed_it_why(
    at, asked, author, clinical, specialist, editor
):
    thread = workflow.comment(asked[0].review.version, actor=clinical, text="Too much.", board_only=True)
    workflow.comment(asked[0].review.version, actor=specialist, text="Not at all.", thread=thread)
    workflow.decline(asked[0].review, actor=editor, reason="Not now.")
    edit(thread.article, "Newer words.", by=author)
    newer = submitted(author, Article.objects.get(pk=thread.article_id))
    today = f"{timezone.localdate():%-d %B %Y}"
    said = f"Clara Clinical on {today}, version 1 Board only Too much. Simon Specialist on {today}Not at all."
    assert said in words(at(editor), "desk_review", newer.review.pk, where="//article[@class='thread']")

    workflow.resolve_comment(thread, actor=specialist, reason="Seen the guideline.")

    told = words(at(editor), "desk_review", newer.review.pk, where="//article[@class='thread']")
    assert told.endswith(f"Resolved by Simon Specialist on {today}: Seen the guideline.")


def test_a_version_that_was_raised_is_called_as_it_is_reviewed(at, author, editor, clinical, specialist):
    draft = article(author)
    published(submitted(author, draft), editor, clinical, specialist)
    edit(draft, "Lower doses.", by=author)
    review = submitted(author, Article.objects.get(pk=draft.pk), change="minor", note="Doses").review
    page = words(at(author), "desk_review", review.pk, where="//header")
    assert "Minor: the advice stays the same Standard risk" in page
    assert "Doses (minor; submitted" in words(at(author), "desk_article", draft.pk)

    terms = {"risk": "high", "change": "major"}
    workflow.assign(review, actor=editor, reviewer=clinical, capacity="clinical", **terms)

    page = words(at(author), "desk_review", review.pk, where="//header")
    assert "Major: new or changed advice, a full review High risk" in page
    page = words(at(author), "desk_article", draft.pk)
    assert "Doses (major; submitted" in page
    assert "Standard risk; version 2 was judged high risk" in page


def test_an_article_says_which_version_comes_next_and_why_the_last_one_ended(at, author, editor):
    draft = article(author)
    assert "Submitting freezes the draft as version 1." in words(at(author), "desk_article", draft.pk)
    version = submitted(author, draft)

    workflow.decline(version.review, actor=editor, reason="Not for us.")
    edit(draft, "Newer words.", by=author)

    page = words(at(author), "desk_article", draft.pk)
    assert "Submitting freezes the draft as version 2." in page
    assert "by Ada Author). Why the review ended: Not for us." in page


@pytest.mark.parametrize("kind", ["retraction", "withdrawal"])
def test_no_next_review_is_due_of_a_text_that_is_set_aside(at, author, editor, clinical, specialist, kind):
    version = published(submitted(author), editor, clinical, specialist)
    assert "Next review due" in words(at(editor), "desk_article", version.article_id)

    workflow.issue_notice(version.article, actor=editor, kind=kind, reason="Wrong.")

    assert "Next review due" not in words(at(editor), "desk_article", version.article_id)


def test_the_list_says_of_an_older_version_whether_it_is_public_or_removed(at, author, editor, clinical, specialist):
    version = published(submitted(author), editor, clinical, specialist)
    edit(version.article, "Newer words.", by=author)
    submitted(author, Article.objects.get(pk=version.article_id))
    assert "version 2; version 1 is public" in words(at(editor), "desk_articles")

    workflow.issue_notice(Article.objects.get(), actor=editor, kind="removal", reason="A court.", versions=[1])

    assert "version 2; version 1 is removed" in words(at(editor), "desk_articles")


def test_a_notice_that_was_lifted_and_the_one_that_lifts_it_are_called_so_and_stay(
    at, author, editor, clinical, specialist
):
    version = published(submitted(author), editor, clinical, specialist)
    about = {"actor": editor, "kind": "removal"}
    notice = workflow.issue_notice(version.article, reason="A court.", **about)
    page = text(at(editor).get(url("notices", version.article_id)))
    assert "This article is removed. Readers see nothing of it" in page
    assert page.count("Lift this notice") == 1

    workflow.issue_notice(version.article, reason="Settled.", lifts=notice, **about)

    page = html.document_fromstring(at(editor).get(url("notices", version.article_id)).content)
    assert page.xpath("//section[@class='notice']/h2/text()") == ["Removal lifted", "Removal (lifted)"]
    assert "Lift this notice" not in page.text_content()
    assert "Readers see a correction at once." in page.text_content()


def test_a_disclaimer_names_who_wrote_and_who_confirmed_it(at, author, editor, editor2):
    article(author)
    row = workflow.issue_disclaimer(Article.objects.get().written_for, actor=editor, text="A newer word.")
    assert f"Confirm number {row.number}" not in text(at(editor).get(url("disclaimers")))
    assert f"Confirm number {row.number}" in text(at(editor2).get(url("disclaimers")))

    workflow.confirm_disclaimer(row, actor=editor2)

    said = f"Number {row.number}, written by Edith Editor, confirmed by Edgar Second on "
    assert said in words(at(editor), "disclaimers")


def test_one_request_taken_back_leaves_the_others(at, asked, editor):
    workflow.unassign(asked[0], actor=editor, reason="On leave.")

    told = words(at(editor), "desk_review", asked[0].review_id, where=SIGNATURES)

    assert "Clara Clinical, clinical reviewer: request cancelled by an editor" in told
    assert told.count("no decision yet") == 1


def test_earlier_reviewers_are_proposed_with_what_they_were_asked_as(at, author, editor, clinical, specialist):
    version = published(submitted(author), editor, clinical, specialist)
    edit(version.article, "Newer words.", by=author)
    review = submitted(author, Article.objects.get(pk=version.article_id)).review

    page = words(at(editor), "assign", review.pk)

    assert "decided on it as clinical" in page
    assert "decided on it as specialist" in page
    assert "Your first request confirms" in page

    under_review(review.version, editor, (clinical, "clinical"))
    assert "Your first request confirms" not in words(at(editor), "assign", review.pk)


def test_open_threads_stand_before_those_that_are_resolved(at, asked, clinical, editor):
    version = asked[0].review.version
    threads = [workflow.comment(version, actor=clinical, text=words) for words in ("First.", "Second.", "Third.")]
    workflow.resolve_comment(threads[0], actor=clinical)

    page = html.document_fromstring(at(editor).get(url("desk_review", version.review.pk)).content)

    assert page.xpath("//article[@class='thread']/p[not(@class)]/text()") == ["Second.", "Third.", "First."]


def test_what_was_proved_of_a_correction_stays_on_its_page_after_the_next_submission(
    at, author, editor, clinical, specialist
):
    draft = article(author, body="<p>They recieve it.</p>")
    published(submitted(author, draft), editor, clinical, specialist)
    edit(draft, "They receive it.", by=author)
    correction = submitted(author, Article.objects.get(pk=draft.pk), change="correction").review
    said = "Proof that this is only a correction of the published text"
    where = "//section[@aria-labelledby='proved-heading']"
    before = words(at(editor), "desk_review", correction.pk, where=where)
    assert before.startswith(said)
    assert len(before) > len(said)

    workflow.decline(correction, actor=editor, reason="Not now.")
    edit(draft, "They have it.", by=author)
    later = submitted(author, Article.objects.get(pk=draft.pk), change="minor").review

    assert words(at(editor), "desk_review", correction.pk, where=where) == before
    assert words(at(editor), "desk_review", later.pk, where=where) == ""


def test_the_last_approved_version_to_compare_with_is_not_always_the_published_one(
    at, author, editor, clinical, specialist
):
    draft = article(author)
    published(submitted(author, draft), editor, clinical, specialist)
    for text_of_it in ("Second.", "Third.", "Fourth."):
        edit(draft, text_of_it, by=author)
        version = submitted(author, Article.objects.get(pk=draft.pk))
        if text_of_it == "Second.":
            approved(version, editor, clinical, specialist)
        elif text_of_it == "Third.":
            workflow.recall(version.review, actor=author, reason="A slip.")

    told = words(at(editor), "desk_review", version.review.pk, where="//nav[@class='views']")

    assert "since version 2 (last approved)" in told
    assert "since version 1 (public)" in told
    assert "since version 3 (previous)" in told
    assert "Version 2 is approved but not yet public." in words(at(editor), "desk_review", version.review.pk)


def test_each_conclusion_is_offered_with_the_sentence_that_it_signs(at, asked, clinical):
    told = words(at(clinical), "desk_review", asked[0].review_id, where="//dl[@class='statements']")

    assert "ApproveAs clinical reviewer I have read version 1 of " in told
    assert "and approve it for publication." in told
    assert "Request changesAs clinical reviewer I have read version 1 of " in told
    assert "and ask for changes before it is published." in told
    assert told.endswith("nothing to declare.")


def test_the_board_is_listed_by_name_and_no_editor_is_offered_themselves(at, author, editor, clinical, specialist, lay):
    review = submitted(author).review
    clinical.groups.add(*editor.groups.all())
    asking = at(clinical).get(url("assign", review.pk)).context["asking"]

    assert asking.others == [
        ("Clara Clinical", ["You cannot ask yourself to review. Another editor must assign you."], None)
    ]
    assert [(line.row.name, line.row.capacities) for line in asking.lines] == [
        ("Simon Specialist", ["clinical", "specialist"]),
        ("Larry Layman", ["lay"]),
    ]


def test_the_page_shows_the_disclaimers_that_the_version_names_and_no_newer_or_older_one(
    at, author, editor, editor2, clinical
):
    draft = article(author)
    first = submitted(author, draft).review
    row = workflow.issue_disclaimer(draft.written_for, actor=editor, text="A newer word.")
    workflow.confirm_disclaimer(row, actor=editor2)
    workflow.recall(first, actor=author, reason="A slip.")
    edit(draft, "Newer words.", by=author)
    second = submitted(author, Article.objects.get(pk=draft.pk)).review

    told = [text(at(editor).get(url("desk_review", review.pk))) for review in (first, second)]

    assert ["A newer word." in page for page in told] == [False, True]
    assert ["For information only (public)." in page for page in told] == [True, False]


def test_a_reviewer_is_offered_in_the_capacities_in_which_they_may_judge_this_text(at, author, editor, specialist):
    version = submitted(author, topics=("Surgery",))

    [line] = at(editor).get(url("assign", version.review.pk)).context["asking"].lines

    assert (line.row.name, line.row.capacities, line.capacity) == ("Simon Specialist", ["clinical"], "clinical")


def test_the_quorum_is_reckoned_against_those_who_are_asked(at, author, editor, clinical, specialist):
    version = submitted(author, risk="high")
    page = partial(words, at(editor), "desk_review", version.review.pk)
    both = "2 clinical approvals (1 of them by a specialist in one of the article's topics)"
    assert f"Nobody is asked yet for: {both}, 1 approval by a pharmacist." in page()

    [first] = under_review(version, editor, (clinical, "clinical"))
    one = "yet for: 1 approval by a specialist in one of the article's topics, 1 approval by a pharmacist."
    assert one in page()
    decide(first)
    assert one in page()

    more = board_member("pharmacist", "Petra Pharmacist", ["pharmacist"])
    under_review(version, editor, (specialist, "specialist"), (more, "pharmacist"))
    assert "Nobody is asked yet for" not in page()


def test_who_is_asked_already_or_has_approved_is_not_offered_again(at, author, editor, clinical, specialist):
    board_member("pharmacist", "Petra Pharmacist", ["pharmacist"])
    review = submitted(author).review
    [first, _] = under_review(review.version, editor, (clinical, "clinical"), (specialist, "specialist"))
    decide(first)

    asking = at(editor).get(url("assign", review.pk)).context["asking"]

    assert [line.row.name for line in asking.lines] == ["Petra Pharmacist"]
    assert asking.others == [
        ("Clara Clinical", ["Clara Clinical has approved this version already."], None),
        ("Simon Specialist", ["Simon Specialist has already been asked."], None),
    ]


def test_the_form_that_asks_proposes_a_day(at, author, editor):
    board_member("clara", "Clara Clinical", ["clinical"])
    page = at(editor).get(url("assign", submitted(author).review.pk)).content.decode()

    assert f'<input type="date" name="due" value="{default_due().isoformat()}"' in page
