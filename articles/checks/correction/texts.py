"""Compare two texts of a paragraph, title or heading: find each difference, and judge whether it is harmless."""

from collections.abc import Callable, Iterator
from difflib import SequenceMatcher
from typing import NamedTuple

import regex
from django.utils.translation import gettext as _

from articles.checks.correction.words import is_capital_only, is_negation, is_numeral, why_not_a_misspelling
from articles.text.plain.characters import normalised

MARK, CITE = "\ue000", "\ue001"  # the edge of emphasis or a link; a citation
_TOKEN = regex.compile(r"\p{L}[\p{L}\p{M}]*(?:['’][\p{L}\p{M}]+)*|\p{N}+|\s+|.", regex.DOTALL | regex.V1)
_WORD = regex.compile(r"\p{L}[\p{L}\p{M}'’]*", regex.V1)
_NUMBER = regex.compile(r"[\p{N}\p{Sm}%‰°/\u2212]|.*\p{Greek}", regex.V1)
_QUOTES = dict.fromkeys('“”„‟"«»‹›', '"') | dict.fromkeys("‘’‚‛'", "'")
_DASHES = frozenset("-–—")
_PAUSES = frozenset({",", *_QUOTES, *_DASHES})
_ENDS = frozenset(".!?;:\n")
_NEAR = 3  # words
_CONDITIONS = frozenset(
    """if when whenever unless or who whom whose which that where wherever until till before after while since because
    although though but as""".split()  # noqa: SIM905 (read as prose)
)


class Place(NamedTuple):
    """A difference between two texts: the tokens between `start` and `end` of each."""

    old: list[str]
    new: list[str]
    start: int
    end: int
    new_start: int
    new_end: int

    @property
    def pair(self) -> tuple[str, str]:
        return "".join(self.old[self.start : self.end]), "".join(self.new[self.new_start : self.new_end])

    def sides(self) -> Iterator[tuple[list[str], int, int]]:
        yield self.old, self.start, self.end
        yield self.new, self.new_start, self.new_end


def places(old: str, new: str) -> Iterator[Place]:
    """Yield each difference. The texts are normalised first, so µ and μ are equal."""
    one, other = (_TOKEN.findall(normalised(text)) for text in (old, new))
    for sign, *bounds in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if sign != "equal":
            yield Place(one, other, *bounds)


def moved_comma(found: list[Place]) -> str:
    """Return why a comma removed in one place and added in another is no correction; empty if there is none."""
    went = any("," in place.old[place.start : place.end] for place in found)
    came = any("," in place.new[place.new_start : place.new_end] for place in found)
    apart = len([place for place in found if _sets_a_comma(place)]) > 1
    return _("A comma is in another place") if went and came and apart else ""


def judge(place: Place, is_english: bool, used_elsewhere: Callable[[str], bool]) -> tuple[str, str]:
    """Return (proof, "") for a harmless change, or ("", reason) if it is more than a correction."""
    old, new = place.old[place.start : place.end], place.new[place.new_start : place.new_end]
    one, other = (f"“{text}”" if text else _("nothing") for text in map(_readable, place.pair))
    shown = _("{one} became {other}").format(one=one, other=other)
    if any(_is_number(token) for token in old + new):
        return "", _("A number or sign is different: {shown}").format(shown=shown)
    if any(map(is_negation, old + new)):
        return "", _("A negation is different: {shown}").format(shown=shown)
    if any(MARK in token or CITE in token for token in old + new):
        return "", _("Emphasis, links or citations are different: {shown}").format(shown=shown)
    if len(old) == len(new) == 1 and _WORD.fullmatch(old[0]) and _WORD.fullmatch(new[0]):
        return _word(place, old[0], new[0], is_english, used_elsewhere)
    if _is_doubled(place, old, new):
        return _guarded(place, _("the doubled word “{word}” was taken out").format(word="".join(old).strip()))
    if all(_is_pause(token) for token in old + new) and _without_pauses(old) == _without_pauses(new):
        return _guarded(place, _pause_said(old, new))
    more = _(
        "A correction may change only misspelt words, doubled words, commas, quotation marks, apostrophes, dashes, "
        "spaces and capital letters. More is different here: {shown}"
    )
    return "", more.format(shown=shown)


