"""
Update a draft by a three-way merge of the file, the draft, and the file that was last imported.

Changes of the file replace the draft. Changes made at the desk stay. If both changed the same part, nothing is stored,
and the error shows both texts. A section with another heading or role in the file, but the text that was last imported,
is the same section, renamed.
"""

import dataclasses
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.contrib.auth.models import User

from articles.files.drafts.placed_figures import with_figures, without_figures
from articles.files.drafts.saving import NotImported
from articles.files.imported import ImportedArticle, ImportedFigure, ImportedSection
from articles.models import Article, ArticleReference, ArticleTopic, LastImport, Reference, Section, Wording
from articles.text import richtext
from articles.text.canonical import canonical, sha256
from articles.text.plain import characters
from articles.text.plain.plaintext import quoted
from articles.text.plain.translated import gettext as _
from articles.text.plain.translated import gettext_noop
from articles.text.richtext import figure_keys

AS_THEY_ARE = ("title", "kind", "language", "risk", "ai_use", "ai_note")
LATER = ("evidence_current_to", "translation_of")  # unknown to earlier releases; a file without them keeps the draft's
FIGURE_WORDS = ("alt", "caption", "source", "licence")
FIELDS = (*AS_THEY_ARE, "written_for", *LATER)
NAMES = {
    "title": gettext_noop("The title"),
    "kind": gettext_noop("The kind"),
    "language": gettext_noop("The language"),
    "risk": gettext_noop("The risk"),
    "heading": gettext_noop("The heading"),
    "written_for": gettext_noop("The audience"),
    "ai_use": gettext_noop("The declaration on AI"),
    "ai_note": gettext_noop("The note on AI"),
    "evidence_current_to": gettext_noop("The day to which the evidence is current"),
    "translation_of": gettext_noop("The text that it was translated from"),
}
SHOWN = 160  # characters of each text
ADVICE = gettext_noop("Put the draft’s text into the file and import that; then make your change and import again.")

# ("title",), ("section", role, heading, "0"), ("wording", role, heading, "0", audience) …
Path: TypeAlias = tuple[str, ...]
Parts: TypeAlias = dict[Path, str]
SectionName: TypeAlias = tuple[str, str]  # its role and heading


@dataclass(frozen=True)
class Merged:
    """
    The merged draft. `references` are the keys of those kept from the desk; `stays` has a sentence for each kept part.

    `renamed` gives the draft's name of each section that has another name in the file.
    """

    article: ImportedArticle
    references: frozenset[str]
    stays: list[str]
    renamed: dict[SectionName, SectionName]


class ChangedAtTheDesk(NotImported):
    """Raised if file and desk both changed the same part. `sentences` shows both texts of each."""

    def __init__(self, sentences: list[str]) -> None:
        self.sentences = [*sentences, _(ADVICE)]
        super().__init__("\n".join(self.sentences))


