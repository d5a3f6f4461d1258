"""What an author does with the texts of a draft: compares them, and brings an older one back."""

import re

import pytest
from playwright.sync_api import expect

from articles.models import Audience, Wording
from tests.browser.hands import ends, press, sign_in, tab_to
from tests.browser.test_accessibility import looked_at
from tests.factories import PASSWORD, article, edit, person, save

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def draft():
    """A draft whose dose was changed after it was first written, with a wording for carers."""
    author = person("ada", "Ada Author", groups=["author"])
    draft = article(author, title="Fever", body="<p>Give 5 mg once a day.</p>")
    carer = Audience.objects.get(key="carer")
    save(Wording(section=draft.sections.get(), audience=carer, body="<p>Give 5 mg.</p>"), author)
    return draft


def test_an_older_text_is_found_and_restored_with_the_keyboard_alone(visit, draft):
    author = draft.created_by
    before = draft.sections.get().history.first().history_date
    changed = edit(draft, "Give 50 mg once a day.", by=author)
    point = changed.history.first().history_date
    page = visit()
    sign_in(page, "ada", PASSWORD)
    page.goto(f"/desk/articles/{draft.pk}/draft/")

    press(page, "History")
    expect(page.get_by_role("heading", level=1)).to_have_text("History of the draft", use_inner_text=True)
    page.goto(f"/desk/articles/{draft.pk}/history/changes/?from={before:%Y-%m-%dT%H:%M:%S.%fZ}")
    expect(page.locator("#all-changes-heading")).to_contain_text("1 dose", use_inner_text=True)
    press_link(page, "Dose")
    assert re.search(r"#change-\d+$", page.url)
    press(page, "Restore The section")

    expect(page.locator(".messages")).to_contain_text("Restored from", use_inner_text=True)
    expect(page).to_have_url(ends(f"/sections/{changed.pk}/"))
    assert draft.sections.get().body == "<p>Give 5 mg once a day.</p>"
    assert changed.history.first().history_date > point


def test_the_doses_that_differ_are_named_while_a_wording_is_typed(visit, draft):
    page = visit()
    sign_in(page, "ada", PASSWORD)
    page.goto(f"/desk/articles/{draft.pk}/sections/{draft.sections.get().pk}/for/carer/")
    expect(page.get_by_text("50 mg")).to_have_count(0)

    text = page.get_by_role("textbox", name="Text")
    text.click()
    page.keyboard.press("Control+End")
    page.keyboard.type(" Not 50 mg.")

    page.get_by_text("50 mg stands only in the wording.").wait_for()
    assert draft.sections.get().wordings.get().body == "<p>Give 5 mg.</p>"


def test_the_preview_beside_the_text_follows_what_is_typed(visit, draft):
    page = visit()
    sign_in(page, "ada", PASSWORD)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"/desk/articles/{draft.pk}/sections/{draft.sections.get().pk}/")
    shown = page.frame_locator("iframe[name=preview]").locator("article")
    shown.get_by_text("Give 5 mg once a day.").wait_for()
    editor, frame = page.get_by_role("textbox", name="Text"), page.locator("iframe[name=preview]")
    assert frame.bounding_box()["x"] > editor.bounding_box()["x"] + editor.bounding_box()["width"]

    editor.click()
    page.keyboard.press("Control+End")
    page.keyboard.type(" Never 50 mg.")
    shown.get_by_text("Never 50 mg.").wait_for()
    page.get_by_role("button", name="For a carer").click()
    shown.get_by_text("Give 5 mg.", exact=True).wait_for()

    assert editor.inner_text().endswith("Never 50 mg.")
    assert draft.sections.get().body == "<p>Give 5 mg once a day.</p>"
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0


def test_the_preview_needs_no_script(visit, draft):
    page = visit(java_script_enabled=False)
    sign_in(page, "ada", PASSWORD)
    page.goto(f"/desk/articles/{draft.pk}/sections/{draft.sections.get().pk}/")
    page.get_by_role("textbox", name="Text").fill("<p>Give 7 mg.</p>")
    page.locator("summary", has_text="Preview").click()

    page.get_by_role("button", name="For a patient").click()

    page.frame_locator("iframe[name=preview]").get_by_text("Give 7 mg.").wait_for()
    expect(page.get_by_role("textbox", name="Text")).to_have_value("<p>Give 7 mg.</p>")
    assert draft.sections.get().body == "<p>Give 5 mg once a day.</p>"


def test_the_page_of_a_whole_draft_is_previewed_beside_what_is_typed(visit, draft):
    page = visit()
    sign_in(page, "ada", PASSWORD)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"/desk/articles/{draft.pk}/write/")

    page.locator("summary", has_text="Preview").click()
    page.frame_locator("iframe[name=preview]").get_by_text("Give 5 mg once a day.").wait_for()
    page.get_by_label("Title").fill("High fever")

    page.frame_locator("iframe[name=preview]").get_by_role("heading", name="High fever").wait_for()
    form, box = page.locator("form.write").bounding_box(), page.locator("iframe[name=preview]").bounding_box()
    assert box["x"] > form["x"] + form["width"]
    draft.refresh_from_db()
    assert draft.title == "Fever"


def test_who_was_overtaken_puts_both_texts_together(visit, draft):
    page = visit()
    sign_in(page, "ada", PASSWORD)
    page.goto(f"/desk/articles/{draft.pk}/sections/{draft.sections.get().pk}/")
    text = page.get_by_role("textbox", name="Text", exact=True)
    text.click()
    page.keyboard.press("Control+End")
    page.keyboard.type(" After a meal.")
    edit(draft, "Give 5 mg once a day, not more.", by=person("ed", "Ed Editor", groups=["editor"]))

    page.get_by_role("button", name="Save", exact=True).click()
    both = page.get_by_role("region", name="Their text and yours")
    expect(both).to_contain_text("Ed Editor saved this draft after you opened it.", use_inner_text=True)
    expect(both.locator("ins").last).to_contain_text("After a meal", use_inner_text=True)
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert looked_at(page, page.url) == []
    mine = both.get_by_role("textbox", name="Text from both, for you to edit")
    expect(mine.locator("p")).to_have_count(3)
    expect(mine.locator("p").first).to_contain_text("⚑ You both changed this", use_inner_text=True)
    press(page, "Save this text")
    refused = page.get_by_role("alert").get_by_text("Two people changed what follows the sign ⚑.", exact=False)
    expect(refused).to_be_visible()
    for place in (0, 1):  # the line, and their text
        text.locator("p").nth(place).click(click_count=3)
        page.keyboard.press("Delete")
    press(page, "Save")

    assert "After a meal." in draft.sections.get().body
    assert draft.sections.get().history.count() == 3


def press_link(page, name):
    """Press Enter on a link within the page."""
    tab_to(page, name)
    page.keyboard.press("Enter")
    page.wait_for_function("location.hash !== ''")
