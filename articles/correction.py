"""
The proof that a correction is no more than one: letters and punctuation.

Numbers with their units, citations, links, negations, table cells and the order of blocks have to be the same; a word
may differ in a letter or two, and not at all where a letter turns the sense.
"""

import re
from collections.abc import Iterator

from lxml import html

NUMBER = re.compile(r"[<>≤≥±~]?\s?\d+(?:[.,:/×x–-]\d+)*\s?(?:%|‰|°C|[µμ]?[A-Za-z]{1,4}(?:/[A-Za-z]{1,4})?\b)?")
WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
NEGATIONS = frozenset(
    """no not never none nor neither nobody nothing nowhere cannot without except unless hardly barely unlikely
    don't doesn't didn't won't wouldn't shouldn't can't couldn't isn't aren't wasn't weren't hasn't haven't
    mustn't needn't""".split()  # noqa: SIM905 (read as prose)
)
NUMERALS = frozenset(
    """one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
    eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion half
    third quarter fifth sixth seventh eighth ninth tenth once twice thrice""".split()  # noqa: SIM905 (read as prose)
)
TURNS = (
    ("hyper", "hypo"), ("inter", "intra"), ("increas", "decreas"), ("ante", "anti"), ("pre", "pro"), ("in", "un"),
    ("ab", "ad"), ("micro", "macro"), ("with", "without"), ("more", "less"), ("before", "after"),
)  # fmt: skip
CLINICAL_PREFIXES = ("hyper", "hypo", "inter", "intra", "anti", "ante", "un", "non", "dis", "de", "in", "im", "ir", "a")


def differences(old: dict, new: dict) -> list[str]:
    """Return in sentences all that makes the new content more than a correction of the old; empty when it is one."""
    found = [f"{name} is different." for name, key in FACTS if old[key] != new[key]]
    found += list(_words_differ("The title", old["title"], new["title"]))
    if [section["key"] for section in old["sections"]] != [section["key"] for section in new["sections"]]:
        return [*found, "Sections were added, removed or moved."]
    for before, after in zip(old["sections"], new["sections"], strict=True):
        found += list(_sections_differ(before, after))
    return found


FACTS = [
    ("The kind of article", "kind"),
    ("The language", "language"),
    ("The risk", "risk"),
    ("The audience it is written for", "written_for"),
    ("The declared use of AI", "ai_use"),
    ("The list of topics", "topics"),
    ("The list of contributors", "contributors"),
    ("A reference", "references"),
    ("A figure", "figures"),
    ("A disclaimer", "disclaimers"),
    ("The list of audiences", "audiences"),
]


def _sections_differ(old: dict, new: dict) -> Iterator[str]:
    name = f"“{old['heading'] or 'The lead'}”"
    if old["role"] != new["role"] or set(old["wordings"]) != set(new["wordings"]):
        yield f"The role or the wordings of {name} are different."
        return
    pairs = [(old, new), *((old["wordings"][key], new["wordings"][key]) for key in sorted(old["wordings"]))]
    for before, after in pairs:
        yield from _words_differ(f"The heading of {name}", before["heading"], after["heading"])
        yield from _bodies_differ(name, before["body"], after["body"])


def _bodies_differ(name: str, old: str, new: str) -> Iterator[str]:
    if old == new:
        return
    before, after = html.fragment_fromstring(old, "div"), html.fragment_fromstring(new, "div")
    if _structure(before) != _structure(after):
        yield f"Paragraphs, lists, tables, links or citations of {name} are different."
    elif _cells(before) != _cells(after):
        yield f"A table cell of {name} is different."
    else:
        for one, other in zip(_runs(before), _runs(after), strict=True):
            yield from _words_differ(name, one, other)


def _structure(element) -> list:
    """Return depths, tags and attributes in order: this holds every link and citation."""
    return [(len(list(each.iterancestors())), each.tag, sorted(each.attrib.items())) for each in element.iter()]


def _runs(element) -> list[str]:
    """Return the texts between the tags, so that no word runs on from one block, link or citation into the next."""
    return [text or "" for each in element.iter() for text in (each.text, each.tail)]


def _cells(element) -> list[str]:
    return [cell.text_content() for cell in element.iter("td", "th", "caption")]


def _words_differ(name: str, old: str, new: str) -> Iterator[str]:
    if old == new:
        return
    if NUMBER.findall(old) != NUMBER.findall(new) or _signs(old) != _signs(new):
        yield f"A number or its unit in {name} is different."
        return
    before, after = WORD.findall(old), WORD.findall(new)
    if [word for word in before if _negates(word)] != [word for word in after if _negates(word)]:
        yield f"A negation in {name} is different."
    elif [word for word in before if _counts(word)] != [word for word in after if _counts(word)]:
        yield f"A number in {name} is different."
    elif len(before) != len(after):
        yield f"Words of {name} were added or removed."
    else:
        for one, other in zip(before, after, strict=True):
            if one != other and not _is_slip(one, other):
                yield f"In {name}, “{one}” became “{other}”: that is another word."


def _signs(text: str) -> list[str]:
    """Return the signs that carry a quantity even without a digit beside them."""
    return re.findall(r"[<>≤≥±=+×%‰°Α-Ωα-ωµ]|(?<!\w)[-−](?=\s?\d)", text)


def _negates(word: str) -> bool:
    return word.casefold().replace("’", "'") in NEGATIONS


def _counts(word: str) -> bool:
    return not NUMERALS.isdisjoint(word.casefold().split("-"))


def _is_symbol(word: str) -> bool:
    """Tell whether a word is an abbreviation, in which each letter counts: LDL and HDL, factor VII and VIII, mRNA."""
    return any(letter.isupper() for letter in word[1:])


def _is_slip(one: str, other: str) -> bool:
    """Tell whether two words are one, misspelt: two letters apart at most, one in short words, sense not turned."""
    if _is_symbol(one) or _is_symbol(other):
        return False
    one, other = one.casefold(), other.casefold()
    if one == other:
        return True
    if _prefix(one) != _prefix(other) or _turned(one, other) or min(len(one), len(other)) <= 2:
        return False
    return distance(one, other) <= (2 if min(len(one), len(other)) > 5 else 1)


def _prefix(word: str) -> str:
    return next((prefix for prefix in CLINICAL_PREFIXES if word.startswith(prefix)), "")


def _turned(one: str, other: str) -> bool:
    return any(
        (one.startswith(left) and other.startswith(right)) or (one.startswith(right) and other.startswith(left))
        for left, right in TURNS
    )


def distance(one: str, other: str) -> int:
    """Return how many letters to insert, delete, replace or swap with a neighbour (optimal string alignment)."""
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
