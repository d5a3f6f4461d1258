from django.contrib.admin.apps import AdminConfig as DjangosAdminConfig


class AdminConfig(DjangosAdminConfig):
    """The admin, opened by role instead of `is_staff`."""

    default_site = "config.admin_site.Site"
