"""Single words: tell whether a change of one word only corrects its spelling."""

import re
from collections.abc import Callable, Iterator

from django.utils.translation import gettext as _

from articles.checks.vocabulary import folded, is_a_word, is_known, medicines, words
from articles.text.plain.doses import COUNTED

NEGATIONS = frozenset(
    """no not never none nor neither nobody nothing nowhere rarely seldom cannot without except unless hardly barely
    unlikely avoid stop only until instead rather against contraindicated refuse forbidden dont doesnt didnt cant wont
    isnt ain't""".split()  # noqa: SIM905 (read as prose)
)
NUMERALS = COUNTED | frozenset(
    """thousand million billion half
    third quarter fifth sixth seventh eighth ninth tenth once twice thrice single double triple both dozen first
    second zero daily hourly weekly monthly
    gram grams gramme grammes kilogram kilograms milligram milligrams microgram micrograms nanogram nanograms
    litre litres liter liters millilitre millilitres milliliter milliliters mole moles millimole millimoles
    unit units minute minutes hour hours day days week weeks month months year years""".split()  # noqa: SIM905 (read as prose)
)
OPPOSITE_PREFIXES = (
    ("hyper", "hypo"), ("inter", "intra"), ("increas", "decreas"), ("ante", "anti"), ("pre", "pro"), ("in", "un"),
    ("ab", "ad"), ("micro", "macro"), ("with", "without"), ("more", "less"), ("before", "after"), ("in", "ex"),
    ("endo", "ecto"), ("supra", "infra"), ("af", "ef"),
)  # fmt: skip
NEGATING = (
    "un", "in", "im", "ir", "il", "non", "ab", "dis", "de", "mal", "mis", "a", "an", "under", "over",
)  # fmt: skip
NAMES_BY_CASE = frozenset({"may", "march", "august", "polish", "turkey", "china", "lent", "reading", "nice"})
ROMAN = re.compile("[IVXLCDM]+")
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def is_negation(word: str) -> bool:
    plain = word.casefold().replace("’", "'")
    return plain in NEGATIONS or plain.endswith("n't")


def is_numeral(word: str) -> bool:
    return word.casefold() in NUMERALS or bool(ROMAN.fullmatch(word))


def is_capital_only(one: str, other: str) -> bool:
    """Tell whether only the case of the first letter changed, in a known word that is not a name."""
    return (
        len(one) >= 3
        and one[0] != other[0]
        and one[1:] == other[1:]
        and one[1:].islower()
        and one[0].casefold() == other[0].casefold()
        and is_known(one)
        and one.casefold() not in NAMES_BY_CASE
        and folded(one) not in medicines() - words()
    )


def why_not_a_misspelling(one: str, other: str, begins: bool, used_elsewhere: Callable[[str], bool]) -> str:
    """
    Return why the change of a word does more than correct a misspelling; empty if it does not.

    The old word must be in no dictionary or list of medicines, and nowhere else in the articles. The new word must be
    known. At most two letters may differ, or one in words under six letters. The change must not reverse the meaning.
    No other known word, nor the opposite of the new one, may be as likely.
    """
    pair = _("{one} became {other}").format(one=f"“{one}”", other=f"“{other}”")
    if not (one.replace("’", "").replace("'", "").isalpha() and other.replace("’", "").replace("'", "").isalpha()):
        return _("{pair}: that is another word").format(pair=pair)
    if any(letter.isupper() for letter in one[1:] + other[1:]) or min(len(one), len(other)) < 4:
        return _("{pair}: in a short word or an abbreviation each letter counts").format(pair=pair)
    if one[0].isupper() != other[0].isupper() or (one[0].isupper() and not begins):
        return _("{pair}: a word with a capital may be a name").format(pair=pair)
    if is_a_word(one):
        return _("{pair}: “{one}” is itself a word, so this is not a misspelling").format(pair=pair, one=one)
    if not is_known(other):
        return _("{pair}: no dictionary or list of medicines has “{other}”").format(pair=pair, other=other)
    near = distance(folded(one), folded(other))
    if near > (2 if min(len(one), len(other)) > 5 else 1):
        return _("{pair}: more letters differ than in a misspelling").format(pair=pair)
    if _reverses_meaning(folded(one), folded(other)):
        return _("{pair}: the beginning of the word is different, which can change its meaning").format(pair=pair)
    if rival := _rival(folded(one), folded(other), near):
        return _("{pair}: the right word may also be “{rival}”").format(pair=pair, rival=rival)
    if used_elsewhere(one):
        return _(
            "{pair}: “{one}” also occurs elsewhere, in this text or in another article, so it may be meant"
        ).format(pair=pair, one=one)
    return ""


