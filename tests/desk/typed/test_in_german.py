"""Every word that refuses what was typed is marked for translation, and a German site refuses in German."""

from html import escape

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from articles.desk.typed import from_typed
from articles.text.richtext import TooLong
from tests.desk.typed import test_elements, test_exact, test_marks
from tests.pseudo import unmarked, without_line, wrapped

pytestmark = pytest.mark.once

TYPED = [typed for typed, *_ in (*test_exact.REFUSED, *test_marks.REFUSED)]
TYPED += [f"<{tag}>5 mg</{tag}>" for tag in sorted(test_elements.STANDARD - test_elements.TAKEN.keys())]
TYPED += [f'<p {name}="5">10 mg</p>' for name in test_elements.REFUSED]
TYPED += [f'<span style="{style}">5 mg</span>' for style in test_elements.STYLES_REFUSED]
TYPED += ["<ol><p>5</p></ol>", "<tr>5</tr>", "<ul>5</ul>", "<b>5", "5</b>", "<li></li>", "<ul><h3>5</h3></ul>"]
TYPED += ["<h2>5</h2><h3>6</h3>", '<a href="/x"><a href="/y">5</a></a>', "5 <!-- 6", "<div>" * 300, "<" * 60_001]
TYPED += ['<p id="a">5</p><a href="#a">6</a>', "<title>5</title>", "<sup><sub><sup>5</sup></sub></sup>", "a\u202eb"]


def refusal(typed: str) -> list[str]:
    try:
        from_typed(typed, keys=frozenset({"smith2020"}))
    except ValidationError as refused:
        return [str(message) for message in refused.messages]
    except TooLong as refused:
        return [str(refused)]
    return []


def test_every_word_of_a_refusal_is_marked():
    with wrapped():
        said = [sentence for typed in TYPED for sentence in refusal(typed)]

    assert len(said) > len(TYPED)
    assert [each for each in said if unmarked(f"<p>{escape(without_line(each))}</p>", "")] == []


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("5\n\n<td>6</td>", "Zeile 3: “<td>” muss direkt in <tr> stehen."),
        ("<caption>5</caption>", "Zeile 1: “<caption>” muss direkt in <table> stehen."),
        ("<li>5</li>", "Zeile 1: “<li>” muss direkt in <ol> oder <ul> stehen."),
        (
            "<u>5</u>",
            "Zeile 1: “<u>” unterstreicht seinen Text, was Artikel nur bei Links tun; schreiben Sie <strong> oder "
            "<em>.",
        ),
        (
            "**5 mg**",
            "Zeile 1: “**5 mg**” würde gezeigt, wie es eingegeben ist. Schreiben Sie für fetten Text <strong>. Wenn "
            "das * oder _ zum Text gehört, schreiben Sie &#42; oder &#95;.",
        ),
        (
            '<a href="x">5</a>',
            "Zeile 1: Die Adresse “x” muss mit https://, http://, mailto:, tel:, / oder # beginnen.",
        ),
        (
            "<" + "b<" * 60_000,
            "Dieser Text hat 60.001 Tags. Teilen Sie ihn, oder schreiben Sie ihn mit höchstens 60.000.",
        ),
    ],
)
def test_a_german_site_refuses_in_german(typed, said):
    with translation.override("de"):
        assert said in refusal(typed)
