"""Figures in the editor: chosen, added, moved, copied and removed, with the keyboard and with the mouse."""

import base64

import pytest
from playwright.sync_api import expect

from articles.models import Figure, Section, Wording
from tests import factories
from tests.articles.richtext_corpus import items, table
from tests.browser.editor.test_helping import SAID, paste
from tests.browser.editor.test_writing import area_of, opened, saved, select, text_of, tool  # noqa: F401
from tests.browser.hands import FOCUSED, becomes, follow, settled, sign_in
from tests.browser.test_accessibility import looked_at
from tests.figures import addresses, figure, placed, png

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]

ECG, MAP = placed("ecg"), placed("map")
FILES = """([kind, files, html]) => {
  const data = new DataTransfer();
  for (const [name, type, base64] of files) {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    data.items.add(new File([bytes], name, {type}));
  }
  if (html) data.setData("text/html", html);
  const box = document.querySelector(".ProseMirror");
  const {x, y} = box.getBoundingClientRect();
  const how = {bubbles: true, cancelable: true, clientX: x + 40, clientY: y + 20};
  const event = kind === "paste"
    ? new ClipboardEvent("paste", {...how, clipboardData: data})
    : new DragEvent("drop", {...how, dataTransfer: data});
  box.dispatchEvent(event);
}"""


@pytest.fixture
def with_figures(opened, author):  # noqa: F811
    """Return the page of a section with this text, whose article has the figures `ecg` and `map`."""

    def on_page(body, **options):
        page = opened(body, **options)
        draft = Section.objects.get().article
        figure(draft, "ecg", by=author)
        figure(draft, "map", by=author, colour="red", caption="", alt="", decorative=True)
        page.reload()
        page.locator(".ProseMirror").wait_for()
        return page

    return on_page


def give(page, kind, *files, html=""):
    """Drop or paste these files, each a name, a type and bytes."""
    settled(page)
    encoded = [[name, type, base64.b64encode(data).decode()] for name, type, data in files]
    page.evaluate(FILES, [kind, encoded, html])


def has(page, text):
    """Wait until the text is this, as it would be sent."""
    expect(area_of(page)).to_have_value(text)


def window(page, name="Insert figure"):
    return page.get_by_role("dialog", name=name)


def shown(page, key="ecg"):
    return page.locator(f'.ProseMirror figure[data-figure="{key}"]')


def selected(page):
    return page.locator(".ProseMirror figure.ProseMirror-selectednode")


def filled(page, **words):
    """Fill in the words of a figure."""
    words = {"Alternative text": "A teal area.", "Source": "Own drawing", "Licence": "CC BY 4.0"} | words
    for label, text in words.items():
        window(page).get_by_label(label, exact=True).fill(text)


def test_a_figure_is_shown_with_its_words_and_a_missing_one_is_named_and_kept(with_figures):
    body = f"<p>a</p>\n{ECG}\n{MAP}\n{placed('gone')}"
    page = with_figures(body, bypass_csp=True)
    rows = {row.key: row for row in Figure.objects.all()}

    for key, caption, alternative in (
        ("ecg", "ECG on admission", "Alternative text: An ECG with raised ST segments."),
        ("map", "map", "Decorative: without alternative text."),
    ):
        image = shown(page, key).locator("img")
        assert image.get_attribute("src") == addresses(rows[key])[0]
        expect(image).to_have_js_property("complete", True)
        assert image.evaluate("(image) => image.naturalWidth") == 480
        assert shown(page, key).locator("figcaption").inner_text() == caption
        assert shown(page, key).locator("p").inner_text() == alternative
    missing = shown(page, "gone")
    assert missing.inner_text() == "[figure missing] The article has no figure with the key “gone”."
    assert missing.locator("img").count() == 0
    assert looked_at(page, page.url) == []
    has(page, body)
    assert saved(page) == body


