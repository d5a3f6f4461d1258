"""
The doses in a line: how much is taken, how often, for how long and by which way; in English and in German.

Some words say this wherever they stand, such as “5 mg”, “twice a day” or “by mouth”. Others say it only of a medicine:
“oral” or “at night” are part of a dose in a line that has a dose already, or if the line says nothing else.
"""

import re
from collections.abc import Iterable

SPACE = "[ \u00a0\u2009\u202f]"
_EXPONENT = r"[+−–-]?\d+(?:[.·]\d+)?"
_POWER = rf"(?:\^(?:{_EXPONENT}|\({_EXPONENT}\))|[⁺⁻]?[⁰¹²³⁴-⁹]+)"  # typed as 10^9, 10^(-3) or 10⁹
NUMBER = (
    r"(?:(?:\d{1,3}(?:[ \u00a0\u2009\u202f]\d{3})+(?!\d)(?:[.,·]\d+)*"  # 10 000.5
    r"|\d+(?:[.,·/×:]\d+)*"
    r"|(?<![\w.,·])[.·]\d+(?:[.,·/×:]\d+)*)"  # .5
    rf"{_POWER}?)"
)
AREA = r"(?:[²³23]|\^[23])?"  # or volume
MASS = (
    r"[mµμnk]?g|mcg|ug|gm|cc|micrograms?|milligrams?|nanograms?|grams?|kilograms?|[mdcµμ]?[lL]|lit(?:re|er)s?|millilit(?:re|er)s?"
    r"|Milligramm|Mikrogramm|Gramm|Kilogramm|Milliliter|Liter|Einheiten?|I\.?E\.?"
    r"|(?:million|mega)?[  ]?units?|M?IU|MU|U|[mµμnp]?mol|m?Eq"
)
_TIME = (
    r"hours?|hrs?|h|minutes?|mins?|seconds?|sec|s|days?|d|nights?|weeks?|wks?|fortnights?|months?|years?|yrs?|y"
    r"|Stunden?|Std|Minuten?|Sekunden?|Tagen?|Nächten?|Wochen?|Monaten?|Jahren?|Monat|Jahr|Tag|Nacht"
)
FORM = (
    r"tablets?|capsules?|pills?|drops?|puffs?|sachets?|ampoules?|vials?|lozenges?|suppositor(?:y|ies)|patch(?:es)?"
    r"|(?:tea|table)?spoon(?:ful)?s?|doses?|sprays?|injections?"
    r"|Tabletten?|Kapseln?|Tropfen|Hub|Hüben?|Sprühst(?:oß|oss|ö(?:ß|ss)en?)|Beuteln?|Ampullen?|Zäpfchen|Pflastern?|Dosis|Dosen"
    r"|(?:Tee|Ess|Mess)löffeln?|Spritzen?"
)
UNIT = (
    rf"(?:{MASS}|mOsm|percent|Prozent|%|‰|°[CF]?|mm[  ]?Hg|k?Pa|bpm|kcal|k?J|Gy|mSv"
    rf"|[cmkµμn]?m{AREA}|{_TIME}|{FORM})"
)
COUNTED = frozenset(  # how many or how much is taken, in words
    """one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
    eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred""".split()  # noqa: SIM905 (read as prose)
)
_GERMAN = (
    "eine?[mnrs]?|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|vierzehn|zwanzig|dreißig|halbe?[mnrs]?"
)
_WORDS = rf"\b(?:{'|'.join(sorted(COUNTED))}|{_GERMAN}|half(?:{SPACE}an?)?)\b"
_FIRST = "|".join(word.capitalize() for word in sorted(COUNTED))
_CAPITAL = rf"\b(?:{_FIRST}|Half(?:{SPACE}an?)?|Eine?[mnrs]?|Halbe?[mnrs]?|Zwei|Drei)\b"
_NO_MORE = r"(?!\s+(?:more|less|as|high|low|great|larg|small|fast|long|short|likel|the|that|so|wie|mehr|weniger|höher))"
_TIMES = rf"(?:times|mal|Mal|fold)\b{_NO_MORE}"  # “three times more often” is no dose


def _several(words: str) -> str:
    """Return the pattern of a number, in figures or in these words, or of a range."""
    count = rf"(?:(?<![\w]){NUMBER}{SPACE}?[½¼¾]?|[½¼¾]|{words})"
    return rf"{count}(?:{SPACE}?(?:[–−-]|to|or|bis|oder){SPACE}?{count}){{0,2}}"


