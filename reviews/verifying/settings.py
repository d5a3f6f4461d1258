"""Comparison of settings with their digests in events: rows changed, deleted, or added outside the site."""

from typing import NamedTuple

from reviews.evidence.ledger.guarded import GUARDED, Guarded, salted
from reviews.models.actions import Action
from reviews.verifying.chain import Event
from reviews.verifying.evidence import digests
from reviews.verifying.problem import Report


class Recorded(NamedTuple):
    """The last event about a row: the salted digest, the salt, and the event's position."""

    digest: str
    salt: str
    position: int


class Settings:
    """The last digest of every setting, according to the events."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.recorded: dict[str, Recorded] = {}

    def learn(self, event: Event) -> None:
        """Read one event; report a second one that records all settings, since it could hide a change."""
        if event.payload.get(Action.SETTINGS_RECORDED):
            if self.report.settings_from:
                message = f"Event {event.position} ({event.action}) was not possible then."
                self.report.add(event.position, "step", message)
            self.report.settings_from = self.report.settings_from or event.position
        for name, digest in event.private.get("settings", {}).items():
            self.recorded[name] = Recorded(digest, event.private["settings_salt"], event.position)
        for name in event.private.get("settings_gone", []):
            self.recorded.pop(name, None)

    def compare(self) -> None:
        """Compare every current row with the last event about it."""
        left = dict(self.recorded)
        for guarded in GUARDED.values():
            self._compare_table(guarded, left)
        for name, last in left.items():
            self.report.add(last.position, "setting", f"{_called(name)}, of event {last.position}, is missing.")

    def _compare_table(self, guarded: Guarded, left: dict[str, Recorded]) -> None:
        table = guarded.model._meta.db_table
        counted = {f"{table}:{key}" for key in guarded.rows().values_list("pk", flat=True)}
        for keys, found in digests(guarded.model, guarded.layout):
            self.report.settings += len(keys)
            for key, digest in zip(keys, found, strict=True):
                name = f"{table}:{key}"
                last = left.pop(name, None)
                if last and salted(last.salt, digest) != last.digest:
                    message = f"{_called(name)} is not as event {last.position} left it."
                    self.report.add(last.position, "setting", message)
                elif last is None and self.report.settings_from and name in counted:
                    message = f"{_called(name)} was written past the site: no event tells of it."
                    self.report.add(self.report.events + 1, "setting", message)


CALLED = {guarded.model._meta.db_table: guarded.called for guarded in GUARDED.values()}


def _called(name: str) -> str:
    table, _, key = name.partition(":")
    return f"The {CALLED.get(table, 'row')} {key} ({name})"
