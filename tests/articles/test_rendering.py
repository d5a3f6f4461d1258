"""A frozen version as the page a reader sees."""

import json
from itertools import pairwise

import pytest
from lxml import html

from articles.text.rendering import render, visible_text
from tests.articles.frozen import DRUGS, LABELS, cite, lead, page, section, table, version, wording

pytestmark = pytest.mark.once

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&"
RICH = version(
    section("urg", role="urgent", heading="Call an ambulance", body=f"<p>At once{cite('b')}.</p>"),
    lead(f"<p>Lead{cite('a', 'b', 'c')}.</p><h4>Deep</h4><p>x</p>"),
    section("pts", role="key_points", heading="Key points", body=f"<ul><li>One{cite('d')}</li><li>Two</li></ul>"),
    section(
        "dos", heading="Doses", body=f"<h3>Adults</h3><h4>Old</h4>{table(DRUGS)}<p>See <a href='#s-pts'>points</a></p>"
    ),
    section("sum", role="summary", heading="Summary", body=f"<p>End{cite('zz')}{cite('d', 'a', 'b', 'c')}</p>"),
    works="abcd",
)


# The whole page


def test_the_page_is_an_article_in_its_language():
    article = page(lead(), language="de")

    assert article.tag == "article"
    assert dict(article.attrib) == {"class": "text", "lang": "de"}


def test_the_same_content_gives_the_same_bytes():
    assert render(RICH, "carer") == render(json.loads(json.dumps(RICH, sort_keys=True)), "carer")


@pytest.mark.parametrize("audience", LABELS)
def test_every_anchor_resolves_and_no_id_is_there_twice(audience):
    article = html.fragment_fromstring(render(RICH, audience).html)

    ids = article.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert {target[1:] for target in article.xpath("//@href[starts-with(., '#')]")} <= set(ids)
    assert set(article.xpath("//@aria-labelledby")) <= set(ids)


def test_headings_skip_no_level():
    article = html.fragment_fromstring(render(RICH, "public").html)

    levels = [1, *(int(heading.tag[1]) for heading in article.iter("h2", "h3", "h4", "h5", "h6"))]
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_headings_keep_which_lies_under_which():
    article = page(section(body="<h4>A</h4><h4>B</h4><h3>C</h3><h4>D</h4>"))

    assert [(heading.tag, heading.text) for heading in article.iter("h3", "h4")] == [
        ("h3", "A"), ("h3", "B"), ("h3", "C"), ("h4", "D"),
    ]  # fmt: skip


def test_the_lead_comes_first_and_the_other_sections_as_given():
    article = page(section("b"), section("a"), lead(), section("c"))

    assert article.xpath("section/@id") == ["s-lead", "s-b", "s-a", "s-c"]


def test_each_section_says_its_role():
    article = html.fragment_fromstring(render(RICH, "public").html)

    assert article.xpath("section/@data-role") == ["lead", "urgent", "key_points", "body", "summary"]


def test_an_urgent_heading_begins_with_a_hidden_word():
    article = page(section(role="urgent", heading="Chest pain"))

    assert article.xpath("string(section/h2)") == "Important: Chest pain"
    assert article.xpath("string(section/h2/span[@class='visually-hidden'])") == "Important: "


def test_a_lead_may_have_a_heading_and_does_without_when_it_has_none():
    assert not page(lead()).xpath("//h2")
    assert page(section(role="lead", heading="In short")).xpath("string(section/h2)") == "In short"


def test_reading_time_is_rounded_up_to_whole_minutes():
    assert render(version(lead("<p>word</p>")), "public").minutes == 1
    assert render(version(lead(f"<p>{'word ' * 230}</p>")), "public").minutes == 1
    assert render(version(lead(f"<p>{'word ' * 231}</p>")), "public").minutes == 2
    assert render(version(), "public").minutes == 1


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("癌症是一种疾病，" * 2000, 55),  # 14,000 characters
        ("癌症。", 1),
        ("がんは病気です。" * 1000, 20),  # 7,000
        (f"{'word ' * 230}{'癌' * 255}", 2),
        (f"{'word ' * 230}(癌症)", 2),
        ("한국어 " * 230, 1),
        ("मिलीग्राम है " * 230, 2),
        ("มะเร็งเป็นโรค" * 1000, 0),
        ("ມະເຮັງ" * 100, 0),
        ("ជំងឺមហារីក" * 100, 0),
        ("ကင်ဆာရောဂါ" * 100, 0),
        (f"{'word ' * 460}มะเร็ง", 3),
    ],
)
def test_reading_time_is_counted_as_the_script_is_read_or_not_told(text, minutes):
    assert render(version(lead(f"<p>{text}</p>")), "public").minutes == minutes


