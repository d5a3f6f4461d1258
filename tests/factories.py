"""
Plain functions that make what a test needs.

People and settings are made directly; every state of an article is reached through the workflow.
"""

import datetime
import io
import itertools
import json

from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone
from PIL import Image, ImageDraw

from articles.checks import fingerprint
from articles.files.pictures.making import make
from articles.files.pictures.storing import store
from articles.models import (
    Article,
    ArticleReference,
    ArticleTopic,
    Audience,
    Authorship,
    Contributor,
    Disclaimer,
    Figure,
    Reference,
    Section,
    Topic,
)
from articles.models.people import Role
from reviews import workflow
from reviews.evidence.ledger.rows import row_digest
from reviews.models import (
    Assignment,
    BoardMember,
    Decision,
    Disclosure,
    LedgerEvent,
    LedgerPrivate,
    Opening,
    Override,
    Review,
    SecurityRecord,
    Specialty,
)
from reviews.workflow.steps.beside.overriding import blocking

PASSWORD = "correct horse battery"
_numbers = itertools.count(1)


def person(username, name="", *, groups=(), credentials="", password=PASSWORD, active=True):
    """Return an account with a public name, in the groups of the roles named: author, editor, reviewer, admin."""
    user = get_user_model().objects.create_user(
        username, email=f"{username}@example.org", password=password, is_active=active
    )
    Contributor.objects.create(user=user, name=name or username.title(), credentials=credentials)
    user.groups.set(Group.objects.filter(name__in=[Role[group.upper()].group for group in groups]))
    return user


def board_member(username, name="", capacities=("clinical",), *, specialties=(), groups=("reviewer",), conflicts=()):
    """Return an account that sits on the board, with credentials checked and a disclosure made today."""
    user = person(username, name, groups=groups, credentials="MD")
    today = timezone.localdate()
    member = BoardMember.objects.create(
        user=user,
        capacities=list(capacities),
        credential_checked_on=today,
        credential_valid_until=today + datetime.timedelta(days=365),
    )
    for specialty in specialties:
        Specialty.objects.create(member=member, topic=topic(specialty))
    disclose(member, conflicts=conflicts)
    return user


def author():
    return person("author", "Ada Author", groups=["author"])


def editor():
    return person("editor", "Edith Editor", groups=["editor"])


def clinical():
    return board_member("reviewer1", "Clara Clinical", ["clinical"])


def specialist():
    return board_member("reviewer2", "Simon Specialist", ["clinical", "specialist"], specialties=["Oncology"])


def editor2():
    return person("editor2", "Edgar Second", groups=["editor"])


def pharmacist():
    return board_member("pharmacist", "Petra Pharmacist", ["pharmacist"])


def lay():
    return board_member("lay", "Larry Layman", ["lay"])


def disclose(member, *, conflicts=(), made_on=None, valid_until=None):
    made_on = made_on or timezone.localdate()
    disclosure = Disclosure.objects.create(
        member=member,
        made_on=made_on,
        valid_until=valid_until or made_on + datetime.timedelta(days=365),
        none_declared=not conflicts,
        statement="Consulting fees." if conflicts else "",
    )
    for name in conflicts:
        disclosure.conflict_rows.create(topic=topic(name))
    return disclosure


def topic(name="Oncology"):
    found = Topic.objects.filter(name=name).first()
    return found or Topic.objects.create(name=name, slug=name.lower().replace(" ", "-"))


def disclaimers():
    """Put a disclaimer in force for every audience, through the workflow."""
    if Disclaimer.objects.in_force().count() == Audience.objects.count():
        return
    first = person(f"issuer{next(_numbers)}", groups=["editor"])
    second = person(f"confirmer{next(_numbers)}", groups=["editor"])
    for audience in Audience.objects.all():
        disclaimer = workflow.issue_disclaimer(audience, actor=first, text=f"For information only ({audience.key}).")
        workflow.confirm_disclaimer(disclaimer, actor=second)
    for editor in (first, second):
        editor.is_active = False
        editor.save()


