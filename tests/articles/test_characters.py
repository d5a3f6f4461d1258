"""One list of what may stand in a text: every door takes the same characters and refuses the same."""

from importlib import import_module

import pytest
from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from articles import checks
from articles.files.markdown.parsing import BadFile, parse
from articles.models import Contributor, Reference, Section, Topic
from articles.search.words import fold
from articles.text import richtext
from articles.text.plain.characters import check, faults, first_fault, normalised
from articles.text.plain.forms import FitForm
from articles.text.plain.plaintext import tidy, tidy_lines
from reviews import workflow
from tests import factories
from tests.articles.frozen import section, version, wording
from tests.factories import evidence
from tests.samples import medical_texts

REFUSED = [
    ("take 10\u200f20 mg", "U+200F RIGHT-TO-LEFT MARK is after “take 10”"),
    ("10\u061c20", "U+061C ARABIC LETTER MARK is after “10”"),
    ("safe\u202etxt", "U+202E RIGHT-TO-LEFT OVERRIDE is after “safe”"),
    ("5 \uf06dg", "U+F06D PRIVATE USE is after “5 ”: it is an empty box to readers"),
    ("5 \ufffdg", "U+FFFD REPLACEMENT CHARACTER is after “5 ”"),
    ("a \U000e0041b", "U+E0041 TAG LATIN CAPITAL LETTER A is after “a ”"),
    ("a\u3164b", "U+3164 HANGUL FILLER is after “a”"),
    ("a\u200cb", "U+200C ZERO WIDTH NON-JOINER is after “a”"),
    ("1\u200b0 mg", "U+200B ZERO WIDTH SPACE is after “1”"),
    ("1\u00ad0 mg", "U+00AD SOFT HYPHEN is after “1”"),
    ("a\u0378b", "U+0378 UNASSIGNED is after “a”"),
    ("a\ufdd0b", "U+FDD0 UNASSIGNED is after “a”"),
    ("a\x07b", "U+0007 CONTROL CHARACTER is after “a”"),
    ("a\x93b", "U+0093 CONTROL CHARACTER is after “a”"),
    ("50\u0338 mg", "U+0338 COMBINING LONG SOLIDUS OVERLAY is after “50”"),
    ("do not\u0336", "U+0336 COMBINING LONG STROKE OVERLAY is after “do not”"),
    ("5\u20dd mg", "U+20DD COMBINING ENCLOSING CIRCLE is after “5”"),
    ("5\u0332 mg", "U+0332 COMBINING LOW LINE is after “5”"),
    ("5 \u0301 mg", "U+0301 COMBINING ACUTE ACCENT is after “5 ”"),
    ("hep\u0430titis", "U+0430 CYRILLIC SMALL LETTER A is after “hep”"),
    ("\u0391spirin", "U+0391 GREEK CAPITAL LETTER ALPHA is at the beginning"),
]  # fmt: skip
KEPT = [
    "10\u00a0mg and 5\u202fmg",
    "5–7 days – or 10−20",
    "H₂O, 10⁹/L, 1½, ≤ 5 ‰, ≠ 3, 37 °C, Ⅲ",
    "TNFα, β-blocker, μg, ΔHbA1c, Ω, Ménière, Sjögren’s, œdema",
    "“quoted” ‘so’ «or so» … † ‡ § ® ™",
    "می‌خواهم",
    "क्‍ष",
    "הַמֶּלֶךְ",
    "الجرعة ٥ ملغ",
    "Витамин С и гепатит",
    "高血圧 ガン",
]


@pytest.mark.parametrize(("typed", "sentence"), REFUSED, ids=[ascii(row[0]) for row in REFUSED])
def test_each_door_of_plain_text_refuses_with_the_name_and_the_place(typed, sentence):
    for door in (
        tidy,
        tidy_lines,
        lambda text: check(normalised(text)),
        lambda text: richtext.storable(f"<p>{text}</p>"),
    ):
        with pytest.raises(ValidationError) as refused:
            door(typed)

        assert refused.value.messages[0].startswith(sentence)


