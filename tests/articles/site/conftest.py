"""What the tests of the readers' pages share: an empty cache, the people, an article in each state."""

import pytest
from django.core.cache import cache

from articles.models import Article
from reviews.models import Quorum
from tests import factories


@pytest.fixture(autouse=True)
def _empty_cache():
    cache.clear()


@pytest.fixture
def staff(editor, clinical, specialist):
    return editor, clinical, specialist


@pytest.fixture
def public_article(author, staff):
    """Return an article whose first version is published."""
    draft = factories.article(author, title="Lymph nodes", slug="lymph-nodes")
    factories.published(factories.submitted(author, draft), *staff)
    return Article.objects.get(pk=draft.pk)


@pytest.fixture
def pending_article(author, staff):
    """Return a question whose first version is under open review."""
    Quorum.objects.create(kind="question", risk="standard", open_review=True)
    draft = factories.article(author, title="Why do nodes swell?", slug="why", kind="question")
    factories.submitted(author, draft)
    return Article.objects.get(pk=draft.pk)