@pytest.mark.parametrize(
    ("role", "level"), [("help_now", "Emergency"), ("help_today", "Urgent"), ("help_soon", "See someone")]
)
def test_each_level_of_help_is_named_in_words_before_its_heading(role, level):
    article = page(section(role=role, heading="Call us if:"), language="es")

    (heading,) = article.xpath("section/h2")
    assert heading.text_content() == f"{level}: Call us if:"
    assert heading.find("span").get("lang") == "en"
    assert f"{level}: Call us if:" in visible_text(html.tostring(article, encoding="unicode"))
    assert article.xpath("section/@data-role") == [role]


# The list of contents


def test_contents_stand_after_the_lead_when_there_are_three_headings():
    rendered = render(version(lead(), *(section(key, heading=f"On {key}") for key in "xyz")), "public")
    article = html.fragment_fromstring(rendered.html)

    assert rendered.contents == (("s-x", "On x"), ("s-y", "On y"), ("s-z", "On z"))
    assert [child.tag for child in article] == ["section", "nav", "section", "section", "section"]
    assert article.xpath("nav//a/@href") == ["#s-x", "#s-y", "#s-z"]
    assert article.xpath("nav//a/text()") == ["On x", "On y", "On z"]
    assert article.xpath("string(nav/*[@id=../@aria-labelledby])") == "Contents"


def test_two_headings_need_no_list_of_contents():
    assert not page(lead(), section("x"), section("y")).xpath("//nav")


def test_contents_come_first_and_folded_when_there_is_no_lead():
    article = page(*map(section, "xyz"))
    shown, folded = page(lead(), *map(section, "xyz")).find("nav"), article.find("nav")

    assert article[0] is folded
    assert folded.xpath("details[not(@open)]/summary/h2/text()") == ["Contents"]
    assert folded.xpath("details/ul/li/a/@href") == shown.xpath("ul/li/a/@href") == ["#s-x", "#s-y", "#s-z"]
    texts = [visible_text(html.tostring(one, encoding="unicode", with_tail=False)) for one in (shown, folded)]
    assert texts[0] == texts[1]


# Audiences


def test_an_audience_gets_its_own_wording():
    both = [
        section(professional=wording("<p>Own.</p>", "Own heading")),
        section("b2", professional=wording("<p>Own 2.</p>")),
    ]
    rendered = render(version(*both), "professional")
    article = html.fragment_fromstring(rendered.html)

    assert article.xpath("section/p/text()") == ["Own.", "Own 2."]
    assert article.xpath("section/h2/text()") == ["Own heading", "Heading"]
    assert not rendered.general
    assert not article.find_class("wording-note")


def test_an_audience_without_any_wording_is_told_whom_the_page_was_written_for():
    rendered = render(version(section()), "professional")

    assert rendered.general
    assert visible_text(rendered.html).startswith(
        "This page was written for a patient or member of the public. "
        "There is no separate text for a healthcare professional.\n"
    )


def test_an_audience_with_some_wordings_is_told_so():
    rendered = render(version(section(), section("b2", carer=wording("<p>Own.</p>"))), "carer")

    assert rendered.general
    assert "Some sections have no separate text for a carer or family member." in rendered.html
    assert "<p>Text.</p>" in rendered.html
    assert "<p>Own.</p>" in rendered.html


def test_the_audience_a_page_was_written_for_gets_the_general_text():
    rendered = render(version(section(carer=wording("<p>Stray.</p>")), written_for="carer"), "carer")

    assert not rendered.general
    assert "<p>Text.</p>" in rendered.html


def test_an_audience_made_after_the_version_gets_the_general_text():
    assert "no separate text for other readers" in render(version(section()), "student").html


@pytest.mark.parametrize("empty", ["", "<p> </p>", "<script>x</script>"])
def test_a_wording_without_text_is_no_wording(empty):
    rendered = render(version(section(carer=wording(empty, "Heading of nothing"))), "carer")

    assert rendered.general
    assert "<p>Text.</p>" in rendered.html
    assert "nothing" not in rendered.html


