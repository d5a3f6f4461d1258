"""HTML files: what a browser shows goes in, what it hides does not come out, and the rest is refused with its line."""

import time

import pytest
from hypothesis import HealthCheck, given, settings

from articles.files import apart
from articles.files.html.comparing import compare
from articles.files.html.parsing import parse
from articles.files.imported import BadFile, ImportedArticle, ImportedSection
from articles.files.markdown.parsing import parse as parse_markdown
from articles.text import richtext
from tests.articles.redline.texts import documents
from tests.articles.richtext_corpus import CORPUS

AUDIENCES = frozenset({"public", "carer", "professional"})


def page(body: str, head: str = "<title>Nodes</title>", attributes: str = ' lang="en"') -> bytes:
    return f"<!doctype html>\n<html{attributes}><head>{head}</head>\n<body>\n{body}\n</body></html>\n".encode()


def read(data: bytes | str, name: str = "") -> ImportedArticle:
    return parse(data if isinstance(data, bytes) else page(data), audiences=AUDIENCES, name=name)


def bodies(data: bytes | str) -> list[tuple[str, str, str]]:
    return [(one.role, one.heading, one.body.replace("\n", "")) for one in read(data).sections]


def refused(data: bytes | str) -> str:
    with pytest.raises(BadFile) as refusal:
        read(data)
    return "\n".join(refusal.value.sentences)


def test_headings_become_the_title_and_the_sections():
    data = page(
        "<h1>On <em>nodes</em></h1><p>Nodes filter lymph.</p><section><h2>Doses</h2><p>Give <b>5 mg</b>.</p>"
        "<h3>Children</h3><p>2.5 mg.</p><h4>Infants</h4><p>1 mg.</p></section><div><h2>Summary</h2><p>All.</p></div>",
        attributes=' lang="de-CH"',
    )

    article, infants = read(data), "<h4>Infants</h4><p>1 mg.</p>"

    assert (article.title, article.language, article.written_for, article.ai_use) == ("On nodes", "de", "public", "")
    assert bodies(data) == [
        ("lead", "", "<p>Nodes filter lymph.</p>"),
        ("body", "Doses", f"<p>Give <strong>5 mg</strong>.</p><h3>Children</h3><p>2.5 mg.</p>{infants}"),
        ("summary", "Summary", "<p>All.</p>"),
    ]
    assert article.kept == ["Kept, and compared sign by sign: 4 headings, 5 paragraphs."]
    assert article.warnings == []


def test_a_page_is_the_same_article_as_its_markdown():
    front = "---\ntitle: On nodes\nkind: topic\ntopics: [Oncology]\naudience: public\nai_use: none\n---\n"
    text = "Nodes filter **lymph**.\n\n## Doses\n\n- 5 mg\n- 10^9^/L\n\n| Age | Dose |\n|---|---|\n| 1 | 2 mg |\n"
    html = (
        "<h1>On nodes</h1><p>Nodes filter <b>lymph</b>.</p><h2>Doses</h2><ul><li>5 mg<li>10<sup>9</sup>/L</ul>"
        '<table><thead><tr><th scope="col">Age<th scope="col">Dose</thead><tbody><tr><td>1<td>2 mg</table>'
    )

    one, other = read(html), parse_markdown((front + text).encode())

    assert [section.heading for section in one.sections] == [section.heading for section in other.sections]
    assert [section.body for section in one.sections] == [section.body for section in other.sections]


def test_several_headings_of_the_first_level_are_sections_below_the_title_of_the_page():
    assert read("<h1>One</h1><p>A.</p><h1>Two</h1><p>B.</p>").title == "Nodes"
    assert [section.heading for section in read("<h1>One</h1><p>A.</p><h1>Two</h1><p>B.</p>").sections] == [
        "One",
        "Two",
    ]


def test_words_before_the_title_are_kept():
    assert bodies("<p>A guide</p><h1>On nodes</h1><p>Text.</p>")[0] == ("lead", "", "<p>A guide</p>")
    assert read("<p>A guide</p><h1>On nodes</h1><p>Text.</p>").title == "On nodes"


