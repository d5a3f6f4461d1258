"""A text as Markdown reads as its page does: letter by letter, as a parser of Markdown reads it."""

import re
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html
from markdown_it import MarkdownIt

from articles.site.machines.files.markdown.blocks import Writer
from articles.text import richtext
from articles.text.rendering import render
from articles.text.rendering.visible import visible, visible_text
from tests.articles.frozen import DRUGS, cite, lead, section, table, version
from tests.articles.richtext_corpus import CORPUS

PAGE = "https://example.org/articles/nodes/for/public/"
READER = MarkdownIt("commonmark", {"html": True}).enable("table").enable("strikethrough")


def markdown(*sections, label="", **more) -> str:
    return Writer(PAGE, label).article(render(version(*sections, **more), "public").html)


def read(text: str) -> html.HtmlElement:
    return html.fragment_fromstring(READER.render(text), create_parent="div")


def as_read(text: str) -> str:
    return visible(read(text))


def as_shown(page: str) -> str:
    """Return the visible text of the page, without the list of contents and the ways back from references."""
    element = html.fragment_fromstring(page)
    for unwanted in element.xpath(".//nav | .//a[@class='back']"):
        unwanted.drop_tree()
    return visible(element)


def one_by_one(text: str) -> list[str]:
    """Return the words. A superscript before a digit is in brackets as Markdown: 10^(9)2."""
    return re.sub(r"([\^_])\(([^()]*)\)(?=[0-9])", r"\1\2", text).split()


def loses_nothing(*sections, **more):
    page = render(version(*sections, **more), "public").html
    assert one_by_one(as_read(Writer(PAGE).article(page))) == one_by_one(as_shown(page))


SPANS = re.compile(r"(?:col|row)span")


@pytest.mark.parametrize("body", [body for body in CORPUS if not SPANS.search(body)])
def test_each_kind_of_text_reads_the_same(body):
    loses_nothing(lead(), section(body=body), works=["smith2020", "WHO-EML_2023"])


@pytest.mark.parametrize("body", [body for body in CORPUS if SPANS.search(body)])
def test_a_cell_that_spans_others_is_repeated_and_none_is_lost(body):
    page = render(version(section(body=body)), "public").html

    kept = iter(one_by_one(as_read(Writer(PAGE).article(page))))
    assert all(word in kept for word in one_by_one(as_shown(page)))


TRICKY = [
    "# no heading", "#5", "- 5 mg", "+ 5", "* 5 mg *", "*5 mg*", "**x**", "_a_ __b__", "5_mg_x", "1. Take", "12) Take",
    "2026. A year", "> 5 mg", "=== x", "---", "***", "a | b", "| a | b |", "|---|", "`code`", "``", "~5~ ~~6~~",
    "[a](b)", "[1]: http://x", "![a](b)", "Wow!", "<b>x</b>", "p < 0.05", "p <0.05", "a<b>c", "<!-- x -->",
    "<http://x.org>", "&amp; &lt; &#65; &copy", "A & B", "\\ \\\\ \\*", "a\\", "5 \\| 6", ":--", "a  b",
    "10^9^", "H~2~O", "http://example.org/a_b*c", "www.example.org", "x@example.org", "$x$", "{a}", "'q' \"r\"",
    "0.5 mg–1 mg", "≥ 5", "٣. x", "1\u00a0000", "\u00a0lead", "##", "# #", "C#", "a ##",
]  # fmt: skip


@pytest.mark.parametrize("text", TRICKY)
def test_signs_of_markdown_in_a_text_stay_signs(text):
    typed = text.replace("&", "&amp;").replace("<", "&lt;")
    cell = table(f"<tr><th>{typed}</th><th>B</th></tr><tr><td>{typed}</td><td><strong>{typed}</strong></td></tr>")
    bodies = [f"<p>{typed}</p>", f"<p>a<br>{typed}<br>{typed}</p>", f"<ul><li>{typed}</li><li>{typed}</li></ul>",
              f"<ol><li>{typed}<ul><li>{typed}</li></ul></li></ol>", cell, f"<h3>{typed}</h3><p>x</p>",
              f"<p><em>{typed}</em>b<strong>{typed}</strong></p>", f'<p><a href="/x">{typed}</a></p>']  # fmt: skip

    for body in bodies:
        loses_nothing(section(heading=text if "<" not in text else "x", body=richtext.clean(body)))


