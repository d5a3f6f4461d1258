"""
The red flags that a new site begins with. Administrators maintain them; a release may add phrases (ensure_red_flags).

`shipped.txt` has for each its name after #, its phrases, and after > the advice in its panel. `{emergency}` stands for
the site's emergency number. The advice says whom to ask for help, and names no condition that the reader may have.
"""

from pathlib import Path
from typing import NamedTuple

FILE = Path(__file__).with_name("shipped.txt")


class Shipped(NamedTuple):
    name: str
    phrases: str
    advice: str


def shipped() -> list[Shipped]:
    """Return the red flags of the file, in its order."""
    return [_read(part.strip().split("\n")) for part in FILE.read_text().split("# ")[1:]]


def _read(lines: list[str]) -> Shipped:
    phrases = [line for line in lines[1:] if line and not line.startswith("> ")]
    advice = [line.removeprefix("> ") for line in lines if line.startswith("> ")]
    return Shipped(lines[0], "\n".join(phrases), "\n".join(advice))
