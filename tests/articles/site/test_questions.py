"""A reader's follow-up question: the form, the answers in signed words, sending it, and its private page."""

import datetime
import json
import logging
import re

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from lxml import html

from articles.models import Article, Audience, Question, Section, SentForm, Wording
from articles.models.reader_input.deleting import delete_expired
from articles.models.reader_input.sent import digest_of
from articles.site.forms import asking, sealed
from config.logs import Line
from reviews import workflow
from tests import factories
from tests.articles.site.pages import page_for, parsed, words
from tests.populated import publish_the_policy

ASKED = "What do lymph nodes filter?"


def ask_address(article, audience="public") -> str:
    return reverse("ask", args=[article.slug, audience])


def answers_to(client, article, question=ASKED, audience="public", **fields):
    """Ask, and follow the browser to the page of answers."""
    return client.post(ask_address(article, audience), {"question": question, **fields}, follow=True)


def once_in(response) -> str:
    return parsed(response).xpath("//input[@name='once']/@value")[0]


def sent(client, article, question=ASKED, audience="public"):
    once = once_in(answers_to(client, article, question, audience))
    return answers_to(client, article, question, audience, send="1", once=once)


def status_path(response) -> str:
    return re.search(r"/questions/[^/\"]+/", response.content.decode()).group()


def quotes(response) -> list[str]:
    """Return what is quoted as an answer."""
    found = parsed(response).xpath("//section[@class='quote'][not(ancestor::details)]/blockquote")
    return [words(quote) for quote in found]


def publish(author, staff, **fields):
    draft = factories.article(author, **fields)
    factories.published(factories.submitted(author, draft), *staff)
    return Article.objects.get(pk=draft.pk)


# The form


def test_the_form_stands_below_the_text_and_after_its_warnings(client, public_article):
    page = parsed(client.get(page_for(public_article)))

    box = page.xpath("//section[@class='ask']")[0]
    before = words(box).partition("Your question At most")[0]
    for said in ("not for emergencies", "call your local emergency number", "Do not write names", "after 90 days"):
        assert said in before
    assert "our editors" in before
    assert not page.xpath("//article//*[@class='ask']")
    assert page.xpath("//label[@for='question']")
    assert not box.xpath(".//input[@type='hidden']"), "the page is the same for everybody"


def test_the_page_with_the_form_is_the_same_for_everybody(client, public_article, admin_client):
    assert client.get(page_for(public_article)).content == admin_client.get(page_for(public_article)).content
    assert not client.get(page_for(public_article)).cookies


def test_a_text_under_review_takes_no_questions(client, pending_article):
    assert b'class="ask"' not in client.get(page_for(pending_article)).content
    assert client.get(ask_address(pending_article)).status_code == 404
    assert answers_to(client, pending_article).status_code == 404


def test_an_older_version_has_no_form(client, author, staff, public_article):
    factories.edit(public_article, "Lymph nodes hold lymph.", by=author)
    factories.published(factories.submitted(author, public_article), *staff)

    assert b'class="ask"' not in client.get("/articles/lymph-nodes/versions/1/").content


def test_the_address_opened_without_a_question_gives_the_form(client, public_article):
    response = client.get(ask_address(public_article))

    assert response.status_code == 200
    assert parsed(response).xpath("//textarea[@name='question']")
    assert not parsed(response).xpath("//input[@name='once']")


@pytest.mark.parametrize("path", ["/articles/nothing/for/public/ask/", "/articles/lymph-nodes/for/nobody/ask/"])
def test_an_unknown_text_or_audience_is_not_there(client, public_article, path):
    assert client.get(path).status_code == 404
    assert client.post(path, {"question": ASKED}).status_code == 404


def test_a_removed_text_answers_that_it_is_gone(client, staff, public_article):
    workflow.issue_notice(public_article, actor=staff[0], kind="removal", reason="A court's order.")

    assert answers_to(client, public_article).status_code == 410


