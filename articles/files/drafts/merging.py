"""
An update of a draft: the file, the draft as it is, and the text that was last imported, made one.

What only the file changed is taken from the file. What was changed at the desk since stays, unless the file changes it
too: then nothing is stored, and both texts are shown. A section that has another heading or role in the file, and the
text that was last imported, is the same section.
"""

import dataclasses
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from articles.files.drafts.saving import NotImported
from articles.files.imported import ImportedArticle, ImportedSection
from articles.models import Article, ArticleReference, ArticleTopic, LastImport, Reference, Section, Wording
from articles.text import richtext
from articles.text.canonical import canonical
from articles.text.plain import characters
from articles.text.plain.plaintext import quoted

FIELDS = ("title", "kind", "language", "written_for", "risk", "ai_use", "ai_note")
NAMES = {"written_for": "audience", "ai_use": "declaration on AI", "ai_note": "note on AI"}
SHOWN = 160  # characters of each text
ADVICE = "Put the draft’s text into the file and import that; then make your change and import again."

Path = tuple[str, ...]  # ("title",), ("section", role, heading, "0"), ("wording", role, heading, "0", audience) …
Parts = dict[Path, str]
Called = tuple[str, str]  # role and heading of a section


@dataclass(frozen=True)
class Merged:
    """
    What the draft shall be: `references` are the keys of those that stay, `stays` says so of all that stays.

    `renamed` says how the draft calls each section that the file calls otherwise.
    """

    article: ImportedArticle
    references: frozenset[str]
    stays: list[str]
    renamed: dict[Called, Called]


class ChangedAtTheDesk(NotImported):
    """Raised where file and draft both changed the same thing; `sentences` shows each with both texts."""

    def __init__(self, sentences: list[str]):
        self.sentences = [*sentences, ADVICE]
        super().__init__("\n".join(self.sentences))


def merged(imported: ImportedArticle, said: Parts, article: Article, author) -> Merged:
    """Return what the draft shall be, or raise ChangedAtTheDesk; `said` is what `parts_of` the file gives."""
    draft = _draft(article)
    file = said | {(name,): draft[(name,)] for name in ("ai_use", "ai_note") if not imported.ai_use}
    base = _last_imported(article)
    if base is None:
        base = draft if _is_alone(article, author) else {}
    renamed = _renamed(base, draft, file)
    base, draft = (_under_new_names(parts, renamed) for parts in (base, draft))
    file |= {path: draft[path] for path in draft if path[0] == "heading" and ("wording", *path[1:]) in file}
    keys = [path for path in {**file, **draft} if path != ("order",)]
    conflicts = [
        _conflict(path, draft.get(path), file.get(path)) for path in keys if _is_conflict(path, base, draft, file)
    ]
    kept = [path for path in keys if _differs(path, draft, file) and not _differs(path, base, file)]
    chosen = file | {path: draft[path] for path in kept if path in draft}
    conflicts += [_lost(path, draft[path]) for path in kept if path in draft and not _has_its_place(path, chosen)]
    if conflicts:
        raise ChangedAtTheDesk(conflicts)
    for path in kept:
        if path not in draft:
            del chosen[path]
    order = _order(*(json.loads(parts.get(("order",), "[]")) for parts in (base, draft, file)))
    references = frozenset(path[1] for path in kept if path[0] == "reference")
    article = _article(imported, chosen, order, without=references)
    references &= {path[1] for path in draft if path[0] == "reference"}
    was = {(new[0], new[1]): (old[0], old[1]) for old, new in renamed.items()}
    return Merged(article, references, [_stays(path) for path in kept if path[0] != "heading"], was)


def written(said: Parts) -> str:
    """Return what a file says in the form in which it is kept."""
    return canonical([[*path, text] for path, text in said.items()])


def remember(text: str, article: Article) -> None:
    """Keep what this file says, to know later what the desk has changed since."""
    row = LastImport.objects.filter(article=article).first() or LastImport(article=article)
    if row.text != text:
        row.text = text
        row.save()


def parts_of(imported: ImportedArticle) -> Parts:
    """Return what a file says, thing by thing."""
    parts = {(name,): getattr(imported, name) for name in FIELDS}
    parts |= {("topic", name.casefold()): name for name in imported.topics}
    parts |= {("reference", one.key): one.doi or one.pmid or canonical(one.csl) for one in imported.references}
    order = []
    count = Counter()
    for section in imported.sections:
        order.append(_add(parts, count, section.role, section.heading, section.body, section.wordings))
    return parts | {("order",): json.dumps(order)}


def _draft(article: Article) -> Parts:
    parts = {(name,): getattr(article, name) for name in FIELDS if name != "written_for"}
    parts["written_for",] = article.written_for.key
    parts |= {("topic", topic.name.casefold()): topic.name for topic in article.topics.all()}
    for row in article.article_references.select_related("reference"):
        work = row.reference
        parts["reference", row.key] = work.doi or work.pmid or canonical(work.csl)
    order = []
    count = Counter()
    for section in article.sections.prefetch_related("wordings__audience"):
        wordings = {wording.audience.key: wording.body for wording in section.wordings.all()}
        headed = [wording for wording in section.wordings.all() if wording.heading]
        one = _add(parts, count, section.role, section.heading, section.body, wordings)
        parts |= {("heading", *one, wording.audience.key): wording.heading for wording in headed}
        order.append(one)
    parts = {path: characters.settled(text) for path, text in parts.items()}  # as every door stores it today
    return parts | {("order",): json.dumps(order)}


