"""Comments beside the draft: authors read them, answer them and take a suggested wording over."""

import pytest
from lxml import html

from articles.models import Audience, Wording
from reviews import workflow
from tests.desk.pages import text, url
from tests.factories import article, save, submitted, under_review

pytestmark = pytest.mark.django_db(transaction=True)

BODY = "<p>Adults: give 5 mg once a day.</p>\n<p>Children: give 5 mg once a day.</p>"


@pytest.fixture
def draft(author):
    return article(author, body=BODY)


@pytest.fixture
def version(author, editor, clinical, draft):
    version = submitted(author, draft)
    under_review(version, editor, (clinical, "clinical"))
    return version


@pytest.fixture
def thread(version, clinical):
    return workflow.comment(
        version,
        actor=clinical,
        text="Half of it?",
        exact="give 5 mg",
        before="Children:",
        suggestion="give 2.5 mg",
        kind="change_request",
    )


def beside(client, address):
    """Return each thread beside the draft in words."""
    page = html.document_fromstring(client.get(address).content)
    return [
        " ".join(each.text_content().split()) for each in page.xpath("//section[contains(@class,'beside')]/article")
    ]


def test_the_pages_of_the_draft_show_the_open_threads_of_their_section(at, draft, author, thread, version, clinical):
    general = workflow.comment(version, actor=clinical, text="Well written.")
    client, section = at(author), draft.sections.get()
    save(Wording(section=section, audience=Audience.objects.get(key="carer"), body="<p>Ask.</p>"), author)

    (one,) = beside(client, url("section", draft.pk, section.pk))
    (same,) = beside(client, url("wording", draft.pk, section.pk, "carer"))
    both = beside(client, url("draft", draft.pk))

    assert one == same == both[0]
    for words in ("Clara Clinical", "Change request", "give 5 mg", "Half of it?", "give 2.5 mg"):
        assert words in one
    assert "No longer in the draft" not in one
    assert "Well written." in both[1]
    workflow.resolve_comment(thread, actor=clinical)
    workflow.resolve_comment(general, actor=clinical)
    assert beside(client, url("draft", draft.pk)) == []


def test_authors_do_not_see_what_is_for_the_board(at, draft, author, editor, version, clinical):
    key = draft.sections.get().key
    workflow.comment(version, actor=clinical, text="Among us.", board_only=True, section_key=key)

    assert beside(at(author), url("draft", draft.pk)) == []
    assert "Among us." in beside(at(editor), url("draft", draft.pk))[0]


def test_it_is_said_when_the_words_are_gone_from_the_draft(at, draft, author, thread):
    section = draft.sections.get()
    section.body = BODY.replace("Children: give 5 mg", "Children: give nothing")
    save(section, author)

    (one,) = beside(at(author), url("section", draft.pk, section.pk))

    assert "These words changed in the draft, or stand there more than once." in one
    assert "Take over into the draft" not in one


def test_one_click_takes_the_wording_over_and_leads_back(at, draft, author, thread, clinical):
    client, section = at(author), draft.sections.get()
    page = url("section", draft.pk, section.pk)

    done = client.post(url("take_over", thread.pk), {"back": page}, follow=True)
    twice = client.post(url("take_over", thread.pk), {"back": page}, follow=True)

    assert done.redirect_chain == twice.redirect_chain == [(page, 302)]
    assert "The suggested wording is in the draft." in text(done)
    assert "Ada Author has already taken over this wording." in text(twice)
    section.refresh_from_db()
    assert section.body == BODY.replace("Children: give 5 mg", "Children: give 2.5 mg")
    workflow.recall(thread.version.review, actor=author, reason="Done.")
    submitted(author, draft, note="Halved")
    assert "it stands in version 2" in text(at(clinical).get(url("desk_review", thread.version.review.pk)))


@pytest.fixture
def neighbour(version, clinical):
    """A comment on words in the same sentence as those of the thread."""
    return workflow.comment(
        version, actor=clinical, text="So often?", exact="once a day", before="Children: give 5 mg", suggestion="daily"
    )


