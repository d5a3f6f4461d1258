from django.contrib.admin.apps import AdminConfig as DjangosAdminConfig
from django_tasks_db.apps import TasksAppConfig


class AdminConfig(DjangosAdminConfig):
    """The admin, opened by role instead of `is_staff`."""

    default_site = "config.admin_site.Site"


class BackgroundJobsConfig(TasksAppConfig):
    verbose_name = "Background jobs"
