"""The settings of the test suite: those of production, but for the secrets, a fast hasher and the databases."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

if "LEDGER_KEY_FILE" not in os.environ:  # parallel workers have that of who started them
    _scratch = Path(tempfile.mkdtemp(prefix="imprimatur-tests-"))
    atexit.register(shutil.rmtree, _scratch, ignore_errors=True)
    os.environ["LEDGER_KEY_FILE"] = str(_scratch / "ledger.key")
os.environ.setdefault("CHECKPOINT_DIR", str(Path(os.environ["LEDGER_KEY_FILE"]).parent / "test-checkpoints"))
os.environ.setdefault("SECRET_KEY", "only-for-tests-" * 5)
os.environ.setdefault("EDGE_URL", "")
os.environ.setdefault("ALLOWED_HOSTS", "testserver,127.0.0.1,localhost")
TEST_SERVER = os.environ.get("TEST_DATABASE_URL", "")
os.environ["DATABASE_URL"] = TEST_SERVER or "sqlite://:memory:"

from config.settings import *  # noqa: E402, F403

SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = False  # the test client and server speak HTTP
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}  # noqa: F405
LOGGING = {"version": 1, "disable_existing_loggers": False}
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
MAIL_DIGEST_HOUR = None  # tests of steps read each mail as it is sent; tests/background/test_digests.py sets an hour
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
RATE_LIMITS = 0  # all tests come from one address; tests/config/test_limits.py has them on
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
MIDDLEWARE = [  # each page is made anew, and compared with what would have been sent
    name.replace("articles.site.keeping.kept_responses.KeptResponses", "tests.never_stale.NeverStale")
    for name in MIDDLEWARE  # noqa: F405
]
