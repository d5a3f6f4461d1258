"""A change of a draft in words: what it is of, and each of its cells as a redline."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from lxml import html

from articles.desk.texts.history.rows import Change
from articles.models import (
    Article,
    ArticleReference,
    ArticleTopic,
    Audience,
    Authorship,
    Contributor,
    Figure,
    Picture,
    Reference,
    Section,
    Slug,
    Topic,
    Version,
    Wording,
)
from articles.text.redline import changed, plain_redline, redline
from articles.text.richtext.building import TooLong

HOW = {
    "+": gettext_lazy("added"),
    "~": gettext_lazy("changed"),
    "-": gettext_lazy("removed"),
}
LABELS: dict[Any, dict[str, Any]] = {  # the columns that are shown, in their order
    Article: {
        "title": gettext_lazy("Title"),
        "slug": gettext_lazy("Address"),
        "kind": gettext_lazy("Kind"),
        "language": gettext_lazy("Language code"),
        "written_for_id": gettext_lazy("Written for"),
        "risk": gettext_lazy("Risk"),
        "ai_use": gettext_lazy("Use of artificial intelligence"),
        "ai_note": gettext_lazy("Tool, model, purpose and date"),
        "evidence_current_to": gettext_lazy("Evidence current to"),
        "translation_of_id": gettext_lazy("Translated from"),
    },
    Slug: {"slug": gettext_lazy("Address")},
    Authorship: {
        "contributor_id": gettext_lazy("Name"),
        "role": gettext_lazy("Role"),
        "position": gettext_lazy("Place"),
    },
    ArticleTopic: {"topic_id": gettext_lazy("Topic")},
    Section: {
        "heading": gettext_lazy("Heading"),
        "role": gettext_lazy("Role"),
        "position": gettext_lazy("Place"),
        "topic_id": gettext_lazy("Topic"),
        "body": gettext_lazy("Text"),
    },
    Wording: {
        "audience_id": gettext_lazy("Audience"),
        "heading": gettext_lazy("Heading"),
        "body": gettext_lazy("Text"),
    },
    ArticleReference: {"key": gettext_lazy("Key"), "reference_id": gettext_lazy("Reference")},
    Figure: {
        "key": gettext_lazy("Key"),
        "picture_id": gettext_lazy("Picture"),
        "alt": gettext_lazy("Alternative text"),
        "decorative": gettext_lazy("Decorative"),
        "caption": gettext_lazy("Caption"),
        "source": gettext_lazy("Source"),
        "licence": gettext_lazy("Licence"),
    },
}
RICH = {"body"}
# Compared word by word; of any other column both values stand whole.
WORDED = {"title", "heading", "ai_note", "alt", "caption", "source", "licence"}


@dataclass(frozen=True)
class Cell:
    """A changed column: its label, and both values in one. A whole text that was added or removed is folded."""

    label: str
    html: SafeString
    is_folded: bool


@dataclass(frozen=True)
class Entry:
    """A change in words. Without cells nothing visible changed."""

    at: Any
    who: str
    what: str
    how: str
    cells: list[Cell]


@dataclass
class Names:
    """What the rows refer to by key, in words: read once for all changes of a page."""

    of: dict[str, dict[int, str]] = field(default_factory=dict)

    def named(self, column: str, key: Any) -> str:
        if key is None:
            return ""
        return self.of.get(column, {}).get(key) or _("no longer there ({key})").format(key=key)


def entries_of(changes: list[Change]) -> list[Entry]:
    """Return the changes in words; the number of queries does not depend on them."""
    names = _names(changes)
    return [_entry(change, names) for change in changes]


def _entry(change: Change, names: Names) -> Entry:
    row, before = change.row, change.before
    cells = []
    if row.history_type == "-":
        old, new = row, None
    else:
        old, new = (None if row.history_type == "+" else before), row
    for column, label in LABELS[change.model].items():
        one, other = (_value(change.model, side, column, names) for side in (old, new))
        if one != other:
            cells.append(Cell(str(label), _marked(one, other, column), column in RICH and not (one and other)))
    return Entry(
        row.history_date, who(row.history_user), _what(change, names), str(HOW.get(row.history_type, "")), cells
    )


@dataclass(frozen=True)
class Summary:
    """A change in a few words: what it is of, how it was changed, and the names of the columns that changed."""

    what: str
    how: str
    columns: tuple[str, ...]


def summaries_of(changes: list[Change]) -> list[Summary]:
    """Return the changes in a few words, without a comparison; the number of queries does not depend on them."""
    names = _names(changes)
    return [_summary(change, names) for change in changes]


def _summary(change: Change, names: Names) -> Summary:
    row, before = change.row, change.before
    columns: tuple[str, ...] = ()
    if row.history_type == "~" and before is not None:
        labels = LABELS[change.model].items()
        columns = tuple(str(label) for column, label in labels if getattr(row, column) != getattr(before, column))
    return Summary(_what(change, names), str(HOW.get(row.history_type, "")), columns)


def who(user: Any) -> str:
    if user is None:
        return _("not known")
    contributor = getattr(user, "contributor", None)
    return str(contributor.name if contributor else user.get_full_name() or user.get_username())


def _what(change: Change, names: Names) -> str:
    """Return what was changed, by the name that it has now or had last."""
    row = change.row
    says: dict[Any, Callable[[], str]] = {
        Article: lambda: _("The article"),
        Slug: lambda: _("Former address"),
        Authorship: lambda: _("Person: {name}").format(name=names.named("contributor_id", row.contributor_id)),
        ArticleTopic: lambda: _("Topic: {name}").format(name=names.named("topic_id", row.topic_id)),
        Section: lambda: _("Section: {name}").format(name=_heading(row)),
        Wording: lambda: _("Wording for {audience}: {name}").format(
            audience=names.named("audience_id", row.audience_id), name=names.named("section_id", row.section_id)
        ),
        ArticleReference: lambda: _("Reference [@{key}]").format(key=row.key),
        Figure: lambda: _("Figure “{key}”").format(key=row.key),
    }
    return says[change.model]()


def _heading(row: Any) -> str:
    return str(row.heading or Section.Role(row.role).label if row.role in Section.Role.values else row.heading)


def _value(model: Any, row: Any, column: str, names: Names) -> str:
    """Return a value in words; "" if there is no row. Places count from 1."""
    if row is None:
        return ""
    value = getattr(row, column)
    if column.endswith("_id"):
        return names.named(column, value)
    if column == "position":
        return str(value + 1)
    if value is True:
        return _("yes")
    choices = dict(model._meta.get_field(column).flatchoices)
    return str(choices.get(value, value)) if value else ""


def _marked(old: str, new: str, column: str) -> SafeString:
    if column in WORDED:
        return mark_safe(plain_redline(old, new))  # noqa: S308 (escaped by it)
    if column not in RICH:
        both = [format_html("<del>{}</del>", old) if old else "", format_html("<ins>{}</ins>", new) if new else ""]
        return format_html_join(" ", "{}", ((one,) for one in both if one))
    try:
        return mark_safe(_only_changes(redline(old, new)))  # noqa: S308 (cleaned by it)
    except TooLong:
        return format_html("<p>{}</p>", _("This text is too long to be compared."))


def _only_changes(marked: str) -> str:
    """Return the changed blocks of a redline, with “…” for the unchanged ones between them."""
    whole = html.fragment_fromstring(marked, create_parent="div")
    kept: list[str] = []
    for block in whole:
        text = html.tostring(block, encoding="unicode", with_tail=False)
        if changed(text):
            kept.append(text)
        elif not kept or kept[-1] != GAP:
            kept.append(GAP)
    return "\n".join(kept) or f"<p>{escape(_('Only signs that nobody sees changed.'))}</p>"


GAP = "<p>…</p>"


def _names(changes: list[Change]) -> Names:
    keys: dict[str, set[int]] = {}
    for change in changes:
        for row in filter(None, (change.row, change.before)):
            for column in (*LABELS[change.model], "section_id"):
                if column.endswith("_id") and getattr(row, column, None) is not None:
                    keys.setdefault(column, set()).add(getattr(row, column))

    def wanted(column: str) -> list[int]:
        return sorted(keys.get(column, ()))

    sections = Section.history.filter(id__in=wanted("section_id")).order_by("history_id")
    return Names(
        {
            "written_for_id": _by_key(Audience.objects.all()),
            "audience_id": _by_key(Audience.objects.all()),
            "contributor_id": _by_key(Contributor.objects.filter(pk__in=wanted("contributor_id"))),
            "topic_id": _last_known(Topic, wanted("topic_id")),
            "reference_id": _last_known(Reference, wanted("reference_id")),
            "picture_id": _by_key(Picture.objects.filter(pk__in=wanted("picture_id"))),
            "translation_of_id": _by_key(Version.objects.filter(pk__in=wanted("translation_of_id"))),
            "section_id": dict(sections.values_list("id", "heading")),
        }
    )


def _by_key(rows: Iterable[Any]) -> dict[int, str]:
    return {row.pk: str(row) for row in rows}


def _last_known(model: Any, keys: list[int]) -> dict[int, str]:
    """Return the names of these rows, also of those that were deleted, as their last history row has them."""
    known = _by_key(model.objects.filter(pk__in=keys))
    gone = model.history.filter(id__in=set(keys) - known.keys()).order_by("history_id")
    return {row.id: str(row.instance) for row in gone} | known
