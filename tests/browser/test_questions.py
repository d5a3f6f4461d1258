"""A reader asks by keyboard, without JavaScript, and an editor answers; axe looks at every page on the way."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from articles.models import Question
from reviews.demo.cast import PASSWORD
from tests.browser.hands import follow, sign_in
from tests.browser.test_accessibility import demonstration, looked_at

__all__ = ["demonstration"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ASKED = "What are the possible harms? I have chest pain."
PAGE = "/articles/sentinel-node-biopsy/for/public/"


def test_a_question_is_asked_sent_and_deleted_by_keyboard_without_javascript(visit, demonstration):
    page = visit(java_script_enabled=False, viewport={"width": 390, "height": 800})
    page.goto(PAGE)
    before = Question.objects.count()

    page.locator("#question").focus()
    page.keyboard.type(ASKED)
    press_on(page, "Find answers")
    expect(page.locator(".urgent h2")).to_contain_text("You may need urgent help", use_inner_text=True)
    expect(page.locator(".quote blockquote").first).to_contain_text("Most people recover", use_inner_text=True)
    expect(page.locator("#question")).to_have_value(ASKED)
    assert "harms" not in page.url.partition("/answers/")[0]
    page.locator(".quote h3 a").first.click()
    page.wait_for_url("**/for/public/#*")
    page.go_back()
    expect(page.locator(".quote blockquote").first).to_contain_text("Most people recover", use_inner_text=True)

    page.locator("#question").focus()
    press_on(page, "Send this question to our editors")
    assert Question.objects.count() == before + 1
    page.locator(".address a").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/questions/*/")
    expect(page.locator("main")).to_contain_text("is waiting for our editors", use_inner_text=True)

    page.get_by_role("button", name="Delete my question").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/deletion/")
    expect(page.locator("h1")).to_contain_text("Your question is deleted", use_inner_text=True)
    assert Question.objects.count() == before
    assert page.context.cookies() == []


def press_on(page, button: str):
    """Go on with Tab to the button with this name and press it: what is hidden is not on the way."""
    for _ in range(6):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        assert focused.get_attribute("name") != "website"
        if focused.inner_text() == button:
            with page.expect_navigation():
                page.keyboard.press("Enter")
            return
    pytest.fail(f"The button “{button}” is not reached.")


def test_axe_finds_nothing_on_any_page_of_a_question(visit, demonstration):
    page = visit(bypass_csp=True)
    page.goto(PAGE)
    follow(page.get_by_role("button", name="Find answers"))
    found = looked_at(page, "the refused form")
    page.fill("#question", ASKED)
    follow(page.get_by_role("button", name="Find answers"))
    found += looked_at(page, "the answers")
    follow(page.get_by_role("button", name="Send this question to our editors"))
    found += looked_at(page, "the private address")
    follow(page.locator(".address a"))
    found += looked_at(page, "the private page")
    sign_in(page, "editor", PASSWORD)
    for path in (reverse("questions"), *(reverse("question", args=[row.pk]) for row in Question.objects.all())):
        page.goto(path)
        found += looked_at(page, path)

    assert found == []
