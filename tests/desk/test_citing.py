"""What an editor of texts asks while a person writes: references to cite, and addresses to link to."""

import pytest

from articles.models import ArticleReference, Reference
from tests import factories
from tests.factories import article, person, save

pytestmark = pytest.mark.django_db


def work(title, family="Smith", year=2020, **more):
    issued = {"date-parts": [[year]]}
    csl = {"type": "article-journal", "title": title, "author": [{"family": family}], "issued": issued, **more}
    return Reference.objects.create(csl=csl)


def address(draft, what="citations"):
    return f"/desk/articles/{draft.pk}/{what}/"


@pytest.fixture
def draft(author):
    draft = article(author)
    save(ArticleReference(article=draft, key="smith2020", reference=work("Iron every other day")), author)
    return draft


def test_the_references_come_first_and_then_the_library(at, author, draft):
    other = work("Iron in pregnancy", "Lee", 2021)
    work("Zinc")

    found = at(author).get(address(draft), {"q": "IRON"}).json()

    assert [one["key"] for one in found["references"]] == ["smith2020"]
    assert [one["work"] for one in found["works"]] == [other.pk]
    assert found["works"][0]["text"] == "Lee. Iron in pregnancy. 2021."
    assert at(author).get(address(draft)).json()["works"] == [], "the whole library is no answer"
    assert at(author).get(address(draft), {"q": "author"}).json() == {"references": [], "works": []}


@pytest.mark.parametrize("many", [1, 40])
def test_finding_takes_as_many_queries_whatever_is_found(at, author, draft, django_assert_num_queries, many):
    for number in range(many):
        work(f"Iron {number}")
    client = at(author)
    client.get(address(draft))

    with django_assert_num_queries(6):
        client.get(address(draft), {"q": "iron"})


def test_a_work_of_the_library_becomes_a_reference_once(at, author, draft):
    other = work("Iron in pregnancy")
    client = at(author)

    first = client.post(address(draft), {"work": other.pk})
    again = client.post(address(draft), {"work": other.pk})

    assert first.json() == again.json() == {"key": "smith2020b", "text": "Smith. Iron in pregnancy. 2020."}
    row = draft.article_references.get(reference=other)
    assert row.history.get().history_user == author


@pytest.mark.parametrize("number", ["", "x", "0", "999999999999999999999", "-1", "٣"])
def test_an_unknown_work_is_refused_in_a_sentence(at, author, draft, number):
    answer = at(author).post(address(draft), {"work": number})

    assert answer.status_code == 422
    assert answer.json()["said"] == ["The library does not have this work any more. Search again."]
    assert draft.article_references.count() == 1


def test_nobody_else_is_answered(at, draft):
    client = at(person("other", groups=["author"]))

    assert client.get(address(draft)).status_code == 404
    assert client.post(address(draft), {"work": 1}).status_code == 404
    assert client.get(address(draft, "links"), {"q": "iron"}).status_code == 404


def test_a_link_leads_to_an_article_in_the_lists_or_to_a_safe_address(at, author, editor, clinical, specialist, draft):
    other = article(author, title="Iron deficiency", slug="iron")
    factories.published(factories.submitted(author, other), editor, clinical, specialist)
    client = at(author)

    found = client.get(address(draft, "links"), {"q": "iron"}).json()
    safe = client.get(address(draft, "links"), {"q": "https://www.who.int/ x"}).json()
    unsafe = client.get(address(draft, "links"), {"q": "javascript:alert(1)"}).json()

    assert found["articles"] == [{"href": "/articles/iron/", "text": "Iron deficiency"}]
    assert (safe["href"], safe["said"]) == ("https://www.who.int/%20x", "")
    assert unsafe["href"] == ""
    assert "must begin with https://" in unsafe["said"]
    assert client.get(address(draft, "links")).json() == {"href": "", "said": "", "articles": []}
