"""
Spelling: unknown words, words typed twice, and two spellings side by side. No correction is ever offered.

The nearest known word may be another medicine: a dictionary gives clonazepam for clobazam. So a word is only marked.
"""

import re
from collections import Counter
from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles.checks.document import ENGLISH, Document, Hit, Text
from articles.checks.families.language import sources
from articles.checks.families.medicines.units import CODES
from articles.checks.rule import INFO, WARN, per_document, per_text
from articles.checks.vocabulary import stands_in_a_list

_WORD = re.compile(r"(?<![\w@/.’'-])[^\W\d_]{4,}(?![\w@/]|['’-]\w|\.\w)")
_TWICE = re.compile(r"\b([a-z]+)[ \u00a0]+\1\b(?![-'’])")
_MAY_STAND_TWICE = frozenset("had that is do so very many bye no yes her you more mahi".split())  # noqa: SIM905
BRITISH = {
    "tumour": "tumor", "tumours": "tumors", "anaemia": "anemia", "leukaemia": "leukemia", "diarrhoea": "diarrhea",
    "oedema": "edema", "oesophagus": "esophagus", "paediatric": "pediatric", "haemorrhage": "hemorrhage",
    "haemoglobin": "hemoglobin", "oestrogen": "estrogen", "fibre": "fiber", "colour": "color", "centre": "center",
    "behaviour": "behavior", "foetus": "fetus", "gynaecology": "gynecology", "orthopaedic": "orthopedic",
    "caesarean": "cesarean", "haematology": "hematology", "ischaemia": "ischemia", "ischaemic": "ischemic",
    "hypoglycaemia": "hypoglycemia", "hyperglycaemia": "hyperglycemia", "anaesthetic": "anesthetic",
    "anaesthesia": "anesthesia", "litre": "liter", "metre": "meter", "dyspnoea": "dyspnea", "coeliac": "celiac",
    "uraemia": "uremia", "septicaemia": "septicemia", "haemophilia": "hemophilia", "neighbour": "neighbor",
}  # fmt: skip
_AMERICAN = {american: british for british, american in BRITISH.items()}
_LETTERS = re.compile(r"[a-z]+")
_EITHER = re.compile(rf"\b(?:{'|'.join([*BRITISH, *_AMERICAN])})\b", re.IGNORECASE)


@per_document(
    "LANG-017",
    INFO,
    gettext_lazy("A word that no dictionary has"),
    hint=gettext_lazy("Check how it is spelt. A rare name may be right."),
    source=sources.SCOWL,
)
def known_words(document: Document) -> Iterator[Hit]:
    """Mark each unknown word once in a section, with its number. Names and abbreviations are not looked at."""
    if document.language != ENGLISH:
        return
    for text in document.bodies:
        found = [each for each in _WORD.finditer(text.plain) if _is_looked_up(text, each)]
        counts = Counter(each[0].lower() for each in found)
        first: dict[str, re.Match[str]] = {}
        for each in found:
            first.setdefault(each[0].lower(), each)
        for word, each in first.items():
            if each[0] not in CODES and not stands_in_a_list(word):
                said = ngettext(
                    "“{word}” is in no dictionary.", "“{word}” ({count} times) is in no dictionary.", counts[word]
                ).format(word=each[0], count=counts[word])
                yield text.at(*each.span(), said)


def _is_looked_up(text: Text, found: re.Match[str]) -> bool:
    """Tell whether it is no name: in small letters, or the first word of a sentence with one capital."""
    word = found[0]
    if word.islower():
        return True
    sentence = text.sentence_at(found.start())
    return word[1:].islower() and sentence is not None and sentence.is_prose and sentence.start == found.start()


@per_text(
    "LANG-018",
    WARN,
    gettext_lazy("A word typed twice"),
    hint=gettext_lazy("Delete one of the two."),
    source=sources.NHS_CONTENT,
    english=True,
)
def no_word_twice(text: Text) -> Iterator[Hit]:
    for found in _TWICE.finditer(text.plain):
        if found[1] not in _MAY_STAND_TWICE and len(found[1]) > 1:
            yield text.at(*found.span())


@per_document(
    "LANG-020",
    INFO,
    gettext_lazy("British and American spelling side by side"),
    hint=gettext_lazy("Use one of them in the whole article."),
    source=sources.NHS_CONTENT,
)
def one_spelling(document: Document) -> Iterator[Hit]:
    """Tell of the first word in the spelling that is used less."""
    if document.language != ENGLISH:
        return
    words = {word for text in document.bodies for word in _LETTERS.findall(text.plain.lower())}
    if not words & BRITISH.keys() or not words & _AMERICAN.keys():
        return
    found = [(text, each) for text in document.bodies for each in _EITHER.finditer(text.plain)]
    british = [each for each in found if each[1][0].lower() in BRITISH]
    american = [each for each in found if each[1][0].lower() in _AMERICAN]
    if british and american:
        (text, one), (_other, other) = (
            (british[0], american[0]) if len(british) <= len(american) else (american[0], british[0])
        )
        said = _("“{one}” and “{other}” are spelt in two ways.").format(one=one[0], other=other[0])
        yield text.at(*one.span(), said)


RULES = [known_words, no_word_twice, one_spelling]
