"""Merge two records of one work: every draft that cites the one cites the other, under the same key."""

from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from articles.files.drafts.saving import Saver
from articles.models import Article, ArticleReference, Reference
from articles.models.rows.announced import announced_together
from articles.text.citations import is_retracted


class NotMerged(ValueError):
    """Raised if two records cannot be merged, with the reason as a sentence. `is_stale`: somebody changed them now."""

    def __init__(self, sentence: str, *, is_stale: bool = False) -> None:
        super().__init__(sentence)
        self.is_stale = is_stale


@transaction.atomic
def merge(kept: int, gone: int, *, actor: User) -> int:
    """
    Let every draft that cites the record `gone` cite `kept` instead, in the person's name; return their number.

    Keys stay, and so do the details of `kept`; it only takes an identifier, or the mark of a retraction, that it lacks.
    `gone` remains, marked as merged, for the signed versions that cite it, which do not change. Raise NotMerged, and
    change nothing, if an article cites both, if they are different works by DOI or PMID, or if one was merged already.

    Articles are locked first, then the two records in their order. Who adds a citation locks in the same order.
    """
    if kept == gone:
        raise NotMerged(_("Choose another record: this is the same one."))
    citing = ArticleReference.objects.filter(reference__in=[kept, gone]).values("article")
    articles = Article.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=citing).order_by("pk")
    locked = {article.pk for article in articles}
    works = {work.pk: work for work in Reference.objects.select_for_update().filter(pk__in=[kept, gone]).order_by("pk")}
    if len(works) < 2 or any(work.merged_into_id for work in works.values()):
        raise NotMerged(_("One of these records was merged or deleted meanwhile. Search again."), is_stale=True)
    rows = list(ArticleReference.objects.filter(reference__in=[kept, gone]).select_related("article").order_by("pk"))
    if any(row.article_id not in locked for row in rows):
        raise NotMerged(_("Somebody has just cited one of these records. Try again."), is_stale=True)
    _refuse_two_works(works[kept], works[gone])
    _refuse_both_cited(rows, gone)
    moved = [row for row in rows if row.reference_id == gone]
    with announced_together():
        Saver(actor).save_all([(row, {"reference": works[kept]}) for row in moved])
        _join(works[kept], works[gone])
    return len(moved)


def _refuse_two_works(kept: Reference, gone: Reference) -> None:
    for name, one, other in (("DOI", kept.doi, gone.doi), ("PMID", kept.pmid, gone.pmid)):
        if one and other and one != other:
            said = _("These records have different {name}s, {one} and {other}: they are two works, or one is wrong.")
            raise NotMerged(said.format(name=name, one=one, other=other))


def _refuse_both_cited(rows: list[ArticleReference], gone: int) -> None:
    keys: dict[int, list[ArticleReference]] = {}
    for row in rows:
        keys.setdefault(row.article_id, []).append(row)
    both = [two for two in keys.values() if len({row.reference_id for row in two}) == 2]
    if both:
        said = _("“{title}” cites both records, as {keys}. Let its text cite one of them, and remove the other there.")
        sentences = [
            said.format(title=two[0].article, keys=", ".join(f"[@{row.key}]" for row in two)) for two in both[:5]
        ]
        raise NotMerged(" ".join(sentences))


def _join(kept: Reference, gone: Reference) -> None:
    """Mark the one as merged into the other, which takes what it lacks: identifiers, and the mark of a retraction."""
    for earlier in gone.merged_works.all():
        earlier.merged_into = kept
        earlier.save()
    gone.merged_into = kept
    _save(gone, _("Merged into record {pk}").format(pk=kept.pk))
    kept.doi, kept.pmid = kept.doi or gone.doi, kept.pmid or gone.pmid
    names = {"DOI": kept.doi, "PMID": kept.pmid}
    kept.csl = {**kept.csl, **{name: text for name, text in names.items() if text and name not in kept.csl}}
    if is_retracted(gone.csl) and not kept.is_retracted:
        kept.csl = {**kept.csl, "status": gone.csl["status"]}
    _save(kept, _("Record {pk} was merged into this one").format(pk=gone.pk))


def _save(work: Any, reason: str) -> None:
    work._change_reason = reason[:100]
    work.save()
