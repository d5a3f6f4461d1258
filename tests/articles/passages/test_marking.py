"""Passages marked in a page: their words and nothing else, whatever other marks they cross."""

import pytest
from lxml import html

from articles.text.rendering.passages import blocks, mark, passage

pytestmark = pytest.mark.once

PAGE = (
    '<article><section id="s-a"><h2>Doses</h2><p>Take  <strong>5 mg</strong> of it <sup class="citation">[1]</sup> '
    "now, or 10<sup>9</sup>/L.</p></section></article>"
)


def marked(*quotes):
    article = html.fragment_fromstring(PAGE)
    text = blocks(article)
    mark(text, [(passage(text, words), f"m{number}") for number, words in enumerate(quotes)])
    return html.tostring(article, encoding="unicode")


@pytest.mark.parametrize(
    ("words", "as_marked"),
    [
        (
            "Take 5 mg",
            "<m0>Take </mark> <strong><m0>5 mg</mark></strong> of it",
        ),
        (
            "it now",
            '<m0>it</mark> <sup class="citation">[1]</sup><m0> now',
        ),
        (
            "10^9/L",
            "or <m0>10</mark><sup><m0>9</mark></sup><m0>/L</mark>.</p>",
        ),
        ("Doses", "<h2><m0>Doses</mark></h2>"),
    ],
)
def test_the_words_are_marked_across_other_elements(words, as_marked):
    assert as_marked in marked(words).replace('<mark class="remark" data-of="m0">', "<m0>")


def test_where_passages_overlap_no_word_is_lost_or_shown_twice():
    article = html.fragment_fromstring(marked("Take 5 mg of", "5 mg of it", "now"))

    assert article.text_content() == html.fragment_fromstring(PAGE).text_content()
    of = [(node.text, node.get("data-of")) for node in article.iter("mark")]
    assert of == [("Take ", "m0"), ("5 mg", "m0 m1"), (" of", "m0 m1"), (" it", "m1"), ("now", "m2")]
