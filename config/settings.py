"""
Settings, read from the environment.

docs/operator.md lists every name, under "Environment". If a secret is missing while DEBUG is off, the site does not
start, and a sentence names the secret.
"""

import re
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy
from environs import Env

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"
VAR_DIR.mkdir(exist_ok=True)

env = Env()

DEBUG = env.bool("DEBUG", False)


def secret(name: str, in_debug: str) -> str:
    """Return the secret from the environment; only with DEBUG on it may be missing, and `in_debug` replaces it."""
    value = env.str(name, "")
    if not value and not DEBUG:
        raise ImproperlyConfigured(f"{name} is not set. Set it in the environment, or set DEBUG=1 on your own machine.")
    return value or in_debug


LOCAL = ["127.0.0.1", "localhost", "[::1]"]
STAND_IN = "for-debugging-only-never-in-production"
SECRET_KEY = secret("SECRET_KEY", STAND_IN)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", LOCAL if DEBUG else [])

if DEBUG and set(ALLOWED_HOSTS) - set(LOCAL):
    raise ImproperlyConfigured(
        "DEBUG is on for hosts other than this machine. Turn DEBUG off, or remove ALLOWED_HOSTS."
    )
if not DEBUG and (SECRET_KEY == STAND_IN or len(SECRET_KEY) < 50):
    raise ImproperlyConfigured("SECRET_KEY is too short, or publicly known. Set it to 50 random characters.")

# The start of every URL in a mail: steps and jobs write mails without a request.
_hosts = [host for host in ALLOWED_HOSTS if host not in LOCAL and not host.startswith((".", "*"))]
_port = "" if env.str("HTTPS_PORT", "443") == "443" else f":{env.str('HTTPS_PORT')}"
SITE_URL = env.str("SITE_URL", f"https://{_hosts[0]}{_port}" if any(_hosts) else "http://127.0.0.1:8000").rstrip("/")

# The address from which the recurring comparison fetches pages, as readers do. If empty, there is no comparison.
EDGE_URL = env.str("EDGE_URL", SITE_URL if SITE_URL.startswith("https://") else "").rstrip("/")

# Only for a proxy that ends TLS and sets X-Forwarded-Proto itself: without one, any client could set the header.
BEHIND_PROXY = env.bool("BEHIND_PROXY", False)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not DEBUG
SECURE_REDIRECT_EXEMPT = [r"^(healthz|metrics)$"]  # requested on the machine itself, without TLS
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", 0 if DEBUG else 365 * 24 * 60 * 60)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not DEBUG
SECURE_REFERRER_POLICY = "same-origin"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000  # a whole draft is sent at once
SESSION_COOKIE_AGE = 12 * 60 * 60  # a working day
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [])

# Whether authors may look references up by DOI at api.crossref.org and by PMID at eutils.ncbi.nlm.nih.gov. The numbers
# are sent there, and the contact address if there is one; no other host is contacted.
LOOK_UP_REFERENCES = env.bool("LOOK_UP_REFERENCES", False)
LOOK_UP_CONTACT = env.str("LOOK_UP_CONTACT", "")

LEDGER_KEY_FILE = Path(secret("LEDGER_KEY_FILE", str(VAR_DIR / "ledger.key")))
CHECKPOINT_DIR = Path(env.str("CHECKPOINT_DIR", str(VAR_DIR / "checkpoints")))
CHECKPOINT_COPIES = [Path(folder) for folder in env.list("CHECKPOINT_COPIES", list[str]())]
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", str(VAR_DIR / "media")))

INSTALLED_APPS = [
    "config.apps.AdminConfig",  # django.contrib.admin, opened by role
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "csp",
    "simple_history",
    "django_tasks",
    "config.apps.BackgroundJobsConfig",  # django_tasks_db
    "articles",
    "reviews",
]

MIDDLEWARE = [
    "config.middleware.RequestID",
    "articles.site.keeping.kept_responses.KeptResponses",
    "config.middleware.CachedByTheProxy",
    "config.middleware.NeverCached",
    "django.middleware.security.SecurityMiddleware",
    "config.middleware.Permissions",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "config.middleware.PrivateUnlessMarkedPublic",
    "config.limits.Limits",
    "reviews.desk.member.time_zone.TimesInOwnZone",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "csp.middleware.CSPMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context.demonstration",
                "config.context.policy",
                "config.context.questions",
                "config.context.desk",
            ],
        },
    },
]

