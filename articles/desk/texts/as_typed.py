"""The content of a draft with what stands in a form of the desk now, in place of what is stored. Nothing is saved."""

from copy import copy
from typing import Any

from django.contrib.auth.models import User
from django.http import Http404, QueryDict
from django.utils.translation import gettext as _

from articles.desk.forms import DraftForm, SectionForm, WordingForm
from articles.desk.writing.page import Page, SectionOnPage
from articles.desk.writing.sent import Sent
from articles.desk.writing.stored import read
from articles.files.drafts.as_content import with_uncited
from articles.frozen.content import content_of, rows_of
from articles.models import Article, Section, Wording
from articles.models.rows.together import Found

NEW = 0  # the key of a section or wording that is not stored


class NotShown(Exception):
    """Raised with sentences if the typed text could not be saved, so that no reader would see it."""

    def __init__(self, *sentences: str) -> None:
        self.sentences = sentences
        super().__init__(" ".join(sentences))


def content_as_typed(article: Article, data: QueryDict, form: QueryDict, by: User) -> dict[str, Any]:
    """
    Return the content of the draft with the fields of one form, which `of` names: article, section, wording or write.

    `form` names it; its `section` and `readers` are the section and the audience of the form. Raise NotShown if the
    form would be refused, but for what others saved meanwhile, and Http404 if there is no such section or audience.
    """
    draft, data = rows_of(article), data.copy()
    for seen in ("seen", "seen_topics"):  # what others saved meanwhile does not matter
        data.pop(seen, None)
    match form.get("of"):
        case "article":
            article = _article(article, data, by)
        case "section":
            _put_section(article, draft, data, form)
        case "wording":
            _put_wording(article, draft, data, form)
        case "write":
            article = _put_page(article, draft, data, by)
        case _:
            raise NotShown(_("The form did not arrive completely. Send it again."))
    return with_uncited(content_of(article, draft)[0], draft)


def _article(article: Article, data: QueryDict, by: User) -> Article:
    return _valid(DraftForm(data, instance=copy(article), by=by)).instance


def _put_section(article: Article, draft: Found, data: QueryDict, of: QueryDict) -> None:
    stored = _stored(draft, of)
    form = _valid(SectionForm(data, instance=copy(stored) if stored else Section(pk=NEW, article=article)))
    row = form.instance
    if stored is None or row.position != stored.position:
        row.position -= 0.5  # before the section that has this position now, as when it is saved
    draft["sections"] = [each for each in draft["sections"] if each.pk != row.pk] + [row]


def _put_wording(article: Article, draft: Found, data: QueryDict, of: QueryDict) -> None:
    section = _stored(draft, of)
    readers = next((row for row in draft["audiences"] if row.key == of.get("readers")), None)
    if section is None or readers is None:
        raise Http404
    section.article = article
    others = [row for row in draft["wordings"] if (row.section_id, row.audience_id) != (section.pk, readers.pk)]
    if data.get("body", "").strip():
        form = _valid(WordingForm(data, instance=Wording(section=section, audience=readers)))
        others.append(form.instance)
    draft["wordings"] = others


def _stored(draft: Found, of: QueryDict) -> Section | None:
    """Return the section that the form is of, or None for a new one."""
    if not (key := of.get("section", "")):
        return None
    found = next((row for row in draft["sections"] if str(row.pk) == key), None)
    if found is None:
        raise Http404
    return found


def _put_page(article: Article, draft: Found, data: QueryDict, by: User) -> Article:
    """Put the parts of the page that edits the whole draft into it."""
    sent = Sent(data)
    if not sent.is_whole:
        raise NotShown(_("The form did not arrive completely. Send it again."))
    page = Page(read(article), sent, by, check=True)
    if page.problems:
        raise NotShown(*(_of_part(problem.part, problem.sentence) for problem in page.problems))
    draft["sections"], draft["wordings"] = [], []
    for place, part in enumerate(page.sections):
        if not part.removed:
            _put_part(draft, part, place)
    return page.article.instance if page.article_changed else article


def _put_part(draft: Found, part: SectionOnPage, place: int) -> None:
    row = copy(part.form.instance if part.changed or part.row is None else part.row)
    row.pk, row.position = row.pk or -place - 1, place
    draft["sections"].append(row)
    for wording in part.wordings:
        if not wording.is_empty:
            own = copy(wording.form.instance if wording.changed or wording.row is None else wording.row)
            own.section_id, own.audience = row.pk, wording.audience
            draft["wordings"].append(own)


def _of_part(part: str, sentence: str) -> str:
    return _("{part}: {problem}").format(part=part, problem=sentence) if part else sentence


def _valid(form: Any) -> Any:
    """Return the form if it would be saved."""
    if not form.is_valid():
        raise NotShown(*(str(error) for errors in form.errors.values() for error in errors))
    return form
