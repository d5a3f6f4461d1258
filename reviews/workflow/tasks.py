"""Tasks: work that waits for a person. They are no evidence: that is in the ledger."""

import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.models import Article, Version
from articles.models.people import Role, holds
from articles.models.rows.remembered import remembered
from reviews.models import Task
from reviews.workflow.errors import NotAllowed, NotNow
from reviews.workflow.refusals import refusals_logged
from reviews.workflow.transaction import lock, reason_given


@refusals_logged
@transaction.atomic(durable=True)
def close_task(task: Task, *, actor: User, outcome: str) -> Task:
    """Close a task with its outcome, so that it leaves every list. Anyone with the task's role may."""
    outcome = reason_given(outcome, field="outcome", limit=1000)
    lock(task.article_id)
    task = Task.objects.get(pk=task.pk)
    role = Role.of_group(task.role)
    if not holds(actor, role):
        raise NotAllowed(_("Only an active {role} can close this task.").format(role=role.called))
    if task.closed_at:
        raise NotNow(_("This task is already closed."))
    return _close(task, outcome, actor, timezone.now())


def close_tasks(article: Article, outcome: str, actor: User, now: datetime.datetime) -> None:
    """Close the article's open tasks, because a step has settled them. Call under the article's lock."""

    def read() -> list[Task]:
        return list(Task.objects.filter(article=article, closed_at__isnull=True))

    for task in remembered(("tasks", article.pk), read):
        _close(task, outcome, actor, now)


def close_tasks_of(article: Article, version: Version, outcome: str, actor: User, now: datetime.datetime) -> None:
    """Close the article's open tasks about this version. Call under the article's lock."""
    for task in Task.objects.filter(article=article, version=version, closed_at__isnull=True):
        _close(task, outcome, actor, now)


def _close(task: Task, outcome: str, actor: User, now: datetime.datetime) -> Task:
    task.closed_at, task.closed_by, task.outcome = now, actor, outcome
    task.save(update_fields=["closed_at", "closed_by", "outcome"])
    return task
