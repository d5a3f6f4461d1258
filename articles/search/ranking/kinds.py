"""What kind of answer a question asks for, and which headings give it: symptoms, treatment, whether it is inherited."""

import re
from functools import lru_cache

from articles.search.words import fold

OVERVIEW = "overview"
MOST_SAID = 25  # characters: a longer match may hold what the question is about

# kind: (words of a question, words of a heading; without the latter, the same)
_KINDS: dict[str, tuple[str, str]] = {
    OVERVIEW: (
        r"\bwhat(?: is|s| are|'s|’s| does)\b|\babout\b|\binfo(?:rmation)?\b|defin|meaning|\bexplain|\bdescri|tell me",
        r"^what (?:is|are|do(?:es)?)\b|overview|about|introduc|background|defin|summary|key points|at a glance|inform",
    ),
    "symptoms": (
        r"symptom|\bsigns?\b|feel(?:s|ing)? like|manifest|look like",
        r"symptom|\bsigns\b|\bsign of\b|presentation|features",
    ),
    "causes": (r"\bcaus|\bwhy\b|\breason|due to|come from|trigger", r"\bcaus|\bwhy\b|trigger|how .* develops"),
    "treatment": (
        r"treat|\bcur(?:e|ed|able)\b|therap|medicat|medicine|surg|remed|\bdrugs?\b|what (?:can|should) i (?:do|take)|"
        r"manag|relie[fv]|get rid|\bhelps?\b.*\bwith\b|operation",
        r"treat|therap|manag|medic|surg|remed|\bdrugs?\b|\bcare\b|operation",
    ),
    "dose": (
        r"\bdos(?:e|es|age|ing)\b|how much .*\btake|how many .*\b(?:mg|tablets|pills)|\bmg\b",
        r"\bdos(?:e|es|age|ing)\b",
    ),
    "side effects": (
        r"side.?effect|adverse|react(?:ion|s) to|interact",
        r"side.?effect|adverse|interact|warning|caution|\bharms?\b",
    ),
    "pregnancy": (r"pregnan|breast.?feed|conceiv|trying for a baby", r"pregnan|breast.?feed|fertil"),
    "inheritance": (
        r"inherit|hered|genetic|runs? in (?:the |my |our )?famil|passed (?:on|down)|carriers?\b|cousin",
        r"inherit|hered|runs in",
    ),
    "genetics": (r"\bgenes?\b|genetic|mutation|chromosom|\bdna\b", r"\bgenes?\b|genetic|mutation"),
    "diagnosis": (
        r"diagn|diogn|\btest(?:s|ed|ing)?\b|\bexam|detect|\bscreen|\bscans?\b|confirm|find out if|tell if",
        r"diagn|\btests?\b|\btesting|\bexam|detect|screen|investigat|scan",
    ),
    "outlook": (
        r"outlook|prognos|life expect|surviv|long.?term|how long|progress|gets? worse|fatal|\bdie\b|death|recover|"
        r"terminal|\blive\b|life.?span|curable",
        r"outlook|prognos|expect|surviv|recover|long.?term|follow.?up",
    ),
    "prevention": (
        r"prevent|avoid|protect|stop .* from|vaccin|reduce (?:the |my )?(?:risk|chance)",
        r"prevent|avoid|protect|vaccin",
    ),
    "risk": (
        r"\brisk|who gets|likely|prone|suc*e[pt]*tib|suscep|chance",
        r"\brisk|who gets|who is|suscep|\bharms?\b",
    ),
    "spread": (
        r"contag|\bcatch|infectious|spread|transmi|passed (?:from|to)",
        r"contag|\bcatch|infectious|spread|transmi|passe[ds] (?:from|to)",
    ),
    "frequency": (
        r"how (?:many people|common|often|rare|frequent)|frequen|prevalen|inciden",
        r"how many|how common|frequen|prevalen|inciden",
    ),
    "complications": (
        r"complicat|lead to|leads to|result in|consequence|effects? (?:of|on)|damage",
        r"complicat|problems|effects",
    ),
    "research": (
        r"research|\btrials?\b|\bstud(?:y|ies)\b|latest|new treat|experiment",
        r"research|trial|studies|evidence",
    ),
    "stages": (r"\bstag(?:e|es|ing)\b|\bgrades?\b", r"\bstag(?:e|es|ing)\b"),
    "diet": (
        r"\bdiets?\b|\beat(?:ing)?\b|\bfoods?\b|nutri|\bdrink",
        r"\bdiet|\beat|\bfood|nutri|what to do|living with",
    ),
    "emergency": (r"emergenc|urgent|\b911\b|\b999\b|hospital", r"emergenc|urgent|get help|call|when to"),
}
_QUESTION = {kind: re.compile(question) for kind, (question, _) in _KINDS.items()}
_HEADING = {kind: re.compile(heading) for kind, (_, heading) in _KINDS.items()}


def asked(question: str) -> frozenset[str]:
    """Return the kinds of answers that the question asks for."""
    text = fold(question)
    return frozenset(kind for kind, pattern in _QUESTION.items() if pattern.search(text))


def said_by(question: str) -> frozenset[str]:
    """Return the words by which the question asks for its kinds of answers, such as “side effects”."""
    text = fold(question)
    spans = [match.span() for pattern in _QUESTION.values() for match in pattern.finditer(text)]
    short = [(start, end) for start, end in spans if end - start <= MOST_SAID]
    words = [(word.start(), word.end(), word.group()) for word in re.finditer(r"\w+", text)]
    return frozenset(word for first, last, word in words if any(start < last and first < end for start, end in short))


@lru_cache(maxsize=4096)
def told(heading: str, title: str) -> frozenset[str]:
    """
    Return the kinds of answers below a heading. A text without a heading is the overview.

    The article's own name in a heading says nothing: the treatments of a genetic illness are no genetics.
    """
    text = fold(heading).replace(fold(title), " ").strip(" ?!.:")
    if not text:
        return frozenset([OVERVIEW])
    kinds = {kind for kind, pattern in _HEADING.items() if pattern.search(text)}
    return frozenset(kinds - {OVERVIEW} or kinds)
