"""
Background tasks: all other modules import them from here.

Django 6.0 has this interface as `django.tasks`. An upgrade changes the imports below and the names in the settings.
"""

from django_tasks import TaskContext, TaskResultStatus, task, task_backends
from django_tasks.base import Task

__all__ = ["Task", "TaskContext", "TaskResultStatus", "task", "task_backends"]
