"""What is typed at the desk is stored as it is, or refused with its line; what was typed stays on the page."""

import html
import time
from contextlib import suppress

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.desk.typed import from_typed, to_typed
from articles.models import Audience, Section
from articles.text import richtext
from articles.text.richtext import TooLong
from tests.articles.richtext_corpus import CORPUS
from tests.factories import article, evidence, save

pytestmark = [pytest.mark.django_db, pytest.mark.once]

TYPED = ["5", "10 mg", " ", "\n\n", "<p>", "</p>", "<b>", "</b>", "<li>", "<ul>", "</ul>", "<td>", "≥", "<", ">"]
TYPED += ["<table>", "<tr>", "</table>", "<sup>", "</sup>", "&lt;", "<br>", "<del>", "[@a]", "<h3>", "</h3>", "x"]
REFUSED = [
    ("Stop if ALT <ULN and bilirubin >2 mg/dL.", "Line 1: “<ULN and bilirubin >” would be read as a tag"),
    (
        "Give\n\n<del>5</del><ins>10</ins> mg",
        "Line 3: “<del>” marks inserted or deleted text and cannot be kept: “5” would become plain text",
    ),
    ("<s>5 mg</s> 10 mg", "“5 mg” would become plain text"),
    ("<strike>5</strike> mg", "“5” would become plain text"),
    ('<span style="text-decoration: line-through">5 mg</span> 10 mg', "hides or strikes out"),
    ('<p style="display:none">5 mg</p>', "hides or strikes out"),
    ('<p style="DISPLAY : none">5 mg</p>', "hides or strikes out"),
    ('<b style="visibility:hidden">5 mg</b>', "hides or strikes out"),
    ('<b style="text-decoration-line:line-through">5 mg</b>', "hides or strikes out"),
    ("<p hidden>5 mg</p>", "hides its text"),
    ('<p hidden="until-found">5 mg</p>', "hides its text"),
    ('<td class="x" HIDDEN>5 mg</td>', "hides its text"),
    ("- Give 5\n- Give 10", "Line 1: This line and the next would run together"),
    ("1. Give 5\n2. Give 10", "Line 1: This line and the next would run together"),
    ("Give 5 mg\nGive 10 mg", "Line 1: This line and the next would run together"),
    ("<p>Doses:</p>\n5 mg\n10 mg\n15 mg", "Line 2: This line and the next would run together"),
    ("<p>Give <b>5 mg</b>\nGive <b>10 mg</b></p>", "Line 1: This line and the next would run together"),
    ("First.\n\n• One\n• Two", "Line 3: This line and the next would run together"),
    ("<pre>Age 5\nDose 10</pre>", "keeps lines and spaces, which would be lost"),
    ('<ol><li value="7">Give 5</li></ol>', "would be shown with other numbers"),
    ('<ol type="a"><li>Give 5</li></ol>', "would be shown with other numbers"),
    ("<ol reversed><li>Give 5</li></ol>", "would be shown with other numbers"),
    ('<p dir="rtl">10-20</p>', "reverses the direction of its text"),
    ("5 mg &notanentity; x", "“&notanentity;” would become “¬anentity;”"),
    ("1 &frac12 mg", "“&frac12” would become “½”"),
    ("<p>37Â°C</p>", "Line 1: “Â°” was “°”"),
    ("Age\tDose\n≥60\t500 mg\n45–59\t2000 mg", "Line 1: This line has cells separated by tabs"),
    ('Text <img src="/x.png" alt="5 mg">', "is a picture. Add it on the draft’s page “Figures”"),
    ("Text <script>5</script>", "has no place in a text"),
    ("Text <!-- 5 mg -->", "a comment that would be left out"),
    ("<svg><text>5 mg</text></svg>", "is a picture."),
    ('<a href="javascript:x">5 mg</a>', "The address “javascript:x” must begin with"),
    (
        '<a href="tel:116 123">Call</a>',
        "The address “tel:116 123” contains a space, which a telephone link cannot have; ",
    ),
    ('<a href="tel:abc">Call</a>', "The address “tel:abc” must be a telephone number: digits, "),
    ('<a href="mailto:x">Write</a>', "The address “mailto:x” must hold one email address: mailto:name@site."),
    ('<a href="//a.b">5 mg</a>', "The address “//a.b” begins with // and does not say http or https; "),
    ("<x-dose>5 mg</x-dose>", "would be read as a tag"),
    ("ALT <b 5 mg", "would be read as a tag"),
    ("<table><tr><td>5</td></tr>10 mg</table>", "is in <table> but not in one of its cells"),
]