def test_words_beside_those_that_were_taken_over_are_still_found(at, draft, author, thread, neighbour, clinical):
    workflow.take_over(thread, actor=author)

    _, one = beside(at(author), url("draft", draft.pk))
    assert "stand there more than once" not in one
    assert "Take over into the draft" in one
    workflow.recall(thread.version.review, actor=author, reason="Done.")
    review = submitted(author, draft, note="Halved").review
    page = html.document_fromstring(at(clinical).get(url("desk_review", review.pk)).content)
    (link,) = page.xpath(f"//a[@id='remark-{neighbour.pk}']")
    assert link.getprevious().text_content() == "once a day"
    assert "Children: give 2.5 mg" in link.getparent().text_content(), "not those of the adults"


@pytest.mark.parametrize("first", ["thread", "neighbour"])
def test_two_wordings_in_one_sentence_are_taken_over_in_any_order(draft, author, thread, neighbour, first):
    rows = [thread, neighbour] if first == "thread" else [neighbour, thread]

    for row in rows:
        workflow.take_over(row, actor=author)

    assert draft.sections.get().body == BODY.replace("Children: give 5 mg once a day", "Children: give 2.5 mg daily")


def test_words_are_not_found_beside_others_that_were_typed_by_hand(at, draft, author, thread, neighbour):
    section = draft.sections.get()
    section.body = BODY.replace("Children: give 5 mg", "Children: give 2.5 mg")
    save(section, author)

    assert all("stand there more than once" in one for one in beside(at(author), url("draft", draft.pk)))


def test_a_comment_on_the_wording_of_an_audience_names_it_everywhere(at, draft, author, editor, clinical, mailoutbox):
    save(
        Wording(section=draft.sections.get(), audience=Audience.objects.get(key="carer"), body="<p>Ask us.</p>"), author
    )
    version = submitted(author, draft)
    under_review(version, editor, (clinical, "clinical"))
    thread = workflow.comment(version, actor=clinical, text="Whom?", exact="us", audience="carer")
    workflow.comment(version, actor=author, text="The ward.", thread=thread)

    page = text(at(author).get(url("desk_review", version.review.pk)))
    (one,) = beside(at(author), url("draft", draft.pk))

    assert "Text for: carer or family member" in page
    assert f'href="?audience=carer#comment-{thread.pk}"' in page
    assert "Text for: carer or family member" in one
    told = [mail.body for mail in mailoutbox if "comment" in mail.body]
    assert len(told) >= 2
    assert all("It is on the text for: carer or family member." in body for body in told)


def test_a_wording_that_was_changed_again_is_not_said_to_stand_in_the_next_version(at, draft, author, thread, clinical):
    workflow.take_over(thread, actor=author)
    section = draft.sections.get()
    section.body = BODY.replace("Children: give 5 mg", "Children: give 1 mg")
    save(section, author)
    workflow.recall(thread.version.review, actor=author, reason="Done.")
    submitted(author, draft, note="Changed")

    page = text(at(clinical).get(url("desk_review", thread.version.review.pk)))

    assert "it was changed again before version 2" in page


@pytest.mark.parametrize("back", ["https://example.org/desk/articles/", "//example.org", "/desk/", "javascript:x"])
def test_it_leads_back_to_pages_of_drafts_alone(at, draft, author, thread, back):
    answer = at(author).post(url("take_over", thread.pk), {"back": back})

    assert answer.url == url("draft", draft.pk)


def test_an_answer_beside_the_draft_leads_back_there(at, draft, author, thread):
    page = url("section", draft.pk, draft.sections.get().pk)

    answer = at(author).post(url("answer", thread.pk), {"text": "We will.", "back": page}, follow=True)

    assert answer.redirect_chain == [(page, 302)]
    assert "We will." in beside(at(author), page)[0]


