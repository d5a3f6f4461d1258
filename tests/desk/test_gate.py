"""Until a reviewer has declared no conflict of interest and accepted, no page of the desk shows them the text."""

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.urls import NoReverseMatch, reverse

from articles.models import Audience, Wording
from reviews import workflow
from reviews.models import Assignment, Opening
from reviews.workflow import NotAllowed
from tests import factories
from tests.desk.pages import text, url
from tests.populated import of_draft, of_review
from tests.test_urls import addresses

CANARY = "Kanarienvogel"
ENDINGS = ("", "?audience=professional", "?changes=previous", "?changes=1", "?changes=")
OF_OTHERS = {  # of questions, of reports and of disclaimers: only editors see them, and they are about no version
    "questions", "question", "answer_question", "merge_question", "decline_question", "write_question",
    "reopen_question", "reports", "report", "judge_report", "reply_to_report", "correct_report", "leave_report",
    "turn_away_report", "merge_report", "reopen_report", "issue_disclaimer", "confirm_disclaimer",
}  # fmt: skip


@pytest.fixture
def draft(author):
    """A draft in which every text and every heading has the word."""
    body = f"<p>A {CANARY} filters lymph. <cite data-ref='smith2020'>[1]</cite></p>"
    draft = factories.article(author, body=body)
    draft.cited = factories.cite(draft, by=author, author=[{"family": CANARY, "given": "J"}])
    section = draft.sections.get()
    section.heading = f"On the {CANARY}"
    factories.save(section, author)
    audience = Audience.objects.get(key="professional")
    factories.save(Wording(section=section, audience=audience, body=f"<p>Of a {CANARY}.</p>"), author)
    return draft


@pytest.fixture
def row(draft, author, editor, clinical, specialist, lay):
    """A request that nobody has answered, on a version about which others have said something."""
    version = factories.submitted(author, draft)
    (other,) = factories.under_review(version, editor, (specialist, "specialist"))
    workflow.comment(version, actor=specialist, text=f"Which {CANARY}?", exact=f"A {CANARY} filters")
    workflow.comment(version, actor=specialist, text=f"The {CANARY} again.", blocking=True, board_only=True)
    mine, _ = factories.asked(version, editor, (clinical, "clinical"), (lay, "lay"))
    factories.decide(other, "request_changes", f"A {CANARY} does not filter.")
    return mine


def doors(row, draft) -> dict[str, str]:
    """Return the path of each address of the desk that is about this article, or about none."""
    thread = draft.comments.first()
    arguments = {**of_draft(draft, draft.cited), **of_review(row.review, row, thread)}
    arguments |= {"lift_notice": {"pk": 1}, "cancel_schedule": {"pk": 1}, "close_task": {"pk": 1}}
    names = [name for namespace, name in addresses() if namespace != "admin" and name not in OF_OTHERS]
    found = {}
    for name in names:
        if name in arguments or reverse_or_none(name):
            found[name] = reverse(name, kwargs=arguments.get(name))
    return {name: path for name, path in found.items() if path.startswith("/desk/") and "sign_" not in name}


def reverse_or_none(name: str) -> str | None:
    try:
        return reverse(name)
    except NoReverseMatch:
        return None


def words_shown(client, paths) -> set[str]:
    """Return the addresses at which the word is found, opened and sent empty, also where they lead to."""
    found = set()
    for name, path in paths.items():
        for ending in ENDINGS if name == "desk_review" else [""]:
            if CANARY in text(client.get(path + ending, follow=True)):
                found.add(f"{name}{ending}")
        if CANARY in text(client.post(path, {"because": "", "text": "", "read": "x", "shown": "x"}, follow=True)):
            found.add(f"{name}, sent")
    return found


def test_no_page_of_the_desk_shows_a_word_of_the_text(row, draft, clinical, editor, at):
    paths = doors(row, draft)

    accept = {"accept": paths.pop("accept")}
    assert {"desk_review", "desk_article", "decide", "comment", "answer", "desk", "recuse", "read_changes"} <= {*paths}
    assert words_shown(at(clinical), paths) == set()
    assert not Assignment.objects.get(pk=row.pk).is_accepted
    assert words_shown(at(clinical), accept) == {"accept, sent"}
    assert {"desk_review", "desk_article", "desk_version_file"} <= words_shown(at(clinical), paths)


def test_the_request_says_what_it_takes_to_judge_it_and_names_nobody_else_who_is_asked(row, clinical, at):
    page = text(at(clinical).get(url("desk_review", row.review_id)))

    for words in (
        row.review.version.title,
        "Edith Editor asks you to review version 1 as <strong>clinical reviewer</strong>",
        "Your decision is due by",
        "The first version of this article.",
        "About 1 minute to read.",
        "Topic. Standard risk.",
        "Major: new or changed advice, a full review",
        "Oncology",
        "patient or member of the public; doctor, nurse or other healthcare professional",
        "Written by Ada Author.",
        "No artificial intelligence was used.",
        "I have no conflict of interest: accept and read",
    ):
        assert words in page
    assert "Simon" not in page
    assert "Larry" not in page
    assert not Opening.objects.filter(user=clinical).exists()


