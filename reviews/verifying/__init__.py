"""Verification of the whole ledger: the chain, the rows, the replayed state, the checkpoints and the triggers."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection

from articles.models.rows.one_state import one_state
from reviews.evidence import triggers
from reviews.evidence.ledger import keys
from reviews.verifying import chain, evidence, heads, pictures, restored, retractions
from reviews.verifying.problem import Problem, Report
from reviews.verifying.replay import Replay
from reviews.verifying.settings import Settings

__all__ = ["Problem", "Report", "verify"]


def verify(
    *, check_signatures: bool = True, public_key: str | None = None, lost: frozenset[str] = frozenset()
) -> Report:
    """
    Return a report of all differences between the ledger and the database; an intact ledger has no problems.

    `public_key` (64 hexadecimal digits) is the trusted key; the default is that of LEDGER_KEY_FILE. All is read from
    one snapshot of the database, so concurrent steps do not matter. Needs about 1 kB of memory per event.

    Checkpoints lost by the restore of an older backup are no problem if a signed event names them. `lost` has the
    SHA-256 of checkpoints that the next event will name.
    """
    public_key = public_key or keys.signer().public
    with without_garbage_collection():
        try:
            return _verify(check_signatures, public_key, lost)
        except OperationalError:  # a text that is not UTF-8, which only tampering can leave in SQLite
            with any_text():
                return _verify(check_signatures, public_key, lost)


def _verify(check_signatures: bool, public_key: str, lost: frozenset[str]) -> Report:
    report = Report()
    files = heads.read_files(report, public_key)
    restores = restored.Restores(restored.read_files(), lost)
    with one_state():
        _verify_state(report, check_signatures, public_key, files, restores)
    report.problems.sort()
    return report


def _verify_state(
    report: Report,
    check_signatures: bool,
    public_key: str,
    files: dict[int, heads.File],
    restores: restored.Restores,
) -> None:
    stored = heads.read_stored(report)
    walked, expected, replay, settings = chain.Chain(), evidence.Expected(), Replay(report), Settings(report)
    sizes = set(stored) | set(files)
    for event in chain.walk(walked, report, check_signatures=check_signatures, sizes=sizes):
        try:
            expected.learn(event)
            replay.play(event)
            settings.learn(event)
            restores.learn(event)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            message = f"Event {event.position} ({event.action}) does not say what such an event says: {error!r}."
            report.add(event.position, "event", message)
    report.ledger_id = walked.ledger_id
    heads.check_head(walked, report)
    chain.check_trusted_key(walked, public_key, report)
    files = restores.set_aside(files, stored, report)
    heads.check_checkpoints(walked, stored, files, report, check_signatures=check_signatures)
    damage = [
        problem.position
        for problem in report.problems
        if problem.kind in chain.DAMAGE or (problem.kind == "head" and problem.position != walked.size)
    ]
    report.told_until = min(damage, default=0)
    evidence.check(expected, report)
    replay.compare()
    settings.compare()
    pictures.check(report)
    retractions.check(report)
    for name in triggers.missing():
        report.add(report.events + 1, "trigger", f"The trigger {name} is missing: run “manage.py migrate”.")
    for name in triggers.changed():
        report.add(report.events + 1, "trigger", f"The trigger {name} is not the one that was installed.")


@contextmanager
def without_garbage_collection() -> Iterator[None]:
    """Disable the cyclic garbage collector: the many objects read have no cycles."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@contextmanager
def any_text() -> Iterator[None]:
    """Make SQLite return texts that are not UTF-8, which only tampering can leave, instead of raising an error."""
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()
    database, usual = connection.connection, connection.connection.text_factory
    database.text_factory = lambda data: data.decode("utf-8", "surrogateescape")
    try:
        yield
    finally:
        database.text_factory = usual