letters = st.text(st.sampled_from(string.punctuation + "09 aé\u00a0文"), max_size=12)
inline = st.recursive(
    letters.map(lambda text: text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")),
    lambda inner: st.lists(
        st.one_of(
            inner,
            st.tuples(st.sampled_from(["strong", "em", "sup", "sub"]), inner).map(
                lambda two: "<{0}>{1}</{0}>".format(*two)
            ),
            inner.map(lambda text: f'<a href="/x_(y)">{text}</a>'),
            st.just("<br>"),
        ),
        max_size=3,
    ).map("".join),
    max_leaves=6,
)
paragraphs = inline.map(lambda text: f"<p>{text}</p>")
items = st.lists(st.one_of(inline, paragraphs), min_size=1, max_size=3)
lists = st.tuples(st.sampled_from(["ul", "ol", 'ol start="7"']), items).map(
    lambda two: f"<{two[0]}>{''.join(f'<li>{item}</li>' for item in two[1])}</{two[0][:2]}>"
)
cells = st.lists(st.lists(inline, min_size=2, max_size=2), min_size=1, max_size=3)
tables = cells.map(
    lambda rows: (
        "<table>" + "".join(f"<tr>{''.join(f'<td>{one}</td>' for one in two)}</tr>" for two in rows) + "</table>"
    )
)
texts = st.lists(st.one_of(paragraphs, lists, tables), min_size=1, max_size=4).map("".join)


@settings(max_examples=400)
@given(texts)
def test_no_text_loses_or_gains_a_letter(body):
    loses_nothing(section(body=richtext.clean(body) or "<p>x</p>"))


def test_works_are_numbered_and_listed():
    text = markdown(section(body=f"<p>It helps{cite('a', 'b', 'c')}.</p>"), works=["a", "b", "c"])

    assert "It helps[1–3]." in text
    assert re.search(r"^## References\n\n1\. Work a\.\n2\. Work b\.\n3\. Work c\.$", text, re.MULTILINE)


@pytest.mark.parametrize("after", ["(5 mg)", "[x]", ": 5", "", " 5", "!", "<strong>(5)</strong>", "<br>(5)"])
@pytest.mark.parametrize("before", ["", "a!", "a", "(", "["])
def test_a_citation_is_no_link_whatever_stands_beside_it(before, after):
    body = richtext.clean(f"<p>{before}{cite('a')}{after}</p><ul><li>{cite('a')}{after}</li></ul>")

    loses_nothing(section(body=body), works=["a"])
    assert not read(markdown(section(body=body), works=["a"])).xpath(".//a | .//img")


def test_a_table_has_its_name_headings_and_rows():
    text = markdown(section(heading="Doses", body=table(DRUGS)))

    assert text.endswith(
        "**Table 1. Doses**\n\n| Drug | Dose |\n| --- | --- |\n| Aspirin | 75 mg |\n| Warfarin | 1 mg |"
    )


def test_a_cell_that_spans_rows_stands_in_each_of_them():
    rows = "<tr><th>Age</th><th>Dose</th><th>Note</th></tr>"
    rows += '<tr><td rowspan="2">1–5</td><td>0.5 mg</td><td rowspan="3">Ask</td></tr><tr><td>1 mg</td></tr>'
    rows += '<tr><td colspan="2">None</td></tr>'

    text = markdown(section(body=table(rows)))

    assert text.endswith("| 1–5 | 0.5 mg | Ask |\n| 1–5 | 1 mg | Ask |\n| None | None | Ask |")


def test_two_lists_in_a_row_stay_two_with_their_numbers():
    text = markdown(section(body="<ol><li>a</li><li>b</li></ol><ol><li>c</li></ol><ol start='7'><li>d</li></ol>"))

    assert [int(one.get("start", 1)) for one in read(text).iter("ol")] == [1, 1, 7]


def test_links_lead_where_they_lead_on_the_page():
    body = '<p><a href="/articles/x/">a</a> <a href="#s-b2">b</a> <a href="tel:112">c</a> '
    body += '<a href="mailto:a@b.org?x=1&amp;y=2">d</a></p>'

    links = [link.get("href") for link in read(markdown(section(body=body))).iter("a")]

    assert links == ["https://example.org/articles/x/", f"{PAGE}#s-b2", "tel:112", "mailto:a@b.org?x=1&y=2"]


def test_a_label_stands_before_every_heading():
    text = markdown(section(body="<h3>Own</h3><p>x</p>"), lead(), label="Retracted")

    assert re.findall(r"^#+ .*", text, re.MULTILINE) == ["## Retracted: Heading", "### Retracted: Own"]


def test_emphasis_is_kept_where_markdown_has_a_way_to_write_it():
    read_back = read(markdown(section(body="<p><strong>No </strong>more, <em>not</em> <strong>“x”</strong>.</p>")))

    assert [(one.tag, one.text) for one in read_back.iter("strong", "em")] == [("strong", "No"), ("em", "not")]
    assert "“x”" in visible_text(html.tostring(read_back, encoding="unicode"))
