"""The index holds exactly what may be found: in the same transaction, to the last posting."""

import pytest
from django.core.management import call_command

from articles.models import Article, Passage, Postings, SearchIndex, Term
from articles.search.analysis import query_terms
from articles.search.index import checking, rebuilding
from articles.search.index.postings import BLOCK_BITS, IMPACT_BITS, MOST_IMPACT, term_and_block, unpack
from articles.search.index.reading import beginning_with, candidates, vocabulary
from reviews import workflow
from reviews.operations import health
from tests import factories


def contents() -> dict[int, dict[str, int]]:
    """Return the terms of each passage as the postings have them."""
    names = dict(Term.objects.values_list("pk", "term"))
    found: dict[int, dict[str, int]] = {}
    for row in Postings.objects.all():
        term, block = term_and_block(row.pk)
        for value in unpack(row.data):
            passage = block << BLOCK_BITS | value >> IMPACT_BITS
            found.setdefault(passage, {})[names[term]] = value & MOST_IMPACT
    return found


def found(*words) -> set[int]:
    """Return the articles with a passage that has one of the words."""
    passages = [number for number, _ in candidates([each.terms for each in query_terms(" ".join(words))], 100)]
    return set(Passage.objects.filter(pk__in=passages).values_list("version__article", flat=True))


@pytest.fixture
def publish(author, staff):
    def publish(title, body="<p>They filter.</p>", **kwargs):
        draft = factories.article(author, title=title, body=body, **kwargs)
        return factories.published(factories.submitted(author, draft), *staff)

    return publish


@pytest.fixture
def staff(editor, clinical, specialist):
    return editor, clinical, specialist


def test_a_draft_and_a_version_under_review_are_not_in_the_index(author, staff):
    draft = factories.article(author, body="<p>Canary.</p>")
    version = factories.submitted(author, draft)
    factories.approved(version, *staff)

    assert contents() == {}
    assert Passage.objects.count() == Term.objects.count() == 0
    assert checking.differences() == []


def test_what_is_published_is_in_the_index_with_its_parts(publish):
    version = publish("Lymph nodes")

    rows = list(Passage.objects.order_by("pk").values_list("version", "part", "heading", "position"))

    assert rows == [
        (version.pk, "title", "", 0),
        (version.pk, "text", "What they do", 1),
        (version.pk, "people", "", 2),
    ]
    assert found("filter") == found("node") == found("ada") == {version.article_id}
    assert checking.differences() == []
    assert checking.behind() == ""


def test_a_new_version_takes_the_place_of_the_one_before(author, staff, publish):
    first = publish("Lymph nodes")
    draft = Article.objects.get(pk=first.article_id)
    factories.edit(draft, "They hold lymph.", by=author)
    second = factories.published(factories.submitted(author, draft), *staff)

    assert set(Passage.objects.values_list("version", flat=True)) == {second.pk}
    assert found("hold") == {draft.pk}
    assert found("filter") == set()
    assert "filter" not in dict(vocabulary())
    assert checking.differences() == []


@pytest.mark.parametrize("kind", ["retraction", "removal", "withdrawal"])
def test_what_is_pulled_leaves_no_posting_and_comes_back_when_the_notice_is_lifted(publish, editor2, kind):
    other = publish("Spleen", "<p>It stores.</p>")
    before = contents()
    version = publish("Lymph nodes", "<p>A canary filters.</p>")
    both = {frozenset(terms.items()) for terms in contents().values()}

    notice = workflow.issue_notice(version.article, actor=editor2, kind=kind, reason="It was wrong.")

    assert contents() == before
    assert found("canary") == set()
    assert beginning_with(["canar"], 10) == []
    assert found("they", "it", "stores") == {other.article_id}
    assert checking.differences() == []

    workflow.issue_notice(version.article, actor=editor2, kind=kind, reason="It was right.", lifts=notice)

    assert found("canary") == {version.article_id}
    assert {frozenset(terms.items()) for terms in contents().values()} == both
    assert checking.differences() == []


@pytest.mark.parametrize("kind", ["concern", "correction"])
def test_a_notice_that_leaves_the_text_on_the_lists_changes_nothing(publish, editor2, kind):
    version = publish("Lymph nodes")
    before = contents()

    workflow.issue_notice(version.article, actor=editor2, kind=kind, reason="Read with care.")

    assert contents() == before
    assert found("filter") == {version.article_id}


