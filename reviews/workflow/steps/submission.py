import datetime
from functools import partial
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import checks
from articles.checks import correction
from articles.frozen.content import Frozen, freeze
from articles.models import (
    Article,
    ArticleReference,
    Notice,
    Version,
    VersionPicture,
    VersionReference,
    VersionText,
    VersionTopic,
)
from articles.models.rows.remembered import remembered
from articles.text.languages import within_sentence
from reviews.evidence import ledger
from reviews.messages import notifications
from reviews.models import Override, Review
from reviews.models.actions import Action
from reviews.workflow.approval import full_review, quorum, sections
from reviews.workflow.approval.writers import draft_history, writers
from reviews.workflow.errors import NotNow
from reviews.workflow.reading import read_submission
from reviews.workflow.refusals import refusals_logged
from reviews.workflow.table import require_person, require_state, state_blocker
from reviews.workflow.transaction import (
    as_stored,
    current_review,
    lock,
    move_pointers,
    reason_given,
    signed_content,
    version_payload,
)


@refusals_logged
@transaction.atomic(durable=True)
def submit(article: Article, *, actor: User, change: str, note: str) -> Version:
    """
    Freeze the draft as the next version and open its review.

    The first version must be a major change. If `full_review_needed` gives a reason, a later one is major too, and its
    `full_review_because` is that reason. A correction is compared with the published text, and refused if it has more
    than harmless changes; the event records the proof. Raise NotAllowed for anyone but an author of the article. Raise
    NotNow while a version is under review, if the draft equals the last version, or if a check blocks it.
    """
    note = reason_given(note, field="note", limit=1000)
    article = lock(article.pk)
    review = read_submission(article, actor=actor)
    require_person("submit", actor, article=article)
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
    stored = _store(version, frozen)
    opened = _open_review(article, version, _risk(article, review), now, frozen.content)
    move_pointers(article, latest_version=version)
    ledger.append(
        Action.SUBMITTED,
        actor=actor,
        article=article,
        payload={**version_payload(version), **_terms(opened), "history": history.commitment()},
        private={"note": note, **({"proved": proved} if proved else {})},
        rows=[*stored, opened],
        settings=[article] if number == 1 else (),
    )
    notifications.submitted(version, actor)
    version.full_review_because = because
    return version


def _version_of(article: Article, frozen: Frozen, **fields: Any) -> Version:
    """Return the unsaved version of the frozen draft."""
    return Version(
        article=article,
        kind=article.kind,
        title=article.title,
        language=article.language,
        risk=article.risk,
        written_for=frozen.content["written_for"],
        translation_of_id=article.translation_of_id,
        digest=frozen.digest,
        **fields,
    )


def submission_blockers(article: Article, frozen: Frozen | None = None, review: Review | None = None) -> list[str]:
    """Return one sentence per reason why the draft cannot be submitted now. A caller with `frozen` passes `review`."""
    if frozen is None:
        frozen, review = freeze(article), current_review(article)
    if sentence := state_blocker("submit", review):
        return [sentence]
    if review and review.version.digest == frozen.digest:
        return [
            _("The draft says the same as version {number}; change something first.").format(
                number=review.version.number
            )
        ]
    why = article.why_no_translation()
    today = timezone.localdate()
    overridden = Override.objects.standing_for(article.pk, checks.of_text(frozen.text, today))
    found = checks.blockers(frozen.text, today, overridden)
    return [*found, *_retracted(article, frozen), *([why] if why else [])]


def _retracted(article: Article, frozen: Frozen) -> list[str]:
    """
    Return a sentence about each cited work that is retracted while the draft does not say why it is cited.

    One too about each work of which the draft says so although it is not retracted, or no longer.
    """

    def read() -> set[str]:
        return {key for (key,) in ArticleReference.objects.retracted(article.pk)}

    keys = remembered(("retracted in the draft", article.pk), read)
    said = _(
        "The reference [@{key}] is retracted. Cite another work, or say under References why it is cited although it "
        "is retracted."
    )
    not_so = _(
        "The reference [@{key}] is not retracted, or no longer. Take back, under References, why it is cited although "
        "it is retracted."
    )
    wrong = [row for row in frozen.references if (row.key in keys) != bool(row.although_retracted)]
    return [(said if row.key in keys else not_so).format(key=row.key) for row in wrong]


def _change_class(article: Article, change: str, number: int) -> tuple[str, str]:
    """Return the version's change class, and the reason if it is major although another was chosen."""
    if change not in Version.Change.values:
        raise ValidationError(
            {"change": _("Choose one of these: {choices}.").format(choices=", ".join(Version.Change.values))}
        )
    if number == 1 and change != Version.Change.MAJOR:
        raise ValidationError(
            {"change": _("The first version of an article is a major change because it needs a full review.")}
        )
    if change == Version.Change.CORRECTION and article.published_version_id is None:
        return change, ""  # `_require_correction` refuses it
    reason = "" if change == Version.Change.MAJOR else full_review_needed(article, change)
    return (Version.Change.MAJOR if reason else change), reason


