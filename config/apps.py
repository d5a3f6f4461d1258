from django.contrib.admin.apps import AdminConfig as DjangosAdminConfig
from django.utils.translation import gettext_lazy as _
from django_tasks_db.apps import TasksAppConfig


class AdminConfig(DjangosAdminConfig):
    """The admin, opened by role instead of `is_staff`."""

    default_site = "config.admin_site.Site"


class BackgroundJobsConfig(TasksAppConfig):
    verbose_name = _("Background jobs")  # type: ignore[assignment]  # Django takes lazy texts
