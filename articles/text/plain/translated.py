"""
Our own words in the language of the page, also in a process without Django.

A large file is read in a process of its own, which has neither settings nor a database (`articles.files.apart`). It
calls `speak`, and its words then come from the same catalogue through Python's own gettext. Elsewhere they come from
Django.
"""

import gettext as catalogues
from pathlib import Path
from typing import Any

LOCALE = Path(__file__).parents[2] / "locale"
_own: list[catalogues.NullTranslations] = []  # of a process without Django


def speak(language: str) -> None:
    """Let the words of this process be in the language from now on; in English if there is no catalogue of it."""
    _own[:] = [catalogues.translation("django", LOCALE, [language], fallback=True)]


def language() -> str:
    """Return the language of the page; empty if words are not translated now."""
    return _words().get_language() or ""


def gettext(message: str) -> str:
    return str(_words().gettext(message))


def ngettext(singular: str, plural: str, number: int) -> str:
    return str(_words().ngettext(singular, plural, number))


def pgettext(context: str, message: str) -> str:
    return str(_words().pgettext(context, message))


def gettext_noop(message: str) -> str:
    """Return the message as it is. It is marked for translation here, and translated where it is used."""
    return message


def number(count: int) -> str:
    """Return the number with its thousands apart: 20,000."""
    return f"{count:,}".replace(",", pgettext("between thousands", ","))


def _words() -> Any:
    if _own:
        return _own[0]
    from django.utils import translation  # not at the top: see above

    return translation
