"""A reviewer of a second round: from the list of changes to the signature, with ticks kept and words commented on."""

import pytest
from playwright.sync_api import expect

from articles.models import Article
from reviews.models import Comment, Decision, ReadChange
from tests import factories
from tests.browser.hands import sign_in
from tests.browser.test_accessibility import looked_at
from tests.factories import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]

FILLER = "".join(f"<p>Paragraph {number} stays as it is.</p>" for number in range(40))


@pytest.fixture
def asked(author, editor, clinical, specialist):
    """A request to review a second version, in which two sentences changed."""
    draft = factories.article(author, slug="nodes", body=f"<p>Take 5 mg.</p>{FILLER}<p>Children: give 2 mg.</p>")
    factories.published(factories.submitted(author, draft), editor, clinical, specialist)
    section = draft.sections.get()
    section.body = section.body.replace("5 mg", "10 mg").replace("2 mg", "1 mg")
    factories.save(section, author)
    version = factories.submitted(author, Article.objects.get(pk=draft.pk), change="minor", note="Doses")
    return factories.under_review(version, editor, (clinical, "clinical"))[0]


def opened(page, asked, more=""):
    sign_in(page, "reviewer1", PASSWORD)
    page.goto(f"/desk/reviews/{asked.review_id}/{more}")


@pytest.mark.parametrize("width", [390, 1280])
def test_the_list_is_on_the_first_screens_and_the_decision_always_in_reach(visit, asked, width):
    page = visit(viewport={"width": width, "height": 844}, bypass_csp=True)
    opened(page, asked)

    first = page.locator("ol.changes a").first
    assert "5 mg 10 mg" in " ".join(first.inner_text().split())
    assert first.bounding_box()["y"] < 2 * 844
    for place in (0, 2000):
        page.evaluate(f"window.scrollTo(0, {place})")
        way = (
            page.get_by_role("link", name="Decide") if width == 390 else page.get_by_role("heading", name="Your review")
        )
        box = way.bounding_box()
        assert 0 <= box["y"] < 844, "in reach wherever the page is"
    first.click()
    assert page.evaluate("document.querySelector(':target').innerText").startswith("Take")
    assert looked_at(page, page.url) == []


def test_a_table_with_changes_has_its_name_and_its_headings_for_whoever_hears_it(
    visit, author, editor, clinical, specialist
):
    table = (
        "<table>{}<thead><tr><th>Who</th><th>Dose</th></tr></thead>"
        "<tbody><tr><td>Adults</td><td>5 mg</td></tr><tr><td>Children</td><td>2 mg</td></tr></tbody></table>"
    )
    body = table.format("<caption>Doses by age</caption>") + table.format("")
    draft = factories.article(author, body=body)
    factories.published(factories.submitted(author, draft), editor, clinical, specialist)
    section = draft.sections.get()
    section.body = body.replace("5 mg", "10 mg")
    factories.save(section, author)
    version = factories.submitted(author, Article.objects.get(pk=draft.pk))
    page = visit()

    opened(page, factories.under_review(version, editor, (clinical, "clinical"))[0])

    for name in ("Doses by age", "Table 2 on this page. "):
        shown = page.get_by_role("table", name=name)
        assert [head.inner_text() for head in shown.get_by_role("columnheader").all()] == ["Who", "Dose"]
        assert [head.inner_text() for head in shown.get_by_role("rowheader").all()] == ["Adults", "Children"]


def test_ticks_are_kept_at_once_and_without_scripts_by_a_button(visit, asked):
    page = visit()
    opened(page, asked)
    page.locator("input[name=read]").first.check()
    expect(page.locator("li[data-read]")).not_to_have_count(0)
    expect(page.get_by_role("status")).to_contain_text("Kept. You have ticked 1 of ")
    page.reload()
    expect(page.locator("input[name=read]:checked")).to_have_count(1)

    plain = visit(java_script_enabled=False)
    opened(plain, asked)
    plain.locator("input[name=read]").nth(1).check()
    plain.get_by_role("button", name="Keep what I have ticked").click()
    expect(plain.locator("input[name=read]:checked")).to_have_count(2)
    expect(plain.get_by_role("status")).to_contain_text("Your ticks are kept. You have ticked 2 of ")
    assert ReadChange.objects.count() == 2


def test_selected_words_are_commented_on_and_marked(visit, asked):
    page = visit()
    opened(page, asked, "?audience=public")
    page.locator("[data-commented] p", has_text="Children: give 1 mg.").evaluate(
        """line => {
          const range = document.createRange();
          range.setStart(line.firstChild, 10); range.setEnd(line.firstChild, 19);
          getSelection().removeAllRanges(); getSelection().addRange(range);
        }"""
    )
    page.get_by_role("button", name="Comment on these words").click()
    page.keyboard.insert_text("Is this right?")
    page.get_by_role("button", name="Add comment").click()

    page.wait_for_url("**#comments")
    anchor = Comment.objects.get().anchors.get()
    assert (anchor.exact, anchor.prefix) == ("give 1 mg", "Children: ")
    page.goto(f"/desk/reviews/{asked.review_id}/?audience=public")
    expect(page.locator("mark.remark")).to_have_text("give 1 mg", use_inner_text=True)
    page.get_by_role("link", name="Comment by Clara Clinical").click()
    expect(page.locator("article.thread")).to_contain_text("Is this right?", use_inner_text=True)


def test_a_tick_after_the_session_ended_says_so_and_is_taken_back(visit, asked):
    page = visit()
    opened(page, asked)
    page.context.clear_cookies()

    page.locator("input[name=read]").first.click()

    expect(page.locator("[data-said]")).to_contain_text("your session has ended")
    expect(page.locator("input[name=read]").first).not_to_be_checked()
    assert not ReadChange.objects.exists()


def test_from_the_desk_to_the_signature_by_keyboard_takes_twenty_presses(visit, asked):
    """The password is typed as one press."""
    page = visit(viewport={"width": 1280, "height": 900})
    opened(page, asked)  # read, before they decide
    page.goto("/desk/")
    presses = 0

    def press(key, until=None):
        """Press the key, or press it until the focus is on a link with these words or a field with this name."""
        nonlocal presses
        while True:
            presses += 1
            page.keyboard.press(key)
            if until is None:
                return
            at = page.evaluate("[document.activeElement.name, document.activeElement.innerText]")
            if until in at:
                return
            assert presses < 30, at

    press("Tab", until="Skip to the content")
    press("Enter")
    press("Tab", until=Article.objects.get().title)
    with page.expect_navigation():
        press("Enter")
    press("Tab", until="Skip to the content")
    press("Enter")
    press("Tab", until="Your review")
    press("Enter")
    press("Tab", until="no_conflict")
    press("Space")
    press("Tab", until="outcome")
    press("Space")
    press("Tab", until="password")
    page.keyboard.insert_text(PASSWORD)
    with page.expect_navigation():
        press("Enter")

    assert Decision.objects.get(assignment=asked).outcome == "approve"
    assert presses + 1 <= 20


def test_with_several_requests_the_next_one_is_a_link_away(visit, asked, author, editor, clinical):
    other = factories.submitted(author, factories.article(author, slug="other", title="Other nodes"))
    factories.under_review(other, editor, (clinical, "clinical"))
    page = visit()
    opened(page, asked)

    page.get_by_role("link", name="Next review: Other nodes").click()
    page.wait_for_url(f"**/desk/reviews/{other.review.pk}/")
    page.get_by_role("link", name=f"Next review: {asked.review.version.title}").click()
    page.wait_for_url(f"**/desk/reviews/{asked.review_id}/")
