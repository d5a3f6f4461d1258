"""Store an imported article as the draft of a new article, or update the existing draft."""

import re
import unicodedata
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.text import slugify

from articles.files.drafts import cited_works as library
from articles.files.drafts import merging
from articles.files.drafts.figures import Figures
from articles.files.drafts.saving import NotImported, Saver
from articles.files.imported import ImportedArticle, ImportedReference, ImportedSection, at_line
from articles.models import (
    Article,
    ArticleReference,
    ArticleTopic,
    Audience,
    Authorship,
    Contributor,
    Reference,
    Section,
    Topic,
    Version,
    Wording,
)
from articles.models.article import SEARCHED_LATER
from articles.models.people import Role, holds, roles_of
from articles.models.rows.announced import announced_together
from articles.text import richtext
from articles.text.plain.plaintext import quoted, tidy
from articles.text.plain.translated import gettext as _
from articles.text.plain.translated import ngettext

__all__ = ["AlreadyThere", "NotImported", "Report", "store"]

LONGEST_SLUG = 80
RAISED = re.compile("[²³¹⁰⁴-⁹¼-¾⅐-⅟↉]")  # raised digits, and fractions of one character
FRACTION = "\u2044"
MOST_TOPICS = 100  # named in an error message


class AlreadyThere(NotImported):
    """Raised if the article exists and its draft is not to be updated."""

    def __init__(self, article: Article) -> None:
        self.article = article
        super().__init__(
            _("The article {title} exists already; use --update to update its draft.").format(
                title=quoted(article.title, 300)
            )
        )


@dataclass
class Report:
    """
    The results of an import, filled in by `store`.

    `sections` and `references` count those of the draft after the import, `references_stay` those kept from the desk.
    """

    created: bool = False
    changes: int = 0
    sections: int = 0
    references: int = 0
    references_stay: int = 0
    references_new: int = 0
    references_matched: int = 0
    references_kept: int = 0
    topics_created: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def store(imported: ImportedArticle, *, author: User, update: bool = False, report: Report | None = None) -> Article:
    """
    Store the article as a draft of this author and return it; store all of it or nothing.

    An existing article is found by its slug. With `update`, its draft takes over the changes of the file since the last
    import. Sections with the same heading and role, or the same text, keep their key. Unchanged rows are not saved.

    Raise AlreadyThere if the article exists and `update` is not set. Raise ChangedAtTheDesk if a part was changed both
    in the file and at the desk. Raise NotImported if this person may not write the article, if a topic is unknown, or
    if a row is not valid.
    """
    report = report if report is not None else Report()
    try:
        draft = _Draft(imported, author, report)  # slow, but needs no lock
        with announced_together():
            return draft.store(update)
    except IntegrityError:
        raise NotImported(_("Somebody saved the same article or reference just now; run the import again.")) from None
    except ValidationError as error:
        raise NotImported(" ".join(error.messages)) from None


def slug_of(title: str) -> str:
    """Return the title as an address of at most 80 characters, cut between two words: 10⁹/L gives 10-9-l."""
    slug = slugify(level(title))
    return slug if len(slug) <= LONGEST_SLUG else slug[: LONGEST_SLUG + 1].rpartition("-")[0] or slug[:LONGEST_SLUG]


def level(text: str) -> str:
    """Return the text with spaces around superscript digits and fractions, written as plain digits."""
    return "".join(
        f" {unicodedata.normalize('NFKD', one).replace(FRACTION, ' ')} " if RAISED.match(one) else one for one in text
    )


