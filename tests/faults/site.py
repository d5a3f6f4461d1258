"""A site of its own to be broken: a fresh database, people, and processes that are forked from this one."""

import atexit
import os
import shutil
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path


def prepare(database: str = "") -> Path:
    """Set the site up as `set_up` does, and make the people of the main job."""
    folder = set_up(database)
    _people()
    return folder


def set_up(database: str = "") -> Path:
    """Set Django up for a database, else for a SQLite file, in a new folder, and migrate; return the folder."""
    folder = Path(tempfile.mkdtemp(prefix="imprimatur-faults-", dir=os.environ.get("FAULTS_FOLDER")))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ["TEST_DATABASE_URL"] = database or f"sqlite:///{folder / 'site.sqlite3'}"
    os.environ["LEDGER_KEY_FILE"] = str(folder / "ledger.key")
    os.environ["CHECKPOINT_DIR"] = str(folder / "checkpoints")
    os.environ["FAULTS_MAILS"] = str(folder / "mails")
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.faults.settings"

    import django

    django.setup()
    from django.core.management import call_command

    from reviews.evidence.ledger import keys
    from tests import migrated

    keys.make(folder / "ledger.key")
    if not database:
        migrated.put(folder / "site.sqlite3")
    call_command("migrate", verbosity=0)
    (folder / "mails").touch()
    return folder


def _people():
    from tests import factories

    author = factories.person("author", groups=["author"])
    factories.person("editor", groups=["editor"])
    factories.board_member("clinical")
    factories.board_member("specialist", capacities=["specialist"], specialties=["Oncology"])
    factories.article(author)  # with it come the topic and the disclaimers that every article needs


def fork(task: Callable[[], None]) -> int:
    """Run the task in a process of its own, with connections of its own, and return its number."""
    from django.db import connections

    connections.close_all()
    child = os.fork()
    if child:
        return child
    try:
        task()
    except BaseException:
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)
    os._exit(0)


def kill(process: int):
    """Kill the process, wherever it is; raise ChildProcessError if it had ended by itself."""
    os.kill(process, signal.SIGKILL)
    _, status = os.waitpid(process, 0)
    if not os.WIFSIGNALED(status):
        raise ChildProcessError("a process ended by itself; what it said of that stands above")


def finish(process: int):
    """Wait for the process; raise ChildProcessError if it failed."""
    _, status = os.waitpid(process, 0)
    if status:
        raise ChildProcessError("a process failed; what it said of that stands above")


def worker():
    """Do jobs as the worker does, until somebody ends this."""
    from django.core.management import call_command

    call_command("worker", interval=0.01)


def drain():
    """Take up what killed workers left, as if the lease had passed, and do all jobs that wait."""
    from django.core.management import call_command
    from django.utils import timezone

    from reviews.operations.background import queue

    queue.mend(timezone.now() + queue.LEASE)
    call_command("worker", interval=0, batch=True)
