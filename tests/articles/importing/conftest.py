"""An author who has no part in the article."""

import pytest

from tests import factories


@pytest.fixture
def stranger(db):
    return factories.person("stranger", "Stan Stranger", groups=["author"])
