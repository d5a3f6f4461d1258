"""The ledger's events of one article, in words."""

import datetime
import json
from dataclasses import dataclass

from articles.models import Article, Notice, Version
from reviews.models import Capacity, Decision, LedgerEvent, Review
from reviews.models.actions import Action, Mark

MOST = 200


@dataclass(frozen=True)
class Entry:
    """One event as a sentence. `reason` is what the person wrote, where they wrote anything."""

    at: datetime.datetime
    sentence: str
    reason: str


CONCLUDED = {Decision.Outcome.APPROVE: "approved", Decision.Outcome.REQUEST_CHANGES: "asked for changes to"}
KNOWN = set(Action)


def timeline(article: Article, *, for_editor: bool = False) -> tuple[list[Entry], bool]:
    """Return the newest events of the article, newest first, in one query, and whether there are older ones."""
    events = LedgerEvent.objects.filter(article=str(article.public_id)).select_related("private").order_by("-position")
    found = [_entry(event, for_editor) for event in events[: MOST + 1]]
    return found[:MOST], len(found) > MOST


def _entry(event: LedgerEvent, for_editor: bool) -> Entry:
    said = json.loads(event.payload)
    private = getattr(event, "private", None)
    hidden = json.loads(private.text) if private else {}
    words = _Words(_words(said, hidden))
    if event.action not in KNOWN:  # of a later release
        return Entry(_time(event.at), f"{words['actor']}: {event.action.replace('_', ' ')}.", "")
    action = Action(event.action)
    sentence = action.sentence.format_map(words)
    if (said.get("outcome"), said.get("status")) == (Decision.Outcome.APPROVE, Review.Status.APPROVED):
        sentence += " The quorum is met: the version is approved."
    is_hidden = Mark.CONFIDENTIAL in action.marks and not for_editor
    reason = hidden.get("reason") or hidden.get("note") or said.get("reason") or ""
    return Entry(_time(event.at), sentence, "" if is_hidden else reason)


class _Words(dict):
    """The words of an event; what it does not say is left open rather than stopping the whole page."""

    def __missing__(self, key):
        return "somebody" if key in ("actor", "reviewer") else "…"


def _words(said: dict, hidden: dict) -> dict:
    words = {
        **said,
        "reviewer": hidden.get("reviewer") or "somebody",
        "actor": hidden.get("actor_name") or "The system",
        "issued": "lifted" if said.get("lifts") else "issued",
    }
    if said.get("outcome") in CONCLUDED:
        words["concluded"] = CONCLUDED[said["outcome"]]
    if said.get("capacity") in Capacity.values:
        words["capacity"] = Capacity(said["capacity"]).label.lower()
    if said.get("kind") in Notice.Kind.values:
        words["kind"] = Notice.Kind(said["kind"]).label.lower()
    if said.get("change") in Version.Change.values:
        words["change"] = said["change"]
    if "publish_at" in said:
        words["publish_at"] = f"{datetime.datetime.fromisoformat(said['publish_at']):%-d %B %Y, %H:%M} UTC"
    return words


def _time(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