def test_many_comments_take_no_more_statements(at, draft, author, version, clinical, django_assert_max_num_queries):
    client, page = at(author), url("draft", draft.pk)
    key = draft.sections.get().key
    workflow.comment(version, actor=clinical, text="One", exact="Children: give 5 mg", section_key=key)
    with django_assert_max_num_queries(60) as before:
        client.get(page)
    for number in range(4):
        workflow.comment(version, actor=clinical, text=f"More {number}", exact="Adults: give 5 mg", section_key=key)

    with django_assert_max_num_queries(len(before)):
        client.get(page)


@pytest.mark.parametrize("page", ["draft", "section"])
def test_a_refused_reply_is_shown_again_beside_the_draft_with_its_words(at, draft, author, thread, page):
    address = url(page, draft.pk, *([draft.sections.get().pk] if page == "section" else []))
    sent = {"text": "Ask @nobody & then me.", "back": address}

    answer = at(author).post(url("answer", thread.pk), sent)

    shown = html.document_fromstring(answer.content)
    assert answer.status_code == 422
    [box] = shown.xpath("//section[contains(@class,'beside')]//details[@open]//textarea")
    assert (box.text, box.get("aria-invalid")) == ("Ask @nobody & then me.", "true")
    assert shown.xpath(f"//*[@id='{box.get('aria-describedby')}']")
    [link] = shown.xpath("//section[contains(@class,'beside')]//div[@role='alert']//li/a")
    assert link.get("href") == f"#{box.get('id')}"
    assert "is nobody who may comment on this article" in link.getparent().text_content()
    assert shown.xpath("//form//*[@name='title' or @name='body']"), "the editor is there"
    assert shown.xpath("//section[contains(@class,'beside')]//input[@name='back']/@value")[0] == address
    assert thread.answers.count() == 0

    done = at(author).post(url("answer", thread.pk), {**sent, "text": "Ask me."})

    assert (done.status_code, done["Location"]) == (302, address)


@pytest.mark.parametrize(
    "back", ["/desk/articles/7/draft/", "/desk/articles/x/", "/desk/articles/", "https://example.org/"]
)
def test_a_refused_reply_from_nowhere_is_shown_on_the_page_of_the_review(at, draft, author, thread, back):
    answer = at(author).post(url("answer", thread.pk), {"text": "", "back": back})

    assert answer.status_code == 422
    assert "There is a problem" in text(answer)


def whole(client, draft):
    """Return the parts of the page of the whole draft, each with the comments beside its text, in words."""
    page = html.document_fromstring(client.get(url("write", draft.pk)).content)
    lists = page.xpath("//*[contains(@class,'remarks')]")
    return {
        each.xpath("string(ancestor::*[@data-part or @id='write-form'][1]/@id)"): [
            " ".join(thread.text_content().split()) for thread in each.xpath("./article")
        ]
        for each in lists
        if each.get("role") == "group"
    }


def test_the_page_of_the_whole_draft_has_each_comment_beside_its_text(
    at, draft, author, editor, thread, version, clinical
):
    section = draft.sections.get()
    workflow.comment(version, actor=clinical, text="Well written.")
    workflow.comment(version, actor=clinical, text="Among us.", board_only=True, section_key=section.key)
    workflow.comment(version, actor=author, text="We will.", thread=thread)
    client = at(author)

    page = html.document_fromstring(client.get(url("write", draft.pk)).content)
    found = whole(client, draft)

    assert found.keys() == {f"s{section.pk}", "write-form"}
    (one,) = found[f"s{section.pk}"]
    for words in ("Clara Clinical", "Change request", "give 5 mg", "Half of it?", "give 2.5 mg", "We will."):
        assert words in one
    assert ["Well written." in each for each in found["write-form"]] == [True]
    assert "Among us." in str(whole(at(editor), draft))
    (article,) = page.xpath("//article[@data-words]")
    means = {name: article.get(f"data-{name}") for name in ("words", "area", "nth", "times")}
    assert means == {"words": "give 5 mg", "area": f"s{section.pk}-body", "nth": "1", "times": "2"}
    for button in page.xpath("//*[contains(@class,'remarks')]//button"):
        (form,) = page.xpath(f"//form[@id='{button.get('form')}']")
        assert not form.xpath("ancestor::form")