_SEVERAL = _several(_WORDS)
_PERIOD = (
    rf"(?:{NUMBER} hours|hour|day|night|morning|afternoon|evening|week|fortnight|month|year"
    r"|stunde|tag|nacht|morgen|abend|woche|monat|jahr)"
)
_OFTEN = (
    r"(?:daily|nightly|hourly|weekly|fortnightly|monthly|yearly|(?:halb|zwei|drei|vier|sechs|acht|zwölf)?"
    r"(?:täglich|stündlich|wöchentlich|monatlich|jährlich)(?:e[mnrs]?)?)"
)
_NO_DOSE = (
    r"(?!\s+(?:life|lives|living|activit|routine|basis|task|function|chores|work|need|press|news))"  # “daily life”
)
_OF_ANYTHING = (  # in small letters
    rf"(?:once|twice|thrice|(?:ein|zwei|drei|vier|fünf|sechs|acht)mal|{_SEVERAL}{SPACE}?(?:times|x|×|-?mal))"
    rf"{SPACE}(?:(?:a|an|per|each|every|in a|in|am|pro|jede[mnrs]?|in der|im|/){SPACE}{_PERIOD}|{_OFTEN})\b",
    rf"\b(?:every|each|alle|jede[mnrs]?){SPACE}(?:other|second|third|fourth|zweite[mnrs]?|dritte[mnrs]?|{_SEVERAL})"
    rf"{SPACE}(?:{_TIME.lower()}|mornings?|evenings?|morgen|abend)\b",
    rf"\b(?:every|each|jede[mnrs]?){SPACE}(?!year|jahr){_PERIOD}\b",
    rf"{_SEVERAL}[ -](?:hourly|weekly|monthly)\b",
    rf"\b{_OFTEN}\b{_NO_DOSE}",
    r"\b(?:[btq]\.i\.d|[tq]\.d\.s|[bqo]\.d|q\.o\.d|q\.h\.s|p\.r\.n|p\.o|i\.v|i\.m|s\.c|s\.l)\b\.?",
    rf"\bq\.?{SPACE}?{NUMBER}{SPACE}?\.?h\b",
    r"(?<![\w.,-])[0-4]-[0-4]-[0-4](?:-[0-4])?(?![\w-])",  # one in the morning, none at noon, one in the evening
    r"\bby mouth\b|\b(?:oral|intravenous|intramuscular|subcutaneous|sublingual|rectal|vaginal)ly\b|\bper os\b"
    r"|\b(?:intravenös|intramuskulär|subkutan)\b",
)
_OF_A_MEDICINE = (  # in small letters
    r"\b(?:at (?:night|bedtime|noon)|in the (?:morning|afternoon|evening)|overnight|before (?:bed|meals|food|breakfast)"
    r"|(?:after|with) (?:meals|food|breakfast)|on an empty stomach|(?:as|when|if) (?:needed|required)"
    r"|for (?:a|another|the next) (?:day|night|week|fortnight|month|year)|single|stat|nocte|mane"
    r"|oral|intravenous|intramuscular|subcutaneous|sublingual|buccal|rectal|vaginal|topical|inhaled|nasal|rektal"
    r"|by (?:injection|infusion|inhalation)|in(?:to)? (?:a|the) (?:vein|muscle)|under the (?:tongue|skin)"
    r"|morgens|mittags|abends|nachts|zur nacht|vor dem schlafen(?:gehen)?|nüchtern|bei bedarf"
    r"|(?:vor|nach|zu) den mahlzeiten|(?:vor dem|nach dem|zum) essen|unter die (?:haut|zunge)|in die vene"
    r"|bid|tid|qid|bd|tds|qds|qd|qod|qhs|od|prn|iv|im|sc|sl|po|pr)\b"
)
_ANY = _several(f"(?:{_WORDS}|{_CAPITAL})") + f"[{SPACE[1:-1]}-]?"
_AMOUNT = re.compile(rf"{_ANY}(?:{UNIT}(?!\w)|{_TIMES})")
_TAKEN = re.compile(rf"{_ANY}(?:{MASS}|{FORM})(?!\w)")
_NUMBERS = re.compile(_several(f"(?:{_WORDS}|{_CAPITAL})"))
_ASKS = r"\b(?:dos(?:e|es|age|ing|is|en|ierung)|how (?:much|often|many|long)|wie (?:viel|oft|lange))\b"
_HEAD = re.compile(rf"(?i:{_ASKS}|\b(?:{FORM})\b)|\b(?:{MASS})\b")
_SURE = re.compile("|".join(_OF_ANYTHING))
_PERHAPS = re.compile(_OF_A_MEDICINE)
# Each line in which `_SURE` finds something has one of these. Looking for them takes a hundredth of the time.
_IN_EACH = (
    "once", "twice", "thrice", "times", "mal", "x ", "×", "every", "each", "alle ", "jede", "daily", "nightly",
    "hourly", "weekly", "monthly", "yearly", "lich", ".i.d", ".d", ".h.s", ".r.n", "p.o", "i.v", "i.m", "s.c", "s.l",
    "-0", "-1", "-2", "-3", "-4", " q", "(q", "by mouth", "orally", "venously", "muscularly", "aneously", "lingually",
    "rectally", "vaginally", "per os", "venös", "muskulär", "subkutan",
)  # fmt: skip


def doses(line: str, beside: str = "") -> list[tuple[int, int]]:
    """Return where each dose begins and ends in the line; `beside` are the other cells of its row in a table."""
    sure = [match.span() for match in (*_AMOUNT.finditer(line), *_sure(line))]
    if _is_taken(line) or _is_taken(beside) or _PERHAPS.fullmatch(_small(line).strip(" .,;")):
        sure += [match.span() for match in _PERHAPS.finditer(_small(line))]
    return sorted(sure)


def has_dose(text: str) -> bool:
    """Tell whether the text says how much is taken, how often, for how long, or by which way."""
    return _AMOUNT.search(text) is not None or any(_sure(text))


def counts(text: str) -> bool:
    """Tell whether the text has a number, in figures or in words."""
    return _NUMBERS.search(text) is not None


def is_about_doses(head: str) -> bool:
    """Tell whether the head of a row or column says that numbers under it are doses: Dose, How often, mg/day."""
    return _HEAD.search(head) is not None


def _is_taken(text: str) -> bool:
    return _TAKEN.search(text) is not None or any(_sure(text))


def _sure(text: str) -> Iterable[re.Match[str]]:
    small = _small(text)
    return _SURE.finditer(small) if any(each in f" {small}" for each in _IN_EACH) else ()


def _small(text: str) -> str:
    """Return the text in small letters; unchanged if that has another length."""
    small = text.lower()
    return small if len(small) == len(text) else text
