from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from articles.models import Article, Notice, NoticeVersion, Version
from reviews import ledger, notifications
from reviews.workflow.errors import NotNow
from reviews.workflow.refusals import noted
from reviews.workflow.table import require_person
from reviews.workflow.transaction import lock, reason_given


@noted
@transaction.atomic(durable=True)
def issue_notice(
    article: Article,
    *,
    actor,
    kind: str,
    reason: str,
    versions: list[int] | None = None,
    lifts: Notice | None = None,
) -> Notice:
    """
    Say something in public about published versions; it shows at once.

    `versions` are numbers; without them a notice names the published version, a removal every version so far. With
    `lifts` it ends an earlier notice of the same kind and names the same versions. Raise NotAllowed for anybody but an
    editor, NotNow when nothing of the article is public or the notice to lift is not in force.
    """
    if kind not in Notice.Kind.values:
        raise ValidationError({"kind": f"Choose one of these: {', '.join(Notice.Kind.values)}."})
    reason = reason_given(reason)
    article = lock(article.pk)
    require_person("issue_notice", actor, article=article)
    if article.published_version_id is None:
        raise NotNow("Nothing of this article is public: there is nothing to issue a notice about.")
    named = _versions_lifted(article, kind, versions, lifts) if lifts else _versions_named(article, kind, versions)
    notice = Notice(
        article=article,
        kind=kind,
        reason=reason,
        lifts=lifts,
        issued_by=actor,
        issued_by_name=ledger.name_of(actor),
        issued_at=timezone.now(),
    )
    notice.save()
    links = NoticeVersion.objects.bulk_create(NoticeVersion(notice=notice, version=version) for version in named)
    ledger.append(
        "notice_issued",
        actor=actor,
        article=article,
        payload={
            "kind": kind,
            "versions": [version.number for version in named],
            "lifts": ledger.row_name(lifts) if lifts else None,
            "reason": reason,
        },
        rows=[notice, *links],
        checkpoint=True,
    )
    notifications.notice_issued(notice, named)
    return notice


def _versions_named(article: Article, kind: str, numbers: list[int] | None) -> list[Version]:
    every = article.versions.order_by("number")
    if numbers is None:
        return list(every) if kind == Notice.Kind.REMOVAL else [article.published_version]
    named = list(every.filter(number__in=numbers))
    if not named or len(named) != len(set(numbers)):
        raise ValidationError({"versions": "Name versions that this article has, by their numbers."})
    return named


def _versions_lifted(article: Article, kind: str, numbers: list[int] | None, lifts: Notice) -> list[Version]:
    if lifts.article_id != article.pk or lifts.kind != kind:
        raise ValidationError({"lifts": "A notice lifts one of the same kind on the same article."})
    if numbers is not None:
        raise ValidationError({"versions": "A notice that lifts another speaks of the same versions: leave them out."})
    if not Notice.objects.in_force().filter(pk=lifts.pk).exists():
        raise NotNow("That notice is not in force any more.")
    return list(lifts.versions.order_by("number"))