def _word(
    place: Place, one: str, other: str, is_english: bool, used_elsewhere: Callable[[str], bool]
) -> tuple[str, str]:
    if one.replace("’", "'") == other.replace("’", "'"):
        return _("the apostrophe of “{other}” is different").format(other=other), ""
    if is_numeral(one) or is_numeral(other) or _beside_number(place):
        return "", _("A number, or a word beside one, is different: “{one}” became “{other}”").format(
            one=one, other=other
        )
    if _beside_mark(place):
        touched = _(
            "A word that touches a citation, or the start or end of a link or of emphasised text, is different: "
            "“{one}” became “{other}”"
        )
        return "", touched.format(one=one, other=other)
    if is_capital_only(one, other):
        return _guarded(place, _("“{one}” became “{other}”: a capital letter").format(one=one, other=other))
    if not is_english:
        return "", _("“{one}” became “{other}”: spelling can be checked only in English").format(one=one, other=other)
    if _negated(place, _NEAR):
        return "", _("A word near a negation is different: “{one}” became “{other}”").format(one=one, other=other)
    if why := why_not_a_misspelling(one, other, _begins(place), used_elsewhere):
        return "", why
    unknown = _(
        "“{one}” became “{other}”. “{one}” is not in any dictionary or list of medicines, and no other published "
        "article uses it. It occurs only once in this text"
    )
    return unknown.format(one=one, other=other), ""


def _guarded(place: Place, proved: str) -> tuple[str, str]:
    """Return the proof, unless a number, a negation or a condition is too near."""
    if any(_is_number(token) or is_numeral(token) for side in place.sides() for token in _around(*side, _NEAR)):
        return "", _("{proved}. A correction may not do this near a number").format(proved=proved)
    if _negated(place, None):
        return "", _(
            "{proved}. A correction may not do this in a sentence with a negation such as “not” or “without”"
        ).format(proved=proved)
    if _sets_a_comma(place) and any(t.casefold() in _CONDITIONS for side in place.sides() for t in _around(*side, 1)):
        return "", _("{proved}. A correction may not do this beside a word such as “if”, “unless” or “which”").format(
            proved=proved
        )
    return proved, ""


def _sets_a_comma(place: Place) -> bool:
    return any("," in tokens[start:end] for tokens, start, end in place.sides())


def _is_number(token: str) -> bool:
    return bool(_NUMBER.match(token))


def _is_pause(token: str) -> bool:
    return token in _PAUSES or token.isspace()


def _without_pauses(tokens: list[str]) -> str:
    kept = "".join("-" if token in _DASHES else " " if token.isspace() else "" for token in tokens)
    return regex.sub(" +", " ", kept)


def _pause_said(old: list[str], new: list[str]) -> str:
    one, other = ("".join(token for token in side if not token.isspace()) for side in (old, new))
    if one == other:
        return _("a space is different")
    if one and other:
        return _("{one} became {other}").format(one=f"“{one}”", other=f"“{other}”")
    return _("“{other}” was put in").format(other=other) if other else _("“{one}” was taken out").format(one=one)


def _is_doubled(place: Place, old: list[str], new: list[str]) -> bool:
    """Tell whether one of two equal words in a row was taken out."""
    letters = [token for token in old if not token.isspace()]
    if new or len(old) != 2 or len(letters) != 1 or not _WORD.fullmatch(letters[0]) or is_numeral(letters[0]):
        return False
    if len(letters[0]) == 1 or letters[0].isupper():
        return False  # a letter may name a kind, as in hepatitis B
    before = place.old[max(0, place.start - 2) : place.start]
    after = place.old[place.end : place.end + 2]
    beside = {token.casefold() for token in [*before, *after]}
    return letters[0].casefold() in beside and all(t.isspace() or _WORD.fullmatch(t) for t in before[-1:] + after[:1])


def _beside_number(place: Place) -> bool:
    return any(_is_number(t) or is_numeral(t) for side in place.sides() for t in _around(*side, 1))


def _beside_mark(place: Place) -> bool:
    return any(
        tokens[at : at + 1] in ([MARK], [CITE])
        for tokens, start, end in place.sides()
        for at in (start - 1, end)
        if at >= 0
    )


def _around(tokens: list[str], start: int, end: int, most: int) -> Iterator[str]:
    """Yield the words and signs nearest to a place, at most `most` words on each side."""
    for side in (reversed(tokens[:start]), tokens[end:]):
        seen = 0
        for token in side:
            if token.isspace() or token in (MARK, CITE):
                continue
            yield token
            seen += bool(_WORD.match(token)) or _is_number(token)
            if seen >= most:
                break


def _negated(place: Place, most: int | None) -> bool:
    """Tell whether there is a negation within `most` words, or in the same sentence if None."""
    if most is not None:
        return any(is_negation(token) for side in place.sides() for token in _around(*side, most))
    return any(is_negation(token) for side in place.sides() for token in _sentence(*side))


def _sentence(tokens: list[str], start: int, end: int) -> list[str]:
    first = next((at + 1 for at in range(start - 1, -1, -1) if tokens[at] in _ENDS), 0)
    last = next((at for at in range(end, len(tokens)) if tokens[at] in _ENDS), len(tokens))
    return tokens[first:last]


def _begins(place: Place) -> bool:
    """Tell whether the old word begins a sentence."""
    before = [token for token in place.old[: place.start] if not token.isspace() and token not in (MARK, CITE)]
    return not before or before[-1] in _ENDS


def _readable(text: str) -> str:
    return text.replace(MARK, "").replace(CITE, "[…]")
