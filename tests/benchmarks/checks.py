"""
Run the automatic checks over a library, and say how often each rule is right.

    python -m tests.benchmarks.checks [--library FOLDER] [--show RULE] [--sample SENTENCES] [--articles NUMBER]

The library is that of `tests/benchmarks/library.py`, in the folder that is named, or that LIBRARY names, or beside the
project. Each article is checked as a text for the public, in English.
Every finding in the text has an address, `article section start end`: the section's place, and offsets into its text.
`checks_labels.tsv` has a label for each finding that a person read: right or wrong, its rule and its address, and no
words of the library.
"""

import argparse
import datetime
import json
import os
import random
import re
import sys
import time
from collections import Counter, defaultdict
from html import escape
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

LABELS = Path(__file__).parent / "checks_labels.tsv"
AS_OF = datetime.date(2026, 11, 30)
SEED = 20261130
SAMPLE = 2000  # sentences
FEWEST = 30  # hits of a rule, or all that the library has
BLOCKER = 0.95  # the least precision of a rule that blocks
BAR = 40
_ITEMS = re.compile(r"\s{2,}-\s+")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.split("\n\n")[0].strip())
    asked.add_argument("--library", help="the folder of library.jsonl.gz")
    asked.add_argument("--show", help="print the findings of this rule with their addresses and labels")
    asked.add_argument("--sample", type=int, default=SAMPLE, help="sentences of the sample")
    asked.add_argument("--articles", type=int, help="stop after so many articles")
    given = asked.parse_args()
    if given.library:
        os.environ["LIBRARY"] = given.library
    django.setup()
    from tests.benchmarks import library

    if not library.LIBRARY.exists():
        sys.exit("There is no library: name its folder with --library.")
    texts = [*library.articles()][: given.articles]
    before = time.process_time()
    found, sentences = checked(texts)
    spent = time.process_time() - before
    if given.show:
        show(found[given.show])
    else:
        report(found, sentences, texts, spent, given.sample)


def content_of(text: dict) -> dict:
    """Return an article of the library as frozen content: its marks of lists become lists again."""
    from tests.articles.checks.content import content
    from tests.articles.frozen import section

    parts = [
        section(f"{number:08d}", heading=part["question"][:300], body=body_of(part["answer"]))
        for number, part in enumerate(text["sections"])
    ]
    return content(*parts, title=text["title"][:200])


def body_of(answer: str) -> str:
    from articles.text import richtext

    written = []
    for block in re.split(r"\n\s*\n", answer):
        first, *items = _ITEMS.split(f"  {block}" if block.startswith("- ") else block)
        if words := " ".join(first.split()):
            written.append(f"<p>{escape(words, quote=False)}</p>")
        if items:
            listed = "".join(
                f"<li>{escape(' '.join(item.split()), quote=False)}</li>" for item in items if item.strip()
            )
            written.append(f"<ul>{listed}</ul>")
    return richtext.clean("".join(written))


def checked(texts: list[dict]) -> tuple[dict[str, list[tuple[str, object]]], int]:
    """Return the findings of each rule, each with its address, and the number of sentences."""
    from articles.checks import run
    from articles.checks.document import Document

    found: dict[str, list[tuple[str, object]]] = defaultdict(list)
    sentences = 0
    for number, text in enumerate(texts, start=1):
        content = content_of(text)
        for one in run(content, AS_OF):
            place = one.place
            section = int(place.section) if place.section else -1
            found[one.rule].append((f"{text['id']} {section} {place.start} {place.end}", one))
        sentences += sum(len(body.sentences) for body in Document(content).bodies)
        progress(number, len(texts))
    return found, sentences


def progress(number: int, of: int) -> None:
    if sys.stderr.isatty() or number == of:
        done = BAR * number // of
        end = "\n" if number == of else "\r"
        print(f"[{'#' * done}{'.' * (BAR - done)}] {number:,} of {of:,} articles", end=end, file=sys.stderr, flush=True)


def labels() -> dict[tuple[str, str], bool]:
    """Return whether the finding of (rule, address) is right, for those that a person read."""
    rows = (line.split("\t") for line in LABELS.read_text().splitlines() if line and not line.startswith("#"))
    return {(rule, address): label == "right" for label, rule, address in rows}


def sampled(texts: list[dict], size: int) -> set[tuple[str, int, int]]:
    """Return a sample of sentences: article, section and start."""
    from articles.checks.document import Document

    everything = [
        (text["id"], number, sentence.start)
        for text in texts
        for number, body in enumerate(Document(content_of(text)).bodies)
        for sentence in body.sentences
    ]
    return set(random.Random(SEED).sample(everything, min(size, len(everything))))


def report(found: dict, sentences: int, texts: list[dict], spent: float, size: int) -> None:
    from articles.checks.families import RULES
    from articles.checks.finding import Severity
    from articles.checks.overriding import MAY_BE_OVERRIDDEN

    read = labels()
    print(f"{len(texts):,} articles, {sentences:,} sentences, {spent:.0f} s of CPU with the making of the texts")
    print("| rule | severity | findings | articles | read | right | precision |\n|---|---|---|---|---|---|---|")
    below = []
    for rule in RULES:
        hits = found.get(rule.number, [])
        said = [read[rule.number, address] for address, _one in hits if (rule.number, address) in read]
        precision = sum(said) / len(said) if said else None
        shown = f"{precision:.2f}" if precision is not None else ""
        severity = f"{rule.severity}, by its looks" if rule.number in MAY_BE_OVERRIDDEN else rule.severity
        severity = f"{severity}, a fact" if severity == Severity.BLOCK else severity
        where = len({address.split()[0] for address, _one in hits})
        print(f"| {rule.number} | {severity} | {len(hits)} | {where} | {len(said)} | {sum(said)} | {shown} |")
        if rule.severity == Severity.BLOCK and precision is not None and precision < BLOCKER:
            below.append(rule.number)
    sample = sampled(texts, size)
    inside = Counter(number for number, hits in found.items() for hit in hits if _is_inside(hit, sample))
    print(f"\nIn a sample of {len(sample):,} sentences: " + ", ".join(f"{n} {c}" for n, c in sorted(inside.items())))
    if below:
        sys.exit(f"These rules block and are right less often than {BLOCKER}: {', '.join(below)}.")


def _is_inside(hit: tuple[str, object], sample: set[tuple[str, int, int]]) -> bool:
    address, one = hit
    article, section, start, _end = address.split()
    begins = int(start) - max(one.sentence.find(one.excerpt), 0)
    return bool(one.excerpt) and (article, int(section), begins) in sample


def show(hits: list) -> None:
    read = labels()
    for address, one in hits:
        label = {True: "right", False: "wrong", None: ""}[read.get((one.rule, address))]
        print(json.dumps([label, one.rule, address, one.excerpt, one.sentence[:300]], ensure_ascii=False))


if __name__ == "__main__":
    main()
