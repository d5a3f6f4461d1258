"""An imported article stored as the draft of a new article, or in place of the draft that is there."""

from dataclasses import dataclass, field
from itertools import pairwise

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from articles.importing import library
from articles.importing.imported import ImportedArticle, ImportedSection, quoted
from articles.importing.saving import NotImported, Saver
from articles.models import (
    Article,
    ArticleReference,
    ArticleTopic,
    Audience,
    Authorship,
    Contributor,
    Section,
    Topic,
    Wording,
)
from articles.roles import Role, holds

__all__ = ["AlreadyThere", "NotImported", "Report", "store"]

LONGEST_SLUG = 80


class AlreadyThere(NotImported):
    """Raised where the article exists and nobody asked to replace its draft."""

    def __init__(self, article: Article):
        super().__init__(f"The article {quoted(article.title, 300)} exists already; use --update to replace its draft.")


@dataclass
class Report:
    """What an import did; filled in by `store`."""

    created: bool = False
    changes: int = 0
    references_new: int = 0
    references_matched: int = 0
    references_kept: int = 0
    topics_created: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def store(imported: ImportedArticle, *, author, update: bool = False, report: Report | None = None) -> Article:
    """
    Store the article as a draft of this author and return it; all of it or nothing.

    It is recognised by its slug. With `update` it takes the place of the draft: sections of the same heading and role
    keep their key, rows that do not differ are not saved. Raise AlreadyThere without `update`, and NotImported where
    the account is no active author's, an author of the article is needed, or a row would break a rule.
    """
    report = report if report is not None else Report()
    try:
        with transaction.atomic():
            return _Draft(imported, author, report).store(update)
    except IntegrityError:
        raise NotImported("Somebody saved the same article or reference just now; run the import again.") from None


def slug_of(title: str) -> str:
    """Return the title as an address of 80 characters at most, cut between two words."""
    slug = slugify(title)
    return slug if len(slug) <= LONGEST_SLUG else slug[: LONGEST_SLUG + 1].rpartition("-")[0] or slug[:LONGEST_SLUG]


