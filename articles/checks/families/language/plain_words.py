"""Hard words, abbreviations and shortcuts that lay readers may not know."""

import re
from collections import Counter
from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.checks.document import ENGLISH, Document, Hit, Text
from articles.checks.families.language import sources
from articles.checks.rule import INFO, WARN, per_document, per_text

PLAIN = {
    "adverse reaction": "side effect", "adverse event": "side effect", "aetiology": "cause", "etiology": "cause",
    "ambulate": "walk", "analgesic": "painkiller", "analgesics": "painkillers",
    "antipyretic": "medicine that lowers a fever", "asymptomatic": "without symptoms", "axilla": "armpit",
    "benign": "not cancer", "bradycardia": "slow heartbeat", "cerebrovascular accident": "stroke",
    "cessation": "stopping", "comorbidity": "other illness", "comorbidities": "other illnesses",
    "contraindicated": "not to be used", "contraindication": "reason not to use it", "contusion": "bruise",
    "cutaneous": "of the skin", "dyspnea": "shortness of breath", "dyspnoea": "shortness of breath",
    "dysphagia": "difficulty swallowing", "edema": "swelling", "oedema": "swelling", "emesis": "vomiting",
    "epistaxis": "nosebleed", "erythema": "redness", "exacerbate": "make worse", "exacerbation": "flare-up",
    "febrile": "with a fever", "gastric": "of the stomach", "haematuria": "blood in the pee",
    "hematuria": "blood in the urine", "haemorrhage": "bleeding", "hemorrhage": "bleeding",
    "hypertension": "high blood pressure", "hypotension": "low blood pressure", "hyperglycaemia": "high blood sugar",
    "hyperglycemia": "high blood sugar", "hypoglycaemia": "low blood sugar", "hypoglycemia": "low blood sugar",
    "hyperlipidemia": "high cholesterol", "incision": "cut", "lesion": "sore, lump", "lesions": "sores, lumps",
    "malaise": "feeling unwell", "malignant": "cancerous", "micturition": "passing urine", "morbidity": "illness",
    "myalgia": "muscle pain", "myocardial infarction": "heart attack", "neoplasm": "growth, tumour",
    "nocturia": "getting up at night to pass urine", "otalgia": "earache", "palpate": "feel with the hand",
    "paresthesia": "tingling", "pathogen": "germ", "pathogens": "germs", "perioperative": "around an operation",
    "prognosis": "outlook", "prognostic": "of the outlook", "prophylaxis": "prevention", "prophylactic": "preventive",
    "proliferate": "grow in number", "pruritus": "itching", "pyrexia": "fever", "rhinorrhea": "runny nose",
    "sequelae": "later effects", "subcutaneous": "under the skin", "syncope": "fainting",
    "tachycardia": "fast heartbeat", "titrate": "change the dose step by step", "vertigo": "feeling that things spin",
    "utilise": "use", "utilize": "use", "utilization": "use", "administer": "give", "commence": "begin",
}  # fmt: skip
_HARD = re.compile(rf"\b(?:{'|'.join(sorted(PLAIN, key=lambda word: (-len(word), word)))})\b", re.IGNORECASE)
_OF_A_NAME = re.compile(r" [A-Z][a-z]|(?: [\w/-]+){0,3} (?:syndrome|disease|disorder|hyperplasia)\b")
_EXPLAINED = re.compile(r"^\s?(?:\(|, or |, also called|, which (?:is|means)| means)|^[^.(]{0,3}\)")
_SHORT = re.compile(r"(?<![\w./,-])[A-Z]{3,6}s?(?![\w/]|[-'’]\w|\.\w)")
_NUMERAL = re.compile(r"[IVX]+[A-H]?")  # of stages and types: IIB
_OF_GENES = re.compile(r"\bgenes?\b|\bmutations?\b|\bGene Review\b|\bprotein\b")
_BASES = re.compile(r"[ACGT]{3,}")  # of DNA
_SURNAME = re.compile(r"[A-Z][a-z]+,? $")  # of an author with initials
_CALLED = re.compile(r"(?:called|known as|referred to as|abbreviated(?: as)?|,? or|named)(?: an?| the)? $")
NEAR, FAR = 40, 80  # characters beside an abbreviation; genes stand in long lists
KNOWN = frozenset(
    """
    AIDS BC BMI CD CDC CPR CT DC DNA DVD EKG ECG EEG EU FAQ FDA GP HIV ICU ID II III IQ IV IX IVF MRI NHS NIH OK PhD PDF
    PM AM RNA SARS COVID TB TV UK UN US USA UV VI VII VIII VIP WHO XI XII XX XY XXY XXYY XYY NCI NIDDK NINDS NHLBI
    """.split()  # noqa: SIM905 (a list of words reads better as text)
)
_IN_CAPITALS = frozenset(
    """
    ALL ALWAYS AND ANY ARE AS ASK AT BE BUT BY CALL CAN DO DONT DOES EAT FIRST FOR FROM GET GO HOW IF IMPORTANT IN IS IT
    KEY MAY MORE MUST NEVER NO NOT NOTE NOW OF OFF ON ONE ONLY OR OUR OUT POINTS SAFE SEE SHOULD SO STOP TAKE THAN THAT
    THE THEN THIS SHORT TO TWO TYPE UP USE WARN WHAT WHEN WILL WITH YES YOU YOUR
    """.split()  # noqa: SIM905
)
_LATIN = re.compile(r"\b(?:e\.g\.|i\.e\.|eg\b|ie\b|etc\b\.?|viz\.|et al\.|vs\b\.?)|(?<=\w )&(?= \w)")


