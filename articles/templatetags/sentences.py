"""Parts of sentences that come from the database, as the language of the page writes them: days, lists, signatures."""

import datetime
from collections.abc import Iterable
from typing import Any

from django import template
from django.conf import settings
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.review_process import Approval, Overridden, review_process
from articles.review_process import approved_urgently as status_of_urgent
from articles.text import languages
from articles.text.citations.retracted import Retracted

register = template.Library()


@register.filter(expects_localtime=True)
def day(day: datetime.date | None) -> str:
    """Return the day as an element; nothing for none."""
    if not day:
        return ""
    return format_html('<time datetime="{}">{}</time>', f"{day:%Y-%m-%d}", date_format(day, "DATE_FORMAT"))


@register.filter
def full_review_due(version: Any) -> datetime.date | None:
    """Return the day by which a version that was approved urgently needs its full review; None for any other."""
    return review_process().state(version).full_review_due


@register.filter
def approved_urgently(due: datetime.date) -> str:
    """Return the status of an urgent version whose full review is due by this day."""
    return str(status_of_urgent(due))


@register.filter
def listed(words: Iterable[Any]) -> str:
    """Return the words as a list in a sentence: one; one and another; one, another and a third."""
    return _joined([format_html("{}", word) for word in words], ", ")


@register.filter
def quoted(words: Iterable[Any]) -> list[str]:
    """Return each word in quotation marks."""
    return [_("“{words}”").format(words=word) for word in words]


@register.filter
def numbers(rows: Iterable[Any]) -> str:
    """Return the numbers of the rows: 1, 3, 4."""
    return ", ".join(str(row.number) for row in rows)


@register.filter
def signed_by(signatures: Iterable[Approval]) -> str:
    """Return who signed, in what capacity and when, with links to the members of the board."""
    return _joined([_signature(row, _name(row)) for row in signatures], "; ")


@register.filter
def signers(signatures: Iterable[Approval]) -> str:
    """Return who signed, in what capacity and when, by their names alone."""
    return format_html_join("; ", "{}", ((_signature(row, row.printed_name),) for row in signatures))


@register.filter
def overridden(signatures: Iterable[Approval]) -> list[Overridden]:
    """Return the overridden findings that the signers of a version said to know, each once."""
    return list(dict.fromkeys(found for row in signatures for found in row.overridden))


@register.filter
def how_read(signatures: list[Approval], texts: Iterable[str]) -> str:
    """Return how the signers said that they read a version with these texts; "" unless all of them said it."""
    if not signatures or not all(row.read for row in signatures):
        return ""
    ways: dict[int | None, list[str]] = {}  # by the version since which they read what changed; None for the whole text
    for row in signatures:
        is_whole = row.read is not None and row.read.whole.issuperset(texts)
        ways.setdefault(None if is_whole or row.read is None else row.read.since, []).append(row.printed_name)
    if [*ways] == [None]:
        said = ngettext(
            "The signer has signed that they read the whole text.",
            "All {number} signers have signed that they read the whole text.",
            len(signatures),
        )
        return said.format(number=len(signatures))
    order = sorted(ways, key=lambda since: (since is not None, -(since or 0)))
    return format_html_join(" ", "{}", ((_how(since, listed(ways[since])),) for since in order))


def _how(since: int | None, names: str) -> str:
    if since is None:
        return format_html(_("{names} signed that they read the whole text."), names=names)
    if not since:
        said = _("{names} signed that they read each text that changed since a version that they had approved.")
        return format_html(said, names=names)
    said = _("{names} signed that they read what changed since version {number}, which they had approved.")
    return format_html(said, names=names, number=since)


@register.filter
def moment(at: datetime.datetime) -> str:
    """Return the day and time, in UTC."""
    return languages.moment(at)


@register.filter
def version_numbers(versions: Iterable[Any], public: int | None = None) -> str:
    """Return the numbers of these versions, and which is the public one: 1, 2 (the public version)."""
    said = _("{number} (the public version)")
    return ", ".join(said.format(number=row.number) if row.number == public else str(row.number) for row in versions)


@register.filter
def told_to_readers(works: list[Retracted]) -> bool:
    """Tell whether readers are told of all these works beside the text."""
    return settings.SHOW_LISTED_RETRACTIONS or not any(work.is_listed for work in works)


@register.filter
def within_sentence(label: str) -> str:
    """Return a label as it stands within a sentence."""
    return languages.within_sentence(str(label))


def _signature(row: Approval, name: str) -> SafeString:
    return format_html(_("{name}, {capacity}, on {day}"), name=name, capacity=row.capacity, day=day(row.signed_at))


def _name(row: Approval) -> SafeString:
    """Return the name and credentials in bold, linked to the member's place on the page of the board."""
    name = ", ".join(filter(None, (row.printed_name, row.credentials)))
    if not row.person:
        return format_html("<strong>{}</strong>", name)
    return format_html('<strong><a href="{}">{}</a></strong>', review_process().board_member(row.person), name)


def _joined(parts: list[SafeString], sign: str) -> SafeString:
    """Return the parts with a sign between them, and “and” before the last."""
    *first, last = parts or [SafeString()]
    if not first:
        return last
    return format_html(
        _("{first} and {last}"), first=format_html_join(sign, "{}", ((part,) for part in first)), last=last
    )
