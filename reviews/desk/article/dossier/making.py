"""Making the archive of a dossier: a job, with its progress in the row of the request."""

import datetime
import hashlib
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django_tasks_db import DatabaseBackend

from articles.models import Article
from articles.models.rows.one_state import one_state
from config.tasks import task, task_backends
from reviews.desk.article.dossier import tables
from reviews.desk.article.dossier.contents import Part, parts_of, whole_of
from reviews.desk.article.dossier.texts import text_of
from reviews.evidence.ledger import dossiers, name_of
from reviews.models import Dossier, DossierPart
from reviews.workflow import NotNow

STRETCH = 1_000_000  # bytes of an archive in one row
LATE = datetime.timedelta(hours=1)
Progress = Callable[[int, int], None]


def ask_for(article: Article, user: User, now: datetime.datetime | None = None) -> Dossier:
    """
    Record that this person asks for an archive, and queue the job that makes it.

    Raise NotNow if one of this article is under way. One that is late, as its worker died, is not waited for.
    """
    now = now or timezone.now()
    with transaction.atomic():
        latest = Dossier.objects.filter(article=article).first()
        if latest and latest.is_under_way and not is_late(latest, now):
            raise NotNow(_("An archive of this article is being made. Wait until it is finished."))
        dossier = Dossier.objects.create(
            article=article,
            requested_by=user,
            requested_by_name=name_of(user),
            requested_at=now,
            language=translation.get_language() or "",
        )
        if isinstance(task_backends[make_dossier.backend], DatabaseBackend):
            make_dossier.enqueue(dossier.pk)
        else:
            transaction.on_commit(partial(make_dossier.enqueue, dossier.pk), robust=True)
    return dossier


def is_late(dossier: Dossier, now: datetime.datetime) -> bool:
    return dossier.requested_at < now - LATE


@task()
def make_dossier(pk: int) -> None:
    """Make the archive that was asked for; do nothing if it is made already."""
    dossier = Dossier.objects.select_related("article").get(pk=pk)
    if not dossier.is_under_way:
        return

    def progress(done: int, total: int) -> None:
        dossier.done, dossier.total = done, total
        dossier.save(update_fields=["done", "total"])

    try:
        with translation.override(dossier.language):
            content = archive_of(dossier.article, progress=progress)
    except dossiers.NotAsRecorded as error:
        dossier.failure = str(error)[:500]
        dossier.save(update_fields=["failure"])
        return
    _store(dossier, content)


def archive_of(article: Article, *, progress: Progress = lambda done, total: None) -> bytes:
    """
    Return the archive of all that is recorded of the article at one moment.

    Raise NotAsRecorded if the rows are not those that the ledger tells of, WrongKey without the ledger's key.
    """
    with one_state():
        article, now = Article.objects.get(pk=article.pk), timezone.now()
        recorded = dossiers.recorded(article)
        versions = article.versions.select_related("review").order_by("-number")
        parts, whole = parts_of(article, list(versions), most_events=None), whole_of(article)
    total = len(parts) + 2
    progress(1, total)
    shown = list(_one_by_one(parts, lambda number: progress(number + 1, total)))
    said = {"article": article, "parts": shown, "whole": tables.mails_of(whole), "made_at": now, "found": recorded}
    html = render_to_string("desk/dossier_file.html", said)
    return dossiers.packed(recorded, html=html, beside=tables.beside(parts, whole), now=now)


def _one_by_one(parts: list[Part], done: Callable[[int], None]) -> Iterator[dict[str, Any]]:
    for number, part in enumerate(parts, start=1):
        yield shown(part)
        done(number)


def shown(part: Part) -> dict[str, Any]:
    """Return what a template shows of a version."""
    return {
        "part": part,
        "text": text_of(part),
        "tables": tables.tables_of(part),
        "named": _("Version {number}").format(number=part.version.number),
        "mails": tables.mails_of(part),
        "entries": part.entries,
    }


@transaction.atomic
def _store(dossier: Dossier, content: bytes) -> None:
    DossierPart.objects.filter(dossier=dossier).delete()
    for number, start in enumerate(range(0, len(content), STRETCH)):
        DossierPart.objects.create(dossier=dossier, number=number, content=content[start : start + STRETCH])
    dossier.done, dossier.made_at, dossier.size = dossier.total, timezone.now(), len(content)
    dossier.sha256 = hashlib.sha256(content).hexdigest()
    dossier.save(update_fields=["done", "made_at", "size", "sha256"])


def delete_old(now: datetime.datetime) -> None:
    """Delete the archives that are older than a week; who asked for them stays known."""
    DossierPart.objects.filter(dossier__in=Dossier.objects.outdated(now)).delete()
