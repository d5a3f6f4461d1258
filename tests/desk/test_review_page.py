"""The page of a review reads little, and shows what it would show if each question were asked alone."""

import re

import pytest
from django.urls import reverse

from reviews.desk.review import views
from reviews.models import Review
from tests.populated import browser

pytestmark = pytest.mark.django_db

PEOPLE = ["author", "other author", "editor", "asked", "not asked", "admin", "superuser"]


def shown(client, review: Review, asked: str = "") -> str:
    answer = client.get(reverse("desk_review", args=[review.pk]) + asked)
    assert answer.status_code in (200, 403, 404)
    return re.sub(r'(nonce|name="csrfmiddlewaretoken" value)="[^"]*"', "", answer.content.decode())


@pytest.mark.parametrize("who", PEOPLE)
def test_reading_together_shows_what_reading_one_by_one_shows(world, who, monkeypatch):
    people, _ = world
    client = browser(people, who)
    reviews = list(Review.objects.all())
    for review in reviews:
        shown(client, review)  # the first time it notes that a text was opened
    together = [shown(client, review) for review in reviews]

    monkeypatch.setattr(views, "read_page", lambda review, user: Review.objects.get(pk=review.pk))

    assert [shown(client, review) for review in reviews] == together


@pytest.mark.parametrize("who", ["author", "editor", "asked"])
def test_the_page_asks_at_most_fifteen_questions(world, who, django_assert_max_num_queries):
    people, arguments = world
    client = browser(people, who)
    review = Review.objects.get(**arguments["desk_review"])

    for asked in ("", "?changes=previous", "?audience=carer"):
        shown(client, review, asked)
        with django_assert_max_num_queries(15):
            shown(client, review, asked)
