from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from articles import checks
from articles.checks import correction
from articles.frozen.content import Frozen, freeze
from articles.models import Article, Notice, Version, VersionReference, VersionText, VersionTopic
from reviews.evidence import ledger
from reviews.messages import notifications
from reviews.models import Review
from reviews.models.actions import Action
from reviews.workflow.approval import full_review, quorum
from reviews.workflow.approval.writers import draft_history, writers
from reviews.workflow.errors import NotNow
from reviews.workflow.refusals import noted
from reviews.workflow.table import require_person, require_state, state_blocker
from reviews.workflow.transaction import (
    current_review,
    lock,
    move_pointers,
    reason_given,
    signed_content,
    version_payload,
)


@noted
@transaction.atomic(durable=True)
def submit(article: Article, *, actor, change: str, note: str) -> Version:
    """
    Freeze the draft as the next version and open its review.

    The first version is always major, and so is each for which `full_review_needed` gives a reason, whatever was
    chosen; the version's `full_review_because` says it. A correction is compared with the published text and refused
    where more differs than the list of harmless changes allows; the event says what was proved. Raise NotAllowed for
    anybody but an author of the article, NotNow while a version is under review, while the draft equals the last
    version or while a check blocks it.
    """
    note = reason_given(note, field="note", limit=1000)
    article = lock(article.pk)
    require_person("submit", actor, article=article)
    review = current_review(article)
    require_state("submit", review)
    number = review.version.number + 1 if review else 1
    change, because = _change_class(article, change, number)
    frozen = freeze(article)
    if blockers := submission_blockers(article, frozen, review):
        raise NotNow(" ".join(blockers))
    proved = _require_correction(article, frozen) if change == Version.Change.CORRECTION else []
    now = timezone.now()
    history = draft_history(article)
    version = _version_of(article, frozen, number=number, change=change, note=note)
    version.writers = writers(article, history, frozen.references)
    version.submitted_by, version.submitted_by_name, version.submitted_at = actor, ledger.name_of(actor), now
    rows = [*_store(version, frozen), _open_review(article, version, _risk(article, review), now)]
    move_pointers(article, latest_version=version)
    ledger.append(
        Action.SUBMITTED,
        actor=actor,
        article=article,
        payload={**version_payload(version), **_terms(rows[-1]), "history": history.commitment()},
        private={"note": note, **({"proved": proved} if proved else {})},
        rows=rows,
        settings=[(Article, article.pk)] if number == 1 else (),
    )
    notifications.submitted(version, actor)
    version.full_review_because = because
    return version


def _version_of(article: Article, frozen: Frozen, **said) -> Version:
    """Return the version, not saved yet, that the frozen draft makes."""
    return Version(
        article=article,
        kind=article.kind,
        title=article.title,
        language=article.language,
        risk=article.risk,
        written_for=frozen.content["written_for"],
        digest=frozen.digest,
        **said,
    )


def submission_blockers(article: Article, frozen: Frozen | None = None, review: Review | None = None) -> list[str]:
    """Return in sentences what keeps the draft from being submitted now; `review` goes with `frozen`."""
    if frozen is None:
        frozen, review = freeze(article), current_review(article)
    if sentence := state_blocker("submit", review):
        return [sentence]
    if review and review.version.digest == frozen.digest:
        return [f"The draft says the same as version {review.version.number}; change something first."]
    return list(checks.blockers(frozen.text))


def _change_class(article: Article, change: str, number: int) -> tuple[str, str]:
    """Return the class the version gets and, when it is major whatever was chosen, why."""
    if change not in Version.Change.values:
        raise ValidationError({"change": f"Choose one of these: {', '.join(Version.Change.values)}."})
    if number == 1 and change != Version.Change.MAJOR:
        raise ValidationError(
            {"change": "The first version of an article is a major change because it needs a full review."}
        )
    if change == Version.Change.CORRECTION and article.published_version_id is None:
        return change, ""  # refused where the correction is proved
    reason = "" if change == Version.Change.MAJOR else full_review_needed(article, change)
    return (Version.Change.MAJOR if reason else change), reason


def full_review_needed(article: Article, change: str) -> str:
    """
    Return why the next version has to be read in full, whatever it changes; nothing when it does not have to be.

    What readers are shown now is what a change is measured by. A major change since its full review that they have not
    seen may be part of the next version too, but for a correction, of which it is proved that it is not.
    """
    public = article.published_version
    if public is None:
        return "nothing of this article is public yet"
    if Notice.objects.closing(article.published_version_id).exists():
        return f"version {public.number}, which was public, is removed"
    forbidding = Notice.objects.in_force().that("ends_full_review").filter(versions=public).first()
    if forbidding:
        return f"version {public.number}, which is public, is under a notice: {forbidding.get_kind_display().lower()}"
    if reason := full_review.why_none_stands(public.review):
        return reason
    unseen = Review.objects.filter(
        article=article,
        version__number__gt=full_review.behind(public.review).version.number,
        change=Version.Change.MAJOR,
        published_at__isnull=True,
    ).exclude(status=Review.Status.RECALLED)
    if change == Version.Change.CORRECTION or not unseen.exists():
        return ""
    return f"version {unseen.latest('version__number').version.number}, a major change, is not public"


def _require_correction(article: Article, frozen: Frozen) -> list[str]:
    """Return what was proved of a correction; refuse one that is more."""
    if article.published_version_id is None:
        raise ValidationError({"change": "Only a published text can be corrected. Choose a minor or major change."})
    published = article.published_version
    found = correction.judgement(
        signed_content(published),
        frozen.content,
        around=correction.changed_around(published),
        used_elsewhere=correction.used_elsewhere(article),
    )
    if differences := found.differences:
        raise ValidationError({"change": f"This is more than a correction. {' '.join(differences)}"})
    return found.proved or ["No word, number or sign differs."]


def _store(version: Version, frozen: Frozen) -> list:
    """Store the frozen text and what it names, and return the rows."""
    version.save()
    text = VersionText(version=version, text=frozen.text)
    text.save()
    csl = {row["key"]: row["csl"] for row in frozen.content["references"]}
    topics = [VersionTopic(version=version, topic=topic, name=topic.name) for topic in frozen.topics]
    references = [
        VersionReference(version=version, key=row.key, reference=row.reference, csl_text=csl[row.key])
        for row in frozen.references
    ]
    VersionTopic.objects.bulk_create(topics)
    VersionReference.objects.bulk_create(references)
    return [version, text, *topics, *references]


def _risk(article: Article, before: Review | None) -> str:
    """
    Return the risk under which the next version is reviewed: that of the draft, or the higher one of the review before.

    An editor who raised the risk of a review judged what its draft called standard. That holds until an editor lowers
    the draft itself, which has to have been high since.
    """
    raised = before and before.risk == Article.Risk.HIGH != before.version.risk
    if not raised or article.history.filter(risk=Article.Risk.HIGH, history_date__gte=before.submitted_at).exists():
        return article.risk
    return Article.Risk.HIGH


def _open_review(article: Article, version: Version, risk: str, now) -> Review:
    needed, open_review = quorum.settings_for(version.kind, risk, version.change)
    review = Review(
        version=version,
        article=article,
        change=version.change,
        risk=risk,
        quorum=needed,
        approvals_needed=quorum.approvals_needed(needed),
        open_review=open_review,
        submitted_at=now,
    )
    review.save()
    return review


def _terms(review: Review) -> dict:
    """Return the terms of the review as its event holds them."""
    return {
        "change": review.change,
        "risk": review.risk,
        "quorum": review.quorum,
        "approvals_needed": review.approvals_needed,
        "open_review": review.open_review,
    }
