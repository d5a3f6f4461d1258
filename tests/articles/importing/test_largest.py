"""The largest file is stored in few statements: on SQLite everybody else's saves wait for its transaction."""

import dataclasses

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.files.drafts import saving
from articles.files.drafts.store import Report, store
from articles.files.imported import ImportedArticle, ImportedReference, ImportedSection
from articles.files.markdown import limits
from articles.files.markdown.front_matter import references
from articles.models import Article, ArticleReference, Reference, Section, Wording
from articles.text import richtext
from tests import factories

pytestmark = pytest.mark.django_db

SECTIONS = next(most for sentence, most, _ in limits.COUNTED if "sections" in sentence)
TRACKED = (Section, Wording, Reference, ArticleReference)
MOST_STATEMENTS = 80  # 6,000 were needed when each row was saved alone


def file(word="lymph", *, sections=SECTIONS, works=references.MOST) -> ImportedArticle:
    return ImportedArticle(
        title="The largest",
        kind="topic",
        slug="largest",
        written_for="public",
        language="en",
        risk="standard",
        ai_use="none",
        ai_note="",
        topics=["Oncology"],
        references=[
            ImportedReference(f"r{number}", {"type": "book", "title": f"Work {number} on {word}"}, "", "", number)
            for number in range(works)
        ],
        sections=[
            ImportedSection(
                role="body",
                heading=f"Part {number}",
                body=f"<p>Nodes filter {word}.</p>",
                wordings={"carer": f"<p>For you: {word}.</p>", "professional": f"<p>For them: {word}.</p>"},
                line=number,
            )
            for number in range(sections)
        ],
    )


@pytest.fixture(autouse=True)
def topic(db):
    return factories.topic("Oncology")


def stored(imported, author, **more):
    """Store the file; return the article and the statements of its transaction."""
    with CaptureQueriesContext(connection) as asked:
        article = store(imported, author=author, **more)
    statements = [query["sql"] for query in asked.captured_queries]
    begin = next(place for place, sql in enumerate(statements) if sql.startswith("SAVEPOINT"))
    return article, statements[begin:]


def renamed(imported):
    """Return the file with other headings and keys: nothing of the draft can stay."""
    return dataclasses.replace(
        imported,
        sections=[dataclasses.replace(one, heading=f"New {one.heading}") for one in imported.sections],
        references=[dataclasses.replace(one, key=f"new-{one.key}") for one in imported.references],
    )


@pytest.mark.parametrize(
    "change", [lambda _: file("blood"), lambda imported: renamed(imported)], ids=["changed", "replaced"]
)
def test_the_largest_file_takes_few_statements_new_and_as_an_update(author, change):
    _, first = stored(file(), author)
    article, second = stored(change(file()), author, update=True)

    assert len(first) <= MOST_STATEMENTS
    assert len(second) <= 2 * MOST_STATEMENTS
    assert article.sections.count() == SECTIONS
    assert Wording.objects.filter(section__article=article).count() == 2 * SECTIONS
    assert article.article_references.count() == references.MOST


def test_a_file_ten_times_as_large_takes_not_many_more(author):
    _, small = stored(file(sections=20, works=30), author)
    Article.objects.get().delete()
    _, large = stored(file(sections=200, works=300), author)

    assert len(large) <= len(small) + 40


def test_each_row_has_its_history_in_the_authors_name(author, editor):
    stored(file(sections=3, works=4), author)
    draft = Article.objects.get()
    factories.topic("Surgery")
    before = {model: set(model.objects.values_list("pk", flat=True)) for model in TRACKED}

    stored(file("blood", sections=2, works=3), author, update=True)

    for model in TRACKED:
        now = set(model.objects.values_list("pk", flat=True))
        for pk in before[model] | now:
            rows = list(model.history.filter(id=pk).order_by("history_id"))
            kinds = "".join(row.history_type for row in rows)
            assert rows[0].history_type == "+"
            assert {row.history_user_id for row in rows} == {author.pk}
            assert kinds.endswith("-") == (pk not in now), (model, pk)
            last = rows[-1]
            if pk in now:
                row = model.objects.get(pk=pk)
                held = {field.attname: getattr(row, field.attname) for field in model.history.model.tracked_fields}
                assert {name: getattr(last, name) for name in held} == held
            else:
                held = model.history.model.tracked_fields
                assert [getattr(last, field.attname) for field in held] == [
                    getattr(rows[-2], field.attname) for field in held
                ]
    assert draft.sections.count() == 2


def test_rows_are_as_the_models_own_save_stores_them(author):
    imported = file(sections=2, works=0)
    odd = dataclasses.replace(
        imported,
        sections=[dataclasses.replace(imported.sections[0], heading="Two  words ", body="<p>5 \u00b5g  of it</p>")],
        references=[ImportedReference("a", {"type": "book", "title": "A \u00b5 "}, "10.1000/X", " 5", 1)],
    )
    stored(odd, author)

    for model in TRACKED:
        for row in model.objects.all():
            before = model.objects.filter(pk=row.pk).values().get()
            row.save()
            assert model.objects.filter(pk=row.pk).values().get() == before


def test_texts_are_read_before_the_transaction_begins(author, monkeypatch):
    depth, depths = len(connection.savepoint_ids), []

    def watched(text):
        depths.append(len(connection.savepoint_ids))
        return storable(text)

    storable = richtext.storable
    monkeypatch.setattr(richtext, "storable", watched)

    stored(file(sections=5, works=0), author)

    assert set(depths) == {depth}


def test_what_cannot_be_stored_is_refused_whole_with_a_sentence(author):
    stored(file(sections=2, works=2), author)
    before = factories.evidence()
    bad = dataclasses.replace(file("blood", sections=2, works=2))
    bad.sections[1] = dataclasses.replace(bad.sections[1], heading="x" * 201)

    with pytest.raises(saving.NotImported, match="cannot be stored"):
        stored(bad, author, update=True)

    assert factories.evidence() == before


def test_an_update_counts_each_row_that_it_touched(author):
    stored(file(sections=2, works=2), author)
    report = Report()

    stored(file("blood", sections=2, works=2), author, update=True, report=report)

    assert report.changes == 2 + 4 + 2 + 2  # sections, wordings, works and the references to them
