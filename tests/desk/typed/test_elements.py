"""Each element and attribute of HTML, and each style: kept, read the same, or refused with its name and line."""

import pytest
from django.core.exceptions import ValidationError
from lxml.html import defs

from articles.desk.typed import from_typed

STANDARD = set(
    """
a abbr address area article aside audio b base bdi bdo blockquote body br button canvas caption cite code col colgroup
data datalist dd del details dfn dialog div dl dt em embed fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 head
header hgroup hr html i iframe img input ins kbd label legend li link main map mark menu meta meter nav noscript object
ol optgroup option output p param picture pre progress q rp rt ruby s samp script search section select selectedcontent
slot small source span strong style sub summary sup table tbody td template textarea tfoot th thead time title tr track
u ul var video wbr math svg
applet acronym bgsound dir frame frameset noframes isindex keygen listing menuitem nextid noembed plaintext rb rtc
strike xmp basefont big blink center font marquee multicol nobr spacer tt image portal fencedframe
""".split()  # noqa: SIM905
)
KEPT = {
    "p": "<p>5 mg</p>",
    "h3": "<h3>5 mg</h3>",
    "h4": "<h4>5 mg</h4>",
    "strong": "<p><strong>5 mg</strong></p>",
    "em": "<p><em>5 mg</em></p>",
    "sub": "<p><sub>5 mg</sub></p>",
    "sup": "<p><sup>5 mg</sup></p>",
    "a": "<p>5 mg</p>",
}
SAME = {
    **dict.fromkeys(("h1", "h2"), "<h3>5 mg</h3>"),
    **dict.fromkeys(("h5", "h6"), "<h4>5 mg</h4>"),
    "b": KEPT["strong"],
    **dict.fromkeys(("i", "cite", "dfn", "var"), KEPT["em"]),
    "address": KEPT["em"],
    **dict.fromkeys(
        (
            "span", "font", "big", "small", "tt", "code", "kbd", "samp", "abbr", "acronym", "nobr", "time", "data",
            "label", "article", "aside", "body", "center", "div", "figure", "footer", "header", "hgroup", "html",
            "main", "nav", "search", "section",
        ),
        "<p>5 mg</p>",
    ),
}  # fmt: skip
OF_ONE_KIND = {  # elements that stand beside or in others
    "br": ("5 mg<br>daily", "<p>5 mg<br>daily</p>"),
    "wbr": ("5<wbr>0 mg", "<p>50 mg</p>"),
    "meta": ('<meta charset="utf-8">5 mg', "<p>5 mg</p>"),
    "head": ("<head><title> </title></head>5 mg", "<p>5 mg</p>"),
    "title": ("<title></title>5 mg", "<p>5 mg</p>"),
    "style": ("<style>p {margin: 0}</style><p>5 mg</p>", "<p>5 mg</p>"),
    "ul": ("<ul><li>5 mg</li></ul>", "<ul>\n<li>5 mg</li>\n</ul>"),
    "li": ("<ul><li>5 mg<li>6 mg</ul>", "<ul>\n<li>5 mg</li>\n<li>6 mg</li>\n</ul>"),
    "ol": ('<ol start="3"><li>5 mg</li></ol>', '<ol start="3">\n<li>5 mg</li>\n</ol>'),
    **dict.fromkeys(
        ("table", "caption", "colgroup", "col", "thead", "tbody", "tfoot", "tr", "th", "td"),
        (
            "<table><caption>Doses</caption><colgroup><col></colgroup><thead><tr><th>Age</th></tr></thead>"
            '<tbody><tr><td rowspan="2">5</td></tr></tbody><tfoot><tr><td>6</td></tr></tfoot></table>',
            "<table>\n<caption>Doses</caption>\n<thead>\n<tr><th>Age</th></tr>\n</thead>\n<tbody>\n"
            '<tr><td rowspan="2">5</td></tr>\n</tbody>\n<tbody>\n<tr><td>6</td></tr>\n</tbody>\n</table>',
        ),
    ),
}
TAKEN = {**{tag: (f"<{tag}>5 mg</{tag}>", stored) for tag, stored in {**KEPT, **SAME}.items()}, **OF_ONE_KIND}


def refusal(typed: str, **options) -> str:
    with pytest.raises(ValidationError) as refused:
        from_typed(typed, **options)
    return "\n".join(refused.value.messages)


@pytest.mark.parametrize("tag", TAKEN)
def test_an_element_that_loses_nothing_comes_in(tag):
    typed, stored = TAKEN[tag]

    assert from_typed(typed) == stored


@pytest.mark.parametrize("tag", sorted((STANDARD | defs.tags) - TAKEN.keys()))
def test_every_other_element_of_html_is_refused_by_its_name_and_line(tag):
    assert f"Line 2: “<{tag}>” " in refusal(f"First.\n<{tag}>5 mg</{tag}>")