def test_a_page_without_a_title_is_called_by_its_file_or_refused():
    assert read(page("<p>Text.</p>", head=""), name="On nodes").title == "On nodes"
    assert "The page has no title: write one as <h1>." in refused(page("<p>Text.</p>", head=""))


def test_what_is_outside_the_main_part_is_left_out_and_said():
    data = "<nav><a href='/'>Home</a></nav><main><h1>On nodes</h1><p>Text.</p></main><footer>Imprint</footer>"

    assert bodies(data) == [("lead", "", "<p>Text.</p>")]
    assert read(data).warnings == ["Left out, as it stands outside <main>: “Home Imprint”."]
    both = "<article><h1>A</h1><p>One.</p></article><article><h2>B</h2><p>Two.</p></article>"
    assert [section.heading for section in read(both).sections] == ["", "B"]


def test_scripts_comments_and_links_within_the_page_are_left_out_and_said():
    data = (
        '<h1>On nodes</h1><script>document.write("50 mg")</script><!-- 50 mg --><template>50 mg</template>'
        '<p id="a">See <a href="#a">above</a>, <a name="b">here</a> and <a href="https://example.org/">there</a>.</p>'
        "<noscript>Turn on scripts.</noscript>"
    )

    article = read(page(data, head='<link rel="stylesheet" href="site.css">'))

    assert article.sections[0].body == ('<p>See above, here and <a href="https://example.org/">there</a>.</p>')
    assert [said.split(".")[0] for said in article.warnings] == [
        "Left out, as browsers show it only without scripts: “Turn on scripts",
        "Scripts were left out",
        "The page has style sheets outside the file, which were not read",
        "Comments were left out",
        "Links from one place of the file to another were left out",
    ]


@pytest.mark.parametrize(
    "hidden",
    [
        "<p hidden>Take 50 mg.</p>",
        '<p style="display: none">Take 50 mg.</p>',
        '<div style="visibility:hidden"><p>Take 50 mg.</p></div>',
        '<p style="opacity: 0">Take 50 mg.</p>',
        '<p style="font-size: 0">Take 50 mg.</p>',
        '<p style="color: white">Take 50 mg.</p>',
        '<p style="position: absolute; left: -9999px">Take 50 mg.</p>',
        '<p style="text-decoration: line-through">Take 50 mg.</p>',
        "<p><s>Take 50 mg.</s></p>",
        "<p><del>Take 50 mg.</del></p>",
        "<p>Take <ins>50</ins> mg.</p>",
        '<p style="text-transform: uppercase">Take 50 mg.</p>',
        '<p style="font-variant: small-caps">Take 50 mg.</p>',
        "<details><summary>More</summary><p>Take 50 mg.</p></details>",
        '<p>Take <input value="50"> mg.</p>',
        "<p>Take <textarea>50 mg</textarea></p>",
        "<p>Take <select><option>5<option selected>50</select> mg.</p>",
        '<p>Take <img src="dose.png" alt="50 mg"></p>',
        "<p>Take <svg><text>50 mg</text></svg></p>",
        "<p>Take <math><mn>50</mn></math> mg.</p>",
        '<iframe src="dose.html">50 mg</iframe>',
        '<object data="dose.svg">50 mg</object>',
        "<p>Take <q>50 mg</q>.</p>",
        "<blockquote><p>Take 50 mg.</p></blockquote>",
        "<pre>Drug   Dose\nA      50 mg</pre>",
        '<p style="white-space: pre">Drug   Dose\nA      50 mg</p>',
        '<ol type="a"><li>50 mg</li></ol>',
        "<ol reversed><li>50 mg</li><li>5 mg</li></ol>",
        '<ol><li value="50">mg</li></ol>',
        '<ul style="list-style: none"><li>50 mg</li></ul>',
        "<dl><dt>A</dt><dd>50 mg</dd></dl>",
        '<p dir="rtl">50 mg</p>',
        "<p><bdo dir='rtl'>50 mg</bdo></p>",
        '<p title="50 mg">Take it.</p>',
        '<p onclick="dose()">Take 50 mg.</p>',
        "<ruby>50<rt>mg</rt></ruby>",
        '<p style="font-family: Symbol">m</p>',
        "<p>Take \u202e05 mg\u202c.</p>",
        "<p>Take 50 mg.</b></p>",
        "<table>Take 50 mg.<tr><td>A</td></tr></table>",
        "<table><tr><td><table><tr><td>50 mg</td></tr></table></td></tr></table>",
        "<p>Take [@smith2020].</p>",
    ],
)
def test_what_a_page_would_show_otherwise_is_refused_with_its_line(hidden):
    said = refused(f"<h1>On nodes</h1>\n<p>Text.</p>\n<h2>Doses</h2>\n\n<div>\n{hidden}</div>")

    lines = hidden.count("\n")
    assert said.split(":")[0] in {f"Line {number}" for number in range(9, 10 + lines)}, said


