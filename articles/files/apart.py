"""
Read a file within limits of time and memory.

A small file is read at once. A larger one is read in a separate process, which the system ends if it needs too much
time or memory. So no file can block the site, and no transaction is open during the reading.
"""

import dataclasses
import json
import os
import resource
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError

from articles.files.html.source import is_html
from articles.files.imported import BadFile, ImportedArticle, ImportedFigure, ImportedReference, ImportedSection
from articles.files.markdown import parsing as markdown
from articles.text.plain.translated import gettext as _
from articles.text.plain.translated import language, speak

SMALL = 16 * 1024
MOST_BYTES = 10 * 1024 * 1024  # of a Word file; a Markdown file may have less
MOST_SECONDS = 5
LONGEST_WAIT = 20  # seconds, on a busy machine
MOST_MEMORY = 256 * 1024 * 1024
TOO_MUCH_MEMORY = 3
ARCHIVE, OLD_WORD = b"PK", b"\xd0\xcf\x11\xe0"  # how a .docx file begins, and a .doc file
ROOT = Path(__file__).resolve().parents[2]


class TooHeavy(BadFile):
    """Raised for a file that needs too much time or memory."""

    def __init__(self, sentence: str) -> None:
        super().__init__(1, "")
        self.sentences = [sentence]
        self.args = (sentence,)


def read(data: bytes, *, audiences: frozenset[str], name: str = "") -> ImportedArticle:
    """
    Return the article of a file: Word, HTML or Markdown, whatever its `name` is. One without a title is called by it.

    Raise BadFile as their `parse` do, and TooHeavy if it needs too much time or memory.
    """
    if data.startswith(OLD_WORD):
        raise BadFile(0, _("This is a file of an old Word, or one with a password. Save it as .docx."))
    if len(data) <= SMALL and not data.startswith(ARCHIVE):
        return parse(data, audiences=audiences, name=_printable(name))
    try:
        done = subprocess.run(  # noqa: S603  (our own program; no shell reads its arguments)
            [sys.executable, "-m", "articles.files.apart", language(), _printable(name), *sorted(audiences)],
            input=data,
            capture_output=True,
            timeout=LONGEST_WAIT,
            cwd=ROOT,
            env={"PYTHONPATH": str(ROOT)},
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise TooHeavy(
            _(
                "Reading this file takes more than {seconds} seconds. Divide it into several articles, or simplify it."
            ).format(seconds=MOST_SECONDS)
        ) from None
    if done.returncode == TOO_MUCH_MEMORY or (done.returncode and b"MemoryError" in done.stderr):
        raise TooHeavy(
            _("Reading this file takes more than 256 MB of memory. Divide it into several articles, or simplify it.")
        )
    if done.returncode < 0:  # ended by the system
        raise TooHeavy(
            _(
                "Reading this file takes more than {seconds} seconds or 256 MB of memory. Divide it into "
                "several articles, or simplify it."
            ).format(seconds=MOST_SECONDS)
        )
    if done.returncode:
        raise RuntimeError(done.stderr.decode(errors="replace")[-2000:])
    return _answered(json.loads(done.stdout))


def parse(data: bytes, *, audiences: frozenset[str], name: str = "") -> ImportedArticle:
    """Return the article of a file. What reads Word and HTML files is loaded for these alone."""
    kind = "word" if data.startswith(ARCHIVE) else "html" if is_html(data) else ""
    try:
        if not kind:
            return markdown.parse(data, audiences=audiences)
        article: ImportedArticle = import_module(f"articles.files.{kind}.parsing").parse(
            data, audiences=audiences, name=name
        )
    except ValidationError as error:  # a character that no text may have, in a part without lines
        raise BadFile(0, " ".join(error.messages)) from None
    return article


def _printable(name: str) -> str:
    """Return the name of a file without its ending, as a title: on one line, and not too long."""
    stem = name.rpartition("/")[2].rpartition(".")[0].replace("_", " ")
    return " ".join("".join(sign for sign in stem if sign.isprintable()).split())[:150]


def _answered(answer: dict[str, Any]) -> ImportedArticle:
    if faults := answer.get("faults"):
        raise BadFile(*faults[0], *map(tuple, faults[1:]))
    figures = answer["figures"]
    return ImportedArticle(
        **answer
        | {
            "sections": [ImportedSection(**section) for section in answer["sections"]],
            "references": [ImportedReference(**reference) for reference in answer["references"]],
            "figures": figures if figures is None else [ImportedFigure(**figure) for figure in figures],
        }
    )


def main() -> int:
    """
    Read a file from standard input and write the parsed article, or its faults, as JSON to standard output.

    The first argument is the language of the sentences, the second the name of the file, the others are the audiences.
    """
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    speak(sys.argv[1])
    try:
        answer = dataclasses.asdict(parse(sys.stdin.buffer.read(), audiences=frozenset(sys.argv[3:]), name=sys.argv[2]))
    except BadFile as error:
        answer = {"faults": error.faults}
    except (MemoryError, RecursionError):
        os._exit(TOO_MUCH_MEMORY)  # at once: Python's normal exit needs memory too
    sys.stdout.write(json.dumps(answer))
    return 0


if __name__ == "__main__":
    sys.exit(main())
