"""The page that edits a whole draft, in a browser: nothing typed is lost, and nobody overwrites another."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from articles.models import Autosave, Section
from tests.browser.hands import FOCUSED, becomes, follow, sign_in, tab_to
from tests.factories import PASSWORD, article, save

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]
STATUS = "[data-status]"


@pytest.fixture
def draft(author):
    found = article(author, title="Nodes")
    for place, heading in ((2, "Two"), (3, "Three")):
        save(Section(article=found, heading=heading, body=f"<p>Words of {heading}.</p>", position=place), author)
    return found


@pytest.fixture
def at(visit, draft):
    """Return the page of the draft as somebody opens it in a browser of their own."""

    def opened(username):
        page = visit()
        sign_in(page, username, PASSWORD)
        page.goto(f"/desk/articles/{draft.pk}/write/")
        return page

    return opened


def body(page, section):
    page.locator(f"#s{section.pk} [data-name]").scroll_into_view_if_needed()  # an editor begins when it is seen
    page.locator(f"#s{section.pk} textarea").first.evaluate("(area) => area.closest('div').scrollIntoView()")
    return page.locator(f"#s{section.pk} .ProseMirror").first


def value(page, section) -> str:
    return page.locator(f"[name=s{section.pk}-body]").input_value().strip()


def comes_back(page, section, words):
    """Wait until the text of the section has these words: a script puts what was kept on the device into the page."""
    expect(page.locator(f"[name=s{section.pk}-body]")).to_have_value(re.compile(re.escape(words)))


def said(page, words):
    page.locator(STATUS, has_text=words).wait_for()


def leave(page, to):
    """Go away although there is text that is not saved; return whether the browser asked."""
    asked = []

    def answer(dialog):
        asked.append(dialog.type)
        dialog.accept()

    page.once("dialog", answer)
    page.goto(to)
    return asked == ["beforeunload"]


def test_two_people_edit_the_same_section_and_nothing_is_lost(at, author, editor, draft):
    one, two, _ = draft.sections.all()
    mine, theirs = at("author"), at("editor")
    body(mine, one).fill("Lymph nodes filter lymph slowly.")
    body(mine, two).fill("Mine alone.")
    said(mine, "Kept at")
    body(theirs, one).fill("Lymph nodes filter lymph well.")
    follow(theirs.get_by_role("button", name="Save draft").first)

    follow(mine.get_by_role("button", name="Save draft").first)

    expect(mine.locator("h1")).to_contain_text("Somebody else changed the same words", use_inner_text=True)
    expect(mine.locator("ins", has_text="slowly")).to_have_count(1)
    expect(mine.locator("del", has_text="well")).to_have_count(1)
    assert [each["id"] for each in Axe().run(mine).response["violations"]] == []
    mine.get_by_label("Keep the text below").check()
    mine.locator(".ProseMirror").fill("Lymph nodes filter lymph slowly and well.")
    follow(mine.get_by_role("button", name="Save draft"))
    expect(mine.locator(".messages", has_text="Draft saved.")).to_have_count(1)
    assert [row.body for row in draft.sections.all()][:2] == [
        "<p>Lymph nodes filter lymph slowly and well.</p>",
        "<p>Mine alone.</p>",
    ]
    assert not Autosave.objects.exists()


def test_who_else_is_editing_is_said_and_marked(at, author, editor, draft):
    one = draft.sections.first()
    mine = at("author")
    body(mine, one).fill("Typed.")
    said(mine, "Kept at")

    theirs = at("editor")

    expect(theirs.locator("[data-others]")).to_have_text("Ada Author is editing this draft now", use_inner_text=True)
    body(theirs, draft.sections.last()).fill("Typed too.")
    theirs.locator(f"#s{one.pk} [data-present]", has_text="Ada Author is editing this part").wait_for()


def test_text_typed_without_a_connection_comes_back(at, author, draft):
    one = draft.sections.first()
    page = at("author")
    page.context.set_offline(True)
    body(page, one).fill("Typed on a train.")
    said(page, "Kept on this device: no connection")
    assert not Autosave.objects.exists()
    address = page.url

    page.context.set_offline(False)
    said(page, "Kept at")

    assert "Typed on a train." in Autosave.objects.get().fields
    assert leave(page, "/desk/")
    page.goto(address)
    assert value(page, one) != "<p>Typed on a train.</p>"
    follow(page.locator("[data-offer]").get_by_role("link", name="Take it up"))
    assert value(page, one) == "<p>Typed on a train.</p>"


def test_a_tab_that_is_closed_without_a_connection_loses_nothing(at, author, draft):
    one = draft.sections.first()
    page = at("author")
    page.context.set_offline(True)
    body(page, one).fill("Typed, and the tab closed.")
    said(page, "Kept on this device: no connection")
    context, address = page.context, page.url
    page.close()
    context.set_offline(False)

    again = context.new_page()
    again.goto(address)

    offer = again.locator("[data-local]")
    offer.wait_for()
    follow(offer.get_by_role("button", name="Take it up"))
    comes_back(again, one, "Typed, and the tab closed.")
    assert value(again, one) == "<p>Typed, and the tab closed.</p>"
    follow(again.get_by_role("button", name="Save draft").first)
    assert draft.sections.first().body == "<p>Typed, and the tab closed.</p>"
    again.goto(address)
    expect(again.locator("[data-local]")).to_be_hidden()
    assert again.evaluate("localStorage.length") == 0


def test_text_typed_after_the_session_ended_is_kept_and_saved_later(at, author, draft):
    one = draft.sections.first()
    page = at("author")
    Session.objects.all().delete()
    body(page, one).fill("Typed too late.")
    said(page, "You are signed out. Your text is kept on this device.")

    with page.context.expect_page() as opened:
        page.locator(STATUS).get_by_role("link").click()
    sign_in(opened.value, "author", PASSWORD)
    opened.value.close()

    said(page, "Kept at")
    follow(page.get_by_role("button", name="Save draft").first)
    assert draft.sections.first().body == "<p>Typed too late.</p>"


def test_signing_out_leaves_no_text_on_the_device(at, author, draft):
    page = at("author")
    body(page, draft.sections.first()).fill("Nobody else's.")
    said(page, "Kept at")
    becomes(page, lambda: page.evaluate("localStorage.length"), 1)

    follow(page.get_by_role("button", name="Sign out"))

    becomes(page, lambda: page.evaluate("localStorage.length"), 0)


def test_old_text_is_removed_and_another_persons_is_not_offered(at, author, draft):
    page = at("author")
    week_ago = page.evaluate("Date.now() - 7 * 24 * 60 * 60 * 1000 - 1000")
    for person, when in ((author.pk, week_ago), (4711, page.evaluate("Date.now()"))):
        key = f"imprimatur.draft.{person}.{draft.pk}.{'a' * 16}"
        text = f'{{"at": {when}, "fields": [["whole", "1"]]}}'
        page.evaluate("([key, text]) => localStorage.setItem(key, text)", [key, text])

    page.reload()

    expect(page.locator("[data-local]")).to_be_hidden()
    becomes(page, lambda: page.evaluate("Object.keys(localStorage)"), [f"imprimatur.draft.4711.{draft.pk}.{'a' * 16}"])


def order(page) -> list[str]:
    return page.locator("[data-parts=section] [data-name]").all_inner_texts()


def test_sections_are_moved_by_keyboard_alone(at, author, draft):
    page = at("author")
    before = order(page)

    tab_to(page, "Move down “What they do”")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")

    becomes(page, lambda: order(page), ["Two", "Three", before[0]])
    becomes(page, lambda: page.evaluate(FOCUSED), "Move up “What they do”")
    expect(page.locator("[data-parts=section] [data-place]")).to_have_text(["1 of 3", "2 of 3", "3 of 3"])
    follow(page.get_by_role("button", name="Save draft").first)
    assert list(draft.sections.values_list("heading", flat=True)) == ["Two", "Three", before[0]]


def test_each_text_is_named_with_its_section(at, author, draft):
    page = at("author")
    sections = draft.sections.all()

    names = [body(page, section).get_attribute("aria-label") for section in sections]

    assert names == [f"{section.heading}: Text" for section in sections]
    tools = body(page, sections[1]).locator("xpath=ancestor::*[contains(@class, 'rich')]").get_by_role("toolbar")
    assert "Two: Text" in tools.get_attribute("aria-label")


def test_a_new_section_is_written_without_leaving_the_page(at, author, draft):
    page = at("author")
    page.evaluate("window.stayed = true")

    for number in (1, 2):
        page.get_by_role("button", name="Add a section").click()
        page.locator(f"#n{number} .ProseMirror").first.fill(f"New words {number}.")
        page.locator(f"#n{number}").get_by_label("Heading").first.fill(f"New {number}")
    page.get_by_role("button", name="Move up “New 2”").click()

    assert page.evaluate("window.stayed")
    follow(page.get_by_role("button", name="Save draft").first)
    assert list(draft.sections.values_list("heading", "body"))[3:] == [
        ("New 2", "<p>New words 2.</p>"),
        ("New 1", "<p>New words 1.</p>"),
    ]


def test_sections_are_moved_by_dragging(at, author, draft):
    page = at("author")
    handle = page.locator("[data-parts=section] .part").nth(0).locator("[data-handle]")
    target = page.locator("[data-parts=section] .part").nth(1)
    handle.scroll_into_view_if_needed()
    start = handle.bounding_box()

    page.mouse.move(start["x"] + 5, start["y"] + 5)
    page.mouse.down()
    end = target.bounding_box()
    page.mouse.move(end["x"] + 20, end["y"] + end["height"] - 5, steps=5)
    page.mouse.up()

    becomes(page, lambda: order(page), ["Two", "What they do", "Three"])


def test_a_section_is_removed_and_taken_back_without_a_round(at, author, draft):
    page = at("author")

    page.get_by_role("button", name="Remove “Two”").click()
    expect(body(page, draft.sections.all()[1])).to_be_hidden()
    page.get_by_role("button", name="Keep it “Two”").click()

    expect(body(page, draft.sections.all()[1])).to_be_visible()
    page.get_by_role("button", name="Remove “Three”").click()
    follow(page.get_by_role("button", name="Save draft").first)
    assert draft.sections.count() == 2


def test_a_page_with_text_that_is_kept_and_one_with_refusals_are_accessible(at, author, draft):
    page = at("author")
    page.get_by_label("Address").fill("no address")
    said(page, "Kept at")
    assert [each["id"] for each in Axe().run(page).response["violations"]] == []
    follow(page.get_by_role("button", name="Save draft").first)
    expect(page.locator(".problem a")).to_have_count(1)
    assert [each["id"] for each in Axe().run(page).response["violations"]] == []
    page.goto(re.sub("[?#].*", "", page.url))
    expect(page.locator(".offer:visible")).to_have_count(1)
    assert [each["id"] for each in Axe().run(page).response["violations"]] == []


LONG = "".join(f"<p>Paragraph {number} of many.</p>\n" for number in range(60)).strip()
CARET = """() => {
  const {y, height} = getSelection().getRangeAt(0).getBoundingClientRect();
  const tools = document.activeElement.closest(".rich").querySelector(".tools-of-text").getBoundingClientRect();
  const bar = document.querySelector(".write-bar").getBoundingClientRect();
  return {top: y, bottom: y + height, tools: [tools.top, tools.bottom], bar: bar.bottom, height: innerHeight};
}"""


SAVE = """() => {
  const {x, y} = document.querySelector(".write-bar button").getBoundingClientRect();
  return [x + 5, y + 5];
}"""


def long_draft(draft, author):
    for section in draft.sections.all():
        section.body = LONG
        save(section, author)
    return list(draft.sections.all())


def test_after_a_save_the_page_is_where_it_was(at, author, draft):
    page, (_, two, _) = at("author"), long_draft(draft, author)
    page.reload()
    body(page, two).locator("p", has_text="Paragraph 30 of").click()
    page.keyboard.press("End")
    page.keyboard.type(" More")
    before = page.evaluate(CARET)["top"]

    with page.expect_navigation():
        page.keyboard.press("Control+s")

    said(page, "Draft saved.")
    becomes(page, lambda: page.evaluate("document.activeElement.getAttribute('aria-label')"), "Two: Text")
    becomes(page, lambda: abs(page.evaluate(CARET)["top"] - before) < 30, True)
    page.keyboard.type(" words")
    with page.expect_navigation():
        page.mouse.click(*page.evaluate(SAVE))
    assert "<p>Paragraph 30 of many. More words</p>" in draft.sections.all()[1].body
    becomes(page, lambda: abs(page.evaluate(CARET)["top"] - before) < 30, True)


def test_after_a_save_the_cursor_is_in_the_section_that_was_new(at, author, draft):
    page = at("author")
    page.get_by_role("button", name="Add a section").click()
    page.locator("#n1").get_by_label("Heading").first.fill("New")
    page.locator("#n1 .ProseMirror").first.fill("New words.")
    page.wait_for_timeout(200)  # the editor puts the cursor back just after the first words of a text
    page.keyboard.press("Home")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    with page.expect_navigation():
        page.keyboard.press("Control+s")

    becomes(page, lambda: page.evaluate("document.activeElement.getAttribute('aria-label')"), "New: Text")
    page.keyboard.type("!")
    expect(page.locator("[data-parts=section] > .part").last.locator("textarea").first).to_have_value(
        "<p>New! words.</p>"
    )


def test_a_save_without_a_connection_moves_nothing_and_a_refusal_leads_to_the_reasons(at, author, draft):
    page = at("author")
    page.get_by_label("Address").fill("no address")
    with page.expect_navigation():
        page.keyboard.press("Control+s")

    expect(page.locator(".problem")).to_be_in_viewport()
    page.get_by_label("Address").fill("an-address")
    with page.expect_navigation():
        page.keyboard.press("Control+s")
    becomes(page, lambda: page.evaluate(FOCUSED), "Address")


@pytest.mark.parametrize("size", [(390, 700), (1280, 700)])
def test_the_tools_stay_in_reach_and_hide_no_cursor(at, author, draft, size):
    page, (_, two, _) = at("author"), long_draft(draft, author)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.reload()
    body(page, two).locator("p", has_text="Paragraph 30 of").click()
    for key in ["ArrowUp"] * 25 + ["ArrowDown"] * 40:
        page.keyboard.press(key)
        seen = page.evaluate(CARET)
        assert seen["tools"][0] >= seen["bar"] - 1
        assert seen["tools"][1] <= seen["top"], (key, seen)
        assert seen["bottom"] <= seen["height"] - 40, (key, seen)
    assert seen["tools"][1] - seen["tools"][0] < 100
    page.keyboard.press("Shift+Tab")
    becomes(page, lambda: page.evaluate(FOCUSED), "Bold")
    for _ in range(5):
        page.keyboard.press("ArrowLeft")
    assert page.evaluate("document.activeElement.getBoundingClientRect().right <= innerWidth")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_tools_and_texts_begin_at_the_same_height_in_all_sections(at, author, draft):
    page = at("author")
    page.get_by_role("button", name="Add a section").click()
    page.locator("#n1 .ProseMirror").first.wait_for()
    for summary in page.locator("details.wording summary").all():
        summary.click()
    page.locator("details.wording .ProseMirror").last.wait_for()

    gaps = page.evaluate(
        """() => [...document.querySelectorAll(".write .rich")].map((rich) => {
          const label = rich.parentElement.querySelector("label").getBoundingClientRect();
          const tools = rich.querySelector(".tools-of-text").offsetHeight;
          return [Math.round(rich.getBoundingClientRect().top - label.bottom), tools];
        })"""
    )

    assert len(gaps) == 12
    assert len({tuple(each) for each in gaps}) == 1, gaps
    expect(page.locator("[data-editor-help]")).to_be_visible()


def test_each_text_that_is_kept_on_the_device_is_offered_with_what_differs(at, author, draft):
    one, two, _ = draft.sections.all()
    first = at("author")
    context, address = first.context, first.url
    second = context.new_page()
    second.goto(address)
    context.set_offline(True)
    body(first, one).fill("Typed in the first tab.")
    said(first, "Kept on this device: no connection")
    body(second, two).fill("Typed in the second tab.")
    second.get_by_label("Title", exact=True).fill("Another title")
    said(second, "Kept on this device: no connection")
    first.close()
    second.close()
    context.set_offline(False)

    page = context.new_page()
    page.goto(address)

    offers = page.locator("[data-local]:visible")
    expect(offers).to_have_count(2)
    expect(offers.nth(0)).to_contain_text("It differs from the draft in: About the article, Two.", use_inner_text=True)
    expect(offers.nth(1)).to_contain_text("It differs from the draft in: What they do.", use_inner_text=True)
    assert [each["id"] for each in Axe().run(page).response["violations"]] == []
    follow(offers.nth(1).get_by_role("button", name="Take it up"))
    follow(page.get_by_role("button", name="Save draft").first)
    expect(offers).to_have_count(1)
    expect(offers.nth(0)).to_contain_text("About the article, What they do, Two.", use_inner_text=True)
    offers.nth(0).get_by_role("button", name="Discard it").click()
    expect(offers).to_have_count(0)
    assert draft.sections.first().body == "<p>Typed in the first tab.</p>"
    becomes(page, lambda: page.evaluate("localStorage.length"), 0)
