"""The story, told once for each module, and a copy of its checkpoint files for each test."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.test import override_settings

from reviews.models import LedgerHead
from tests.ledger import story as stories


@dataclass
class Told:
    story: stories.Story
    folder: Path


@pytest.fixture(scope="module")
def told(django_db_setup, django_db_blocker, tmp_path_factory):
    """The whole story, in a transaction that is undone after the module's tests."""
    folder = tmp_path_factory.mktemp("story")
    with django_db_blocker.unblock(), stories.rolled_back():
        with override_settings(CHECKPOINT_DIR=folder):
            story = stories.tell()
        yield Told(story, folder)


@pytest.fixture
def story(told, db, settings, _checkpoints_of_this_test):
    """The story with a copy of its checkpoint files; what the test does to the database is undone."""
    shutil.copytree(told.folder, settings.CHECKPOINT_DIR)
    with stories.rolled_back():
        yield told.story


@pytest.fixture
def checkpoint_files(story, settings) -> list[Path]:
    """The story's checkpoint files, by size."""
    return sorted((settings.CHECKPOINT_DIR / LedgerHead.objects.get().ledger_id).glob("*.txt"))
