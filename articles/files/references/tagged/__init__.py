"""Records of lines that begin with a tag, as RIS and PubMed write them."""

from collections.abc import Iterator
from dataclasses import dataclass, field

MOST_LINES_IN_A_RECORD = 20_000


@dataclass
class Tagged:
    """A record as its lines: (number of the line, tag, text), in the order of the file."""

    line: int
    fields: list[tuple[int, str, list[str]]] = field(default_factory=list)
    ended: bool = True

    def add(self, number: int, tag: str, text: str) -> None:
        self.fields.append((number, tag, [text]))

    def go_on(self, text: str) -> None:
        """Add a further line to the last text."""
        if self.fields:
            self.fields[-1][2].append(text)

    def texts(self) -> Iterator[tuple[str, str]]:
        for _number, tag, lines in self.fields:
            yield tag, " ".join(filter(None, map(str.strip, lines)))
