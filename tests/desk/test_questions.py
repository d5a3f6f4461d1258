"""What editors do with the questions of readers, and what the askers are told."""

import datetime

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.utils import timezone
from lxml import html

from articles.desk.readers.questions import handling
from articles.models import Article, Audience, Feedback, Question, Wording
from articles.models.reader_input.deleting import delete_expired
from reviews import workflow
from reviews.messages import reminders
from reviews.operations.background import jobs
from tests import factories
from tests.desk.pages import text, url
from tests.factories import article, edit, person, published, submitted
from tests.populated import question as make

pytestmark = pytest.mark.django_db(transaction=True)

TOKEN = "a-private-token"
OTHER = "another-token"


@pytest.fixture
def public(author, editor, clinical, specialist) -> Article:
    draft = article(author, slug="nodes", title="Nodes", body="<p>Nodes filter lymph.</p>")
    published(submitted(author, draft), editor, clinical, specialist)
    return Article.objects.get(pk=draft.pk)


@pytest.fixture
def asked(public) -> Question:
    return make(public, "Why do nodes filter lymph?")


def another(public, number=1, **fields) -> Question:
    return make(public, f"Another question {number}?", token_digest="", **fields)


def with_token(public, token) -> Question:
    from articles.models.reader_input.sent import digest_of

    return make(public, "The same question?", token_digest=digest_of(token))


def told(client, token=TOKEN) -> str:
    """Return what the asker is told."""
    return text(client.get(f"/questions/{token}/"))


def passage_of(public) -> dict:
    return {"version": public.published_version_id, "section": public.sections.get().key}


def chosen(public) -> dict:
    passage = passage_of(public)
    return {"passage": f"{passage['version']}:{passage['section']}"}


# The list


def test_editors_see_the_open_questions_the_oldest_first_with_a_count_in_the_navigation(at, editor, public):
    now = timezone.now()
    for days in (1, 3, 2):
        another(public, days, asked_at=now - datetime.timedelta(days=days))

    page = html.document_fromstring(at(editor).get(url("questions")).content)

    assert [one.text_content() for one in page.xpath("//ul[@class='rows']/li/p")] == [
        "Another question 3?", "Another question 2?", "Another question 1?",
    ]  # fmt: skip
    assert "Questions (3 open)" in page.xpath("string(//nav[@aria-label='Desk'])")


def test_the_list_comes_a_page_at_a_time_in_both_orders(at, editor, public, monkeypatch):
    now = timezone.now()
    for number in range(5):
        another(public, number, asked_at=now - datetime.timedelta(days=number % 2))
    monkeypatch.setattr("articles.desk.readers.questions.views.IN_A_LIST", 2)
    for state in ("open", "declined"):
        seen, query = [], {"state": state}
        while query:
            page = html.document_fromstring(at(editor).get(url("questions"), query).content)
            seen += page.xpath("//ul[@class='rows']/li/a/@href")
            following = page.xpath("//a[@rel='next']/@href")
            query = dict(part.split("=") for part in following[0][1:].split("&")) if following else None
        assert len(seen) == len(set(seen)) == 5
        for question in Question.objects.open():
            handling.decline(question, actor=editor, reason="No.")


@pytest.mark.parametrize("query", [{"state": "nothing"}, {"after": "x"}, {"after": "9" * 30}, {"after": "1\0"}])
def test_any_query_of_the_list_is_answered(at, editor, asked, query):
    assert at(editor).get(url("questions"), query).status_code == 200


@pytest.mark.parametrize("number", [1, 30])
def test_the_list_costs_the_same_queries_for_one_question_and_for_many(
    at, editor, public, number, django_assert_num_queries
):
    for each in range(number):
        another(public, each)
    client = at(editor)

    with django_assert_num_queries(8):
        client.get(url("questions"))


@pytest.mark.parametrize("number", [1, 30])
def test_a_question_costs_the_same_queries_among_many(at, editor, public, asked, number, django_assert_num_queries):
    for each in range(number):
        another(public, each)
    client = at(editor)
    client.get(url("question", asked.pk))

    with django_assert_num_queries(25):
        client.get(url("question", asked.pk))


