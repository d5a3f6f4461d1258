"""The words that a comment is about: found in what the version prints for any of its readers."""

import re
from collections.abc import Iterator

from django.core.exceptions import ValidationError
from lxml import html

from articles.models import Disclaimer, Version
from articles.text.rendering import markup, visible_text
from articles.text.rendering.visible import visible
from reviews.workflow.transaction import signed_content

# Words are quoted whole, and numbers: "5 mg" does not stand in "0.5 mg", nor "10" in "10^9".
BEFORE, AFTER = r"(?<![\w^])(?<!\d[.,·٫])", r"(?!\w)(?![.,·٫]\d)(?!(?<=\d)\^\d)"
RAISED, LOWERED = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "₀₁₂₃₄₅₆₇₈₉₊₋"
PLAIN = "0123456789+-"


def quoted(version: Version, section_key: str, exact: str) -> str:
    """
    Return the words as they stand in the version, spaced as prose; nothing when none are quoted.

    They stand in the section, or anywhere in what is signed to be printed: title, headings, texts with the numbers of
    citations and tables, references, disclaimers. A browser copies 10⁹/L as 109/L, and people type ⁹: both are found,
    and kept as 10^9/L. Raise ValidationError for a section or words that the version does not have, NotNow when the
    stored text is not the signed one.
    """
    content = signed_content(version)
    sections = {section["key"]: section for section in content["sections"]}
    if section_key and section_key not in sections:
        raise ValidationError({"section_key": f"Version {version.number} has no such section."})
    exact = " ".join(exact.split())
    if not exact:
        return ""
    wanted = [re.compile(BEFORE + words + AFTER) for words in _ways_of_writing(exact)]
    chosen = [sections[section_key]] if section_key else list(sections.values())
    for texts in (_texts(chosen), _printed(content, section_key)):
        lines = list(texts)
        for words in wanted:
            if found := next(filter(None, map(words.search, lines)), None):
                return found[0]
    place = "this section" if section_key else f"version {version.number}"
    raise ValidationError({"exact": f"These words do not stand in {place}: quote them as they are printed there."})


def _ways_of_writing(exact: str) -> Iterator[str]:
    """Yield patterns of the words: as they are, with marks for raised and lowered signs, with those brought down."""
    yield _spaced(re.escape(exact))
    marked = re.sub(f"[{RAISED}]+", lambda found: "^" + _plain(found[0], RAISED), exact)
    marked = re.sub(f"[{LOWERED}]+", lambda found: "_" + _plain(found[0], LOWERED), marked)
    yield _spaced(re.escape(marked))
    yield "[_^]?".join(map(re.escape, exact))


def _spaced(pattern: str) -> str:
    """Let the number of a citation stand with a space before it or without."""
    return re.sub(r"(?:\\ )?\\\[", r" ?\\[", pattern)


def _plain(signs: str, these: str) -> str:
    return signs.translate(str.maketrans(these, PLAIN))


def _texts(sections: list[dict]) -> Iterator[str]:
    """Yield what sections say to each of their audiences, without numbers of citations and tables, each as one line."""
    for section in sections:
        bodies = [section["body"], *(wording["body"] for wording in section["wordings"].values())]
        yield from (" ".join(text.split()) for text in (section["heading"], *map(visible_text, bodies)))


def _printed(content: dict, section_key: str) -> Iterator[str]:
    """Yield what each audience is shown, as one line: of a section, or of the whole with what is printed around it."""
    for audience in content["visible"]:
        article = html.fragment_fromstring(markup(content, audience))
        part = article if not section_key else article.find(f".//*[@id='s-{section_key}']")
        if part is not None:
            yield " ".join(visible(part).split())
    if not section_key:
        yield content["title"]
        for audience, disclaimer in content["disclaimers"].items():
            rows = Disclaimer.objects.filter(audience__key=audience, number=disclaimer["number"])
            yield from (" ".join(text.split()) for text in rows.values_list("text", flat=True))
