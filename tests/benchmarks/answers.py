"""
How good the answers are: `make answers` fills a site from a library and asks it the questions of real people.

LIBRARY names the folder with `library.jsonl.gz`, and with `questions-dev.jsonl` unless QUESTIONS names another file. A
question has two forms: `asked`, as somebody typed it, and `short`. An answer is right if experts graded it 3 or 4.
Answers that nobody judged count as wrong. At the end questions that nothing in the library answers are asked.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import django

FORMS = ("short", "asked")
LOOKED_AT = 10
ELSEWHERE = Path(__file__).with_name("elsewhere.txt")  # questions on subjects that a medical library does not hold
Place = tuple[str, str]  # an article's address and a heading


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.test.utils import setup_test_environment

    from reviews.evidence.ledger import keys
    from tests.benchmarks import library

    if not library.LIBRARY.exists():
        sys.exit(f"There is no {library.LIBRARY}: set LIBRARY to a folder with a library.")
    setup_test_environment()
    if not settings.LEDGER_KEY_FILE.exists():
        keys.make(settings.LEDGER_KEY_FILE)
    call_command("migrate", verbosity=0)
    _fill()
    asked = _questions(Path(os.environ.get("QUESTIONS", library.FOLDER / "questions-dev.jsonl")))
    for name, find in {"search": _found, "answers": _answered}.items():
        for form in FORMS:
            print(f"{name:8} {form:6} {summary(asked, form, find)}")
    print(_told_so([question[form] for question in asked for form in FORMS]))


def _fill() -> None:
    from articles.models import Article
    from tests.benchmarks import filling, library

    start = time.perf_counter()
    published = Article.objects.get(pk=filling.original()).published_version
    texts = [*library.articles()]
    library.fill(published, texts)
    print(f"{len(texts):,} articles in {time.perf_counter() - start:.0f} s")


def _questions(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def summary(questions: Iterable[dict[str, Any]], form: str, find: Callable[[str], list[Place]]) -> str:
    """Return how often the first answer, and one of the first three, was right, and the mean reciprocal rank."""
    ranks, seconds = [], []
    for question in questions:
        start = time.perf_counter()
        places = find(question[form])
        seconds.append(time.perf_counter() - start)
        ranks.append(_rank(places, right(question)))
    first = sum(rank == 1 for rank in ranks) / len(ranks)
    three = sum(0 < rank <= 3 for rank in ranks) / len(ranks)
    reciprocal = sum(1 / rank for rank in ranks if rank) / len(ranks)
    slow = sorted(seconds)[int(len(seconds) * 0.95)]
    return (
        f"success@1 {first:.2f}  @3 {three:.2f}  reciprocal rank {reciprocal:.2f}  "
        f"({len(ranks)} questions, 95 % within {1000 * slow:.0f} ms)"
    )


def right(question: dict[str, Any]) -> set[Place]:
    from tests.benchmarks import library

    return {
        (library.slug({"id": each["article"]}), each["question"]) for each in question["judged"] if each["grade"] >= 3
    }


def _rank(places: list[Place], wanted: set[Place]) -> int:
    """Return the place of the first right answer, from 1; 0 if there is none."""
    return next((number for number, place in enumerate(places[:LOOKED_AT], 1) if place in wanted), 0)


def _told_so(answerable: list[str]) -> str:
    """Return how many questions on other subjects are told that nothing answers them, and how many of these too."""
    others = ELSEWHERE.read_text(encoding="utf-8").splitlines()
    told = sum(not _is_answered(question) for question in others)
    refused = sum(not _is_answered(question) for question in answerable)
    return (
        f"nothing answers this: told of {told} of {len(others)} on other subjects, {refused} of {len(answerable)} above"
    )


def _found(question: str) -> list[Place]:
    from articles.models import Passage
    from articles.search.ranking.stored import found

    passages = [passage for passage, _ in found(question, most=LOOKED_AT).passages]
    places = Passage.objects.in_bulk(passages)
    slugs = dict(Passage.objects.filter(pk__in=passages).values_list("pk", "version__article__slug"))
    return [(slugs[passage], places[passage].heading) for passage in passages]


def _is_answered(question: str) -> bool:
    from articles.search.answers import best_passages

    return best_passages(question, first=None, audience="public", most=1).answered


def _answered(question: str) -> list[Place]:
    from articles.search.answers import best_passages

    answers = best_passages(question, first=None, audience="public", most=3)
    return [(passage.article.slug, passage.quote.heading) for passage in answers.passages]


if __name__ == "__main__":
    main()