def test_a_red_flag_is_marked(at, editor, public):
    make(public, "I have chest pain")

    assert "Red flag" in text(at(editor).get(url("questions")))


def test_the_page_of_a_question_says_what_it_is_about_and_who_asked_as_which_reader(at, editor, public, asked):
    said = text(at(editor).get(url("question", asked.pk)))

    assert "Nodes</a>, version 1, by a carer or family member." in said
    assert "Nothing is stored about who asked." in said


# Answering


def test_an_answer_is_shown_to_the_asker_in_the_signed_words(at, client, editor, public, asked):
    response = at(editor).post(url("answer_question", asked.pk), chosen(public))

    asked.refresh_from_db()
    assert response.status_code == 302
    assert (asked.state, asked.settled_by) == ("answered", editor)
    page = html.document_fromstring(client.get(f"/questions/{TOKEN}/").content)
    assert page.xpath("//section[@class='quote']/blockquote")[0].text_content() == "Nodes filter lymph."
    assert "Medically reviewed by Clara Clinical" in told(client)


def test_the_editor_is_offered_the_best_passages_and_can_search_for_others(at, editor, public, asked):
    offered = html.document_fromstring(at(editor).get(url("question", asked.pk)).content)
    nothing = html.document_fromstring(at(editor).get(url("question", asked.pk), {"q": "volcano"}).content)

    assert offered.xpath("//input[@name='passage']/@value") == [chosen(public)["passage"]]
    assert not nothing.xpath("//input[@name='passage']")


def test_only_a_public_passage_can_be_chosen(at, author, editor, public, asked):
    edit(public, "Secret words.", by=author)
    newer = submitted(author, Article.objects.get(pk=public.pk))
    section = public.sections.get().key

    response = at(editor).post(url("answer_question", asked.pk), {"passage": f"{newer.pk}:{section}"})

    assert response.status_code == 409
    assert "This text is not public any more" in text(response)
    asked.refresh_from_db()
    assert asked.is_open


@pytest.mark.parametrize("passage", ["", "x", "1", "1:", ":a", "1:ABC", "1:a;", "9" * 40 + ":a", "1:a\0"])
def test_a_passage_that_is_none_is_refused_with_a_sentence(at, editor, asked, passage):
    response = at(editor).post(url("answer_question", asked.pk), {"passage": passage})

    assert response.status_code == 422
    assert "Choose" in text(response)


def test_an_unknown_section_is_refused(at, editor, public, asked):
    response = at(editor).post(
        url("answer_question", asked.pk), {"passage": f"{public.published_version_id}:nothinghere"}
    )

    assert response.status_code == 422
    assert "This text has no such passage." in text(response)


def test_an_answer_that_is_retracted_is_not_shown_any_more(client, at, editor, public, asked):
    handling.answer(asked, actor=editor, **passage_of(public))

    workflow.issue_notice(public, actor=editor, kind="retraction", reason="Wrong.")

    assert "Nodes filter lymph" not in told(client)
    assert "no longer offered" in told(client)
    assert "The passage is not public any more" in text(at(editor).get(url("question", asked.pk)))


def test_an_answer_whose_article_is_revised_is_shown_as_it_reads_now(
    client, author, editor, clinical, specialist, public, asked
):
    handling.answer(asked, actor=editor, **passage_of(public))
    edit(public, "Nodes filter much lymph.", by=author)
    published(submitted(author, Article.objects.get(pk=public.pk)), editor, clinical, specialist)

    assert "Nodes filter much lymph." in told(client)
    assert "The article has been revised since they chose it" in told(client)


# Declining, merging, writing


def test_a_reason_is_told_to_the_asker(at, client, editor, asked):
    response = at(editor).post(url("decline_question", asked.pk), {"reason": "We write about adults only."})

    assert response.status_code == 302
    assert "We write about adults only." in told(client)


