"""Cited works that were retracted after the text was frozen. The frozen text cannot say so."""

import json
from dataclasses import dataclass

from articles.text import richtext
from articles.text.citations.fields import Work, markup
from articles.text.citations.reference import is_retracted


@dataclass(frozen=True)
class Retracted:
    """A cited work that is now marked as retracted. `since`: it was not yet when the text was frozen."""

    key: str
    title: str
    since: bool


def retracted(key: str, frozen: str, known: str) -> Retracted | None:
    """
    Return the work if `known`, its CSL-JSON in the library now, marks it as retracted; `frozen` is that of the text.

    Return None if the library's entry has become another work.
    """
    now, then = work_of(known), work_of(frozen)
    if not is_retracted(now) or not _is_same(then, now):
        return None
    return Retracted(key, plain_title(then), since=not is_retracted(then))


def _is_same(then: Work, now: Work) -> bool:
    """
    Tell whether two entries are of one work: by an identifier that both have, or else by their titles.

    It is enough if one title contains the other: publishers write “Retracted:” before it.
    """
    for name in ("DOI", "PMID"):
        if then.get(name) and now.get(name):
            return str(then[name]).casefold() == str(now[name]).casefold()
    old, new = plain_title(then).casefold(), plain_title(now).casefold()
    return old in new or new in old


def plain_title(csl: Work) -> str:
    """Return the title as plain text with superscripts and subscripts marked; empty without a title."""
    return " ".join(richtext.plain(markup(csl.get("title"))).split())


def work_of(csl_text: str) -> Work:
    """Return the work of the JSON text; an empty one if it is malformed."""
    try:
        work = json.loads(csl_text)
    except ValueError:
        return {}
    return work if isinstance(work, dict) else {}
