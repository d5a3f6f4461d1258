"""`make answers` on a library of a few texts, made for the test: it fills a site, asks it, and counts what is right."""

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.benchmarks.answers import summary

pytestmark = pytest.mark.once

ROOT = Path(__file__).parents[2]
SUBJECTS = ("Gout", "Hives", "Croup", "Mumps")
TEXTS = [
    {
        "id": f"Made_{number}",
        "title": subject,
        "synonyms": [f"{subject} illness"],
        "sections": [
            {"question": f"What is {subject} ?", "answer": f"{subject} is an illness.\n\n  - It lasts < 2 weeks."},
            {"question": f"What are the treatments for {subject} ?", "answer": f"Rest helps with {subject.lower()}."},
        ],
    }
    for number, subject in enumerate(SUBJECTS)
]
QUESTION = {
    "id": "Q1",
    "short": "How is croup treated?",
    "asked": "Hello my son has croupp what can the docter do",
    "judged": [
        {"article": "Made_2", "question": "What are the treatments for Croup ?", "grade": 4},
        {"article": "Made_2", "question": "What is Croup ?", "grade": 2},
    ],
}


def test_the_command_prints_how_often_the_answers_are_right(tmp_path):
    with gzip.open(tmp_path / "library.jsonl.gz", "wt") as file:
        file.writelines(f"{json.dumps(text)}\n" for text in TEXTS)
    (tmp_path / "questions-dev.jsonl").write_text(json.dumps(QUESTION))

    printed = run(LIBRARY=str(tmp_path)).stdout

    assert "4 articles in" in printed
    assert "search   short  success@1 1.00  @3 1.00  reciprocal rank 1.00  (1 questions" in printed
    assert "search   asked  success@1" in printed
    assert "answers  short  success@1 1.00" in printed
    assert "nothing answers this: told of 40 of 40 on other subjects, 0 of 2 above" in printed


def test_without_a_library_it_says_so(tmp_path):
    done = run(LIBRARY=str(tmp_path))

    assert done.returncode == 1
    assert "set LIBRARY to a folder with a library" in done.stderr


def run(**environment: str) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-m", "tests.benchmarks.answers"]
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME")}
    return subprocess.run(words, cwd=ROOT, env={**kept, **environment}, capture_output=True, text=True)


@pytest.mark.parametrize(
    ("place", "figures"),
    [
        (1, "success@1 1.00  @3 1.00  reciprocal rank 1.00"),
        (3, "success@1 0.00  @3 1.00  reciprocal rank 0.33"),
        (4, "success@1 0.00  @3 0.00  reciprocal rank 0.25"),
        (11, "success@1 0.00  @3 0.00  reciprocal rank 0.00"),
    ],
)
def test_the_place_of_the_first_right_answer_counts(place, figures):
    others = [("made-0", f"Other {number}") for number in range(place - 1)]

    assert figures in summary(
        [QUESTION], "short", lambda asked: [*others, ("made-2", QUESTION["judged"][0]["question"])]
    )


def test_an_answer_graded_below_three_is_not_right():
    assert "success@1 0.00" in summary([QUESTION], "short", lambda asked: [("made-2", "What is Croup ?")])
