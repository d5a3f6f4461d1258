"""Tables on a phone: cards, or a box that scrolls beside a first column that stays; the Tab key stops only there."""

import pytest
from playwright.sync_api import expect

from tests import factories
from tests.articles.frozen import row, table
from tests.browser.hands import becomes, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]

NAMES = ["Two columns", "Cards", "Scrolls"]
TWO = row("th", "Symptom", "What it is") + row("td", "Swollen nodes", "Most often painless, hard, and hard to move.")
CARDS = row("th", "Medicine", "Adult", "Child", "How often") + "".join(
    row("td", name, "500 mg to 1,000 mg by mouth with food", "15 mg/kg", "4 times a day, at least 4 hours apart")
    for name in ("Paracetamol", "Hydroxychloroquine")
)
SCROLLS = (
    '<tr><th rowspan="2">Stage</th><th colspan="2">Survival</th><th colspan="2">Relapse</th></tr>'
    + row("th", "Women", "Men", "1 year", "5 years")
    + row("td", "Stage I, in one organ", "97 (94 to 99)", "96 (93 to 98)", "3 in 100", "12,345 of 100,000 people")
)
BOXES = """() => [...document.querySelectorAll(".table-scroll")].map(box => ({
  scrolls: box.scrollWidth > box.clientWidth,
  stop: box.tabIndex === 0,
  cut: [...box.querySelectorAll("tbody td, tbody th")].filter(
    cell => cell.scrollWidth > cell.clientWidth || cell.getBoundingClientRect().right > innerWidth).length,
  first: Math.round(box.querySelector("tbody tr :first-child").getBoundingClientRect().left),
}))"""


@pytest.fixture
def address(author, editor, clinical, specialist):
    body = "".join(table(rows, caption=name) for name, rows in zip(NAMES, (TWO, CARDS, SCROLLS), strict=True))
    draft = factories.article(author, slug="tables", body=body)
    factories.published(factories.submitted(author, draft), editor, clinical, specialist)
    return "/articles/tables/for/public/"


@pytest.mark.parametrize("scripts", [True, False])
def test_tables_fit_a_phone_and_the_tab_key_stops_where_one_scrolls(visit, address, scripts):
    page = visit(viewport={"width": 390, "height": 844}, java_script_enabled=scripts)
    page.goto(address)

    two, cards, scrolls = page.evaluate(BOXES)

    assert [box["scrolls"] for box in (two, cards, scrolls)] == [False, False, True]
    assert [box["stop"] for box in (two, cards, scrolls)] == [False, False, True]
    assert two["cut"] == cards["cut"] == 0
    before = scrolls["first"]
    page.locator(".table-scroll").nth(2).focus()
    page.keyboard.press("ArrowRight")
    becomes(page, lambda: page.evaluate("document.querySelectorAll('.table-scroll')[2].scrollLeft > 0"), True)
    assert page.evaluate(BOXES)[2]["first"] == before
    label = page.evaluate("getComputedStyle(document.querySelector('.cards td'), '::before').content")
    assert label.startswith('"Adult')


def test_on_a_wide_screen_all_are_tables_without_a_stop(visit, address):
    page = visit(viewport={"width": 1280, "height": 900})
    page.goto(address)
    page.locator(".table-scroll[tabindex]").wait_for(state="detached")

    assert not any(box["scrolls"] for box in page.evaluate(BOXES))
    becomes(
        page, lambda: page.evaluate("getComputedStyle(document.querySelector('.cards tbody tr')).display"), "table-row"
    )


def test_a_row_of_the_queue_is_one_line_and_all_names_are_reached_without_a_mouse(
    visit, author, editor, clinical, specialist
):
    version = factories.submitted(author, title="Lymph nodes and how cancer of the bowel spreads")
    factories.asked(version, editor, (clinical, "clinical"), (specialist, "specialist"))
    page = visit(viewport={"width": 1280, "height": 900})
    sign_in(page, "editor", factories.PASSWORD)
    page.goto("/desk/queue/")

    (height,) = page.evaluate("[...document.querySelectorAll('.queue-table tbody tr')].map(row => row.offsetHeight)")
    box = "document.querySelector('.queue-table')"
    beyond = page.evaluate(f"{box}.scrollWidth - {box}.clientWidth")
    page.locator(".names summary").focus()
    page.keyboard.press("Enter")

    assert 36 <= height <= 40
    assert beyond == 0
    expect(page.locator(".names")).to_contain_text("Clara Clinical, Simon Specialist", use_inner_text=True)
    target = page.locator(".queue-table .box label").bounding_box()
    assert min(target["width"], target["height"]) >= 24