def test_what_is_done_beside_the_whole_draft_leads_back_to_it(at, draft, author, thread):
    page, client = url("write", draft.pk), at(author)
    section = draft.sections.get()

    refused = client.post(url("answer", thread.pk), {"text": "Ask @nobody & then me.", "back": page})
    answered = client.post(url("answer", thread.pk), {"text": "We will.", "back": page}, follow=True)
    taken = client.post(url("take_over", thread.pk), {"back": page}, follow=True)

    shown = html.document_fromstring(refused.content)
    assert refused.status_code == 422
    [box] = shown.xpath("//*[contains(@class,'remarks')]//details[@open]//textarea")
    assert box.text == "Ask @nobody & then me."
    assert shown.xpath("//div[@role='alert']//li/a/@href") == [f"#{box.get('id')}"]
    assert answered.redirect_chain == taken.redirect_chain == [(page, 302)]
    section.refresh_from_db()
    assert section.body == BODY.replace("Children: give 5 mg", "Children: give 2.5 mg")
    assert "Taken over into the draft by Ada Author" in text(taken)


def test_a_comment_on_a_wording_stands_beside_that_wording(at, draft, author, editor, clinical):
    carer = Audience.objects.get(key="carer")
    save(Wording(section=draft.sections.get(), audience=carer, body="<p>Ask us. We tell us all.</p>"), author)
    version = submitted(author, draft)
    under_review(version, editor, (clinical, "clinical"))
    workflow.comment(version, actor=clinical, text="Whom?", exact="us", before="Ask", audience="carer")
    section = draft.sections.get()

    page = html.document_fromstring(at(author).get(url("write", draft.pk)).content)
    alone = html.document_fromstring(at(author).get(url("wording", draft.pk, section.pk, "carer")).content)
    main = html.document_fromstring(at(author).get(url("section", draft.pk, section.pk)).content)

    (article,) = page.xpath("//details[@open and contains(@class,'wording')]//article[@data-words]")
    assert (article.get("data-area"), article.get("data-nth"), article.get("data-times")) == (
        f"s{section.pk}-carer-body",
        "0",
        "2",
    )
    assert alone.xpath("//article[@data-words]/@data-area") == ["body"]
    assert main.xpath("//article[@data-words]") == [], "its words are in no text that this page edits"


@pytest.mark.parametrize("in_body", [False, True])
def test_words_of_a_heading_are_not_taken_for_those_of_the_text(at, draft, author, editor, clinical, in_body):
    section = draft.sections.get()
    section.heading, section.body = "Doses", "<p>Doses are small.</p>" if in_body else "<p>They are small.</p>"
    save(section, author)
    version = submitted(author, draft)
    under_review(version, editor, (clinical, "clinical"))
    words = "Doses are" if in_body else "Doses"
    workflow.comment(version, actor=clinical, text="Which?", exact=words, section_key=section.key)

    page = html.document_fromstring(at(author).get(url("write", draft.pk)).content)

    assert page.xpath("//article[@data-words]/@data-nth") == (["0"] if in_body else [])
    assert "Which?" in str(whole(at(author), draft)[f"s{section.pk}"])


def test_a_comment_on_a_section_that_is_gone_is_not_lost(at, draft, author, thread):
    section = draft.sections.get()
    section.delete()

    assert "Half of it?" in str(whole(at(author), draft)["write-form"])


def test_many_comments_take_no_more_statements_beside_the_whole_draft(
    at, draft, author, version, clinical, django_assert_max_num_queries
):
    client, page = at(author), url("write", draft.pk)
    key = draft.sections.get().key
    workflow.comment(version, actor=clinical, text="One", exact="Children: give 5 mg", section_key=key)
    with django_assert_max_num_queries(40) as before:
        client.get(page)
    for number in range(8):
        workflow.comment(version, actor=clinical, text=f"More {number}", exact="Adults: give 5 mg", section_key=key)

    with django_assert_max_num_queries(len(before)):
        client.get(page)
