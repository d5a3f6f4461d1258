"""
Fill a site with copies of one article that went through the whole workflow: python -m tests.benchmarks.filling NUMBER

The database is DATABASE_URL, empty or not yet made; the copies have addresses nodes-1, nodes-2 and so on.
"""

import sys

import django


def main(number: int) -> None:
    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    from articles.models import Article
    from reviews.evidence.ledger import keys
    from tests.benchmarks.clones import copy

    if not settings.LEDGER_KEY_FILE.exists():
        keys.make(settings.LEDGER_KEY_FILE)
    call_command("migrate", verbosity=0)
    copy(Article.objects.get(pk=original()), number)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def original() -> int:
    """Publish the article of `tests.benchmarks.page` through the workflow, and return its key."""
    from articles.models import Section
    from tests import factories
    from tests.benchmarks import page

    author, editor = factories.author(), factories.editor()
    draft = factories.article(author, title="Nodes", slug="nodes", topics=("Oncology",))
    draft.sections.all().delete()
    for number in range(page.REFERENCES):
        factories.cite(draft, f"work{number}", by=author, issued={"date-parts": [[2020]]})
    for position, section in enumerate(page.sections(), 1):
        row = Section(article=draft, role="body", heading=section["heading"], body=section["text"], position=position)
        factories.save(row, author)
    factories.published(factories.submitted(author, draft), editor, factories.clinical(), factories.specialist())
    return draft.pk


if __name__ == "__main__":
    main(int(sys.argv[1]))
