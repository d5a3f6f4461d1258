"""
Background tasks, as all other modules import them.

Django 6.0 has this interface as `django.tasks`. Then the import below changes, and so do the names in the settings.
"""

from django_tasks import TaskContext, TaskResultStatus, task, task_backends

__all__ = ["TaskContext", "TaskResultStatus", "task", "task_backends"]
