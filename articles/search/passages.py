"""The words of published versions, taken from their frozen texts and remembered in this process."""

from collections.abc import Iterator
from dataclasses import dataclass
from threading import Lock

from articles import richtext
from articles.canonical import sha256
from articles.content import thaw
from articles.models import VersionText
from articles.search.words import fold

REMEMBERED = 5000  # versions, some ten kilobytes each


@dataclass(frozen=True)
class Passages:
    """What readers of any audience see of a version, a line per block, and the same as it is compared."""

    lines: tuple[str, ...]
    folded_title: str
    folded: str


Key = tuple[int, str]  # a version and its digest

_known: dict[Key, Passages] = {}
_one_at_a_time = Lock()


def passages_of(keys: list[Key]) -> dict[int, Passages]:
    """Return the words of each of these versions; one query for all whose words are not remembered."""
    found = {key: _known.get(key) for key in keys}
    if missing := [key for key, passages in found.items() if passages is None]:
        taken = _take(missing)
        found |= taken
        _remember(taken)
    return {version: passages for (version, _), passages in found.items()}


def forget():
    """Forget all words, as a new process has."""
    with _one_at_a_time:
        _known.clear()


def _take(keys: list[Key]) -> dict[Key, Passages]:
    texts = dict(VersionText.objects.filter(version__in=[version for version, _ in keys]).values_list("pk", "text"))
    return {key: _read(texts.get(key[0], ""), key[1]) for key in keys}


def _read(text: str, digest: str) -> Passages:
    """Return the words of a frozen text; none of one that is damaged or erased, which no page shows either."""
    if sha256(text) != digest:
        return Passages((), "", "")
    content = thaw(text)
    lines = tuple(dict.fromkeys(_lines(content)))
    return Passages(lines, fold(content["title"]), fold("\n".join([content["title"], *lines])))


def _lines(content: dict) -> Iterator[str]:
    """Yield what is shown to one audience or another, block by block; a section without text is shown to nobody."""
    shown_to = {known["key"] for known in content["audiences"]} - {content["written_for"]}
    for section in content["sections"]:
        own = [wording for audience, wording in section["wordings"].items() if audience in shown_to]
        for text in [section, *own]:
            if body := richtext.plain(text["body"]):
                yield from filter(None, [text["heading"] or section["heading"], *body.split("\n")])


def _remember(taken: dict[Key, Passages]):
    """Keep these words, and let go of the oldest where there are too many."""
    with _one_at_a_time:
        for key, passages in taken.items():
            _known[key] = passages
        while len(_known) > REMEMBERED:
            del _known[next(iter(_known))]