def full_review_needed(article: Article, change: str) -> str:
    """
    Return why the next version needs a full review whatever it changes, or "".

    A change is compared with the public version. A later major change that is not public may be part of the next
    version too; a correction is proved to contain none.
    """
    public = article.published_version
    if public is None:
        return _("nothing of this article is public yet")
    if Notice.objects.closing(article.published_version_id).exists():
        return _("version {number}, which was public, is removed").format(number=public.number)
    forbidding = Notice.objects.in_force().that("ends_full_review").filter(versions=public).first()
    if forbidding:
        return _("version {number}, which is public, is under a notice: {kind}").format(
            number=public.number, kind=within_sentence(forbidding.get_kind_display())
        )
    if public.review.owes_full_review:
        return _("the full review of version {number}, which is public, is still due").format(number=public.number)
    read_in_full, reason = full_review.behind(public.review), full_review.why_missing(public.review)
    if read_in_full is None or reason:
        return reason
    unseen = Review.objects.filter(
        article=article,
        version__number__gt=read_in_full.version.number,
        change=Version.Change.MAJOR,
        published_at__isnull=True,
    ).exclude(status=Review.Status.RECALLED)
    if change == Version.Change.CORRECTION or not unseen.exists():
        return ""
    return _("version {number}, a major change, is not public").format(
        number=unseen.latest("version__number").version.number
    )


def _require_correction(article: Article, frozen: Frozen) -> list[str]:
    """Return the proof that the draft is a correction of the published text; refuse it if it is more."""
    published = article.published_version
    if published is None:
        raise ValidationError({"change": _("Only a published text can be corrected. Choose a minor or major change.")})
    judge = partial(
        correction.judgement,
        signed_content(published),
        frozen.content,
        around=correction.changed_around(published),
        used_elsewhere=correction.used_elsewhere(article),
    )
    with as_stored():
        found = judge()
    if found.differences:
        differences = judge().differences
        raise ValidationError(
            {"change": _("This is more than a correction. {differences}").format(differences=" ".join(differences))}
        )
    return found.proved or ["No word, number or sign differs."]


def _store(version: Version, frozen: Frozen) -> list[Model]:
    """Save the version, its frozen text, topics and references, and return the rows."""
    version.save()
    text = VersionText(version=version, text=frozen.text)
    text.save()
    csl = {row["key"]: row["csl"] for row in frozen.content["references"]}
    topics = [VersionTopic(version=version, topic=topic, name=topic.name) for topic in frozen.topics]
    references = [
        VersionReference(version=version, key=row.key, reference=row.reference, csl_text=csl[row.key])
        for row in frozen.references
    ]
    shown = {file["sha256"] for figure in frozen.content["figures"] for file in figure["files"]}
    pictures = [VersionPicture(version=version, sha256=digest) for digest in sorted(shown)]
    VersionTopic.objects.bulk_create(topics)
    VersionReference.objects.bulk_create(references)
    VersionPicture.objects.bulk_create(pictures)
    return [version, text, *topics, *references, *pictures]


def _risk(article: Article, before: Review | None) -> str:
    """
    Return the risk of the next review: that of the draft, or high if an editor raised the risk of the last review.

    A raised risk applies until the draft itself is set to high; from then on the risk of the draft applies.
    """
    if before is None or not before.risk == Article.Risk.HIGH != before.version.risk:
        return article.risk
    was_set_to_high = article.history.filter(risk=Article.Risk.HIGH, history_date__gte=before.submitted_at).exists()
    return article.risk if was_set_to_high else Article.Risk.HIGH


def _open_review(
    article: Article, version: Version, risk: str, now: datetime.datetime, content: dict[str, Any]
) -> Review:
    terms = quorum.terms_for(version.kind, risk, version.change)
    review = Review(
        version=version,
        article=article,
        change=version.change,
        risk=risk,
        quorum=terms.needed,
        approvals_needed=quorum.approvals_needed(terms.needed),
        open_review=terms.open_review,
        urgent_days=terms.urgent_days,
        sections=sections.to_sign_for(version, content) if terms.by_section else None,
        attest_references=terms.attest_references,
        submitted_at=now,
    )
    review.save()
    return review


def _terms(review: Review) -> dict[str, Any]:
    """Return the terms of the review for the payload of its event."""
    return {
        "change": review.change,
        "risk": review.risk,
        "quorum": review.quorum,
        "approvals_needed": review.approvals_needed,
        "open_review": review.open_review,
        **({"urgent_days": review.urgent_days} if review.urgent_days else {}),
        **({"sections": review.sections} if review.sections is not None else {}),
        **({"attest_references": True} if review.attest_references else {}),
    }
