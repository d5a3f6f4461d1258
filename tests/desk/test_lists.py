"""The desk's list of articles, and what a page says cannot be done now."""

import pytest
from lxml import html

from articles.models import Article
from reviews import workflow
from reviews.models import Review
from reviews.workflow.steps.ending import recall_blockers
from tests.desk.pages import text, url
from tests.factories import approved, article, decide, edit, published, submitted

pytestmark = pytest.mark.django_db


def names(client, **query) -> list[str]:
    """Return the titles on a page of the list."""
    page = html.document_fromstring(client.get(url("desk_articles"), query).content)
    return page.xpath("//ul[@class='rows']/li/a/text()")


def test_an_article_is_found_by_any_words_of_its_title(at, author, editor):
    for title in ("Lymph nodes", "Swollen lymph nodes", "Veins"):
        article(author, title=title)

    assert names(at(editor), q="LYMPH") == ["Lymph nodes", "Swollen lymph nodes"]


def test_articles_of_one_title_are_each_on_one_page(at, author, editor, monkeypatch):
    made = [article(author, title="The same").pk for _ in range(3)]
    monkeypatch.setattr("reviews.desk.article.views.IN_A_LIST", 2)

    shown = [
        html.document_fromstring(at(editor).get(url("desk_articles"), query).content).xpath(
            "//ul[@class='rows']/li/a/@href"
        )
        for query in ({}, {"after": made[1]})
    ]

    assert shown == [[url("desk_article", made[0]), url("desk_article", made[1])], [url("desk_article", made[2])]]


def test_each_state_of_the_list_is_that_of_the_latest_version(at, author, editor, clinical, specialist):
    drafts = {name: article(author, title=name) for name in ("Draft", "Sent", "Ready", "Out", "Again")}
    versions = {name: submitted(author, draft) for name, draft in drafts.items() if name != "Draft"}
    approved(versions["Ready"], editor, clinical, specialist)
    for name in ("Out", "Again"):
        published(versions[name], editor, clinical, specialist)
    edit(drafts["Again"], "Newer words.", by=author)
    submitted(author, Article.objects.get(title="Again"))

    client = at(editor)

    assert names(client, state="draft") == ["Draft"]
    assert names(client, state="submitted") == ["Again", "Sent"]
    assert names(client, state="approved") == ["Ready"]
    assert names(client, state="published") == ["Out"]
    assert names(client, state="retraction") == []

    workflow.issue_notice(drafts["Out"], actor=editor, kind="retraction", reason="Wrong.")

    assert names(client, state="retraction") == ["Out"]
    assert names(client, state="published") == []


def test_a_status_of_the_list_has_the_name_that_its_articles_bear(at, author, editor, clinical, specialist):
    """Of every status in the filter: a status that no article has here would be missed by its label."""
    client = at(editor)
    page = html.document_fromstring(client.get(url("desk_articles")).content)
    labels = dict(zip(page.xpath("//option/@value"), page.xpath("//option/text()"), strict=True))
    assert labels["draft"] == "Draft"
    assert labels["changes_requested"] == Review.Status.CHANGES_REQUESTED.label
    assert labels["retraction"] == "Retracted"

    version = submitted(author)
    published(version, editor, clinical, specialist)
    edit(version.article, "Newer words.", by=author)
    published(submitted(author, Article.objects.get()), editor, clinical, specialist)

    pages = [client.get(url("desk_review", review.pk)) for review in Review.objects.order_by("pk")]
    assert [tags(page)[0] for page in pages] == ["Replaced", "Published"]
    assert tags(client.get(url("desk_article", version.article_id))) == ["Published", "Published", "Replaced"]


def tags(page) -> list[str]:
    return html.document_fromstring(page.content).xpath("//strong[@class='tag']/text()")


def cannot(client, review) -> dict[str, str]:
    """Return what the page of a review says cannot be done now, with the reason."""
    page = html.document_fromstring(client.get(url("desk_review", review.pk)).content)
    rows = page.xpath("//details[summary='Steps that are not possible now']//dl/div")
    return {row.findtext("dt"): " ".join(row.findtext("dd").split()) for row in rows}


def test_a_step_that_is_closed_says_why_and_opens_when_its_time_has_come(at, asked, author, editor):
    review = asked[0].review
    assert "End the review" in cannot(at(editor), review)
    assert "Recall" not in cannot(at(author), review)

    decide(asked[0], "request_changes")

    assert "End the review" not in cannot(at(editor), review)
    assert [cannot(at(author), review)["Recall"]] == recall_blockers(review)


def test_the_next_version_is_said_to_be_of_high_risk_where_an_editor_judged_the_last_one_so(
    at, author, editor, clinical
):
    version = submitted(author)
    workflow.assign(version.review, actor=editor, reviewer=clinical, capacity="clinical", risk="high")
    workflow.decline(version.review, actor=editor, reason="Not now.")
    edit(version.article, "Newer words.", by=author)

    page = text(at(author).post(url("submit", version.article_id), {"change": "major", "note": "N"}, follow=True))

    assert "It is reviewed as high risk, because an editor set the previous version to high risk." in page


def test_a_notice_names_its_versions_in_their_order(at, author, editor, clinical, specialist):
    draft = article(author)
    for words in ("First.", "Second."):
        edit(draft, words, by=author)
        published(submitted(author, Article.objects.get(pk=draft.pk)), editor, clinical, specialist)
    workflow.issue_notice(Article.objects.get(), actor=editor, kind="concern", reason="A doubt.", versions=[2, 1])

    page = text(at(editor).get(url("desk_article", draft.pk)))

    assert ", about versions 1, 2 (the public version):" in page
