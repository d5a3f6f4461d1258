"""Languages of articles, by their codes (BCP 47)."""

# Languages written from right to left (Unicode CLDR). A script in the code takes precedence over the language.
_FROM_THE_RIGHT = frozenset("ar arc arz ckb dv fa glk he iw ks lrc mzn nqo pnb ps sd syr ug ur yi".split())  # noqa: SIM905
_SCRIPTS_FROM_THE_RIGHT = frozenset({"adlm", "arab", "hebr", "mand", "nkoo", "rohg", "samr", "syrc", "thaa"})


def direction(language: str) -> str:
    """Return "rtl" for a language that is written from right to left, else an empty text."""
    first, *others = language.lower().split("-")
    script = next((part for part in others if len(part) == 4 and part.isalpha()), "")
    from_the_right = script in _SCRIPTS_FROM_THE_RIGHT if script else first in _FROM_THE_RIGHT
    return "rtl" if from_the_right else ""
