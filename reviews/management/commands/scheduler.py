import logging
import signal
import threading

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import Error, close_old_connections

from reviews.operations.background import queue

logger = logging.getLogger("imprimatur.scheduler")


class Command(BaseCommand):
    help = (
        "Put recurring jobs into the queue when their time comes, and failed or abandoned ones back into it. Runs "
        "until it is stopped; several at once do no harm. The jobs themselves are done by “manage.py worker”."
    )

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="look once, and end")
        parser.add_argument("--interval", type=float, default=10.0, metavar="SECONDS", help="between looks: 10")

    def handle(self, *, once, interval, **options):
        if not settings.BACKGROUND:
            raise CommandError(
                "Jobs are done at once here, since BACKGROUND is off. Run publish_due each minute, send_reminders and "
                "checkpoint each day."
            )
        if once:
            self.look()
            return
        stopped = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopped.set())
        while not stopped.wait(0):
            try:
                self.look()
            except Error:  # the database is away, or busy: it is asked again at the next look
                logger.exception("The queue could not be looked at.")
            close_old_connections()
            stopped.wait(interval)

    def look(self):
        mended, planned = queue.mend(), queue.plan()
        if mended or planned:
            logger.info("Put back into the queue: %d. Ordered anew: %s.", mended, ", ".join(planned) or "nothing")
