"""The steps that a person may take on an article, and the sentences that say why they cannot take them now."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from articles.models import Article
from reviews.models import Review
from reviews.workflow.steps.ending import end_round_blockers, recall_blockers
from reviews.workflow.steps.publication.blockers import publication_blockers
from reviews.workflow.steps.submission import submission_blockers
from reviews.workflow.steps.urgency import urgency_blockers
from reviews.workflow.table import STEPS, Who, person_blocker, state_blocker


@dataclass(frozen=True)
class Option:
    """A step that this person may take; `blockers` say why they cannot take it now."""

    name: str
    label: str
    blockers: list[str]

    @property
    def is_open(self) -> bool:
        return not self.blockers


OFFERED = {name: step for name, step in STEPS.items() if step.is_offered}
ARTICLE_STEPS = tuple(name for name, step in OFFERED.items() if step.of_article)
REVIEW_STEPS = tuple(name for name in OFFERED if name not in ARTICLE_STEPS)


def options(user: User, article: Article, review: Review | None, names: Iterable[str]) -> dict[str, Option]:
    """
    Return the steps, of those with these names, that this person's role allows on the article.

    An editor who wrote part of the text gets the steps of an editor too, with that as their blocker.
    """
    found: dict[str, Option] = {}
    for name in names:
        if review is None and name not in ARTICLE_STEPS:
            continue
        if name == "declare_urgent" and review and review.urgent_days is None:
            continue  # as of most reviews: the quorum permits it seldom
        against = person_blocker(name, user, article=article, review=review)
        if not against:
            found[name] = Option(name, str(OFFERED[name].button), blockers(name, article, review, user))
        elif against in (str(Who.EDITOR_NOT_WRITER.label), str(Who.PUBLISHER.label)):
            found[name] = Option(name, str(OFFERED[name].button), [against])
    return found


def blockers(name: str, article: Article, review: Review | None, reader: User) -> list[str]:
    """Return why nobody can take the step now, in sentences to this reader."""
    if name == "submit":
        return submission_blockers(article)
    if name == "issue_notice":
        return (
            [] if article.published_version_id else [_("You can issue a notice when the article has been published.")]
        )
    if review is None:
        raise TypeError(f"The step {name} needs a review.")
    if sentence := state_blocker(name, review):
        return [sentence]
    if name in ("publish", "schedule"):
        return publication_blockers(article, review, reader)
    if name == "declare_urgent":
        return urgency_blockers(review, reader)
    if name == "end_round":
        return end_round_blockers(review)
    if name == "recall":
        return recall_blockers(review)
    return []