def merged(imported: ImportedArticle, file_parts: Parts, article: Article, author: User) -> Merged:
    """Return the merged draft, or raise ChangedAtTheDesk. `file_parts` are `parts_of(imported)`."""
    draft = _draft(article)
    texts: Parts = {}
    if imported.figures is None:
        texts = {path: text for path, text in draft.items() if path[0] in ("section", "wording") and figure_keys(text)}
        draft |= {path: without_figures(text) for path, text in texts.items()}
    else:
        draft |= _figures_of(article, {figure.key for figure in imported.figures})
    unsaid = [] if imported.ai_use else ["ai_use", "ai_note"]
    unsaid += [name for name in LATER if not getattr(imported, name)]
    file = file_parts | {(name,): draft[(name,)] for name in unsaid}
    base = _base(imported, draft, file, article, author)
    renamed = _renamed(base, draft, file)
    base, draft, texts = (_under_new_names(parts, renamed) for parts in (base, draft, texts))
    file = {path: text for path, text in draft.items() if _is_unsaid(path, file)} | file
    keys = [path for path in {**file, **draft} if path != ("order",)]
    conflicts = [
        _conflict(path, draft.get(path), file.get(path)) for path in keys if _is_conflict(path, base, draft, file)
    ]
    kept = [path for path in keys if _differs(path, draft, file) and not _differs(path, base, file)]
    kept = [path for path in kept if path[0] != "topic_of" or _has_its_place(path, file)]
    chosen = file | {path: draft[path] for path in kept if path in draft}
    conflicts += [_lost(path, draft[path]) for path in kept if path in draft and not _has_its_place(path, chosen)]
    conflicts += [_figures_lost(path, text) for path, text in texts.items() if path not in chosen]
    if conflicts:
        raise ChangedAtTheDesk(conflicts)
    for path in kept:
        if path not in draft:
            del chosen[path]
    moved = _put_figures_back(chosen, texts)
    order = _order(*(json.loads(parts.get(("order",), "[]")) for parts in (base, draft, file)))
    references = frozenset(path[1] for path in kept if path[0] == "reference")
    updated = _updated(imported, chosen, order, without=references)
    references &= {path[1] for path in draft if path[0] == "reference"}
    was = {(new[0], new[1]): (old[0], old[1]) for old, new in renamed.items()}
    stays = [_kept_sentence(path) for path in kept if path[0] != "heading"]
    return Merged(updated, references, stays + moved, was)


def _is_unsaid(path: Path, file: Parts) -> bool:
    """Tell whether a part of the draft is one that files may leave unsaid, of something that this file has."""
    of = {"heading": "wording", "topic_of": "section"}.get(path[0])
    return of is not None and (of, *path[1:]) in file


def _base(imported: ImportedArticle, draft: Parts, file: Parts, article: Article, author: User) -> Parts:
    """
    Return the parts as they were when file and draft went apart: when the file was exported, or last imported.

    Of an exported file digests tell which side has changed a part: it is as it was on the other.
    """
    if imported.exported:
        known = {path: (draft.get(path), file.get(path)) for path in {**draft, **file}}
        return {
            path: text
            for path, texts in known.items()
            for text in texts
            if text is not None and imported.exported.get(canonical([*path])) == digest(text)
        }
    base = _last_imported(article)
    if base is None:
        return draft if _is_alone(article, author) else {}
    if imported.figures is None:
        return {
            path: without_figures(text) if path[0] in ("section", "wording") else text for path, text in base.items()
        }
    return base


def digests(imported: ImportedArticle) -> dict[str, str]:
    """Return the digest of each part of a file, by its path as canonical JSON, as `exported` has them."""
    return {canonical([*path]): digest(text) for path, text in parts_of(imported).items()}


def digest(text: str) -> str:
    return sha256(text)[:16]


def written(parts: Parts) -> str:
    """Return the parts of a file as canonical JSON, in the stored form."""
    return canonical([[*path, text] for path, text in parts.items()])


def remember(text: str, article: Article) -> None:
    """Store the parts of this file as the last import. Later differences are changes made at the desk."""
    row = LastImport.objects.filter(article=article).first() or LastImport(article=article)
    if row.text != text:
        row.text = text
        row.save()


def is_last_import(imported: ImportedArticle, article: Article) -> bool:
    """Tell whether this file is what was last imported into the draft."""
    row = LastImport.objects.filter(article=article).first()
    return row is not None and row.text == written(parts_of(imported))


def parts_of(imported: ImportedArticle) -> Parts:
    """Return the parts of a file: fields, topics, references, sections and wordings."""
    parts: Parts = {(name,): getattr(imported, name) for name in FIELDS}
    parts |= {("topic", name.casefold()): name for name in imported.topics}
    parts |= {("reference", one.key): one.doi or one.pmid or canonical(one.csl) for one in imported.references}
    for figure in imported.figures or ():
        parts |= {("figure", figure.key, name): getattr(figure, name) for name in FIGURE_WORDS}
    order: list[list[str]] = []
    count: Counter[SectionName] = Counter()
    for section in imported.sections:
        one = _add(parts, count, section.role, section.heading, section.body, section.wordings)
        parts |= {("heading", *one, audience): text for audience, text in section.headings.items()}
        parts |= {("topic_of", *one): section.topic} if section.topic else {}
        order.append(one)
    return parts | {("order",): json.dumps(order)}


