"""The main job, over and over, through the desk; each answer that says a step was taken is written down at once."""

import os
import uuid
from collections.abc import Callable

STEPS = (
    "submitted", "assigned", "assigned", "accepted", "decided", "accepted", "decided", "published",
)  # fmt: skip


class Acknowledged:
    """What was answered: lines in a file that survive whoever wrote them. `early` breaks the promise on purpose."""

    def __init__(self, path, *, early: bool = False):
        self.path, self.early = path, early

    def note(self, words: str):
        file = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        os.write(file, f"{words}\n".encode())
        os.close(file)

    def read(self) -> list[str]:
        return self.path.read_text().splitlines() if self.path.exists() else []


def run(
    acknowledged: Acknowledged,
    *,
    refused: Acknowledged | None = None,
    articles: int | None = None,
    ready: Callable = lambda: None,
):
    """
    Take articles from draft to public; an answer that is no step goes to `refused`, and the next article begins.

    `ready` is called when everybody is signed in.
    """
    from django.contrib.auth import get_user_model
    from django.db import Error

    people = {user.username: user for user in get_user_model().objects.all()}
    clients: dict = {}
    while articles is None or articles > 0:
        try:
            if not clients:
                clients = {name: _signed_in(user) for name, user in people.items()}
                ready()
            _one_article(people, clients, acknowledged, refused)
        except Error:  # drafts and sessions are made without a page, so that nobody answers for them
            if refused is None:
                raise
            refused.note("none")
        if articles is not None:
            articles -= 1


def _one_article(people, clients, acknowledged, refused):
    from django.urls import reverse

    from reviews.models import Assignment, Review
    from tests import factories

    article = factories.article(people["author"], slug=f"article-{uuid.uuid4()}")

    def step(action, name, address, *args, **form) -> bool:
        words = f"{action} {article.public_id}"
        if acknowledged.early:
            acknowledged.note(words)
        answer = clients[name].post(reverse(address, args=args), form)
        if answer.status_code != 302:
            (refused or _Nobody()).note(str(answer.status_code))
            return False
        if not acknowledged.early:
            acknowledged.note(words)
        return True

    if not step("submitted", "author", "submit", article.pk, change="major", note="First version"):
        return
    review = Review.objects.get(article=article)
    for name in ("clinical", "specialist"):
        asked = {"ask": people[name].pk, f"as-{people[name].pk}": name}
        if not step("assigned", "editor", "assign", review.pk, **asked):
            return
    for name in ("clinical", "specialist"):
        assignment = Assignment.objects.get(review=review, reviewer=people[name])
        if not step("accepted", name, "accept", assignment.pk):
            return
        form = {
            "no_conflict": "on",
            "outcome": "approve",
            "reason": "",
            "read_elsewhere": ["public"],
            "offered": "public",
        }
        form |= {"digest": review.version.digest, "password": factories.PASSWORD}
        if not step("decided", name, "decide", assignment.pk, **form):
            return
    step("published", "editor", "publish", review.pk)


def _signed_in(user):
    from django.test import Client

    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


class _Nobody:
    def note(self, words: str):
        raise AssertionError(f"a step was answered with {words}")
