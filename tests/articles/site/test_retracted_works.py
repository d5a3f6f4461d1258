"""Works that are retracted after a text was signed: readers and editors are told beside the text."""

import json
import re

import pytest

from articles.models import Article, Reference
from articles.site.verifying.comparing import compare, versions
from articles.text.citations.retracted import retracted
from reviews.models import Quorum
from tests import factories
from tests.articles.frozen import cite as mark
from tests.articles.site.pages import page_for, parsed, words
from tests.articles.site.test_article_pages import again

pytestmark = pytest.mark.django_db

TITLE = "A count of 5 × 10<sup>9</sup>/L"
SENTENCE = (
    "Reference 2 (“A count of 5 × 10^9/L”) is retracted. Our library did not say so when this was submitted for review."
)
PAGES = ["/articles/cited/for/public/", "/articles/cited/for/carer/", "/articles/cited/versions/1/"]


@pytest.fixture
def cited(author):
    body = f"<p>First.{mark('one')} Second.{mark('two')}</p>"
    draft = factories.article(author, slug="cited", title="Cited", body=body)
    factories.cite(draft, "one", by=author, title="One work")
    factories.cite(draft, "two", by=author, title=TITLE)
    return draft


@pytest.fixture
def signed(cited, author, staff):
    return factories.published(factories.submitted(author, cited), *staff)


def retract(title=TITLE, status="retracted"):
    work = next(row for row in Reference.objects.all() if row.csl.get("title") == title)
    work.csl = {**work.csl, "status": status}
    work.save()


def told(page) -> list[str]:
    return [words(one) for one in page.xpath("//section[@data-kind='retracted-works']//p[not(@class)]")]


@pytest.mark.parametrize("path", PAGES)
def test_readers_are_told_on_the_very_next_request_beside_the_text_as_it_was_signed(client, signed, path):
    before = client.get(path)
    text = parsed(before).xpath("//article")[0]

    retract()

    after = again(client, path, before)
    page = parsed(after)
    assert after.status_code == 200
    assert told(page) == [SENTENCE]
    assert words(page.xpath("//article")[0]) == words(text)
    assert not page.xpath("//article//*[@data-kind='retracted-works']")
    assert page.xpath("//section[@data-kind='retracted-works']//a/@href") == ["#ref-2"]
    assert "Retracted reference: 2." in words(page.find_class("sheet")[0])
    assert compare(versions().get(pk=signed.pk)).findings == []


def test_an_older_version_says_so_too_and_a_newer_one_without_the_work_does_not(client, signed, author, staff):
    factories.edit(signed.article, "The newer text.", by=author)
    factories.published(factories.submitted(author, Article.objects.get(pk=signed.article_id)), *staff)

    retract()

    assert told(parsed(client.get("/articles/cited/versions/1/"))) == [SENTENCE]
    assert told(parsed(client.get("/articles/cited/for/public/"))) == []


def test_the_list_of_versions_says_so_of_each_that_cites_the_work(client, signed, author, staff):
    factories.edit(signed.article, "The newer text.", by=author)
    factories.published(factories.submitted(author, Article.objects.get(pk=signed.article_id)), *staff)

    retract()

    newer, older = parsed(client.get("/articles/cited/versions/")).xpath("//ol[@class='versions']/li")
    said = "The reference “A count of 5 × 10^9/L” is retracted. Our library did not say so when this was submitted"
    assert said in words(older.xpath(".//*[@data-kind='retracted-works']")[0])
    assert not newer.xpath(".//*[@data-kind='retracted-works']")


def test_the_page_of_changes_says_so_and_leads_to_the_work_in_the_text(client, signed, author, staff):
    factories.edit(signed.article, f"First.{mark('one')} Second, dearer.{mark('two')}", by=author)
    factories.published(factories.submitted(author, Article.objects.get(pk=signed.article_id)), *staff)
    assert told(parsed(client.get("/articles/cited/versions/2/changes/"))) == []

    retract()

    page = parsed(client.get("/articles/cited/versions/2/changes/"))
    assert told(page) == [SENTENCE]
    assert page.xpath("//section[@data-kind='retracted-works']//a/@href") == ["/articles/cited/versions/2/#ref-2"]
    assert parsed(client.get("/articles/cited/versions/2/")).xpath("//*[@id='ref-2']")


@pytest.mark.parametrize(
    ("then", "now", "is_told"),
    [
        ({"DOI": "10.1000/a"}, {"DOI": "10.1000/A", "title": "Retracted: Another title"}, True),
        ({"DOI": "10.1000/a"}, {"DOI": "10.1000/b", "title": "Good study"}, False),
        ({"PMID": "1"}, {"PMID": "2"}, False),
        ({}, {"title": "Good Study", "DOI": "10.1000/a"}, True),
        ({}, {"title": "RETRACTED: Good study"}, True),
        ({}, {"title": "A bad study"}, False),
    ],
)
def test_a_work_is_told_of_only_while_the_librarys_entry_is_of_the_same_one(then, now, is_told):
    known = {"title": "Good study", **then, **now, "status": "retracted"}

    found = retracted("one", json.dumps({"title": "Good study", **then}), json.dumps(known))

    assert (found is not None) == is_told


