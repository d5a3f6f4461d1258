"""Works that were retracted after a text that cites them was frozen: the frozen text cannot say so any more."""

import json
from dataclasses import dataclass

from articles.text import richtext
from articles.text.citations.fields import markup
from articles.text.citations.reference import is_retracted


@dataclass(frozen=True)
class Retracted:
    """A cited work that the library calls retracted; `since` tells that it did not when the text was frozen."""

    key: str
    title: str
    since: bool


def retracted(key: str, frozen: str, known: str) -> Retracted | None:
    """
    Return the work when `known`, the library's CSL-JSON today, calls it retracted; `frozen` is that of the text.

    Nothing is said of a work whose entry in the library is another one by now.
    """
    now, then = work_of(known), work_of(frozen)
    if not is_retracted(now) or not _is_same(then, now):
        return None
    return Retracted(key, plain_title(then), since=not is_retracted(then))


def _is_same(then: dict, now: dict) -> bool:
    """
    Tell whether two entries are of one work: by a number that both have, or else by their titles.

    Publishers write “Retracted:” before a title, so one that holds the other is enough.
    """
    for name in ("DOI", "PMID"):
        if then.get(name) and now.get(name):
            return str(then[name]).casefold() == str(now[name]).casefold()
    old, new = plain_title(then).casefold(), plain_title(now).casefold()
    return old in new or new in old


def plain_title(csl: dict) -> str:
    """Return the title as plain text, in which nothing raised or lowered is brought down; empty without one."""
    return " ".join(richtext.plain(markup(csl.get("title"))).split())


def work_of(csl_text: str) -> dict:
    """Return the work; an empty one where the text holds none."""
    try:
        work = json.loads(csl_text)
    except ValueError:
        return {}
    return work if isinstance(work, dict) else {}
