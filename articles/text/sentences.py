"""
Where the sentences of a text end.

A sentence is only ever made too long, never too short: where the end of one is in doubt, there is none. So a part of a
text that is cut at these places has each number, sign and negation of its sentences whole.
"""

import re

# Before a full stop these end no sentence: of English, German, French and Latin, without points and in small letters.
ABBREVIATIONS = frozenset(
    """
    abb abs al amp anon approx apr art asst aug ave avg bd bzw ca cap caps cf ch chap co col cont corp cp dec dept dgl
    dipl dr dres ed eds eg eq eqs esp est etc evtl excl exp feb fig figs ff fl fri freq gal gen ggf hon hr hrs ibid ie
    inc incl inj ing inkl insb intl iv jan jr jul jun lat lb lbs lic ltd mar max med messrs min misc mio mme mo mos mon
    mr mrs ms mt mts nat neg no nos nov nr nrs obs oct op oz pat pharm pl pos poss pp pres prep prof prop pt pts px qty
    rd ref refs reg rel repr resp rev rx sat sec sect sen sept sep seq ser sog sol soln sp spec spp sq sr ss ssp st std
    ste str sub subsp sun supp suppl susp syn tab tabl tabs tbl tbsp temp thu tr tsp tue typ ua univ usu usw var vgl viz
    vol vols vs wed wk wks wt yr yrs zb ziff zzgl
    """.split()  # noqa: SIM905 (a list of words reads better as text)
)
_ENDS = re.compile(r"[.!?…]+[\"'”’»)\]]*(?=\s)|[。！？｡][”’」』）]*|[।؟۔]+[\"”’»)]*(?=\s|$)")
_LAST_WORD = re.compile(r"\S*$")
_INITIALS = re.compile(r"(?:\w{1,3}\.)+\w{0,3}$")
_OPENING = "\"'“‘«([„‚¿¡"
FOLLOWING = 40  # characters before and after a stop that are looked at


def sentences(line: str) -> list[tuple[int, int]]:
    """Return start and end of each sentence of a line, in order; together they are the whole line but for blanks."""
    found: list[tuple[int, int]] = []
    start = len(line) - len(line.lstrip())
    for end in _ENDS.finditer(line):
        if end.start() >= start and _is_end(line, start, end):
            found.append((start, end.end()))
            start = end.end() + len(line[end.end() :]) - len(line[end.end() :].lstrip())
    if line[start:].strip():
        found.append((start, len(line.rstrip())))
    return found


def _is_end(line: str, start: int, end: "re.Match[str]") -> bool:
    """Tell whether these signs end a sentence: what follows begins one, and what comes before is not shortened."""
    before, after = line[start : end.end()], line[end.end() : end.end() + FOLLOWING].lstrip()
    if not after or sum(map(before.count, "([")) > sum(map(before.count, ")]")):
        return False
    if end[0][0] in "。！？｡।؟۔":
        return True
    first = after.lstrip(_OPENING)[:1]
    if not first.isalpha() or first.islower():
        return False
    return (
        end[0][0] != "."
        or end[0].startswith("...")
        or not _is_shortened(line[max(start, end.start() - FOLLOWING) : end.start()])
    )


def _is_shortened(before: str) -> bool:
    """Tell whether a full stop after this text may be that of an abbreviation, an initial or a numbered item."""
    found = _LAST_WORD.search(before)
    word = (found[0] if found else "").lstrip(_OPENING)
    plain = word.replace(".", "").casefold()
    return len(plain) <= 1 or plain in ABBREVIATIONS or bool(_INITIALS.match(word) and "." in word) or plain.isdigit()
