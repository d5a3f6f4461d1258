import logging
import signal
import threading
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error, close_old_connections

from reviews.operations.background import queue

logger = logging.getLogger("imprimatur.scheduler")


class Command(BaseCommand):
    help = (
        "Queue recurring jobs when they are due, and failed or abandoned jobs again. Runs until it is stopped; several "
        "at once do no harm. “manage.py worker” carries out the jobs."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="look once, and end")
        parser.add_argument("--interval", type=float, default=10.0, metavar="SECONDS", help="between looks: 10")

    def handle(self, *, once: bool, interval: float, **options: Any) -> None:
        if not settings.BACKGROUND:
            raise CommandError(
                "BACKGROUND is off, so jobs run at once. Run publish_due each minute, and send_reminders and "
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
            except Error:  # the database is unreachable or busy: try again at the next look
                logger.exception("The queue could not be read.")
            close_old_connections()
            stopped.wait(interval)

    def look(self) -> None:
        mended, planned = queue.mend(), queue.plan()
        if mended or planned:
            logger.info("Queued again: %d. Recurring jobs queued: %s.", mended, ", ".join(planned) or "none")