class _Draft:
    def __init__(self, imported: ImportedArticle, author, report: Report):
        self.imported = imported
        self.author = author
        self.report = report
        self.saver = Saver(author)
        self.audiences = {audience.key: audience for audience in Audience.objects.all()}

    def store(self, update: bool) -> Article:
        self._check_author()
        self._check_audiences()
        slug = self.imported.slug or slug_of(self.imported.title)
        if not slug:
            raise NotImported("The title has no Latin letters or digits; give a slug in the front matter.")
        article = Article.objects.select_for_update(of=("self",), no_key=True).filter(slug=slug).first()
        if article and not update:
            raise AlreadyThere(article)
        if article and not article.has_author(self.author):
            raise NotImported(f"Only its authors can replace the draft of {quoted(article.title, 300)}.")
        self.report.created = article is None
        article = self._replace(article) if article else self._create(slug)
        self._topics(article)
        self._references(article)
        self._sections(article)
        self.report.changes = self.saver.changes
        return article

    def _check_author(self) -> None:
        if not self.author.is_active:
            raise NotImported(f"The account {quoted(self.author.get_username())} is not active.")
        if not holds(self.author, Role.AUTHOR):
            raise NotImported(f"The account {quoted(self.author.get_username())} does not have the role of author.")

    def _check_audiences(self) -> None:
        named = {self.imported.written_for}.union(*(section.wordings for section in self.imported.sections))
        if unknown := sorted(named - self.audiences.keys()):
            known = ", ".join(self.audiences)
            raise NotImported(f"The audience {quoted(unknown[0])} is not known here; it is one of {known}.")

    def _create(self, slug: str) -> Article:
        article = Article(slug=slug, created_by=self.author, imported_by=self.author)
        self.saver.save(article, ai_use=self.imported.ai_use, ai_note=self.imported.ai_note, **self._fields())
        self.saver.save(Authorship(article=article, contributor=self._contributor(), role=Authorship.Role.AUTHOR))
        return article

    def _replace(self, article: Article) -> Article:
        """An editor may have raised the risk, and a declaration that the file leaves out is not taken back."""
        fields = self._fields()
        if article.risk == Article.Risk.HIGH != fields["risk"]:
            fields["risk"] = article.risk
            self.report.warnings.append("The risk of the article stays high; the file cannot lower it.")
        if self.imported.ai_use:
            fields |= {"ai_use": self.imported.ai_use, "ai_note": self.imported.ai_note}
        return self.saver.save(article, **fields)

    def _fields(self) -> dict:
        return {
            "kind": self.imported.kind,
            "title": self.imported.title,
            "language": self.imported.language,
            "risk": self.imported.risk,
            "written_for": self.audiences[self.imported.written_for],
        }

    def _contributor(self) -> Contributor:
        if contributor := Contributor.objects.filter(user=self.author).first():
            return contributor
        if not (name := self.author.get_full_name()):
            account = quoted(self.author.get_username())
            raise NotImported(f"The account {account} has no full name, which readers see as the author's.")
        return self.saver.save(Contributor(user=self.author), name=name)

    def _topics(self, article: Article) -> None:
        topics = {topic.pk: topic for topic in map(self._topic, self.imported.topics)}
        filed = {row.topic_id: row for row in article.article_topics.all()}
        for pk, row in filed.items():
            if pk not in topics:
                self.saver.delete(row)
        for pk, topic in topics.items():
            if pk not in filed:
                self.saver.save(ArticleTopic(article=article, topic=topic))

    def _topic(self, name: str) -> Topic:
        found = Topic.objects.filter(name=name).first() or Topic.objects.filter(name__iexact=name).first()
        if found:
            return found
        self.report.topics_created.append(name)
        return self.saver.save(Topic(slug=_free_slug(name)), name=name)

    def _references(self, article: Article) -> None:
        there = {row.key: row for row in article.article_references.select_related("reference")}
        for key in there.keys() - {reference.key for reference in self.imported.references}:
            self.saver.delete(there[key])
        used: dict[int, str] = {}
        for reference in self.imported.references:
            row = there.get(reference.key) or ArticleReference(article=article, key=reference.key)
            work = self._work(reference, row)
            if work.pk in used:
                keys = f"{quoted(used[work.pk])} and {quoted(reference.key)}"
                raise NotImported(f"The references {keys} are the same work of the library; keep one of them.")
            used[work.pk] = reference.key
            self.saver.save(row, reference=work)

    def _work(self, reference, row: ArticleReference):
        """Return the work of the library with this DOI or PMID, else the one cited already, else a new one."""
        if work := library.work_of(reference):
            self.report.references_matched += 1
            if work.csl != reference.csl:
                self.report.warnings.append(
                    f"Line {reference.line}: The library has other details of the reference {quoted(reference.key)}; "
                    "they stand."
                )
            return work
        if row.pk and library.is_same(row.reference, reference):
            self.report.references_kept += 1
            return row.reference
        self.report.references_new += 1
        return self.saver.save(library.new_work(reference))

    def _sections(self, article: Article) -> None:
        there: dict[tuple, list[Section]] = {}
        for section in article.sections.prefetch_related("wordings__audience"):
            there.setdefault(_identity(section), []).append(section)
        rows = [(there.get(_identity(part)) or [None]).pop(0) for part in self.imported.sections]
        for section in (section for left in there.values() for section in left if section is not None):
            self._delete(section)
        positions = _positions(rows)
        for part, row, position in zip(self.imported.sections, rows, positions, strict=True):
            row = row or Section(article=article, role=part.role)
            self.saver.save(row, heading=part.heading, body=part.body, position=position)
            self._wordings(row, part)

    def _wordings(self, section: Section, part: ImportedSection) -> None:
        there = {wording.audience.key: wording for wording in section.wordings.all()}
        for key in there.keys() - part.wordings.keys():
            self.saver.delete(there[key])
        for key, body in part.wordings.items():
            row = there.get(key) or Wording(section=section, audience=self.audiences[key])
            self.saver.save(row, body=body)

    def _delete(self, section: Section) -> None:
        for wording in section.wordings.all():
            self.saver.delete(wording)
        self.saver.delete(section)


def _identity(section: Section | ImportedSection) -> tuple[str, str]:
    return (section.role, "" if section.role == Section.Role.LEAD else section.heading)


def _positions(rows: list[Section | None]) -> list[int]:
    """Return the positions there are where the order is the same and nothing is new; else 1, 2, 3…"""
    there = [row.position for row in rows if row]
    in_order = len(there) == len(rows) and all(one < two for one, two in pairwise(there))
    return there if in_order else list(range(1, len(rows) + 1))


def _free_slug(name: str) -> str:
    base = slugify(name)[:90] or "topic"
    slug, number = base, 1
    while Topic.objects.filter(slug=slug).exists():
        number += 1
        slug = f"{base}-{number}"
    return slug
