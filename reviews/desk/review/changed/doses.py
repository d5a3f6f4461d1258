"""A change that is called minor leaves the advice as it is: the doses in which it differs from the public version."""

from typing import Any, NamedTuple

from articles.frozen.signed_text import intact_contents
from articles.models import Version
from articles.site.keeping.sealed_cache import known, write
from articles.text.languages import interface_language
from reviews.desk.review.changed.changes import compared
from reviews.models import Review


class Differing(NamedTuple):
    """A place with another dose: the headings that it is under, and the words before and after."""

    where: list[str]
    words: list[list[str]]


def doses_in_a_minor_change(review: Review, content: dict[str, Any]) -> list[Differing]:
    """
    Return where the reviewed version, whose content this is, says another dose than the public one.

    Empty unless its review is open and its change is called minor; also if the public text is erased or damaged.
    Computed once and cached.
    """
    public, version = review.article.published_version, review.version
    if review.change != Version.Change.MINOR or not review.takes_decisions or public in (None, version):
        return []
    name = f"doses:{public.digest}:{version.digest}:{interface_language()}"
    kept = known(name)
    if kept is None:
        if not (texts := intact_contents([public])):
            return []
        changes = compared(texts[public.pk], content, version.written_for)
        kept = {"places": [[row.where, row.words] for row in changes.rows if row.has_dose]}
        write(name, kept)
    return [Differing(*place) for place in kept["places"]]