@pytest.mark.parametrize(
    "sheet",
    [
        ".secret { display: none }",
        "p.secret::before { content: '50 mg' }",
        "@media screen { .secret { visibility: hidden } }",
        "@supports (display: grid) { @media all { .secret { text-transform: uppercase } } }",
        "div > .secret { position: absolute; left: -9999px }",
        "p { text-decoration: line-through }",
    ],
)
def test_a_style_sheet_that_changes_the_text_is_refused(sheet):
    data = page('<h1>On nodes</h1><p class="secret">Take 5 mg.</p>', head=f"<style>{sheet}</style>")

    assert "The style sheet changes how the text reads" in refused(data)


@pytest.mark.parametrize(
    "sheet",
    [
        "p { margin: 0; color: #222 } h1 { font-size: 2em }",
        "@media print { p { display: none } }",
        ".other { display: none }",
        "p::after { content: '' }",
        ":root { --accent: #05a; --gap: 1rem } p { margin: var(--gap) }",
        "@font-face { font-family: X; src: local(X) } @keyframes a { from { margin: 0 } to { margin: 1px } }",
    ],
)
def test_a_style_sheet_that_changes_no_text_is_no_matter(sheet):
    assert (
        bodies(page("<h1>On nodes</h1><p>Take 5 mg.</p>", head=f"<style>{sheet}</style>"))[0][2] == "<p>Take 5 mg.</p>"
    )


def test_a_hidden_link_that_becomes_words_is_refused_as_hidden():
    for link in ('<a href="#a" style="display:none">50 mg</a>', '<a hidden href="/x">50 mg</a>'):
        assert "hides" in refused(f"<h1>A</h1><p>Take {link} it.</p>")
    assert "tooltip" in refused('<h1>A</h1><p><a href="/x" title="50 mg">Take it</a>.</p>')


def test_a_main_part_within_something_else_than_wrappers_is_read_with_it():
    for opening, closing in (('<span style="display:none">', "</span>"), ("<details>", "</details>"), ("<s>", "</s>")):
        assert refused(f"{opening}<main><h1>A</h1><p>Take 50 mg.</p></main>{closing}")


def test_a_page_of_xhtml_is_read():
    data = (
        b'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" '
        b'"http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">\n<html xmlns="http://www.w3.org/1999/xhtml" '
        b'xml:lang="en" lang="en"><head><title>A</title></head><body><p>One<br />two.</p></body></html>'
    )

    assert bodies(data) == [("lead", "", "<p>One<br>two.</p>")]


@pytest.mark.parametrize(
    "comment", ["<!-->50 mg<!-- x -->", "<!--->50 mg<!-- x -->", "<!-- x --!>50 mg<!-- y -->", "<!-- x"]
)
def test_a_comment_whose_end_programs_disagree_on_is_refused(comment):
    assert "where this comment ends" in refused(f"<h1>A</h1><p>Take 5 mg.</p>{comment}")


