"""Citations, links, signs and pastes in the editor: found, shown, stored, and refused in words."""

import pytest
from playwright.sync_api import expect

from articles.models import ArticleReference, Reference, Section
from tests import factories
from tests.articles.richtext_corpus import columns, items, table
from tests.browser.editor.test_writing import area_of, opened, saved, select, text_of, tool  # noqa: F401
from tests.browser.hands import FOCUSED, becomes, settled
from tests.browser.test_accessibility import looked_at
from tests.desk.typed.test_clipboard import word_items
from tests.desk.typed.test_pastes import PASTES

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]

# A paste as the browser hands it over: what lies on the clipboard cannot be chosen in a test.
PASTE = """([html, text]) => {
  const data = new DataTransfer();
  if (html) data.setData("text/html", html);
  if (text) data.setData("text/plain", text);
  const how = {clipboardData: data, bubbles: true, cancelable: true};
  document.activeElement.dispatchEvent(new ClipboardEvent("paste", how));
}"""
SAID = ".said-of-text li"


def paste(page, html="", text=""):
    settled(page)
    page.evaluate(PASTE, [html, text])
    expect(page.get_by_text("The pasted text is being read.")).to_have_count(0)


def cited(draft, key, title, author):
    csl = {"type": "article-journal", "title": title, "author": [{"family": "Smith"}]}
    work = Reference.objects.create(csl=csl)
    if key:
        factories.save(ArticleReference(article=draft, key=key, reference=work), author)


def test_a_citation_is_found_by_typing_and_shown_as_its_number(opened, author):  # noqa: F811
    page = opened("<p>Give iron.</p>", bypass_csp=True)
    draft = Section.objects.get().article
    lead = '<p>First<cite data-ref="zinc">[zinc]</cite>.</p>'
    factories.save(Section(article=draft, role="lead", position=0, body=lead), author)
    cited(draft, "zinc", "Zinc for children", author)
    cited(draft, "iron", "Iron every other day", author)
    cited(draft, "", "Iron in pregnancy", author)
    page.reload()
    text_of(page).click()
    page.keyboard.press("Control+End")
    page.keyboard.press("ArrowLeft")

    page.keyboard.type("@other")
    expect(page.get_by_role("listbox").get_by_role("option")).to_have_count(1)
    becomes(page, lambda: page.evaluate(FOCUSED), "Author, title, year or key")
    assert looked_at(page, page.url) == []
    page.set_viewport_size({"width": 1280, "height": 900})
    page.keyboard.press("Enter")
    expect(area_of(page)).to_have_value("<p>Give iron[@iron].</p>")
    cite = text_of(page).locator("cite")
    expect(cite.locator(".number")).to_have_text("[2]", use_inner_text=True)
    expect(cite.locator(".tip")).to_have_text("Reference 2: Smith. Iron every other day.", use_inner_text=True)
    tool(page, "Cite a reference").press("Enter")
    page.keyboard.type("pregnancy")
    page.get_by_role("option", name="Iron in pregnancy").click()
    expect(text_of(page).locator("cite")).to_have_count(2)
    expect(area_of(page)).to_have_value("<p>Give iron[@iron; @smith].</p>")
    page.keyboard.type(" a@b")
    page.keyboard.press("Escape")
    page.keyboard.type(" @ 5")
    expect(area_of(page)).to_have_value("<p>Give iron[@iron; @smith] a@b @ 5.</p>")
    cite.first.hover()
    tip = cite.first.locator(".tip")
    becomes(page, lambda: tip.bounding_box()["width"] > 100, True)
    page.keyboard.press("Escape")
    becomes(page, lambda: tip.bounding_box()["width"] <= 1, True)
    assert draft.article_references.get(key="smith").reference.csl["title"] == "Iron in pregnancy"


def test_a_link_leads_to_another_article_or_to_an_address_or_says_why_not(
    opened,  # noqa: F811
    author,
    editor,
    clinical,
    specialist,
):
    other = factories.article(author, title="Iron deficiency", slug="iron")
    factories.published(factories.submitted(author, other), editor, clinical, specialist)
    other.sections.all().delete()
    page = opened("<p>Read more here.</p>", bypass_csp=True)

    select(page, "more")
    page.keyboard.press("Control+k")
    page.keyboard.type("iron")
    expect(page.get_by_role("option", name="Iron deficiency")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)
    select(page, "here")
    tool(page, "Link").click()
    page.keyboard.type("javascript:alert(1)")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog").get_by_text("must begin with https://")).to_be_visible()
    assert looked_at(page, page.url) == []
    page.set_viewport_size({"width": 1280, "height": 900})
    page.get_by_role("combobox", name="Title of an article").fill("https://www.who.int/")
    page.get_by_role("dialog").get_by_role("button", name="Insert").click()
    expect(page.get_by_role("dialog")).to_have_count(0)

    expect(area_of(page)).to_have_value(
        '<p>Read <a href="/articles/iron/">more</a> <a href="https://www.who.int/">here</a>.</p>'
    )


def test_signs_are_a_grid_of_buttons(opened):  # noqa: F811
    page = opened("<p>x</p>", bypass_csp=True)
    text_of(page).click()
    page.keyboard.press("End")
    for name in ("greater than or equal to", "narrow no-break space", "one half"):
        tool(page, "Special sign").press("Enter")
        becomes(page, lambda: page.evaluate(FOCUSED), "micro")
        page.get_by_role("button", name=name, exact=True).press("Enter")

    expect(area_of(page)).to_have_value("<p>x≥\u202f½</p>")
    tool(page, "Special sign").click()
    assert looked_at(page, page.url) == []


