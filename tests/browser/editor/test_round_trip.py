"""Whatever the site stores and renders comes out of the editor as it went in, byte for byte."""

from pathlib import Path

import pytest

from articles.desk.typed import to_typed
from articles.text import richtext
from tests import samples
from tests.articles.richtext_corpus import CORPUS
from tests.browser.editor.written_texts import Writer

pytestmark = [pytest.mark.browser, pytest.mark.once]

SCRIPT = Path(__file__).parents[3] / "config" / "static" / "editor.js"
MANY = 200
# The text as the editor writes it: read only, and read, put on the screen, and taken from its document there.
READ_AND_WRITTEN = """(texts) => texts.map((text) => {
  const area = document.createElement("textarea");
  area.value = text;
  document.body.append(area);
  const editor = imprimaturEditor.mount(area);
  const shown = editor.shown && editor.box.querySelector("[contenteditable]").innerText;
  const found = [...[true, false].map((typed) => (editor.shown ? editor.written(typed) : null)), area.value, shown];
  editor.whole.remove();
  area.remove();
  return found;
})"""
# What is on the screen, read again by the editor from the page itself, as it does after each key.
ON_SCREEN = """(texts) => texts.map((text) => {
  const area = document.createElement("textarea");
  area.value = text;
  document.body.append(area);
  const editor = imprimaturEditor.mount(area);
  const again = editor.fromScreen();
  editor.whole.remove();
  area.remove();
  return again;
})"""


@pytest.fixture(scope="module")
def page(chromium):
    page = chromium.new_page()
    page.set_content("<!doctype html><html lang=en><meta charset=utf-8><body>")
    page.add_script_tag(path=SCRIPT)
    yield page
    page.close()


def stored_texts(path: Path) -> list[str]:
    sections = samples.read(path).sections
    return [richtext.clean(text) for one in sections for text in (one.body, *one.wordings.values()) if text]


def texts(kind: str) -> list[str]:
    if kind == "corpus":
        return [richtext.clean(text) for text in CORPUS]
    if kind == "generated":
        return [Writer(seed).text() for seed in range(MANY)]
    paths = {"demonstration": sorted(samples.DEMO.glob("*.md")), "samples": samples.FILES}[kind]
    return [text for path in paths for text in stored_texts(path)]


@pytest.mark.parametrize("kind", ["corpus", "demonstration", "samples", "generated"])
def test_a_text_is_read_and_written_unchanged(page, kind):
    stored = texts(kind)
    assert len(stored) >= {"corpus": 50, "demonstration": 40, "samples": 8, "generated": MANY}[kind]

    found = page.evaluate(READ_AND_WRITTEN, [to_typed(text) for text in stored])

    assert [written for written, *_ in found] == [to_typed(text) for text in stored]
    assert [cites for _, cites, *_ in found] == stored
    assert [area for *_, area, _ in found] == [to_typed(text) for text in stored], "only opened, so unchanged"
    assert all(shown for *_, shown in found)


@pytest.mark.parametrize("kind", ["corpus", "generated"])
def test_what_stands_on_the_screen_is_the_text(page, kind):
    """The editor reads its own elements on the page after each key, so these must say all that it holds."""
    stored = texts(kind)

    found = page.evaluate(ON_SCREEN, [to_typed(text) for text in stored])

    assert found == [to_typed(text) for text in stored]


def test_the_generated_texts_hold_every_construct():
    together = "\n".join(texts("generated"))

    for construct in (
        "<h3>", "<h4>", "<ul>", '<ol start="3">', "<li><ul>", "<caption>", "<thead>", "</tbody>\n<tbody>",
        'scope="rowgroup"',
        'colspan="2"', 'rowspan="2"', "<sup><sub>", "<sub><sup>", "<sup><sup>", "<a href=", "<br>", "<cite", "\u00a0",
        "\u202f", "<td></td>", "<td><p>", "<td><ul>", "<strong><em>",
        '<figure data-figure="ecg"></figure>\n<p>', '</table>\n<figure data-figure="', "</figure>\n<figure",
        "</ul>\n<figure",
    ):  # fmt: skip
        assert construct in together, construct


def test_a_text_that_the_editor_cannot_hold_stays_in_the_text_area(page):
    """As after a refused form, whose sentences speak of tags that the editor would lose."""
    odd = [
        "<blockquote>5 mg</blockquote>",
        "<p>one</p><div>two</div>",
        "a\n\nb",
        "<p><u>not</u></p>",
        "<p>x",
        "<td>5</td>",
        '<ul><li><figure data-figure="ecg"></figure></li></ul>',
        '<figure data-figure="ecg">words</figure>',
        "<figure><p>x</p></figure>",
    ]

    found = page.evaluate(READ_AND_WRITTEN, odd)

    assert [(written, area) for written, _, area, _ in found] == [(None, text) for text in odd]