def test_a_refusal_without_a_reason_is_refused(at, editor, asked):
    response = at(editor).post(url("decline_question", asked.pk), {"reason": " "})

    assert response.status_code == 422
    with pytest.raises(ValidationError, match="Give the reason"):
        handling.decline(asked, actor=editor, reason=" \n")


def test_a_merged_question_has_the_answer_of_the_other_one(at, client, editor, public, asked):
    other = another(public)

    assert at(editor).post(url("merge_question", asked.pk), {"into": other.pk}).status_code == 302
    assert "Our editors will answer both together." in told(client)

    handling.answer(other, actor=editor, **passage_of(public))
    assert "Nodes filter lymph." in told(client)


def test_a_merged_question_is_answered_from_its_own_askers_page(
    client, author, editor, clinical, specialist, public, asked
):
    carer = Audience.objects.get(key=asked.audience)
    own = Wording(section=public.sections.get(), audience=carer, body="<p>For carers: sieves.</p>")
    factories.save(own, author)
    published(submitted(author, Article.objects.get(pk=public.pk)), editor, clinical, specialist)
    public.refresh_from_db()
    other = another(public, audience="professional")
    handling.merge(asked, actor=editor, into=other.pk)
    handling.answer(other, actor=editor, **passage_of(public))

    said = told(client)

    assert "For carers: sieves." in said
    assert "no separate text for you" not in said


def test_what_was_merged_into_a_question_moves_on_with_it(editor, public, asked):
    second, third = another(public, 2), another(public, 3)

    handling.merge(asked, actor=editor, into=second.pk)
    handling.merge(second, actor=editor, into=third.pk)

    assert set(Question.objects.filter(merged_into=third)) == {asked, second}


@pytest.mark.parametrize("into", ["itself", "nothing", "merged", "words", ""])
def test_a_merge_that_leads_nowhere_is_refused(at, editor, public, asked, into):
    merged, target = another(public, 2), another(public, 3)
    handling.merge(merged, actor=editor, into=target.pk)
    numbers = {"itself": asked.pk, "nothing": 10**12, "merged": merged.pk, "words": "x", "": ""}

    response = at(editor).post(url("merge_question", asked.pk), {"into": numbers[into]})

    assert response.status_code == 422
    asked.refresh_from_db()
    assert asked.is_open


def test_a_question_becomes_a_draft_that_goes_through_the_normal_review(
    at, client, author, editor, clinical, specialist, public, asked
):
    title = "Why do lymph nodes filter?"
    response = at(editor).post(url("write_question", asked.pk), {"title": title, "author": author.contributor.pk})

    assert response.status_code == 302
    draft = Article.objects.get(title=title)
    assert (draft.kind, draft.published_version, draft.written_for.key) == ("question", None, "carer")
    assert [topic.name for topic in draft.topics.all()] == ["Oncology"]
    assert draft.has_author(author)
    assert asked.text not in str(factories.rows()["articles_article"])
    assert "An article is being written" in told(client)
    assert title not in told(client)

    draft.ai_use = "none"
    factories.save(draft, author)
    draft.sections.create(role="body", heading="Answer", body="<p>So.</p>")
    other = person("editor2", groups=["editor"])
    published(submitted(author, draft), other, clinical, specialist)
    page = html.document_fromstring(client.get(f"/questions/{TOKEN}/").content)
    assert page.xpath(f"//main//a[@href='/articles/{draft.slug}/']/text()") == [title]

    draft.refresh_from_db()
    workflow.issue_notice(draft, actor=editor, kind="concern", reason="The figures are in doubt.")
    assert "Under an expression of concern" in told(client)
    workflow.issue_notice(draft, actor=editor, kind="retraction", reason="Wrong.")
    assert "Retracted: the article that answered it" in told(client)
    assert "being written" not in told(client)
    assert "Retracted: " in text(at(editor).get(url("question", asked.pk)))


