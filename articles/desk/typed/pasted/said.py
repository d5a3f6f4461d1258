"""The sentences about a paste: each once, with the words that it is about."""

from lxml import etree, html

from articles.text.plain.plaintext import quoted

MARKS = {"sup": "^", "sub": "_"}


def words_of(element: html.HtmlElement) -> str:
    """Return the words of an element, with ^ before what is raised and _ before what is lowered: 10^9 is not 109."""
    parts = []
    for event, node in etree.iterwalk(element, events=("start", "end")):
        if event == "start":
            parts += [MARKS.get(node.tag, ""), node.text or ""]
        elif node is not element:
            parts.append(node.tail or "")
    return "".join(parts)


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
