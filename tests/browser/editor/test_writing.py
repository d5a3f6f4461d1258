"""A person writes in the editor, with keyboard and mouse: what is typed is what is stored."""

import re

import pytest
from playwright.sync_api import expect

from articles.models import Section, Wording
from tests import factories
from tests.articles.richtext_corpus import columns, items, table
from tests.browser.hands import FOCUSED, becomes, follow, settled, sign_in
from tests.browser.test_accessibility import looked_at
from tests.factories import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]

SHORT = table("<td>Aspirin</td><td>100 mg</td><td>50 mg</td>", head=columns("Adults", "Children"))
ALL = f"<h3>Doses</h3>\n<p>Give 10\u00a0mg.</p>\n{SHORT}\n{items('one', 'two')}"


@pytest.fixture
def opened(visit, author):
    """Return the page of a section with this text, in the editor; it fails if the page breaks its own policy."""
    wrong = []

    def on_page(body, **options):
        article = factories.article(author, body=body)
        page = visit(viewport={"width": 1280, "height": 900}, **options)
        page.on("console", lambda said: wrong.append(said.text) if "Content Security" in said.text else None)
        sign_in(page, author.username, PASSWORD)
        page.goto(f"/desk/articles/{article.pk}/sections/{article.sections.get().pk}/")
        page.locator(".ProseMirror").wait_for()
        return page

    yield on_page
    assert wrong == []


def text_of(page):
    return page.get_by_role("textbox", name="Text", exact=True)


def tool(page, name):
    return page.get_by_role("toolbar", name="Formatting: Text").get_by_role("button", name=name, exact=True)


def saved(page) -> str:
    """Save, and return the stored text."""
    follow(page.get_by_role("button", name="Save", exact=True))
    expect(page.get_by_text("The section is saved.")).to_be_visible()
    return Section.objects.get().body


def area_of(page):
    """Return the text area behind the editor, which has the text as it would be sent."""
    return page.locator("textarea[name=body]")


def select(page, words: str):
    """Select these words as a person does who double-clicks or drags."""
    page.locator(".ProseMirror").wait_for()
    page.evaluate(
        """(words) => {
          const walker = document.createTreeWalker(document.querySelector(".ProseMirror"), NodeFilter.SHOW_TEXT);
          while (walker.nextNode()) {
            const at = walker.currentNode.data.indexOf(words);
            if (at < 0) continue;
            document.querySelector(".ProseMirror").focus();
            getSelection().setBaseAndExtent(walker.currentNode, at, walker.currentNode, at + words.length);
            return;
          }
          throw new Error(words);
        }""",
        words,
    )
    settled(page)


def test_a_text_that_is_opened_and_saved_is_unchanged(opened):
    page = opened(ALL)

    expect(text_of(page)).to_be_visible()
    expect(area_of(page)).to_be_hidden()
    assert saved(page) == ALL
    assert Section.history.filter(body=ALL).count() == Section.history.count()


def test_signs_stay_as_they_are_typed(opened):
    signs = ["> 60 kg", "- 2 points", "1. x", "# 3", "5 mg.It", "* 2", "a--b ... (c) 1/2", "+ 1"]
    page = opened("")
    text_of(page).click()
    for sign in signs:
        page.keyboard.type(sign)
        page.keyboard.press("Enter")
    tool(page, "Insert table").click()
    window = page.get_by_role("dialog", name="Insert table")
    window.get_by_label("Rows").fill("2")
    window.get_by_label("Columns").fill("4")
    window.get_by_label("Header row").uncheck()
    window.get_by_role("button", name="Insert").click()
    for sign in signs:
        page.keyboard.type(sign)
        if sign != signs[-1]:
            page.keyboard.press("Tab")

    written = [sign.replace(">", "&gt;") for sign in signs]
    rows = ["".join(f"<td>{sign}</td>" for sign in row) for row in (written[:4], written[4:])]
    assert saved(page) == "\n".join([*(f"<p>{sign}</p>" for sign in written), table(*rows)])


def test_a_dose_is_replaced_without_its_unit_and_spaces_stay(opened):
    page = opened("<p>Give 10 mg or 20\u00a0mg.</p>\n<p>Not 30\u202fmg</p>")
    for before, after in (("10", "5"), ("20", "15"), ("30", "25")):
        select(page, before)
        page.keyboard.type(after)

    assert saved(page) == "<p>Give 5 mg or 15\u00a0mg.</p>\n<p>Not 25\u202fmg</p>"


def test_a_short_row_of_headers_stays_short(opened):
    page = opened(f"<p>Doses</p>\n{SHORT}")
    select(page, "Doses")
    page.keyboard.press("End")
    page.keyboard.type(".")
    page.get_by_role("cell", name="100 mg").click()
    page.keyboard.press("End")
    page.keyboard.type("!")

    assert saved(page) == f"<p>Doses.</p>\n{SHORT}".replace("100 mg", "100 mg!")


