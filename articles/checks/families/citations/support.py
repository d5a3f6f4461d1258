"""Whether what a text says is supported where it is said."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.checks.document import ENGLISH, Document, Hit, Sentence, Text
from articles.checks.families.citations import sources
from articles.checks.rule import WARN, per_document, per_text
from articles.text.richtext.cited import CAPTION, HEAD, ROW

_CLAIM = re.compile(
    r"(?<!\bwhen )(?<!\bif )(?<!\bwhether )(?<!\bclinical )"
    r"\b(?:(?:clinical )?trials?|stud(?:y|ies)|research(?:ers)?|evidence|guidelines?|experts?|scientists"
    r"|reviews?|surveys?"
    r"|meta-analys[ei]s) (?:(?:have|has|also|now|strongly|clearly|consistently|recently|even|not|results"
    r"|findings|data) ){0,3}"
    r"(?:shows?|showed|shown|suggests?|suggested|finds|found|recommends?|recommended|indicates?|indicated|confirms?"
    r"|confirmed|proves?|proved|proven|demonstrates?|demonstrated|reports?|reported|reveal(?:s|ed)?|estimates?|estimated)\b",
    re.IGNORECASE,
)
_STATISTIC = re.compile(
    r"(?<![\w.])\d+(?:[.,]\d+)?(?:\s?(?:[-–]|to)\s?\d+(?:[.,]\d+)?)?[ \u00a0]?(?:%|percent\b|per cent\b|Prozent\b)"
    r"|\b(?:\d[\d,]*|one|two|three|four|five|six|seven|eight|nine|ten) (?:in|out of|of every"
    r"|in every)(?: every)? (?:\d[\d,]*|ten|hundred|a hundred|"
    r"a thousand|a million)\b(?! (?:days?|weeks?|months?|years?|hours?|minutes?|mg|mL|doses)\b)"
    r"|\b(?:RR|OR|HR|NNT|NNH|CI)\s?[=:]?\s?\d|\bP\s?[<=>]\s?0?\.\d+"
)
_SOLUTION = re.compile(
    r"(?:solution|cream|gel|ointment|lotion|shampoo|oxygen|alcohol|saline|dextrose|glucose|bleach|peroxide|DEET|SPF|sure|effort)\b",
    re.IGNORECASE,
)
MOST = 8  # citations of one sentence
SECTION_WORDS = 60  # of a section without a citation that is worth a word
TEXT_WORDS = 100  # of an article without references


@per_document(
    "CIT-005",
    WARN,
    gettext_lazy("“Studies show”, without the studies"),
    hint=gettext_lazy("Cite the studies or the guideline that the sentence speaks of."),
    source=sources.ICMJE,
)
def claims_name_their_studies(document: Document) -> Iterator[Hit]:
    if document.language == ENGLISH:
        yield from _uncited(document, _CLAIM)


@per_document(
    "CIT-018",
    WARN,
    gettext_lazy("A number without a citation"),
    hint=gettext_lazy("Cite where the number comes from, in the same sentence or cell."),
    source=sources.ICMJE,
)
def numbers_have_a_source(document: Document) -> Iterator[Hit]:
    """Look for percentages, chances and measures of statistics; strengths of solutions are none."""
    for hit in _uncited(document, _STATISTIC):
        start = hit.sentence.find(hit.excerpt) + len(hit.excerpt)
        if not _SOLUTION.match(hit.sentence[start:].lstrip()):
            yield hit


def _uncited(document: Document, pattern: re.Pattern[str]) -> Iterator[Hit]:
    """Yield the first match in each sentence or cell that no citation supports, nor one that covers its table."""
    for text in document.bodies if document.is_medical else ():
        tables = {line.block for line in text.lines if line.kind in (CAPTION, HEAD) and line.cites}
        for sentence in text.sentences:
            if sentence.is_cited or sentence.line.is_heading or _of_a_row(sentence) or sentence.line.block in tables:
                continue
            if found := pattern.search(sentence.text):
                yield text.at(sentence.start + found.start(), sentence.start + found.end())


def _of_a_row(sentence: Sentence) -> bool:
    """Tell whether a citation elsewhere in its row supports a cell."""
    return sentence.line.kind == ROW and bool(sentence.line.cites)


@per_text(
    "CIT-015",
    WARN,
    gettext_lazy("Many citations on one sentence"),
    hint=gettext_lazy("Cite a review, or the two or three best works; say which of them supports what."),
    source=sources.ICMJE,
)
def few_citations_at_once(text: Text) -> Iterator[Hit]:
    for sentence in text.sentences:
        count = sum(sentence.start <= place <= sentence.end for place, _key in sentence.line.cites)
        if count > MOST:
            said = _("One sentence has {count} citations.").format(count=count)
            yield text.at(sentence.start, sentence.end, said)


@per_document(
    "CIT-016",
    WARN,
    gettext_lazy("A whole section without a citation"),
    hint=gettext_lazy("Cite the evidence for what the section says."),
    source=sources.ICMJE,
)
def sections_are_supported(document: Document) -> Iterator[Hit]:
    """Look at body sections of some length, in articles that cite anything at all."""
    if not document.is_medical or not document.cited_keys:
        return
    for text in document.general:
        if (
            text.role == "body"
            and len(text.plain.split()) >= SECTION_WORDS
            and not any(line.cites for line in text.lines)
        ):
            yield text.whole(_("{place} has no citation.").format(place=document.place(text.section)))


@per_document(
    "CIT-019",
    WARN,
    gettext_lazy("An article without any reference"),
    hint=gettext_lazy("Add the works that the text rests on, and cite them in it."),
    source=sources.ICMJE,
)
def has_references(document: Document) -> Iterator[Hit]:
    words = sum(len(text.plain.split()) for text in document.general)
    if document.is_medical and words >= TEXT_WORDS and not document.works:
        yield Hit(message=_("The article cites no work: readers cannot check what it rests on."))


RULES = [
    claims_name_their_studies,
    numbers_have_a_source,
    few_citations_at_once,
    sections_are_supported,
    has_references,
]