def test_a_question_at_a_former_address_is_answered(client, author, public_article):
    public_article.slug = "nodes"
    factories.save(public_article, author)

    response = client.post("/articles/lymph-nodes/for/public/ask/", {"question": ASKED}, follow=True)

    assert quotes(response)


@pytest.mark.parametrize(
    "question",
    ["", "   ", "x" * 2001, "\0", "\u200b"],
)
def test_a_refused_question_is_explained_and_kept(client, public_article, question):
    response = answers_to(client, public_article, question)

    page = parsed(response)
    assert response.status_code == 422
    assert factories.is_sentence(words(page.xpath("//*[@role='alert']//a[@href='#question']")[0]))
    assert page.xpath("//textarea")[0].text_content().strip("\ufffd\u200b ") == question.strip("\0\u200b ")
    assert page.xpath("//textarea/@aria-invalid") == ["true"]
    assert page.xpath("//textarea/@aria-describedby") == ["question-hint question-error"]


def test_a_question_of_exactly_the_longest_length_is_answered_whatever_ends_its_lines(client, public_article):
    question = "nodes\r\n" * 333 + "no"
    assert len(question.replace("\r\n", "\n")) == 2000

    assert answers_to(client, public_article, question).status_code == 200


def test_the_trap_for_programs_refuses_with_a_sentence(client, public_article):
    response = answers_to(client, public_article, website="https://spam.example")

    assert response.status_code == 422
    assert "Leave the field “Website” empty." in response.content.decode()
    assert not Question.objects.exists()


