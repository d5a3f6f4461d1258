"""Cited works that are retracted or doubted, which the frozen text may not say."""

import json
from dataclasses import dataclass
from datetime import date

from articles.text import richtext
from articles.text.citations.fields import Work, doi_url, markup, pubmed_url
from articles.text.citations.reference import is_doubted, is_retracted
from articles.text.citations.retractions.standing import Standing


@dataclass(frozen=True)
class Retracted:
    """
    A cited work that is retracted, or about which there is an expression of concern.

    `since`: the frozen text does not call it retracted. `day` and `notice`, the identifier of the notice, come from the
    list of retractions; they are empty if only our library calls the work retracted. `is_listed`: only the list says
    so.
    """

    key: str
    title: str
    since: bool
    standing: str = Standing.RETRACTED
    day: date | None = None
    notice: str = ""
    is_listed: bool = False

    @property
    def is_retracted(self) -> bool:
        return self.standing == Standing.RETRACTED

    @property
    def notice_url(self) -> str:
        """The address of the notice, at its DOI or at PubMed; empty without one."""
        return url_of(self.notice)


@dataclass(frozen=True)
class CitedWork:
    """How a work that a text cites stands today, by the list of retractions and by the library's entry."""

    key: str
    title: str
    standing: Standing
    day: date | None = None
    notice: str = ""

    @property
    def label(self) -> str:
        return str(self.standing.label)

    @property
    def is_telling(self) -> bool:
        """Tell whether something happened to the work."""
        return self.standing not in (Standing.NONE, Standing.UNCHECKED)

    @property
    def notice_url(self) -> str:
        return url_of(self.notice)


def cited_work(key: str, frozen: str, known: str, listed: str, is_checked: bool) -> CitedWork:
    """
    Return how a work stands; `listed` is what the list says of it, as for `retracted`.

    `is_checked`: a list is loaded, and the work has an identifier by which it would be found there. The library's word
    counts where it is graver than the list's, but not if its entry has become another work.
    """
    now, then = work_of(known), work_of(frozen)
    now = now if _is_same(then, now) else {}
    said, day, notice = (listed.split(" ") if listed else ["", "", ""])[:3]
    standing = Standing(said) if said else Standing.NONE if is_checked else Standing.UNCHECKED
    if is_retracted(now) or is_retracted(then):
        standing = Standing.RETRACTED
    elif standing != Standing.RETRACTED and (is_doubted(now) or is_doubted(then)):
        standing = Standing.CONCERN
    return CitedWork(key, plain_title(then), standing, date.fromisoformat(day) if day else None, notice)


def url_of(identifier: str) -> str:
    """Return the address of a work by its identifier, `doi:10.1000/x` or `pmid:123`; empty for an empty one."""
    name, _colon, value = identifier.partition(":")
    return {"doi": doi_url, "pmid": pubmed_url}[name](value) if value else ""


def retracted(key: str, frozen: str, known: str, listed: str = "") -> Retracted | None:
    """
    Return the work if it is retracted or doubted now; `frozen` is its CSL-JSON in the text.

    `known` is its CSL-JSON in the library now, and `listed` what the list of retractions says of it: standing, day and
    notice, parted by spaces. Return None if the library's entry has become another work.
    """
    now, then = work_of(known), work_of(frozen)
    standing, day, notice = (listed.split(" ") if listed else ["", "", ""])[:3]
    if is_retracted(now):
        standing = Standing.RETRACTED.value
    elif is_doubted(now) and standing != Standing.RETRACTED:
        standing = Standing.CONCERN.value
    if standing not in (Standing.RETRACTED, Standing.CONCERN) or not _is_same(then, now):
        return None
    return Retracted(
        key,
        plain_title(then),
        since=not is_retracted(then),
        standing=standing,
        day=date.fromisoformat(day) if day else None,
        notice=notice,
        is_listed=bool(listed) and not (is_retracted(now) or is_doubted(now)),
    )


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
