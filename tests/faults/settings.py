"""The settings of the faults: those of the suite, with jobs in the queue as in production, and mail into a file."""

import os
import warnings

from tests.settings import *  # noqa: F403

warnings.filterwarnings("ignore", "No directory at")  # the static files are gathered at deployment alone

ALLOWED_HOSTS = ["testserver"]
DATABASES["default"]["OPTIONS"].pop("pool", None)  # noqa: F405 (the threads of a pool do not survive a fork)
BACKGROUND = True
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
EMAIL_BACKEND = "tests.faults.post.Backend"
MAILS = os.environ.get("FAULTS_MAILS", "")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": True,
    "handlers": {"none": {"class": "logging.NullHandler"}},
    "root": {"handlers": ["none"]},
    "loggers": {"django": {"handlers": ["none"], "propagate": False}},
}
