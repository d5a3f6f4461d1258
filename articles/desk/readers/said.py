"""What readers said of an article, for its page at the desk."""

from collections.abc import Iterable
from dataclasses import dataclass

from articles.models import Article, ErrorReport, Feedback, Helpfulness

SENTENCES = 10


@dataclass(frozen=True)
class Counted:
    """How many readers found a version helpful, over all its audiences."""

    number: int
    yes: int
    no: int


@dataclass(frozen=True)
class Said:
    """The counts of each version, the newest first; for editors also the open reports and the newest sentences."""

    counts: list[Counted]
    reports: Iterable[ErrorReport]
    sentences: Iterable[Feedback]


def said_of(article: Article, *, to_editor: bool) -> Said:
    """Return what readers said of the article. Only editors read their words."""
    sums: dict[int, tuple[int, int]] = {}
    rows = Helpfulness.objects.filter(version__article=article).order_by()
    for number, yes, no in rows.values_list("version__number", "yes", "no"):
        before = sums.get(number, (0, 0))
        sums[number] = (before[0] + yes, before[1] + no)
    return Said(
        counts=[Counted(number, *sums[number]) for number in sorted(sums, reverse=True)],
        reports=_open_reports(article) if to_editor else [],
        sentences=_sentences(article) if to_editor else [],
    )


def _open_reports(article: Article) -> list[ErrorReport]:
    rows = ErrorReport.objects.open().filter(version__article=article).for_list()
    return list(rows.order_by("severity", "reported_at", "pk")[:SENTENCES])


def _sentences(article: Article) -> list[Feedback]:
    return list(Feedback.objects.filter(version__article=article).select_related("version")[:SENTENCES])