def test_a_section_for_one_audience_only_is_left_out_for_the_others():
    only = section("pro", heading="For colleagues", body="", professional=wording("<p>Own.</p>"))

    assert "colleagues" not in render(version(lead(), only), "public").html
    assert "colleagues" in render(version(lead(), only), "professional").html


# Links and hostile text


def test_links_to_other_sites_do_not_hand_over_this_page():
    article = page(lead('<p><a href="HTTPS://example.org/a?b=1&amp;c=2">x</a> <a href="/articles/y/">y</a></p>'))

    other, own = article.iter("a")
    assert other.get("rel") == "noopener noreferrer"
    assert dict(own.attrib) == {"href": "/articles/y/"}


@pytest.mark.parametrize("audience", [*LABELS, "student"])
def test_hostile_text_does_not_come_through_as_markup(audience):
    works = [
        {"key": "a", "csl": json.dumps({"title": HOSTILE, "publisher": HOSTILE, "URL": f"https://e.org/{HOSTILE}"})}
    ]
    body = f"<p>{HOSTILE}</p>{table(DRUGS, caption=HOSTILE)}<p>{cite('a')}<a href='javascript:alert(1)'>x</a></p>"
    sections = [
        section(key, heading=HOSTILE, body=body, role=role, carer=wording(body, HOSTILE))
        for key, role in (("a", "lead"), ("b", "urgent"), ("c", HOSTILE), (HOSTILE, "body"))
    ]
    audiences = [{"key": key, "label": HOSTILE} for key in LABELS]

    article = page(*sections, audience=audience, audiences=audiences, references=works, language=HOSTILE)

    assert not list(article.iter("script", "img", "svg", "iframe", "style"))
    assert not [name for element in article.iter() for name in element.attrib if name.startswith("on")]
    assert not [href for href in article.xpath("//@href") if not href.startswith(("#", "https://e.org/"))]
    assert article.get("lang") == HOSTILE


def test_characters_that_no_page_may_hold_are_left_out():
    rendered = render(version(section(heading="A\x00B\ufffe\x0bC", body="<p>x\x01y</p>")), "public")

    assert visible_text(rendered.html) == "AB C\nxy"


# What a reader sees


def test_visible_text_has_lines_for_blocks_and_tabs_between_cells():
    seen = visible_text(render(RICH, "public").html)

    assert seen == "\n".join(
        [
            "Lead[1–3].", "Deep", "x",
            "Contents", "Call an ambulance", "Key points", "Doses", "Summary",
            "Important: Call an ambulance", "At once[2].",
            "Key points", "One[4]", "Two",
            "Doses", "Adults", "Old", "Table 1. Doses", "Drug\tDose", "Aspirin\t75 mg", "Warfarin\t1 mg", "See points",
            "Summary", "End[1–4][citation missing]",
            "References", "1. Work a. ↩ ↩", "2. Work b. ↩ ↩ ↩", "3. Work c. ↩ ↩", "4. Work d. ↩ ↩",
        ]
    )  # fmt: skip


@pytest.mark.parametrize(
    ("markup", "seen"),
    [
        ("<p>a\n  b&nbsp;c<br>d</p>", "a b c\nd"),
        ("<p>cafe\u0301</p>", "caf\u00e9"),
        ("<p>H<sub>2</sub>O <em>is</em> wet</p>", "H_2O is wet"),
        ("<ol start=3><li>x</li><li><p>y</p><p>z</p></li></ol>", "3. x\n4. y\nz"),
        ("<ul><li>x<ol><li>y</li></ol></li></ul>", "x\n1. y"),
        ("<table><tr><td><p>a</p><p>b</p></td><td></td><td><ol><li>c</li></ol></td></tr></table>", "a b\t\t1. c"),
        ("<p aria-label='no'>yes<!-- no --><script>no</script></p><p hidden>no</p>", "yes"),
        ("loose <b>text</b>", "loose text"),
        ("<p>10<sup>6</sup></p>", "10^6"),
        ("<ol start='many'><li>x</li></ol>", "1. x"),
        ("", ""),
    ],
)
def test_visible_text_is_what_a_reader_sees(markup, seen):
    assert visible_text(markup) == seen


def test_a_lost_table_row_is_seen():
    whole = render(RICH, "public").html
    article = html.fragment_fromstring(whole)

    lost = article.xpath("//tbody/tr")[-1]
    lost.getparent().remove(lost)

    assert visible_text(html.tostring(article, encoding="unicode")) != visible_text(whole)
