"""Passages of one version in another: found where the same words say the same, and never on other words."""

import copy
import os
import random

import pytest
from lxml import html

from articles.text.rendering.passages import Passage, blocks, find, find_through, passage, places
from tests.articles.passages import edits

pytestmark = pytest.mark.once

CASES = int(os.environ.get("CASES", "800"))


def page(*sections):
    return html.fragment_fromstring(
        "<article>"
        + "".join(f'<section id="s-key{n}">{body}</section>' for n, body in enumerate(sections))
        + "</article>"
    )


def found(old, new, words, nth=0):
    """Return the line in which the words of the old page are found in the new one, with them in brackets."""
    before, after = blocks(page(*old)), blocks(page(*new))
    wanted = places(before, words)[nth]
    place = find(wanted, before, after)
    if place is None:
        return None
    line = after[place.block].line
    return f"{line[: place.start]}[{line[place.start : place.end]}]{line[place.end :]}"


ADULTS, CHILDREN = "<p>Adults: give 5 mg.</p>", "<p>Children: give 5 mg.</p>"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ([CHILDREN], [ADULTS]),
        ([ADULTS + CHILDREN], [ADULTS]),
        (["<h3>Children</h3><p>Give 5 mg.</p>"], ["<h3>Adults</h3><p>Give 5 mg.</p>"]),
        (
            ["<p>Do not take it with:</p><ul><li>5 mg of this</li></ul>"],
            ["<p>Take it with:</p><ul><li>5 mg of this</li></ul>"],
        ),
        (["<p>Never give it to infants. Give 5 mg.</p>"], ["<p>Give it to infants. Give 5 mg.</p>"]),
        (["<p>Give 5 mg if you must.</p>"], ["<p>Give 5 mg whenever asked.</p>"]),
        (["<p>Do not give 5 mg.</p>"], ["<p>Do give 5 mg.</p>"]),
        (["<p>It is for children.</p><p>Give 5 mg.</p>"], ["<p>It is for adults.</p><p>Give 5 mg.</p>"]),
        (["<p>Take 5 mg. Take 5 mg.</p>"], ["<p>Take 5 mg.</p>"]),
    ],
    ids=[
        "label",
        "one of two",
        "heading",
        "lead",
        "sentence before",
        "words after",
        "negation",
        "line before",
        "twice",
    ],
)
def test_the_same_words_about_something_else_are_not_taken_for_them(old, new):
    words = next(each for each in ("give 5 mg", "Give 5 mg", "Take 5 mg", "5 mg of this") if each in old[0])

    assert found(old, new, words, nth=-1) is None


TABLE = (
    "<table><caption>Doses</caption><thead><tr><th></th><th>{0}</th><th>{1}</th></tr></thead>"
    "<tbody><tr><th>{2}</th><td>5 mg</td><td>10 mg</td></tr><tr><th>{3}</th><td>10 mg</td><td>5 mg</td></tr></tbody>"
    "</table>"
)


def test_a_dose_in_a_table_is_that_of_its_row_and_column():
    old = [TABLE.format("Adults", "Children", "Start", "Later")]

    assert found(old, [TABLE.format("Adults", "Children", "Start", "Later")], "5 mg", nth=1) == "[5 mg]"
    assert found(old, [TABLE.format("Children", "Adults", "Start", "Later")], "5 mg", nth=1) is None
    assert found(old, [TABLE.format("Adults", "Children", "Later", "Start")], "5 mg", nth=1) is None


def test_cells_over_several_rows_and_columns_are_headers_of_all_of_them():
    table = html.fragment_fromstring(
        '<article><section id="s-a"><table><thead><tr><th rowspan="2">When</th><th colspan="2">Adults</th></tr>'
        "<tr><th>Ill</th><th>Well</th></tr></thead><tbody><tr><th rowspan='2'>Night</th><td>1 mg</td><td>2 mg</td></tr>"
        "<tr><td>3 mg</td><td>4 mg</td></tr></tbody></table></section></article>"
    )
    of = {block.line: block.after for block in blocks(table)}

    assert of["1 mg"] == ("Adults", "Ill", "Night")
    assert of["4 mg"] == ("Adults", "Well", "Night")


def test_a_passage_is_found_after_changes_elsewhere_and_after_a_move():
    old = ["<p>One thing. Adults: give 5 mg twice a day.</p><p>Another.</p>", "<p>Third.</p>"]

    assert found(old, ["<p>Adults: give 5 mg twice a day.</p>"], "give 5 mg") == "Adults: [give 5 mg] twice a day."
    new = ["<p>Another.</p>", "<p>Third.</p><p>One thing. Adults: give 5 mg twice a day.</p>"]
    assert found(old, new, "give 5 mg") == "One thing. Adults: [give 5 mg] twice a day."