def test_a_figure_is_chosen_with_the_keyboard_and_what_is_typed_then_stands_below(with_figures):
    page = with_figures("<p>One</p>\n<p>Two</p>", bypass_csp=True)
    select(page, "One")
    page.keyboard.press("End")
    tool(page, "Insert figure").press("Enter")
    choices = window(page).get_by_role("list", name="Figures of this article").get_by_role("button")
    expect(choices).to_have_text(["ECG on admission", "map"])
    becomes(page, lambda: page.evaluate(FOCUSED), "ECG on admission")
    assert looked_at(page, page.url) == []
    page.keyboard.press("Enter")

    expect(window(page)).to_have_count(0)
    expect(text_of(page)).to_be_focused()
    has(page, f"<p>One</p>\n{ECG}\n<p>Two</p>")
    expect(selected(page)).to_have_count(1)
    page.keyboard.type("5 mg")
    has(page, f"<p>One</p>\n{ECG}\n<p>5 mg</p>\n<p>Two</p>")
    assert saved(page) == f"<p>One</p>\n{ECG}\n<p>5 mg</p>\n<p>Two</p>"


def test_escape_leaves_the_window_and_the_text(with_figures):
    page = with_figures("<p>One</p>")
    select(page, "One")
    tool(page, "Insert figure").press("Enter")
    expect(window(page).get_by_label("Alternative text", exact=True)).to_be_visible()
    page.keyboard.press("Escape")

    expect(window(page)).to_have_count(0)
    has(page, "<p>One</p>")
    expect(text_of(page)).to_be_focused()


def test_a_new_figure_is_sent_and_inserted_and_what_is_said_of_it_is_shown(opened, tmp_path):  # noqa: F811
    page = opened("<p>One</p>", bypass_csp=True)
    file = tmp_path / "Wide map.png"
    file.write_bytes(png(size=(2400, 300)))
    select(page, "One")
    tool(page, "Insert figure").click()
    window(page).get_by_label("Picture", exact=True).set_input_files(file)
    filled(page, **{"Alternative text": "", "Caption": "A map"})
    window(page).get_by_role("button", name="Add and insert").click()

    problem = window(page).get_by_role("alert")
    expect(problem).to_be_focused()
    expect(problem).to_contain_text("Say what the picture shows, or mark it as decorative; not both.")
    assert looked_at(page, page.url) == []
    page.set_viewport_size({"width": 1280, "height": 900})
    expect(window(page).get_by_label("Caption", exact=True)).to_have_value("A map")
    assert window(page).get_by_label("Picture", exact=True).evaluate("(field) => field.files[0].name") == "Wide map.png"
    problem.get_by_role("link", name="Alternative text").click()
    becomes(page, lambda: page.evaluate(FOCUSED), "Alternative text")
    page.keyboard.type("A wide map.")
    window(page).get_by_role("button", name="Add and insert").click()

    expect(window(page)).to_have_count(0)
    expect(shown(page, "wide-map").locator("figcaption")).to_have_text("A map")
    expect(page.locator(SAID)).to_contain_text(["pixels"])
    assert saved(page) == f"<p>One</p>\n{placed('wide-map')}"
    row = Figure.objects.get()
    assert (row.alt, row.caption, row.licence) == ("A wide map.", "A map", "CC BY 4.0")


@pytest.mark.parametrize("kind", ["paste", "drop"])
def test_a_picture_that_is_given_opens_the_window_with_its_file(opened, kind):  # noqa: F811
    page = opened("<p>One</p>")
    select(page, "One")
    page.keyboard.press("End")
    html = "<img src='https://x.org/a.png'>" if kind == "paste" else ""  # as of “Copy image”
    pictures = [("a.png", "image/png", png()), ("b.png", "image/png", png("red"))]
    give(page, kind, *pictures[: 1 if kind == "paste" else 2], html=html)

    expect(window(page).get_by_label("Alternative text", exact=True)).to_be_focused()
    if kind == "drop":
        expect(window(page).get_by_role("status")).to_have_text(
            "Add pictures one by one: only the first is in the window."
        )
    filled(page)
    window(page).get_by_role("button", name="Add and insert").click()
    expect(shown(page, "a")).to_have_count(1)
    assert saved(page) == f"<p>One</p>\n{placed('a')}"


