"""
Section-level sign-off: the changed sections that a specialist in its topic has to sign for.

A quorum may ask for it. The sections are settled at submission, by their keys: those that differ from the last approved
version. A specialist's decision keeps the keys of the sections in whose topic the signer was a specialist. So later
changes of topics, specialties and settings change neither. If a raised risk or change class asks for it when a
specialist has signed already, that specialist is asked again.
"""

from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.frozen.content import cited_in
from articles.frozen.signed_text import frozen_content, intact_contents
from articles.models import Version
from reviews.models import Decision, Review

NAMED = 3  # sections by their headings in a sentence; more of them are counted


def to_sign_for(version: Version, content: dict[str, Any]) -> list[str]:
    """
    Return the keys of the sections of a version, whose content this is, that differ from the last approved version.

    All of them, if there is none, its text is not there any more, or a notice took its approval away.
    """
    return differing(_approved_before(version), content)


def differing(before: dict[str, Any] | None, content: dict[str, Any]) -> list[str]:
    """Return the keys of the sections of this content that are new since another, or differ from it."""
    known = _sections(before) if before else {}
    return [key for key, section in _sections(content).items() if known.get(key) != section]


def _approved_before(version: Version) -> dict[str, Any] | None:
    approved = Review.objects.filter(status=Review.Status.APPROVED).exclude(pk__in=Review.objects.owing().values("pk"))
    earlier = Version.objects.filter(article=version.article_id, number__lt=version.number, review__in=approved)
    last = earlier.order_by("-number").first()
    if last is None or any(notice.consequences.ends_full_review for notice in last.notices_in_force):
        return None
    return intact_contents([last]).get(last.pk)


def _sections(content: dict[str, Any]) -> dict[str, Any]:
    """Return the words of each section and the works that it cites, by its key. Its topic is no part of them."""
    works = {row["key"]: row["csl"] for row in content["references"]}
    return {
        row["key"]: (
            {name: value for name, value in row.items() if name not in ("key", "topic")},
            [works.get(key) for key in cited_in(row)],
        )
        for row in content["sections"]
    }


def read_by(topics: Collection[str], content: dict[str, Any]) -> list[str]:
    """Return the keys of the sections that a specialist in these topics of the text can sign for."""
    return [row["key"] for row in content["sections"] if topics and ("topic" not in row or row["topic"] in topics)]


def unread(asked: Iterable[str] | None, read: Iterable[Iterable[str] | None]) -> list[str]:
    """Return the keys of the sections that none of the decisions that count has read, given those that each read."""
    found = {key for keys in read for key in keys or ()}
    return [key for key in asked or () if key not in found]


def still_needed(review: Review, counting: Iterable[Decision], *, awaits_specialist: bool = False) -> list[str]:
    """
    Return in words the approvals that changed sections still need from specialists; [] if none.

    If the quorum `awaits_specialist` anyway, leave out the sections that any specialist can sign for.
    """
    keys = unread(review.sections, [row.sections for row in counting])
    return awaited(review, keys, awaits_specialist=awaits_specialist)


def awaited(review: Review, keys: Collection[str], *, awaits_specialist: bool) -> list[str]:
    """Return in words the approvals by specialists that these sections need, as `still_needed` does."""
    if not keys:
        return []
    content = frozen_content(review.version)
    return _in_words(content, [key for key in keys if not awaits_specialist or key in _with_topic(content)])


def _with_topic(content: dict[str, Any]) -> set[str]:
    return {row["key"] for row in content["sections"] if "topic" in row}


class Signed(NamedTuple):
    """Changed sections of one topic, "" for any topic of the article, for which the same specialists signed."""

    topic: str
    signers: tuple[str, ...]
    headings: list[str]


def table(review: Review, content: dict[str, Any], counting: Iterable[Decision]) -> list[Signed]:
    """Return the sections that a specialist has to sign for, those that nobody signed for first."""
    asked, decisions = set(review.sections or ()), list(counting)
    groups: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for row in content["sections"]:
        if row["key"] in asked:
            signers = tuple(each.signature.printed_name for each in decisions if row["key"] in (each.sections or ()))
            groups.setdefault((row.get("topic", ""), signers), []).append(heading(row))
    rows = [Signed(topic, signers, headings) for (topic, signers), headings in groups.items()]
    return sorted(rows, key=lambda row: bool(row.signers))


def _in_words(content: dict[str, Any], keys: Collection[str]) -> list[str]:
    groups: dict[str, list[str]] = {}
    for row in content["sections"]:
        if row["key"] in keys:
            groups.setdefault(row.get("topic", ""), []).append(heading(row))
    return [_group(topic, headings) for topic, headings in groups.items()]


def _group(topic: str, headings: list[str]) -> str:
    number = len(headings)
    if number > NAMED:
        said = ngettext("{number} section", "{number} sections", number).format(number=number)
    else:
        said = ", ".join(_("“{heading}”").format(heading=each) for each in headings)
    if topic:
        return _("an approval by a specialist in {topic} for {sections}").format(topic=topic, sections=said)
    return _("an approval by a specialist in any of the article's topics for {sections}").format(sections=said)


def heading(section: dict[str, Any]) -> str:
    """Return the heading of a frozen section, as pages name it."""
    return str(section["heading"] or _("Lead"))


def sentence(review: Review, content: dict[str, Any], read: Collection[str] | None) -> str:
    """
    Return what an approval says of the changed sections that its signer read as a specialist; "" without any.

    It is part of the signed statement, so it is not translated.
    """
    keys = set(review.sections or ()) & set(read or ())
    named = [f"“{row['heading'] or 'Lead'}”" for row in content["sections"] if row["key"] in keys]
    if not named:
        return ""
    *others, last = named
    what = f"sections {', '.join(others)} and {last}" if others else f"section {last}"
    return f" As a specialist I have read the new or changed {what}."
