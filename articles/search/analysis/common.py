"""Closed lists of words: each in a file of its own, with a first line that says what they are."""

from pathlib import Path

_LISTS = Path(__file__).parent / "lists"


def lines(name: str) -> list[list[str]]:
    """Return the words of each line of a list."""
    text = (_LISTS / f"{name}.txt").read_text(encoding="utf-8")
    return [line.split() for line in text.splitlines() if line and not line.startswith("#")]


def listed(name: str) -> frozenset[str]:
    return frozenset(word for line in lines(name) for word in line)


STOP = listed("common")
HOMOGRAPHS = listed("capitals")
CLASSES = listed("classes")
NUMBERED = listed("numbered") | CLASSES
PREFIXES = listed("prefixes")
STORY = listed("story")