def _figures_of(article: Article, keys: set[str]) -> Parts:
    """Return the words of those figures of the draft that the file has too: no file deletes a figure."""
    rows = article.figures.filter(key__in=keys)
    return {
        ("figure", row.key, name): characters.normalised(getattr(row, name)) for row in rows for name in FIGURE_WORDS
    }


def _draft(article: Article) -> Parts:
    parts: Parts = {(name,): getattr(article, name) for name in AS_THEY_ARE}
    parts["written_for",] = article.written_for.key
    parts["evidence_current_to",] = str(article.evidence_current_to or "")
    parts["translation_of",] = article.translation_of.get_absolute_url() if article.translation_of else ""
    parts |= {("topic", topic.name.casefold()): topic.name for topic in article.topics.all()}
    for row in article.article_references.select_related("reference"):
        work = row.reference
        parts["reference", row.key] = work.doi or work.pmid or canonical(work.csl)
    order: list[list[str]] = []
    count: Counter[SectionName] = Counter()
    for section in article.sections.select_related("topic").prefetch_related("wordings__audience"):
        wordings = {wording.audience.key: wording.body for wording in section.wordings.all()}
        headed = [wording for wording in section.wordings.all() if wording.heading]
        one = _add(parts, count, section.role, section.heading, section.body, wordings)
        parts |= {("heading", *one, wording.audience.key): wording.heading for wording in headed}
        parts |= {("topic_of", *one): section.topic.name} if section.topic else {}
        order.append(one)
    parts = {path: characters.normalised(text) for path, text in parts.items()}  # as all texts are stored today
    return parts | {("order",): json.dumps(order)}


def _add(
    parts: Parts, count: Counter[SectionName], role: str, heading: str, body: str, wordings: dict[str, str]
) -> list[str]:
    """Add the parts of a section; return its role, heading, and number among the sections of this name."""
    heading = "" if role == Section.Role.LEAD else heading
    one = [role, heading, str(count[role, heading])]
    count[role, heading] += 1
    parts["section", *one] = body
    parts |= {("wording", *one, audience): text for audience, text in wordings.items()}
    return one


def _last_imported(article: Article) -> Parts | None:
    row = LastImport.objects.filter(article=article).first()
    if row is None:
        return None
    unsaid: Parts = {(name,): "" for name in LATER}  # in the last import of an earlier release
    return unsaid | {tuple(path): text for *path, text in json.loads(row.text)}


def _renamed(base: Parts, draft: Parts, file: Parts) -> dict[Path, Path]:
    """Return (old path, new path) of renamed sections: one gone from the file, one new in it, with the same text."""
    was, here, now = (
        {path[1:]: text for path, text in each.items() if path[0] == "section"} for each in (base, draft, file)
    )
    gone = [one for one in was if one in here and one not in now and _may_be_renamed(one, was, here, now)]
    new = [one for one in now if one not in was and one not in here and _may_be_renamed(one, was, here, now)]
    found: dict[Path, Path] = {}
    for one in gone:
        same = [other for other in new if now[other] == was[one]]
        if len(same) == 1 and [was[other] for other in gone].count(was[one]) == 1:
            found[one] = same[0]
    return found


def _may_be_renamed(one: Path, *all_sections: Parts) -> bool:
    """Tell whether the section is not the lead, and is the only one of its name."""
    role, heading, _ = one
    return role != Section.Role.LEAD and not any((role, heading, "1") in sections for sections in all_sections)


