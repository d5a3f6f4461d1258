from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class ReviewsConfig(AppConfig):
    name = "reviews"
    verbose_name = _("Reviews")  # type: ignore[assignment]  # Django takes lazy texts

    def ready(self) -> None:
        from articles.review_process import register
        from reviews.evidence import grants, settings, triggers  # noqa: F401
        from reviews.evidence.ledger.events import ensure_head
        from reviews.operations import system_checks  # noqa: F401
        from reviews.site.review_process import Reviews
        from reviews.workflow import accounts  # noqa: F401

        register(Reviews())

        pre_migrate.connect(triggers.drop_before_migration, sender=self)
        post_migrate.connect(triggers.install_after_migration, sender=self)
        post_migrate.connect(ensure_head, sender=self)
        post_migrate.connect(grants.grant_after_migration, sender=self)
