"""A reader says whether a page was helpful and reports an error, by keyboard and without JavaScript; axe looks on."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from articles.models import ErrorReport, Helpfulness
from reviews.demo.cast import PASSWORD
from tests.browser.hands import follow, sign_in
from tests.browser.test_accessibility import demonstration, looked_at

__all__ = ["demonstration"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGE = "/articles/sentinel-node-biopsy/for/public/"


def test_a_page_is_judged_and_an_error_reported_by_keyboard_without_javascript(visit, demonstration):
    page = visit(java_script_enabled=False, viewport={"width": 390, "height": 800})
    page.goto(PAGE)
    before = Helpfulness.objects.get().yes, ErrorReport.objects.count()

    page.get_by_role("button", name="Yes").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Thank you", use_inner_text=True)
    assert Helpfulness.objects.get().yes == before[0] + 1

    page.goto(PAGE)
    page.get_by_role("link", name="Report an error on this page").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.locator("#section").focus()
    page.keyboard.type("Possible harms")
    page.keyboard.press("Tab")
    page.keyboard.type("The table is for adults only.")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Send report", use_inner_text=True)
    with page.expect_navigation():
        page.keyboard.press("Enter")

    row = ErrorReport.objects.order_by("pk").last()
    assert ErrorReport.objects.count() == before[1] + 1
    assert (row.severity, row.text, bool(row.section)) == (1, "The table is for adults only.", True)
    page.locator(".address a").click()
    expect(page.locator("main")).to_contain_text("About the section “Possible harms”.", use_inner_text=True)
    follow(page.get_by_role("button", name="Delete my report"))
    assert ErrorReport.objects.count() == before[1]
    assert page.context.cookies() == []


def test_axe_finds_nothing_on_any_page_of_a_report(visit, demonstration):
    page = visit(bypass_csp=True)
    page.goto(PAGE)
    follow(page.get_by_role("button", name="No", exact=True))
    found = looked_at(page, "the thanks")
    follow(page.get_by_role("link", name="Report an error on this page"))
    found += looked_at(page, "the form")
    follow(page.get_by_role("button", name="Send report"))
    found += looked_at(page, "the refused form")
    page.fill("#text", "I took this dose and have chest pain.")
    page.get_by_label("It could harm someone").check()
    follow(page.get_by_role("button", name="Send report"))
    found += looked_at(page, "the private address")
    follow(page.locator(".address a"))
    found += looked_at(page, "the private page")
    sign_in(page, "editor", PASSWORD)
    for path in (reverse("reports"), *(reverse("report", args=[row.pk]) for row in ErrorReport.objects.all())):
        page.goto(path)
        found += looked_at(page, path)

    assert found == []
