"""Figures in a typed and in a pasted text: placed on a line of their own, and each refusal says where pictures are."""

import pytest
from django.core.exceptions import ValidationError

from articles.desk.typed import from_typed, to_typed
from articles.desk.typed.pasted import from_pasted
from articles.models import Section
from tests import factories
from tests.articles.richtext_corpus import items, table
from tests.desk.pages import url
from tests.figures import addresses, figure, placed

ECG, MAP = placed("ecg"), placed("map")
LISTED = "is a figure in a list, table or heading. Write it on a line of its own, between two paragraphs."


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        (ECG, ECG),
        (f"<p>a</p>\n{ECG}\n<p>b</p>", f"<p>a</p>\n{ECG}\n<p>b</p>"),
        (f"a\n\n{ECG}\n\nb", f"<p>a</p>\n{ECG}\n<p>b</p>"),
        (f"a{ECG}b", f"<p>a</p>\n{ECG}\n<p>b</p>"),
        (f"<div>{ECG}{MAP}</div>", f"{ECG}\n{MAP}"),
        ("<FIGURE DATA-FIGURE = ecg >\n</FIGURE >", ECG),
        ("<figure data-figure=' ecg '></figure>", ECG),
        (f"<p>a {ECG} b", f"<p>a</p>\n{ECG}\n<p>b</p>"),
        (f"<strong>a{ECG}b</strong>", f"<p><strong>a</strong></p>\n{ECG}\n<p><strong>b</strong></p>"),
        ("<figure><p>a</p></figure>", "<p>a</p>"),
        ("<figure><table><tr><td>1</td></tr></table></figure>", table("<td>1</td>")),
    ],
)
def test_a_figure_that_is_typed_is_stored_in_its_place(typed, stored):
    assert from_typed(typed) == stored
    assert from_typed(to_typed(stored)) == stored


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ('<figure data-figure="ecg">An ECG</figure>', "must be closed at once, with nothing in it"),
        ('<figure data-figure="ecg">', "must be closed at once, with nothing in it"),
        ('<figure data-figure="ecg"/>after', "must be closed at once, with nothing in it"),
        ('<figure data-figure="ecg"><p>a</p></figure>', "must be closed at once, with nothing in it"),
        ('<figure data-figure="a b"></figure>', "names no figure. Copy the line that the draft’s page “Figures” shows"),
        ('<figure data-figure=""></figure>', "names no figure"),
        ("<figure data-figure></figure>", "names no figure"),
        (f'<figure data-figure="{"x" * 65}"></figure>', "names no figure"),
        ('<figure data-figure="ecg" class="wide"></figure>', "has the attribute class, which would be left out"),
        ('<figure data-figure="ecg" hidden></figure>', "has the attribute hidden, which would be left out"),
        (f"<ul><li>a</li><li>{ECG}</li></ul>", LISTED),
        (f"<table><tr><td>{ECG}</td></tr></table>", LISTED),
        (f"<table><caption>{ECG}</caption><tr><td>1</td></tr></table>", LISTED),
        (f"<h3>Doses {ECG}</h3>", LISTED),
        (f"<ul>{ECG}<li>a</li></ul>", "is in <ul> but not in one of its items"),
        (f"<table>{ECG}<tr><td>1</td></tr></table>", "is in <table> but not in one of its cells"),
        ('<img src="ecg.png" alt="An ECG">', "is a picture. Add it on the draft’s page “Figures”"),
        ("<picture><img src=x></picture>", "is a picture. Add it on the draft’s page “Figures”"),
        ("<figure><figcaption>An ECG</figcaption></figure>", "that of a picture on the draft’s page “Figures”"),
    ],
)
def test_what_would_not_stay_of_a_figure_is_refused_in_words(typed, said):
    with pytest.raises(ValidationError) as caught:
        from_typed(typed)

    assert any(said in sentence for sentence in caught.value.messages)
    assert all(sentence.startswith("Line 1: ") for sentence in caught.value.messages)


FILES = {"a" * 64: "ecg", "b" * 64: "map"}
OURS = f'<img src="https://x.org/figures/{"a" * 64}.png" alt="An ECG" srcset="/figures/{"a" * 64}.png 480w">'
OTHER = f'<img src="/figures/{"c" * 64}.jpg" alt="A map">'
ON_A_PAGE = (
    '<figure class="figure" id="figure-1">{}<figcaption><p class="figure-name">Figure 1. ECG</p>'
    '<p class="figure-source"><span class="credit-name">Source:</span> Own.</p></figcaption></figure>'
)
LEFT_OUT = "Pictures were left out ({}). Add each one with “Insert figure”."


