"""Long texts are compared in little time."""

import time

from articles.text.redline import redline
from articles.text.richtext import clean
from tests.articles.redline.texts import WORDS


def test_one_hundred_blocks_take_under_a_tenth_of_a_second():
    old = [f"<p>{' '.join(f'{word}{number % 17}' for word in WORDS)} and {number} mg.</p>" for number in range(100)]
    new = [block.replace("slowly", "quickly") if number % 10 == 0 else block for number, block in enumerate(old)]
    old, new = clean("".join(old)), clean("".join([*new[50:], *new[:50]]))

    took = []
    for _ in range(3):
        start = time.perf_counter()
        redline(old, new)
        took.append(time.perf_counter() - start)

    assert min(took) < 0.5  # measured 0.1; the rest is for slow machines


def test_a_text_of_thousands_of_blocks_is_compared_in_seconds():
    old = "\n".join(f"<p>number {number} of the same kind of text</p>" for number in range(1500))
    start = time.perf_counter()

    marked = redline(old, old.replace("number 700 of", "number 7000 of"))

    assert time.perf_counter() - start < 10
    assert "<del>700</del><ins>7000</ins>" in marked
