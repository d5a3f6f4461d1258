"""The people who work on an article together: whom a comment can mention, and be assigned to."""

import re
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db.models import BooleanField, Case, OuterRef, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from articles.models import Article, Authorship
from articles.models.people import Role, active
from articles.models.rows.remembered import remembered
from articles.models.section import contributed
from reviews.evidence import ledger
from reviews.models import Assignment

MENTION = re.compile(r"(?<![\w.@])@([^\W\d_](?:[\w.@+-]*\w)?)")


@dataclass(frozen=True)
class Commentator:
    """An active person who may read and write comments on an article. `reads_board`: board-only comments too."""

    user: User
    reads_board: bool

    @property
    def name(self) -> str:
        return ledger.name_of(self.user)


def commentators(article: Article) -> list[Commentator]:
    """Return those who may comment on the article and see it: its authors, reviewers who accepted, all editors."""
    rows = remembered(("commentators", article.pk), lambda: list(accounts(article.pk)))
    found = [Commentator(each, each.reads_board) for each in rows]
    return sorted(found, key=lambda each: each.user.get_username())


def accounts(article: int) -> QuerySet[Any]:
    """Return the accounts of the same people in one query, each with its public person and `reads_board`."""
    asked = Assignment.objects.filter(review__article=article)
    stepped_back = asked.filter(ended_as=Assignment.Ending.CONFLICT).values("reviewer")
    members = active(Role.REVIEWER).filter(pk__in=asked.admitted().values("reviewer")).exclude(pk__in=stepped_back)
    contributors = Authorship.objects.filter(article=article, contributor__user__isnull=False)
    editors = active(Role.EDITOR)
    neutral = editors.exclude(contributed(article, OuterRef("pk")))
    board = Q(pk__in=neutral.values("pk")) | Q(pk__in=members.values("pk"))
    authors = contributors.filter(role=Authorship.Role.AUTHOR)
    writers = active(Role.AUTHOR).filter(pk__in=authors.values("contributor__user"))
    writing = Q(pk__in=writers.values("pk")) | Q(pk__in=editors.values("pk"))
    people = User.objects.filter(board | writing).select_related("contributor")
    reads_board = Case(When(board, then=Value(True)), default=Value(False), output_field=BooleanField())
    return people.annotate(reads_board=reads_board)


def with_names(text: str, article: Article, *, board_only: bool) -> tuple[str, list[User]]:
    """
    Return the text with a name for each “@username”, and the people whom it mentions.

    Raise ValidationError if a username is not that of somebody who may read the comment.
    """
    people = commentators(article) if MENTION.search(text) else []
    known = {each.user.get_username().casefold(): each for each in people}
    mentioned: dict[int, User] = {}

    def name(found: re.Match[str]) -> str:
        person = known.get(found[1].casefold())
        if person is None:
            said = _(
                "“@{username}” is nobody who may comment on this article. "
                "Choose a username from the list, or leave out the “@”."
            )
            raise ValidationError({"text": said.format(username=found[1])})
        _require_reader(person, "text", board_only=board_only)
        mentioned[person.user.pk] = person.user
        return f"@{person.name}"

    return MENTION.sub(name, text), list(mentioned.values())


def require_assignable(user: User, article: Article, *, board_only: bool) -> None:
    """Raise ValidationError unless a comment on the article can be assigned to this person."""
    person = next((each for each in commentators(article) if each.user.pk == user.pk), None)
    if person is None:
        raise ValidationError({"assignee": _("Assign the comment to somebody who may comment on this article.")})
    _require_reader(person, "assignee", board_only=board_only)


def _require_reader(person: Commentator, field: str, *, board_only: bool) -> None:
    if board_only and not person.reads_board:
        said = _("{name} may not read comments that are only for the board. Leave {name} out of this one.")
        raise ValidationError({field: said.format(name=person.name)})