@pytest.mark.parametrize(("typed", "words"), REFUSED)
def test_what_would_not_be_kept_is_refused_and_stays_on_the_page(client, author, typed, words):
    draft = article(author)
    section = draft.sections.get()
    before = evidence()
    client.force_login(author)
    form = {"role": "body", "heading": "Why", "body": typed, "position": 1, "seen": section.history.first().pk}

    answer = client.post(reverse("section", args=[draft.pk, section.pk]), form)
    wording = client.post(
        reverse("wording", args=[draft.pk, section.pk, "professional"]), {"heading": "", "body": typed, "seen": ""}
    )

    assert (answer.status_code, wording.status_code) == (422, 422)
    for page in (answer, wording):
        assert words in html.unescape(page.content.decode())
        assert html.escape(typed.split("\n")[0], quote=False)[:20] in page.content.decode().replace("&quot;", '"')
    assert evidence() == before


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("ALT &lt;ULN and >2", "<p>ALT &lt;ULN and &gt;2</p>"),
        ("p < 0.05, 3 <5", "<p>p &lt; 0.05, 3 &lt;5</p>"),
        ("<p>A</p>\nB\n\nc\n\n<b>d</b>", "<p>A</p>\n<p>B</p>\n<p>c</p>\n<p><strong>d</strong></p>"),
        ("<h3>A</h3>\n\nOne\n\ntwo", "<h3>A</h3>\n<p>One</p>\n<p>two</p>"),
        ("<ul>\n\n<li>a</li>\n\n<li>b</li></ul>", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ('<a href="tel:988">Call 988</a>', '<p><a href="tel:988">Call 988</a></p>'),
        ('<a href="tel:(0)20-7946.0018">Call</a>', '<p><a href="tel:(0)20-7946.0018">Call</a></p>'),
        ("10<sup>9</sup>/L<br>H<sub>2</sub>O", "<p>10<sup>9</sup>/L<br>H<sub>2</sub>O</p>"),
        ('<p class="MsoNormal"><span lang="en">5 mg</span></p>', "<p>5 mg</p>"),
    ],
)  # fmt: skip
def test_what_can_be_kept_is_stored(typed, stored):
    assert from_typed(typed) == stored


@pytest.mark.parametrize("stored", [*CORPUS, "<p>5<em>\u00a0</em>mg</p>", "<p><sup>5\u00a0<br>6</sup></p>"])
def test_what_is_stored_already_is_saved_again_as_it_is(stored):
    stored = richtext.storable(stored)

    assert from_typed(to_typed(stored), stored=stored) == stored


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(TYPED), max_size=15).map("".join))
def test_whatever_is_typed_its_letters_and_digits_are_kept_or_it_is_refused(typed):
    try:
        stored = from_typed(typed)
    except (ValidationError, TooLong):
        return

    shown = "".join(html.unescape(stored).split())
    assert from_typed(to_typed(stored)) == stored
    assert sum(map(str.isdigit, richtext.text(stored))) == sum(map(str.isdigit, typed.replace("h3>", "")))
    assert shown.count("≥") == html.unescape(typed).count("≥")


@pytest.mark.parametrize(
    "typed",
    [
        "<b>" * 300_000, "<table>" + "<tr><td>a" * 9_000, "<p>a" * 20_000, "<" * 300_000, "<!--" * 100_000,
        "a" + "\n" * 300_000 + "b", "a" + "\t " * 200_000 + "b", "**a " * 100_000, "[" * 300_000,
        "\u200b" * 300_000 + "a",
        "<style>" + "p,x," * 50_000 + "p{font-weight:bold}</style><p>a", "<p>" * 100_000, "&a" * 100_000,
    ],
    ids=lambda typed: typed[:9],
)  # fmt: skip
def test_no_text_holds_the_site(typed):
    begun = time.process_time()

    with suppress(ValidationError, TooLong):
        from_typed(typed)

    assert time.process_time() - begun < 12


def test_a_section_given_the_number_of_another_takes_its_place(client, author):
    draft = article(author)
    first = draft.sections.get()
    second = save(Section(article=draft, heading="Second", body="<p>2</p>", position=first.position + 1), author)
    third = save(Section(article=draft, heading="Third", body="<p>3</p>", position=first.position + 2), author)
    client.force_login(author)
    form = {"role": "body", "heading": "Third", "body": "3", "position": second.position}

    answer = client.post(reverse("section", args=[draft.pk, third.pk]), {**form, "seen": third.history.first().pk})

    assert answer.status_code == 302
    assert [section.heading for section in draft.sections.all()] == [first.heading, "Third", "Second"]


def test_a_wording_keeps_what_is_typed(client, author):
    draft = article(author)
    client.force_login(author)
    address = reverse("wording", args=[draft.pk, draft.sections.get().pk, "professional"])

    assert client.post(address, {"heading": "", "body": "One\n\ntwo", "seen": ""}).status_code == 302
    wording = draft.sections.get().wordings.get(audience=Audience.objects.get(key="professional"))
    assert wording.body == "<p>One</p>\n<p>two</p>"
