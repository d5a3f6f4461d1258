"""What the list of all articles can be limited to: a first letter, and a kind of article."""

import string
import unicodedata
from dataclasses import dataclass, replace
from functools import cache
from urllib.parse import urlencode

from django.db.models import Q
from django.db.models.functions import Ord
from django.db.models.lookups import In
from django.http import Http404, HttpRequest
from django.utils.translation import gettext_lazy as _

from articles.models import Article

LETTERS = string.ascii_lowercase
DIGITS = "0-9"
OTHER = "other"  # titles that begin with neither a Latin letter nor a digit
LABELS = {"": _("All"), OTHER: _("Other")}
KINDS = {Article.Kind.TOPIC: _("Articles on a subject"), Article.Kind.QUESTION: _("Questions and answers")}
NONE = {  # by the limits: that no article is within them, and that no further one is
    ("kind", ""): (
        _("No published article is of this kind."),
        _("No further published article is of this kind."),
    ),
    ("kind", "letter"): (
        _("No published article is of this kind and begins with this letter."),
        _("No further published article is of this kind and begins with this letter."),
    ),
    ("kind", "digit"): (
        _("No published article is of this kind and begins with a digit."),
        _("No further published article is of this kind and begins with a digit."),
    ),
    ("", "letter"): (
        _("No published article begins with this letter."),
        _("No further published article begins with this letter."),
    ),
    ("kind", "other"): (
        _("No published article is of this kind and begins with another sign."),
        _("No further published article is of this kind and begins with another sign."),
    ),
    ("", "other"): (
        _("No published article begins with another sign."),
        _("No further published article begins with another sign."),
    ),
    ("", "digit"): (
        _("No published article begins with a digit."),
        _("No further published article begins with a digit."),
    ),
}
ACCENTED = range(0xC0, 0x250)  # Latin letters beyond ASCII


@dataclass(frozen=True)
class Limits:
    """`letter` is one of LETTERS, DIGITS or OTHER, `kind` one of KINDS; what is empty limits nothing."""

    letter: str = ""
    kind: str = ""

    @classmethod
    def of(cls, request: HttpRequest) -> "Limits":
        """Return what the address asks for; raise Http404 for another letter or kind."""
        letter, kind = request.GET.get("letter", ""), request.GET.get("kind", "")
        if letter not in ("", DIGITS, OTHER, *LETTERS) or kind not in ("", *KINDS):
            raise Http404
        return cls(letter, kind)

    @property
    def query(self) -> str:
        """Return the limits as the query of an address, without a question mark."""
        return urlencode({name: value for name, value in (("letter", self.letter), ("kind", self.kind)) if value})

    @property
    def condition(self) -> Q:
        """Return the condition on versions."""
        condition = Q(kind=self.kind) if self.kind else Q()
        if self.letter == OTHER:
            return condition & ~Q(In(Ord("title"), filed_elsewhere()))
        beginning = Q()
        for sign in string.digits if self.letter == DIGITS else written(self.letter):
            beginning |= Q(title__startswith=sign)
        return condition & beginning

    def none_in_words(self, *, is_further: bool) -> str:
        """Return that no article, or no further one, is within these limits."""
        begins = {"": "", DIGITS: "digit", OTHER: "other"}.get(self.letter, "letter")
        return str(NONE["kind" if self.kind else "", begins][is_further])

    def letters(self) -> list["Choice"]:
        return [
            Choice(str(LABELS.get(letter, letter.upper())), replace(self, letter=letter).query, letter == self.letter)
            for letter in ("", *LETTERS, DIGITS, OTHER)
        ]

    def kinds(self) -> list["Choice"]:
        return [
            Choice(str(called), replace(self, kind=kind).query, kind == self.kind)
            for kind, called in [("", _("All kinds")), *KINDS.items()]
        ]


@dataclass(frozen=True)
class Choice:
    """A link to the list with another limit."""

    label: str
    query: str
    is_chosen: bool


@cache
def written(letter: str) -> tuple[str, ...]:
    """Return the signs that a title under this letter begins with: a, A, Å, æ, … for “a”; none for the empty text."""
    if not letter:
        return ()
    accented = [chr(code) for code in ACCENTED if _plain(chr(code)) == letter]
    return (letter, letter.upper(), *accented)


@cache
def filed_elsewhere() -> list[int]:
    """Return the code points of all signs under which a title is filed by letter or digit."""
    return [ord(sign) for sign in (*string.digits, *(sign for letter in LETTERS for sign in written(letter)))]


def _plain(sign: str) -> str:
    """Return the ASCII letter under which a sign is filed, or the sign itself."""
    known = {"æ": "a", "œ": "o", "ø": "o", "ß": "s", "đ": "d", "ł": "l", "ı": "i"}
    return known.get(sign.lower(), unicodedata.normalize("NFD", sign.lower())[0])