def test_tab_goes_through_a_table_and_leaves_the_text(opened):
    page = opened(ALL)
    page.get_by_role("columnheader", name="Adults").click()
    page.keyboard.press("Tab")
    page.keyboard.type("x")
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")

    becomes(page, lambda: page.evaluate(FOCUSED), "Edit as HTML")
    page.keyboard.press("Shift+Tab")
    becomes(page, lambda: page.evaluate("document.activeElement.getAttribute('role')"), "textbox")
    page.keyboard.press("Escape")
    page.keyboard.press("Shift+Tab")
    becomes(page, lambda: page.evaluate(FOCUSED), "Bold")
    expect(area_of(page)).not_to_have_value(re.compile("Children</th>"))


def test_tab_in_the_last_cell_adds_a_row_and_an_arrow_leaves_the_table(opened):
    page = opened(table("<th>A</th><td>1 mg</td>", head="<th>Drug</th><th>Dose</th>"))
    page.get_by_role("cell", name="1 mg").click()
    for word in ("B", "2 mg", "C"):
        page.keyboard.press("Tab")
        page.keyboard.type(word)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.locator(".ProseMirror tr")).to_have_count(5)
    page.keyboard.press("Control+z")
    expect(page.locator(".ProseMirror tr")).to_have_count(4)
    page.keyboard.press("ArrowDown")
    page.keyboard.type("Below")

    rows = ["<th>A</th><td>1 mg</td>", "<th>B</th><td>2 mg</td>", "<th>C</th><td></td>"]
    assert saved(page) == f"{table(*rows, head='<th>Drug</th><th>Dose</th>')}\n<p>Below</p>"