def test_a_title_with_a_sign_that_is_not_allowed_is_refused_with_its_name():
    assert "U+202E" in refused(page("<p>Take 5 mg.</p>", head="<title>A\u202eB</title>"))


def test_links_that_only_the_site_of_the_page_knows_become_words():
    data = (
        '<h1>A</h1><p><a href="/doses/">One</a> <a href="two.html">two</a> <a href="//x.org/">three</a> '
        '<a href="javascript:x()">four</a> <a href="mailto:a@example.org">five</a></p>'
    )

    article = read(data)

    assert article.sections[0].body == '<p>One two three four <a href="mailto:a@example.org">five</a></p>'
    assert article.warnings == [
        "4 links were left out: their addresses are not whole, so only the page’s own site knows them."
    ]


def test_what_only_the_tag_of_the_page_says_is_no_matter_unless_it_hides_or_turns_it():
    attributes = ' lang="en" prefix="og: x" vocab="y" class="no-js"'
    data = page("<h1>A</h1><p>Take 5 mg.</p>", attributes=attributes)

    assert bodies(data)[0][2] == "<p>Take 5 mg.</p>"
    assert "display: none" in refused(data.replace(b"<body>", b'<body style="display: none">'))
    assert "reverses the direction" in refused(data.replace(b' lang="en"', b' lang="en" dir="rtl"'))


def test_a_script_whose_end_programs_disagree_on_is_refused():
    data = '<h1>A</h1>\n<script><!-- <script src="x"></script> --></script><p>Take 5 mg.</p>'

    assert "Line 5: Browsers disagree with other programs where this script ends" in refused(data)
    assert bodies("<h1>A</h1><script><!-- let a = 1; --></script><p>Take 5 mg.</p>")[0][2] == "<p>Take 5 mg.</p>"


def test_what_stands_before_and_behind_the_page_is_no_matter():
    data = b"<!-- by a program --><!doctype html><title>A</title><p>Take 5 mg.</p></html><!-- end -->\n"

    assert bodies(data) == [("lead", "", "<p>Take 5 mg.</p>")]


def test_a_part_of_the_page_that_is_hidden_as_a_whole_is_refused_in_each_of_its_sections():
    said = refused("<div style='display: none'>\n<h2>One</h2><p>A.</p>\n<h2>Two</h2><p>B.</p></div>")

    assert "display: none" in said


def test_blank_lines_part_no_paragraph():
    assert bodies("<h1>On nodes</h1><p>One\n\n  two.</p>")[0][2] == "<p>One two.</p>"


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (page("<p>5 µg – é</p>", head="").decode().encode("utf-16"), "<p>5 μg – é</p>"),
        (b"\xef\xbb\xbf" + page("<p>5 μg – é</p>"), "<p>5 μg – é</p>"),
        (page("<p>5 µg – é</p>", head='<meta charset="windows-1252">').decode().encode("cp1252"), "<p>5 μg – é</p>"),
        (page("<p>5 µg “é”</p>", head='<meta charset="iso-8859-1">').decode().encode("cp1252"), "<p>5 μg “é”</p>"),
        (page("<p>Ж</p>", head='<meta http-equiv="Content-Type" content="text/html; charset=koi8-r">').decode()
         .encode("koi8-r"), "<p>Ж</p>"),
        (page("<p>5&nbsp;&micro;g &lt; 6 &#8211; &eacute;</p>"), "<p>5\u00a0μg &lt; 6 – é</p>"),
    ],
)  # fmt: skip
def test_the_bytes_are_read_as_a_browser_reads_them(data, text):
    article = read(data, name="Nodes")

    assert article.sections[0].body == text


def test_bytes_that_are_not_what_the_page_says_are_refused():
    assert "Line 3: The byte 0xB5 is not UTF-8" in refused(b"<!doctype html>\n<title>A</title>\n<p>5 \xb5g</p>")
    assert "The encoding nonsense is not known" in refused(b'<!doctype html><meta charset="nonsense"><p>A</p>')


