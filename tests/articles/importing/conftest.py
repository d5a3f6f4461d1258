"""The topics of the sample file, and an author who has no part in the article."""

import pytest

from articles.models import Topic
from tests import factories


@pytest.fixture(autouse=True)
def topics(request):
    if request.node.get_closest_marker("django_db"):
        request.getfixturevalue("db")
        for name in ("Oncology", "Surgery"):
            Topic.objects.create(name=name, slug=name.lower())


@pytest.fixture
def stranger(db):
    return factories.person("stranger", "Stan Stranger", groups=["author"])
