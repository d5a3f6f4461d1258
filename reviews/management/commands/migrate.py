from django.core.management.commands import migrate


class Command(migrate.Command):
    """Django's own, but for the checks of the database: what they report as missing is what this command installs."""

    def get_check_kwargs(self, options):
        return {}
