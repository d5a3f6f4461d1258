"""Reviewers' comments beside the editor: the words that they quote are marked, those and no others."""

import pytest
from playwright.sync_api import expect

from reviews import workflow
from tests import factories
from tests.browser.hands import FOCUSED, becomes, follow, sign_in
from tests.browser.test_accessibility import looked_at
from tests.factories import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]

BODY = (
    "<p>Adults: give 5\u00a0mg once a day [@smith2020].</p>\n"
    "<ul>\n<li>Children: <strong>give</strong> 5 mg.</li>\n</ul>\n"
    "<p>Then 2 m<sup>2</sup> of skin [@smith2020], and rest.</p>"
)


@pytest.fixture
def draft(author, editor, clinical):
    found = factories.article(author, body="<p>Words.</p>")
    factories.cite(found, "smith2020", by=author)
    section = found.sections.get()
    section.body = BODY.replace("[@smith2020]", '<cite data-ref="smith2020">[smith2020]</cite>')
    factories.save(section, author)
    version = factories.submitted(author, found)
    factories.under_review(version, editor, (clinical, "clinical"))
    workflow.comment(
        version, actor=clinical, text="Half?", exact="give 5 mg", before="Children:", suggestion="give 2.5 mg"
    )
    workflow.comment(version, actor=clinical, text="Of whom?", exact="2 m^2 of skin, and")
    return found


@pytest.fixture
def at(visit, draft):
    """Return the page of the draft, or of its section, as its author opens it."""

    def opened(of="write", **options):
        page = visit(**{"viewport": {"width": 1280, "height": 900}, **options})
        sign_in(page, "author", PASSWORD)
        where = "write" if of == "write" else f"sections/{draft.sections.get().pk}"
        page.goto(f"/desk/articles/{draft.pk}/{where}/")
        page.locator(".ProseMirror").first.scroll_into_view_if_needed()
        page.locator(".ProseMirror .remark").first.wait_for()
        return page

    return opened


def marked(page) -> list[str]:
    """Return the marked words, each with the line that they are in."""
    return page.evaluate(
        """() => {
          const found = {};
          for (const mark of document.querySelectorAll(".ProseMirror .remark")) {
            const line = mark.closest("p").textContent;
            found[line] = (found[line] ?? "") + mark.firstChild.data;
          }
          return Object.entries(found).map(([line, words]) => `${line.split(" ")[0]} ${words}`);
        }"""
    )


def thread(page, words):
    return page.locator(".thread", has_text=words)


@pytest.mark.parametrize("of", ["write", "section"])
def test_the_quoted_words_are_marked_and_no_others_that_read_alike(at, of):
    page = at(of)

    becomes(page, lambda: [each.split(" ", 1)[0] for each in marked(page)], ["Children:", "Then"])
    assert marked(page)[0] == "Children: give 5 mg"
    assert marked(page)[1].startswith("Then 2 m2 of skin")


def test_words_that_are_changed_are_not_marked_until_they_are_as_they_were(at):
    page = at()
    gone = thread(page, "Half?").get_by_text("These words are not marked in the text", exact=False)
    expect(gone).to_be_hidden()

    thread(page, "Half?").get_by_role("button", name="Show these words in the text").click()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    page.keyboard.type("x")
    expect(gone).to_be_visible()
    assert [each.split(" ", 1)[0] for each in marked(page)] == ["Then"]
    page.keyboard.press("End")
    page.keyboard.type(" Then give 5 mg.")
    expect(gone).to_be_visible()
    for _ in range(2):
        page.keyboard.press("Control+z")

    expect(gone).to_be_hidden()
    assert marked(page)[0] == "Children: give 5 mg"


def test_the_words_lead_to_the_comment_and_back_with_the_keyboard(at):
    page = at()
    show = thread(page, "Of whom?").get_by_role("button", name="Show these words in the text")
    show.focus()
    page.keyboard.press("Enter")

    becomes(page, lambda: page.evaluate("getSelection().toString().split(' [')[0]"), "2 m2 of skin")
    expect(thread(page, "Of whom?")).to_have_attribute("data-current", "")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("End")
    becomes(page, lambda: page.evaluate(FOCUSED), "Go to the comment")
    page.keyboard.press("Enter")

    expect(thread(page, "Of whom?")).to_be_focused()
    expect(thread(page, "Half?")).not_to_have_attribute("data-current", "")


def test_a_wording_is_taken_over_once_the_text_is_saved(at, draft):
    page = at()
    page.locator(".ProseMirror li").first.click()
    page.keyboard.press("End")
    page.keyboard.type(" Rest.")

    thread(page, "Half?").get_by_role("button", name="Take over into the draft").click()
    expect(page.locator("[data-status]")).to_have_text("Save your text first: it has changes that would be lost.")
    follow(page.get_by_role("button", name="Save draft").first)
    follow(thread(page, "Half?").get_by_role("button", name="Take over into the draft"))

    expect(page.get_by_text("The suggested wording is in the draft.")).to_be_visible()
    assert "Children: give 2.5 mg. Rest." in draft.sections.get().body.replace("<strong>", "").replace("</strong>", "")


def test_a_comment_is_answered_without_script(at, visit, draft):
    page = at()
    plain = page.context.browser.new_context(java_script_enabled=False, storage_state=page.context.storage_state())
    bare = plain.new_page()
    bare.goto(page.url)

    thread(bare, "Half?").locator("summary").click()
    thread(bare, "Half?").get_by_label("Reply").fill("We will.")
    thread(bare, "Half?").get_by_role("button", name="Reply").click()

    expect(thread(bare, "Half?")).to_contain_text("We will.", use_inner_text=True)
    assert bare.url == page.url
    plain.close()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_axe_finds_nothing_beside_the_editor(at, width, scheme):
    page = at(viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True)
    thread(page, "Half?").get_by_role("button", name="Show these words in the text").click()

    assert looked_at(page, page.url) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
