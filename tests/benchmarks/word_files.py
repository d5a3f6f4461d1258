"""
Import each Word file of a folder, and say what became of it: python -m tests.benchmarks.word_files FOLDER

An imported one is held against a third reading, which knows nothing of the other two: the letters and digits of the
file's text part, without deleted ones, are counted, and have to be those of the article. What a report says was left
out is named.
"""

import os
import re
import sys
import time
import zipfile
from collections import Counter
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

LEFT_OUT = re.compile(rb"<w:(del|moveFrom)\b.*?</w:\1>", re.DOTALL)
TEXT = re.compile(rb"<w:t(?: [^>]*)?>([^<]*)</w:t>")
TAG = re.compile(r"<[^>]*>")


def main(folder: Path) -> None:
    django.setup()
    counted: Counter[str] = Counter()
    for path in sorted(folder.rglob("*.docx")):
        before = time.perf_counter()
        outcome = outcome_of(path.read_bytes(), path)
        counted[outcome.split(":")[0]] += 1
        print(f"{path.name}: {outcome} ({time.perf_counter() - before:.2f} s)")
    print(", ".join(f"{name} {count}" for name, count in counted.most_common()))


def outcome_of(data: bytes, path: Path) -> str:
    from articles.files.imported import BadFile
    from articles.files.markdown.parsing import AUDIENCES
    from articles.files.word.parsing import parse

    try:
        article = parse(data, audiences=AUDIENCES, name=path.stem)
    except BadFile as refusal:
        return f"refused: {str(refusal).splitlines()[0]}"
    texts = [
        "" if article.title == path.stem else article.title,
        *(f"{section.heading} {section.body}" for section in article.sections),
    ]
    here = letters(TAG.sub("", re.sub(r"<cite[^>]*>[^<]*</cite>", "", " ".join(texts))))
    there = letters(shown(path))
    more = Counter(there) - Counter(here)
    if not more:
        return f"in: {article.kept[0]}"
    return f"in with less: {sum(more.values())} letters and digits; {' '.join(article.warnings)}"


def shown(path: Path) -> str:
    from html import unescape

    with zipfile.ZipFile(path) as archive:
        name = next(name for name in archive.namelist() if re.fullmatch(r"word/document\d*\.xml", name))
        return unescape(b"".join(TEXT.findall(LEFT_OUT.sub(b"", archive.read(name)))).decode())


def letters(text: str) -> str:
    from html import unescape

    return "".join(sign for sign in unescape(text) if sign.isalnum())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
