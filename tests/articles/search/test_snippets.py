"""What a result shows of a text: whole sentences of what was signed, with what they depend on."""

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.search.analysis import query_terms
from articles.search.results.snippets import LONG, TOO_LONG, excerpt, marked
from articles.text.richtext.statements import Statement, statements
from articles.text.sentences import sentences
from tests.samples import medical_texts


def shown(html: str, query: str) -> str:
    return excerpt(statements(html), [each.terms for each in query_terms(query)])


def bare(snippet: str) -> str:
    return unescape(re.sub("</?mark>", "", snippet))


@pytest.mark.parametrize(
    ("html", "query", "expected"),
    [
        ("<p>Aspirin is not recommended for children.</p>", "aspirin children",
         "<mark>Aspirin</mark> is not recommended for <mark>children</mark>."),
        ("<p>Take 0.5 mg at night.</p>", "5 mg", "Take 0.5 mg at night."),
        ("<p>Take 0.5 mg at night.</p>", "0.5 mg", "Take <mark>0.5 mg</mark> at night."),
        ("<p>ALT &lt;ULN and bilirubin &gt;2.</p>", "bilirubin", "ALT &lt;ULN and <mark>bilirubin</mark> &gt;2."),
        ("<p>Do not take it with:</p><ul><li>Warfarin</li><li>Alcohol</li></ul>", "alcohol",
         "Do not take it with: … <mark>Alcohol</mark>"),
        ("<h3>When not to use it</h3><p>In pregnancy.</p>", "pregnancy",
         "When not to use it … In <mark>pregnancy</mark>."),
        ("<p>Wash it. Never use:</p><ol><li>Bleach<ul><li>of any strength</li></ul></li></ol>", "strength",
         "Wash it. Never use: … Bleach … of any <mark>strength</mark>"),
        ("<p>They filter 10<sup>9</sup>/L, CO<sub>2</sub>.</p>", "filter", "They <mark>filter</mark> 10^9/L, CO_2."),
        ("<p>One.</p><p>Two words.</p>", "xylophone", "One."),
        ("", "anything", ""),
    ],
)  # fmt: skip
def test_a_snippet_is_whole_sentences_with_what_they_depend_on(html, query, expected):
    assert shown(html, query) == expected


ASTHMA = "<p>Do not take aspirin in any of these cases. Examples are:</p><ul><li>asthma</li></ul>"
HEADED = "<h3>When not to use it</h3><h4>Children</h4><p>Aspirin.</p>"


@pytest.mark.parametrize(
    ("html", "query", "expected"),
    [
        (ASTHMA, "asthma", "Do not take aspirin in any of these cases. Examples are: … asthma"),
        ("<p>Avoid:</p><p>ibuprofen and naproxen.</p>", "naproxen", "Avoid: … ibuprofen and naproxen."),
        ("<p>Avoid:</p><p>Ibuprofen</p><p>Naproxen</p>", "naproxen", "Avoid: … Ibuprofen … Naproxen"),
        ("<p>Never take it</p><p>In pregnancy.</p>", "pregnancy", "Never take it … In pregnancy."),
        ("<p>Do not do this.</p><p>Examples:</p><ul><li>Smoking</li></ul>", "smoking",
         "Do not do this. … Examples: … Smoking"),
        ("<p>Do not take:</p><p>Examples:</p><p>Aspirin.</p>", "aspirin", "Do not take: … Examples: … Aspirin."),
        ("<p>Do not take it with:</p><ul><li>Warfarin</li></ul><ul><li>Aspirin</li></ul>", "aspirin",
         "Do not take it with: … Aspirin"),
        ("<p>Do not take it with:</p><ul><li>Warfarin</li></ul><p>or with aspirin.</p>", "aspirin",
         "Do not take it with: … or with aspirin."),
        (HEADED, "aspirin", "When not to use it … Children … Aspirin."),
        (f"{HEADED}<h3>Storage</h3><p>Keep dry.</p>", "dry", "Storage … Keep dry."),
        (f"<p>Avoid:</p><h3>Fever</h3><p>Heat.</p>{HEADED}", "aspirin",
         "Avoid: … When not to use it … Children … Aspirin."),
        ("<h3>Never</h3><p>Do not take:</p><h4>Pain</h4><p>Aspirin.</p><h3>Storage</h3><p>Keep dry.</p>", "dry",
         "Storage … Keep dry."),
        ("<p>It is safe.</p><p>Take aspirin.</p>", "aspirin", "Take aspirin."),
        (f"<p>{'It is safe. ' * 11}</p><p>You can take it together with:</p><ul><li>Aspirin</li></ul>", "aspirin",
         "You can take it together with: … Aspirin"),
        ("<p>Take:</p><ul><li>Water</li></ul><p>Avoid aspirin.</p>", "aspirin", "Avoid aspirin."),
    ],
)  # fmt: skip
def test_a_snippet_keeps_all_that_it_may_depend_on_and_no_more(html, query, expected):
    assert bare(shown(html, query)) == expected


