"""Comments on words: marked in the text that is read, in later versions too, and never on other words."""

import pytest
from lxml import html

from reviews import workflow
from reviews.models import Comment
from tests.articles.frozen import cite
from tests.desk.pages import url
from tests.factories import article, save, submitted, under_review
from tests.factories import cite as add_work

pytestmark = pytest.mark.django_db

BODY = (
    "<p>Adults: give 5 mg once a day.</p><p>Children: give 5 mg once a day.</p>"
    "<table><thead><tr><th>Who</th><th>Dose</th></tr></thead><tbody><tr><th>Adults</th><td>5 mg</td></tr>"
    "<tr><th>Children</th><td>5 mg</td></tr></tbody></table>"
)


@pytest.fixture
def draft(author):
    return article(author, body=BODY)


@pytest.fixture
def review(author, editor, clinical, draft):
    version = submitted(author, draft)
    under_review(version, editor, (clinical, "clinical"))
    return version.review


def again(draft, author, editor, body):
    """Change the body and submit it again; return the new review."""
    workflow.recall(draft.reviews.get(ended_at=None), actor=author, reason="It changed.")
    section = draft.sections.get()
    section.body = body
    save(section, author)
    return submitted(author, draft, note="Changed").review


def commented(client, review, words, before="", section=""):
    form = {"text": f"On {words}", "exact": words, "before": before, "section_key": section, "audience": "public"}
    assert client.post(url("comment", review.pk), form).status_code == 302
    return Comment.objects.latest("pk")


def shown(client, review, thread):
    """Return the marked line, with the marked words in brackets, and what the comment says of its place."""
    page = html.document_fromstring(client.get(url("desk_review", review.pk), {"audience": "public"}).content)
    marks = [mark for mark in page.iter("mark") if str(thread.pk) in mark.get("data-of").split()]
    for mark in marks:
        mark.text = f"[{mark.text}]"
    for link in page.xpath("//a[@class='remark-link']"):
        link.text = ""
    line = next((parent for mark in marks for parent in mark.iterancestors("p", "td", "li")), None)
    said = page.xpath(f"//article[@aria-labelledby='comment-{thread.pk}']//p[contains(@class, 'small')]")
    return line is not None and line.text_content(), " ".join(said[0].text_content().split()) if said else ""


GONE = "These words are not marked in the text: they changed, or they stand there more than once."


def test_the_words_are_marked_with_a_link_each_way(at, review, clinical):
    client = at(clinical)

    thread = commented(client, review, "Children: give 5 mg")

    assert shown(client, review, thread) == ("[Children: give 5 mg] once a day.", "Show these words in the text")
    page = html.document_fromstring(client.get(url("desk_review", review.pk), {"audience": "public"}).content)
    (link,) = page.xpath("//a[@class='remark-link']")
    assert (link.get("href"), link.get("aria-label")) == (f"#comment-{thread.pk}", "Comment by Clara Clinical")
    assert page.get_element_by_id(f"comment-{thread.pk}") is not None
    assert page.get_element_by_id(f"remark-{thread.pk}") is not None


def test_of_equal_words_those_are_meant_that_stand_behind_what_was_before_the_selection(at, review, clinical):
    client = at(clinical)

    thread = commented(client, review, "give 5 mg", before="Children:")

    anchor = thread.anchors.get()
    assert (anchor.audience, anchor.prefix, anchor.suffix) == ("public", "Children: ", " once a day.")
    assert shown(client, review, thread)[0] == "Children: [give 5 mg] once a day."


def test_words_at_the_start_of_a_line_are_told_from_the_same_words_elsewhere(at, author, editor, clinical):
    draft = article(author, body="<p>Rest helps.</p><p>We say: Rest helps.</p>")
    version = submitted(author, draft)
    under_review(version, editor, (clinical, "clinical"))

    thread = commented(at(clinical), version.review, "Rest helps.", before="⏎")

    assert shown(at(clinical), version.review, thread)[0] == "[Rest helps.]"


def test_words_on_both_sides_of_a_citation_are_quoted_as_they_are_selected(at, author, editor, clinical):
    draft = article(author, body=f"<p>It helps most{cite('smith2020')}.</p>")
    add_work(draft, by=author)
    version = submitted(author, draft)
    under_review(version, editor, (clinical, "clinical"))

    thread = commented(at(clinical), version.review, "It helps most.")

    assert shown(at(clinical), version.review, thread)[1] == "Show these words in the text"


def test_two_comments_on_the_same_words_both_lead_there(at, review, clinical):
    client = at(clinical)
    threads = [commented(client, review, words) for words in ("Children: give 5 mg", "give 5 mg once a day.")[:1]]
    threads.append(workflow.comment(review.version, actor=clinical, text="Again", exact="Children: give 5 mg once"))

    page = html.document_fromstring(client.get(url("desk_review", review.pk), {"audience": "public"}).content)

    for thread in threads:
        assert page.get_element_by_id(f"remark-{thread.pk}").get("href") == f"#comment-{thread.pk}"


