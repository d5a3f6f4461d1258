import logging
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import InterfaceError, OperationalError, connections
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands import db_worker

logger = logging.getLogger("imprimatur.worker")

LONGEST_WAIT = 30  # seconds


class Worker(db_worker.Worker):
    """The library's worker, which also survives a database that is unreachable for a while."""

    def run(self) -> None:
        wait = 1
        while self.running:
            start = time.monotonic()
            try:
                super().run()
                return
            except (OperationalError, InterfaceError) as error:
                logger.warning("The database cannot be reached (%s); the worker tries again.", type(error).__name__)
            wait = 1 if time.monotonic() - start > LONGEST_WAIT else min(2 * wait, LONGEST_WAIT)
            connections.close_all()
            time.sleep(wait)


class Command(BaseCommand):
    help = "Carry out the queued jobs, until it is stopped. Several workers at once do no harm."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--batch", action="store_true", help="carry out all queued jobs, and end")
        parser.add_argument("--interval", type=float, default=1.0, metavar="SECONDS", help="between looks: 1")

    def handle(self, *, batch: bool, interval: float, **options: Any) -> None:
        worker = Worker(
            queue_names=["default"],
            interval=interval,
            batch=batch,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=get_random_string(32),
            excluded_queue_names=[],
        )
        worker.configure_signals()
        worker.run()
