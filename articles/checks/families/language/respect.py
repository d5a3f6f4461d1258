"""Words that reduce people to an illness, or blame them for it."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.checks.document import Hit, Text
from articles.checks.families.language import sources
from articles.checks.rule import WARN, per_text

BETTER = {
    r"suffer(?:s|ed|ing)? from": "has, have",
    r"sufferers?": "people with it",
    r"victims? of (?:a |the )?(?:stroke|cancer|disease|illness|aids|heart attack|condition"
    r"|disorder)": "people who had it",
    r"afflicted (?:with|by)": "has, have",
    r"stricken with": "has, have",
    r"diabetics": "people with diabetes",
    r"epileptics": "people with epilepsy",
    r"asthmatics": "people with asthma",
    r"schizophrenics?(?! (?:disorder|symptom|patient|illness|reaction|psychos|spectrum))": "people with schizophrenia",
    r"(?:haemo|hemo)philiacs": "people with haemophilia",
    r"alcoholics(?! anonymous)": "people with alcohol use disorder",
    r"(?:drug )?addicts": "people with a substance use disorder",
    r"(?:drug|substance|alcohol) abusers?": "people who use drugs or alcohol",
    r"wheelchair[- ]bound|confined to (?:a|their|the|his|her) wheelchair": "who uses a wheelchair",
    r"the (?:disabled|handicapped|mentally ill|retarded|insane|obese)(?= (?:and|or|who|are|may|can"
    r"|have|need|often)\b|[,.])":
        "people with the condition",
    r"handicapped (?:people|children|persons?|child|adults?|patients?)": "disabled people",
    r"(?:with|have|has|had|includes?|including|severe|mild|moderate|profound|to|causes?|and|or) mental(?:ly)? retard"
    r"(?:ation|ed)(?!-|,? X-linked| \d| syndrome| protein)": "intellectual disability",
    r"commit(?:s|ted|ting)? suicide": "die by suicide",
    r"(?:failed|unsuccessful) suicide": "suicide attempt",
    r"non-?compliant (?:patients?|people)": "people who do not take the treatment",
    r"(?:clean|dirty) urine": "negative or positive test",
    r"(?:crippled|deformed) (?:children|people|patients?|child|person)": "disabled people",
    r"normal people": "people without the condition",
}  # fmt: skip
_ANY = re.compile(
    "|".join(rf"(?P<w{number}>(?<![-\w])(?:{words})\b)" for number, words in enumerate(BETTER)), re.IGNORECASE
)
_IN_EACH = (  # each of them has one of these: looking for them takes a hundredth of the time
    "suffer", "victim", "afflicted", "stricken", "diabetics", "epileptics", "asthmatics", "schizophrenic", "philiacs",
    "alcoholics", "addicts", "abuser", "wheelchair", "the disabled", "handicapped", "the mentally ill", "retard",
    "the insane", "the obese", "suicide", "compliant", "urine", "crippled", "deformed", "normal people",
)  # fmt: skip
_OF_A_NAME = re.compile(r"\bRegistry\b|\bsymptoms (?:of|for) [A-Z]")
_INSTEAD = [*BETTER.values()]


@per_text(
    "LANG-006",
    WARN,
    gettext_lazy("Words that do not put the person first"),
    hint=gettext_lazy("Name the person first, then what they have: “people with diabetes”."),
    source=sources.AMA,
    english=True,
    headings=True,
)
def person_first(text: Text) -> Iterator[Hit]:
    small = text.plain.lower()
    for found in _ANY.finditer(text.plain) if any(part in small for part in _IN_EACH) else ():
        if _is_a_name(text, found):
            continue
        instead = _INSTEAD[int((found.lastgroup or "w0")[1:])]
        said = _("“{words}”: say “{instead}”.").format(words=found[0], instead=instead)
        yield text.at(*found.span(), said)


def _is_a_name(text: Text, found: re.Match[str]) -> bool:
    """Tell whether it is part of the name of a disease: an old name stands alone, without a sentence around it."""
    sentence = text.sentence_at(found.start())
    words = sentence.text if sentence else text.plain
    return bool(_OF_A_NAME.search(words)) or ("retard" in found[0].lower() and words[-1:] not in (".", "!", "?"))


RULES = [person_first]
