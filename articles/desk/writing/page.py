"""The page that edits a whole draft: its parts with their forms, and what is wrong with them."""

from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import NamedTuple

from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.http import QueryDict
from django.utils.translation import gettext as _

from articles.desk.texts.wordings.typed import doses_of_section
from articles.desk.writing.forms import ArticlePart, PersonPart, SectionPart, WordingPart, author_needed
from articles.desk.writing.sent import OF_ARTICLE, Sent
from articles.desk.writing.stored import (
    ARTICLE,
    PERSON,
    SECTION,
    WORDING,
    Stored,
    Values,
    same,
    values_of_article,
    values_of_person,
    values_of_section,
    values_of_wording,
)
from articles.models import Audience, Authorship, Section, Wording
from articles.review_process import DraftRemark

NEW_SECTION: Values = {"role": Section.Role.BODY.value, "heading": "", "body": "", "topic": ""}
NEW_PERSON: Values = {"role": Authorship.Role.AUTHOR.value}


def with_remarks(form: forms.BaseForm, remarks: list[DraftRemark]) -> list[tuple[BoundField, list[DraftRemark]]]:
    """Return the fields that are seen, each with the comments that stand beside it."""
    is_text = {"data-rich", "data-rich-later"}.intersection  # the attributes of a text area that becomes an editor
    return [(field, remarks if is_text(field.field.widget.attrs) else []) for field in form.visible_fields()]


class Problem(NamedTuple):
    """A refusal: the part that it is about, the field, where to find it on the page, and the sentence."""

    part: str
    label: str
    target: str
    sentence: str


@dataclass
class WordingOnPage:
    """A section's text for other readers. `is_gone`: the stored one is to be deleted, since its text is empty."""

    prefix: str
    audience: Audience
    make: Callable[[], WordingPart]
    seen: str
    row: Wording | None
    changed: bool
    is_gone: bool = False
    is_empty: bool = False
    remarks: list[DraftRemark] = field(default_factory=list)

    @cached_property
    def form(self) -> WordingPart:
        return self.make()

    @property
    def fields(self) -> list[tuple[BoundField, list[DraftRemark]]]:
        return with_remarks(self.form, self.remarks)


@dataclass
class SectionOnPage:
    prefix: str
    row: Section | None
    key: str | None
    make: Callable[[], SectionPart]
    seen: str
    changed: bool
    removed: bool
    name: str
    read_doses: Callable[[], list[str]]
    wordings: list[WordingOnPage] = field(default_factory=list)
    remarks: list[DraftRemark] = field(default_factory=list)

    @cached_property
    def form(self) -> SectionPart:
        return self.make()

    @property
    def fields(self) -> list[tuple[BoundField, list[DraftRemark]]]:
        return with_remarks(self.form, self.remarks)

    @cached_property
    def doses(self) -> list[str]:
        """The doses in which the wordings differ from the main text, in sentences."""
        return self.read_doses()


@dataclass
class PersonOnPage:
    prefix: str
    row: Authorship | None
    make: Callable[[], PersonPart]
    seen: str
    changed: bool
    removed: bool

    @cached_property
    def form(self) -> PersonPart:
        return self.make()