NO_EFFECT = [
    *("class", "id", "lang", "xml:lang", "role", "tabindex", "translate", "spellcheck", "draggable", "accesskey"),
    *("data-x", "aria-hidden", "aria-level", "aria-labelledby", "itemprop", "contenteditable", "autocapitalize"),
    *("bgcolor", "height", "width", "nowrap", "color", "face", "size", "name", "xmlns", "x:num", "sdval", "inputmode"),
]
REFUSED = [
    *("hidden", "popover", "title", "aria-label", "aria-description", "aria-roledescription", "aria-valuetext"),
    *("onclick", "onload", "inert", "is", "slot", "part", "href", "src", "alt", "value", "reversed", "start", "type"),
    *("colspan", "rowspan", "headers", "scope", "abbr", "axis", "char", "charoff", "dir", "cite", "label", "summary"),
    *("longdesc", "download", "checked", "selected", "placeholder", "usemap", "srcdoc", "poster", "background", "open"),
]


@pytest.mark.parametrize("name", NO_EFFECT)
def test_an_attribute_that_changes_nothing_that_is_read_is_left_out(name):
    assert from_typed(f'<p {name}="5">10 mg</p>') == "<p>10 mg</p>"


@pytest.mark.parametrize("name", REFUSED)
def test_an_attribute_that_would_be_missed_is_refused_with_its_tag(name):
    assert f'Line 1: “<p {name}="5">” ' in refusal(f'<p {name}="5">10 mg</p>')


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ('<a href="https://x.org/" target="_blank" rel="noopener">5</a>', '<p><a href="https://x.org/">5</a></p>'),
        ('<a href="https://x.org/"><u>5</u></a>', '<p><a href="https://x.org/">5</a></p>'),
        ('<p dir="ltr" title="">5</p>', "<p>5</p>"),
        ('<p align="right">5</p>', "<p>5</p>"),
        ('<ul type="disc"><li type="circle">5</ul>', "<ul>\n<li>5</li>\n</ul>"),
        ('<ol type="1"><li>5</ol>', "<ol>\n<li>5</li>\n</ol>"),
        (
            '<table><tr><th scope="row" colspan="2">5<td rowspan=3>6</table>',
            '<table>\n<tbody>\n<tr><th scope="row" colspan="2">5</th><td rowspan="3">6</td></tr>\n</tbody>\n</table>',
        ),
        ('<cite data-ref="a">[a]</cite>', '<p><cite data-ref="a">[a]</cite></p>'),
        ("<ul><li>a<ul><li>b</ul></ul>", "<ul>\n<li>a\n<ul>\n<li>b</li>\n</ul></li>\n</ul>"),
        ("<ul><li>a</li><ul><li>b</li></ul></ul>", "<ul>\n<li>a\n<ul>\n<li>b</li>\n</ul></li>\n</ul>"),
        ("<b>One\n\ntwo</b>", "<p><strong>One</strong></p>\n<p><strong>two</strong></p>"),
        ("<h1>A</h1><h4>B</h4>", "<h3>A</h3>\n<h4>B</h4>"),
        ("5 mg<!--StartFragment--> daily<!--EndFragment--><![if !x]><![endif]>", "<p>5 mg daily</p>"),
        ("ex&shy;ample", "<p>example</p>"),
    ],
)
def test_a_form_that_reads_the_same_comes_in(typed, stored):
    assert from_typed(typed) == stored


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("<u>not</u>", "underlines its text"),
        ('<cite data-ref="a">Smith 2020</cite>', "is a citation with a fixed number or text. Write [@a]"),
        ('<cite data-ref="a b">[a]</cite>', "names no reference"),
        ('<ol start="0"><li>5</ol>', "the first number of a list can be 1 to 100"),
        ('<ol start="-2"><li>5</ol>', "the first number of a list can be 1 to 100"),
        ("<ol><li>5<li><li>6</ol>", "This item of a list is empty"),
        ("<ul>5<li>6</ul>", "“5” is in <ul> but not in one of its items"),
        ("<ul><b>5</b><li>6</ul>", "“<b>” is in <ul> but not in one of its items"),
        ("<ul><ul><li>5</ul></ul>", "“<ul>” is in <ul> but not in one of its items"),
        ("<li>5</li>", "“<li>” must be directly in <ol> or <ul>"),
        ("<td>5</td>", "“<td>” must be directly in <tr>"),
        ("<table><td>5</td></table>", "“<td>” must be directly in <tr>"),
        ("<table><tr><td colspan=0>5</table>", "a cell can span 1 to 100"),
        ("<table><tr><td rowspan=101>5</table>", "a cell can span 1 to 100"),
        ('<table><tr><td scope="row">5</table>', "has a scope that would be left out"),
        ("<table><tr><td>5</tr><caption>A</caption></table>", "“<caption>” would not stay in its place"),
        ("<table><caption>A</caption><caption>B</caption><tr><td>5</table>", "would not stay in its place"),
        ("<table><tfoot><tr><td>6</tfoot><tbody><tr><td>5</table>", "“<tbody>” would not stay in its place"),
        ("<table><tr><td>5</tr><thead><tr><th>6</table>", "“<thead>” would not stay in its place"),
        ("<table><caption><p>A</p><p>B</p></caption><tr><td>5</table>", "would not be kept as it is"),
        ("<table><caption><ul><li>A</ul></caption><tr><td>5</table>", "a list in a caption"),
        ("<table><tr><td><table><tr><td>5</table></table>", "a table in a list, table or heading"),
        ("<ul><li><table><tr><td>5</table></ul>", "a table in a list, table or heading"),
        ("<table><tr><td><h3>5</h3></table>", "a heading in a list, table or heading"),
        ("<ul>" + "<li>a<ul>" * 8 + "<li>5", "is nested more than 8 deep"),
        ("<h1>A</h1><h2>B</h2>", "<h1> and <h2> would be headings of one level"),
        ("<b><i>5</b> mg</i>", "“<i>” is not closed inside the element around it"),
        ("<p><b>5</p><p>mg</b></p>", "“<b>” is not closed"),
        ("<b>5 mg", "“<b>” is not closed"),
        ("5 mg</b>", "“</b>” closes nothing"),
        ("5</br>mg", "“</br>” closes nothing"),
        ('<a href="/x/">5 <a href="/y/">mg</a></a>', "is a link in a link"),
        ("<nobr><sub>5<nobr>6</nobr></sub></nobr>", "would end the <nobr> around it"),
        ('<p id="x">5</p><a href="#x">mg</a>', "links to a place in this text, which would be lost"),
        ("<sup><sup><sup>5</sup></sup></sup>", "would be a third level of raised or lowered text"),
        ("<title>5 mg</title>", "would be left out; write it as the article’s title"),
        ("<!--5 mg-->", "a comment that would be left out"),
        ("<!--[if x]>--!>5 mg<![endif]-->", "a comment that would be left out"),
        ("5 <!-- mg", "a comment that would be left out"),
        ('<p class="x"y>5</p>', "is not a valid HTML tag"),
        ("<b>" * 101 + "5", "nested more than 100 deep"),
        ('<font face="Symbol">m</font>g', "“m” is in the font Symbol, which shows these characters as other signs"),
    ],
)  # fmt: skip
def test_a_form_that_would_be_lost_is_refused(typed, words):
    assert words in refusal(typed)


