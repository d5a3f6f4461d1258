"""
Read an uploaded picture in a process of its own, which the system ends if it needs too much time or memory.

A picture's decoder works on bytes that somebody else chose: so it has none of the site's memory, keys or connections.
"""

import base64
import json
import os
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

from articles.files.pictures.making import Made, MadeFile, make
from articles.files.pictures.refused import Refused
from articles.text.plain.translated import gettext as _
from articles.text.plain.translated import language, speak

MOST_SECONDS = 20
LONGEST_WAIT = 40  # seconds, on a busy machine
MOST_MEMORY = 1024 * 1024 * 1024
TOO_MUCH_MEMORY = 3
ROOT = Path(__file__).resolve().parents[3]


def read(data: bytes) -> Made:
    """Return the picture of a file, made apart. Raise Refused as `make` does, or if it is too much work."""
    try:
        done = subprocess.run(  # noqa: S603  (our own program, with nothing from the file in its arguments)
            [sys.executable, "-m", "articles.files.pictures.apart", language()],
            input=data,
            capture_output=True,
            timeout=LONGEST_WAIT,
            cwd=ROOT,
            env={"PYTHONPATH": str(ROOT)},
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Refused(_too_much()) from None
    if done.returncode == TOO_MUCH_MEMORY or done.returncode < 0 or b"MemoryError" in done.stderr:
        raise Refused(_too_much())
    if done.returncode:
        raise RuntimeError(done.stderr.decode(errors="replace")[-2000:])
    return _answered(json.loads(done.stdout))


def _too_much() -> str:
    return _("Reading this picture takes too much time or memory. Save it smaller, as PNG or JPEG.")


def _answered(answer: dict[str, Any]) -> Made:
    if fault := answer.get("fault"):
        raise Refused(fault)
    files = [MadeFile(width, height, base64.b64decode(data)) for width, height, data in answer["files"]]
    return Made(answer["media_type"], files, answer["said"])


def main() -> int:
    """Read a file from standard input and write the picture, or why there is none, as JSON to standard output."""
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    speak(sys.argv[1])
    try:
        made = make(sys.stdin.buffer.read())
        files = [(file.width, file.height, base64.b64encode(file.data).decode()) for file in made.files]
        answer: dict[str, Any] = {"media_type": made.media_type, "files": files, "said": made.said}
    except Refused as error:
        answer = {"fault": str(error)}
    except (MemoryError, RecursionError):
        os._exit(TOO_MUCH_MEMORY)  # at once: Python's normal exit needs memory too
    sys.stdout.write(json.dumps(answer))
    return 0


if __name__ == "__main__":
    sys.exit(main())