def test_a_file_that_is_no_picture_is_not_taken_and_words_come_before_their_picture(opened):  # noqa: F811
    page = opened("<p>One</p>")
    select(page, "One")
    page.keyboard.press("End")
    give(page, "drop", ("a.pdf", "application/pdf", b"%PDF"))
    expect(page.locator(SAID)).to_have_text(["Only pictures can be dropped into a text."])
    expect(window(page)).to_have_count(0)
    give(page, "paste", ("a.png", "image/png", png()), html="<p>5 mg<img src='file:///C:/x.png' alt='A dose'></p>")

    expect(page.locator(SAID)).to_have_text(["Pictures were left out (“A dose”). Add each one with “Insert figure”."])
    assert "5 mg" in area_of(page).input_value()


def test_a_figure_is_selected_moved_and_removed_with_the_keyboard(with_figures):
    page = with_figures(f"<p>One</p>\n{items('two')}\n{ECG}\n<p>Three</p>")
    select(page, "Three")
    page.keyboard.press("Home")
    page.keyboard.press("ArrowUp")
    expect(selected(page)).to_have_count(1)
    page.keyboard.press("Alt+ArrowUp")
    has(page, f"<p>One</p>\n{ECG}\n{items('two')}\n<p>Three</p>")
    page.keyboard.press("Alt+ArrowUp")
    page.keyboard.press("Alt+ArrowUp")
    has(page, f"{ECG}\n<p>One</p>\n{items('two')}\n<p>Three</p>")
    tool(page, "Move figure down").focus()
    page.keyboard.press("Enter")
    has(page, f"<p>One</p>\n{ECG}\n{items('two')}\n<p>Three</p>")
    becomes(page, lambda: page.evaluate(FOCUSED), "Move figure down")
    tool(page, "Remove figure").press("Enter")
    has(page, f"<p>One</p>\n{items('two')}\n<p>Three</p>")
    expect(tool(page, "Remove figure")).to_be_hidden()
    page.keyboard.press("Control+z")
    has(page, f"<p>One</p>\n{ECG}\n{items('two')}\n<p>Three</p>")


def test_backspace_and_delete_beside_a_figure_select_it_first(with_figures):
    page = with_figures(f"<p>One</p>\n{ECG}\n<p>Two</p>")
    select(page, "Two")
    page.keyboard.press("Home")
    page.keyboard.press("Backspace")
    expect(selected(page)).to_have_count(1)
    has(page, f"<p>One</p>\n{ECG}\n<p>Two</p>")
    page.keyboard.press("Backspace")
    has(page, "<p>One</p>\n<p>Two</p>")
    page.keyboard.press("Control+z")
    select(page, "One")
    page.keyboard.press("End")
    page.keyboard.press("Delete")
    expect(selected(page)).to_have_count(1)
    page.keyboard.press("Delete")
    has(page, "<p>One</p>\n<p>Two</p>")


def test_what_is_inserted_with_a_figure_selected_stands_below_it(with_figures):
    page = with_figures(f"<p>One</p>\n{ECG}\n<p>Two</p>")
    shown(page).locator("img").click()
    expect(selected(page)).to_have_count(1)
    tool(page, "Special sign").click()
    page.get_by_role("button", name="one half", exact=True).click()
    has(page, f"<p>One</p>\n{ECG}\n<p>½</p>\n<p>Two</p>")
    shown(page).locator("img").click()
    tool(page, "Insert figure").click()
    window(page).get_by_role("button", name="map").click()
    has(page, f"<p>One</p>\n{ECG}\n{MAP}\n<p>½</p>\n<p>Two</p>")
    shown(page).locator("img").click()
    page.keyboard.press("Shift+Enter")
    page.keyboard.press("Control+k")
    page.keyboard.type("https://www.who.int/")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)
    link = '<p><a href="https://www.who.int/">https://www.who.int/</a></p>'
    has(page, f"<p>One</p>\n{ECG}\n{link}\n{MAP}\n<p>½</p>\n<p>Two</p>")


def test_a_figure_is_dragged_to_another_place(with_figures):
    page = with_figures(f"<p>One</p>\n<p>Two</p>\n{ECG}\n<p>Three</p>")
    shown(page).locator("img").drag_to(text_of(page).get_by_text("One"), target_position={"x": 1, "y": 2})

    expect(text_of(page).locator("> :first-child")).to_have_attribute("data-figure", "ecg")
    assert saved(page) == f"{ECG}\n<p>One</p>\n<p>Two</p>\n<p>Three</p>"


