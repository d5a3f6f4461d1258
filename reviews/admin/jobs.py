"""The background jobs, read only: which failed, how often, and why. Their arguments are hidden: mails are private."""

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django_tasks_db.models import DBTaskResult

from articles.admin.base import ViewOnly

COLUMNS = ("job", "status", "tries", "enqueued_at", "finished_at", "exception_class_path")

admin.site.unregister(DBTaskResult)


@admin.register(DBTaskResult)
class JobPage(ViewOnly):
    list_display = COLUMNS
    list_filter = ["status", "enqueued_at"]
    search_fields = ["^exception_class_path"]
    deferred = ["args_kwargs", "traceback", "return_value"]

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        return (*COLUMNS, "started_at")

    @admin.display(description=_("job"), ordering="task_path")
    def job(self, row: DBTaskResult) -> str:
        return row.task_path.rpartition(".")[2]

    @admin.display(description=_("tries"))
    def tries(self, row: DBTaskResult) -> int:
        return len(row.worker_ids)