def _rival(one: str, other: str, near: int) -> str:
    """
    Return another known word that is at least as likely as the new one; empty if there is none.

    So each misspelt word has at most one correction. An opposite counts even if one more letter differs.
    """
    for opposite in _opposites(other):
        if distance(one, opposite) <= near + 1:
            return opposite
    slip = _weight(one, other)
    written = set(edits(one))
    if near > 1:
        written |= {further for once in written for further in edits(once)}
    for known in sorted(word for word in written if word in words() or word in medicines()):
        if known != other and _weight(one, known) <= slip:
            return known
    reach = 2 if other in medicines() - words() else 1
    for name in sorted(medicines() - words()):
        is_near = name != other and abs(len(name) - len(one)) <= reach and _may_be_near(one, name)
        if is_near and distance(one, name) <= reach:
            return name
    return ""


def _weight(one: str, other: str) -> int:
    """Return the weight of the misspelling: 2 for swapped letters or a wrong doubling, 3 for any other letter."""
    rows = [[3 * place for place in range(len(other) + 1)]]
    for i, left in enumerate(one, start=1):
        row = [3 * i]
        for j, right in enumerate(other, start=1):
            left_out = 2 if j > 1 and other[j - 2] == right else 3
            too_many = 2 if i > 1 and one[i - 2] == left else 3
            cost = min(rows[-1][j] + too_many, row[-1] + left_out, rows[-1][j - 1] + 3 * (left != right))
            if i > 1 and j > 1 and left == other[j - 2] and one[i - 2] == right:
                cost = min(cost, rows[-2][j - 2] + 2)
            row.append(cost)
        rows.append(row)
    return rows[-1][-1]


def _opposites(word: str) -> list[str]:
    """Return the known words that are this one with a negating prefix, or without it."""
    longer = [prefix + word for prefix in NEGATING]
    shorter = [word.removeprefix(prefix) for prefix in NEGATING if word.startswith(prefix)]
    return [opposite for opposite in longer + shorter if len(opposite) > 2 and is_known(opposite)]


def _may_be_near(one: str, other: str) -> bool:
    """Quickly exclude words that differ in more than two letters."""
    return len(set(one) ^ set(other)) <= 4


def edits(word: str) -> Iterator[str]:
    """Yield the words one edit away: a letter added, removed, replaced, or swapped with its neighbour."""
    for place in range(len(word) + 1):
        before, after = word[:place], word[place:]
        yield from (before + letter + after for letter in LETTERS)
        if after:
            yield before + after[1:]
            yield from (before + letter + after[1:] for letter in LETTERS)
        if len(after) > 1:
            yield before + after[1] + after[0] + after[2:]


def _reverses_meaning(one: str, other: str) -> bool:
    return any(
        (one.startswith(left) and other.startswith(right)) or (one.startswith(right) and other.startswith(left))
        for left, right in OPPOSITE_PREFIXES
    ) or one in (f"a{other}", f"an{other}") or other in (f"a{one}", f"an{one}")  # fmt: skip


def distance(one: str, other: str) -> int:
    """Return the number of letters to insert, delete, replace or swap with a neighbour (optimal string alignment)."""
    rows = [list(range(len(other) + 1))]
    for i, left in enumerate(one, start=1):
        row = [i]
        for j, right in enumerate(other, start=1):
            cost = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (left != right))
            if i > 1 and j > 1 and left == other[j - 2] and one[i - 2] == right:
                cost = min(cost, rows[-2][j - 2] + 1)
            row.append(cost)
        rows.append(row)
    return rows[-1][-1]
