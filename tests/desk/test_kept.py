"""A form that is sent after the session has ended: what was typed is kept, and sent again by whoever signs in."""

import json
import re
from html import unescape

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from reviews.desk import kept_input
from reviews.models import Comment
from tests.factories import PASSWORD, article, submitted, under_review


def as_post(values) -> QueryDict:
    data = QueryDict(mutable=True)
    data.update(values)
    return data


TYPED = {"text": 'Is "twice daily" meant,\nor <b>once</b>?', "blocking": "on", "current_password": "do not keep me"}


@pytest.fixture
def page(author, editor, clinical, specialist):
    """Return the address to which comments on a version are sent."""
    version = submitted(author)
    under_review(version, editor, (clinical, "clinical"), (specialist, "specialist"))
    return reverse("comment", args=[version.review.pk])


def hidden(response) -> dict[str, str]:
    """Return the hidden fields of the page's own form."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', response.content.decode())
    return {name: unescape(value) for name, value in found if name != "csrfmiddlewaretoken"}


def sign_in(client, first, username="reviewer1", password=PASSWORD):
    return client.post(reverse("sign_in"), {"username": username, "password": password, **hidden(first)})


def test_what_was_typed_goes_round_by_the_sign_in_and_is_sent(page, clinical):
    client = Client()

    first = client.post(page, TYPED)
    again = sign_in(client, first)
    sent = client.post(page, hidden(again))

    assert first.status_code == 403
    assert "Your session has expired" in first.content.decode()
    assert json.loads(hidden(first)["kept"]) == [["text", TYPED["text"]], ["blocking", "on"]]
    assert again.status_code == 200
    assert "Nothing has been sent yet" in again.content.decode()
    assert "&lt;b&gt;once&lt;/b&gt;" in again.content.decode()
    assert f'action="{page}"' in again.content.decode()
    assert sent.status_code == 302
    comment = Comment.objects.get()
    assert (comment.text, comment.blocking, comment.author) == (TYPED["text"], True, clinical)


def test_nothing_is_sent_before_somebody_says_so(page):
    client = Client()

    sign_in(client, client.post(page, TYPED))

    assert Comment.objects.count() == 0


def test_a_wrong_password_loses_nothing(page):
    client = Client()
    first = client.post(page, TYPED)

    wrong = sign_in(client, first, password="guess")

    assert wrong.status_code == 422
    assert hidden(wrong) == hidden(first)


def test_no_password_is_in_the_page(page):
    answer = Client().post(page, TYPED)

    assert "do not keep me" not in answer.content.decode()


def test_a_form_without_words_leads_to_the_sign_in_as_ever(page):
    for data in ({}, {"text": ""}, {"password": "secret words"}):
        assert Client().post(page, data).url == f"{reverse('sign_in')}?next={page}"


NOT_OURS = [
    "", "nonsense", "[1]", '{"a": "b"}', '[["a"]]', '[["a", 1]]', "null", "[[[], []]]", "[" * 100_000,
    '[["a", "\\ud800"]]',
]  # fmt: skip


@pytest.mark.parametrize("text", NOT_OURS, ids=lambda text: text[:20])
def test_what_is_not_of_the_form_that_we_keep_is_nothing(author, text):
    assert kept_input.load(text) == []
    answer = Client().post(
        reverse("sign_in"), {"username": "author", "password": PASSWORD, "kept": text, "next": "/desk/articles/"}
    )
    assert (answer.status_code, answer.url) == (302, "/desk/articles/")


def test_what_was_typed_is_sent_to_no_other_site(author):
    words = {"kept": '[["text", "my words"]]', "next": "https://elsewhere.example/"}

    answer = Client().post(reverse("sign_in"), {"username": "author", "password": PASSWORD, **words})

    assert answer.url == reverse("desk")


def test_another_sites_form_is_refused_before_it_is_kept(page):
    strict = Client(enforce_csrf_checks=True)

    answer = strict.post(page, TYPED)

    assert answer.status_code == 403
    assert "kept" not in hidden(answer)


def test_a_text_is_shown_as_it_is_read_and_kept_as_it_was_typed():
    body = (
        "<p>Give 5&nbsp;mg &lt; 10<sup>9</sup>/L [@a].</p>\n<table>\n<tbody>\n<tr><td>A b</td></tr>\n</tbody>\n</table>"
    )
    sent = {"opened": "s1 s2", "s1-body": body, "s1-heading": "Two words", "both|s1|body": body, "text": "a <b>c</b>"}

    shown = kept_input.texts(kept_input.load(kept_input.dump(as_post(sent))))

    assert shown == [
        "Give 5\u00a0mg < 10^9/L [@a].\nA b",
        "Two words",
        "Give 5\u00a0mg < 10^9/L [@a].\nA b",
        "a <b>c</b>",
    ]
    assert dict(kept_input.load(kept_input.dump(as_post(sent)))) == sent


def test_the_page_before_sending_shows_no_tags_of_a_draft_and_sends_them(author):
    draft = article(author)
    page, body = reverse("write", args=[draft.pk]), "<p>Give 5 mg.</p>"
    client = Client()

    again = sign_in(client, client.post(page, {"s1-body": body, "whole": "1"}), username="author")

    assert "<blockquote><p>Give 5 mg.</p></blockquote>" in again.content.decode()
    assert hidden(again)["s1-body"] == body


@pytest.mark.parametrize("odd", ["<p>" * 30_000 + " x", "a \0 b", "<p>a b", "<", "&#x110000; a"])
def test_an_odd_text_is_shown_in_some_way(odd):
    assert kept_input.texts([("body", f"{odd} ")]) is not None
