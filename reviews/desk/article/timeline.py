"""The ledger's events of one article, in words."""

import datetime
import json
from dataclasses import dataclass

from articles.models import Article, Notice, Version
from reviews.models import Capacity, LedgerEvent

MOST = 200


@dataclass(frozen=True)
class Entry:
    """One event as a sentence. `reason` is what the person wrote, where they wrote anything."""

    at: datetime.datetime
    sentence: str
    reason: str


SENTENCES = {
    "submitted": "{actor} submitted version {version} as a {change} change.",
    "recalled": "{actor} took version {version} back.",
    "assigned": "{actor} asked {reviewer} to review version {version} as {capacity}.",
    "unassigned": "{actor} took the request to {reviewer} back.",
    "recused": "{actor} stepped back from reviewing version {version}.",
    "approve": "{actor} approved version {version} as {capacity}.",
    "request_changes": "{actor} asked for changes to version {version} as {capacity}.",
    "approval_withdrawn": "{actor} withdrew the approval of version {version}.",
    "declined": "{actor} declined version {version}.",
    "round_ended": "{actor} ended the round on version {version}.",
    "scheduled": "{actor} scheduled version {version} for {publish_at}.",
    "schedule_cancelled": "{actor} cancelled the schedule of version {version}.",
    "schedule_refused": "Version {version} was not published as scheduled.",
    "published": "{actor} published version {version}.",
    "notice_issued": "{actor} issued a notice: {kind}.",
    "notice_lifted": "{actor} lifted a notice: {kind}.",
    "commented": "{actor} commented on version {version}.",
    "comment_resolved": "{actor} resolved a comment on version {version}.",
}


CONFIDENTIAL = ("recused", "unassigned")  # why somebody stepped back, or was let go, is for editors to read


def timeline(article: Article, *, for_editor: bool = False) -> tuple[list[Entry], bool]:
    """Return the newest events of the article, newest first, in one query, and whether there are older ones."""
    events = LedgerEvent.objects.filter(article=str(article.public_id)).select_related("private").order_by("-position")
    found = [_entry(event, for_editor) for event in events[: MOST + 1]]
    return found[:MOST], len(found) > MOST


def _entry(event: LedgerEvent, for_editor: bool) -> Entry:
    said = json.loads(event.payload)
    private = getattr(event, "private", None)
    hidden = json.loads(private.text) if private else {}
    action = said.get("outcome", event.action) if event.action == "decided" else event.action
    action = "notice_lifted" if action == "notice_issued" and said.get("lifts") else action
    sentence = SENTENCES.get(action, f"{{actor}}: {action.replace('_', ' ')}.").format_map(_Words(_words(said, hidden)))
    if action == "approve" and said.get("status") == "approved":
        sentence += " The quorum is full: the version is approved."
    reason = hidden.get("reason") or hidden.get("note") or said.get("reason") or ""
    return Entry(_time(event.at), sentence, "" if event.action in CONFIDENTIAL and not for_editor else reason)


class _Words(dict):
    """The words of an event; what it does not say is left open rather than stopping the whole page."""

    def __missing__(self, key):
        return "somebody" if key in ("actor", "reviewer") else "…"


def _words(said: dict, hidden: dict) -> dict:
    words = {
        **said,
        "reviewer": hidden.get("reviewer") or "somebody",
        "actor": hidden.get("actor_name") or "The system",
    }
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
