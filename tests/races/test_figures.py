"""Two people save the same figure at once, or upload the same picture, in threads, on PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from articles.desk.texts.figures.forms import FigureForm
from articles.files.pictures import apart
from articles.files.pictures.making import make
from articles.models import Figure, Picture
from tests.factories import article, illustrated, png

ROUNDS = 6
WORDS = {"alt": "A disc in the middle", "source": "Own drawing", "licence": "CC BY 4.0"}
pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def read_here(monkeypatch):
    """Read pictures in this process: the race is about what is stored."""
    monkeypatch.setattr(apart, "read", make)


def answers(posts) -> list[int]:
    """Send these forms, (person, path, fields), at once; return the answers."""
    barrier = Barrier(len(posts))

    def send(post) -> int:
        user, path, fields = post
        client = Client()
        client.force_login(user)
        try:
            barrier.wait(timeout=20)
            return client.post(path, fields).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(posts)) as threads:
        return sorted(threads.map(send, posts))


def saved_at_once(author, editor) -> tuple[list[int], int]:
    """Let two people change the caption of one figure; return the answers, and how often it was saved."""
    draft = illustrated(author)
    row = draft.figures.get()
    seen = row.history.latest().pk
    path = f"/desk/articles/{draft.pk}/figures/{row.pk}/"
    posts = [(user, path, {**WORDS, "caption": user.username, "seen": seen}) for user in (author, editor)]
    return answers(posts), Figure.history.filter(id=row.pk).count() - 1


def test_the_second_of_two_saves_is_told_of_the_first(author, editor):
    for _ in range(ROUNDS):
        assert saved_at_once(author, editor) == ([302, 409], 1)


def test_if_nobody_looks_again_with_the_article_locked_both_save(author, editor, monkeypatch):
    """The test above can fail."""
    monkeypatch.setattr(FigureForm, "is_still_as_shown", lambda self: True)

    assert any(saved_at_once(author, editor)[0] == [302, 302] for _ in range(ROUNDS))


def test_the_same_picture_is_stored_once_though_two_drafts_get_it_at_once(author, editor):
    for number in range(ROUNDS):
        drafts = [article(author), article(author)]
        paths = [f"/desk/articles/{draft.pk}/figures/" for draft in drafts]
        file = png(200 + number, 100)
        posts = [
            (user, path, {**WORDS, "file": SimpleUploadedFile("a.png", file)})
            for user, path in zip((author, editor), paths, strict=True)
        ]

        assert answers(posts) == [302, 302]
        assert {draft.figures.get().picture_id for draft in drafts} == {Picture.objects.latest("pk").pk}
