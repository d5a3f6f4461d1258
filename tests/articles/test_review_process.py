"""Articles ask one registered process for what stands around a text; without one they say so."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from articles import review_process
from articles.models import Article


@pytest.fixture
def nobody_registered(monkeypatch):
    monkeypatch.setattr(review_process, "_registered", [])


@pytest.mark.once
def test_a_missing_registration_is_an_error_of_the_system_check(nobody_registered):
    (error,) = review_process.an_app_runs_the_reviews()

    assert error.id == "articles.E001"


@pytest.mark.once
def test_the_system_check_has_nothing_to_say_of_this_site():
    assert review_process.an_app_runs_the_reviews() == []


def test_without_a_registration_nothing_is_read_as_public(db, nobody_registered):
    with pytest.raises(ImproperlyConfigured, match="No app runs the reviews"):
        Article.objects.public()
