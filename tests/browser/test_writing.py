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