def test_a_text_that_says_so_itself_has_no_notice(client, cited, author, staff):
    retract()
    row = cited.article_references.get(key="two")
    row.although_retracted = "It is the study that this section corrects."
    factories.save(row, author)
    factories.published(factories.submitted(author, cited), *staff)

    page = parsed(client.get("/articles/cited/for/public/"))

    assert "[Retracted]" in words(page.xpath("//article")[0])
    assert told(page) == []
    assert "etracted" not in words(page.find_class("sheet")[0])


def test_a_text_signed_before_the_mark_was_printed_is_told_of_without_since(client, signed, monkeypatch):
    retract()
    frozen_then = {"key": "two", "frozen": '{"status":"retracted","title":"T"}'}
    monkeypatch.setattr("articles.site.facts.retracted", told_with(**frozen_then))

    page = parsed(client.get("/articles/cited/for/public/"))

    assert told(page) == ["Reference 2 (“T”) is retracted. The list of references does not say so."]


def told_with(key, frozen):
    return lambda its_key, _, known, listed: retracted(key, frozen, known, listed)


@pytest.mark.parametrize("status", ["Retracted", "RETRACTED", " retracted"])
def test_the_word_is_known_however_it_is_written(client, signed, status):
    retract(status=status)

    assert told(parsed(client.get("/articles/cited/for/public/"))) == [SENTENCE]


@pytest.mark.parametrize("status", ["published", "not retracted", ""])
def test_a_work_with_another_status_is_not_told_of(client, signed, status):
    retract(status=status)

    assert told(parsed(client.get("/articles/cited/for/public/"))) == []


def test_a_work_called_retracted_in_its_title_alone_is_not_told_of(client, signed):
    work = next(row for row in Reference.objects.all() if row.csl["title"] == TITLE)
    work.csl = {**work.csl, "note": "retracted", "custom": {"status": "retracted"}}
    work.save()

    assert told(parsed(client.get("/articles/cited/for/public/"))) == []


def test_a_mark_that_is_taken_back_takes_the_notice_away(client, signed):
    retract()
    assert told(parsed(client.get("/articles/cited/for/public/")))

    retract(status="")

    assert told(parsed(client.get("/articles/cited/for/public/"))) == []


def test_a_pending_text_says_submitted_and_not_signed(client, cited, author):
    Quorum.objects.create(kind="topic", risk="standard", open_review=True)
    factories.submitted(author, cited)

    retract()

    page = parsed(client.get("/articles/cited/for/public/"))
    assert told(page) == [SENTENCE.replace("signed", "submitted")]
    assert "signed" not in words(page.xpath("//section[@data-kind='retracted-works']")[0])


def test_many_retracted_works_are_told_in_their_order_and_cost_no_query_more(
    client, author, staff, django_assert_num_queries
):
    names = [f"w{number}" for number in range(50)]
    draft = factories.article(author, slug="cited", body=f"<p>x{''.join(mark(name) + ' y ' for name in names)}</p>")
    for name in names:
        factories.cite(draft, name, by=author, title=name)
    version = factories.published(factories.submitted(author, draft), *staff)
    client.get(page_for(version.article))
    for name in reversed(names):
        retract(name)

    with django_assert_num_queries(2):
        page = parsed(client.get(page_for(version.article)))

    assert [int(re.search(r"Reference (\d+)", one)[1]) for one in told(page)] == [*range(1, 51)]


def test_an_entry_kept_in_the_cache_holds_no_retraction(client, signed):
    """What is kept is made of the frozen text alone; the library is asked on each request."""
    path = "/articles/cited/for/public/"
    client.get(path)
    retract()
    first = client.get(path)

    assert told(parsed(first)) == [SENTENCE]
    assert again(client, path, first).status_code == 304


# At the desk


def test_the_desk_warns_of_it_at_the_article_and_at_its_review(client, signed, editor):
    client.force_login(editor)
    pages = [f"/desk/articles/{signed.article_id}/", f"/desk/reviews/{signed.review.pk}/"]
    assert not any("did not say so when" in client.get(page).content.decode() for page in pages)

    retract()

    for page in pages:
        (caution,) = parsed(client.get(page)).find_class("caution")
        said = words(caution)
        assert "The reference [@two] (“A count of 5 × 10^9/L”) is retracted." in said
        assert "The library did not say so when version 1 was submitted." in said


def test_a_reviewer_who_was_asked_is_warned_before_they_sign(client, cited, author, editor, clinical):
    version = factories.submitted(author, cited)
    factories.under_review(version, editor, (clinical, "clinical"))
    retract()
    client.force_login(clinical)

    page = parsed(client.get(f"/desk/reviews/{version.review.pk}/"))

    assert "did not say so when" in words(page.find_class("caution")[0])
