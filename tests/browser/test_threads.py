"""Comments on words as people read them: beside the words on a wide screen, as a sheet on a phone."""

import pytest
from playwright.sync_api import expect

from articles.models import Article
from reviews import workflow
from reviews.models import Comment
from tests import factories
from tests.browser.hands import becomes, ends, sign_in
from tests.browser.test_accessibility import AT_THE_DESK, WAYS, looked_at
from tests.factories import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]

FILLER = "".join(f"<p>Paragraph {number} stays as it is.</p>" for number in range(12))
SELECT = """(line, [from, to]) => {
  const range = document.createRange();
  range.setStart(line.firstChild, from); range.setEnd(line.firstChild, to);
  getSelection().removeAllRanges(); getSelection().addRange(range);
}"""


@pytest.fixture
def review(author, editor, clinical, specialist):
    """A second version with two comments on neighbouring words."""
    body = f"<p>Take 5 mg at night.</p>{FILLER}<p>Children: give 2 mg.</p>"
    draft = factories.article(author, slug="nodes", body=body)
    factories.published(factories.submitted(author, draft), editor, clinical, specialist)
    section = draft.sections.get()
    section.body = section.body.replace("2 mg", "1 mg")
    factories.save(section, author)
    version = factories.submitted(author, Article.objects.get(pk=draft.pk), change="minor", note="Dose")
    factories.under_review(version, editor, (clinical, "clinical"))
    for words, text in (("5 mg at night", "Why at night?"), ("at night.", "With food too?")):
        workflow.comment(version, actor=clinical, text=text, exact=words)
    return version.review


def opened(page, review, more="?audience=public"):
    sign_in(page, "reviewer1", PASSWORD)
    page.goto(f"/desk/reviews/{review.pk}/{more}")


def focused(page):
    return page.evaluate("document.activeElement.id || document.activeElement.getAttribute('aria-labelledby')")


def test_on_a_wide_screen_threads_stand_beside_their_words_without_overlap(visit, review):
    page = visit(viewport={"width": 1280, "height": 900}, bypass_csp=True)
    opened(page, review)
    first, second = Comment.objects.order_by("pk")

    boxes = [each.bounding_box() for each in page.locator(".margin .thread").all()]
    line = page.locator("mark.remark").first.bounding_box()

    assert len(boxes) == 2
    assert abs(boxes[0]["y"] - line["y"]) < 40
    assert boxes[0]["x"] > line["x"] + line["width"]
    assert boxes[0]["y"] + boxes[0]["height"] < boxes[1]["y"], "they are stacked"
    panel = page.locator(".panel").bounding_box()
    assert boxes[0]["x"] + boxes[0]["width"] <= panel["x"]
    page.locator(f"#remark-{second.pk}").focus()
    page.keyboard.press("Enter")
    becomes(page, lambda: focused(page), f"comment-{second.pk}")
    assert "".join(page.locator("mark.remark[data-current]").all_inner_texts()) == "at night."
    page.locator(".margin .thread").nth(0).get_by_role("link", name="Show these words in the text").click()
    becomes(page, lambda: focused(page), f"remark-{first.pk}")
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
    assert looked_at(page, page.url) == []


def test_on_a_phone_a_tap_on_the_words_opens_the_thread_and_the_focus_comes_back(visit, review):
    page = visit(viewport={"width": 390, "height": 844}, bypass_csp=True)
    opened(page, review)
    first = Comment.objects.order_by("pk")[0]
    sheet = page.locator("dialog[data-sheet]")
    marked = page.locator("mark.remark").first

    marked.click()
    expect(sheet).to_be_visible()
    expect(sheet).to_contain_text("Why at night?", use_inner_text=True)
    becomes(page, lambda: focused(page), f"comment-{first.pk}")
    assert looked_at(page, page.url, [way for way in WAYS if way[0] == 320]) == []
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    expect(page.locator(f"#remark-{first.pk}")).to_be_focused()
    expect(page.locator("#comments .thread")).to_have_count(2)

    marked.click()
    page.go_back()
    expect(sheet).to_be_hidden()
    expect(page).to_have_url(ends(f"/desk/reviews/{review.pk}/?audience=public"))
    marked.click()
    sheet.get_by_role("button", name="Close").click()
    expect(sheet).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_without_scripts_the_threads_stand_below_the_text(visit, review):
    page = visit(java_script_enabled=False)
    opened(page, review)

    expect(page.locator("#comments .thread")).to_have_count(2)
    page.get_by_role("link", name="Comment by Clara Clinical").first.click()
    expect(page).to_have_url(ends(f"#comment-{Comment.objects.order_by('pk')[0].pk}"))
    assert page.locator("[data-mentions] li").count() >= 3


def test_words_of_the_new_text_are_commented_on_among_the_changes_and_somebody_is_mentioned(visit, review):
    page = visit(viewport={"width": 1280, "height": 900}, bypass_csp=True)
    opened(page, review, "?audience=public&changes=1")
    page.locator("[data-commented] p", has_text="Children: give").evaluate(SELECT, [0, 8])
    page.get_by_role("button", name="Comment on these words").click()
    page.keyboard.type("Is it so, @aut")
    page.get_by_role("option", name="@author Ada Author").wait_for()
    assert looked_at(page, page.url, [way for way in WAYS if way[0] == 1280]) == []
    page.keyboard.press("Enter")
    page.keyboard.type("?")
    page.get_by_role("button", name="Add comment").click()
    page.wait_for_url("**#comments")

    row = Comment.objects.latest("pk")
    anchor = row.anchors.get()
    assert (row.text, anchor.exact) == ("Is it so, @Ada Author ?", "Children")
    assert anchor.start is not None
    assert "Children" in page.locator("mark.remark").all_inner_texts()


def test_beside_the_editor_nothing_is_sent_while_the_text_is_not_saved(visit, review, clinical):
    workflow.comment(review.version, actor=clinical, text="Less?", exact="Take 5 mg", suggestion="Take 2 mg")
    section = review.article.sections.get()
    page = visit(viewport={"width": 1280, "height": 900}, bypass_csp=True)
    sign_in(page, "author", PASSWORD)
    page.goto(f"/desk/articles/{review.article_id}/sections/{section.pk}/")
    assert looked_at(page, page.url, AT_THE_DESK) == []

    page.get_by_role("textbox", name="Text", exact=True).press_sequentially("Not ")
    page.get_by_role("button", name="Take over into the draft").click()
    expect(page.get_by_role("status")).to_have_text(
        "Save your text first: it has changes that would be lost.", use_inner_text=True
    )
    section.refresh_from_db()
    assert "Take 5 mg" in section.body
    page.reload()
    page.get_by_role("button", name="Take over into the draft").click()
    page.get_by_text("The suggested wording is in the draft.").wait_for()

    section.refresh_from_db()
    assert "<p>Take 2 mg at night.</p>" in section.body
