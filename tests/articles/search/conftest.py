import pytest

from articles.models import Passage
from articles.search.ranking.stored import found
from tests import factories


@pytest.fixture
def staff(editor, clinical, specialist):
    return editor, clinical, specialist


@pytest.fixture
def publish(author, staff):
    """Return a function that publishes an article with this title and returns the version."""

    def publish(title, body="<p>They filter.</p>", **kwargs):
        draft = factories.article(author, title=title, body=body, **kwargs)
        return factories.published(factories.submitted(author, draft), *staff)

    return publish


def titles(query: str) -> list[str]:
    """Return the titles of what a query finds, best first, each once."""
    names = dict(Passage.objects.values_list("pk", "version__title"))
    return list(dict.fromkeys(names[passage] for passage, _ in found(query).passages))