@pytest.mark.parametrize("asked", ["board_only", "blocking"])
def test_what_an_author_may_not_ask_for_is_refused_and_not_dropped(at, review, author, asked):
    answer = at(author).post(url("comment", review.pk), {"text": "Only for them.", asked: "on"})

    assert answer.status_code == 403
    assert not Comment.objects.exists()


def test_after_a_comment_the_same_text_is_shown(at, review, clinical):
    address = url("comment", review.pk)

    answer = at(clinical).post(f"{address}?audience=carer", {"text": "On this."})

    assert answer.url == f"{url('desk_review', review.pk)}?audience=carer#comments"


def test_words_in_several_places_are_marked_nowhere_unless_it_is_known_which(at, review, clinical):
    client = at(clinical)

    thread = commented(client, review, "give 5 mg")

    assert thread.anchors.get().start is None
    assert shown(client, review, thread) == (False, GONE)


def test_a_later_version_has_the_remark_on_the_same_words_or_nowhere(at, review, draft, author, editor, clinical):
    client = at(clinical)
    thread = commented(client, review, "give 5 mg", before="Children:")

    moved = again(draft, author, editor, BODY.replace("<p>Adults: give 5 mg once a day.</p>", "<p>New.</p>"))
    assert shown(client, moved, thread) == ("Children: [give 5 mg] once a day.", "Show these words in the text")
    gone = again(draft, author, editor, BODY.replace("<p>Children: give 5 mg once a day.</p>", ""))
    assert shown(client, gone, thread) == (False, GONE)
    back = again(draft, author, editor, BODY)
    assert shown(client, back, thread)[0] == "Children: [give 5 mg] once a day."


CHANGED = BODY.replace("Children: give 5 mg once a day.", "Children: give 5 mg twice a day.").replace(
    "<p>Adults", "<p>A new one.</p><p>Adults"
)


def among_the_changes(client, review, since, thread):
    """Return the line of the changes in which words are marked, without what was removed."""
    address = f"{url('desk_review', review.pk)}?audience=public&changes={since}"
    page = html.document_fromstring(client.get(address).content)
    for element in page.xpath(
        "//del | //*[@class='remark-link' or @class='visually-hidden' or @data-change='removed']"
    ):
        element.drop_tree()
    marks = [mark for mark in page.iter("mark") if str(thread.pk) in mark.get("data-of").split()]
    for mark in marks:
        mark.text = f"[{mark.text}]"
    lines = [parent for mark in marks for parent in mark.iterancestors("p", "td", "li", "h2")]
    return " ".join(lines[0].text_content().split()) if lines else None


def test_among_the_changes_the_words_of_the_new_text_are_marked(at, review, draft, author, editor, clinical):
    client = at(clinical)
    kept = commented(client, review, "Adults: give 5 mg")
    gone = commented(client, review, "give 5 mg once a day.", before="Children:")
    newer = again(draft, author, editor, CHANGED)

    here = commented(client, newer, "5 mg twice", before="Children: give")

    assert among_the_changes(client, newer, 1, kept) == "[Adults: give 5 mg] once a day."
    assert among_the_changes(client, newer, 1, here) == "Children: give [5 mg ][twice] a day."
    assert among_the_changes(client, newer, 1, gone) is None
    page = client.get(f"{url('desk_review', newer.pk)}?audience=public&changes=1").content.decode()
    assert GONE in " ".join(page.split())


def test_never_on_words_that_only_the_earlier_version_had(at, review, draft, author, editor, clinical):
    client = at(clinical)
    thread = commented(client, review, "give 5 mg", before="Children:")

    newer = again(draft, author, editor, BODY.replace("<p>Children: give 5 mg once a day.</p>", ""))

    assert among_the_changes(client, newer, 1, thread) is None
    assert (
        b'<mark class="remark"' not in client.get(f"{url('desk_review', newer.pk)}?audience=public&changes=1").content
    )


def test_a_resolved_comment_is_marked_no_more(at, review, clinical):
    client = at(clinical)
    thread = commented(client, review, "Children")
    workflow.resolve_comment(thread, actor=clinical)

    assert shown(client, review, thread)[0] is False


def test_a_comment_of_the_board_leaves_no_mark_for_the_author(at, review, author, clinical):
    thread = workflow.comment(
        review.version, actor=clinical, text="?", exact="once a day.", before="Adults: give 5 mg", board_only=True
    )

    assert shown(at(clinical), review, thread)[0] == "Adults: give 5 mg [once a day.]"
    assert b'class="remark' not in at(author).get(url("desk_review", review.pk)).content


def test_the_number_of_statements_does_not_grow_with_the_comments(at, review, clinical, django_assert_max_num_queries):
    client = at(clinical)
    for number in range(3):
        workflow.comment(review.version, actor=clinical, text=f"Number {number}", exact="Children: give 5 mg")
    with django_assert_max_num_queries(60) as before:
        client.get(url("desk_review", review.pk), {"audience": "public"})
    for number in range(5):
        workflow.comment(review.version, actor=clinical, text=f"More {number}", exact="Adults: give 5 mg")

    with django_assert_max_num_queries(len(before)):
        client.get(url("desk_review", review.pk), {"audience": "public"})
