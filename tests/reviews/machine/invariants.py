"""What has to hold after every step; the numbers are those of the list in `machine.py`."""

import base64
import hashlib
import json
from collections import Counter
from functools import cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import connection

from articles.models.article import Article, ArticleQuerySet
from reviews.site.review_process import Reviews
from tests.reviews.machine import snapshot as database

PENDING = ("submitted", "under_review")
MEANING = {"approve": "approval", "request_changes": "review", "withdraw": "withdrawal"}
COMMITTED = (
    "articles_notice",
    "articles_version",
    "reviews_assignment",
    "reviews_attestation",
    "reviews_boardmember",
    "reviews_comment",
    "reviews_decision",
    "reviews_disclosure",
    "reviews_managementplan",
    "reviews_override",
    "reviews_review",
    "reviews_schedule",
    "reviews_signature",
)
ROLES = {"author": "author", "editor": "editor", "reviewer": "reviewer", "admin": "administrator"}


class Violation(AssertionError):
    """The workflow did something else than the model says, or left something behind that may not be."""


def require(holds, *words):
    if not holds:
        raise Violation(" ".join(str(word) for word in words))


class Chain:
    """The ledger so far, as an outsider would check and replay it: one new event after the other."""

    def __init__(self):
        self.position, self.hash, self.public_key, self.ledger_id = 0, "0" * 64, None, ""
        self.articles: dict[str, dict] = {}

    def copy(self) -> "Chain":
        other = Chain()
        other.__dict__.update(self.__dict__)
        other.articles = {name: {**each, "versions": dict(each["versions"])} for name, each in self.articles.items()}
        return other

    def follow(self) -> list[dict]:
        """Check the new events against those before them (invariant 4) and replay them; return them."""
        events = database.events_after(self.position)
        for event in events:
            event["said"] = json.loads(event["payload"])
            self._check(event)
            self._replay(event)
        return events

    def _check(self, event: dict):
        if self.public_key is None:
            self.public_key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(event["said"]["public_key"]))
            self.ledger_id = event["ledger_id"]
        require(event["position"] == self.position + 1, "gap before event", event["position"])
        require(event["previous_hash"] == self.hash, "event", event["position"], "does not follow the one before")
        require(event["ledger_id"] == self.ledger_id, "event", event["position"], "is of another ledger")
        require(event["hash"] == event_hash(event), "event", event["position"], "has another hash")
        try:
            self.public_key.verify(base64.b64decode(event["signature"]), bytes.fromhex(event["hash"]))
        except InvalidSignature:
            raise Violation(f"event {event['position']} is not signed with the ledger's key") from None
        if event["text"] is not None:
            committed = hashlib.sha256(f"{event['salt']}\n{event['text']}".encode()).hexdigest()
            require(event["private_commitment"] == committed, "private part of event", event["position"])
        self.position, self.hash = event["position"], event["hash"]

    def _replay(self, event: dict):
        said, action = event["said"], event["action"]
        if not event["article"] or "version" not in said:
            return
        article = self.articles.setdefault(event["article"], {"versions": {}, "public": None})
        number = said["version"]
        was = article["versions"].get(number, "")
        if action == "published":
            owing = "_urgently" if was.endswith("_urgently") else ""
            article["public"], article["versions"][number] = number, f"published{owing}"
        elif action == "full_review_completed":
            article["versions"][number] = was.removesuffix("_urgently")
        elif was.endswith("_urgently") and said.get("status", "approved") == "approved" and action != "submitted":
            pass  # the version stays approved urgently, whoever is asked and decides
        elif said.get("status") == "approved" and "full_review_due" in said:
            article["versions"][number] = "approved_urgently"
        elif action in ("submitted", "recalled", "declined"):
            article["versions"][number] = action
        elif action == "assigned":
            article["versions"][number] = "under_review"
        elif "status" in said:
            article["versions"][number] = said["status"]

    def state_of(self, public_id: str) -> dict:
        return self.articles.get(public_id, {"versions": {}, "public": None})


