"""Words of a section are replaced by others exactly where they are meant, or not at all."""

import random

import pytest
from lxml import html

from articles.text.rendering.passages import NotReplaced, blocks, passage, replaced
from articles.text.rendering.passages.blocks import lines
from articles.text.richtext import storable
from tests.articles.passages import edits

pytestmark = pytest.mark.once


def shown(body):
    """Return the lines of a section as the page has them, with the numbers of citations."""
    page = html.fragment_fromstring(f'<article><section id="s-key"><h2>Heading</h2>{body}</section></article>')
    for cite in page.iter("cite"):
        cite.tag, cite.text = "sup", "[7]"
        cite.set("class", "citation")
    return blocks(page)


def with_words(body, quoted, words):
    text = shown(body)
    place = passage(text, quoted)
    assert place is not None
    return replaced(storable(body), text, place, words)


@pytest.mark.parametrize(
    ("body", "quoted", "words", "result"),
    [
        ("<p>Give 5 mg at night.</p>", "5 mg", "10 mg", "<p>Give 10 mg at night.</p>"),
        (
            "<p>Give <strong>5 mg</strong> at night.</p>",
            "5 mg",
            "10 mg",
            "<p>Give <strong>10 mg</strong> at night.</p>",
        ),
        ("<p>Give <strong>5</strong> mg at night.</p>", "Give 5 mg", "Take ten", "<p>Take ten at night.</p>"),
        ("<p>It is <em>not</em> safe.</p>", "not safe", "safe & < 5", "<p>It is <em>safe &amp; &lt; 5</em>.</p>"),
        (
            '<p>It helps<cite data-ref="a">[a]</cite>, it seems.</p>',
            "it seems",
            "we think",
            '<p>It helps<cite data-ref="a">[a]</cite>, we think.</p>',
        ),
        (
            '<p>It helps<cite data-ref="a">[a]</cite>.</p>',
            "It helps",
            "It may help",
            '<p>It may help<cite data-ref="a">[a]</cite>.</p>',
        ),
        ('<p>See <a href="https://e.org/">the page</a>.</p>', "the page", "their page", None),
        ("<ul><li>One</li><li>Two <ol><li>Three</li></ol></li></ul>", "Two", "2", None),
        (
            "<table><thead><tr><th>Dose</th></tr></thead><tbody><tr><td>5 mg</td></tr></tbody></table>",
            "5 mg",
            "6 mg",
            None,
        ),
    ],
)
def test_exactly_the_words_are_replaced(body, quoted, words, result):
    found = with_words(body, quoted, words)

    assert found == storable(result or body.replace(quoted, words))


@pytest.mark.parametrize(
    ("body", "quoted", "reason"),
    [
        ('<p>It helps<cite data-ref="a">[a]</cite> often.</p>', "helps often", "citation"),
        ('<p>See <a href="https://e.org/">the page</a> there.</p>', "page there", "link"),
        ("<p>Below 10<sup>9</sup>/L it is low.</p>", "10^9/L", "raised"),
        ("<p>CO<sub>2</sub> is a gas.</p>", "CO_2 is", "raised"),
        ("<p>One<br>two</p>", "One two", "other"),
        ("<p>Text</p>", "Heading", "found"),
    ],
)
def test_nothing_is_lost_with_the_words(body, quoted, reason):
    with pytest.raises(NotReplaced) as error:
        with_words(body, quoted, "other words")

    assert error.value.reason == reason


def test_in_random_texts_one_line_changes_in_one_place():
    for seed in range(150):
        article = edits.Remarked(random.Random(seed)).fill()
        section = article.random.choice(article.sections)
        body = edits.written(section).partition("</h2>")[2].removesuffix("</section>")
        body = html.tostring(html.fragment_fromstring(body, create_parent="div"), encoding="unicode")[5:-6]
        text = shown(body)
        unit = article.random.choice(edits.units_of(section))
        place = passage(text, unit.text)
        if place is None:
            continue
        if "^" in unit.text:
            with pytest.raises(NotReplaced, match="raised"):
                replaced(storable(body), text, place, "other words")
            continue
        result = replaced(storable(body), text, place, "other words")

        line = text[place.block].line
        after = [block.line for block in lines(html.fragment_fromstring(result, create_parent="div"))]
        expected = [block.line for block in text[1:]]
        expected[place.block - 1] = f"{line[: place.start]}other words{line[place.end :]}"
        assert after == expected
