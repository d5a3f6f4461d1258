from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.contrib.admin.apps import AdminConfig as DjangosAdminConfig
from django.db.models import Model
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_lazy as _
from django_tasks_db.apps import TasksAppConfig


class AdminConfig(DjangosAdminConfig):
    """The admin, opened by role instead of `is_staff`."""

    default_site = "config.administration.site.Site"

    def ready(self) -> None:
        translate_names()
        super().ready()


class BackgroundJobsConfig(TasksAppConfig):
    verbose_name = _("Background jobs")  # type: ignore[assignment]  # Django takes lazy texts


# Names of models and columns, and the help texts of columns: translated where forms and the admin show them.
OURS = ("articles", "reviews", "django_tasks_database")
NAMES = ("verbose_name", "verbose_name_plural")
OF_COLUMNS = ("verbose_name", "help_text")


def translate_names() -> None:
    """
    Make all these names lazy translations. Migrations keep what the models say: they would have to be made anew.

    The catalogues have every name (`tests/messages.py`), also those that Django makes of the name of a column.
    """
    for holder, attribute, words in _named():
        setattr(holder, attribute, gettext_lazy(words))


def names_of(app: str) -> set[str]:
    """Return the English names and help texts of the app's models and their columns, without those of history."""
    return {words for holder, _, words in _named() if _is_of(app, holder.model)}


def _named() -> Iterator[tuple[Any, str, str]]:
    for model in (model for app in OURS for model in apps.get_app_config(app).get_models(include_auto_created=True)):
        yield from ((model._meta, name, _in_english(getattr(model._meta, name))) for name in NAMES)
        for column in model._meta.get_fields():
            if column.concrete:
                found = ((column, name, _in_english(getattr(column, name))) for name in OF_COLUMNS)
                yield from (each for each in found if each[2])


def _in_english(words: str | Promise) -> str:
    with translation.override(None):
        return str(words)


def _is_of(app: str, model: type[Model]) -> bool:
    of_articles = model._meta.app_label == "articles"
    return of_articles == (app == "articles") and not hasattr(model, "history_type")
