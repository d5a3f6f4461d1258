"""How hard a text is to read: its grade, the length of its sentences and paragraphs, and the passive voice."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.checks.document import CARER, ENGLISH, PUBLIC, Document, Hit, Text
from articles.checks.families.language import sources
from articles.checks.families.language.readability import counted
from articles.checks.finding import Place
from articles.checks.rule import INFO, WARN, per_document, per_text

LIMITS = {PUBLIC: 8, CARER: 12}  # US school grades
LONG, VERY_LONG = 20, 35  # words of a sentence
PARAGRAPH = 3  # sentences
_WORDS = re.compile(r"\S*\w\S*")
_BE = r"\b(?:am|is|are|was|were|been|being|be|gets?|got)\b"
_PAST = (
    r"(?:\w{2,}ed|known|given|taken|seen|done|made|found|shown|kept|held|told|born|built|felt|sent|put|read|written)"
)
_PASSIVE = re.compile(rf"{_BE}(?: \w+ly)? {_PAST}\b", re.IGNORECASE)
MOST_PASSIVE = 0.3  # of the sentences of a section
FEWEST = 4  # passive sentences that are worth a word


@per_document(
    "LANG-001",
    WARN,
    gettext_lazy("A text that is hard to read for its readers"),
    hint=gettext_lazy("Write shorter sentences, and shorter and more common words. Begin with the hardest section."),
    source=sources.KINCAID,
)
def can_be_read(document: Document) -> Iterator[Hit]:
    """Say at which school grade the public and carers read, if that is over what is right for them."""
    if document.language != ENGLISH:
        return
    labels = {row["key"]: row["label"] for row in document.content["audiences"]}
    for audience, texts in document.read_by.items():
        limit = LIMITS.get(audience)
        found = counted(texts)
        if limit is None or not found.is_enough or found.grade <= limit:
            continue
        said = _("For these readers: {audience}, the text reads at US school grade {grade} ({how}). Aim for {limit}.")
        how = _("Flesch-Kincaid {grade}").format(grade=f"{found.flesch_kincaid:.1f}")
        how += f", SMOG {found.smog:.1f}" if found.smog is not None else ""
        message = said.format(audience=labels.get(audience, audience), grade=f"{found.grade:.1f}", how=how, limit=limit)
        yield _hardest(document, audience, texts, message)


def _hardest(document: Document, audience: str, texts: tuple[Text, ...], message: str) -> Hit:
    """Return the hit at the hardest section that is long enough to be judged, or on the whole article."""
    judged = [(one.grade, text) for text in texts if (one := counted([text])).is_enough]
    if not judged:
        return Hit(Place(audience=audience if audience != document.content["written_for"] else ""), message=message)
    grade, text = max(judged, key=lambda each: each[0])
    hardest = _("Hardest: {place}, grade {grade}.").format(place=document.place(text.section), grade=f"{grade:.1f}")
    return text.whole(f"{message} {hardest}")


@per_text(
    "LANG-002",
    INFO,
    gettext_lazy("A long sentence"),
    hint=gettext_lazy("Make two of it: at most 20 words a sentence."),
    source=sources.NHS_CONTENT,
    english=True,
    lay=True,
)
def short_sentences(text: Text) -> Iterator[Hit]:
    """Tell of sentences over 20 words, and warn of those over 35."""
    for sentence in text.prose:
        if (count := len(_WORDS.findall(sentence.text))) > LONG:
            words = " ".join(sentence.text.split()[:6])
            said = _("A sentence of {count} words: “{words} …”.").format(count=count, words=words)
            yield text.at(sentence.start, sentence.end, said, WARN if count > VERY_LONG else None)


@per_text(
    "LANG-003",
    INFO,
    gettext_lazy("A paragraph of more than three sentences"),
    hint=gettext_lazy("Make two paragraphs of it, or a list."),
    source=sources.NHS_CONTENT,
    lay=True,
)
def short_paragraphs(text: Text) -> Iterator[Hit]:
    counts: dict[tuple[int, int], int] = {}
    for sentence in text.sentences:
        if sentence.line.kind == "p":
            where = (sentence.line.start, sentence.line.end)
            counts[where] = counts.get(where, 0) + 1
    for (start, end), count in counts.items():
        if count > PARAGRAPH:
            words = " ".join(text.plain[start:end].split()[:6])
            said = _("A paragraph of {count} sentences: “{words} …”.").format(count=count, words=words)
            yield text.at(start, end, said)


@per_text(
    "LANG-008",
    INFO,
    gettext_lazy("Much in the passive voice"),
    hint=gettext_lazy("Say who does it: “your doctor checks”, not “it is checked”."),
    source=sources.PEMAT,
    english=True,
    lay=True,
)
def active_voice(text: Text) -> Iterator[Hit]:
    """Tell once of a section in which more than three sentences in ten are passive."""
    prose = [*text.prose]
    passive = [(sentence, found) for sentence in prose if (found := _PASSIVE.search(sentence.text))]
    if len(passive) >= FEWEST and len(passive) > MOST_PASSIVE * len(prose):
        sentence, found = passive[0]
        said = _("{count} of {all} sentences are in the passive voice, such as “{words}”.")
        start = sentence.start + found.start()
        message = said.format(count=len(passive), all=len(prose), words=found[0])
        yield text.at(start, start + len(found[0]), message)


RULES = [can_be_read, short_sentences, short_paragraphs, active_voice]
