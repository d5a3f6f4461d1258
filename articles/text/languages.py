"""Languages of articles, by their codes (BCP 47), and the languages of the interface."""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import get_language_info, gettext

# Languages written from right to left (Unicode CLDR). A script in the code takes precedence over the language.
_FROM_THE_RIGHT = frozenset("ar arc arz ckb dv fa glk he iw ks lrc mzn nqo pnb ps sd syr ug ur yi".split())  # noqa: SIM905
_SCRIPTS_FROM_THE_RIGHT = frozenset({"adlm", "arab", "hebr", "mand", "nkoo", "rohg", "samr", "syrc", "thaa"})


def direction(language: str) -> str:
    """Return "rtl" for a language that is written from right to left, else an empty text."""
    first, *others = language.lower().split("-")
    script = next((part for part in others if len(part) == 4 and part.isalpha()), "")
    from_the_right = script in _SCRIPTS_FROM_THE_RIGHT if script else first in _FROM_THE_RIGHT
    return "rtl" if from_the_right else ""


def own_name(language: str) -> str:
    """Return the name of a language in that language itself; the code of one that Django does not know."""
    try:
        name: str = get_language_info(language.lower())["name_local"]
    except KeyError:
        return language
    return name[:1].upper() + name[1:]


def interface_for(language: str) -> str:
    """Return the language of the interface around a text: the text's own if the interface has it, else the site's."""
    return next((code for code, _ in settings.LANGUAGES if _same(code, language)), settings.LANGUAGE_CODE)


def has_interface(language: str) -> bool:
    """Tell whether the words of the interface exist in this language."""
    return any(_same(code, language) for code, _ in settings.LANGUAGES)


def around_a_text(language: str) -> translation.override:
    """Let the words of the interface be in the language of the text that they stand around (`interface_for`)."""
    return translation.override(interface_for(language))


def interface_language() -> str:
    """Return the language that the interface is in now, as pages state it: "en" or "de"."""
    return (translation.get_language() or settings.LANGUAGE_CODE).partition("-")[0]


def within_sentence(label: str) -> str:
    """Return a label as it stands within a sentence: without its capital, but in German, where nouns keep theirs."""
    return label if interface_language() == "de" else label.lower()


def in_english(words: object) -> str:
    """Return words of ours as the sources have them, whatever the language of the page: for evidence and programs."""
    with translation.override("en-gb"):
        return str(words)


_reading: ContextVar[ZoneInfo | None] = ContextVar("the time zone of the person who reads", default=None)


@contextmanager
def times_read_in(zone: ZoneInfo | None) -> Iterator[None]:
    """Let `moment` write times in this zone; without one, in that of the site. Dates of the site stay as they are."""
    token = _reading.set(zone)
    try:
        yield
    finally:
        _reading.reset(token)


def reading_zone() -> ZoneInfo:
    """Return the time zone in which times are shown now."""
    return _reading.get() or ZoneInfo(settings.TIME_ZONE)


def moment(at: datetime.datetime) -> str:
    """Return a time as pages write it: "3 March 2026, 14:05 UTC", or "3 March 2026, 14:05 GMT (Europe/London)"."""
    zone = reading_zone()
    at = at.astimezone(zone)
    if zone.key == "UTC":
        return gettext("{day}, {time} UTC").format(day=date_format(at), time=f"{at:%H:%M}")
    said = gettext("{day}, {time} {clock} ({zone})")
    return said.format(day=date_format(at), time=f"{at:%H:%M}", clock=clock(at), zone=zone.key)


def clock(at: datetime.datetime) -> str:
    """Return how clocks go at this time, which has a zone: GMT, BST, UTC+03."""
    name = f"{at:%Z}"
    return name if name.isalpha() else f"UTC{name}"


def _same(one: str, other: str) -> bool:
    return one.partition("-")[0].lower() == other.partition("-")[0].lower()
