"""Marks of Markdown that are typed at the desk are refused: readers would see them. What looks like one stays."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from articles.desk.typed import from_typed
from articles.models import Section
from articles.text.plain import markup
from tests.factories import article, cite, evidence, save
from tests.samples import medical_texts

REFUSED = [
    ("Give **5 mg** daily", "Line 1: “**5 mg**” would be shown as it is typed. For bold text, write <strong>"),
    ("One.\n\n**Treat cancer:**Chemotherapy", "Line 3: “**Treat cancer:**” would be shown as it is typed. For bold"),
    ("***5 mg***", "would be shown as it is typed. For bold"),
    ("**<b>5</b> mg**", "“**5 mg**” would be shown as it is typed. For bold"),
    ("__not__ for children", "“__not__” would be shown as it is typed. For bold"),
    ("*E. coli* grows", "“*E. coli*” would be shown as it is typed. For italic text, write <em>"),
    ("_E. coli_ grows", "“_E. coli_” would be shown as it is typed. For"),
    ("# Doses", "“# Doses” would be shown as it is typed. For a heading, write <h3> or <h4>"),
    ("## 5 mg", "“## 5 mg” would be shown as it is typed. For"),
    ("Doses\n=====\n\n5 mg", "Line 2: “=====” would be shown as it is typed"),
    ("One.\n\n---\n\nTwo.", "Line 3: “---” would be shown as it is typed"),
    ("[text](https://example.org/a)", "would be shown as it is typed. For a link"),
    ("[text](/articles/other/)", "would be shown as it is typed. For a link"),
    ("![5 mg](https://example.org/a.png)", "would be shown as it is typed. For a link"),
    ("[1]: https://example.org/", "would be shown as it is typed. For a link"),
    ("| a | b |", "“| a | b |” would be shown as it is typed. For a table, write <table>"),
    ("Age | Dose\n--- | ---\n5 | 10", "Line 2: “--- | ---” would be shown as it is typed. For"),
    ("10^2^ cells", "“^2^” would be shown as it is typed. For raised or lowered text, write <sup>"),
    ("H~2~O", "“~2~” would be shown as it is typed. For"),
    ("~~5 mg~~ 10 mg", "“~~5 mg~~” would be shown as it is typed. Keep only the text that is to be published"),
    ("`5 mg`", "“`5 mg`” would be shown as it is typed"),
    ("::: professional", "would be shown as it is typed. Each wording"),
    (r"2\*3 mg", "“\\*” would be shown with its backslash"),
    ("* Give 5 mg\n* Give 10 mg", "Line 1: This line and the next would run together"),
    ("It works [@smith.]", "“[@smith.]” is no citation"),
    ("It works [see @smith2020]", "“[see @smith2020]” is no citation"),
    ("It works [-@smith2020]", "“[-@smith2020]” is no citation"),
    ("It works [@smith2020, p. 5]", "“[@smith2020, p. 5]” is no citation"),
    ("It works [@smith2020", "“[@smith2020” is no citation"),
    ("It works [^1].", "“[^1]” is no note"),
    ("It works^[Or not.]", "“^[Or not.]” is no note"),
]
SIGNS = [
    "2*3*4 mg", "0.5*70*24", "HLA-B*57:01 or HLA-B*15:02", "p < 0.05 * significant", "*p<0.05, **p<0.01, ***p<0.001",
    "CYP2C19 *1/*2 and *2/*3", "5 mg** and 10 mg*", "(*) and (**)", "2 *3* 4 mg", "call *100# now", "10^6-10^9",
    "4x10^9/L(10^3/µL)", "grade 1~2/3~4", "5~10/20~30 mg", "~5 mg", "[3H](methyl)thymidine", "[18F](FDG)", "|x| < 5",
    "name_of_it and _id", "Name: ____", "# of cases", "#1 cause", "C# and F#", "> 60 mL/min", "- 2.5 °C", "A/B | C | D",
    "write to a@example.org [or call]", "[citation needed]", "[sic]", "1. First", "https://example.org/a_b_c_d",
    "‘quoted` text", "C:\\temp", "* significant at 5%", "5 -- 10 mg", "a ~ b ~ c", "Table: Doses",
    "&#42;&#42;5 mg&#42;&#42;",
]  # fmt: skip


def refusal(typed: str, **options) -> str:
    with pytest.raises(ValidationError) as refused:
        from_typed(typed, **options)
    return "\n".join(refused.value.messages)


@pytest.mark.parametrize(("typed", "words"), REFUSED)
def test_a_mark_that_readers_would_see_is_refused(typed, words):
    assert words in refusal(typed)


@pytest.mark.parametrize("typed", SIGNS)
def test_signs_of_a_text_are_no_marks(typed):
    shown = from_typed(typed.replace("<", "&lt;"))

    assert shown.startswith("<p>")


def test_no_real_medical_text_is_refused_for_a_mark():
    texts = list(medical_texts())

    found = [mark for text in texts for mark in markup.faults(text.replace("\r", ""))]

    assert len(texts) > 50
    assert found == []


def test_a_sign_that_stood_there_before_may_stay():
    stored = from_typed("&#42;&#42;5 mg&#42;&#42; and more")

    assert stored == "<p>**5 mg** and more</p>"
    assert from_typed("<p>**5 mg** and less</p>", stored=stored) == "<p>**5 mg** and less</p>"
    assert "“**6 mg**”" in refusal("<p>**6 mg**</p>", stored=stored)


def test_a_citation_of_no_reference_is_refused():
    keys = frozenset({"lee2021"})

    assert "cite data-ref" in from_typed("It works [@lee2021].", keys=keys)
    assert refusal("Yes.\n\nIt works [@lee2021; @smith2020].", keys=keys).startswith(
        "Line 3: [@smith2020] cites nothing"
    )
    assert "[@smith2020] cites nothing" in refusal('5 <cite data-ref="smith2020">[smith2020]</cite>', keys=keys)
    assert "“@lee2021” cites nothing; write [@lee2021]" in refusal("As @lee2021 says", keys=keys)


@pytest.mark.django_db
@pytest.mark.parametrize("place", ["section", "section_create", "wording"])
def test_the_desk_knows_the_references_of_the_article(client, author, place):
    draft = article(author)
    section = draft.sections.get()
    cite(draft, "lee2021", by=author)
    client.force_login(author)
    rest = {"section": [section.pk], "section_create": [], "wording": [section.pk, "carer"]}[place]
    seen = section.history.first().pk if place == "section" else ""
    form = {"role": "body", "heading": "Why", "position": 2, "seen": seen}
    address = reverse(place, args=[draft.pk, *rest])
    before = evidence()

    refused = client.post(address, {**form, "body": "It works [@smith2020] for “5 mg”."})
    unchanged = evidence() == before
    taken = client.post(address, {**form, "body": "It works [@lee2021]."})

    assert (refused.status_code, unchanged, taken.status_code) == (422, True, 302)
    assert "[@smith2020] cites nothing: add the reference with this key" in refused.content.decode()
    assert "It works [@smith2020] for “5 mg”." in refused.content.decode()


@pytest.mark.django_db
def test_a_section_with_stars_that_were_meant_is_saved_again(client, author):
    draft = article(author)
    section = save(Section(article=draft, heading="Stars", body="<p>**5 mg** is meant</p>", position=5), author)
    client.force_login(author)
    form = {"role": "body", "heading": "Stars", "position": 5, "seen": section.history.first().pk}

    answer = client.post(reverse("section", args=[draft.pk, section.pk]), {**form, "body": "<p>**5 mg** was meant</p>"})

    assert answer.status_code == 302
