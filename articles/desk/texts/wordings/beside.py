"""Each text of a section beside the others, as the pages of the desk list them."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from articles.checks.doses import Differing, differing
from articles.desk.texts.wordings.older import Older, older_wordings
from articles.models import Audience, Section, Wording
from articles.text.richtext import TooLong, clean


@dataclass(frozen=True)
class Text:
    """
    The text that an audience reads of a section: a wording of its own, or None for the main text.

    `is_main`: the article is written for them. `older` is None unless the wording is older than the main text.
    """

    audience: Audience
    wording: Wording | None
    is_main: bool
    older: Older | None
    doses: list[str]

    @property
    def html(self) -> str:
        return clean(self.wording.body) if self.wording else ""

    @property
    def said(self) -> str:
        """Return in words which text these readers see."""
        if self.is_main:
            return _("main text")
        return _("own wording") if self.wording else _("sees the main text")


def texts_of(section: Section) -> list[Text]:
    """Return what each audience reads of a stored section, the main text first. The number of queries is constant."""
    article = section.article
    wordings = {row.audience_id: row for row in section.wordings.all()}
    older = older_wordings(article) if wordings else {}
    audiences = audiences_from(article.written_for)
    return [_text(section, audience, wordings.get(audience.pk), older) for audience in audiences]


def audiences_from(first: Audience) -> list[Audience]:
    """Return all audiences, this one first."""
    return sorted(Audience.objects.all(), key=lambda row: row.pk != first.pk)


def of_all_wordings(texts: Iterable[Text]) -> list[str]:
    """Return the sentences on the doses of all wordings, each with its readers."""
    said = _("{audience}: {dose}")
    return [said.format(audience=text.audience, dose=dose) for text in texts for dose in text.doses]


def _text(section: Section, audience: Audience, wording: Wording | None, older: dict[int, Older]) -> Text:
    is_main = audience.pk == section.article.written_for_id
    own = None if is_main else wording
    doses = doses_in_words(section.body, own.body, section.article.language) if own else []
    return Text(audience, own, is_main, older.get(own.pk) if own else None, doses)


def doses_in_words(main: str, wording: str, language: str) -> list[str]:
    """Return a sentence for each dose that stands in the main text or in the wording alone."""
    try:
        found = differing(main, wording, language)
    except TooLong as error:
        return [str(error)]
    return [*_each(found)]


def _each(found: Differing) -> Iterable[str]:
    for dose in found.only_main:
        yield _("{dose} stands only in the main text.").format(dose=dose)
    for dose in found.only_wording:
        yield _("{dose} stands only in the wording.").format(dose=dose)
