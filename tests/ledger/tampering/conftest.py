"""The story, with nothing left to stop whoever owns the database."""

import pytest

from tests.ledger import attacks
from tests.ledger.attacks import look


@pytest.fixture
def defenceless(story):
    """The story without triggers, checks and foreign keys; nothing else is wrong with it."""
    attacks.disarm()
    assert look() == []
    yield story
    attacks.rearm()