def test_a_text_from_right_to_left_keeps_its_own_direction_alone():
    assert from_typed('<p dir="rtl" style="direction: rtl">5</p>', direction="rtl") == "<p>5</p>"
    assert "reverses the direction" in refusal('<p dir="ltr">5</p>', direction="rtl")


STYLES_LEFT_OUT = [
    "color: red", "font-family: Arial, 'Times New Roman'", "font-size: 11pt", "mso-fareast-language: EN-US",
    "margin: 0 0 8pt", "text-indent: -18.0pt", "line-height: 115%", "background: #ffff00; mso-highlight: yellow",
    "text-decoration: none", "text-transform: none", "white-space: pre-wrap", "display: inline", "visibility: visible",
    "letter-spacing: normal", "font: 7.0pt 'Times New Roman'", "font-weight: 400", "font-style: normal",
    "vertical-align: baseline", "orphans: 2; widows: 2", "color: #fff; background-color: #005",
    "color: hsl(0, 100%, 30%)",
    "color: rgb(10%, 10%, 10%)", "color: #112233ee", "direction: ltr",
    "-webkit-text-stroke-width: 0px", "opacity: 1", "font-variant: normal",
]  # fmt: skip
STYLES_KEPT = {
    "font-weight: bold": "strong", "font-weight: 700 !important": "strong", "FONT-STYLE: italic": "em",
    "vertical-align: super; font-size: 0.6em": "sup", "vertical-align:sub": "sub",
}  # fmt: skip
STYLES_REFUSED = [
    "display: none", "display: block", "display:no\\6ee", "display/**/:none", "visibility: hidden", "opacity: 0",
    "text-decoration: line-through", "text-decoration: underline", "text-decoration: overline",
    "text-transform: uppercase", "font-variant: small-caps", "font-variant-position: super",
    "font-feature-settings: 'sups'", "vertical-align: 5px", "vertical-align: text-top", "font-size: 0",
    "font-size: 1px",
    "color: transparent", "color: white", "color: #FFF", "color: rgb(255, 255, 255)", "color: rgba(0,0,0,0)",
    "color: rgb(255 255 255)", "color: #ffffffff", "color: hsl(0,0%,100%)", "color: rgb(100%, 100%, 100%)",
    "color: hsl(210 40% 100% / 1)", "background:#000; color: rgb(0 0 0)", "color: black; background: #000000ff",
    "color: #005; background: #005", "text-indent: -9999px", "margin-left: -999px", "position: absolute",
    "float: right", "overflow: hidden", "direction: rtl", "unicode-bidi: bidi-override", "writing-mode: vertical-rl",
    "content: '5'", "background: url(/dose.png)", "mso-hide: all", "-webkit-text-security: disc",
    "clip-path: inset(50%)",
    "transform: scaleX(-1)", "filter: blur(9px)", "font-family: Wingdings", "font: 7pt Symbol", "font: bold 9pt Arial",
    "zoom: 0", "-webkit-text-fill-color: transparent", "all: unset", "x",
]  # fmt: skip


