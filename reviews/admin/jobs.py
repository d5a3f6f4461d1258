"""Jobs of the background, to be read: which failed, how often, and why. Not what they bear: mails are private."""

from django.contrib import admin
from django_tasks_db.models import DBTaskResult

from articles.admin.base import ViewOnly

admin.site.unregister(DBTaskResult)


@admin.register(DBTaskResult)
class JobPage(ViewOnly):
    list_display = ["job", "status", "tries", "enqueued_at", "finished_at", "exception_class_path"]
    list_filter = ["status", "enqueued_at"]
    search_fields = ["^exception_class_path"]
    deferred = ["args_kwargs", "traceback", "return_value"]

    def get_fields(self, request, obj=None):
        return [*self.list_display, "started_at"]

    @admin.display(description="job", ordering="task_path")
    def job(self, row):
        return row.task_path.rpartition(".")[2]

    @admin.display(description="tries")
    def tries(self, row):
        return len(row.worker_ids)
