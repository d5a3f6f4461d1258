"""What processes do on a site of their own; `sites` starts them."""

import io
import resource
import time
import uuid
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from unittest import mock

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from reviews.evidence import triggers
from reviews.models import Checkpoint, LedgerEvent, LedgerHead
from reviews.operations.backup import databases
from reviews.verifying import verify
from tests import factories

PICTURE = b"\x89PNG a picture\n" * 100


def play(scenes: list[tuple], barrier=None) -> list:
    """Call several (function, arguments …) of this module, in order; return what each returns."""
    return [globals()[name](*arguments) for name, *arguments in scenes]


def fill(barrier=None) -> int:
    """Set the site up with people, media and a published article, and return where its ledger ends."""
    call_command("migrate", verbosity=0)
    people = {
        "author": factories.person("author", groups=["author"]),
        "editor": factories.person("editor", groups=["editor"]),
        "clinical": factories.board_member("clinical", capacities=["clinical"]),
        "specialist": factories.board_member("specialist", capacities=["specialist"], specialties=["Oncology"]),
    }
    folder = Path(settings.MEDIA_ROOT) / "figures" / "2026"
    folder.mkdir(parents=True)
    (folder / "näme.png").write_bytes(PICTURE)
    (folder / "empty.txt").touch()
    publish(people)
    return LedgerHead.objects.get().position


def publish(people: dict | None = None, barrier=None) -> int:
    """Take an article from its draft to the public, and return where the ledger ends then."""
    if people is None:
        names = ("author", "editor", "clinical", "specialist")
        people = {name: get_user_model().objects.get(username=name) for name in names}
    draft = factories.article(people["author"], slug=f"article-{uuid.uuid4()}")
    version = factories.submitted(people["author"], draft)
    factories.published(version, people["editor"], people["clinical"], people["specialist"])
    return LedgerHead.objects.get().position


def go_on(articles: int, barrier=None) -> int:
    """Publish more articles, and return where the ledger ends then."""
    for _ in range(articles):
        publish()
    return LedgerHead.objects.get().position


def write_until(stop: str, barrier) -> tuple[int, int]:
    """Publish articles until the file `stop` is there; return how many, and where the ledger ends."""
    barrier.wait()
    count = 0
    while not Path(stop).exists():
        publish()
        count += 1
    return count, LedgerHead.objects.get().position


def back_up_meanwhile(folder: str, times: int, stop: str, barrier) -> list[tuple[int, int]]:
    """Take backups, each once the ledger has grown; return for each where the ledger ended before and after it."""
    barrier.wait()
    ends = []
    try:
        for _ in range(times):
            before = _wait_for_growth()
            call_command("backup", folder, stdout=io.StringIO())
            ends.append((before, LedgerHead.objects.get().position))
    finally:
        Path(stop).touch()
    return ends


def _wait_for_growth() -> int:
    start, until = LedgerHead.objects.get().position, time.monotonic() + 60
    while (now := LedgerHead.objects.get().position) == start:
        assert time.monotonic() < until, "the writer writes nothing"
        time.sleep(0.01)
    return now


def run(commands: list[list[str]], barrier=None) -> list[tuple[int, str]]:
    """Run commands one after another; return each exit code and all that was said."""
    return [_run(command) for command in commands]


def run_undoing_migrations(commands: list[list[str]], barrier=None) -> list[tuple[int, str]]:
    """
    Run commands as software would that has fewer migrations: undoing some is refused to everybody else.

    It would verify the ledger with its own models before a backup; those of today read columns that are not there.
    """
    whole = mock.patch("reviews.operations.backup.taking._is_whole", return_value=True)
    with mock.patch("reviews.management.commands.migrate._require_no_loss_of_evidence"), whole:
        return run(commands)


def run_with_faults(command: list[str], folder: str, barrier=None) -> dict[str, tuple[int, str, list[str], bool]]:
    """Run a command with each fault; return exit code, what it said, new files, and whether tables are there."""
    found, before = {}, files(folder)
    for name, fault in FAULTS.items():
        with fault():
            code, said = _run(command)
        found[name] = (code, said, sorted(files(folder) - before), bool(state()["tables"]))
    return found


def run_with_little_room(commands: list[list[str]], room: int, barrier=None) -> list[tuple[int, str]]:
    """Run commands while no file can become longer than this."""
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    connection.ensure_connection()
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, most))
    try:
        return run(commands)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))


def damage(barrier=None):
    """Change an event behind the triggers' back."""
    triggers.drop()
    statement("UPDATE reviews_ledgerevent SET actor = '9' WHERE position = 3")
    triggers.install()


def files(folder: str) -> set[str]:
    return {str(path) for path in Path(folder).rglob("*")}


def _run(command: list[str]) -> tuple[int, str]:
    said = io.StringIO()
    with redirect_stdout(said), redirect_stderr(said):
        try:
            call_command(*command)
        except SystemExit as error:
            return int(error.code or 0), said.getvalue()
        except CommandError as error:
            return 1, f"{said.getvalue()}{error}"
        except (RuntimeError, KeyboardInterrupt) as error:
            return 2, repr(error)
    return 0, said.getvalue()


def state(barrier=None) -> dict:
    """Return what the site holds: its tables with a digest of every row, where its ledger ends, what is wrong."""
    if connection.vendor == "sqlite" and not Path(connection.settings_dict["NAME"]).exists():
        return {"tables": 0}
    with connection.cursor() as cursor:
        if not connection.introspection.table_names(cursor):
            return {"tables": 0}
    return {
        "tables": len(databases.row_counts()),
        "rows": databases.row_counts(),
        "evidence": factories.evidence(),
        "head": LedgerHead.objects.get().hash,
        "events": LedgerEvent.objects.count(),
        "checkpoints": list(Checkpoint.objects.values_list("size", flat=True)),
        "problems": [(problem.position, problem.kind) for problem in verify().problems],
    }


def applied_and_missing(barrier=None) -> tuple[bool, list[str]]:
    """Tell whether every migration is applied, and return the triggers that are missing."""
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes()), triggers.missing()


def touch(path: str, barrier=None):
    Path(path).write_text("left")


def unlink(path: str, barrier=None):
    Path(path).unlink()


def statement(sql: str, barrier=None):
    """Execute a statement on the site's database."""
    with connection.cursor() as cursor:
        cursor.execute(sql)


def _migration_fails():
    return mock.patch(
        "reviews.operations.backup.restoring.call_command", side_effect=RuntimeError("The migration fails.")
    )


def _counts_differ():
    return mock.patch("reviews.operations.backup.databases.row_counts", return_value={})


def _disk_is_full():
    return mock.patch("reviews.operations.backup.archive.os.fsync", side_effect=OSError(28, "No space left on device"))


def _interrupted():
    return mock.patch("reviews.evidence.triggers.missing", side_effect=KeyboardInterrupt)


FAULTS = {
    "the migration fails": _migration_fails,
    "the counts differ": _counts_differ,
    "the disk is full": _disk_is_full,
    "it is interrupted": _interrupted,
}