def test_an_item_that_is_too_long_with_what_it_depends_on_is_not_quoted():
    long = f"<p>Never {'and never ' * 90}do any of these:</p><ul><li>Take aspirin</li></ul>"

    assert shown(long, "aspirin") == ""
    assert bare(shown(f"{long}<p>Ask about aspirin.</p>", "aspirin take")) == "Ask about aspirin."


def test_a_row_of_a_table_is_not_shown_without_its_headers():
    table = (
        "<table><caption>Doses by age</caption><thead><tr><th scope='col'>Adults</th><th scope='col'>Children</th></tr>"
        "</thead><tbody><tr><td>500 mg</td><td>5 mg</td></tr></tbody></table>"
    )

    said = '<span lang="en">In a table:</span>'
    assert shown(table, "5 mg children") == f"{said} Doses by age"
    assert shown(table, "doses") == f"{said} <mark>Doses</mark> by age"
    assert shown(table.replace("by age", "by age. Ask first"), "children") == f"{said} Doses by age. Ask first"
    assert shown(f"<p>Never take:</p>{table}", "children") == f"Never take: … {said} Doses by age"
    assert shown(table.replace("<caption>Doses by age</caption>", ""), "children") == said.replace(":", "")


def test_the_sentence_with_most_of_the_words_is_shown_and_those_after_it():
    text = "<p>Nodes swell. Nodes filter lymph in the neck. They hold cells.</p><p>Lymph flows.</p>"

    assert bare(shown(text, "lymph neck")) == "Nodes filter lymph in the neck. They hold cells."


def test_a_sentence_is_never_shortened_and_one_that_is_too_long_is_not_quoted():
    long = f"The needle {'and more ' * 60}is not here."
    longer = f"The needle {'and more ' * 200}is not here."

    assert bare(shown(f"<p>{long}</p>", "needle")) == long
    assert len(long) > LONG
    assert shown(f"<p>{longer}</p>", "needle") == ""
    assert len(longer) > TOO_LONG


def test_words_are_marked_in_every_form_and_nothing_else_is():
    terms = {term for each in query_terms("metastasis children") for term in each.terms}

    assert marked("Metastases in a child, <b>.", terms) == "<mark>Metastases</mark> in a <mark>child</mark>, &lt;b&gt;."


SAID = "not no never without aspirin children mg 0.5 5 1,000 is e.g. Dr. A vs. ≥ <3 it. It? Do Take than (see p. 5)"
words = st.sampled_from(SAID.split())


@given(
    st.lists(st.lists(words, min_size=1, max_size=12), min_size=1, max_size=4), st.lists(words, min_size=1, max_size=3)
)
def test_a_snippet_has_every_word_of_its_sentences(lines, query):
    every = [Statement(" ".join(line)) for line in lines]

    snippet = bare(excerpt(every, [each.terms for each in query_terms(" ".join(query))]))

    assert any(snippet in each.line for each in every)
    whole = next(each.line for each in every if snippet in each.line)
    starts = [start for start, _ in sentences(whole)]
    ends = [end for _, end in sentences(whole)]
    at = [place for place in starts if whole.startswith(snippet, place)]
    assert at
    assert any(place + len(snippet) in ends for place in at)


NEGATION = re.compile(r"\b(?:no|not|never|without|nor|neither|cannot|n['’]t|avoid|stop)\b|n['’]t\b", re.IGNORECASE)
NUMBER = re.compile(r"[<>≤≥=±+-]?\s?\d[\d.,/^–-]*(?:\s?%)?")
END = re.compile(r"[.!?][\"”’)\]]*\s+(?=[\"“(\[]?[A-Z])")  # the plainest idea of where a sentence ends


def test_over_a_library_no_snippet_changes_a_number_or_drops_a_negation():
    """Ask for words of each text: the snippet stands in the text, and has all of the sentences that it touches."""
    every = [" ".join(text.split()) for text in medical_texts()]
    seen = sum(check(text) for text in every[:: max(1, len(every) // 2000)])

    assert seen > 50


def check(text: str) -> bool:
    """Look for the first long words of a text, and for the last; tell whether a snippet was shown."""
    long = [word for word in text.split() if len(word) > 5]
    every = [Statement(text)] if text else []
    for query in (" ".join(long[:4]), " ".join(long[-3:])):
        snippet = bare(excerpt(every, [each.terms for each in query_terms(query)]))
        if not snippet:
            assert not text or max(end - start for start, end in sentences(text)) > TOO_LONG
            return False
        places = [found.start() for found in re.finditer(re.escape(snippet), text)]  # some sentences stand there twice
        assert any(is_whole(text[slice(*touched(text, at, at + len(snippet)))], snippet) for at in places), snippet
    return True


def is_whole(touched: str, snippet: str) -> bool:
    return all(found.findall(touched) == found.findall(snippet) for found in (NUMBER, NEGATION))


def touched(line: str, start: int, end: int) -> tuple[int, int]:
    """Return where the first sentence begins and the last one ends that this part of the line has anything of."""
    ends = [0, *(found.end() for found in END.finditer(line)), len(line)]
    return max(place for place in ends if place <= start), min(place for place in ends if place >= end)