def test_a_heading_with_a_raised_number_is_refused():
    assert "has raised or lowered signs" in refused("<h1>Above 10<sup>9</sup>/L</h1><p>A.</p>")
    assert "Line 5: The heading" in refused("<h1>On nodes</h1><p>A.</p>\n<h2>CO<sub>2</sub></h2><p>B.</p>")


def may_stand_on_a_page(body: str) -> bool:
    """Tell whether a page alone can have it: it names no reference, figure or place of an article."""
    links = 'href="#' in body or 'href="/' in body
    return not (richtext.cited_keys(body) or richtext.figure_keys(body) or links)


def read_below_a_heading(body: str) -> str:
    made = read(f"<h1>On nodes</h1><div><h2>Doses</h2>{body}</div>").sections
    return "".join(section.body for section in made)


@pytest.mark.parametrize("body", [body for body in map(richtext.storable, CORPUS) if may_stand_on_a_page(body)])
def test_each_good_text_comes_in_as_it_is(body):
    assert read_below_a_heading(body) == body


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(documents.map(lambda text: richtext.storable(f"<p>First.</p>{text}")).filter(may_stand_on_a_page))
def test_any_text_comes_in_as_it_is(body):
    assert read_below_a_heading(body) == body


def test_the_second_reading_finds_what_the_first_has_lost():
    source = page("<h1>On nodes</h1><p>Give 2.5 mg.</p>").decode()
    good, bad = (ImportedSection("lead", "", f"<p>Give {dose} mg.</p>", {}, 1) for dose in ("2.5", "25"))

    compare(source, "body", "On nodes", [good])
    with pytest.raises(BadFile, match="Write it another way"):
        compare(source, "body", "On nodes", [bad])


def test_a_page_is_known_by_its_content_and_goes_through_the_limits_of_all_files():
    small = page("<h1>On nodes</h1><p>Take 5 mg.</p>")
    large = page(f"<h1>On nodes</h1><p>{'Take 5 mg. ' * 3_000}</p>")

    for data in (small, large, small.replace(b"<!doctype html>\n", b"\xef\xbb\xbf")):
        assert apart.read(data, audiences=AUDIENCES, name="x.txt").title == "On nodes"
    with pytest.raises(BadFile, match="front matter"):
        apart.read(b"Plain text.", audiences=AUDIENCES, name="x.html")


@pytest.mark.parametrize(
    "data",
    [
        page("<div>" * 20_000 + "A" + "</div>" * 20_000),
        page("<b>" * 29_000 + "A" + "</b>" * 29_000),
        page("<p>A</p>" * 500_000),
        page("<table>" + "<tr>" + "<td>1</td>" * 28_000 + "</tr></table>"),
        page(f'<p title="{"x" * 4_000_000}">A</p>'),
        page("<a '" * 40_000),
        page(f"<style>{'a{' * 100_000}</style><p>A</p>"),
        page("<h2>A</h2><p>B</p>" * 12_000),
        page("x" * 6_000_000),
    ],
    ids=["deep", "bold", "many", "cells", "attribute", "open", "sheet", "sections", "large"],
)
def test_a_hostile_page_is_refused_within_ten_seconds(data):
    begun = time.monotonic()

    with pytest.raises(BadFile) as refusal:
        apart.read(data, audiences=AUDIENCES)

    assert time.monotonic() - begun < 20  # a busy machine; the process itself has five seconds of CPU
    assert all(sentence.endswith((".", "!", "?")) for sentence in refusal.value.sentences[:20])


def test_nothing_is_fetched(monkeypatch):
    def refuse(*args, **kwargs):
        raise AssertionError(args)

    monkeypatch.setattr("socket.socket.connect", refuse)
    data = page(
        '<h1>On nodes</h1><p>A <a href="http://127.0.0.1:9/x">link</a>.</p>',
        head='<base href="http://127.0.0.1:9/"><link rel="stylesheet" href="http://127.0.0.1:9/a.css">'
        '<script src="http://127.0.0.1:9/a.js"></script>',
    )

    assert "link" in read(data).sections[0].body