def event_hash(event: dict) -> str:
    columns = ("position", "ledger_id", "at", "action", "article", "actor", "payload", "private_commitment",
               "previous_hash", "key_id")  # fmt: skip
    text = json.dumps(
        {name: event[name] for name in columns}, sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )
    return hashlib.sha256(f"imprimatur/event/1\n{text}".encode()).hexdigest()


def replay_agrees(chain: Chain, article, public_id: str):
    """1. What the ledger tells of an article is where the article stands."""
    told = chain.state_of(public_id)
    stands = {version.number: version.state for version in article.versions}
    require(
        told == {"versions": stands, "public": article.public}, "the ledger tells", told, "of", article.name, stands
    )


def events_are(events: list[dict], wanted: list, world, public_ids: dict):
    """2, 4. The new events are those wanted: what, on which article, by whom, and in a role that may do it."""
    actors = [json.loads(event["text"] or "{}").get("actor", "") for event in events]
    found = [(event["action"], event["article"], actor) for event, actor in zip(events, actors, strict=True)]
    told = [
        (each.action, public_ids.get(each.article, ""), str(world.people[each.actor].pk) if each.actor else "")
        for each in wanted
    ]
    require(Counter(found) == Counter(told), "events", found, "instead of", told)
    roles = {(each.action, public_ids.get(each.article, "")): (each.role, each.actor) for each in wanted}
    for event in events:
        role, actor = roles[event["action"], event["article"]]
        if not actor:
            continue
        held = sorted(ROLES[name] for name in world.people[actor].roles if world.people[actor].active)
        secret = json.loads(event["text"])
        require(secret["actor_roles"] == held, "the event says that", actor, "was", secret["actor_roles"])
        require(not role or ROLES[role] in held, event["action"], "by", actor, "who is no", role)


def written_rows_are_committed(changes: list, events: list[dict]):
    """4. Every row of process and evidence that the step wrote is named, with its digest, in the step's events."""
    parts = [part for event in events for part in (event["said"], json.loads(event["text"] or "{}"))]
    named = {name for part in parts for name in part.get("rows", {})}
    for table, before, now in changes:
        if table in COMMITTED and now is not None:
            require(f"{table}:{now['id']}" in named, f"{table}:{now['id']}", "was", before, "is", now, "in no event")


def draft_is_untouched(changes: list):
    """12. A step changes no draft: nothing of the article but its pointers."""
    for table, before, now in changes:
        require(table not in ("articles_section", "articles_authorship"), "a step changed a draft:", table, now)
        if table == "articles_article":
            moved = {name for name in now if before is None or before[name] != now[name]}
            require(moved <= database.POINTERS, "a step changed", moved, "of an article")


def texts_stand(article, article_id: int):
    """5. Versions are numbered 1 to n; each stored text is the draft as it was submitted and has the same digest."""
    texts = database.texts_of(article_id)
    require([number for number, _, _ in texts] == list(range(1, len(article.versions) + 1)), "numbers of", article.name)
    for (number, digest, text), version in zip(texts, article.versions, strict=True):
        require(hashlib.sha256(text.encode()).hexdigest() == digest == version.digest, "text of", article.name, number)
        content = json.loads(text)
        require(content["sections"][0]["body"] == version.draft.body, "text of", article.name, number, "is", content)
        require(content["risk"] == version.draft.risk, "risk of", article.name, number)


def public_is_signed(after: database.Snapshot, article, article_id: int):
    """6. What is public has its full quorum of live approvals, each signed after submission over its very digest."""
    if not article.public:
        return
    version = article.versions[article.public - 1]
    row = next(
        each
        for each in after.rows("articles_version")
        if each["article_id"] == article_id and each["number"] == version.number
    )
    superseded = {each["supersedes_id"] for each in after.rows("reviews_decision")}
    approvals = [
        after.tables["reviews_signature"][each["signature_id"]]
        for each in after.rows("reviews_decision")
        if each["outcome"] == "approve" and each["id"] not in superseded
    ]
    signed = [
        each
        for each in approvals
        if each["version_id"] == row["id"] and each["digest"] == version.digest and each["meaning"] == "approval"
        and str(each["signed_at"]) >= str(row["submitted_at"]) and each["capacity"] != "lay"
    ]  # fmt: skip
    needed = version.quorum["clinical"] + version.quorum["pharmacist"]
    is_full = len(signed) >= needed and version.has_full_quorum()
    enough = is_full or (version.owing and version.approves_urgently() and len(signed) >= 1)
    require(enough, article.name, "is public with", len(signed), "approvals")


