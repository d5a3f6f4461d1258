from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.urls import reverse

from articles.models.people import Role, active


class Command(BaseCommand):
    help = (
        "Make the first account, an administrator's, who then makes all others at /admin/. It has no password: its "
        "owner sets one by mail. Refused once there is an administrator."
    )

    def add_arguments(self, parser):
        parser.add_argument("name", help="the name to sign in with")
        parser.add_argument("address", help="the mail address")

    @transaction.atomic
    def handle(self, *, name, address, **options):
        if active(Role.ADMIN).exists():
            raise CommandError("There is an administrator already, who makes all other accounts at /admin/.")
        User = get_user_model()
        account = User(username=User.normalize_username(name), email=User.objects.normalize_email(address))
        account.set_unusable_password()
        try:
            account.full_clean()
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        if not account.email:
            raise CommandError("Give a mail address: the password is set by a mail to it.")
        account.save()
        account.groups.add(Group.objects.get(name=Role.ADMIN.group))
        self.stdout.write(
            f"{account.username} is an administrator. The password is set by the mail to {account.email} that "
            f"{settings.SITE_URL}{reverse('password_reset')} sends."
        )
