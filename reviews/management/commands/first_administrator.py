from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.urls import reverse

from articles.models.people import Role, active


class Command(BaseCommand):
    help = (
        "Create the first account, with the administrator's role, who then creates all others at /admin/. It has no "
        "password: its owner sets one by email. Refused if there already is an administrator."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="the name to sign in with")
        parser.add_argument("address", help="the email address")

    @transaction.atomic
    def handle(self, *, name: str, address: str, **options: Any) -> None:
        if active(Role.ADMIN).exists():
            raise CommandError("There is already an administrator, who creates all other accounts at /admin/.")
        account = User(username=User.normalize_username(name), email=User.objects.normalize_email(address))
        account.set_unusable_password()
        try:
            account.full_clean()
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        if not account.email:
            raise CommandError("Give an email address: the password is set with a link that is sent there.")
        account.save()
        account.groups.add(Group.objects.get(name=Role.ADMIN.group))
        self.stdout.write(
            f"{account.username} is an administrator. The password is set by the email to {account.email} that "
            f"{settings.SITE_URL}{reverse('password_reset')} sends."
        )