FORM_RENDERER = "articles.templatetags.form_renderer.Renderer"

SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",  # a DEFERRED transaction fails at once with "locked" when it starts to write
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA recursive_triggers=ON;"
    ),
}


def database(url: dict[str, Any]) -> dict[str, Any]:
    """Return Django's settings for the database in `url`, with the options that the guarantees depend on."""
    options = dict(url.get("OPTIONS", {}))
    if url["ENGINE"].endswith("sqlite3"):
        options.update(SQLITE_OPTIONS)
    else:
        options.setdefault("connect_timeout", 3)
        if env.bool("DATABASE_POOL", True):  # short timeouts: readers do not wait long for an error
            options.setdefault("pool", {"min_size": 1, "max_size": 16, "timeout": 3})
    # A connection that the database has closed, such as by a restart, is detected before it is used.
    # SQLite's stays open, which saves each request three milliseconds: its file is not another server that closes it.
    is_file = url["ENGINE"].endswith("sqlite3")
    checked = {"ATOMIC_REQUESTS": False, "CONN_MAX_AGE": None if is_file else 0, "CONN_HEALTH_CHECKS": not is_file}
    return {**url, **checked, "OPTIONS": options}


DATABASES = {"default": database(env.dj_db_url("DATABASE_URL", f"sqlite:///{VAR_DIR / 'imprimatur.sqlite3'}"))}
DATABASE_ROLE = env.str("DATABASE_ROLE", "")  # the PostgreSQL role that `migrate` grants the application's privileges
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {"default": env.dj_cache_url("CACHE_URL", "locmem://")}
if CACHES["default"]["BACKEND"] == "django.core.cache.backends.redis.RedisCache":
    CACHES["default"]["BACKEND"] = "config.cache.Cache"
elif not CACHES["default"]["BACKEND"].endswith((".LocMemCache", ".DummyCache")):
    raise ImproperlyConfigured(
        "CACHE_URL names a cache whose entries are Python objects. Whoever can write there could run code here. "
        "Set it to redis://:PASSWORD@host:6379/0."
    )

# Bytes of readers' pages that each process keeps in memory; 0 keeps none.
KEPT_RESPONSES = env.int("KEPT_RESPONSES", 24_000_000)

# Jobs wait in the database for a worker. With BACKGROUND off, each runs at once where it is enqueued.
BACKGROUND = env.bool("BACKGROUND", not DEBUG)
TASKS = {
    "default": {
        "BACKEND": "django_tasks_db.DatabaseBackend"
        if BACKGROUND
        else "django_tasks.backends.immediate.ImmediateBackend"
    }
}

RATE_LIMITS = env.int("RATE_LIMITS", 1)  # a factor for the numbers in config/limits.py; 0 turns the limits off
if RATE_LIMITS < 0:
    raise ImproperlyConfigured(
        "RATE_LIMITS is negative. Set it to 1 for the usual limits, to a higher number to multiply them, or to 0 for "
        "no limits."
    )

# A review is due in so many working days, if the editor chooses no other date.
REVIEW_WORKING_DAYS = env.int("REVIEW_WORKING_DAYS", 10)
if not 1 <= REVIEW_WORKING_DAYS <= 260:
    raise ImproperlyConfigured(
        "REVIEW_WORKING_DAYS is not between 1 and 260. Set it to a number of working days, such as 10."
    )

# A disclosure of interests that a board member makes on the desk is valid for so many days.
DISCLOSURE_DAYS = env.int("DISCLOSURE_DAYS", 365)
if not 30 <= DISCLOSURE_DAYS <= 1096:
    raise ImproperlyConfigured("DISCLOSURE_DAYS is not between 30 and 1096. Set it to a number of days, such as 365.")

# Whether readers are told beside a text of what the loaded list of retractions says of the works that it cites.
SHOW_LISTED_RETRACTIONS = env.bool("SHOW_LISTED_RETRACTIONS", True)

# The hour of the day, in TIME_ZONE, from which each person gets one email with all that can wait. Empty: no such email,
# and every message is emailed at once.
MAIL_DIGEST_HOUR = env.int("MAIL_DIGEST_HOUR", 7) if env.str("MAIL_DIGEST_HOUR", "7") else None
if MAIL_DIGEST_HOUR is not None and not 0 <= MAIL_DIGEST_HOUR <= 23:
    raise ImproperlyConfigured("MAIL_DIGEST_HOUR is not an hour. Set it to a number from 0 to 23, or to nothing.")