def test_a_line_shows_where_a_dragged_figure_would_stand(with_figures):
    page = with_figures(f"<p>One</p>\n<p>Two</p>\n{ECG}\n<p>Three</p>")
    line = page.locator(".drop-place")
    shown(page).locator("img").hover()
    page.mouse.down()
    start = shown(page).bounding_box()
    for _ in range(4):  # the page may scroll a little as the drag begins
        page.mouse.move(start["x"] + 1, start["y"] + 10)
        settled(page)
        start = text_of(page).get_by_text("Two").bounding_box()
    one, two, three = (text_of(page).get_by_text(word).bounding_box() for word in ("One", "Two", "Three"))

    expect(line).to_have_count(1)
    assert one["y"] + one["height"] - 4 <= line.bounding_box()["y"] <= two["y"]
    page.mouse.move(start["x"] + 100, start["y"] + 10)
    becomes(page, lambda: two["y"] + two["height"] - 4 <= line.bounding_box()["y"], True)
    assert abs(text_of(page).get_by_text("Three").bounding_box()["y"] - three["y"]) < 1, "the text does not move"
    page.mouse.move(start["x"] + 1, start["y"] + 10)
    page.mouse.up()
    expect(line).to_have_count(0)
    assert saved(page) == f"<p>One</p>\n{ECG}\n<p>Two</p>\n<p>Three</p>"


def test_a_copied_figure_is_pasted_in_the_text_and_below_a_table(with_figures):
    page = with_figures(f"<p>One</p>\n{ECG}\n{table('<td>1</td>')}\n<p>Two</p>")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    shown(page).locator("img").click()
    page.keyboard.press("Control+c")
    select(page, "Two")
    page.keyboard.press("End")
    page.keyboard.press("Control+v")
    has(page, f"<p>One</p>\n{ECG}\n{table('<td>1</td>')}\n<p>Two</p>\n{ECG}")
    page.get_by_role("cell", name="1").click()
    page.keyboard.press("Control+v")

    has(page, f"<p>One</p>\n{ECG}\n{table('<td>1</td>')}\n{ECG}\n<p>Two</p>\n{ECG}")
    text_of(page).focus()
    page.keyboard.press("Control+a")
    page.keyboard.press("Control+c")
    page.keyboard.press("Delete")
    has(page, "")
    page.keyboard.press("Control+v")
    has(page, f"<p>One</p>\n{ECG}\n{table('<td>1</td>')}\n{ECG}\n<p>Two</p>\n{ECG}")


def test_a_figure_that_is_pasted_into_another_article_is_added_there_if_one_wants(with_figures, author):
    page = with_figures(f"<p>One</p>\n{ECG}\n<p>Two</p>", bypass_csp=True)
    other = factories.article(author, title="Hearts", slug="hearts", body="<p>There</p>")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    shown(page).locator("img").click()
    page.keyboard.press("Control+c")
    page.goto(f"/desk/articles/{other.pk}/sections/{other.sections.get().pk}/")
    page.locator(".ProseMirror").wait_for()
    text_of(page).get_by_text("There").click()
    page.keyboard.press("Control+v")

    dialog = window(page)
    expect(dialog.get_by_text("This figure is of the article")).to_be_visible()
    expect(dialog.get_by_label("Caption", exact=True)).to_have_value("ECG on admission")
    expect(shown(page)).to_have_count(0)
    assert looked_at(page, page.url) == []
    dialog.get_by_role("button", name="Add and insert").click()
    expect(shown(page).locator("figcaption")).to_have_text("ECG on admission")
    has(page, f"<p>There</p>\n{ECG}")
    assert other.figures.get().picture == Figure.objects.exclude(article=other).get(key="ecg").picture


