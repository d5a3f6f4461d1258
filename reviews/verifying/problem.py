from dataclasses import dataclass, field


@dataclass(frozen=True, order=True)
class Problem:
    """Something that is not as the ledger says: at which position, of what kind, and in words."""

    position: int
    kind: str
    message: str


@dataclass(frozen=True)
class Restore:
    """
    A restore of an older backup that the ledger tells of: by which event, and what was lost with it.

    `ended_at` is where the database ended, `lost_until` the last position that a lost checkpoint shows.
    """

    position: int
    ended_at: int
    lost_until: int
    checkpoints: int

    def __str__(self):
        return (
            f"A backup that ended at event {self.ended_at} was restored; the former events {self.ended_at + 1} to "
            f"{self.lost_until} were lost, as event {self.position} says of {self.checkpoints} checkpoints."
        )


@dataclass
class Report:
    """
    What a verification found, and what it looked at: a count of nothing is no proof.

    `told_until` is the first event that is damaged or missing, while rows and states are compared: what it said of them
    is lost, so that nothing about them is known at an earlier position. `settings_from` is the event that first
    recorded the settings; 0 in a ledger of a release that did not, to which nothing has been added since.
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

    def add(self, position: int, kind: str, message: str):
        position = max(position, self.told_until)
        printable = message.encode("utf-8", "backslashreplace").decode()  # a damaged text may hold anything
        self.problems.append(Problem(position, kind, printable))