@pytest.mark.parametrize(
    ("title", "sentence"), [("Nodes", "An article with this title exists already"), ("", "required"), ("…", "")]
)
def test_an_article_that_cannot_be_created_is_refused_and_leaves_nothing(
    at, author, editor, public, asked, title, sentence
):
    before = factories.rows()

    response = at(editor).post(url("write_question", asked.pk), {"title": title, "author": author.contributor.pk})

    assert response.status_code == 422
    assert sentence in text(response)
    after = factories.rows()
    assert {name: rows for name, rows in after.items() if rows != before[name]} == {}
    if title == "Nodes":
        with pytest.raises(ValidationError):
            handling.write(asked, actor=editor, title="nodes", author=author.contributor)


def test_a_title_of_signs_alone_is_refused(at, author, editor, public, asked):
    response = at(editor).post(url("write_question", asked.pk), {"title": "…?", "author": author.contributor.pk})

    assert response.status_code == 422


def test_a_settled_question_is_opened_again_without_its_answer(at, client, editor, public, asked):
    handling.decline(asked, actor=editor, reason="No.")

    assert at(editor).post(url("reopen_question", asked.pk)).status_code == 302
    asked.refresh_from_db()
    assert (asked.is_open, asked.reason, asked.settled_by) == (True, "", None)
    assert "is waiting for our editors" in told(client)


# Refusals


@pytest.mark.parametrize(
    "function",
    [
        lambda row, actor, public: handling.answer(row, actor=actor, **passage_of(public)),
        lambda row, actor, public: handling.merge(row, actor=actor, into=another(public).pk),
        lambda row, actor, public: handling.decline(row, actor=actor, reason="No."),
        lambda row, actor, public: handling.write(
            row, actor=actor, title="New", author=public.authorships.get().contributor
        ),
    ],
    ids=["answer", "merge", "decline", "write"],
)
def test_each_step_is_for_editors_and_for_open_questions_alone(author, editor, public, asked, function):
    for nobody in (author, person("root", groups=["admin"])):
        with pytest.raises(PermissionDenied, match="Only editors"):
            function(asked, nobody, public)
    handling.decline(asked, actor=editor, reason="First.")
    with pytest.raises(ValidationError, match="not open any more") as refused:
        function(asked, editor, public)
    assert refused.value.code == "stale"

    asked.refresh_from_db()
    assert (asked.state, asked.reason) == ("declined", "First.")
    assert not Article.objects.filter(title="New")


def test_an_editor_who_lost_the_role_is_refused_at_once(at, editor, asked):
    client = at(editor)
    assert client.get(url("question", asked.pk)).status_code == 200
    editor.groups.remove(Group.objects.get(name="Editors"))

    assert client.get(url("question", asked.pk)).status_code == 403
    assert client.post(url("decline_question", asked.pk), {"reason": "No."}).status_code == 403


def test_what_two_editors_do_at_once_is_done_once_and_the_second_keeps_the_input(at, editor, asked):
    handling.decline(asked, actor=editor, reason="First.")

    response = at(editor).post(url("decline_question", asked.pk), {"reason": "Second."})

    assert response.status_code == 409
    assert "This question is not open any more: declined." in text(response)
    asked.refresh_from_db()
    assert asked.reason == "First."


def test_a_question_deleted_in_the_meantime_is_not_there(at, editor, asked):
    number = asked.pk
    asked.delete()

    assert at(editor).post(url("decline_question", number), {"reason": "No."}).status_code == 404


@pytest.mark.parametrize(
    "fields", [{"state": "answered"}, {"state": "declined"}, {"state": "merged"}, {"state": "being_written"},
               {"reason": "Why"}, {"answer_section": "a"}],
)  # fmt: skip
def test_the_database_refuses_a_state_without_what_belongs_to_it(asked, fields):
    for name, value in fields.items():
        setattr(asked, name, value)

    with pytest.raises(IntegrityError), transaction.atomic():
        asked.save()


# Deletion


