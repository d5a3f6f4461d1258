"""
Several operating system processes at once, each with Django and database connections of its own.

This module imports neither Django nor the site: a new process reads it before it knows its settings.
"""

import gc
import importlib
import multiprocessing
import os
import queue
import traceback

PATIENCE = 400


def run(jobs: list[tuple[str, tuple]], environment: dict[str, str]) -> list:
    """
    Call each ("module:function", arguments) in a process of its own, and return what they return, in order.

    Each function is given a barrier that all of them share as last argument. Raise AssertionError with the traceback
    of the first that fails.
    """
    context = multiprocessing.get_context("spawn")
    barrier, answers = context.Barrier(len(jobs), timeout=PATIENCE), context.Queue()
    processes = [
        context.Process(target=_work, args=(number, *job, barrier, answers, environment), daemon=True)
        for number, job in enumerate(jobs)
    ]
    for process in processes:
        process.start()
    try:
        return _collect(answers, len(jobs))
    finally:
        for process in processes:
            process.join(PATIENCE)


def call(function: str, *arguments, environment: dict[str, str]):
    """Call one "module:function" in a process of its own."""
    return run([(function, arguments)], environment)[0]


def _collect(answers, count: int) -> list:
    results = {}
    for _ in range(count):
        try:
            number, value, error = answers.get(timeout=PATIENCE)
        except queue.Empty:
            raise AssertionError("A process gave no answer in time: it died, or waits for a lock.") from None
        assert not error, error
        results[number] = value
    return [results[number] for number in sorted(results)]


def _work(number, function, arguments, barrier, answers, environment):
    os.environ.update(environment, DJANGO_SETTINGS_MODULE="tests.settings")
    gc.set_threshold(50_000)
    try:
        answers.put((number, _call(function, arguments, barrier), ""))
    except BaseException:
        answers.put((number, None, traceback.format_exc()))
        barrier.abort()


def _call(function: str, arguments: tuple, barrier):
    import django

    django.setup()
    from django.db import connection

    module, name = function.split(":")
    try:
        return getattr(importlib.import_module(module), name)(*arguments, barrier)
    finally:
        connection.close()
        if connection.vendor == "postgresql":
            connection.close_pool()