def test_a_page_of_ours_is_pasted_with_its_figures_and_in_a_list_they_stand_below(with_figures):
    page = with_figures(f"{items('one')}\n<p>Two</p>")
    address = addresses(Figure.objects.get(key="ecg"))[0]
    select(page, "one")
    page.keyboard.press("End")
    paste(page, f'<figure class="figure"><img src="{address}"><figcaption>Figure 1. ECG</figcaption></figure>')

    expect(shown(page)).to_have_count(1)
    has(page, f"{items('one')}\n{ECG}\n<p>Two</p>")


def test_a_figure_is_changed_in_a_window_and_shown_so_everywhere(with_figures, author):
    page = with_figures(f"<p>One</p>\n{ECG}\n<p>Two</p>\n{ECG}", bypass_csp=True)
    text_of(page).get_by_text("One").click()
    page.keyboard.press("End")
    page.keyboard.type("!")
    shown(page).first.locator("img").click()
    tool(page, "Edit figure").press("Enter")
    dialog = window(page, "Edit figure")
    expect(dialog.get_by_label("Caption", exact=True)).to_have_value("ECG on admission")
    assert looked_at(page, page.url) == []
    page.set_viewport_size({"width": 1280, "height": 900})
    dialog.get_by_label("Caption", exact=True).fill("ECG at noon")
    dialog.get_by_role("button", name="Save figure").click()

    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator(".ProseMirror figcaption")).to_have_text(["ECG at noon", "ECG at noon"])
    has(page, f"<p>One!</p>\n{ECG}\n<p>Two</p>\n{ECG}")
    assert Figure.objects.get(key="ecg").caption == "ECG at noon"


def test_another_figure_is_chosen_for_a_missing_one(with_figures):
    page = with_figures(f"<p>One</p>\n{placed('gone')}\n<p>Two</p>")
    shown(page, "gone").click()
    tool(page, "Edit figure").click()
    window(page).get_by_role("button", name="map").click()

    assert saved(page) == f"<p>One</p>\n{MAP}\n<p>Two</p>"


def test_without_the_network_the_window_says_so_and_keeps_the_entries(with_figures):
    page = with_figures("<p>One</p>")
    select(page, "One")
    tool(page, "Insert figure").click()
    filled(page)
    page.route("**/figures/choice/**", lambda route: route.abort())
    window(page).get_by_role("button", name="Add and insert").click()

    expect(window(page).get_by_role("status")).to_contain_text("The site did not take this.")
    expect(window(page).get_by_label("Licence", exact=True)).to_have_value("CC BY 4.0")


def test_without_script_the_line_of_a_figure_is_typed(opened, author):  # noqa: F811
    page = opened("<p>one</p>")
    figure(Section.objects.get().article, by=author)
    plain = page.context.browser.new_context(java_script_enabled=False, storage_state=page.context.storage_state())
    bare = plain.new_page()
    bare.goto(page.url)

    bare.get_by_label("Text", exact=True).fill(f"<p>two</p>\n{ECG}")
    bare.get_by_role("button", name="Save", exact=True).click()
    assert bare.get_by_text("The section is saved.").is_visible()
    plain.close()
    assert Section.objects.get().body == f"<p>two</p>\n{ECG}"


def test_on_the_page_of_the_whole_draft_a_new_figure_is_known_to_all_its_texts(visit, author, tmp_path):
    draft = factories.article(author, body=f"<p>One</p>\n{placed('a')}")
    page = visit(viewport={"width": 1280, "height": 900})
    sign_in(page, author.username, factories.PASSWORD)
    page.goto(f"/desk/articles/{draft.pk}/write/")
    expect(shown(page, "a")).to_have_class("placed missing")
    page.locator("details.wording").first.locator("summary").click()
    wording = page.locator("details.wording").first
    wording.locator(".ProseMirror").click()
    wording.get_by_role("button", name="Insert figure").click()
    file = tmp_path / "a.png"
    file.write_bytes(png())
    window(page).get_by_label("Picture", exact=True).set_input_files(file)
    filled(page)
    window(page).get_by_role("button", name="Add and insert").click()

    expect(page.locator(".ProseMirror figure.placed:not(.missing)")).to_have_count(2)
    follow(page.get_by_role("button", name="Save draft").first)
    assert Wording.objects.get().body == placed("a")
