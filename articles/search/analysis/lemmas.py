"""
One form of each word: its singular, in American spelling.

Stemmers join organ with organization and part metastasis from metastases. So an index and a query share only what is
certain: rules for the endings of medicine, and closed lists. `related.py` adds other forms of a word to a query.
"""

import re
from functools import lru_cache

from articles.search.analysis.common import listed

_IRREGULAR: dict[str, str] = dict(pair.split(":") for pair in listed("plurals"))
_KEPT = listed("no_plurals")
_ENDS_KEPT = ("ss", "us", "is", "os", "aceae")
_PLURALS = tuple(
    (re.compile(ending), singular)
    for ending, singular in (
        (r"(?<=..)itides$", "itis"),  # arthritides
        (r"(?<=..)omata$", "oma"),  # carcinomata
        (r"(?<=..)(st|ct|ri|thi|xi)ases$", r"\1asis"),  # metastases; not diseases, phases, kinases
        (r"(?<=..)yses$", "ysis"),  # paralyses
        (r"(?<=..)(?<!cl)(?<!p)oses$", "osis"),  # diagnoses; not closes, exposes
        (r"(?<=.)(th|n|r|ph|m|l)eses$", r"\1esis"),  # prostheses
        (r"(?<=...)ae$", "a"),  # vertebrae
        (r"(?<=..)ies$", "y"),  # biopsies
        (r"(?<=.)(?<![eo])aches$", "ache"),  # headaches
        (r"(?<=.)(ss|sh|ch|x|zz)es$", r"\1"),  # abscesses
        (r"(?<=..)(?<![ao])uses$", "us"),  # viruses; not causes, spouses
        (r"(?<=..)oes$", "o"),  # mosquitoes
        (r"s$", ""),
    )
)

_BRITISH = tuple(
    (re.compile(pattern), american)
    for pattern, american in (
        (r"haem(?=[aeiouyr])", "hem"),  # haemoglobin, haemorrhage
        (r"aem(?=i)", "em"),  # anaemia, ischaemic, leukaemia
        (r"^oesoph|(?<=o)oesoph", "esoph"),  # gastroesophageal stays
        (r"^oestr|(?<=[oi])oestr", "estr"),
        (r"(?<!angi)oedem", "edem"),
        (r"foet", "fet"),
        (r"faec", "fec"),
        (r"coeli", "celi"),
        (r"amoeb", "ameb"),
        (r"(rrh|pn)oe(?=[aiu])", r"\1e"),  # diarrhoea, dyspnoea
        (r"homoeo", "homeo"),
        (r"manoeuv(?:re|er)", "maneuver"),
        (r"paed(?=[io])", "ped"),  # paediatric, orthopaedic
        (r"gynaec", "gynec"),
        (r"anaes", "anes"),
        (r"aesth", "esth"),
        (r"aetio", "etio"),
        (r"(?<!pr)caec(?=[uao])", "cec"),
        (r"caes(?=ar|iu)", "ces"),
        (r"naev", "nev"),
        (r"palae", "pale"),
        (r"phaeo", "pheo"),
        (r"taeni", "teni"),
        (r"laev", "lev"),
        (r"(tum|col|behavi|fav|flav|lab|od|hum|vap|rum|neighb|harb|hon|sav|rig|vig|arm)our", r"\1or"),
        (r"(cent|lit|fib|tit|calib|sab|goit)re$", r"\1er"),
        (r"(?:(?<=milli)|(?<=centi)|(?<=kilo)|(?<=micro)|^)metre$", "meter"),
        (r"sulph", "sulf"),
        (r"isation", "ization"),
        (r"(anal|paral|dial|catal|hydrol)ys(?=e$|ed$|ing$|er$)", r"\1yz"),
        (r"aluminium", "aluminum"),
        (r"(label|travel|cancel|model|counsel|signal|channel|fuel)l(?=ed$|ing$|er$|or$)", r"\1"),
        (r"^(enrol|fulfil|instal|distil|instil)(?=ment$|$)", r"\1l"),
        (r"^(skil|wil)(?=ful)", r"\1l"),
        (r"^grey", "gray"),
    )
)
_ISE = re.compile(r"(?<=...)is(e|ed|ing|er)$")
_NOT_IZE = re.compile(
    r"(?:exerc|superv|rev|adv|prom|prem|prec|conc|surpr|wise|compr|enterpr|improv|exc|inc|circumc|franch|merchand|"
    r"expert|parad|porp|tort|turqu|chem|dem|disgu|malad|valu|tre|appr|dev|desp|telev|arise)is(?:e|ed|ing|er)$|"
    r"(?:[aeou]|pr|w|[^n]r|ant[ei]c)is(?:e|ed|ing|er)$"
)


@lru_cache(maxsize=32768)
def lemma(word: str) -> str:
    """Return the normal form of a folded word. A word with digits, or not of plain letters, is its own."""
    if not (word.isascii() and word.isalpha()):
        return word
    return _american(_singular(word))


def _singular(word: str) -> str:
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) < 4 or word in _KEPT:
        return word
    if word.endswith(_ENDS_KEPT) or word[-1] not in "sea":
        return word
    for ending, singular in _PLURALS:
        if ending.search(word):
            return ending.sub(singular, word)
    return word


def _american(word: str) -> str:
    for pattern, american in _BRITISH:
        word = pattern.sub(american, word)
    return word if _NOT_IZE.search(word) else _ISE.sub(r"iz\1", word)