def test_a_paste_of_word_is_a_text_and_what_it_left_out_is_said(opened):  # noqa: F811
    page = opened("")
    text_of(page).click()
    comment = "<div style='mso-element:comment-list'><p class=MsoCommentText>Right?</p></div>"
    word = (
        (PASTES / "word.html")
        .read_text()
        .replace("<!--EndFragment-->", f"<p>5<s>0</s> mg</p>{comment}<!--EndFragment-->")
    )
    paste(page, word, "5 mg")

    expect(page.locator(SAID)).to_have_text(
        ["Struck-out or deleted text was left out: “0”.", "Comments were left out (“Right?”)."]
    )
    stored = saved(page)
    assert items("First") in stored
    assert stored.startswith("<p><strong>Dose</strong>: 5\u00a0\u00a0mg, 10<sup>9</sup>/L</p>")
    assert stored.endswith("<p>5 mg</p>")


def test_rows_pasted_into_a_table_cover_nothing(opened):  # noqa: F811
    page = opened(table("<td>A</td><td>1 mg</td>", "<td>B</td><td>2 mg</td>", head=columns("Drug", "Dose")))
    page.get_by_role("cell", name="A").click()
    paste(page, "<table><tr><td>C</td><td>3 mg</td></tr><tr><td>D</td></tr></table>")
    expect(page.get_by_role("cell", name="3 mg")).to_be_visible()
    page.get_by_role("cell", name="B").click()
    page.keyboard.press("End")
    paste(page, "<table><tr><td>x</td><td>y</td><td>z</td></tr></table>")
    expect(page.locator(SAID)).to_have_text(["A table cannot stand inside a table. Its cells became paragraphs."])

    rows = ["<td>A</td><td>1 mg</td>", "<td>C</td><td>3 mg</td>", "<td>D</td><td></td>"]
    rows.append("<td><p>Bx</p><p>y</p><p>z</p></td><td>2 mg</td>")
    assert saved(page) == table(*rows, head=columns("Drug", "Dose"))


def test_text_with_tabs_is_a_table_and_lines_are_paragraphs(opened):  # noqa: F811
    page = opened("")
    text_of(page).click()
    paste(page, text="Age\tDose\r\n60\t5 mg\r\n")
    text_of(page).locator("table").wait_for()
    page.keyboard.press("Control+End")
    paste(page, text="> 60 kg\n- 2 points")

    assert saved(page) == table("<td>Age</td><td>Dose</td>", "<td>60</td><td>5 mg</td>") + (
        "\n<p>&gt; 60 kg</p>\n<p>- 2 points</p>"
    )


AT_ONCE = """([act, text]) => {
  getSelection().modify("move", "forward", "documentboundary");
  const data = new DataTransfer();
  data.setData("text/plain", text);
  const how = {bubbles: true, cancelable: true};
  const event = act === "paste"
    ? new ClipboardEvent("paste", {clipboardData: data, ...how})
    : new KeyboardEvent("keydown", {key: "Enter", keyCode: 13, ...how});
  document.activeElement.dispatchEvent(event);
}"""


def test_a_quick_key_and_a_quick_paste_follow_the_cursor(opened):  # noqa: F811
    """The browser tells of a move of the cursor in a task of its own, and a slow computer acts on the key before."""
    page = opened(f"{table('<td>A</td>')}\n<p>one</p>\n<p>End</p>")
    page.get_by_role("cell", name="A").click()
    settled(page)
    page.evaluate(AT_ONCE, ["Enter", ""])
    page.keyboard.type("after")
    page.get_by_role("cell", name="A").click()
    settled(page)
    page.evaluate(AT_ONCE, ["paste", " 5 mg"])

    assert saved(page) == f"{table('<td>A</td>')}\n<p>one</p>\n<p>End</p>\n<p>after 5 mg</p>"


def test_a_part_that_is_copied_in_the_editor_is_pasted_whole(opened):  # noqa: F811
    page = opened(
        f"<p>H<sub>2</sub>O 5\u00a0mg</p>\n{items('one', 'two')}\n{table('<td>A</td>', caption='All')}\n<p>End</p>"
    )
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    before = area_of(page).input_value()
    text_of(page).focus()
    page.keyboard.press("Control+a")
    page.keyboard.press("Control+c")
    page.keyboard.press("Delete")
    expect(area_of(page)).to_have_value("")
    page.keyboard.press("Control+v")

    expect(area_of(page)).to_have_value(before)


def test_without_the_network_a_paste_is_plain_text_and_says_so(opened):  # noqa: F811
    page = opened("")
    text_of(page).click()
    page.route("**/typed/", lambda route: route.abort())
    paste(page, "<p>5 <b>mg</b></p>", "5 mg")

    expect(page.locator(SAID)).to_have_text(
        [
            "The server cannot be reached. Try again when you are online.",
            "The text was pasted without its formatting.",
        ]
    )
    expect(area_of(page)).to_have_value("<p>5 mg</p>")


def test_nested_lists_of_word_come_into_the_text_at_the_cursor(opened):  # noqa: F811
    page = opened("<p>Before after</p>")
    select(page, " after")
    paste(page, word_items((1, "1.", "one"), (2, "o", "inner"), (1, "2.", "two")))
    expect(text_of(page).get_by_text("inner")).to_be_visible()

    listed = items("one\n" + items("inner"), "two", tag="ol")
    assert saved(page) == f"<p>Before</p>\n{listed}"