def test_each_question_is_deleted_after_its_date_whatever_was_done_with_it(editor, public, asked):
    today = timezone.localdate()
    declined, merged, kept = another(public, 1), another(public, 2), another(public, 3)
    handling.decline(declined, actor=editor, reason="No.")
    handling.merge(merged, actor=editor, into=declined.pk)
    Feedback.objects.create(version=public.published_version, helpful=True, given_at=timezone.now(), delete_after=today)
    Question.objects.filter(pk=kept.pk).update(delete_after=today + datetime.timedelta(days=1))

    assert delete_expired(today) == 0
    assert delete_expired(today + datetime.timedelta(days=1)) == 4
    assert list(Question.objects.all()) == [kept]
    assert not Feedback.objects.exists()


def test_a_daily_job_deletes_them(public, asked):
    Question.objects.update(delete_after=timezone.localdate() - datetime.timedelta(days=1))

    jobs.delete_readers_input.func()

    assert not Question.objects.exists()


@pytest.mark.parametrize("state", ["open", "answered", "declined"])
def test_who_was_merged_into_a_deleted_question_keeps_its_answer(client, editor, public, asked, state):
    other = another(public)
    handling.merge(asked, actor=editor, into=other.pk)
    if state == "answered":
        handling.answer(other, actor=editor, **passage_of(public))
    if state == "declined":
        handling.decline(other, actor=editor, reason="The reason.")

    Question.objects.get(pk=other.pk).delete()

    asked.refresh_from_db()
    assert (asked.state, asked.merged_into) == (state, None)
    said = {"open": "is waiting for our editors", "answered": "Nodes filter lymph.", "declined": "The reason."}
    assert said[state] in told(client)


@pytest.mark.parametrize("name", ["number", "token", "address"])
def test_the_operator_erases_a_question_by_its_number_or_its_private_address(public, asked, name, capsys):
    named = {"number": str(asked.pk), "token": TOKEN, "address": f"https://imprimatur.example/questions/{TOKEN}/"}

    call_command("erase_question", named[name])

    assert not Question.objects.exists()
    assert "was deleted" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["12345678", "9" * 30, "no-token", "/", "https://imprimatur.example/questions/none/"])
def test_the_operator_is_told_of_a_question_that_there_is_not(asked, name):
    with pytest.raises(CommandError, match="There is no such question"):
        call_command("erase_question", name)
    assert Question.objects.count() == 1


def test_the_text_of_a_question_is_nowhere_but_in_its_row(at, editor, public):
    question = make(public, "The secretword question?")
    at(editor).get(url("question", question.pk))
    handling.decline(question, actor=editor, reason="No.")

    holding = {table for table, rows in factories.rows().items() if "secretword" in str(rows)}
    assert holding == {"articles_question"}

    Question.objects.get().delete()
    assert not [table for table, rows in factories.rows().items() if "secretword" in str(rows)]


# Email


def test_editors_are_told_once_a_day_how_many_questions_are_open_and_nothing_else(public, asked, mailoutbox):
    today = timezone.localdate()
    mailoutbox.clear()

    assert reminders.send_due(today) == 1
    assert reminders.send_due(today) == 0
    assert reminders.send_due(today + datetime.timedelta(days=1)) == 0

    [mail] = mailoutbox
    assert mail.to == ["editor@example.org"]
    assert "There is 1 open question of readers." in mail.body
    assert mail.body.rstrip().endswith("/desk/questions/")
    assert asked.text not in mail.body + mail.subject

    another(public)
    assert reminders.send_due(today + datetime.timedelta(days=1)) == 1
    assert "There are 2 open questions of readers." in mailoutbox[-1].body


def test_editors_are_told_weekly_while_a_question_stays_open(public, asked):
    today = timezone.localdate()

    sent = [reminders.send_due(today + datetime.timedelta(days=days)) for days in range(9)]

    assert sent == [1, 0, 0, 0, 0, 0, 0, 1, 0]


def test_nobody_is_told_of_no_question(editor, public, asked):
    handling.decline(asked, actor=editor, reason="No.")

    assert reminders.send_due() == 0
