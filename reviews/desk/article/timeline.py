"""The timeline of an article: the events of the ledger as sentences."""

import datetime
import json
from collections.abc import Set
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.models import Article, Notice, Version
from articles.models.people import Role, roles_of
from articles.text.languages import moment, within_sentence
from reviews.desk.access import visible_comments
from reviews.evidence.ledger import row_name
from reviews.models import Assignment, Capacity, Comment, Decision, LedgerEvent, Review
from reviews.models.actions import Action, Mark

MOST = 200


@dataclass(frozen=True)
class Entry:
    """One event as a sentence. `reason` is the person's reason or note, or ""."""

    at: datetime.datetime
    sentence: str
    reason: str
    position: int = 0


CHANGES: dict[str, Any] = {
    Version.Change.CORRECTION: gettext_lazy("correction"),
    Version.Change.MINOR: gettext_lazy("minor change"),
    Version.Change.MAJOR: gettext_lazy("major change"),
}
KNOWN = set(Action)


def timeline(article: Article, user: User) -> tuple[list[Entry], bool]:
    """
    Return the last `MOST` events of the article, newest first, and whether there are older ones; a few queries.

    Events about comments that this person may not read are left out.
    """
    roles = roles_of(user)
    for_editor = Role.EDITOR in roles
    hidden = article.comments.exclude(pk__in=visible_comments(article, user, roles).order_by().values("pk"))
    names = set() if for_editor else {row_name(row) for row in hidden.only("pk")}
    events = LedgerEvent.objects.filter(article=str(article.public_id)).select_related("private").order_by("-position")
    rows = list(events[: MOST + 1])
    return entries_of(rows[:MOST], for_editor, names), len(rows) > MOST


def entries_of(events: list[LedgerEvent], for_editor: bool, hidden: Set[str]) -> list[Entry]:
    """Return the events, given newest first with their private parts, as sentences; none about a row in `hidden`."""
    approving = approvals_among(events)
    found = [_entry(event, for_editor, hidden, approving.get(event.pk, "")) for event in events]
    return [entry for entry in found if entry]


def approvals_among(events: list[LedgerEvent]) -> dict[int, str]:
    """
    Return what to say of the events, given newest first, that approved a version or completed its full review.

    An urgent version stays approved while others sign, so its status alone does not say which event approved it. That
    is the first one since its submission. Nothing is said of it if the submission is not among these events.
    """
    said: dict[int, str] = {}
    awaited: set[Any] = set()
    before = None
    for event in reversed(events):
        payload = json.loads(event.payload)
        if event.action == Action.SUBMITTED:
            awaited.add(payload.get("version"))
        elif event.action == Action.FULL_REVIEW_COMPLETED and before:
            at_once = before.pk in said
            said[before.pk] = _("The quorum is met: the version is approved.") if at_once else _("The quorum is met.")
        elif payload.get("status") == Review.Status.APPROVED and payload.get("version") in awaited:
            awaited.remove(payload.get("version"))
            said[event.pk] = _approved(payload)
        before = event
    return said


def _approved(payload: dict[str, Any]) -> str:
    if due := payload.get("full_review_due"):
        day = date_format(datetime.date.fromisoformat(due))
        return _("The version is approved urgently; its full review is due by {day}.").format(day=day)
    return _("The quorum is met: the version is approved.")


def _entry(event: LedgerEvent, for_editor: bool, hidden: Set[str], approving: str) -> Entry | None:
    payload = json.loads(event.payload)
    private_row = getattr(event, "private", None)
    private = json.loads(private_row.text) if private_row else {}
    if not hidden.isdisjoint(private.get("rows", ())):
        return None
    words = _Words(_words(payload, private))
    if event.action not in KNOWN:  # of a later release
        return Entry(_time(event.at), f"{words['actor']}: {event.action.replace('_', ' ')}.", "", event.pk)
    action = Action(event.action)
    sentence = _sentence(action, payload, private).format_map(words)
    if action == Action.URGENCY_DECLARED and payload.get("requests_brought_forward"):
        sentence += " " + _("The open requests are due with the full review.")
    if action == Action.APPROVAL_WITHDRAWN and payload.get("schedule_cancelled"):
        sentence += " " + _("The scheduled publication is cancelled.")
    if approving:
        sentence += f" {approving}"
    is_hidden = Mark.CONFIDENTIAL in action.marks and not for_editor
    reason = private.get("reason") or private.get("note") or payload.get("reason") or ""
    said = "\n".join(filter(None, [_declined(private), Review.reason_in_words(reason), _suggested(private)]))
    return Entry(_time(event.at), sentence, "" if is_hidden else said, event.pk)


def _declined(private: dict[str, Any]) -> str:
    """Return why a request was declined; "" if it was not."""
    if private.get("declined_because") not in Assignment.Because.values:
        return ""
    return _("Reason: {reason}.").format(reason=Assignment.Because(private["declined_because"]).label)


def _suggested(private: dict[str, Any]) -> str:
    suggestion = private.get("suggestion")
    return Assignment.suggestion_in_words(suggestion) if suggestion else ""


def _sentence(action: Action, payload: dict[str, Any], private: dict[str, Any]) -> str:
    """Return the sentence of the event, which says what was decided and whether a notice was lifted."""
    if action == Action.RECUSED and private.get("declined_because"):
        return _("{actor} declined to review version {version}.")
    if action == Action.DECIDED and payload.get("outcome") == Decision.Outcome.APPROVE:
        return _("{actor} approved version {version} as {capacity}.")
    if action == Action.DECIDED and payload.get("outcome") == Decision.Outcome.REQUEST_CHANGES:
        return _("{actor} asked for changes to version {version} as {capacity}.")
    if action == Action.COMMENTED and payload.get("comment") == Comment.Kind.QUESTION:
        return _("{actor} asked a question about version {version}.")
    if action == Action.COMMENTED and payload.get("comment") == Comment.Kind.CHANGE_REQUEST:
        return _("{actor} asked for a change of version {version} in a comment.")
    if action == Action.COMMENT_ASSIGNED and "account" not in payload:
        return _("{actor} assigned a comment on version {version} to nobody.")
    if action == Action.COMMENT_RESOLVED and payload.get("disposition") in Comment.Disposition.values:
        return _("{actor} resolved a comment on version {version}: {disposition}.")
    if action == Action.NOTICE_ISSUED and payload.get("lifts"):
        return _("{actor} lifted a notice: {kind}.")
    return str(action.sentence)


class _Words(dict[str, Any]):
    """The words for the sentence of an event. A missing word becomes “…”, so that the page never fails."""

    def __missing__(self, key: str) -> str:
        return _("somebody") if key in ("actor", "reviewer") else "…"


def _words(payload: dict[str, Any], private: dict[str, Any]) -> dict[str, Any]:
    words = {
        **payload,
        "reviewer": private.get("reviewer") or _("somebody"),
        "actor": private.get("actor_name") or _("The system"),
    }
    if payload.get("capacity") in Capacity.values:
        words["capacity"] = str(Capacity(payload["capacity"]).in_a_sentence)
    if payload.get("kind") in Notice.Kind.values:
        words["kind"] = within_sentence(str(Notice.Kind(payload["kind"]).label))
    if payload.get("change") in Version.Change.values:
        words["change"] = str(CHANGES[payload["change"]])
    if payload.get("disposition") in Comment.Disposition.values:
        words["disposition"] = within_sentence(str(Comment.Disposition(payload["disposition"]).label))
    if "publish_at" in payload:
        words["publish_at"] = moment(datetime.datetime.fromisoformat(payload["publish_at"]))
    return words


def _time(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