@pytest.mark.parametrize(
    ("pasted", "kept"),
    [
        (f"<p>a</p>{ON_A_PAGE.format(OURS)}<p>b</p>", f"<p>a</p>\n{ECG}\n<p>b</p>"),
        (OURS, ECG),
        (f"<p>a {OURS} b <img src='/figures/{'b' * 64}.webp'> c</p>", f"<p>a b c</p>\n{ECG}\n{MAP}"),
        (f"<ul><li>a {OURS}</li><li>b</li></ul>c", f"{items('a', 'b')}\n{ECG}\n<p>c</p>"),
        (f"<table><tr><td>1 {OURS}</td></tr></table>", f"{table('<td>1</td>')}\n{ECG}"),
        (f"<p>a</p>{MAP}<p>b</p>", f"<p>a</p>\n{MAP}\n<p>b</p>"),
    ],
)
def test_a_picture_of_one_of_the_articles_figures_is_pasted_as_that_figure(pasted, kept):
    assert from_pasted(pasted, figures=FILES) == (kept, [])


@pytest.mark.parametrize(
    ("pasted", "kept", "said"),
    [
        (
            ON_A_PAGE.format(OTHER),
            "<p>Figure 1. ECG</p>\n<p>Source: Own.</p>",
            LEFT_OUT.format("“A map”"),
        ),
        ("<p>a<img src='http://x.org/maps/a%20map.png?w=1'></p>", "<p>a</p>", LEFT_OUT.format("“a map.png”")),
        (
            "<p>a<img src='file:///C:/Temp/clip_image001.png'><img alt='B' src=x></p>",
            "<p>a</p>",
            LEFT_OUT.format("“clip_image001.png”, “B”"),
        ),
        ("<p>a<img src='data:image/png;base64,AA=='></p>", "<p>a</p>", LEFT_OUT.replace(" ({})", "")),
        (
            "<p>a<v:shape id=x><v:imagedata src='file:///C:/image002.png' o:title='Our map'/></v:shape>b</p>",
            "<p>ab</p>",
            LEFT_OUT.format("“Our map”"),
        ),
        ("<picture><source srcset=y><img src=y.webp></picture>a", "<p>a</p>", LEFT_OUT.format("“y.webp”")),
        ("<svg><title>A graph</title><text>5</text></svg>a", "<p>a</p>", LEFT_OUT.format("“A graph”")),
        ("<img src='http://[bad' alt='A map'>a", "<p>a</p>", LEFT_OUT.format("“A map”")),
        ("<video src=x></video>a", "<p>a</p>", "Videos, sounds and embedded pages were left out."),
        (
            "<v:shape><v:textbox>5 mg</v:textbox></v:shape>a",
            "<p>a</p>",
            "Text boxes and drawings were left out (“5 mg”).",
        ),
    ],
)
def test_any_other_picture_is_named_among_what_was_left_out(pasted, kept, said):
    assert from_pasted(pasted, figures=FILES) == (kept, [said])


def test_the_place_of_a_figure_on_another_site_is_no_place_here():
    pasted = '<figure data-figure="ecg"><p>Their words</p></figure><figure data-figure="other"></figure>'

    assert from_pasted(pasted, figures=FILES) == ("<p>Their words</p>", [])


@pytest.fixture
def draft(author):
    return factories.article(author)


@pytest.mark.django_db
def test_a_draft_stores_figures_that_it_has_and_others_that_it_has_not(at, author, draft):
    section = draft.sections.get()
    figure(draft, by=author)
    body = f"<p>a</p>\n{ECG}\n{placed('gone')}"
    client = at(author)

    answer = client.post(
        url("section", draft.pk, section.pk), {"role": "body", "heading": "A", "body": body, "position": 1}
    )

    assert answer.status_code == 302
    assert Section.objects.get().body == body
    page = client.get(url("section", draft.pk, section.pk))
    assert page.context["form"]["body"].value() == body


@pytest.mark.django_db
def test_a_paste_knows_each_file_of_the_articles_own_pictures(at, author, draft):
    other = factories.article(author, title="Another")
    wide = figure(draft, "ecg", by=author)
    figure(draft, "zecond", by=author)  # the same picture again
    foreign = figure(other, "map", by=author, colour="red")
    client = at(author)

    def pasted(src) -> dict:
        return client.post(url("typed", draft.pk), {"pasted": f"<p>a</p><img src='{src}'>"}).json()

    for src in addresses(wide):
        assert pasted(src) == {"html": f"<p>a</p>\n{ECG}", "said": []}
    assert len(addresses(wide)) == 2
    assert pasted(addresses(foreign)[0])["html"] == "<p>a</p>"