# Readers' questions are deleted after so many days.
QUESTION_DAYS = env.int("QUESTION_DAYS", 90)
if not 1 <= QUESTION_DAYS <= 3650:
    raise ImproperlyConfigured("QUESTION_DAYS is not between 1 and 3650. Set it to a number of days, such as 90.")

# What panels with urgent help say after “Call”, such as 112.
EMERGENCY_NUMBER = env.str("EMERGENCY_NUMBER", "") or gettext_lazy("your local emergency number")

# Whom /.well-known/security.txt names for reports of security faults, and the page that says how we treat them. Without
# a contact there is no such file.
SECURITY_CONTACT = env.str("SECURITY_CONTACT", "")
SECURITY_POLICY_URL = env.str("SECURITY_POLICY_URL", "")
if SECURITY_CONTACT and not re.fullmatch(r"(?:mailto:|https://|tel:)\S+", SECURITY_CONTACT):
    raise ImproperlyConfigured(
        "SECURITY_CONTACT is no address. Set it to one such as mailto:security@imprimatur.example, or to a page that "
        "begins with https://."
    )
if SECURITY_POLICY_URL and not re.fullmatch(r"https://\S+", SECURITY_POLICY_URL):
    raise ImproperlyConfigured("SECURITY_POLICY_URL is no address. Set it to a page that begins with https://.")

METRICS_TOKEN = env.str("METRICS_TOKEN", "")  # a client that sends it may read /metrics; if empty, nobody can

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/desk/sign-in/"
LOGIN_REDIRECT_URL = "/desk/"
LOGOUT_REDIRECT_URL = "/"

# Nothing is loaded from another host, pages have no inline scripts or styles, and no page can be framed.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}

# The language of the interface. An article's page is in the article's own language, if the interface has it.
LANGUAGES = [("en-gb", "English"), ("de", "Deutsch")]
LANGUAGE_CODE = {code.partition("-")[0]: code for code, _ in LANGUAGES}.get(env.str("SITE_LANGUAGE", "en"), "")
if not LANGUAGE_CODE:
    raise ImproperlyConfigured("SITE_LANGUAGE is not one of the languages of the interface. Set it to en or de.")
LOCALE_PATHS = [BASE_DIR / "articles" / "locale", BASE_DIR / "reviews" / "locale"]  # our words before Django's own
FORMAT_MODULE_PATH = "articles.locale"  # before the formats of Django
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", str(VAR_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "config" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {  # named by their content, so that a browser can cache them for ever
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

email = env.dj_email_url("EMAIL_URL", "console:")
EMAIL_BACKEND = email["EMAIL_BACKEND"]
EMAIL_HOST = email["EMAIL_HOST"]
EMAIL_PORT = email["EMAIL_PORT"]
EMAIL_HOST_USER = email["EMAIL_HOST_USER"]
EMAIL_HOST_PASSWORD = email["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS = email["EMAIL_USE_TLS"]
EMAIL_USE_SSL = email["EMAIL_USE_SSL"]
EMAIL_TIMEOUT = 30
DEFAULT_FROM_EMAIL = email.get("DEFAULT_FROM_EMAIL") or "Imprimatur <no-reply@localhost>"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "config.logs.Line"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "imprimatur": {"level": "INFO"},
        "django_tasks": {"level": "INFO"},
        "django_tasks_db": {"level": "INFO"},
        "gunicorn.http.wsgi": {"level": "ERROR"},  # it warns about each HEAD request that Django answered with a body
    },
}
if DEBUG:
    LOGGING = {"version": 1, "disable_existing_loggers": False}

# History is append-only: reverting an article from its history would bypass the workflow.
SIMPLE_HISTORY_REVERT_DISABLED = True
SIMPLE_HISTORY_ENFORCE_HISTORY_MODEL_PERMISSIONS = True
SIMPLE_HISTORY_HISTORY_CHANGE_REASON_USE_TEXT_FIELD = True
SIMPLE_HISTORY_DATE_INDEX = "Composite"

SILENCED_SYSTEM_CHECKS: list[str] = []
