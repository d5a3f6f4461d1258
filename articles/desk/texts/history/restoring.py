"""
Bring an older text of a draft back, as a new change: one section, one wording, or the whole draft.

It goes through the forms of the desk, so what could not be typed now is refused. History is only added to.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Max
from django.forms import BaseForm, ModelForm
from django.http import QueryDict
from django.utils.translation import gettext as _

from articles.desk.drafts import set_topics
from articles.desk.forms import DraftForm, SectionForm, WordingForm
from articles.desk.texts.history.points import reason_for
from articles.desk.texts.history.rows import TABLES, history_of
from articles.frozen.as_of import Draft, draft_as_of
from articles.models import Article, ArticleReference, Audience, Figure, Reference, Section, Wording
from articles.text.richtext import figure_keys

WHOLE = "draft"


class NotRestored(Exception):
    """Raised with sentences if the older text may not be stored now. Nothing was changed."""

    status = 422

    def __init__(self, *sentences: str) -> None:
        self.sentences = list(sentences)
        super().__init__(" ".join(self.sentences))


class SavedSince(NotRestored):
    """Raised if somebody saved the part after the page was made."""

    status = 409


@dataclass(frozen=True)
class Part:
    """
    A part of the older draft that can be brought back: a section, a wording of one, or the whole.

    `key` is how forms name it, and `seen` what the newest history of the part was when the page was made.
    """

    key: str
    name: str
    seen: str


def parts_of(article: Article, old: dict[str, Any], now: dict[str, Any]) -> list[Part]:
    """Return the parts of the older content that are gone or different now."""
    found = []
    seen = _seen_by_section(article)
    labels = {row["key"]: row["label"] for content in (now, old) for row in content["audiences"]}
    present = {section["key"]: section for section in now["sections"]}
    for section in old["sections"]:
        current = present.get(section["key"])
        name = section["heading"] or _("Lead")
        saved = seen.get(section["key"], "")
        if current is None:
            gone = _("The removed section “{section}”, with its wordings").format(section=name)
            found.append(Part(section["key"], gone, saved))
            continue
        if _differ(section, current, ("role", "heading", "body", "topic")):
            found.append(Part(section["key"], _("The section “{section}”").format(section=name), saved))
        for audience, wording in section["wordings"].items():
            if wording != current["wordings"].get(audience):
                said = _("The section “{section}”, wording for a {audience}")
                said = said.format(section=name, audience=labels.get(audience, audience))
                found.append(Part(f"{section['key']}/{audience}", said, saved))
    return found


def _differ(one: dict[str, Any], other: dict[str, Any], names: Iterable[str]) -> bool:
    return any(one.get(name) != other.get(name) for name in names)


def seen_of(article: Article, part: str = WHOLE) -> str:
    """Return a text that changes with each save of the draft, or of the part's section and its wordings."""
    if part != WHOLE:
        return _seen_by_section(article).get(part.partition("/")[0], "")
    newest = (history_of(model, article).aggregate(newest=Max("history_id"))["newest"] for model in TABLES)
    return "-".join(str(each or 0) for each in newest)


def _seen_by_section(article: Article) -> dict[str, str]:
    """Return the same for each section that the draft ever had, by its key, in two queries."""
    sections = Section.history.filter(article_id=article.pk).order_by()
    saved = sections.values_list("id", "key").annotate(newest=Max("history_id"))
    wordings = Wording.history.filter(section_id__in=sections.values("id")).order_by()
    worded = dict(wordings.values_list("section_id").annotate(newest=Max("history_id")))
    found: dict[str, tuple[int, int]] = {}
    for section, key, newest in saved:
        before = found.get(key, (0, 0))
        found[key] = max(before[0], newest), max(before[1], worded.get(section, 0))
    return {key: f"{newest}-{wording}" for key, (newest, wording) in found.items()}