def png(width=1000, height=500, colour=(20, 120, 120)) -> bytes:
    """Return a PNG file with a disc of this colour."""
    drawing = Image.new("RGB", (width, height), (240, 240, 230))
    ImageDraw.Draw(drawing).ellipse((width // 4, height // 4, width * 3 // 4, height * 3 // 4), fill=colour)
    written = io.BytesIO()
    drawing.save(written, "PNG")
    return written.getvalue()


def figure(draft, by, *, key="drawing", file=None, **words):
    """Add a figure to a draft; a text has to place it itself."""
    picture = store(make(file or png()))
    words = {
        "alt": "A disc in the middle",
        "caption": "A disc",
        "source": "Own drawing",
        "licence": "CC BY 4.0",
        **words,
    }
    return save(Figure(article=draft, key=key, picture=picture, **words), by)


def illustrated(by, *, body='<p>Look.</p>\n<figure data-figure="drawing"></figure>\n<p>Then read.</p>', **fields):
    """Return a draft that shows one figure."""
    draft = article(by, body=body, **fields)
    figure(draft, by)
    return draft


def article(by, *, title=None, kind="topic", topics=("Oncology",), body="<p>Lymph nodes filter lymph.</p>", **fields):
    """
    Return a draft by this author that can be submitted: disclaimers are in force, AI use is declared.

    One of high risk has a section that says when to get help; others have it if `urgent` is true.
    """
    disclaimers()
    has_urgent = fields.pop("urgent", fields.get("risk") == Article.Risk.HIGH)
    title = title or f"Lymph nodes {next(_numbers)}"
    fields = {"ai_use": "none", "written_for": Audience.objects.get(key="public"), **fields}
    slug = fields.pop("slug", f"article-{next(_numbers)}")
    draft = Article(title=title, slug=slug, kind=kind, created_by=by, **fields)
    save(draft, by)
    for name in topics:
        save(ArticleTopic(article=draft, topic=topic(name)), by)
    contributor = by.contributor
    save(Authorship(article=draft, contributor=contributor), by)
    save(Section(article=draft, role="body", heading="What they do", body=body, position=1), by)
    if has_urgent:
        body = "<p>Call us if a lump grows.</p>"
        save(Section(article=draft, role="urgent", heading="When to get help", body=body, position=2), by)
    return draft


def cite(draft, key="smith2020", *, by, **csl):
    """Add a reference under a key; the text has to cite it itself."""
    work = Reference.objects.create(csl={"type": "article-journal", "title": f"Work {key}", **csl})
    return save(ArticleReference(article=draft, key=key, reference=work), by)


def edit(draft, text, *, by):
    """Change the first section of the draft to one paragraph of this text."""
    section = draft.sections.first()
    section.body = f"<p>{text}</p>"
    return save(section, by)


def overridden(draft, editor, reason="It quotes what it warns of.") -> Override:
    """Override the only finding that blocks the draft."""
    (found,) = blocking(draft)
    terms = {"finding": fingerprint(found), "reason": reason, "password": PASSWORD}
    return workflow.override(draft, actor=editor, **terms)


def save(row, by):
    """Save a row of a draft as this person."""
    row._history_user = by
    row.save()
    del row._history_user
    return row


def submitted(by, draft=None, *, change="major", note="First version", **kwargs):
    """Return a version just submitted."""
    draft = draft or article(by, **kwargs)
    return workflow.submit(draft, actor=by, change=change, note=note)


def asked(version, editor, *reviewers):
    """Ask each (person, capacity) to review and return the assignments, which nobody has accepted."""
    return [
        workflow.assign(version.review, actor=editor, reviewer=reviewer, capacity=capacity)
        for reviewer, capacity in reviewers
    ]


def under_review(version, editor, *reviewers):
    """Ask each (person, capacity), who accepts, and return the assignments."""
    return [accepted(row) for row in asked(version, editor, *reviewers)]


def accepted(assignment):
    """Accept the request as its reviewer and return it."""
    return workflow.accept(assignment, actor=assignment.reviewer)


def decide(assignment, outcome="approve", reason="", answers=None):
    """Decide as the assigned reviewer, who accepts first, with the right password and digest."""
    unanswered = Assignment.objects.filter(pk=assignment.pk, accepted_at=None, ended_at=None)
    if not assignment.is_accepted and unanswered.exists():
        assignment = accepted(assignment)
    return workflow.decide(
        assignment,
        actor=assignment.reviewer,
        outcome=outcome,
        password=PASSWORD,
        digest=assignment.review.version.digest,
        reason=reason or ("" if outcome == Decision.Outcome.APPROVE else "The second paragraph is wrong."),
        answers=answers,
    )


def without_interests(signature) -> str:
    """Return the signed statement up to the signer's disclosure of interests, with which it ends."""
    assert signature.disclosed
    assert signature.statement.endswith(f" {signature.disclosed}")
    return signature.statement.removesuffix(f" {signature.disclosed}")


def approved(version, editor, clinical, specialist):
    """Take a submitted version of standard risk to approval and return its review, read afresh."""
    for assignment in under_review(version, editor, (clinical, "clinical"), (specialist, "specialist")):
        decide(assignment)
    return Review.objects.get(version=version)


def published(version, editor, clinical, specialist):
    """Take a submitted version to publication and return it."""
    approved(version, editor, clinical, specialist)
    return workflow.publish(version, actor=editor)


def evidence() -> dict[str, list[str]]:
    """Return a digest of every row of content, process and evidence: equal before and after a refusal."""
    return {
        model._meta.db_table: [row_digest(row) for row in model._base_manager.order_by("pk")]
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in ("articles", "reviews") and model not in (SecurityRecord, Opening)
    }


def rows() -> dict[str, list[tuple]]:
    """Return every row of content, process, evidence and security as the database holds it: `evidence`, but fast."""
    tables = [
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in ("articles", "reviews")
    ]
    with connection.cursor() as cursor:
        return {table: _rows_of(cursor, table) for table in tables}


def _rows_of(cursor, table) -> list[tuple]:
    cursor.execute(f"SELECT * FROM {table} ORDER BY 1")  # every table has its key in the first column
    return cursor.fetchall()


def events(since: int = 0) -> list[str]:
    """Return the actions in the ledger after a position, in order."""
    return list(LedgerEvent.objects.filter(position__gt=since).values_list("action", flat=True))


def last_event(action: str = "") -> LedgerEvent:
    """Return the ledger's last event, or the last of this action."""
    found = LedgerEvent.objects.filter(action=action) if action else LedgerEvent.objects.all()
    return found.order_by("position").last()


def actor_of(event: LedgerEvent) -> str:
    """Return the number of the account that acted, as the private part tells it; nothing when nobody did."""
    return json.loads(LedgerPrivate.objects.get(event=event).text).get("actor", "")


def told(action: str) -> dict:
    """Return the public part of the last event of this action, with the account by its number."""
    event = last_event(action)
    return {**json.loads(event.payload), "account": account_of(event)}


def account_of(event: LedgerEvent) -> str:
    """Return the number of the account that an event of roles or of an account is about."""
    return json.loads(LedgerPrivate.objects.get(event=event).text)["account"]


def payload(action: str = "") -> dict:
    """Return the public part of the ledger's last event, or of the last of this action."""
    return json.loads(last_event(action).payload)


def review_of(version) -> Review:
    """Return the version's review as it stands now."""
    return Review.objects.select_related("version").get(version=version.pk)


def is_sentence(text: str) -> bool:
    """Tell whether a refusal is one full sentence or more: it begins with a capital and ends with a full stop."""
    return bool(text) and text[0].isupper() and text.endswith(".") and " " in text


def sentences(error) -> list[str]:
    """Return the messages of a refusal, whatever its kind."""
    return list(error.messages) if isinstance(error, ValidationError) else [str(error)]
