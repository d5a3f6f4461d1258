"""The story that fills every table, an administrator, and the one who is signed in as such."""

import datetime

import pytest
from django.contrib.auth import get_user_model
from django.test import override_settings
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from articles.models import (
    ArticleName,
    Autosave,
    ErrorReport,
    Feedback,
    GlossaryTerm,
    Helpfulness,
    LastImport,
    Question,
    ReportStep,
    Slug,
    SynonymGroup,
    Version,
    VersionPicture,
)
from reviews.messages.mail import deliver
from reviews.models import (
    Absence,
    Answer,
    Assignment,
    Availability,
    BoardMember,
    CalendarAddress,
    Decision,
    Digest,
    Dossier,
    DossierPart,
    DraftAnswer,
    MailPreference,
    ManagementPlan,
    Opening,
    Override,
    ReadChange,
    Reminder,
    SavedView,
    SecurityRecord,
    Task,
)
from tests import factories, retractions
from tests.ledger import story as stories
from tests.ledger.conftest import story, told

__all__ = ["story", "told"]


@pytest.fixture
def boss(db):
    return factories.person("boss", "Bertha Boss", groups=["admin"])


@pytest.fixture
def at_admin(client, boss):
    """A browser in which an administrator is signed in."""
    client.force_login(boss)
    return client


@pytest.fixture(scope="module")
def filled(told, django_db_blocker):
    """The story, with at least two rows of whatever it leaves empty; undone after the module."""
    with django_db_blocker.unblock(), stories.rolled_back():
        with override_settings(CHECKPOINT_DIR=told.folder):
            _fill(told.story)
        yield


@pytest.fixture
def full(filled, story):
    """The same with a copy of its checkpoint files; what the test does to the database is undone."""
    return story


def _fill(story):
    now = timezone.now()
    later = now.date() + datetime.timedelta(days=30)
    members = [*BoardMember.objects.order_by("pk")[:3]]
    for number, version in enumerate(Version.objects.order_by("pk")[:3]):
        Question.objects.create(version=version, audience="public", text="Why?", asked_at=now, delete_after=later)
        factories.save(ArticleName(article=version.article, name=f"Other {number}"), story.author)
        factories.save(GlossaryTerm(word=f"Word {number}", definition="It means so."), story.author)
        named = {"key": f"figure-{number}", "file": factories.png(64 + number, 64)}
        shown = factories.figure(version.article, story.author, **named).picture
        VersionPicture(version=version, sha256=shown.sha256).save()
        factories.save(SynonymGroup(names=f"gout\npodagra {number}"), story.author)
        Feedback.objects.create(version=version, helpful=False, text="Why?", given_at=now, delete_after=later)
        Helpfulness.objects.create(version=version, audience="public", yes=1)
        report = ErrorReport.objects.create(
            version=version, text="Wrong.", thought=1, severity=1, reported_at=now, delete_after=later
        )
        ReportStep.objects.create(report=report, sentence="Replied", by=story.editor, at=now)
        LastImport.objects.get_or_create(article=version.article, defaults={"text": "[]"})
        factories.save(Slug(article=version.article, slug=f"former-{number}"), story.author)
        user = list(story.people.values())[number]
        Autosave.objects.create(article=version.article, user=user, page="0" * 16, fields="[]", kept_at=now)
        SecurityRecord.objects.create(kind="wrong_password", user=user, at=now)
        Opening.objects.get_or_create(version=version, user=user, audience="public", defaults={"opened_at": now})
        ReadChange.objects.create(version=version, since=version, user=user, change=f"c{number}", read_at=now)
        Digest.objects.get_or_create(recipient=user, day=later)
        CalendarAddress.objects.create(user=user, token_digest=f"{number:064d}", made_at=now)
        MailPreference.objects.create(user=user, emails="one_by_one")
        dossier = Dossier.objects.create(
            article=version.article, requested_by=user, requested_by_name="Edith", requested_at=now
        )
        DossierPart.objects.create(dossier=dossier, number=0, content=b"zip")
        SavedView.objects.create(user=user, name=f"View {number}", address="?only=high")
        Absence.objects.create(member=members[number], first_day=later, last_day=later)
        Availability.objects.create(member=members[number], at_once=number + 1)
        DraftAnswer.objects.create(user=user, version=version, item="accuracy", answer="yes")
        Task.objects.create(article=version.article, role="editor", assignee=user, text="Read it.", opened_at=now)
    for number, assignment in enumerate(Assignment.objects.order_by("pk")[:3]):
        Reminder.objects.create(kind="soon", assignment=assignment, due=later, sent_at=now)
        args = {"args": [f"private-{number}@example.org", "Secret", "Secret"], "kwargs": {}}
        DBTaskResult.objects.create(
            args_kwargs=args, task_path=deliver.module_path, backend_name="default", run_after=None, traceback="Secret"
        )
    for decision in Decision.objects.order_by("pk")[:2]:
        asked = {"item": "balance", "question": "Is it balanced?", "answer": "yes"}
        Answer.objects.create(decision=decision, **asked)
    retractions.load(retractions.row(3, doi="10.5555/a"), retractions.row(4, pmid="5"), accept_fewer=True)
    plan = ManagementPlan.objects.latest("pk")
    plan.pk = None
    ManagementPlan.objects.bulk_create([plan])
    override = Override.objects.earliest("pk")
    override.pk = None
    Override.objects.bulk_create([override])
    for topic in ("Surgery", "Nursing", "Cardiology"):
        disclosing = story.people["lay"].board_member
        factories.disclose(disclosing, conflicts=[topic])


@pytest.fixture
def superuser(db):
    return get_user_model().objects.create_superuser("root", "root@example.org", factories.PASSWORD)