def test_numbers_of_citations_may_change_and_raised_numbers_are_told_from_others():
    old = ['<p>Cells are 10<sup>9</sup>/L<sup class="citation"><a>[1]</a></sup> in most adults.</p>']
    new = ['<p>Cells are 10<sup>9</sup>/L<sup class="citation"><a>[7]</a></sup> in most adults.</p>']

    assert found(old, new, "10^9/L") == "Cells are [10^9/L] in most adults."
    assert passage(blocks(page(*old)), "10") is None, "10 is not 10^9"
    assert passage(blocks(page("<p>It is 0.5 mg.</p>")), "5 mg") is None


def quoted_words(unit, chance):
    start = chance.randrange(len(unit.words))
    return slice(start, chance.randrange(start, len(unit.words)) + 1)


def place_of(text, article, unit, quoted):
    """Return where the quoted words of a unit are, told by the unit's number instead of by words."""
    words = " ".join(unit.words[quoted])
    for number, block in enumerate(text):
        pieces = [piece for piece in block.pieces if piece.element.get("data-unit") == str(unit.number)]
        if not pieces:
            continue
        letters = block.letters()
        first = next(at for at, letter in enumerate(letters) if block.pieces[letter.piece] in pieces)
        start = first + len(" ".join(unit.words[: quoted.start])) + bool(quoted.start)
        return Passage(number, start, start + len(words))
    return None


def replace_words(article, old, kept, quoted):
    """Replace words of the article as a taken suggestion does, often near the quoted ones; return which, and where."""
    chance = article.random
    near = [units for units in edits.lists_with(article, kept) if len(units) > 1]
    unit = chance.choice([kept, kept, *(unit for units in near for unit in units), *article.units()])
    words = quoted_words(unit, chance)
    if unit is kept and words.start < quoted.stop and quoted.start < words.stop:
        return quoted, []  # they overlap: nothing is replaced
    place = place_of(old, article, unit, words)
    instead = [f"instead{chance.randrange(10_000)}" for _ in range(chance.choice([1, 2]))]
    instead[-1] += next((sign for sign in ".:" if unit.words[words.stop - 1].endswith(sign)), "")
    more = len(instead) - (words.stop - words.start)
    unit.words[words] = instead
    article.seen.add(unit.text)
    if unit is kept and words.start < quoted.start:
        quoted = slice(quoted.start + more, quoted.stop + more)
    return quoted, [(place, " ".join(instead))]


@pytest.mark.parametrize("with_suggestions", [False, True])
def test_over_random_edits_no_passage_is_found_on_other_words_and_few_are_lost(with_suggestions):
    kept, lost, wrong = 0, 0, []
    for seed in range(CASES):
        article = edits.Remarked(random.Random(seed)).fill()
        chance = article.random
        unit = chance.choice(article.units())
        quoted = quoted_words(unit, chance)
        old = blocks(article.page())
        wanted = place_of(old, article, unit, quoted)
        words = old[wanted.block].line[wanted.start : wanted.end]
        assert words == " ".join(unit.words[quoted])
        replaced = []
        if with_suggestions:
            quoted, replaced = replace_words(article, old, unit, quoted)
        for _ in range(chance.choice([1, 2, 3, 5])):
            edits.any_edit(article, unit, quoted)
        fate = chance.choice(["kept", "kept", "kept", "kept", "removed", "relabelled", "replaced", "doubled"])
        if fate == "removed":
            edits.remove(article, unit)
        elif fate == "replaced":
            edits.put_a_likeness(article, unit, quoted)
        elif fate == "doubled":
            edits.add_a_twin(article, unit)
        elif fate == "relabelled" and quoted.start > 0:
            edits.relabel(article, copy.copy(unit) if unit not in article.units() else unit)
        new = blocks(article.page())
        place = find_through(wanted, old, new, replaced)
        if fate in ("kept", "doubled"):
            kept += fate == "kept"
            lost += fate == "kept" and place is None
            if place not in (None, place_of(new, article, unit, quoted)):
                wrong.append((seed, words))
        elif place is not None and (fate != "relabelled" or quoted.start > 0):
            wrong.append((seed, words))

    assert kept > CASES / 3
    assert wrong == []
    assert lost <= 0.05 * kept


def test_a_line_has_a_place_for_each_of_its_characters():
    chance = random.Random(17)
    parts = [
        "<b> 5</b>",
        " mg",
        "<sup>2</sup>",
        "<sub> 2</sub>",
        "  ",
        "\n",
        "it",
        "<br>",
        '<a class="citation">1</a>',
        ".",
    ]
    tails = ["", " ", " so"]
    for _ in range(CASES):
        inside = "".join(chance.choice(parts) + chance.choice(tails) for _ in range(chance.randint(0, 8)))
        for block in blocks(page(f"<p>{inside}</p>")):
            letters = block.letters()

            assert len(letters) == len(block.line), inside
            for character, (number, at) in zip(block.line, letters, strict=True):
                piece = block.pieces[number]
                assert character == " " or character in piece.sign + piece.text[at : at + 1], inside
