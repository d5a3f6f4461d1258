"""
How many years of school a text needs, by Flesch-Kincaid and SMOG.

The text is prepared first: headings, tables, numbers and items that are no sentences say nothing about its sentences.
Syllables are counted by rules of spelling, without a dictionary: tests/benchmarks/README.md has the measured error.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from math import sqrt

from articles.checks.document import Sentence, Text

SHORTEST = 100  # words: with fewer the formulas say nothing
SMOG_SENTENCES = 30  # SMOG was made for 30 sentences
ITEM_WORDS = 5  # an item of a list with fewer words, or without an end, is no sentence
POLYSYLLABLE = 3
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_ENDED = re.compile(r"[.!?…][\"'”’)\]]*$")
_GROUPS = re.compile(r"[aeiouyáàâäãåæéèêëíìîïóòôöõøœúùûüý]+")
_SILENT = re.compile(r"(?:[^laeiouy]e|[^aeiouyl]les|[^aeiouytdl]ed|[^aeioul]led|[^aeiouysxzcgh]es|(?:ch|sh|gu|qu)e)$")
_APART = re.compile(
    r"ia(?!n[ts]?$|l(?:ly)?$)|io(?!u|n|us)|iu|eo(?!us|ple)|[aeiouy]ing\b|ua(?!r[dy])|uo(?!u)|ea(?=ti|to)|ye(?=t)"
    r"|i(?=er$|est$)|oe(?=m|t)|nea$|riet|dien|iet|ii|(?<=[^cgqt])ious|[^cgst]ia[nl]"
)
_ONE_LESS = re.compile(
    r"eaux?$|ely$|ement(?:s|al)?$|eful|eless|ewhere|eness|iou(?=s)|ea(?=u)|(?<=[cg])eous|(?<=[cgt])iou"
)


@dataclass(frozen=True)
class Counted:
    """The words, sentences and syllables of some text, and its words of three syllables or more."""

    sentences: int = 0
    words: int = 0
    syllables: int = 0
    long_words: int = 0

    def __add__(self, other: "Counted") -> "Counted":
        return Counted(
            self.sentences + other.sentences,
            self.words + other.words,
            self.syllables + other.syllables,
            self.long_words + other.long_words,
        )

    @property
    def is_enough(self) -> bool:
        return self.words >= SHORTEST

    @property
    def flesch_kincaid(self) -> float:
        """The US school grade: 0.39 words a sentence + 11.8 syllables a word - 15.59 (Kincaid and others 1975)."""
        return max(0.0, 0.39 * self.words / self.sentences + 11.8 * self.syllables / self.words - 15.59)

    @property
    def smog(self) -> float | None:
        """The SMOG grade (McLaughlin 1969), None for fewer than 30 sentences."""
        if self.sentences < SMOG_SENTENCES:
            return None
        return 1.043 * sqrt(30 * self.long_words / self.sentences) + 3.1291

    @property
    def grade(self) -> float:
        """The mean of the two grades, or Flesch-Kincaid alone."""
        return self.flesch_kincaid if self.smog is None else (self.flesch_kincaid + self.smog) / 2


def counted(texts: Iterable[Text]) -> Counted:
    """Return the counts of the prepared texts."""
    return sum((_of_sentence(sentence) for text in texts for sentence in prepared(text)), Counted())


def prepared(text: Text) -> Iterator[Sentence]:
    """Yield the sentences that are read as such: of paragraphs, and of items and cells that are whole sentences."""
    for sentence in text.sentences:
        is_part = sentence.line.kind == "p" and sentence.line.end - sentence.line.start > len(sentence.text)
        if is_part or _is_a_sentence(sentence):
            yield sentence


def _is_a_sentence(sentence: Sentence) -> bool:
    """Tell whether these words of an item, a cell or a line are a whole sentence."""
    if sentence.line.is_heading or not _ENDED.search(sentence.text):
        return False
    return len(_WORD.findall(sentence.text)) >= ITEM_WORDS


def _of_sentence(sentence: Sentence) -> Counted:
    words = _WORD.findall(sentence.text)
    if not words:
        return Counted()
    lengths = [syllables(word) for word in words]
    return Counted(1, len(words), sum(lengths), sum(length >= POLYSYLLABLE for length in lengths))


@lru_cache(maxsize=20_000)
def syllables(word: str) -> int:
    """Return how many syllables an English word has, by its spelling; abbreviations have one for each letter."""
    if word.isupper() and 1 < len(word) <= 5:
        return len(word) + 2 * word.count("W")
    return sum(
        _syllables(part) for part in re.split(r"[-'’]", word.lower().removesuffix("'s").removesuffix("’s")) if part
    )


def _syllables(part: str) -> int:
    count = len(_GROUPS.findall(part))
    count -= bool(_SILENT.search(part)) + len(_ONE_LESS.findall(part))
    count += len(_APART.findall(part))
    return max(1, count)
