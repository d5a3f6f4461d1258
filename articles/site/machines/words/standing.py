"""What a page is called where it is not seen: its name, status and description, in the words of the page itself."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from articles.models import Version
from articles.review_process import NEVER_COMPLETED, approved_urgently
from articles.site.facts import Facts
from articles.site.page import Page
from articles.text.languages import in_english

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

APPROVED = _("Approved by our medical advisory board")
OLDER = _("Older version")
CORRECTED = _("Correction published")
OVERDUE = _("Past its review date")


def standing(around: Facts) -> list[str]:
    """Return the status of a text that is or was published, the gravest first, in the words of its tags."""
    return [str(said) for said in _standing(around)]


def standing_for_programs(around: Facts) -> list[str]:
    """Return `standing` in English, on pages of all languages: programs compare it."""
    return [in_english(said) for said in _standing(around)]


def _standing(around: Facts) -> "list[StrOrPromise]":
    if around["pulled"]:
        return [around["pulled"].consequences.called]
    doubt = [around["concern"].consequences.called] if around["concern"] else []
    is_older, is_overdue = around["is_older"], around["is_overdue"]
    due = around["full_review_due"]
    urgent = [NEVER_COMPLETED if is_older else approved_urgently(due)] if due else []
    main = [OLDER, *urgent] if is_older else urgent if urgent or doubt else [APPROVED]
    return [*doubt, *main, *[CORRECTED] * around["has_correction"], *[OVERDUE] * is_overdue]


def named(version: Version, around: Facts) -> str:
    """Return the title, after the label of a notice that pulls or doubts the text; with the number if it is older."""
    title = version.title
    if around["is_older"]:
        title = _("{title}, version {number}").format(title=version.title, number=version.number)
    notice = around["pulled"] or around["concern"]
    return f"{notice.consequences.called}: {title}" if notice else title


def description(page: Page, around: Facts) -> str:
    """
    Return a description of the page: its first sentences.

    A pulled text is described by its warning alone, and a doubted or older one first by its status.
    """
    if around["pulled"]:
        return f"{around['pulled'].consequences.called}. {around['pulled'].consequences.warning}".strip()
    status = [said for said in _standing(around) if said not in (APPROVED, CORRECTED, OVERDUE)]
    return " ".join([*(f"{said}." for said in status), page.description]).strip()
