from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.models import Article, Notice, NoticeVersion, Version
from articles.search import index
from reviews.evidence import ledger
from reviews.messages import notifications
from reviews.models import Assignment
from reviews.models.actions import Action
from reviews.workflow.approval.blockers import completion_blockers
from reviews.workflow.errors import NotNow
from reviews.workflow.refusals import refusals_logged
from reviews.workflow.steps.ending import end_assignments
from reviews.workflow.steps.urgency import due_again
from reviews.workflow.table import require_person
from reviews.workflow.transaction import lock, reason_given


@refusals_logged
@transaction.atomic(durable=True)
def issue_notice(
    article: Article,
    *,
    actor: User,
    kind: str,
    reason: str,
    versions: list[int] | None = None,
    lifts: Notice | None = None,
    seen: int | None = None,
    shown: int | None = None,
) -> Notice:
    """
    Issue a public notice about published versions. Readers see it at once.

    `versions` are numbers. The default for a correction is every version published so far, for a removal every version,
    and for any other notice the published version. A notice with `lifts` ends an earlier notice of the same kind and
    names the same versions. `seen` is the number of the article's notices when the editor opened the form, and `shown`
    the number of the version that was public then: other numbers are refused. With a notice that ends full reviews,
    requests for one that is due end too; when it is lifted, a task tells the editors to ask again. Raise NotAllowed for
    anyone but an editor, NotNow if nothing of the article is public or `seen`, `shown` or `lifts` is outdated, and
    ValidationError if no named version was ever public.
    """
    article = lock(article.pk)
    notice, named = _proposed(article, actor, kind, reason, versions, lifts, seen, shown)
    notice.issued_by, notice.issued_by_name, notice.issued_at = actor, ledger.name_of(actor), timezone.now()
    notice.save()
    links = NoticeVersion.objects.bulk_create(NoticeVersion(notice=notice, version=version) for version in named)
    with index.kept_in_step(article):
        ledger.append(
            Action.NOTICE_ISSUED,
            actor=actor,
            article=article,
            payload={
                "kind": kind,
                "versions": [version.number for version in named],
                "lifts": ledger.row_name(lifts) if lifts else None,
                "reason": notice.reason,
            },
            rows=[notice, *links, *_end_requests(notice, named, actor)],
        )
    _tell(notice, named)
    return notice


@refusals_logged
def proposed_notice(
    article: Article, *, actor: User, kind: str, reason: str, versions: list[int] | None = None, seen: int | None = None
) -> tuple[Notice, list[Version]]:
    """Return the notice, not saved, and the versions that `issue_notice` would name now; refuse as it does."""
    return _proposed(article, actor, kind, reason, versions, None, seen, None)


def _proposed(
    article: Article,
    actor: User,
    kind: str,
    reason: str,
    versions: list[int] | None,
    lifts: Notice | None,
    seen: int | None,
    shown: int | None,
) -> tuple[Notice, list[Version]]:
    if kind not in Notice.Kind.values:
        choices = ", ".join(Notice.Kind.values)
        raise ValidationError({"kind": _("Choose one of these: {choices}.").format(choices=choices)})
    reason = reason_given(reason)
    require_person("issue_notice", actor, article=article)
    if (public := article.published_version_id) is None:
        raise NotNow(_("Nothing of this article has been published, so there is nothing to issue a notice about."))
    if seen is not None and seen != Notice.objects.filter(article=article).count():
        raise NotNow(_("Another notice was issued after you opened this page. Read it first."))
    if shown is not None and shown != (number := Version.objects.values_list("number", flat=True).get(pk=public)):
        said = _("Version {number} was published after you opened this page. Choose the versions concerned again.")
        raise NotNow(said.format(number=number))
    named = _versions_named(article, kind, versions, lifts, public)
    return Notice(article=article, kind=kind, reason=reason, lifts=lifts), named


def _tell(notice: Notice, named: list[Version]) -> None:
    """Send the mails; if the notice lifts one that ended full reviews, open a task for each that is due again."""
    notifications.notice_issued(notice, named)
    if notice.lifts is None or not notice.consequences.ends_full_review:
        return
    for version in named:
        if version.review.owes_full_review and not completion_blockers(version.review):
            due_again(version.review)


def _end_requests(notice: Notice, named: list[Version], actor: User) -> list[Assignment]:
    """End the requests to review versions whose full review is due, if it cannot be completed under the notice."""
    if notice.lifts or not notice.consequences.ends_full_review:
        return []
    owing = [version.review for version in named if version.review.owes_full_review]
    return [row for review in owing for row in end_assignments(review, notice.issued_at, actor)]


def _versions_named(
    article: Article, kind: str, numbers: list[int] | None, lifts: Notice | None, public: int
) -> list[Version]:
    if lifts:
        return _versions_lifted(article, kind, numbers, lifts)
    every = article.versions.select_related("review").order_by("number")
    if numbers is None:
        by_default = {
            "all": every,
            "published": every.filter(review__published_at__isnull=False),
            "public": every.filter(pk=public),
        }
        return list(by_default[Notice.CONSEQUENCES[kind].names])
    named = list(every.filter(number__in=numbers))
    if not named or len(named) != len(set(numbers)):
        raise ValidationError({"versions": _("Choose versions of this article by their numbers.")})
    if not every.filter(number__in=numbers, review__published_at__isnull=False).exists():
        raise ValidationError(
            {
                "versions": _(
                    "None of these versions was ever public, so no reader would see the notice. Add one that was."
                )
            }
        )
    return named


def _versions_lifted(article: Article, kind: str, numbers: list[int] | None, lifts: Notice) -> list[Version]:
    if lifts.article_id != article.pk or lifts.kind != kind:
        raise ValidationError({"lifts": _("A notice can only lift one of the same kind on the same article.")})
    if numbers is not None:
        raise ValidationError(
            {"versions": _("A notice that lifts another is about the same versions. Do not choose any.")}
        )
    if not Notice.objects.in_force().filter(pk=lifts.pk).exists():
        raise NotNow(_("That notice is no longer in force."))
    return list(lifts.versions.order_by("number"))
