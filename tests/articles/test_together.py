"""Rows that are read together, as JSON, are those that their querysets return."""

import datetime

import pytest
from django.apps import apps
from django.db import models
from django.db.models import Q
from django.utils import timezone

from articles.models import Article, Version
from articles.models.rows.together import Keys, Together
from reviews.models import Decision, Review
from tests import factories
from tests.generated import Site


def stored_as_json(model) -> bool:
    return not any(isinstance(field, models.BinaryField) for field in model._meta.fields)


MODELS = [
    model
    for app in ("articles", "reviews", "auth")
    for model in apps.get_app_config(app).get_models(include_auto_created=True)
    if stored_as_json(model)
]


def columns(row) -> dict:
    """Return the value and the type of every column of the row."""
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    return {name: (type(value), value) for name, value in values.items()}


def by_key(rows) -> list[dict]:
    return [columns(row) for row in sorted(rows, key=lambda row: row.pk)]


@pytest.fixture
def site(db):
    return Site(3).grow(articles=3, steps=40)


@pytest.fixture
def public(author, editor, clinical, specialist):
    return factories.published(factories.submitted(author), editor, clinical, specialist)


def test_every_column_of_every_table_has_the_value_that_the_queryset_returns(site, django_assert_num_queries):
    together = Together(lambda: {model._meta.label: model._base_manager.all() for model in MODELS[:40]})
    others = Together(lambda: {model._meta.label: model._base_manager.all() for model in MODELS[40:]})

    with django_assert_num_queries(2):
        found = {**together.read(), **others.read()}

    assert sum(map(len, found.values())) > 300
    for model in MODELS:
        assert by_key(found[model._meta.label]) == by_key(model._base_manager.all()), model._meta.label


def test_related_rows_and_annotations_come_along(public, django_assert_num_queries):
    def querysets(article):
        return {
            "decisions": Decision.objects.filter(review__article=article).with_counting().select_related("signature"),
            "reviews": Review.objects.filter(article=article).select_related("version", "triaged_by"),
            "titles": Version.objects.filter(article=article).values_list("title", "submitted_at"),
        }

    together = Together(querysets)
    for article in Article.objects.values_list("pk", flat=True):
        with django_assert_num_queries(1):
            found = together.read(article=article)
            signed = {row.pk: (row.counts, row.signature.statement) for row in found["decisions"]}
            triaged = {row.pk: (row.version.digest, row.triaged_by) for row in found["reviews"]}

        expected = querysets(article)
        assert signed == {row.pk: (row.counts, row.signature.statement) for row in expected["decisions"]}
        assert triaged == {row.pk: (row.version.digest, row.triaged_by) for row in expected["reviews"]}
        assert sorted(found["titles"]) == sorted(expected["titles"])


def test_the_statement_is_built_once_and_takes_keys_and_days(public):
    built = []

    def querysets(article, day):
        built.append((article, day))
        return {"versions": Version.objects.filter(article=article, submitted_at__date__lte=day).values_list("pk")}

    together = Together(querysets)
    keys = list(Article.objects.values_list("pk", flat=True))

    for key in keys:
        expected = sorted(Version.objects.filter(article=key).values_list("pk"))
        assert sorted(together.read(article=key, day=datetime.date(2100, 1, 1))["versions"]) == expected
        assert together.read(article=key, day=datetime.date(2000, 1, 1))["versions"] == []
    assert len(built) == 1


def test_one_row_is_read_by_get_and_a_missing_one_is_refused(public):
    together = Together(lambda article: {"article": Article.objects.filter(pk=article)})
    article = Article.objects.first()

    assert together.get(article=article.pk) == article
    with pytest.raises(Article.DoesNotExist, match="There is no such article"):
        together.get(article=0)


def test_keys_come_in_the_order_of_the_queryset_and_page_by_page(author, django_assert_num_queries):
    today = timezone.localdate()
    drafts = [factories.article(author, title=title) for title in ("C", "A", "B", "D", "Not asked for")]
    other = drafts[-1]
    for draft in drafts:
        draft.evidence_current_to = today
        factories.save(draft, author)
    keys = Keys(lambda but, until: Article.objects.filter(~Q(pk=but), evidence_current_to__lt=until).order_by("title"))
    tomorrow = today + datetime.timedelta(days=1)

    with django_assert_num_queries(3):
        pages = [keys.read(first, 2, but=other.pk, until=tomorrow) for first in (0, 2, 4)]

    assert [[Article.objects.get(pk=key).title for key in page] for page in pages] == [["A", "B"], ["C", "D"], []]
    assert keys.read(0, 9, but=drafts[0].pk, until=tomorrow)[-1] == other.pk
    assert keys.read(0, 9, but=other.pk, until=today) == []
