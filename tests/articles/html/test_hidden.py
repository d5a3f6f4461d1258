"""What a browser hides, reopens or changes from afar: by style sheets, by tags before the text, and by encodings."""

import pytest

from articles.files import apart
from articles.files.html.parsing import parse
from articles.files.imported import BadFile

AUDIENCES = frozenset({"public", "carer", "professional"})
TEXT = '<h1>On nodes</h1><p class="secret">Take 50 mg.</p><p>End.</p>'


def styled(sheet: str, text: str = TEXT) -> bytes:
    return f"<!doctype html><title>A</title><style>{sheet}</style><body>{text}</body>".encode()


def page(text: str, tag: str = "<body>") -> bytes:
    return f"<!doctype html><html><head><title>A</title></head>{tag}{text}</body></html>".encode()


def body_of(data: bytes) -> str:
    return "".join(section.body for section in parse(data, audiences=AUDIENCES).sections).replace("\n", "")


def refused(data: bytes) -> str:
    with pytest.raises(BadFile) as refusal:
        parse(data, audiences=AUDIENCES)
    return "\n".join(refusal.value.sentences)


@pytest.mark.parametrize(
    "sheet",
    [
        '@media print { a { background: url("{") } } .secret { display: none }',
        "@media print { a { background: url({) } } .secret { display: none }",
        '@font-face { font-family: "{" } .secret { display: none }',
        'a { font-family: "/*" } .secret { display: none } b { font-family: "*/" }',
        'a[title="}"] { color: red } .secret { display: none }',
        r".\73 ecret { display: none }",
        r".secret { dis\70lay: none }",
        "p:not(.other) { display: none }",
        "p:not(.a .b) { display: none }",
        ":is(.other, p) { display: none }",
        'p[class="a,b"], p[class="secret"] { display: none }',
        "@list a; .secret { display: none }",
        "@page a; .secret { display: none }",
        '@namespace x "http://www.w3.org/1999/xhtml"; x|p { display: none }',
        ".SECRET { display: none }",
        ".secret★, p:hover { display: none }",
        "body { text-transform: uppercase }",
        "html { text-transform: uppercase }",
        ".secret { color: rgb(0 0 0 / 2%) }",
        ".secret { color: rgba(0, 0, 0, .05) }",
    ],
)
def test_a_rule_that_hides_is_found_however_it_is_written(sheet):
    assert "The style sheet changes how the text reads" in refused(styled(sheet))


@pytest.mark.parametrize(
    ("sheet", "text"),
    [
        ("tbody { text-transform: uppercase }", "<table><tr><td>50 mg</td></tr></table>"),
        (".secret { display: none }", '<p class="se&#99;ret">50 mg</p>'),
        (".secret { display: none }", '<p data-x="class=\'" class=secret>50 mg</p><p data-y="\'">B.</p>'),
        ("div ol { list-style-type: upper-roman }", "<div><ol><li>50 mg</li></ol></div>"),
        (".plain { list-style: none }", '<ol class="plain"><li>50 mg</li></ol>'),
        ("ol li { list-style-type: disc }", "<ol><li>50 mg</li></ol>"),
        ("em .raised { vertical-align: super }", '<p><em>10<span class="raised">9</span></em></p>'),
        ("h3 .raised { vertical-align: super }", '<h2>A</h2><h3>10<span class="raised">9</span></h3><p>B.</p>'),
        ("sup { vertical-align: sub }", "<p>10<sup>9</sup></p>"),
    ],
)
def test_a_rule_that_changes_a_part_is_found(sheet, text):
    assert "The style sheet changes how the text reads" in refused(styled(sheet, f"<h1>A</h1><p>B.</p>{text}"))


@pytest.mark.parametrize(
    "sheet",
    [
        '@import url("https://example.org/css?family=A:wght@400;700"); p { font-family: "Open Sans", serif }',
        '.other { background: url("data:image/svg+xml;utf8,<svg>{}</svg>"); display: none }',
        "/* .secret { display: none } */ p { margin: 0 }",
        "@media print { a::before { content: '}' } .secret { display: none } }",
        "p:not(.other) { margin: 0 } .secret { color: rgb(0 0 0 / 90%) }",
        "sup { vertical-align: super } ul li { list-style: disc } ol { list-style: decimal }",
        "ol { list-style: none }",
    ],
)
def test_a_rule_that_changes_nothing_of_the_text_is_no_matter(sheet):
    assert body_of(styled(sheet)) == "<p>Take 50 mg.</p><p>End.</p>"


