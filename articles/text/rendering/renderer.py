"""The renderer's name: another one for each line of code, each list and each library that may give other bytes."""

import hashlib
import platform
import unicodedata
from importlib.metadata import version
from pathlib import Path

from lxml import etree

from articles.text.canonical import sha256

CODE = Path(__file__).resolve().parents[2]  # all of `articles`: nobody has to say which lines decide what readers see
LIBRARIES = ("Django", "lxml", "nh3", "regex")


def name_of(code: Path = CODE) -> str:
    """
    Return the name of the renderer that this code makes, with the libraries that are installed.

    It is part of the name of whatever is kept of a page, so that nothing that another renderer made is ever shown.
    """
    sources = [
        (path.relative_to(code).as_posix(), hashlib.sha256(path.read_bytes()).hexdigest())
        for path in sorted(code.rglob("*"))
        if path.is_file() and not {"migrations", "__pycache__"} & set(path.parts)
    ]
    return sha256(repr((sources, libraries())))[:16]


def libraries() -> list[tuple[str, str]]:
    """Return name and version of each library that decides what a page looks like, those within them too."""
    return [
        *((name, version(name)) for name in LIBRARIES),
        ("libxml2", ".".join(map(str, etree.LIBXML_VERSION))),
        ("Python", platform.python_version()),
        ("Unicode", unicodedata.unidata_version),
    ]
