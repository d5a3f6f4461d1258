"""Two texts that a browser paints alike are one text to us, or one of them is refused."""

import html
import unicodedata

import pytest
from django.core.exceptions import ValidationError

from articles.text import richtext

pytestmark = pytest.mark.browser

WORDS = ["take 10 20 mg", "10–20", "ratio 1:2", "do not stop", "aspirin", "5 μg", "0.5 mg", "CO", "cop", "fit"]
SILENT = [0xAD, 0x34F, 0x61C, 0x115F, 0x180B, 0x180E, *range(0x200B, 0x2010), *range(0x202A, 0x202F),
          *range(0x2060, 0x2065), *range(0x2066, 0x2070), 0x3164, 0xFE00, 0xFE0F, 0xFEFF, 0xFFA0, 0xFFF9, 0x1BCA0,
          0x1D173, 0xE0001, 0xE0041, 0xE0100]  # fmt: skip
STRUCK = [0x334, 0x335, 0x336, 0x337, 0x338, 0x20D2, 0x20DD, 0x20E3, 0x332, 0x301]
TWINS = {
    "μ": "µ", "a": "а", "c": "с", "o": "оο", "p": "р", "s": "ѕ", "i": "і", "C": "СϹ", "O": "ОΟ", "fi": "ﬁ", "-": "‐",
    ":": "∶꞉", ".": "․", "t": "τ", "n": "ո", "5": "５", "1": "𝟏l", "–": "−‒", "0": "O",
}  # fmt: skip


def changed(text: str):
    """Yield texts that differ from this one in one character: one that is not painted, a mark, or a twin."""
    middle = len(text) // 2
    for place in (1, middle, len(text)):
        for number in SILENT:
            yield text[:place] + chr(number) + text[place:]
    for number in STRUCK:
        yield text[:middle] + chr(number) + text[middle:]
    for sign, twins in TWINS.items():
        if sign in text:
            yield from (text.replace(sign, twin, 1) for twin in twins)
    yield unicodedata.normalize("NFD", text)


def stored(text: str) -> str | None:
    try:
        return richtext.storable(f"<p>{html.escape(text)}</p>")
    except ValidationError:
        return None


def painted(chromium, texts: list[str]) -> list[bytes]:
    """Return what Chromium paints of each text."""
    page = chromium.new_page(viewport={"width": 300, "height": 60 * len(texts)})
    rows = "".join(f'<p style="height:60px;margin:0;font:20px serif">{html.escape(text)}</p>' for text in texts)
    page.set_content(f"<!doctype html><meta charset=utf-8><body style='margin:0'>{rows}")
    page.wait_for_timeout(50)
    pictures = [
        page.screenshot(clip={"x": 0, "y": 60 * place, "width": 300, "height": 60}) for place in range(len(texts))
    ]
    page.close()
    return pictures


def test_what_chromium_paints_alike_has_one_form_or_is_refused(chromium):
    compared = 0
    for text in WORDS:
        others = [other for other in dict.fromkeys(changed(text)) if stored(other) not in (None, stored(text))]
        first, *pictures = painted(chromium, [text, *others])
        alike = [other for other, picture in zip(others, pictures, strict=True) if picture == first]
        compared += len(set(changed(text)))

        assert [ascii(other) for other in alike] == []
    assert compared > 1000


def test_the_comparison_sees_what_is_painted_alike(chromium):
    first, silent, other = painted(chromium, ["10 mg", "10\u2060 mg", "70 mg"])

    assert first == silent
    assert first != other