@pytest.mark.parametrize(
    "before",
    [
        "<div hidden><table><tr><td></div>",
        "<div hidden><table><caption></div>",
        "<div hidden><object></div>",
        "<div hidden><marquee></div>",
        "<div hidden><button></div>",
        "<div><b style='display:none'></div>",
        "<div><s></div>",
        "<p>A<s></p>",
        "<div><font color='white'></div>",
        "<svg><style></svg><div hidden></style></svg>",
        "<svg><div hidden/></svg>",
    ],
)
def test_what_stays_open_before_the_main_part_is_not_forgotten(before):
    assert refused(page(f"{before}<main><h1>A</h1><p>Take 50 mg.</p></main>"))


def test_a_drawing_before_the_main_part_is_left_out():
    before = '<header><p>Home<p>Menu</header><svg viewBox="0 0 1 1"><path d="M0"/></svg>'

    assert body_of(page(f"{before}<main><h1>A</h1><p>Take 50 mg.</p></main>")) == "<p>Take 50 mg.</p>"


def test_tags_of_the_whole_page_count_wherever_they_stand():
    main = "<main><h1>A</h1><p>Take 50 mg.</p></main>"

    for behind in ("<body hidden>", '<html style="text-transform: uppercase">'):
        assert refused(page(main + behind))
    for tag in (
        '<body/style="text-transform: uppercase">',
        '<body class="a"style="text-transform: uppercase">',
        "<body style=text-transform&colon;uppercase>",
        "<body/hidden>",
        "<body popover>",
        '<body text="white">',
    ):
        assert refused(page(main, tag)), tag
    assert body_of(page(main, '<body class="a" bgcolor="black" text="white" link="#ff0">')) == "<p>Take 50 mg.</p>"


def test_a_template_that_is_shown_instead_of_the_text_is_refused():
    template = '<template shadowrootmode="open"><p>Take 50 mg.</p></template>'

    for text in (f"<div>{template}<p>Take 5 mg.</p></div>", f"<div>{template}<main><p>Take 5 mg.</p></main></div>"):
        assert "Browsers show this template instead" in refused(page(text))


def test_a_style_sheet_in_an_address_is_refused():
    link = '<link href="data:text/css,p{display:none}" rel="alternate stylesheet">'

    assert "The style sheet in this address" in refused(page(f"{link}<p>Take 50 mg.</p>"))


def test_a_link_that_becomes_words_keeps_what_hides_it_and_none_leads_into_this_site():
    assert "not a valid HTML tag" in refused(page('<p>5 <a href="/x"style="display:none">0</a> mg</p>'))
    assert body_of(page("<p>A <a data-x=' href=\"https://x.org\" ' href='/y'>b</a></p>")) == "<p>A b</p>"


def test_the_number_of_an_item_is_that_of_its_list():
    for tag, kind in (("ul", "decimal"), ("ol", "disc"), ("ol", "none")):
        assert "list-style" in refused(page(f'<p>A.</p><{tag}><li style="list-style-type:{kind}">50 mg</li></{tag}>'))
    assert "<li>5 mg</li>" in body_of(page('<p>A.</p><ul><li style="list-style-type:disc">5 mg</li></ul>'))


@pytest.mark.parametrize(
    ("meta", "code"),
    [
        ("<!-- <meta charset='windows-1251'> --><meta charset='utf-8'>", "utf-8"),
        ("<meta name='description' content='charset=windows-1251'><meta charset=utf-8>", "utf-8"),
        ("<script>'<meta charset=windows-1251>'</script>", "utf-8"),
        (f"<!--{'x' * 1100}--><meta charset='windows-1252'>", "cp1252"),
        ("<meta content='text/html; charset=ISO-8859-9' http-equiv='content-type'>", "cp1254"),
    ],
)
def test_the_encoding_is_the_one_that_browsers_find(meta, code):
    data = f"<!doctype html><title>A</title>{meta}<p>5 µg – é</p>".encode(code)

    assert body_of(data) == "<p>5 μg – é</p>"


def test_an_encoding_that_browsers_do_not_know_is_refused():
    for label in ("utf-7", "unicode_escape", "cp437", "utf-32", "mac_greek", "idna", "iso-8859-12"):
        data = f"<!doctype html><meta charset='{label}'><title>A</title><p>Take +ADU- \\x35 mg.</p>".encode()
        assert f"The encoding {label} is not known" in refused(data)


def test_a_page_that_names_two_encodings_is_refused():
    data = b"<!doctype html><meta charset='utf-8'><meta charset='koi8-r'><title>A</title><p>Take 5 mg.</p>"

    assert "The page names several encodings (koi8-r, utf-8)" in refused(data)


@pytest.mark.parametrize(
    "part", ["<meta '", "<!--", "<script ", "<svg><g></svg>", "<div><b></div>", '<a href="', "<main>", "<style>'"]
)
def test_what_repeats_a_trap_is_refused_in_time(part):
    data = page(part * 25_000)

    with pytest.raises(BadFile):
        apart.read(data, audiences=AUDIENCES)
