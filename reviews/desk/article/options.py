"""Which steps a person can take on an article now, and in sentences why not the others."""

from dataclasses import dataclass

from articles.models import Article
from reviews.models import Review
from reviews.workflow.steps.ending import end_round_blockers, recall_blockers
from reviews.workflow.steps.publication.blockers import publication_blockers
from reviews.workflow.steps.submission import submission_blockers
from reviews.workflow.table import STEPS, Who, person_blocker, state_blocker


@dataclass(frozen=True)
class Option:
    """A step that this person may take; `blockers` are the sentences that say why not now."""

    name: str
    label: str
    blockers: list[str]

    @property
    def is_open(self) -> bool:
        return not self.blockers


OFFERED = {name: step for name, step in STEPS.items() if step.button}
OF_ARTICLE = tuple(name for name, step in OFFERED.items() if step.of_article)
OF_REVIEW = tuple(name for name in OFFERED if name not in OF_ARTICLE)


def options(user, article: Article, review: Review | None, names=tuple(OFFERED)) -> dict[str, Option]:
    """
    Return which of these steps belong to this person's part, each with what stands against it now.

    An editor who wrote part of the text keeps the steps of an editor, with that as the reason against them.
    """
    found = {}
    for name in names:
        if review is None and name not in OF_ARTICLE:
            continue
        against = person_blocker(name, user, article=article, review=review)
        if not against:
            found[name] = Option(name, OFFERED[name].button, blockers(name, article, review))
        elif against in (Who.EDITOR_NOT_WRITER.label, Who.PUBLISHER.label):
            found[name] = Option(name, OFFERED[name].button, [against])
    return found


def blockers(name: str, article: Article, review: Review | None) -> list[str]:
    """Return in sentences what keeps anybody from taking the step now."""
    if name == "submit":
        return submission_blockers(article)
    if name == "issue_notice":
        return [] if article.published_version_id else ["You can issue a notice when the article has been published."]
    if sentence := state_blocker(name, review):
        return [sentence]
    if name in ("publish", "schedule"):
        return publication_blockers(article, review)
    if name == "end_round":
        return end_round_blockers(review)
    if name == "recall":
        return recall_blockers(review)
    return []