def test_the_toolbar_is_one_stop_with_arrow_keys(opened):
    page = opened("<p>Give 10 mg H2O.</p>")
    select(page, "Give")
    tool(page, "Bold").focus()
    for name in ("Italic", "Subscript", "Superscript", "Paragraph"):
        page.keyboard.press("ArrowRight")
        becomes(page, lambda: page.evaluate(FOCUSED), name)
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    expect(area_of(page)).to_have_value("<p><strong>Give</strong> 10 mg H2O.</p>")
    becomes(page, lambda: page.evaluate(FOCUSED), "Bold")
    expect(tool(page, "Bold")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Escape")
    becomes(page, lambda: page.evaluate("document.activeElement.getAttribute('role')"), "textbox")
    select(page, "2")
    page.keyboard.press("Control+,")
    select(page, "10 mg")
    page.keyboard.press("Control+i")
    expect(area_of(page)).to_have_value("<p><strong>Give</strong> <em>10 mg</em> H<sub>2</sub>O.</p>")
    page.keyboard.press("Control+Alt+3")
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+Alt+4")
    expect(area_of(page)).to_have_value("<h4><strong>Give</strong> <em>10 mg</em> H<sub>2</sub>O.</h4>")


def test_lists_are_made_and_nested(opened):
    page = opened("")
    text_of(page).click()
    tool(page, "Bulleted list").click()
    page.keyboard.type("one")
    page.keyboard.press("Enter")
    page.keyboard.press("Control+]")
    page.keyboard.type("inner")
    page.keyboard.press("Enter")
    tool(page, "Outdent item").click()
    page.keyboard.type("two")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.keyboard.type("After")
    page.keyboard.press("Enter")
    page.keyboard.press("Control+Shift+7")
    page.keyboard.type("first")

    inner = items("one\n" + items("inner"), "two")
    assert saved(page) == f"{inner}\n<p>After</p>\n{items('first', tag='ol')}"


def test_a_numbered_list_starts_at_a_number(opened):
    page = opened(items("three", "four", tag="ol"))
    page.locator(".ProseMirror li").first.click()
    tool(page, "Start the list at a number").click()
    window = page.get_by_role("dialog", name="Start the list at a number")
    expect(window.get_by_label("Number of the first item")).to_have_value("1")
    page.keyboard.type("3")
    page.keyboard.press("Enter")
    expect(window).to_have_count(0)
    page.keyboard.press("Control+z")
    expect(area_of(page)).to_have_value(items("three", "four", tag="ol"))
    page.keyboard.press("Control+y")

    assert saved(page) == items("three", "four", tag="ol").replace("<ol>", '<ol start="3">')


def test_a_table_is_made_and_changed_by_the_keyboard(opened):
    page = opened("<p>Doses:</p>")
    text_of(page).click()
    tool(page, "Insert table").press("Enter")
    page.keyboard.press("Enter")
    for word in ("Drug", "Adult", "Child", "A", "1 mg", "2 mg", "B", "3 mg"):
        page.keyboard.type(word)
        page.keyboard.press("Tab")
    tool(page, "Table caption").press("Enter")
    page.keyboard.type("Doses by age")
    page.keyboard.press("Enter")
    tool(page, "Header column").press("Enter")
    tool(page, "Add row below").press("Enter")
    tool(page, "Add column after").press("Enter")
    page.get_by_role("cell", name="3 mg").click()
    page.keyboard.press("End")
    page.keyboard.press("Shift+ArrowRight")
    expect(page.locator(".selectedCell")).to_have_count(2)
    tool(page, "Merge cells").press("Enter")

    head = "<th>Drug</th><th></th><th>Adult</th><th>Child</th>"
    rows = [
        "<th></th><td></td><td></td><td></td>",
        "<th>A</th><td></td><td>1 mg</td><td>2 mg</td>",
        '<th>B</th><td></td><td colspan="2">3 mg</td>',
    ]
    assert saved(page) == f"<p>Doses:</p>\n{table(*rows, caption='Doses by age', head=head)}"


def test_the_html_can_be_written_by_hand_and_what_is_wrong_is_said(opened):
    page = opened("<p>one</p>")
    page.get_by_role("button", name="Edit as HTML").click()
    area = page.locator("textarea[name=body]")
    area.fill("<p>two</p>\n\nthree <blockquote>5 mg</blockquote>")
    page.get_by_role("button", name="Back to the editor").click()

    expect(page.locator(".said-of-text").filter(has_text="marks a quotation")).to_be_visible()
    expect(area).to_be_visible()
    area.fill("<b>two</b>\n\nthree")
    page.get_by_role("button", name="Back to the editor").click()
    expect(text_of(page)).to_have_text("twothree")
    assert saved(page) == "<p><strong>two</strong></p>\n<p>three</p>"


def test_a_refused_text_is_shown_as_it_was_sent(opened):
    page = opened("<p>one</p>")
    page.get_by_role("button", name="Edit as HTML").click()
    page.locator("textarea[name=body]").fill("<blockquote>5 mg</blockquote>")
    follow(page.get_by_role("button", name="Save", exact=True))

    expect(page.locator("textarea[name=body]")).to_have_value("<blockquote>5 mg</blockquote>")
    expect(page.get_by_role("button", name="Back to the editor")).to_be_visible()


def test_a_problem_leads_to_the_editor_and_keeps_what_was_typed(opened):
    page = opened("<p>one</p>")
    text_of(page).click()
    page.keyboard.press("End")
    page.keyboard.type(" and **two**")
    follow(page.get_by_role("button", name="Save", exact=True))

    page.get_by_role("alert").get_by_role("link", name="Text").click()
    expect(text_of(page)).to_be_focused()
    expect(text_of(page)).to_have_attribute("aria-invalid", "true")
    expect(area_of(page)).to_have_value("<p>one and **two**</p>")


def test_a_wording_is_written_in_the_editor(opened):
    page = opened("<p>one</p>")
    page.goto(f"{page.url}for/carer/")
    page.locator(".ProseMirror").wait_for()
    text_of(page).click()
    page.keyboard.type("> 60 kg")
    follow(page.get_by_role("button", name="Save", exact=True))

    assert Wording.objects.get().body == "<p>&gt; 60 kg</p>"


def test_what_a_script_of_the_page_puts_into_the_text_area_is_shown(opened):
    """As when a text comes back that was kept in the browser."""
    page = opened("<p>one</p>")
    expect(text_of(page)).to_be_visible()
    page.evaluate(
        """(text) => {
          const area = document.querySelector("textarea[name=body]");
          area.value = text;
          area.dispatchEvent(new Event("input", {bubbles: true}));
        }""",
        "<p>two [@smith2020]</p>",
    )

    expect(text_of(page).locator("cite .number")).to_have_text("[?]")
    expect(area_of(page)).to_have_value("<p>two [@smith2020]</p>")


def test_without_script_the_text_area_is_the_form(opened):
    page = opened("<p>one</p>")
    plain = page.context.browser.new_context(java_script_enabled=False, storage_state=page.context.storage_state())
    bare = plain.new_page()
    bare.goto(page.url)

    bare.get_by_label("Text", exact=True).fill("<p>two</p>")
    bare.get_by_role("button", name="Save", exact=True).click()
    expect(bare.get_by_text("The section is saved.")).to_be_visible()
    plain.close()
    assert Section.objects.get().body == "<p>two</p>"


def test_axe_finds_nothing_in_the_editor(opened):
    page = opened(ALL, bypass_csp=True)
    page.get_by_role("cell", name="100 mg").click()

    assert looked_at(page, page.url) == []
    tool(page, "Insert table").click()
    assert looked_at(page, page.url) == []
