"""Jobs that wait in the database, as in production, and a worker that does what may be done now."""

import pytest
from django.core.management import call_command
from django_tasks_db.models import DBTaskResult

from tests.config.test_production import production

__all__ = ["production"]

IN_THE_DATABASE = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


@pytest.fixture
def queued(settings):
    settings.TASKS = IN_THE_DATABASE
    settings.BACKGROUND = True
    return DBTaskResult.objects


@pytest.fixture
def work(queued):
    """Return a function that lets a worker do all that may be done now."""

    def until_nothing_is_left():
        call_command("worker", batch=True, interval=0)

    return until_nothing_is_left
