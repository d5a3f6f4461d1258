from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ArticlesConfig(AppConfig):
    name = "articles"
    verbose_name = _("Articles")  # type: ignore[assignment]  # Django takes lazy texts

    def ready(self) -> None:
        from articles import review_process  # noqa: F401
        from articles.models.people import ensure_groups
        from articles.models.reader_input.red_flags import ensure_red_flags
        from articles.models.setup.audience import ensure_audiences
        from articles.search.index.rebuilding import fill_after_migration

        post_migrate.connect(ensure_groups, sender=self)
        post_migrate.connect(ensure_audiences, sender=self)
        post_migrate.connect(ensure_red_flags, sender=self)
        post_migrate.connect(fill_after_migration, sender=self)