def _under_new_names(parts: Parts, renamed: dict[Path, Path]) -> Parts:
    """Return the parts with each section under its name in the file."""
    found: Parts = {}
    for path, text in parts.items():
        is_of_section = path[0] in ("section", "wording", "heading", "topic_of")
        found[(path[0], *renamed.get(path[1:4], path[1:4]), *path[4:]) if is_of_section else path] = text
    if order := found.get(("order",)):
        found["order",] = json.dumps([renamed.get(tuple(one), one) for one in json.loads(order)])
    return found


def _has_its_place(path: Path, chosen: Parts) -> bool:
    """Tell whether the section of a wording or a topic, or the wording of a heading, exists."""
    section = ("section", *path[1:4])
    within = {"wording": section, "topic_of": section, "heading": ("wording", *path[1:])}.get(path[0], path)
    return within in chosen


def _lost(path: Path, draft: str) -> str:
    if path[0] == "wording":
        return _conflict(path, draft, None)
    called = _name_of(("wording", *path[1:]))
    return _(
        "{called} is no longer in the file, but at the desk it has a heading of its own: {draft}. "
        "Delete that heading at the desk, then import the file again. If you renamed the section "
        "and also changed its text, import the file twice instead: first with only the new name, "
        "then with the new text."
    ).format(called=called, draft=quoted(draft, SHOWN))


def _put_figures_back(chosen: Parts, texts: Parts) -> list[str]:
    """Put the figures of the draft's texts into the chosen ones; return a sentence for each that lost its place."""
    said = []
    for path, text in texts.items():
        chosen[path], moved = with_figures(chosen[path], text)
        said += [
            _("{part} shows the figure {key}. The text around it has changed, so it is now at the end.").format(
                part=_name_of(path), key=quoted(key)
            )
            for key in moved
        ]
    return said


def _figures_lost(path: Path, text: str) -> str:
    return _(
        "{part} is no longer in the file, but at the desk it shows figures: {keys}. Remove them from the text at the "
        "desk, then import the file again."
    ).format(part=_name_of(path), keys=", ".join(quoted(key) for key in figure_keys(text)))


def _is_alone(article: Article, author: User) -> bool:
    """Tell whether only this author ever saved a part of the draft, so that nobody else's work can be lost."""
    sections, cited = (
        Section.history.filter(article_id=article.pk),
        ArticleReference.history.filter(article_id=article.pk),
    )
    rows = (
        article.history.all(),
        sections,
        Wording.history.filter(section_id__in=sections.values("id")),
        ArticleTopic.history.filter(article_id=article.pk),
        cited,
        Reference.history.filter(id__in=cited.values("reference_id"), history_type="~"),
    )
    return not any(one.exclude(history_user=author).filter(history_user__isnull=False).exists() for one in rows)


def _differs(path: Path, one: Parts, other: Parts) -> bool:
    return one.get(path) != other.get(path)


def _is_conflict(path: Path, base: Parts, draft: Parts, file: Parts) -> bool:
    return _differs(path, draft, file) and _differs(path, base, draft) and _differs(path, base, file)


def _conflict(path: Path, draft: str | None, file: str | None) -> str:
    said, typed = _excerpts(_readable(path, draft), _readable(path, file))
    return _(
        "{part} was changed at the desk as well as in the file. The draft has {said}. The file has {typed}."
    ).format(part=_name_of(path), said=said, typed=typed)


def _readable(path: Path, text: str | None) -> str | None:
    return richtext.plain(text) if text and path[0] in ("section", "wording") else text


def _excerpts(one: str | None, other: str | None) -> Iterator[str]:
    """Yield both texts, each from shortly before the first difference."""
    pairs = zip(one or "", other or "", strict=False)
    same = next((at for at, (a, b) in enumerate(pairs) if a != b), min(len(one or ""), len(other or "")))
    start = (one or other or "").rfind(" ", 0, max(0, same - 40)) + 1 if same > 40 else 0
    for text in (one, other):
        yield _("nothing") if not text else f"{'… ' if start else ''}{quoted(text[start:], SHOWN)}"