@per_document(
    "LANG-005",
    WARN,
    gettext_lazy("A hard word for which there is a plain one"),
    hint=gettext_lazy("Use the plain word, or explain the hard one where it stands first."),
    source=sources.NHS_AZ,
)
def plain_words(document: Document) -> Iterator[Hit]:
    """Tell of each hard word once in a text for lay readers, unless it is explained at once."""
    if document.language != ENGLISH:
        return
    for text in document.bodies if document.is_medical else ():
        if not text.is_lay:
            continue
        found = [*_HARD.finditer(text.plain)]
        counts = Counter(each[0].lower() for each in found)
        seen: set[str] = set()
        for each in found:
            word = each[0].lower()
            if word not in seen and not _is_explained(text, each):
                said = (
                    _("“{word}”: say “{plain}”, or explain it.")
                    if counts[word] == 1
                    else _("“{word}” ({count} times): say “{plain}”, or explain it.")
                )
                yield text.at(*each.span(), said.format(word=word, plain=PLAIN[word], count=counts[word]))
            seen.add(word)


def _is_explained(text: Text, found: re.Match[str]) -> bool:
    """Tell whether an explanation follows, or the word is itself one in brackets, or it is part of a name."""
    before = text.plain[max(0, found.start() - 1) : found.start()]
    if _OF_A_NAME.match(text.plain[found.end() : found.end() + NEAR]):
        return True
    return before == "(" or bool(_EXPLAINED.match(text.plain[found.end() : found.end() + 20]))


@per_document(
    "LANG-004",
    WARN,
    gettext_lazy("An abbreviation that is not explained"),
    hint=gettext_lazy("Write it in full where it stands first, with the abbreviation in brackets."),
    source=sources.AMA,
)
def explained_abbreviations(document: Document) -> Iterator[Hit]:
    """Look at what each audience reads from the beginning: the first use is explained there, or nowhere."""
    if document.language != ENGLISH:
        return
    told: set[tuple[str, str, str]] = set()
    for texts in document.read_by.values():
        known = {*KNOWN, *_IN_CAPITALS}
        for text in texts:
            for found in _SHORT.finditer(text.plain):
                short = found[0].removesuffix("s") if found[0][-1] == "s" else found[0]
                if short in known or _NUMERAL.fullmatch(short) or _is_a_name(text, found):
                    continue
                known.add(short)
                if not _is_given_in_full(text, found) and (text.section, text.audience, short) not in told:
                    told.add((text.section, text.audience, short))
                    yield text.at(*found.span())


def _is_a_name(text: Text, found: re.Match[str]) -> bool:
    """Tell whether it is a gene, which has no other name, a state before its postcode, or a word in capitals."""
    before, after = text.plain[max(0, found.start() - NEAR) : found.start()], text.plain[found.end() :][:NEAR]
    near = text.plain[max(0, found.start() - FAR) : found.end() + FAR]
    if _OF_GENES.search(near) or _BASES.fullmatch(found[0]) or re.match(r" \d{5}", after):
        return True
    if _SURNAME.search(before) and after[:1] in (",", "."):
        return True
    beside = (*before.split()[-1:], *after.lstrip(".,:;!?").split(None, 1)[:1])
    return any(len(word) > 2 and word.isupper() and word.isalpha() and word not in KNOWN for word in beside)


def _is_given_in_full(text: Text, found: re.Match[str]) -> bool:
    """Tell whether the full words stand before it in brackets, or after it."""
    before = text.plain[max(0, found.start() - 2) : found.start()]
    after = text.plain[found.end() : found.end() + 30]
    return (
        "(" in before
        or bool(_CALLED.search(text.plain[max(0, found.start() - 20) : found.start()]))
        or bool(
            re.match(
                r"(?: scans?)?\s?\((?=\w{3,})|,? (?:stands|short) for|(?: \w+)?, or [a-z]|: [a-z]+|\s?[–=]\s?[a-z]|\)",
                after,
            )
        )
    )


@per_text(
    "LANG-016",
    INFO,
    gettext_lazy("A shortcut that screen readers and many readers stumble over"),
    hint=gettext_lazy("Write “for example”, “that is”, “and so on” or “and”."),
    source=sources.NHS_AZ,
    english=True,
    lay=True,
)
def no_shortcuts(text: Text) -> Iterator[Hit]:
    yield from text.find(_LATIN)


RULES = [explained_abbreviations, plain_words, no_shortcuts]
