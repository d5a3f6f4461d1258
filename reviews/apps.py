from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class ReviewsConfig(AppConfig):
    name = "reviews"
    verbose_name = "Reviews"

    def ready(self):
        from reviews import grants, people, system_checks, triggers  # noqa: F401
        from reviews.ledger.events import ensure_head

        pre_migrate.connect(triggers.drop_before_migration, sender=self)
        post_migrate.connect(triggers.install_after_migration, sender=self)
        post_migrate.connect(ensure_head, sender=self)
        post_migrate.connect(grants.grant_after_migration, sender=self)
