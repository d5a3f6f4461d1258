"""
What an editor does with a reader's question: answer, merge, decline, have an article written, or open it again.

Each function locks the question and reads it again. It raises PermissionDenied for this person, and ValidationError for
wrong input, with the code "stale" if the question, or the text of the answer, has changed in the meantime.
"""

from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.desk.drafts import create_draft
from articles.desk.readers.settled import closed_row, mergeable, open_row
from articles.files.drafts.store import slug_of
from articles.models import Article, Audience, Contributor, Question, Topic, Version
from articles.search.answers import listed
from articles.search.quotes import intact
from articles.text.plain.plaintext import tidy_lines

State = Question.State


@transaction.atomic
def answer(question: Question, *, actor: User, version: int, section: str) -> Question:
    """Answer with a passage of a listed text: a version and the key of a section. Its signed words are shown."""
    row = open_row(question, actor)
    article = next(iter(listed(published_version=version)), None)
    if article is None or article.published_version is None:
        raise ValidationError(
            _("This text is not public any more, or a newer version has replaced it. Choose a passage again."),
            code="stale",
        )
    public = article.published_version
    quoted = intact(public, section, row.audience)
    if quoted is None:
        raise ValidationError(_("This text has no such passage. Choose one of the passages shown."))
    return _settle(
        row, actor, State.ANSWERED, answer_version=public, answer_section=section, answer_audience=quoted.audience
    )


@transaction.atomic
def merge(question: Question, *, actor: User, into: int) -> Question:
    """Merge into another question, whose answer then is that of both, and of all that were merged into this one."""
    row = open_row(question, actor, [into])
    other = mergeable(row, into)
    for earlier in row.merged_questions.locked():
        _settle(earlier, actor, State.MERGED, merged_into=other)
    return _settle(row, actor, State.MERGED, merged_into=other)


@transaction.atomic
def decline(question: Question, *, actor: User, reason: str) -> Question:
    """Decline, with a reason that the asker can read."""
    row = open_row(question, actor)
    reason = tidy_lines(reason)
    if not reason:
        raise ValidationError({"reason": _("Give the reason in a sentence. The asker can read it.")})
    return _settle(row, actor, State.DECLINED, reason=reason)


@transaction.atomic
def write(question: Question, *, actor: User, title: str, author: Contributor) -> Article:
    """Create the draft of a question article with this author, and link it. Nothing of the question is copied."""
    row = open_row(question, actor)
    version = Version.objects.select_related("article").get(pk=row.version_id)
    readers = Audience.objects.filter(key__in=[row.audience, version.written_for])
    draft = Article(
        kind=Article.Kind.QUESTION,
        title=title,
        slug=slug_of(title),
        language=version.language,
        written_for=next(iter(sorted(readers, key=lambda one: one.key != row.audience)), version.article.written_for),
        created_by=actor,
    )
    draft.full_clean(exclude=["created_by"])
    article = create_draft(draft, author, Topic.objects.filter(articles=version.article))
    _settle(row, actor, State.WRITTEN, article=article)
    return article


@transaction.atomic
def reopen(question: Question, *, actor: User) -> Question:
    """Open a question again, without its answer; ValidationError if it is open."""
    row = closed_row(question, actor)
    row.settle(state=State.OPEN)
    return row


def _settle(row: Question, actor: User, state: Question.State, **outcome: Any) -> Question:
    row.settle(state=state, settled_by=actor, settled_at=timezone.now(), **outcome)
    return row