class _Draft:
    def __init__(self, imported: ImportedArticle, author: User, report: Report) -> None:
        self.imported = imported
        self.author = author
        self.report = report
        self.saver = Saver(author)
        self.stay: frozenset[str] = frozenset()  # keys of references kept from the desk
        self.renamed: dict[merging.SectionName, merging.SectionName] = {}
        self.topics: dict[str, Topic] = {}  # of the article, by their names
        self.audiences = {audience.key: audience for audience in Audience.objects.all()}
        bodies = [text for part in imported.sections for text in (part.body, *part.wordings.values())]
        self.file_parts = merging.parts_of(imported)
        self.remembered = merging.written(self.file_parts)
        self.bodies = {text: richtext.storable(text) for text in bodies}
        self.reasons = {one.key: one.although_retracted for one in imported.references}
        self.figures = Figures(imported.figures or [], self.saver)

    def store(self, update: bool) -> Article:
        self._check_author()
        self._check_audiences()
        self._check_search()
        slug = self.imported.slug or slug_of(self.imported.title)
        if not slug:
            raise NotImported(_("The title has no Latin letters or digits; give a slug in the front matter."))
        article = Article.objects.select_for_update(of=("self",), no_key=True).filter(slug=slug).first()
        if article and not update:
            raise AlreadyThere(article)
        if article and not article.has_author(self.author):
            raise NotImported(
                _("Only its authors can update the draft of {title}.").format(title=quoted(article.title, 300))
            )
        self.report.created = article is None
        if article:
            merged = merging.merged(self.imported, self.file_parts, article, self.author)
            self.imported, self.stay, self.renamed = merged.article, merged.references, merged.renamed
            self.report.warnings += merged.stays
            self._check_wordings()
            article = self._replace(article)
        else:
            article = self._create(slug)
        self._topics(article)
        self._references(article)
        self._sections(article)
        self.report.warnings += self.figures.store(self.imported.figures or [], article)
        merging.remember(self.remembered, article)
        self.report.sections, self.report.references_stay = len(self.imported.sections), len(self.stay)
        self.report.references = len(self.imported.references) + len(self.stay)
        self.report.changes = self.saver.changes
        return article

    def _check_author(self) -> None:
        if not self.author.is_active:
            raise NotImported(
                _("The account {account} is not active.").format(account=quoted(self.author.get_username()))
            )
        if not holds(self.author, Role.AUTHOR):
            raise NotImported(
                _("The account {account} does not have the role of author.").format(
                    account=quoted(self.author.get_username())
                )
            )

    def _check_audiences(self) -> None:
        named = {self.imported.written_for}.union(*(section.wordings for section in self.imported.sections))
        if unknown := sorted(named - self.audiences.keys()):
            known = ", ".join(self.audiences)
            raise NotImported(
                _("The audience {unknown} is not known here. Choose one of {known}.").format(
                    unknown=quoted(unknown[0]), known=known
                )
            )

    def _check_search(self) -> None:
        searched = parse_date(self.imported.evidence_current_to)
        if searched and searched > timezone.localdate():
            raise NotImported(str(SEARCHED_LATER))

    def _check_wordings(self) -> None:
        """Refuse wordings of the file or the desk for the audience that the article would be written for."""
        readers = self.imported.written_for
        there = [section for section in self.imported.sections if readers in section.wordings]
        if there:
            named = ", ".join(quoted(section.heading) if section.heading else _("the lead") for section in there)
            raise NotImported(
                _(
                    "The main text would be written for {label}, so the wording for these readers in {named} "
                    "would never be shown. Move its words into the section’s text. Then delete the wording’s "
                    "text at the desk and save."
                ).format(label=quoted(self.audiences[readers].label), named=named)
            )

    def _create(self, slug: str) -> Article:
        article = Article(slug=slug, created_by=self.author, imported_by=self.author)
        fields = self._fields(article)
        self.saver.save(article, ai_use=self.imported.ai_use, ai_note=self.imported.ai_note, **fields)
        self.saver.save(Authorship(article=article, contributor=self._contributor(), role=Authorship.Role.AUTHOR))
        return article

    def _replace(self, article: Article) -> Article:
        """Update the article, but never lower its risk, and keep the declaration on AI if the file has none."""
        fields = self._fields(article)
        if article.risk == Article.Risk.HIGH != fields["risk"]:
            fields["risk"] = article.risk
            self.report.warnings.append(_("The risk of the article stays high; the file cannot lower it."))
        if self.imported.ai_use:
            fields |= {"ai_use": self.imported.ai_use, "ai_note": self.imported.ai_note}
        return self.saver.save(article, **fields)

    def _fields(self, article: Article) -> dict[str, Any]:
        return {
            "kind": self.imported.kind,
            "title": self.imported.title,
            "language": self.imported.language,
            "risk": self.imported.risk,
            "written_for": self.audiences[self.imported.written_for],
            "evidence_current_to": parse_date(self.imported.evidence_current_to),
            "translation_of": self._original(article),
        }

    def _original(self, article: Article) -> Version | None:
        """Return the text that the file was translated from; the draft's own need not be public any more."""
        address, known = self.imported.translation_of, article.translation_of
        if known and address == known.get_absolute_url():
            return known
        return Version.objects.original_at(address) if address else None

    def _contributor(self) -> Contributor:
        if contributor := Contributor.objects.filter(user=self.author).first():
            return contributor
        if not (name := self.author.get_full_name()):
            account = quoted(self.author.get_username())
            raise NotImported(
                _("The account {account} has no full name. Readers see the full name as the author’s name.").format(
                    account=account
                )
            )
        return self.saver.save(Contributor(user=self.author), name=name)

    def _topics(self, article: Article) -> None:
        topics = {topic.pk: topic for topic in self._known_topics()}
        self.topics = {topic.name.casefold(): topic for topic in topics.values()}
        filed = {row.topic_id: row for row in article.article_topics.all()}
        self.saver.delete_all([row for pk, row in filed.items() if pk not in topics])
        self.saver.save_all(
            [(ArticleTopic(article=article, topic=topic), {}) for pk, topic in topics.items() if pk not in filed]
        )

    def _known_topics(self) -> list[Topic]:
        """Return the topics of the file. Only editors and administrators can create new ones."""
        topics = list(Topic.objects.order_by("-pk"))
        known, exact = {topic.name.casefold(): topic for topic in topics}, {topic.name: topic for topic in topics}
        found = {name: exact.get(name) or known.get(name.casefold()) for name in self.imported.topics}
        unknown = [name for name, topic in found.items() if topic is None]
        if unknown and not {Role.EDITOR, Role.ADMIN} & set(roles_of(self.author)):
            sentence = ngettext(
                "The topic {unknown} is not known here; an editor or administrator can add one. The topics are: "
                "{known}.",
                "The topics {unknown} are not known here; an editor or administrator can add one. The topics are: "
                "{known}.",
                len(unknown),
            )
            names = ", ".join(sorted(exact)[:MOST_TOPICS]) or _("none yet")
            raise NotImported(sentence.format(unknown=", ".join(map(quoted, unknown)), known=names))
        self.report.topics_created += unknown
        return [topic or self.saver.save(Topic(slug=_free_slug(name)), name=name) for name, topic in found.items()]

    def _references(self, article: Article) -> None:
        there = {row.key: row for row in article.article_references.select_related("reference")}
        gone = there.keys() - self.stay - {reference.key for reference in self.imported.references}
        self.saver.delete_all([there[key] for key in sorted(gone)])
        known = library.locked_works_of(self.imported.references)
        works = {one.key: self._work(one, there.get(one.key), known[one.key]) for one in self.imported.references}
        used = {there[key].reference_id: key for key in self.stay}
        for key, work in works.items():
            if work.pk in used:
                raise NotImported(
                    _("The references {used} and {key} are the same work in the library; keep one of them.").format(
                        used=quoted(used[work.pk]), key=quoted(key)
                    )
                )
            used |= {work.pk: key} if work.pk else {}
        self.saver.save_all([(work, {}) for work in works.values() if work.pk is None])
        self.saver.save_all([self._cited(article, key, there.get(key), work) for key, work in works.items()])

    def _cited(
        self, article: Article, key: str, row: ArticleReference | None, work: Reference
    ) -> tuple[ArticleReference, dict[str, Any]]:
        """
        Return the row of a key with its values.

        Why a retracted work is cited is said of no other work, and what the desk says goes before what a file says.
        """
        row = row or ArticleReference(article=article, key=key)
        kept = row.although_retracted if row.reference_id == work.pk else ""
        return row, {"reference": work, "although_retracted": kept or self.reasons.get(key, "")}

    def _work(self, reference: ImportedReference, row: ArticleReference | None, work: Reference | None) -> Reference:
        """Return the library's work with this DOI or PMID, else the same work cited before, else a new unsaved one."""
        if work:
            self.report.references_matched += 1
            if work.csl != reference.csl:
                self.report.warnings.append(
                    at_line(
                        reference.line,
                        _(
                            "The library and the file have different details of the reference {key}. The library’s "
                            "details are kept."
                        ).format(key=quoted(reference.key)),
                    )
                )
            return work
        if row and library.is_same(row.reference, reference):
            self.report.references_kept += 1
            return row.reference
        self.report.references_new += 1
        return library.new_work(reference)

    def _sections(self, article: Article) -> None:
        there: dict[merging.SectionName, list[Section]] = {}
        for section in article.sections.prefetch_related("wordings__audience"):
            there.setdefault(_identity(section), []).append(section)
        names = [self.renamed.get(_identity(part), _identity(part)) for part in self.imported.sections]
        rows = [there[name].pop(0) if there.get(name) else None for name in names]
        gone = [section for left in there.values() for section in left]
        wordings = {row: _by_audience(row) for row in rows if row}
        unworded = [
            wording
            for row, part in zip(rows, self.imported.sections, strict=True)
            for key, wording in (wordings[row] if row else {}).items()
            if key not in part.wordings
        ]
        self.saver.delete_all([*unworded, *(wording for section in gone for wording in section.wordings.all())])
        self.saver.delete_all(gone)
        sections = self.saver.save_all(
            [
                (
                    row or Section(article=article),
                    {
                        "role": part.role,
                        "heading": tidy(part.heading),
                        "body": self._body(part.body),
                        "position": position,
                        "topic_id": self._topic_of(part),
                    },
                )
                for part, row, position in zip(self.imported.sections, rows, _positions(rows), strict=True)
            ]
        )
        self.saver.save_all(
            [
                (
                    wordings.get(section, {}).get(key) or Wording(section=section, audience=self.audiences[key]),
                    {"heading": tidy(part.headings.get(key, "")), "body": self._body(body)},
                )
                for section, part in zip(sections, self.imported.sections, strict=True)
                for key, body in part.wordings.items()
            ]
        )

    def _topic_of(self, section: ImportedSection) -> int | None:
        if not section.topic:
            return None
        if section.topic.casefold() not in self.topics:
            said = _("The topic {topic} of the section {heading} is none of the article’s topics.")
            raise NotImported(said.format(topic=quoted(section.topic), heading=quoted(section.heading)))
        return self.topics[section.topic.casefold()].pk

    def _body(self, text: str) -> str:
        """Return the body in its stored form. Bodies of the draft that are not in the file are converted here."""
        return self.bodies.get(text) or richtext.storable(text)


def _by_audience(section: Section) -> dict[str, Wording]:
    return {wording.audience.key: wording for wording in section.wordings.all()}


def _identity(section: Section | ImportedSection) -> tuple[str, str]:
    return (section.role, "" if section.role == Section.Role.LEAD else section.heading)


def _positions(rows: list[Section | None]) -> list[int]:
    """Return the existing positions if the order is the same and no section is new; else 1, 2, 3…"""
    there = [row.position for row in rows if row]
    in_order = len(there) == len(rows) and all(one < two for one, two in pairwise(there))
    return there if in_order else list(range(1, len(rows) + 1))


def _free_slug(name: str) -> str:
    base = slugify(level(name))[:90] or "topic"
    slug, number = base, 1
    while Topic.objects.filter(slug=slug).exists():
        number += 1
        slug = f"{base}-{number}"
    return slug