@pytest.mark.parametrize("headers", [{"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}])
def test_a_form_from_another_site_is_refused(client, public_article, headers):
    once = once_in(answers_to(client, public_article))
    path = status_path(sent(client, public_article))

    refused = client.post(ask_address(public_article), {"question": ASKED, "send": "1", "once": once}, headers=headers)

    assert refused.status_code == 403
    assert client.post(f"{path}deletion/", headers=headers).status_code == 403
    assert Question.objects.count() == 1


def test_asking_needs_no_token_and_no_cookie_and_sets_none(client, public_article):
    client.handler.enforce_csrf_checks = True

    response = sent(client, public_article)

    assert response.status_code == 200
    assert not response.cookies
    assert not client.cookies


@pytest.mark.parametrize("step", ["form", "answers", "sent", "status", "gone"])
def test_no_page_of_a_question_is_stored_indexed_or_told_to_others(client, public_article, step):
    response = {
        "form": lambda: client.get(ask_address(public_article)),
        "answers": lambda: answers_to(client, public_article),
        "sent": lambda: sent(client, public_article),
        "status": lambda: client.get(status_path(sent(client, public_article))),
        "gone": lambda: client.get("/questions/none/"),
    }[step]()

    assert response["Cache-Control"] == "no-store"
    assert "noindex" in response["X-Robots-Tag"]
    assert response["Referrer-Policy"] == "strict-origin", "with no-referrer a browser's form has the origin null"
    assert parsed(response).xpath("//meta[@name='robots']/@content") == ["noindex"]


# The answers


def test_a_question_is_answered_in_signed_words_with_all_that_vouches_for_them(client, author, staff):
    draft = factories.article(
        author, slug="nodes", title="Nodes", body='<p>Nodes filter lymph <cite data-ref="smith2020"></cite>.</p>'
    )
    factories.cite(draft, by=author, title="A study of filtering")
    factories.published(factories.submitted(author, draft), *staff)

    response = answers_to(client, draft)

    quote = parsed(response).xpath("//section[@class='quote']")[0]
    said = words(quote)
    section = draft.sections.get()
    assert quotes(response) == ["Nodes filter lymph [1]."]
    assert quote.xpath(".//h3/a/@href") == [f"/articles/nodes/for/public/#s-{section.key}"]
    assert quote.xpath(".//blockquote//a/@href") == ["/articles/nodes/for/public/#ref-1"]
    assert "A study of filtering" in words(quote.find_class("cited")[0])
    assert quote.xpath(".//ol/li/@value") == ["1"]
    assert re.search(r"Medically reviewed by Clara Clinical, .*, on \d+ \w+ \d{4}", said)
    assert "Simon Specialist" in said
    assert "On the page that you asked about" in said


def test_nothing_is_stored_by_asking(client, public_article):
    before = factories.rows()

    answers_to(client, public_article)

    assert factories.rows() == before


def test_the_quoted_blocks_are_those_of_the_page(client, public_article):
    quote = parsed(answers_to(client, public_article)).xpath("//section[@class='quote']/blockquote/*")
    page = parsed(client.get(page_for(public_article)))

    for block in quote:
        assert words(block) in [words(one) for one in page.xpath("//article//section/*")]


def test_the_page_on_which_it_was_asked_comes_first(client, author, staff, public_article):
    other = publish(author, staff, slug="other", title="Lymph nodes filter", body="<p>Lymph nodes filter lymph.</p>")

    for asked_on in (public_article, other):
        first = parsed(answers_to(client, asked_on)).xpath("//section[@class='quote']//h3/a/@href")[0]
        assert first.startswith(f"/articles/{asked_on.slug}/")


def test_a_list_is_quoted_with_the_paragraph_before_it(client, author, staff):
    filler = "<p>" + "Something else about the weather and the garden. " * 12 + "</p>"
    body = f"{filler}<p>Do not take aspirin if:</p><ul><li>you have an ulcer</li></ul>{filler}{filler}"
    article = publish(author, staff, slug="aspirin", title="Aspirin", body=body)

    quoted = quotes(answers_to(client, article, "aspirin with an ulcer"))

    assert quoted[0].startswith("Do not take aspirin if: you have an ulcer")
    assert "Only a part of the section is quoted." in words(
        parsed(answers_to(client, article, "aspirin with an ulcer"))
    )


def test_raised_digits_stay_raised(client, author, staff):
    article = publish(author, staff, slug="cells", title="Cells", body="<p>Give 10<sup>9</sup> cells, not 10.</p>")

    response = answers_to(client, article, "give cells")

    assert b"10<sup>9</sup> cells" in response.content


def test_the_wording_for_the_readers_of_the_page_is_quoted(client, author, staff):
    draft = factories.article(author, slug="nodes", title="Nodes", body="<p>Nodes filter lymph for all.</p>")
    carer = Audience.objects.get(key="carer")
    factories.save(
        Wording(section=draft.sections.get(), audience=carer, body="<p>Nodes filter lymph, carer.</p>"), author
    )
    factories.published(factories.submitted(author, draft), *staff)

    assert quotes(answers_to(client, draft, audience="carer")) == ["Nodes filter lymph, carer."]
    general = answers_to(client, draft, audience="professional")
    assert quotes(general) == ["Nodes filter lymph for all."]
    assert "no separate text for you" in words(parsed(general))
    assert "no separate text for you" not in words(parsed(answers_to(client, draft, audience="carer")))


def test_a_notice_is_shown_beside_the_passage(client, author, staff, public_article):
    workflow.issue_notice(public_article, actor=staff[0], kind="concern", reason="The figures are in doubt.")

    said = words(parsed(answers_to(client, public_article)).xpath("//section[@class='quote']")[0])

    assert "Under an expression of concern" in said
    assert "The figures are in doubt." in said


def test_a_cited_work_that_was_retracted_is_named_beside_the_passage(client, author, staff):
    draft = factories.article(
        author, slug="nodes", title="Nodes", body='<p>Nodes filter lymph <cite data-ref="smith2020"></cite>.</p>'
    )
    cited = factories.cite(draft, by=author, title="A study of filtering")
    factories.published(factories.submitted(author, draft), *staff)
    cited.reference.csl = {**cited.reference.csl, "status": "retracted"}
    cited.reference.save()

    said = words(parsed(answers_to(client, draft)).xpath("//section[@class='quote']")[0])

    assert "Reference 1 (“A study of filtering”) is retracted." in said


def test_a_question_that_nothing_answers_is_told_so(client, public_article):
    response = answers_to(client, public_article, "Which trains go to Ljubljana tomorrow?")

    assert "Nothing that we have approved answers this" in words(parsed(response))
    assert quotes(response) == []
    assert once_in(response), "it can still be sent"


def test_a_damaged_text_is_not_quoted(client, author, staff, public_article, monkeypatch):
    def damaged(version):
        raise asking.best_passages.__globals__["intact"].__globals__["DamagedText"](version)

    monkeypatch.setattr("articles.search.quotes.frozen_content", damaged)

    assert quotes(answers_to(client, public_article)) == []


@pytest.mark.parametrize("state", ["draft", "submitted", "approved", "retraction", "withdrawal", "removal"])
def test_what_is_not_listed_is_found_by_no_answer(client, author, staff, public_article, state):
    draft = factories.article(author, title="Canarytitle", slug="canaryslug", body="<p>The canarybody filters.</p>")
    if state != "draft":
        version = factories.submitted(author, draft, note="A canarynote.")
    if state not in ("draft", "submitted"):
        factories.approved(version, *staff)
    if state in ("retraction", "withdrawal", "removal"):
        workflow.publish(version, actor=staff[0])
        assert "canarybody" in quotes(answers_to(client, public_article, "canarybody canarytitle"))[0]
        workflow.issue_notice(draft, actor=staff[0], kind=state, reason="A canaryreason.")

    for question in ("canarybody", "What is the canarytitle canarybody?"):
        said = words(parsed(answers_to(client, public_article, question))).replace(question, "")
        assert "canary" not in said.lower()


@pytest.mark.parametrize("kind", ["retraction", "withdrawal"])
def test_a_question_on_a_text_that_was_pulled_is_not_answered_from_it(client, author, staff, public_article, kind):
    other = publish(author, staff, slug="other", title="Lymph nodes", body="<p>Nodes also filter lymph.</p>")
    workflow.issue_notice(public_article, actor=staff[0], kind=kind, reason="Wrong.")

    assert b'class="ask"' in client.get(page_for(public_article)).content
    assert {"retraction": "Retracted.", "withdrawal": "Withdrawn."}[kind] in words(
        parsed(client.get(ask_address(public_article)))
    )
    assert quotes(answers_to(client, public_article, "lymph nodes")) == ["Nodes also filter lymph."]
    workflow.issue_notice(other, actor=staff[0], kind=kind, reason="Wrong.")
    assert quotes(answers_to(client, public_article, "lymph nodes")) == []


def test_a_newer_version_that_is_not_public_is_not_quoted(client, author, public_article):
    factories.edit(public_article, "The canarybody filters lymph nodes.", by=author)
    factories.submitted(author, Article.objects.get(pk=public_article.pk))

    assert quotes(answers_to(client, public_article, "lymph nodes filter canarybody")) in (
        [],
        ["Lymph nodes filter lymph."],
    )


@pytest.mark.parametrize(
    ("question", "said"),
    [("high blood sugar", "Drink water."), ("my blood sugar is too low", "Eat something sweet.")],
)
@pytest.mark.parametrize("asked_on", ["hyperglycaemia", "hypoglycaemia", "diabetes"])
def test_the_opposite_of_what_was_asked_is_never_shown(client, author, staff, question, said, asked_on):
    written = [("hyperglycaemia", "high", "Drink water."), ("hypoglycaemia", "low", "Eat something sweet.")]
    articles = {}
    for slug, side, advice in [*written, ("diabetes", "changing", "See your nurse.")]:
        body = f"<p>Blood sugar is {side} in your blood, which is too much or too little. {advice}</p>"
        articles[slug] = publish(author, staff, slug=slug, title=slug.title(), body=body)

    shown = words(parsed(answers_to(client, articles[asked_on], question)).find(".//main"))

    others = {"Drink water.", "Eat something sweet."} - {said}
    assert said in shown or asked_on == "diabetes"
    assert not any(other in shown for other in others)


@pytest.mark.parametrize("number", [3, 12])
def test_answering_costs_the_same_queries_however_large_the_library(
    client, author, staff, number, django_assert_num_queries
):
    for place in range(number):
        article = publish(author, staff, slug=f"nodes-{place}", title=f"Nodes {place}")
    assert len(quotes(answers_to(client, article, "nodes filter lymph"))) == 1

    with django_assert_num_queries(21):  # with the form, which leads to the page
        answers_to(client, article, "nodes filter lymph")


@pytest.mark.parametrize(
    ("question", "heading"),
    [
        ("What are the risks?", "Possible harms"),
        ("what are the side effects", "Possible harms"),
        ("Is it normal that my skin is blue?", "Possible harms"),
        ("How is it treated?", "Treatment"),
    ],
)
def test_a_question_need_not_repeat_what_the_page_is_about(client, author, staff, question, heading):
    draft = factories.article(author, slug="biopsy", title="Node biopsy", body="<p>A biopsy takes a node.</p>")
    for place, (name, body) in enumerate([("Possible harms", "The skin may be blue."), ("Treatment", "Rest.")]):
        factories.save(
            Section(article=draft, role="body", heading=name, body=f"<p>{body}</p>", position=place + 2), author
        )
    factories.published(factories.submitted(author, draft), *staff)

    first = parsed(answers_to(client, draft, question)).xpath("//section[@class='quote']//h3")[0]

    assert words(first) == f"Node biopsy: {heading}"


@pytest.mark.parametrize(
    "question",
    [
        "How is diabetes treated?",
        "What are the side effects of metformin?",
        "Is it contagious?",
        "What are the symptoms?",
        "potassium too low",
        "bees",
    ],
)
def test_a_question_about_something_else_is_not_answered_by_a_heading_or_a_stray_word(client, author, staff, question):
    draft = factories.article(author, slug="biopsy", title="Node biopsy", body="<p>A biopsy takes a node.</p>")
    for place, name in enumerate(["Possible harms", "Treatment", "Who must sign", "If it is low"]):
        body = "<p>Rest. It has been low.</p>"
        factories.save(Section(article=draft, role="body", heading=name, body=body, position=place + 2), author)
    factories.published(factories.submitted(author, draft), *staff)

    response = answers_to(client, draft, question)
    assert quotes(response) == []
    assert "Nothing that we have approved answers this" in words(parsed(response))


def test_what_does_not_answer_is_offered_as_that_and_not_open(client, author, staff, public_article):
    publish(author, staff, slug="other", title="A long title of many words", body="<p>Kidneys filter blood.</p>")

    response = answers_to(client, public_article, "Do kidneys feel pain, and how heavy are elephants?")

    page = parsed(response)
    [near] = page.xpath("//details[@class='near'][not(@open)]")
    assert quotes(response) == []
    assert "Nothing that we have approved answers this" in words(page)
    assert "may not answer it" in words(near)
    assert [words(quote) for quote in near.xpath(".//blockquote")] == ["Kidneys filter blood."]


def test_an_editorial_policy_answers_only_what_is_asked_on_its_own_page(client, author, editor, clinical, specialist):
    publish_the_policy(author, editor, clinical, specialist)
    policy = Article.objects.get(kind="policy")
    article = publish(author, (editor, clinical, specialist), slug="other", title="Kidneys", body="<p>They filter.</p>")

    assert b"Lymph nodes filter lymph." not in answers_to(client, article, "Do nodes filter lymph?").content
    assert quotes(answers_to(client, policy, "Do nodes filter lymph?")) == ["Lymph nodes filter lymph."]


# Red flags


@pytest.mark.parametrize("way", ["answers", "sent"])
def test_a_red_flag_shows_urgent_help_first_and_the_question_can_be_sent(client, public_article, way, settings):
    settings.EMERGENCY_NUMBER = "112"
    question = "What do nodes filter? I have no chest pain."

    response = (
        answers_to(client, public_article, question) if way == "answers" else sent(client, public_article, question)
    )

    page = parsed(response)
    panel = page.xpath("//section[@class='urgent']")[0]
    assert "Call 112 now." in words(panel)
    first = page.xpath("//main//h2")[0]
    assert first.getparent() == panel
    assert response.status_code == 200


def test_a_harmless_question_shows_no_panel(client, public_article):
    assert not parsed(answers_to(client, public_article)).xpath("//section[@class='urgent']")


# The address of the answers


def address_of_answers(client, article, question=ASKED) -> str:
    return client.post(ask_address(article), {"question": question})["Location"]


def test_the_answers_have_an_address_without_the_words_which_can_be_opened_again(client, public_article):
    asked = client.post(ask_address(public_article), {"question": ASKED})
    pages = [client.get(asked["Location"]) for _ in range(2)]

    assert (asked.status_code, asked["Cache-Control"]) == (302, "no-store")
    assert re.fullmatch(r"/questions/[\w=-]+/answers/lymph-nodes/public/", asked["Location"])
    assert not any(word in asked["Location"].partition("/answers/")[0].lower() for word in ("lymph", "filter"))
    assert [quotes(page) for page in pages] == [["Lymph nodes filter lymph."]] * 2
    assert pages[0]["Cache-Control"] == "no-store"
    sends = [{"question": ASKED, "send": "1", "once": once_in(page)} for page in pages]
    assert len({status_path(client.post(ask_address(public_article), send)) for send in sends}) == 1
    assert Question.objects.count() == 1


@pytest.mark.parametrize("why", ["too late", "another key", "made up"])
def test_an_address_that_opens_no_more_gives_the_empty_form(client, public_article, why, monkeypatch, settings):
    address = address_of_answers(client, public_article)
    if why == "too late":
        monkeypatch.setattr(sealed, "OPENS", datetime.timedelta(seconds=-1))
    if why == "another key":
        settings.SECRET_KEY = "another-key" * 5
    if why == "made up":
        address = address.replace("/questions/", "/questions/x")

    response = client.get(address)

    assert response.status_code == 410
    assert "Please ask again." in words(parsed(response).xpath("//*[@role='alert']")[0])
    assert parsed(response).xpath("//textarea")[0].text_content().strip() == ""
    assert quotes(response) == []


def test_a_question_too_long_for_an_address_is_answered_at_once(client, public_article):
    letters = "".join(chr(0x4E00 + 37 * number % 9000) for number in range(1900))

    response = client.post(ask_address(public_article), {"question": f"lymph nodes {letters}"})

    assert response.status_code == 200
    assert once_in(response)


# Sending


def test_a_question_that_is_sent_is_stored_with_nothing_about_the_reader(client, public_article, settings):
    settings.QUESTION_DAYS = 30

    response = sent(client, public_article, audience="carer")

    question = Question.objects.get()
    token = status_path(response).split("/")[2]
    today = timezone.localdate()
    assert question.version == public_article.published_version
    assert (question.audience, question.text, question.state) == ("carer", ASKED, "open")
    assert question.delete_after == today + datetime.timedelta(days=30)
    assert question.token_digest == digest_of(token)
    assert token not in str(factories.rows()["articles_question"])
    assert {field.name for field in Question._meta.concrete_fields} == {
        "id", "version", "audience", "text", "asked_at", "delete_after", "token_digest", "state", "reason",
        "answer_version", "answer_section", "answer_audience", "article", "merged_into", "settled_by", "settled_at",
    }  # fmt: skip


def test_sending_twice_stores_one_question_and_shows_one_address(client, public_article):
    once = once_in(answers_to(client, public_article))

    first, second = (answers_to(client, public_article, send="1", once=once) for _ in range(2))

    assert status_path(first) == status_path(second)
    assert Question.objects.count() == 1


def test_a_form_sent_again_does_not_bring_a_deleted_question_back(client, public_article):
    once = once_in(answers_to(client, public_article))
    path = status_path(answers_to(client, public_article, send="1", once=once))
    client.post(f"{path}deletion/")
    cache.clear()

    again = answers_to(client, public_article, send="1", once=once)

    assert again.status_code == 409
    assert "it has been deleted" in words(parsed(again).xpath("//*[@role='alert']")[0])
    assert not Question.objects.exists()
    assert path != status_path(answers_to(client, public_article, send="1", once=once_in(again)))
    assert Question.objects.count() == 1


def test_what_is_kept_of_a_form_is_deleted_after_it_can_be_sent_no_more(client, public_article):
    sent(client, public_article)
    today = timezone.localdate()
    assert asking.TO_SEND + sealed.OPENS < SentForm.KEPT

    assert delete_expired(today + SentForm.KEPT) == 0
    assert SentForm.objects.exists()
    assert delete_expired(today + 2 * SentForm.KEPT) == 1
    assert not SentForm.objects.exists()


def test_another_question_of_the_same_page_is_stored_too(client, author, staff, public_article):
    other = publish(author, staff, slug="other", title="Other nodes")
    once = once_in(answers_to(client, public_article))

    paths = {
        status_path(answers_to(client, article, question, audience, send="1", once=once))
        for article, question, audience in [
            (public_article, ASKED, "public"),
            (public_article, ASKED, "carer"),
            (public_article, "Is it safe?", "public"),
            (other, ASKED, "public"),
        ]
    }

    assert (len(paths), Question.objects.count()) == (4, 4)


@pytest.mark.parametrize("once", ["", "forged", "a:b:c", "\0"])
def test_what_was_not_answered_before_is_answered_before_it_is_sent(client, public_article, once):
    response = answers_to(client, public_article, send="1", once=once)

    assert response.status_code == 409
    assert quotes(response)
    assert "Look at the answers below first." in words(parsed(response))
    assert not Question.objects.exists()


def test_an_old_page_of_answers_no_longer_sends(client, public_article, monkeypatch):
    once = once_in(answers_to(client, public_article))
    monkeypatch.setattr(asking, "TO_SEND", datetime.timedelta(seconds=-1))

    assert answers_to(client, public_article, send="1", once=once).status_code == 409
    assert not Question.objects.exists()


def test_the_text_of_a_question_is_in_no_log(client, public_article, caplog):
    caplog.set_level("DEBUG")

    path = status_path(sent(client, public_article, "My secretword question about lymph nodes"))
    client.get(path)
    client.post(f"{path}deletion/", headers={"origin": "https://evil.example"})

    assert "secretword" not in caplog.text


# The private page


def test_the_private_page_shows_the_question_until_it_is_deleted(client, public_article):
    path = status_path(sent(client, public_article))

    shown = client.get(path)
    assert ASKED in words(parsed(shown))
    assert "is waiting for our editors" in words(parsed(shown))

    gone = client.post(f"{path}deletion/")
    assert (gone.status_code, Question.objects.count()) == (200, 0)
    assert client.get(path).status_code == 404
    assert client.post(f"{path}deletion/").status_code == 404


def test_a_question_is_not_found_by_its_number_or_its_digest(client, public_article):
    sent(client, public_article)
    question = Question.objects.get()

    for name in (question.pk, question.token_digest, "", "%00"):
        assert client.get(f"/questions/{name}/").status_code == 404


def test_a_question_without_a_token_has_no_page(client, public_article):
    Question.objects.create(
        version=public_article.published_version,
        audience="public",
        text=ASKED,
        asked_at=timezone.now(),
        delete_after=timezone.localdate(),
    )

    assert client.get("/questions//").status_code == 404


def test_html_in_a_question_is_shown_as_text(client, public_article):
    question = "<script>alert(1)</script> lymph nodes filter <b>"

    for response in (answers_to(client, public_article, question), sent(client, public_article, question)):
        assert not html.document_fromstring(response.content).xpath("//script")
    page = parsed(client.get(status_path(sent(client, public_article, question))))
    assert "<script>alert(1)</script>" in words(page)


@pytest.mark.parametrize("end", ["", "deletion/"])
def test_the_log_leaves_out_the_private_address(end):
    record = logging.makeLogRecord({"msg": "Forbidden: %s", "args": (f"/questions/privatetoken/{end}",)})

    line = Line().format(record)

    assert "privatetoken" not in line
    assert f"/questions/…/{end}" in json.loads(line)["message"]
