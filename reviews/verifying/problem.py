from dataclasses import dataclass, field


@dataclass(frozen=True, order=True)
class Problem:
    """A difference from the ledger: the position in the ledger, the kind, and a sentence."""

    position: int
    kind: str
    message: str


@dataclass(frozen=True)
class Restore:
    """
    A restore of an older backup, recorded by the event at `position`.

    `ended_at` is the last event of the backup, `lost_until` the size of the largest lost checkpoint, `checkpoints` the
    number of lost checkpoints.
    """

    position: int
    ended_at: int
    lost_until: int
    checkpoints: int

    def __str__(self) -> str:
        return (
            f"A backup that ended at event {self.ended_at} was restored; the former events {self.ended_at + 1} to "
            f"{self.lost_until} were lost, as event {self.position} says of {self.checkpoints} checkpoints."
        )


@dataclass
class Report:
    """
    The problems found by a verification, and the numbers of things checked: a count of 0 proves nothing.

    `told_until` is the first damaged or missing event, set before rows and states are compared. Its content is lost, so
    no difference is reported at an earlier position. `settings_from` is the event that recorded all settings;
    0 in a ledger started before release 0.3 and not continued since.
    """

    ledger_id: str = ""
    events: int = 0
    signatures: int = 0
    rows: int = 0
    history_rows: int = 0
    settings: int = 0
    settings_from: int = 0
    checkpoints: int = 0
    checkpoint_files: int = 0
    problems: list[Problem] = field(default_factory=list)
    restored: list[Restore] = field(default_factory=list)
    told_until: int = 0

    @property
    def is_whole(self) -> bool:
        return not self.problems

    @property
    def first(self) -> Problem | None:
        return min(self.problems, default=None)

    def add(self, position: int, kind: str, message: str) -> None:
        position = max(position, self.told_until)
        printable = message.encode("utf-8", "backslashreplace").decode()  # a damaged text may have lone surrogates
        self.problems.append(Problem(position, kind, printable))
