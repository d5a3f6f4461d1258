import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from reviews.demo.cast import CAST, PASSWORD
from reviews.demo.story import Story
from reviews.evidence import ledger
from reviews.models import LedgerEvent
from reviews.models.actions import Action

SECOND = 2  # the first event of every ledger names its key


class Command(BaseCommand):
    help = (
        "Fill an empty database with sample people, and with sample articles in every state. A second run changes "
        "nothing. Refuses with DEBUG off and on a ledger that it did not start."
    )

    def handle(self, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError("The demonstration has known passwords: it runs only with DEBUG on.")
        if LedgerEvent.objects.filter(position=SECOND, action=Action.DEMO_STARTED).exists():
            self._say_that_it_is_there()
            return
        self._start()
        with no_mail():
            Story().tell()
        with transaction.atomic():
            ledger.append(Action.DEMO_FINISHED, actor=None)
        call_command("checkpoint", stdout=io.StringIO())
        self.stdout.write(f"The demonstration is ready. Sign in with the password {PASSWORD} as one of these:")
        for part in CAST:
            self.stdout.write(f"  {part.username:<11} {part.role.value}: {part.name}")

    def _say_that_it_is_there(self) -> None:
        if not LedgerEvent.objects.filter(action=Action.DEMO_FINISHED).exists():
            raise CommandError(
                "The demonstration was interrupted, or is being made now. If it was interrupted, use a new database."
            )
        self.stdout.write("The demonstration already exists; nothing was changed.")

    def _start(self) -> None:
        """Record that the demonstration started this ledger; raise CommandError and write nothing if it did not."""
        names = [part.username for part in CAST]
        with transaction.atomic():
            event = ledger.append(Action.DEMO_STARTED, actor=None)
            if event.position != SECOND:
                raise CommandError("This ledger was not started by the demonstration: use an empty database for it.")
            if taken := User.objects.filter(username__in=names).values_list("username", flat=True).first():
                raise CommandError(f"There is already an account “{taken}”: use an empty database for the demo.")


@contextmanager
def no_mail() -> Iterator[None]:
    """Send none of the mails that the steps queue: the sample addresses belong to nobody."""
    backend = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    try:
        yield
    finally:
        settings.EMAIL_BACKEND = backend
