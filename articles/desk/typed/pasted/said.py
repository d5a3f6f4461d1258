"""The sentences about a paste: each once, with the words that it is about."""

import re

from lxml import etree, html

from articles.text.plain.plaintext import quoted

MARKS = {"sup": "^", "sub": "_", "super": "^", "": "^", "-": "_"}
_SHIFTED = re.compile(
    r"vertical-align\s*:\s*(super|sub)\b|mso-text-raise\s*:\s*(-?)(?!0(?:\.0+)?pt)[\d.]+pt", re.IGNORECASE
)


def words_of(element: html.HtmlElement) -> str:
    """Return the words of an element, with ^ before what is raised and _ before what is lowered: 10^9 is not 109."""
    parts = []
    for event, node in etree.iterwalk(element, events=("start", "end")):
        if event == "start":
            parts += [_mark(node), node.text or ""]
        elif node is not element:
            parts.append(node.tail or "")
    return "".join(parts)


def _mark(node: html.HtmlElement) -> str:
    if node.tag in ("sup", "sub"):
        return MARKS[node.tag]
    shifted = _SHIFTED.search(node.get("style") or "")
    return MARKS[(shifted[1] or shifted[2]).lower()] if shifted else ""


class Said:
    """Sentences in the order in which they were first said. Those about several words name them together."""

    def __init__(self) -> None:
        self._about: dict[str, list[str]] = {}

    def add(self, sentence: str, words: str = "") -> None:
        """Say a sentence once. It may have the place {words}, in which all words are quoted."""
        about = self._about.setdefault(sentence, [])
        if words.strip():
            about.append(quoted(" ".join(words.split())))

    @property
    def sentences(self) -> list[str]:
        return [_with(sentence, words) for sentence, words in self._about.items()]


def _with(sentence: str, words: list[str]) -> str:
    if not words:
        return sentence.replace(" ({words})", "").replace(": {words}", "")
    return sentence.replace("{words}", ", ".join(dict.fromkeys(words)))
