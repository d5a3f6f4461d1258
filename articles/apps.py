from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ArticlesConfig(AppConfig):
    name = "articles"
    verbose_name = "Articles"

    def ready(self):
        from articles import review_process  # noqa: F401
        from articles.models.audience import ensure_audiences
        from articles.models.people import ensure_groups

        post_migrate.connect(ensure_groups, sender=self)
        post_migrate.connect(ensure_audiences, sender=self)