def _add(parts: Parts, count: Counter, role: str, heading: str, body: str, wordings: dict[str, str]) -> list[str]:
    heading = "" if role == Section.Role.LEAD else heading
    one = [role, heading, str(count[role, heading])]
    count[role, heading] += 1
    parts["section", *one] = body
    parts |= {("wording", *one, audience): text for audience, text in wordings.items()}
    return one


def _last_imported(article: Article) -> Parts | None:
    row = LastImport.objects.filter(article=article).first()
    return {tuple(path): text for *path, text in json.loads(row.text)} if row else None


def _renamed(base: Parts, draft: Parts, file: Parts) -> dict[Path, Path]:
    """Return what the file calls otherwise: a section that is gone from it, and a new one with the same text."""
    was, here, now = (
        {path[1:]: text for path, text in each.items() if path[0] == "section"} for each in (base, draft, file)
    )
    gone = [one for one in was if one in here and one not in now and _may_be_renamed(one, was, here, now)]
    new = [one for one in now if one not in was and one not in here and _may_be_renamed(one, was, here, now)]
    found = {}
    for one in gone:
        same = [other for other in new if now[other] == was[one]]
        if len(same) == 1 and [was[other] for other in gone].count(was[one]) == 1:
            found[one] = same[0]
    return found


def _may_be_renamed(one: Path, *all_sections: Parts) -> bool:
    """Tell whether it is no lead, and the only section of its name."""
    role, heading, _ = one
    return role != Section.Role.LEAD and not any((role, heading, "1") in sections for sections in all_sections)


def _under_new_names(parts: Parts, renamed: dict[Path, Path]) -> Parts:
    """Return the parts with each section called as the file calls it."""
    found = {}
    for path, text in parts.items():
        is_of_section = path[0] in ("section", "wording", "heading")
        found[(path[0], *renamed.get(path[1:4], path[1:4]), *path[4:]) if is_of_section else path] = text
    if order := found.get(("order",)):
        found["order",] = json.dumps([renamed.get(tuple(one), one) for one in json.loads(order)])
    return found


def _has_its_place(path: Path, chosen: Parts) -> bool:
    """Tell whether the section of a wording, or the wording of a heading, is there to hold it."""
    within = {"wording": ("section", *path[1:4]), "heading": ("wording", *path[1:])}.get(path[0], path)
    return within in chosen


def _lost(path: Path, draft: str) -> str:
    if path[0] == "wording":
        return _conflict(path, draft, None)
    called = _called(("wording", *path[1:]))
    return (
        f"{called} has a heading that was given at the desk, {quoted(draft, SHOWN)}, and the file has no such wording "
        "any more. Take that heading out at the desk first; where the section is only renamed, import its new name "
        "before its new text."
    )


def _is_alone(article: Article, author) -> bool:
    """Tell whether nobody but this author ever saved anything of the draft: then there is nobody's work to undo."""
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
    return (
        f"{_called(path)} was changed at the desk as well as in the file. The draft has {said}. The file has {typed}."
    )


def _readable(path: Path, text: str | None) -> str | None:
    return richtext.plain(text) if text and path[0] in ("section", "wording") else text


def _excerpts(one: str | None, other: str | None) -> Iterator[str]:
    """Yield both texts from a little before the place where they begin to differ."""
    pairs = zip(one or "", other or "", strict=False)
    same = next((at for at, (a, b) in enumerate(pairs) if a != b), min(len(one or ""), len(other or "")))
    start = (one or other or "").rfind(" ", 0, max(0, same - 40)) + 1 if same > 40 else 0
    for text in (one, other):
        yield "nothing" if not text else f"{'… ' if start else ''}{quoted(text[start:], SHOWN)}"


def _called(path: Path) -> str:
    kind, *rest = path
    if kind in ("section", "wording"):
        name = f"The section {quoted(rest[1])}" if rest[1] else "The lead"
        return f"{name}, worded for {rest[3]}," if kind == "wording" else name
    if kind in ("topic", "reference"):
        return f"The {kind} {quoted(rest[0])}"
    return f"The {NAMES.get(kind, kind)}"


def _stays(path: Path) -> str:
    if path[0] == "reference":  # a work belongs to the library, where it may have been changed for all
        return f"{_called(path)} was changed at the desk or in the library, and stays as it is there."
    return f"{_called(path)} was changed at the desk, and stays as the desk has it."


def _order(base: list, draft: list, file: list) -> list:
    """Return the sections of both in one order: the file's, unless only the desk has changed it."""
    there, here = [one for one in draft if one in file], [one for one in file if one in draft]
    first, second = (draft, file) if there != here and file == base else (file, draft)
    if there != here and base not in (draft, file):
        raise ChangedAtTheDesk(["The order of the sections was changed at the desk and in the file."])
    order = list(first)
    for at, one in enumerate(second):
        if one not in order:
            order.insert(order.index(second[at - 1]) + 1 if at else 0, one)
    return order


def _article(imported: ImportedArticle, chosen: Parts, order: list, *, without: frozenset[str]) -> ImportedArticle:
    lines = {(section.role, section.heading): section.line for section in imported.sections}
    wordings = defaultdict(dict)
    for path, text in chosen.items():
        if path[0] == "wording":
            wordings[path[1:4]][path[4]] = text
    sections = [
        ImportedSection(
            role=one[0],
            heading=one[1],
            body=chosen["section", *one],
            wordings=wordings[tuple(one)],
            line=lines.get((one[0], one[1]), 1),
        )
        for one in order
        if ("section", *one) in chosen
    ]
    return dataclasses.replace(
        imported,
        **{name: chosen[name,] for name in FIELDS},
        topics=[text for path, text in chosen.items() if path[0] == "topic"],
        references=[one for one in imported.references if one.key not in without],
        sections=sections,
    )
