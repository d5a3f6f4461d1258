"""The file of a small article, made a draft by the function or by the command, and all rows there are then."""

from io import StringIO

from django.apps import apps
from django.core.management import call_command

from articles.files.drafts.store import Report, store
from articles.files.markdown.parsing import parse
from articles.models import Article

TEXT = """---
title: Bowel cancer
kind: topic
topics: [Oncology, Surgery]
ai_use: none
references:
  - {id: trial, title: A trial, DOI: 10.1000/Trial}
  - {id: report, title: A report, volume: 12.5}
---
It grows slowly [@trial].

::: professional
Doubling time is long [@report].
:::

## Causes

Many.

## Symptoms

Few.
"""


def stored(author, text=TEXT, *, update=False) -> tuple[Article, Report]:
    report = Report()
    return store(parse(text.encode()), author=author, update=update, report=report), report


def everything() -> dict[str, list]:
    """Return all rows of all content tables, histories included."""
    return {
        model._meta.db_table: list(model.objects.order_by("pk").values_list())
        for model in apps.get_app_config("articles").get_models()
    }


def history_users(*models) -> set:
    return {row.history_user_id for model in models for row in model.history.all()}


def command(tmp_path, text=TEXT, author="author", **options) -> str:
    file = tmp_path / "article.md"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    out = StringIO()
    call_command("import_article", str(file), author=author, stdout=out, **options)
    return out.getvalue()
