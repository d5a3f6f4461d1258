"""Settings against the digests that events hold of them: changed, taken away or planted past the site."""

from typing import NamedTuple

from reviews.evidence.ledger.guarded import GUARDED, Guarded, salted
from reviews.models.actions import Action
from reviews.verifying.chain import Event
from reviews.verifying.evidence import digests
from reviews.verifying.problem import Report


class Said(NamedTuple):
    """What the last event that tells of a row says of it: its salted digest, the salt, and the event's position."""

    digest: str
    salt: str
    position: int


class Settings:
    """What the events say of every row beside the signed texts."""

    def __init__(self, report: Report):
        self.report = report
        self.said: dict[str, Said] = {}

    def learn(self, event: Event):
        """Take in one event; that all settings are recorded happens once, or a change could be passed off as theirs."""
        if event.payload.get(Action.SETTINGS_RECORDED):
            if self.report.settings_from:
                message = f"Event {event.position} ({event.action}) was not possible then."
                self.report.add(event.position, "step", message)
            self.report.settings_from = self.report.settings_from or event.position
        for name, digest in event.private.get("settings", {}).items():
            self.said[name] = Said(digest, event.private["settings_salt"], event.position)
        for name in event.private.get("settings_gone", []):
            self.said.pop(name, None)

    def compare(self):
        """Compare every row as it is now with the last event that tells of it."""
        left = dict(self.said)
        for guarded in GUARDED.values():
            self._compare_table(guarded, left)
        for name, said in left.items():
            self.report.add(said.position, "setting", f"{_called(name)}, of event {said.position}, is missing.")

    def _compare_table(self, guarded: Guarded, left: dict[str, Said]):
        table = guarded.model._meta.db_table
        counted = {f"{table}:{key}" for key in guarded.rows().values_list("pk", flat=True)}
        for keys, found in digests(guarded.model, guarded.layout):
            self.report.settings += len(keys)
            for key, digest in zip(keys, found, strict=True):
                name = f"{table}:{key}"
                said = left.pop(name, None)
                if said and salted(said.salt, digest) != said.digest:
                    message = f"{_called(name)} is not as event {said.position} left it."
                    self.report.add(said.position, "setting", message)
                elif said is None and self.report.settings_from and name in counted:
                    message = f"{_called(name)} was written past the site: no event tells of it."
                    self.report.add(self.report.events + 1, "setting", message)


CALLED = {guarded.model._meta.db_table: guarded.called for guarded in GUARDED.values()}


def _called(name: str) -> str:
    table, _, key = name.partition(":")
    return f"The {CALLED.get(table, 'row')} {key} ({name})"