def test_one_press_accepts_and_leads_to_the_text(row, clinical, at):
    answer = at(clinical).post(url("accept", row.pk), follow=True)

    assert answer.redirect_chain == [(url("desk_review", row.review_id), 302)]
    assert CANARY in text(answer)
    assert Assignment.objects.get(pk=row.pk).is_accepted
    again = at(clinical).post(url("accept", row.pk), follow=True)
    assert "You have already accepted this request." in text(again)


def test_other_pages_lead_to_the_request_and_take_no_form(row, clinical, at):
    page = url("desk_review", row.review_id)

    for name in ("desk_article", "notices", "submit"):
        assert at(clinical).get(url(name, row.review.article_id)).url == page
    assert at(clinical).get(url("comment", row.review_id)).url == page
    refused = at(clinical).post(url("comment", row.review_id), {"text": "Hm."})
    assert refused.status_code == 403
    assert "Accept or decline the request to review first." in text(refused)


def test_a_request_is_declined_on_its_page(row, clinical, at):
    form = {"because": "no_time", "reason": "", "suggestion": "Dora Doe"}

    answer = at(clinical).post(url("recuse", row.pk), form, follow=True)

    assert "You have declined this review. The editors are told." in text(answer)
    found = Assignment.objects.get(pk=row.pk)
    assert (found.ended_as, found.declined_because, found.suggestion) == ("declined", "no_time", "Dora Doe")
    assert at(clinical).get(url("desk_review", row.review_id)).status_code == 404
    assert at(clinical).get(url("desk_article", row.review.article_id)).status_code == 404


def test_a_conflict_of_interest_is_declared_on_its_page(row, clinical, editor, at):
    form = {"because": "conflict", "reason": "My brother made it.", "suggestion": ""}

    at(clinical).post(url("recuse", row.pk), form)

    assert Assignment.objects.get(pk=row.pk).ended_as == "conflict"
    assert at(clinical).get(url("desk_review", row.review_id)).status_code == 403
    with pytest.raises(NotAllowed, match="stepped back from this article because of a conflict"):
        workflow.assign(row.review, actor=editor, reviewer=clinical, capacity="clinical")


def test_a_refused_answer_is_shown_with_its_input_and_without_the_text(row, clinical, at):
    form = {"because": "another", "reason": " ", "suggestion": "Dora Doe"}

    answer = at(clinical).post(url("recuse", row.pk), form)

    assert answer.status_code == 422
    assert "Give the reason in a sentence." in text(answer)
    assert 'value="Dora Doe"' in text(answer)
    assert CANARY not in text(answer)
    assert Assignment.objects.get(pk=row.pk).is_open


def test_who_sees_the_article_in_another_role_sees_the_text_and_the_same_choice(row, author, editor, at):
    both = factories.board_member("both", "Eve Both", ["clinical"], groups=["reviewer", "editor"])
    (mine,) = factories.asked(row.review.version, editor, (both, "clinical"))
    admin = factories.person("root", groups=["admin"])

    for who in (author, editor, admin, both):
        assert CANARY in text(at(who).get(url("desk_review", row.review_id)))
    page = text(at(both).get(url("desk_review", row.review_id)))
    assert "I have no conflict of interest: accept and read" in page
    assert url("recuse", mine.pk) in page
    assert 'name="password"' not in page


def test_who_once_accepted_a_request_for_a_version_knows_its_text(row, clinical, editor, at):
    factories.accepted(row)
    workflow.unassign(row, actor=editor, reason="On leave.")
    (again,) = factories.asked(row.review.version, editor, (clinical, "clinical"))

    page = text(at(clinical).get(url("desk_review", row.review_id)))

    assert CANARY in page
    assert url("accept", again.pk) in page


@pytest.fixture
def newer(author, editor, editor2, clinical, specialist):
    """A request to who approved the public first version, on a second one with the word in it and in a comment."""
    draft = factories.article(author)
    factories.published(factories.submitted(author, draft), editor, clinical, specialist)
    factories.edit(draft, f"A {CANARY} swells.", by=author)
    version = factories.submitted(author, draft, note="A new finding")
    workflow.comment(version, actor=editor2, text="Why?", exact=f"A {CANARY} swells")
    return factories.asked(version, editor, (clinical, "clinical"))[0]


