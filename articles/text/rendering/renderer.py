"""The renderer's name. It changes with all code and libraries that can change the bytes of a page."""

import hashlib
import platform
import unicodedata
from importlib.metadata import version
from pathlib import Path

from lxml import etree

from articles.text.canonical import sha256

CODE = Path(__file__).resolve().parents[2]  # all of `articles`, so that no list of relevant files is needed
LIBRARIES = ("Django", "lxml", "nh3", "orjson", "rapidfuzz", "regex")


def name_of(code: Path = CODE) -> str:
    """
    Return the name of the renderer: a digest over this code and the installed libraries.

    It is part of every cache key, so a page made by another renderer is never shown.
    """
    sources = [
        (path.relative_to(code).as_posix(), hashlib.sha256(path.read_bytes()).hexdigest())
        for path in sorted(code.rglob("*"))
        if path.is_file() and not {"migrations", "__pycache__"} & set(path.parts)
    ]
    return sha256(repr((sources, libraries())))[:16]


def libraries() -> list[tuple[str, str]]:
    """Return name and version of each library that can change a page, including bundled ones."""
    return [
        *((name, version(name)) for name in LIBRARIES),
        ("libxml2", ".".join(map(str, etree.LIBXML_VERSION))),
        ("Python", platform.python_version()),
        ("Unicode", unicodedata.unidata_version),
    ]