@pytest.mark.parametrize("style", STYLES_LEFT_OUT)
def test_a_style_of_looks_alone_is_left_out(style):
    assert from_typed(f'<span style="{style}">5 mg</span>') == "<p>5 mg</p>"


@pytest.mark.parametrize("style", STYLES_KEPT)
def test_a_style_that_has_a_mark_becomes_that_mark(style):
    mark = STYLES_KEPT[style]

    assert from_typed(f'<span style="{style}">5 mg</span>') == f"<p><{mark}>5 mg</{mark}></p>"


@pytest.mark.parametrize("style", STYLES_REFUSED)
def test_a_style_that_would_be_missed_is_refused(style):
    assert refusal(f'<span style="{style}">5 mg</span>').startswith("Line 1: “")


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ('<b style="font-weight:normal">5 mg</b>', "<p>5 mg</p>"),
        ('<i style="font-style:normal">5 mg</i>', "<p>5 mg</p>"),
        ('<p style="font-weight:700">5 <span style="font-weight:400">mg</span></p>', "<p><strong>5</strong> mg</p>"),
        ('<h2 style="font-weight:700">5 mg</h2>', "<h3>5 mg</h3>"),
        ('<a href="/x/" style="text-decoration:underline">5</a>', '<p><a href="/x/">5</a></p>'),
        ('<table><tr><td style="vertical-align:top;overflow:hidden">5</table>',
         "<table>\n<tbody>\n<tr><td>5</td></tr>\n</tbody>\n</table>"),
        ('<ul><li style="list-style-type:circle">5</ul>', "<ul>\n<li>5</li>\n</ul>"),
    ],
)  # fmt: skip
def test_a_style_is_read_where_it_stands(typed, stored):
    assert from_typed(typed) == stored


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ('<a href="/x/" style="text-decoration:underline line-through">5</a>', "hides or strikes out"),
        ('<ol><li style="list-style-type:lower-alpha">5</ol>', "list-style-type: lower-alpha"),
        ('<ul style="list-style:none"><li>5</ul>', "list-style: none"),
        ('<sup style="vertical-align:baseline">5</sup>', "vertical-align: baseline"),
        ('<p style="white-space:pre">Age 5\nDose 10</p>', "keeps lines and spaces"),
        ('5<br style="display:none">6', "display: none"),
        ('<table><col style="visibility:collapse"><tr><td>5</table>', "visibility: collapse"),
        ("<style>.x {display:none}</style><p class=x>5</p>", ".x {display: none}"),
        ("<style>p.x {font-weight:bold}</style><p class='a x'>5</p>", "p.x {font-weight: bold}"),
        ("<style>@media print {p {color: red}}</style><p>5</p>", "The style sheet changes how the text reads"),
    ],
)
def test_a_style_that_would_be_missed_is_refused_where_it_stands(typed, words):
    assert words in refusal(typed)


def test_a_style_sheet_for_what_is_not_in_the_text_is_left_out():
    assert from_typed("<style>.y {display:none} a:link {text-decoration:underline}</style><p>5</p>") == "<p>5</p>"


@pytest.mark.parametrize("typed", ["5&#xFFFE;0 mg", "5&#1;0 mg", "5&#0;0 mg", "5&#xD800;0 mg", "5&#x110000;0 mg"])
def test_a_number_that_stands_for_no_sign_is_refused(typed):
    assert "stands for no character and would be left out." in refusal(typed)


@pytest.mark.parametrize("typed", ["5&#48; mg", "5&#x30; mg"])
def test_a_number_that_stands_for_a_sign_is_that_sign(typed):
    assert from_typed(typed) == "<p>50 mg</p>"