def _name_of(path: Path) -> str:
    kind, *rest = path
    if kind in ("section", "wording"):
        heading = quoted(rest[1]) if rest[1] else ""
        if kind == "section":
            return _("The section {heading}").format(heading=heading) if heading else _("The lead")
        if heading:
            return _("The wording for {audience} in the section {heading}").format(audience=rest[3], heading=heading)
        return _("The wording for {audience} in the lead").format(audience=rest[3])
    if kind == "topic_of":
        return _("The topic of the section {heading}").format(heading=quoted(rest[1]))
    if kind == "heading":
        return _("The heading for {audience} in the section {heading}").format(
            audience=rest[3], heading=quoted(rest[1])
        )
    if kind == "topic":
        return _("The topic {name}").format(name=quoted(rest[0]))
    if kind == "reference":
        return _("The reference {key}").format(key=quoted(rest[0]))
    if kind == "figure":
        return _("The figure {key}").format(key=quoted(rest[0]))
    return _(NAMES[kind])


def _kept_sentence(path: Path) -> str:
    if path[0] == "reference":  # a work may also have been changed in the library
        return _("{part} was changed at the desk or in the library, and stays as it is there.").format(
            part=_name_of(path)
        )
    return _("{part} was changed at the desk, and stays as the desk has it.").format(part=_name_of(path))


def _order(base: list[Any], draft: list[Any], file: list[Any]) -> list[Any]:
    """Return the sections of both in one order: the file's, unless only the desk changed it."""
    there, here = [one for one in draft if one in file], [one for one in file if one in draft]
    first, second = (draft, file) if there != here and file == base else (file, draft)
    if there != here and base not in (draft, file):
        raise ChangedAtTheDesk([_("The order of the sections was changed at the desk and in the file.")])
    order = list(first)
    for at, one in enumerate(second):
        if one not in order:
            order.insert(order.index(second[at - 1]) + 1 if at else 0, one)
    return order


def _updated(imported: ImportedArticle, chosen: Parts, order: list[Any], *, without: frozenset[str]) -> ImportedArticle:
    """Return the imported article with the chosen parts, and `without` the references of these keys."""
    lines = {(section.role, section.heading): section.line for section in imported.sections}
    wordings: dict[Path, dict[str, str]] = defaultdict(dict)
    headings: dict[Path, dict[str, str]] = defaultdict(dict)
    for path, text in chosen.items():
        if path[0] in ("wording", "heading"):
            (wordings if path[0] == "wording" else headings)[path[1:4]][path[4]] = text
    sections = [
        ImportedSection(
            role=one[0],
            heading=one[1],
            body=chosen["section", *one],
            wordings=wordings[tuple(one)],
            line=lines.get((one[0], one[1]), 1),
            headings=headings[tuple(one)],
            topic=chosen.get(("topic_of", *one), ""),
        )
        for one in order
        if ("section", *one) in chosen
    ]
    fields: dict[str, Any] = {name: chosen[name,] for name in FIELDS}
    return dataclasses.replace(
        imported,
        **fields,
        topics=[text for path, text in chosen.items() if path[0] == "topic"],
        references=[one for one in imported.references if one.key not in without],
        figures=_chosen_figures(imported, chosen),
        sections=sections,
    )


def _chosen_figures(imported: ImportedArticle, chosen: Parts) -> list[ImportedFigure] | None:
    """Return the figures of the file with the chosen words, without those that were deleted at the desk."""
    if imported.figures is None:
        return None
    return [
        dataclasses.replace(figure, **{name: chosen["figure", figure.key, name] for name in FIGURE_WORDS})
        for figure in imported.figures
        if all(("figure", figure.key, name) in chosen for name in FIGURE_WORDS)
    ]