def signatures_are_lawful(changes: list, after: database.Snapshot, world):
    """9. Who signs wrote no part of it, was asked by another, and signs what the decision means, over the digest."""
    for table, _, row in changes:
        if table != "reviews_decision":
            continue
        signature = after.tables["reviews_signature"][row["signature_id"]]
        asked = after.tables["reviews_assignment"][row["assignment_id"]]
        review = after.tables["reviews_review"][row["review_id"]]
        version = after.tables["articles_version"][review["version_id"]]
        writers = [writer["id"] for writer in json.loads(version["writers"])]
        require(signature["signer_id"] == asked["reviewer_id"], "somebody else signed")
        require(signature["signer_id"] not in writers, "a writer signed")
        require(asked["assigned_by_id"] != asked["reviewer_id"], "the signer asked themself")
        require(asked["review_id"] == review["id"], "the assignment is of another review")
        require(signature["meaning"] == MEANING[row["outcome"]], row["outcome"], "was signed as", signature["meaning"])
        require(signature["version_id"] == version["id"] and signature["digest"] == version["digest"], "signed digest")
        require(version["digest"] in signature["statement"], "the statement names another digest")
        require(signature["capacity"] == asked["capacity"], "signed in another capacity")
        person = next(each for each in world.people.values() if each.pk == signature["signer_id"])
        require(person.holds("reviewer"), person.name, "signed and is not on the board")


def one_of_each(after: database.Snapshot):
    """10. One review under way per article, one open assignment and one live decision per reviewer, one schedule."""
    superseded = {row["supersedes_id"] for row in after.rows("reviews_decision")}
    assignments = after.tables["reviews_assignment"]
    counted = [
        Counter(row["article_id"] for row in after.rows("reviews_review") if row["status"] in PENDING),
        Counter((row["review_id"], row["reviewer_id"]) for row in assignments.values() if row["ended_at"] is None),
        Counter(
            (row["review_id"], assignments[row["assignment_id"]]["reviewer_id"])
            for row in after.rows("reviews_decision")
            if row["id"] not in superseded
        ),
        Counter(row["article_id"] for row in after.rows("reviews_schedule") if row["closed_at"] is None),
    ]
    for counter in counted:
        require(all(number == 1 for number in counter.values()), "more than one at a time:", counter)
    for row in assignments.values():
        review = after.tables["reviews_review"][row["review_id"]]
        owing = review["status"] == "approved" and review["full_review_due"] and not review["completed_at"]
        ended = review["status"] not in PENDING and not owing
        require(not (ended and row["ended_at"] is None), "assignment", row["id"], "outlives its review")


@cache
def reading_sql(*ways) -> tuple:
    """Return the two statements by which readers' pages are found, compiled once for these ways to write them."""
    shown = Article.objects.public().values_list("pk", "shown_version_id", "published_version_id")
    return shown.query.sql_with_params(), Article.objects.listed().values_list("pk").query.sql_with_params()


def readers_see(world, articles: dict[int, str], after: database.Snapshot):
    """6, 7, 8. The public queryset shows the approved version, or the one in open review, and nothing else."""
    numbers = {row["id"]: (row["article_id"], row["number"]) for row in after.rows("articles_version")}
    with connection.cursor() as cursor:
        public, listing = reading_sql(ArticleQuerySet.public, ArticleQuerySet.listed, Reviews.in_open_review)
        cursor.execute(*public)
        shown = {pk: (*numbers[version], published is None) for pk, version, published in cursor.fetchall()}
        cursor.execute(*listing)
        listed = {pk for (pk,) in cursor.fetchall()}
    for pk, name in articles.items():
        article = world.articles[name]
        wanted = (pk, *article.shown()) if article.shown() else None
        require(shown.get(pk) == wanted, "readers of", name, "see", shown.get(pk), "not", wanted)
        require((pk in listed) == article.listed(), name, "is listed:", pk in listed)
