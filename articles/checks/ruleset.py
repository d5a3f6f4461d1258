"""The version of the rules: another one as soon as a rule, or what it reads the text with, is another."""

import hashlib
from functools import cache
from pathlib import Path

FORMAT = "imprimatur/checks/1"
_HERE = Path(__file__).parent
_TEXT = _HERE.parent / "text"
READ = (_HERE, _TEXT / "plain", _TEXT / "richtext", _TEXT / "citations", _TEXT / "sentences.py")
_KINDS = {".py", ".txt", ".gz"}


@cache
def ruleset() -> str:
    """Return the version of the rules: the first 16 digits of the SHA-256 of all their files."""
    return version_of(READ)


def version_of(places: tuple[Path, ...]) -> str:
    """Return the version of the rules in these files and folders, wherever the folders stand."""
    files = [
        (path.relative_to(place.parent).as_posix(), path)
        for place in places
        for path in (sorted(place.rglob("*")) if place.is_dir() else [place])
        if path.suffix in _KINDS
    ]
    listed = "\n".join(f"{name} {hashlib.sha256(path.read_bytes()).hexdigest()}" for name, path in files)
    return hashlib.sha256(listed.encode()).hexdigest()[:16]