def test_who_approved_an_earlier_version_is_told_what_is_new_and_still_sees_the_earlier_one(newer, clinical, at):
    earlier = newer.review.article.versions.get(number=1).review

    page = text(at(clinical).get(url("desk_review", newer.review_id)))
    known = text(at(clinical).get(url("desk_review", earlier.pk)))

    assert "Changes to version 1, which you approved on" in page
    assert "Sections that are new or changed: 1 of 1. A new finding" in page
    assert CANARY not in page
    assert "Lymph nodes filter lymph." in known
    assert CANARY not in known
    assert at(clinical).get(url("desk_article", newer.review.article_id)).url == url("desk_review", newer.review_id)
    factories.accepted(newer)
    assert CANARY in text(at(clinical).get(url("desk_review", newer.review_id)))
    assert CANARY in text(at(clinical).get(url("desk_review", earlier.pk)))


ANSWERS = {
    "declined": {"because": "no_time"},
    "declined, with a conflict": {"because": "conflict", "reason": "My brother made it."},
}


@pytest.mark.parametrize("answer", ANSWERS)
def test_who_accepted_an_earlier_version_and_declines_the_newer_one_sees_no_word_of_it(newer, clinical, at, answer):
    draft = newer.review.article
    draft.cited = factories.cite(draft, by=draft.versions.get(number=1).submitted_by)
    paths = doors(newer, draft)
    earlier = draft.versions.get(number=1).review

    workflow.recuse(newer, actor=clinical, **ANSWERS[answer])

    assert words_shown(at(clinical), paths) == set()
    page = at(clinical).get(url("desk_review", newer.review_id))
    assert page.status_code == 403
    assert ("You declined to review this version" in text(page)) == (answer == "declined")
    assert at(clinical).get(url("desk_article", draft.pk)).status_code == (403 if answer == "declined" else 404)
    assert at(clinical).get(url("desk_review", earlier.pk)).status_code == (200 if answer == "declined" else 403)


@pytest.fixture
def to_withdraw(author, editor, editor2, clinical, specialist):
    """A request to who approved the first version, which is not public yet, on a second one with the word in it."""
    draft = factories.article(author)
    factories.approved(factories.submitted(author, draft), editor, clinical, specialist)
    factories.edit(draft, f"A {CANARY} swells.", by=author)
    version = factories.submitted(author, draft, note="A new finding")
    workflow.comment(version, actor=editor2, text="Why?", exact=f"A {CANARY} swells")
    factories.cite(draft, by=author)
    return factories.asked(version, editor, (clinical, "clinical"))[0]


@pytest.mark.parametrize("has_accepted", [False, True])
def test_whose_approval_can_be_withdrawn_sees_after_a_conflict_only_what_they_approved(
    to_withdraw, clinical, at, has_accepted
):
    draft, row = to_withdraw.review.article, to_withdraw
    draft.cited = draft.article_references.get()
    first = draft.versions.get(number=1).review
    paths = doors(row, draft) | {"of the first": url("desk_review", first.pk)}
    if has_accepted:
        row = factories.accepted(row)
        assert CANARY in text(at(clinical).get(url("desk_review", row.review_id)))

    workflow.recuse(row, actor=clinical, reason="My brother made it.", conflict=True)

    assert words_shown(at(clinical), paths) == set()
    newer = at(clinical).get(url("desk_review", row.review_id))
    assert newer.status_code == 403
    assert "You stepped back from this article because of a conflict of interest" in text(newer)
    assert at(clinical).get(url("desk_review", first.pk)).status_code == 200
    form = {"password": factories.PASSWORD, "reason": "My brother made it."}
    assert at(clinical).post(url("withdraw_approval", first.pk), form).status_code == 302
    assert at(clinical).get(url("desk_review", first.pk)).status_code == 403


def test_nobody_writes_to_a_reviewer_about_a_text_that_is_closed_to_them(
    row, author, clinical, django_capture_on_commit_callbacks
):
    version = row.review.version
    with pytest.raises(ValidationError, match="nobody who may comment"):
        workflow.comment(version, actor=author, text="@reviewer1, what do you think?")
    with pytest.raises(NotAllowed, match="Only the article's authors, its reviewers and editors"):
        workflow.comment(version, actor=clinical, text="Hm.")

    with django_capture_on_commit_callbacks(execute=True):
        workflow.comment(version, actor=author, text="It stands.")

    assert clinical.email not in {address for message in mail.outbox for address in message.to}


def test_the_request_costs_few_questions(row, newer, clinical, at, django_assert_num_queries):
    client = at(clinical)
    for each in (row, newer):
        client.get(url("desk_review", each.review_id))

    with django_assert_num_queries(12):
        client.get(url("desk_review", row.review_id))
    with django_assert_num_queries(14):
        client.get(url("desk_review", newer.review_id))
