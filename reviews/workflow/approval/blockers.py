"""The reasons why a version cannot be approved, whoever signs."""

import datetime
import re
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from articles import checks
from articles.frozen.signed_text import frozen_text
from articles.models import Article, Version
from articles.models.rows.remembered import remembered
from articles.review_process import Overridden
from articles.text.languages import within_sentence
from reviews.models import Decision, Override, Review
from reviews.models.comment import held_by, is_held, reads_board
from reviews.workflow.approval.opened import after_reading
from reviews.workflow.transaction import as_stored


def approval_blockers(review: Review, reviewer_id: int, reader: User | None = None) -> list[str]:
    """
    Return one sentence per reason why this reviewer cannot approve now; raise DamagedText for a damaged text.

    The sentences are to `reader`, or to anybody. A reviewer who is asked can approve although they requested changes
    before: their approval then supersedes that.
    """
    blockers = completion_blockers(review)
    wanted = [row.assignment for row in requests_for_changes(review) if row.assignment.reviewer_id != reviewer_id]
    if wanted:
        names = [row.reviewer_name for row in wanted]
        if reader and any(row.reviewer_id == reader.pk for row in wanted):
            names = [_("you"), *(row.reviewer_name for row in wanted if row.reviewer_id != reader.pk)]
        if review.owes_full_review:
            said = _("Changes are requested by {names}: the full review is not completed while the request stands.")
        else:
            said = _("Changes are requested by {names}: this version can no longer be approved.")
        blockers.append(said.format(names=get_text_list(names, _("and"))))
    if is_held(review.article_id):
        blockers.append(held_blocker(review.article, reader))
    text, day = _as_submitted(review.version)
    found = checks.blockers(text, day, {row.fingerprint for row in overridden(review.version)})
    return [*blockers, *_retracted(review.version), *found]


def overridden(version: Version) -> list[Override]:
    """Return the overrides that stand, of findings that would block the approval of the version."""

    def read() -> list[Override]:
        return [*Override.objects.standing_for(version.article_id, checks.of_text(*_as_submitted(version))).values()]

    return remembered(("overrides", version.pk), read)


def overridden_sentence(version: Version) -> str:
    """Return what an approval says of overridden findings, in English: it is part of the signed statement."""
    said = [
        f" I know that {quotable(row.printed_name)} overrode the finding of {row.rule} on “{quotable(row.words)}”, "
        f"because: “{quotable(row.reason)}”."
        for row in overridden(version)
    ]
    return "".join(said)


def quotable(text: str) -> str:
    """Return the text on one line, with single quotation marks for its double ones: for use within double ones."""
    return " ".join(text.split()).translate({ord("“"): "‘", ord("”"): "’"})


_OVERRIDDEN = re.compile(
    r" I know that ([^“”]+) overrode the finding of ([A-Z]+-\d+) on “([^“”]*)”, because: “([^“”]*)”\."
)


def overridden_in(statement: str, digest: str) -> tuple[Overridden, ...]:
    """Return the overridden findings that the signer of an approval said to know, after how they read the text."""
    more = after_reading(statement, digest)
    found = []
    while said := _OVERRIDDEN.match(more):
        found.append(Overridden(*said.groups()))
        more = more[said.end() :]
    return tuple(found)


def checked(version: Version) -> dict[str, Any]:
    """Return what the ledger keeps of the findings that stand when a version is approved, in English."""
    text, day = _as_submitted(version)
    with as_stored():
        kept = checks.summary(checks.of_text(text, day), day)
    rules = [row.rule for row in overridden(version)]
    return kept | ({"overrides": {rule: rules.count(rule) for rule in sorted(set(rules))}} if rules else {})


def _as_submitted(version: Version) -> tuple[str, datetime.date]:
    """Return the text of the version, and the day on which the checks judge it: that of its submission."""
    return frozen_text(version), timezone.localdate(version.submitted_at)


def _retracted(version: Version) -> list[str]:
    """Return a sentence about each cited work that is retracted while the text does not say so."""
    works = remembered(("doubted", version.pk), version.version_references.doubted)
    said = _(
        "The reference [@{key}] is retracted, and the text does not say so. An author must cite another work, or say "
        "why it is cited, and submit again."
    )
    return [said.format(key=work.key) for work in works if work.is_retracted and work.since]


def requests_for_changes(review: Review) -> list[Decision]:
    """Return the requests for changes that stand."""
    return [row for row in review.live_decisions() if row.outcome == Decision.Outcome.REQUEST_CHANGES]


def held_blocker(article: Article, reader: User | None) -> str:
    """
    Return the sentence about the open blocking comments on the article, to this reader, or to anybody if None.

    Nobody learns that there is a comment that they may not read.
    """
    if all(held_by(article.pk)) and not (reader and reads_board(article, reader)):
        return hidden_blocker()
    return _("A blocking comment is not resolved yet.")


def hidden_blocker() -> str:
    """Return what a refusal says instead of a reason that only the board may read. Pages leave it out."""
    return _("The medical advisory board has not finished with this text yet.")


def completion_blockers(review: Review) -> list[str]:
    """Return why the full review of an urgent version can no longer be completed; [] for every other review."""
    if not review.owes_full_review:
        return []
    public = review.article.published_version
    if public and public.number > review.version.number:
        return [
            _("Version {public} was published since. The full review of version {number} is no longer due.").format(
                public=public.number, number=review.version.number
            )
        ]
    ending = [notice for notice in review.version.notices_in_force if notice.consequences.ends_full_review]
    return [
        _("The full review cannot be completed while a notice is in force: {kind}.").format(
            kind=within_sentence(notice.get_kind_display())
        )
        for notice in ending
    ]