def restore(article: Article, part: str, at: datetime.datetime, *, by: User, seen: str) -> None:
    """
    Store this part of the draft as it was at this moment. Call it with the article locked, in a transaction.

    Raise NotRestored, with what to do, if there was no such part, or if its text may not be stored now. Raise
    SavedSince if the part's newest history is not the one `seen`.
    """
    if seen != seen_of(article, part):
        raise SavedSince(
            _(
                "Someone else saved this after you opened the page. Read what changed. Then restore the older text if "
                "you still want it."
            )
        )
    draft = draft_as_of(article, at)
    if draft is None:
        raise NotRestored(_("The draft did not exist at this time. Choose a later one."))
    restoring = _Restoring(article, draft, at, by)
    if part == WHOLE:
        restoring.whole()
        return
    key, _slash, audience = part.partition("/")
    section = next((row for row in draft.rows["sections"] if row.key == key), None)
    if section is None:
        raise NotRestored(_("The draft had no such section at this time. Choose another time."))
    if audience:
        restoring.one_wording(section, audience)
    else:
        restoring.one_section(section)


class _Restoring:
    """What is stored of an older draft, each row with the reason that names its moment."""

    def __init__(self, article: Article, draft: Draft, at: datetime.datetime, by: User) -> None:
        self.article, self.old, self.by = article, draft, by
        self.reason = reason_for(at)

    def whole(self) -> None:
        """Store all parts. People, the address, and further references stay; the risk is not lowered."""
        self._references()
        self._figures()
        self._remove_later_rows()
        self._article()
        for section in self.old.rows["sections"]:
            self._section(section, position=section.position)
            for wording in self._wordings_of(section):
                self._wording(section, wording)

    def one_section(self, section: Section) -> None:
        """Store the section where it stands now; if it was removed, where it stood, with its wordings and its key."""
        now = self.article.sections.filter(key=section.key).first()
        self._figures(missing_of={*figure_keys(section.body)})
        self._section(section, position=now.position if now else section.position)
        if now is None:
            for wording in self._wordings_of(section):
                self._wording(section, wording)

    def one_wording(self, section: Section, audience: str) -> None:
        wording = next((row for row in self._wordings_of(section) if row.audience.key == audience), None)
        if wording is None:
            raise NotRestored(_("The section had no such wording at this time. Choose another time."))
        if not self.article.sections.filter(key=section.key).exists():
            raise NotRestored(_("The section of this wording was removed. Restore the section: it has its wordings."))
        self._figures(missing_of={*figure_keys(wording.body)})
        self._wording(section, wording)

    def _wordings_of(self, section: Section) -> list[Wording]:
        return [row for row in self.old.rows["wordings"] if row.section_id == section.pk]

    def _references(self) -> None:
        known = {row.key: row for row in self.article.article_references.all()}
        works = Reference.objects.select_related("merged_into")
        found = works.in_bulk([row.reference_id for row in self.old.rows["references"]])
        library = {key: work.merged_into or work for key, work in found.items()}
        for old in self.old.rows["references"]:
            row = known.get(old.key) or ArticleReference(article=self.article, key=old.key)
            work = library.get(old.reference_id)
            is_same = row.reference_id == old.reference_id or (work and row.reference_id == work.pk)
            if is_same and row.although_retracted == old.although_retracted:
                continue
            if work is None:
                said = _(
                    "The library no longer has the work that [@{key}] led to. Add it again under References, with this "
                    "key, and then restore the sections one by one."
                )
                raise NotRestored(said.format(key=old.key))
            row.reference, row.although_retracted = work, old.although_retracted
            self._save(row)

    def _figures(self, missing_of: set[str] | None = None) -> None:
        """Store the figures as they were; later ones stay. Or only those that are missing, of these keys."""
        known = {row.key: row for row in self.article.figures.all()}
        for old in self.old.rows["figures"]:
            row = known.get(old.key)
            if missing_of is not None and (row is not None or old.key not in missing_of):
                continue
            row = row or Figure(article=self.article, key=old.key)
            if row._state.adding or any(getattr(row, name) != getattr(old, name) for name in SHOWN):
                for name in SHOWN:
                    setattr(row, name, getattr(old, name))
                self._save(row)

    def _remove_later_rows(self) -> None:
        """Remove the sections and wordings that were not there."""
        kept = {
            row.key: {wording.audience_id for wording in self._wordings_of(row)} for row in self.old.rows["sections"]
        }
        for section in self.article.sections.prefetch_related("wordings"):
            for wording in section.wordings.all():
                if wording.audience_id not in kept.get(section.key, ()):
                    self._remove(wording)
            if section.key not in kept:
                self._remove(section)

    def _article(self) -> None:
        """Store the fields and topics of the draft."""
        stored = Article.objects.get(pk=self.article.pk)
        old = {field: getattr(self.old.article, field) for field in DRAFTED}
        old["risk"] = stored.risk if stored.is_high_risk else old["risk"]
        topics = {row.topic_id for row in self.old.rows["topics"]}
        before = {row.topic_id for row in stored.article_topics.all()}
        same = topics == before and stored.translation_of_id == self.old.article.translation_of_id
        if same and all(getattr(stored, field) == value for field, value in old.items()):
            return
        form = DraftForm(instance=stored, initial={"topics": [*topics]}, by=self.by)
        data = _data_of(form)
        for field, value in old.items():
            data[field.removesuffix("_id")] = "" if value is None else str(value)
        original = self.old.article.translation_of
        data["translation_of"] = original.get_absolute_url() if original else ""
        form = DraftForm(data, instance=stored, initial={"topics": [*before]}, by=self.by)
        self._store(form, _("About the article"))
        set_topics(stored, form.cleaned_data["topics"], reason=self.reason)
        self.article.refresh_from_db()

    def _section(self, old: Section, *, position: int) -> None:
        row = self.article.sections.filter(key=old.key).first()
        if row is None:
            free = not Section.objects.filter(pk=old.pk).exists()
            row = Section(pk=old.pk if free else None, article=self.article, key=old.key)
        filed = self.article.article_topics.filter(topic=old.topic_id).exists()
        topic = old.topic_id if filed else None
        values = {"role": old.role, "heading": old.heading, "body": old.body, "topic_id": topic, "position": position}
        if row._state.adding or any(getattr(row, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(row, name, value)
            self._store(SectionForm(_data_of(SectionForm(instance=row)), instance=row), str(row))

    def _wording(self, section: Section, old: Wording) -> None:
        readers = Audience.objects.filter(pk=old.audience_id).first()
        if readers is None:
            said = _(
                "There are no readers “{audience}” any more, so their wording of “{section}” cannot be restored. "
                "Restore the parts that you need one by one."
            )
            raise NotRestored(said.format(audience=old.audience, section=section))
        now = self.article.sections.get(key=section.key)
        row = now.wordings.filter(audience=readers).first() or Wording(section=now, audience=readers)
        row.section = now
        if row._state.adding or (row.heading, row.body) != (old.heading, old.body):
            row.heading, row.body = old.heading, old.body
            self._store(WordingForm(_data_of(WordingForm(instance=row)), instance=row), str(row))

    def _store(self, form: "ModelForm[Any]", name: str) -> None:
        if not form.is_valid():
            raise NotRestored(*_sentences(form, name))
        form.instance._change_reason = self.reason
        form.save()

    def _save(self, row: Any) -> None:
        row._change_reason = self.reason
        row.save()

    def _remove(self, row: Any) -> None:
        row._change_reason = self.reason
        row.delete()


SHOWN = ("picture_id", "alt", "decorative", "caption", "source", "licence")  # of a figure
DRAFTED = ("title", "kind", "language", "written_for_id", "risk", "evidence_current_to", "ai_use", "ai_note")


def _data_of(form: BaseForm) -> QueryDict:
    """Return what a browser would post if nothing in the form was touched."""
    data = QueryDict(mutable=True)
    for field in form:
        value = field.value()
        if isinstance(value, list | tuple):
            data.setlist(field.html_name, [str(each) for each in value])
        elif value is not None:
            data[field.html_name] = str(value)
    return data


def _sentences(form: BaseForm, name: str) -> list[str]:
    """Return the form's errors as sentences, each with the part that it is about."""
    errors = [str(error) for group in form.errors.values() for error in group]
    return [_("{part}: {problem}").format(part=name, problem=error) for error in errors]