class Page:
    """
    The parts of the page in its order. With `check`, each changed part is held against the rules of its form.

    A part whose values are those that are stored is not asked: it is not saved, whatever the rules are by now.
    """

    def __init__(
        self, stored: Stored, sent: Sent, by: User, *, check: bool = False, keys: dict[int, str] | None = None
    ):
        self.stored, self.sent, self.by, self.check = stored, sent, by, check
        self.keys = keys or {}  # of sections that somebody removed, and that are written anew
        self.refused: list[Problem] = []
        self._make_article, self.article_changed = self._article()
        self.sections = [self._section(prefix) for prefix in sent.sections]
        self.people = [self._person(prefix) for prefix in sent.people]

    @cached_property
    def article(self) -> ArticlePart:
        return self._make_article()

    def _article(self) -> tuple[Callable[[], ArticlePart], bool]:
        is_now = values_of_article(self.stored.article)
        typed = self.sent.values(OF_ARTICLE, ARTICLE, is_now)
        topics = self.sent.topics
        filed = {str(topic.pk) for topic in self.stored.topics}
        changed = not same(typed, is_now, ARTICLE) or topics != filed
        make = partial(
            ArticlePart,
            self.sent.data if self.check and changed else None,
            instance=copy(self.stored.article),
            initial={"topics": sorted(topics)},
            prefix=OF_ARTICLE,
            by=self.by,
            typed=typed,
        )
        return make, changed

    def _section(self, prefix: str) -> SectionOnPage:
        row = self.stored.sections.get(int(prefix[1:])) if prefix.startswith("s") else None
        is_now = values_of_section(row) if row else NEW_SECTION
        typed = self.sent.values(prefix, SECTION, is_now)
        removed = self.sent.is_removed(prefix)
        changed = not removed and (row is None or not same(typed, is_now, SECTION))
        key = self.keys.get(int(prefix[1:])) if prefix.startswith("s") else None
        new = Section(article=self.stored.article, **({"key": key} if key else {}))
        data = self._data(prefix, typed) if self.check and changed else None
        make = partial(SectionPart, data, instance=copy(row) if row else new, prefix=prefix, typed=typed)
        name = typed["heading"].strip() or dict(Section.Role.choices).get(typed["role"], "")
        if row is None and not typed["heading"].strip() and not typed["body"].strip():
            name = _("New section")
        doses = partial(doses_of_section, self.sent.by_name, prefix)
        found = SectionOnPage(prefix, row, key, make, self.sent.seen(prefix), changed, removed, str(name), doses)
        found.wordings = [self._wording(found, audience) for audience in self.stored.others(row.pk if row else None)]
        return found

    def _wording(self, section: SectionOnPage, audience: Audience) -> WordingOnPage:
        row = self.stored.wordings.get((section.row.pk, audience.key)) if section.row else None
        is_now = values_of_wording(row)
        prefix = f"{section.prefix}-{audience.key}"
        typed = self.sent.values(prefix, WORDING, is_now)
        is_empty = not typed["body"].strip()
        is_gone = row is not None and is_empty
        of = section.row or Section(article=self.stored.article)
        changed = not section.removed and not is_gone and not same(typed, is_now, WORDING)
        data = self._data(prefix, typed) if self.check and changed else None
        new = Wording(section=of, audience=audience)
        make = partial(WordingPart, data, instance=copy(row) if row else new, prefix=prefix, typed=typed)
        return WordingOnPage(prefix, audience, make, self.sent.seen(prefix), row, changed, is_gone, is_empty)

    def _person(self, prefix: str) -> PersonOnPage:
        row = self.stored.people.get(int(prefix[1:])) if prefix.startswith("p") else None
        is_now = values_of_person(row) if row else NEW_PERSON | {"contributor": ""}
        names = PERSON if row else (*PERSON, "contributor")
        typed = self.sent.values(prefix, names, is_now)
        removed = self.sent.is_removed(prefix)
        changed = not removed and (row is None or not same(typed, is_now, names))
        data = self._data(prefix, typed) if self.check and changed else None
        new = Authorship(article=self.stored.article)
        make = partial(PersonPart, data, instance=copy(row) if row else new, prefix=prefix, typed=typed)
        return PersonOnPage(prefix, row, make, self.sent.seen(prefix), changed, removed)

    def _data(self, prefix: str, typed: Values) -> QueryDict:
        """Return what the form of this part reads: its own fields, so that no text of another part is copied."""
        data = QueryDict(mutable=True)
        for name, value in typed.items():
            data[f"{prefix}-{name}"] = value
        data[f"{prefix}-seen"] = self.sent.seen(prefix)
        return data

    @cached_property
    def problems(self) -> list[Problem]:
        """Return what is wrong with the changed parts, in the order of the page."""
        found: list[Problem] = []
        if self.article_changed:
            found += self._problems_of(_("About the article"), self.article)
        for person in self.people:
            if person.changed:
                found += self._problems_of(_("People"), person.form)
        if not any(self._is_author(person) for person in self.people):
            found.append(Problem(_("People"), "", "people", str(author_needed().message)))
        for section in self.sections:
            if section.changed:
                found += self._problems_of(section.name, section.form)
            for wording in section.wordings:
                if wording.changed:
                    said = _("{section} (wording for: {key})").format(section=section.name, key=wording.audience.key)
                    found += self._problems_of(said, wording.form)
        return self.refused + found

    def _is_author(self, person: PersonOnPage) -> bool:
        role = self.sent.values(person.prefix, PERSON, NEW_PERSON)["role"]
        return role == Authorship.Role.AUTHOR and not person.removed

    def _problems_of(self, part: str, form: forms.BaseForm) -> Iterator[Problem]:
        for sentence in form.non_field_errors():
            yield Problem(part, "", form.prefix or "", str(sentence))
        for bound in form:
            for sentence in bound.errors:
                yield Problem(part, str(bound.label), bound.id_for_label or bound.auto_id, str(sentence))

    @property
    def status(self) -> int:
        return 422 if self.problems else 200

    def refuse(self, error: ValidationError, target: str = "") -> None:
        self.refused += [Problem("", "", target, str(sentence)) for sentence in error.messages]

    def differing(self) -> list[str]:
        """Return the names of the parts that are not as they are stored."""
        found = [_("About the article")] if self.article_changed else []
        for section in self.sections:
            wordings = any(each.changed or each.is_gone for each in section.wordings)
            if section.removed or section.changed or wordings:
                found.append(section.name)
        if any(person.removed or person.changed for person in self.people):
            found.append(_("People"))
        return found

    def place(self, remarks: list[DraftRemark]) -> list[DraftRemark]:
        """Put each comment beside the text that it is on; return those that are on none of this page."""
        texts = {(part.row.key, ""): part.remarks for part in self.sections if part.row}
        for part in self.sections:
            if part.row:
                texts |= {(part.row.key, each.audience.key): each.remarks for each in part.wordings}
        left: list[DraftRemark] = []
        for remark in remarks:
            texts.get((remark.section, remark.audience), left).append(remark)
        return left

    @property
    def article_seen(self) -> str:
        return self.sent.seen(OF_ARTICLE)
