"""Lists: constant numbers of queries, no long texts, and an answer to whatever the address says."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.models import Article, VersionText
from reviews.models import LedgerHead, LedgerPrivate
from tests.admin.registry import OURS, address, label, some_row

ODD = [
    "o=99.-3",
    "o=abc",
    "q=%22%27%25_%5C",
    "q=%22",
    "q=5",
    "q=%00",
    "q=" + "9" * 30,
    "p=99999",
    "p=abc",
    "p=-1",
    "all=",
    "e=1",
    "foo=1",
    "foo__bar=1",
    "id__exact=abc",
    "pk__exact=" + "9" * 30,
    "pk__regex=(",
    "_popup=1",
    "_to_field=id",
    "_to_field=password",
    "_facets=1",
    "%00=1",
]


@pytest.mark.once
@pytest.mark.parametrize("model", OURS, ids=label)
def test_a_list_costs_the_same_number_of_queries_for_one_row_and_for_many(model, full, at_admin, monkeypatch):
    assert model is LedgerHead or model._base_manager.count() > 1

    page = OURS[model]
    one = queries(at_admin, page, monkeypatch, 1)
    many = queries(at_admin, page, monkeypatch, 200)

    assert len(one) == len(many) <= 10, many


def queries(client, page, monkeypatch, rows) -> list[str]:
    monkeypatch.setattr(page, "list_per_page", rows)
    with CaptureQueriesContext(connection) as captured:
        response = client.get(address(page.model, "changelist"))
        assert response.status_code == 200
        return [query["sql"] for query in captured]


def test_lists_load_no_long_texts(full, at_admin, monkeypatch):
    deferring = [page for page in OURS.values() if page.deferred]

    for page in deferring:
        loaded = " ".join(queries(at_admin, page, monkeypatch, 50))
        for name in page.deferred:
            if "__" not in name:
                column = f'"{page.model._meta.db_table}"."{page.opts.get_field(name).column}"'
                assert column not in loaded, column

    assert {VersionText, LedgerPrivate} <= {page.model for page in deferring}


def test_a_page_shows_the_long_text_that_its_list_leaves_out(full, at_admin):
    text = VersionText.objects.order_by("pk").first()

    page = at_admin.get(address(VersionText, "change", text))

    assert "imprimatur/version/1" in page.content.decode()


@pytest.mark.parametrize("model", OURS, ids=label)
def test_whatever_the_address_says_it_is_answered(model, full, at_admin):
    """400 comes with a sentence, 302 leads back to the list with one."""
    for query in ODD:
        response = at_admin.get(f"{address(model, 'changelist')}?{query}")

        assert response.status_code in (200, 302, 400), query
        assert response.status_code != 400 or "Go back and choose" in response.content.decode(), query


@pytest.mark.parametrize("key", ["abc", "0", "-1", "9" * 30, "%00", "_22", "1%20OR%201=1"])
def test_a_row_that_never_was_is_not_found_and_nothing_breaks(key, full, at_admin):
    for model in OURS:
        for page in ("change", "history", "delete"):
            path = address(model, page, some_row(model)).replace(f"/{some_row(model).pk}/", f"/{key}/")
            response = at_admin.get(path)
            assert response.status_code in (302, 400, 403, 404), path


def test_an_event_is_found_by_its_position(full, at_admin):
    page = at_admin.get("/admin/reviews/ledgerevent/?q=7")

    assert [event.position for event in page.context["cl"].result_list] == [7]


def test_rows_lead_to_the_desk_where_steps_are_taken(full, at_admin):
    for name in ("articles/article", "articles/version", "reviews/review"):
        page = at_admin.get(f"/admin/{name}/").content.decode()
        assert f"/desk/articles/{full.articles['nodes'].pk}/" in page


@pytest.mark.once
def test_a_history_costs_the_same_number_of_queries_for_one_change_and_for_many(full, at_admin, monkeypatch):
    for page in (page for page in OURS.values() if hasattr(page.model, "history")):
        row = max(page.model._base_manager.all(), key=lambda row: row.history.count())
        costs = []
        for shown in (50, 1, 50):  # the first fills the caches
            monkeypatch.setattr(page, "history_list_per_page", shown)
            with CaptureQueriesContext(connection) as captured:
                stored = "?rows=1" if page.model is Article else ""  # test_article_history.py has its other history
                assert at_admin.get(address(page.model, "history", row) + stored).status_code == 200
                costs.append(len(captured))

        assert costs[1] == costs[2] <= 8, label(page.model)
