"""Two people who save the page of one draft at the same moment, each in a process of their own."""

from contextlib import nullcontext
from unittest import mock

from django.contrib.auth import get_user_model
from django.test import Client
from django.test.utils import setup_test_environment

from articles.desk.writing import views
from articles.models import Article
from tests import factories
from tests.desk.test_writing import Opened

WRITERS = ("author", "editor")


def save_at_once(side: int, rounds: int, guarded: bool, barrier) -> list[int]:
    """
    Change the same section as the other side, so often, and save at the same moment; return the statuses.

    Both open the page anew in each round. Without `guarded` the article is read without its lock.
    """
    setup_test_environment()
    if side == 0:
        factories.article(factories.author(), slug="race")
        factories.editor()
    barrier.wait()
    client = Client()
    client.force_login(get_user_model().objects.get(username=WRITERS[side]))
    draft = Article.objects.get(slug="race")
    name = f"s{draft.sections.get().pk}__body"
    locked = views.writable
    unlocked = mock.patch.object(views, "writable", lambda request, pk, **_: locked(request, pk))
    statuses = []
    with nullcontext() if guarded else unlocked:
        for number in range(rounds):
            page = Opened(client, draft).type(**{name: f"Round {number}, side {side}."})
            barrier.wait()
            statuses.append(page.send().status_code)
            barrier.wait()
    return statuses
