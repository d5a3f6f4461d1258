"""The findings beside the text, in a browser: a link selects the words, and the list follows what is typed."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.hands import becomes, sign_in
from tests.factories import PASSWORD, article

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]
SELECTED = "() => { const s = getSelection(); return [s.toString(), s.focusNode.parentElement.tagName]; }"
BODY = "<p>Give 5.0 L of air. Rest, then take <strong>5.0</strong> mg of it.</p><p>Nothing else.</p>"


@pytest.fixture
def page(visit, author):
    draft = article(author, title="Fever", body=BODY)
    page = visit()
    sign_in(page, "author", PASSWORD)
    page.goto(f"/desk/articles/{draft.pk}/write/")
    return page


def test_a_finding_selects_its_words_from_the_keyboard(page):
    link = page.locator("[data-checks] a[data-words='5.0']").first
    link.focus()

    page.keyboard.press("Enter")

    expect(page.locator(".ProseMirror").first).to_be_focused()
    becomes(page, lambda: page.evaluate(SELECTED), ["5.0", "STRONG"])


def test_the_list_follows_what_is_typed_and_keeps_what_is_open(page):
    panel = page.locator("[data-checks]")
    expect(panel).to_contain_text("A trailing zero in a dose")
    suggestions = panel.locator("details[data-severity=info]")
    suggestions.locator("summary").first.click()

    page.locator(".ProseMirror").first.fill("Take .25 mg of it. It helps 60% of people.")

    expect(panel).to_contain_text("A decimal without its leading zero", timeout=15_000)
    expect(panel).not_to_contain_text("A trailing zero in a dose")
    expect(suggestions).to_have_attribute("open", "")
    assert Axe().run(page, context="[data-checks]").response["violations"] == []