@pytest.mark.parametrize("text", KEPT)
def test_what_real_texts_use_stays_as_it_is(text):
    assert tidy(text) == text
    assert richtext.storable(f"<p>{text}</p>") == f"<p>{text}</p>"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("aspi\u00adrin", "aspirin"), ("\ufeffa\u200b b\u2060", "a b"), ("5 µg", "5 μg"), ("eﬃcacy", "efficacy"),
     ("☺\ufe0f", "☺"), ("well‐known", "well-known"), ("1∶2", "1:2"), ("0․5", "0.5"), ("Å", "Å")],
)  # fmt: skip
def test_what_is_never_painted_or_painted_alike_is_kept_in_one_way(typed, kept):
    assert tidy(typed) == kept
    assert richtext.storable(f"<p>{typed}</p>") == f"<p>{kept}</p>"
    assert richtext.storable("<p>" + "".join(f"&#{ord(letter)};" for letter in typed) + "</p>") == f"<p>{kept}</p>"


@given(st.text())
def test_normalised_text_stays_the_same(text):
    assert normalised(normalised(text)) == normalised(text)


FILE = """---
title: {title}
kind: topic
ai_use: none
references:
  - {{id: a, title: {work}}}
---
{text} [@a]

## {heading}

More.
"""


@pytest.mark.parametrize("typed", [row[0] for row in REFUSED], ids=[ascii(row[0]) for row in REFUSED])
@pytest.mark.parametrize(("place", "line"), [("title", 2), ("work", 6), ("text", 8), ("heading", 10)])
def test_a_file_is_refused_with_the_line(place, line, typed):
    entities = "".join(letter if letter.isascii() else f"&#{ord(letter)};" for letter in typed)
    escaped = '"' + "".join(letter if letter.isascii() else f"\\U{ord(letter):08x}" for letter in typed) + '"'
    written = [typed] if "\x07" not in typed and "\x93" not in typed else []
    written += [escaped if place in ("title", "work") else entities] if ord(max(typed)) > 0xA0 else []
    for way in written:
        texts = {"title": "T", "work": "W", "text": "Text", "heading": "Heading", place: way}

        with pytest.raises(BadFile) as refused:
            parse(FILE.format(**texts).encode())

        assert refused.value.line == line
        assert "U+" in str(refused.value) or "not readable" in str(refused.value)


@pytest.mark.django_db
def test_no_row_takes_such_a_character(author):
    draft = factories.article(author)
    text = "10\u200f20"
    rows = [
        Topic(name=text, slug="t"),
        Contributor(name=text),
        Contributor(name="A", credentials=text),
        Contributor(name="A", bio=text),
        Reference(csl={"title": text}),
        Reference(csl={"author": [{"family": text}]}),
        Section(article=draft, role="body", heading=text, position=2),
        Section(article=draft, role="body", heading="H", body=f"<p>{text}</p>", position=2),
    ]
    before = evidence()

    for row in rows:
        with pytest.raises(ValidationError, match="RIGHT-TO-LEFT MARK"):
            row.save()
    for name in ("title", "ai_note"):
        setattr(draft, name, text)
        with pytest.raises(ValidationError, match="RIGHT-TO-LEFT MARK"):
            draft.save()
        draft.refresh_from_db()

    assert evidence() == before


@pytest.mark.django_db
def test_no_step_takes_such_a_reason(author, editor):
    draft = factories.article(author)
    before = evidence()

    with pytest.raises(ValidationError, match="RIGHT-TO-LEFT MARK"):
        workflow.submit(draft, actor=author, change="major", note="10\u200f20")

    assert evidence() == before