def test_the_postings_of_an_erased_text_are_taken_out_too(publish, editor2, monkeypatch):
    publish("Spleen", "<p>It stores.</p>")
    before = contents()
    version = publish("Lymph nodes", "<p>A canary filters.</p>")
    monkeypatch.setattr("articles.search.index.writing.made_of", lambda rows: {})  # as from no text

    workflow.issue_notice(version.article, actor=editor2, kind="removal", reason="By order of a court.")

    assert contents() == before
    assert "canary" not in dict(vocabulary())


def test_a_step_that_fails_at_its_end_leaves_the_index_as_it_was(author, staff, publish, monkeypatch):
    publish("Spleen")
    version = factories.submitted(author, title="Lymph nodes")
    factories.approved(version, *staff)
    before = contents(), list(SearchIndex.objects.values())
    monkeypatch.setattr("reviews.messages.notifications.published", lambda review: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        workflow.publish(version, actor=staff[0])

    assert (contents(), list(SearchIndex.objects.values())) == before


def test_an_edit_of_a_draft_touches_no_row_of_the_index(author, publish, django_assert_num_queries):
    version = publish("Lymph nodes")
    before = contents()

    factories.edit(version.article, "Another text.", by=author)

    assert contents() == before


def test_making_the_index_anew_gives_the_same_terms_and_takes_out_all_else(publish, capsys):
    for title in ("Spleen", "Lymph nodes", "Kidney"):
        publish(title)
    before = sorted(sorted(terms.items()) for terms in contents().values())
    Postings.objects.create(id=5, data=b"\0\0")
    Term.objects.create(term="left over", passages=3)

    call_command("search_index")

    assert "3 articles" in capsys.readouterr().out
    assert sorted(sorted(terms.items()) for terms in contents().values()) == before
    assert "left over" not in dict(vocabulary())
    assert checking.differences() == []


def test_an_index_of_another_analyzer_is_told_and_made_anew_after_a_migration(publish, monkeypatch, capsys):
    publish("Spleen")
    SearchIndex.objects.update(analyzer="that of an earlier release")

    assert "another release" in health.findings()["search"]
    assert checking.differences() == [checking.OTHER_ANALYZER]

    call_command("migrate", verbosity=1)

    assert "The search index was made anew: 1 articles." in capsys.readouterr().out
    assert "search" not in health.findings()
    assert checking.differences() == []


def test_entries_of_two_analyzers_are_told(publish):
    publish("Spleen")
    SearchIndex.objects.update(analyzer="that of an earlier release")

    publish("Lymph nodes")

    assert SearchIndex.objects.get().analyzer == "mixed"
    assert "another release" in health.findings()["search"]


def lose_an_article(version):
    Passage.objects.filter(version=version.pk).delete()


def lose_a_row(version):
    Postings.objects.filter(pk__gt=0).first().delete()


def change_an_impact(version):
    row = Postings.objects.first()
    row.data = bytes(row.data)[:-2] + bytes([bytes(row.data)[-2] ^ 1, bytes(row.data)[-1]])
    row.save()


def change_a_heading(version):
    Passage.objects.filter(part="text").update(heading="Something else")


def add_a_passage(version):
    Passage.objects.create(id=9999, version=version, part="text", position=99, terms=0)


def count_wrongly(version):
    Term.objects.filter(term="filter").update(passages=7)


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (lose_an_article, "Missing: Lymph nodes, version 1."),
        (lose_a_row, "Different from its signed text: Lymph nodes, version 1."),
        (change_an_impact, "Different from its signed text: Lymph nodes, version 1."),
        (change_a_heading, "Different from its signed text: Lymph nodes, version 1."),
        (add_a_passage, "Different from its signed text: Lymph nodes, version 1."),
        (count_wrongly, "The numbers of passages of 1 terms are wrong."),
    ],
)
def test_a_check_finds_each_difference_and_a_new_index_mends_it(publish, capsys, harm, said):
    harm(publish("Lymph nodes"))

    with pytest.raises(SystemExit) as ended:
        call_command("search_index", "--check")

    assert ended.value.code == 1
    assert said in capsys.readouterr().out
    rebuilding.rebuild()
    assert checking.differences() == []


def test_a_check_finds_what_may_not_be_found(publish, editor2, monkeypatch, capsys):
    version = publish("Lymph nodes")
    monkeypatch.setattr("articles.search.index.writing.Change.apply", lambda change: None)
    workflow.issue_notice(version.article, actor=editor2, kind="removal", reason="By order of a court.")

    assert "Found, but it may not be: Lymph nodes, version 1." in checking.differences()
    assert "has 1 texts that may not be found" in health.findings()["search"]


def test_a_check_without_a_difference_says_so(publish, capsys):
    publish("Lymph nodes")

    call_command("search_index", "--check")

    assert "is what the signed texts say" in capsys.readouterr().out