@pytest.mark.django_db
def test_a_draft_saved_before_the_list_was_made_is_not_submitted(author, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr("articles.text.plain.characters.first_fault", lambda text: None)
        draft = factories.article(author, body="<p>Take 10\u200f20 mg.</p>")
    before = evidence()

    with pytest.raises(workflow.NotNow, match="“What they do”: U\\+200F RIGHT-TO-LEFT MARK is after"):
        workflow.submit(draft, actor=author, change="major", note="First version")

    assert evidence() == before


def frozen(language="en", body="<p>Text.</p>", **more):
    facts = {"title": "T", "contributors": [], "topics": [], "ai_use": {"level": "none", "note": ""}, "disclaimers": {}}
    return {**version(section(body=body), works=["a"]), **facts, "language": language, **more}


def test_every_text_under_the_digest_is_looked_at():
    for place, more in {
        "title": {"title": "a\u200fb"},
        "topics": {"topics": [{"name": "a\u200fb", "slug": "s"}]},
        "contributors": {"contributors": [{"role": "author", "name": "a\u200fb"}]},
        "ai use": {"ai_use": {"level": "none", "note": "a\u200fb"}},
        "references": {"references": [{"key": "a", "csl": '{"title":"a\u200fb"}'}]},
    }.items():
        found = [finding.message for finding in checks.run(frozen(**more)) if finding.rule == "TXT-001"]

        assert len(found) == 1, place
        assert place in found[0]


TEXTS = {
    "heading": lambda text: {"sections": [section(heading=text)]},
    "body": lambda text: {"sections": [section(body=f"<p>{text}</p>")]},
    "heading of a wording": lambda text: {"sections": [section(carer=wording("<p>Text.</p>", text))]},
    "body of a wording": lambda text: {"sections": [section(carer=wording(f"<p>{text}</p>"))]},
    "title": lambda text: {"title": text},
}


@pytest.mark.parametrize("place", TEXTS)
@pytest.mark.parametrize(("rule", "text"), [("TXT-001", "Take 10\u200f20 mg."), ("TXT-002", "Hepatitis С")])
def test_each_text_that_readers_see_is_looked_at(place, rule, text):
    found = [finding for finding in checks.run(frozen(**TEXTS[place](text))) if finding.rule == rule]

    assert [finding.blocks for finding in found] == [True]


@pytest.mark.parametrize(
    ("language", "body", "word"),
    [("en", "Hepatitis С is treated.", "С"), ("en", "ОСТ scan", "ОСТ"), 
     ("ru", "Витамин С", ""), ("en", "Витамин С", ""),
     ("en", "Vitamin Κ", "Κ"), ("el", "Βιταμίνη Κ", "")],
)  # fmt: skip
def test_a_word_in_foreign_letters_that_look_latin_blocks(language, body, word):
    found = [finding for finding in checks.run(frozen(language, f"<p>{body}</p>")) if finding.rule == "TXT-002"]

    assert bool(found) is bool(word)
    assert all(finding.blocks and f"“{word}”" in finding.message for finding in found)


def test_micro_and_mu_are_one_in_search():
    assert fold("5 µg") == fold("5 μg")


SIGNING_IN = {"SignInForm", "ChangeForm", "PasswordMailForm", "FileForm"}  # names, passwords and bytes: nobody's text
CHOOSING = {"LimitForm"}  # choices alone
READING = {"SourcesForm"}  # files and pasted text of others: each record is checked as it is read


def test_every_form_that_takes_a_text_is_fit():
    """Walk all forms of the project: one that is not fit has no field for a text, or is named above."""
    import_module(settings.ROOT_URLCONF)  # and with it every page that has a form
    known, left = set(), list(forms.BaseForm.__subclasses__())
    while left:
        form = left.pop()
        if form not in known:
            known.add(form)
            left += form.__subclasses__()
    ours = [form for form in known if form.__module__.split(".")[0] in ("articles", "reviews")]
    assert len(ours) > 20

    unfit = {form.__name__ for form in ours if not issubclass(form, FitForm)}

    assert unfit <= SIGNING_IN | CHOOSING | READING


@pytest.mark.django_db
def test_every_page_of_the_admin_that_writes_is_fit():
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    for page in admin.site._registry.values():
        if getattr(page, "may_add", True) or getattr(page, "may_change", True):
            assert issubclass(page.get_form(request), FitForm), page


def test_real_medical_texts_are_taken_whole():
    texts = list(medical_texts())

    refused = [fault for text in texts for fault in faults(normalised(text))]

    assert len(texts) > 50
    assert refused == []


def test_a_fault_far_inside_is_found():
    assert first_fault("a" * 100_000 + "\u200f").start == 100_000
