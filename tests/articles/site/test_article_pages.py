"""An article's pages: unchanged ones are not sent again, changes show at once, and what stands around the text."""

import datetime
import hashlib
import re

import pytest
from django.shortcuts import render

from articles.models import Article, Audience
from articles.site import page
from articles.site.facts import facts
from articles.site.keeping import kept_responses
from reviews import workflow
from tests import factories
from tests.articles.site.pages import library, page_for, parsed, words


def revised(article, author, staff, text="The newer text.", **kwargs):
    factories.edit(article, text, by=author)
    return factories.published(factories.submitted(author, Article.objects.get(pk=article.pk), **kwargs), *staff)


def again(client, path, response):
    """Ask for the page as a browser does that has it."""
    return client.get(path, headers={"if-none-match": response["ETag"]})


# Unchanged


@pytest.mark.parametrize("end", ["for/public/", "versions/1/"])
def test_an_unchanged_page_answers_304_and_its_text_is_not_made_again(
    client, public_article, monkeypatch, django_assert_num_queries, end
):
    path = f"/articles/lymph-nodes/{end}"
    first = client.get(path)
    monkeypatch.setattr(page, "rendered", lambda *_: pytest.fail("It was rendered."))

    with django_assert_num_queries(2):
        second = again(client, path, first)

    assert (second.status_code, second.content) == (304, b"")
    assert second["ETag"] == first["ETag"]
    assert first["Cache-Control"] == second["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert not second.cookies


def test_a_browser_without_the_page_or_with_another_gets_it_whole(client, public_article):
    path = page_for(public_article)
    for header in ['"another"', "", "garbage", 'W/"x", "y"']:
        assert client.get(path, headers={"if-none-match": header}).status_code == 200, header


def test_pages_for_two_audiences_are_not_taken_for_one_another(client, public_article):
    first = client.get(page_for(public_article, "public"))

    assert again(client, page_for(public_article, "carer"), first).status_code == 200


@pytest.mark.parametrize("audience", ["public", "carer"])
def test_what_is_kept_of_a_page_is_read_once_for_a_reader(client, public_article, monkeypatch, audience):
    right, read = page.cached, []
    monkeypatch.setattr(page, "cached", lambda name, make: read.append(name) or right(name, make))

    client.get(page_for(public_article, audience))

    assert [name.rpartition(":")[2] for name in read] == [audience]


def test_the_etag_is_the_digest_of_the_very_bytes(client, public_article, monkeypatch, settings):
    path = page_for(public_article)
    first = client.get(path)

    def another_template(*arguments, **named):
        response = render(*arguments, **named)
        response.content = response.content.replace(b"filter lymph", b"filter  lymph")
        return response

    with monkeypatch.context() as changed:
        changed.setattr("articles.site.article_pages.render", another_template)
        kept_responses.store.clear()  # as after a start with another template, and with other settings
        assert again(client, path, first).status_code == 200
    settings.STATIC_URL = "/another-style/"
    kept_responses.store.clear()
    assert again(client, path, first).status_code == 200
    settings.STATIC_URL = "/static/"
    kept_responses.store.clear()
    assert again(client, path, first).status_code == 304
    assert first["ETag"] == f'"{hashlib.sha256(first.content).hexdigest()[:32]}"'


@pytest.mark.parametrize("kind", ["correction", "concern", "retraction", "withdrawal"])
def test_a_notice_shows_on_the_very_next_request(client, public_article, editor, kind):
    path = page_for(public_article)
    first = client.get(path)

    workflow.issue_notice(public_article, actor=editor, kind=kind, reason="A figure was wrong.")

    second = again(client, path, first)
    assert second.status_code == 200
    assert "A figure was wrong." in second.content.decode()


def test_a_removal_and_a_publication_show_on_the_very_next_request(client, public_article, author, staff):
    path = page_for(public_article)
    first = client.get(path)

    revised(public_article, author, staff)

    second = again(client, path, first)
    assert (second.status_code, "The newer text." in second.content.decode()) == (200, True)

    workflow.issue_notice(public_article, actor=staff[0], kind="removal", reason="A court ordered it.")

    assert again(client, path, second).status_code == 410


def test_each_live_fact_changes_the_page_that_a_browser_keeps(client, public_article, author, staff, editor2):
    path = page_for(public_article)
    editor = staff[0]

    def disclaimer():
        issued = workflow.issue_disclaimer(Audience.objects.get(key="public"), actor=editor, text="A newer word.")
        workflow.confirm_disclaimer(issued, actor=editor2)

    def related():
        other = factories.article(author, title="A neighbour", slug="neighbour")
        factories.published(factories.submitted(author, other), *staff)

    def submission():
        factories.edit(public_article, "A newer text.", by=author)
        factories.submitted(author, Article.objects.get(pk=public_article.pk))

    def signer_leaves():
        staff[1].is_active = False
        staff[1].save()

    for change in [disclaimer, related, submission, signer_leaves]:
        before = client.get(path)
        assert again(client, path, before).status_code == 304

        change()

        after = again(client, path, before)
        assert after.status_code == 200, change
        assert after.content != before.content, change


def test_a_pending_page_follows_each_step(client, pending_article, staff):
    path = page_for(pending_article)
    first = client.get(path)
    assert again(client, path, first).status_code == 304

    (assignment, _) = factories.under_review(
        pending_article.latest_version, staff[0], (staff[1], "clinical"), (staff[2], "specialist")
    )
    second = again(client, path, first)
    assert second.status_code == 200

    factories.decide(assignment)

    assert again(client, path, second).status_code == 304  # a decision before the quorum is nobody's business


# Around the text


def test_related_articles_are_those_that_share_most_topics_then_by_title(client, author, staff, public_article):
    def publish(title, *topics):
        draft = factories.article(author, title=title, slug=title.lower(), topics=topics)
        factories.published(factories.submitted(author, draft), *staff)

    draft = factories.article(author, title="Here", slug="here", topics=["Oncology", "Surgery"])
    factories.published(factories.submitted(author, draft), *staff)
    for title in ["Delta", "Charlie", "Bravo", "Alpha"]:
        publish(title, "Oncology")
    publish("Zulu", "Oncology", "Surgery")

    page = parsed(client.get("/articles/here/for/public/"))

    shown = [words(link) for link in page.xpath("//nav[@class='related']//a")]
    assert shown == ["Zulu", "Alpha", "Bravo", "Charlie", "Delta"]
    assert page.xpath("//nav[@class='related']//a/@href")[0] == "/articles/zulu/"


def test_the_day_on_which_a_review_becomes_overdue_changes_the_page_that_a_browser_keeps(
    client, public_article, monkeypatch
):
    path = page_for(public_article)
    due = Article.objects.get(pk=public_article.pk).next_review_due
    monkeypatch.setattr("articles.site.facts.timezone.localdate", lambda: due)
    last_day = client.get(path)
    assert again(client, path, last_day).status_code == 304

    monkeypatch.setattr("articles.site.facts.timezone.localdate", lambda: due + datetime.timedelta(days=1))

    after = again(client, path, last_day)
    assert after.status_code == 200
    assert "Past its review date" in words(parsed(after))


def test_related_articles_alone_change_the_page_that_a_browser_keeps(client, author, staff, public_article):
    """The neighbour is of the same topic and changes nothing else around this text."""
    path = page_for(public_article)
    other = factories.article(author, title="A neighbour", slug="neighbour")
    factories.published(factories.submitted(author, other), *staff)
    before = client.get(path)
    around = facts(public_article, public_article.published_version, "public")

    workflow.issue_notice(other, actor=staff[0], kind="withdrawal", reason="No longer offered.")

    later = facts(public_article, public_article.published_version, "public")
    assert {name for name in around if repr(around[name]) != repr(later[name])} - {"rows"} == {"related"}
    after = again(client, path, before)
    assert after.status_code == 200
    assert "neighbour" not in after.content.decode()


@pytest.mark.parametrize("kind", ["retraction", "withdrawal", "removal"])
def test_no_related_list_names_what_is_not_to_be_relied_on(client, author, staff, public_article, kind):
    other = factories.article(author, title="A neighbour", slug="neighbour")
    factories.published(factories.submitted(author, other), *staff)
    assert "neighbour" in client.get(page_for(public_article)).content.decode()

    workflow.issue_notice(other, actor=staff[0], kind=kind, reason="It was wrong.")

    assert "neighbour" not in client.get(page_for(public_article)).content.decode()


def test_an_article_on_a_topic_of_its_own_has_no_related_ones(client, public_article):
    assert not parsed(client.get(page_for(public_article))).find_class("related")


@pytest.mark.parametrize("number", [1, 15])
def test_what_changed_costs_the_same_queries_however_large_the_library(
    client, author, staff, public_article, number, django_assert_num_queries
):
    library(author, staff, number)
    revised(public_article, author, staff)
    path = "/articles/lymph-nodes/versions/2/changes/"

    with django_assert_num_queries(6):
        client.get(path)
    with django_assert_num_queries(4):
        client.get(path)


def test_the_byline_leads_to_the_signer_on_the_board_while_they_sit_on_it(client, public_article, clinical):
    path = page_for(public_article)
    (link,) = parsed(client.get(path)).xpath("//div[@class='byline']//a[contains(., 'Clara Clinical')]/@href")
    assert parsed(client.get("/board/")).get_element_by_id(link.removeprefix("/board/#")) is not None

    clinical.groups.clear()

    byline = parsed(client.get(path)).find_class("byline")[0]
    assert "Clara Clinical" in words(byline)
    assert not byline.xpath(".//a[contains(., 'Clara')]")
    assert "Clara" not in client.get("/board/").content.decode()


def test_the_byline_and_the_board_name_the_same_signers(client, author, editor, clinical, specialist, lay):
    """Compare the byline, which is fetched by hand, with the board page, which asks the models."""
    draft = factories.article(author, slug="signed", title="Signed")
    version = factories.submitted(author, draft)
    for assignment in factories.under_review(version, editor, (lay, "lay"), (clinical, "clinical")):
        factories.decide(assignment)
    assert "Medically reviewed by" not in client.get("/articles/signed/for/public/", follow=True).content.decode()
    (last,) = factories.under_review(version, editor, (specialist, "specialist"))
    factories.decide(last)
    workflow.publish(version, actor=editor)

    byline = parsed(client.get("/articles/signed/for/public/")).find_class("byline")[0]
    board = parsed(client.get("/board/"))

    named = {name.split(",")[0] for name in byline.xpath(".//strong//text()")}
    entries = board.xpath("//section[.//a[@href='/articles/signed/']]/h2/text()")
    assert named == {name.split(",")[0] for name in entries} == {"Clara Clinical", "Simon Specialist"}


# What changed


def test_what_changed_is_marked_and_said_in_words(client, public_article, author, staff):
    public_article.title = "Lymph glands"
    factories.save(public_article, author)
    revised(public_article, author, staff, "Lymph nodes hold lymph.", note="Better <words>.")

    response = client.get("/articles/lymph-nodes/versions/2/changes/")
    text = parsed(response).find_class("redline")[0]

    assert [words(went) for went in text.xpath(".//del")] == ["[removed: nodes]", "[removed: filter]"]
    assert [words(came) for came in text.xpath(".//ins")] == ["[added: glands]", "[added: hold]"]
    assert all(hidden.get("class") == "visually-hidden" for hidden in text.xpath(".//ins/span | .//del/span"))
    assert "Better &lt;words&gt;." in response.content.decode()
    assert response["X-Robots-Tag"] == "noindex"


def test_the_list_of_versions_leads_to_what_changed_and_to_nothing_before_the_first(
    client, public_article, author, staff
):
    assert not re.search("versions/./changes", client.get("/articles/lymph-nodes/versions/").content.decode())
    revised(public_article, author, staff)

    listed = parsed(client.get("/articles/lymph-nodes/versions/"))

    links = listed.xpath("//main//a[contains(@href, 'changes')]/@href")
    assert links == ["/articles/lymph-nodes/versions/2/changes/"]


def test_the_first_version_says_that_there_is_none_before_it(client, public_article):
    page = words(parsed(client.get("/articles/lymph-nodes/versions/1/changes/")))

    assert "first version that was published" in page


def test_versions_that_were_never_published_are_passed_over(client, public_article, author, staff):
    factories.edit(public_article, "Canary.", by=author)
    second = factories.submitted(author, public_article)
    workflow.recall(second.review, actor=author, reason="Not yet.")
    revised(public_article, author, staff, "Lymph nodes hold lymph.")

    page = words(parsed(client.get("/articles/lymph-nodes/versions/3/changes/")))

    assert "Compared with version 1" in page
    assert "Canary" not in page
    assert client.get("/articles/lymph-nodes/versions/2/changes/").status_code == 404


@pytest.mark.parametrize("path", ["for/public/", "versions/2/", "versions/"])
def test_the_first_version_that_readers_had_leads_to_no_changes(client, author, staff, path):
    draft = factories.article(author, slug="second-try")
    workflow.recall(factories.submitted(author, draft).review, actor=author, reason="Not yet.")
    revised(draft, author, staff, "Lymph nodes hold lymph.")

    page = parsed(client.get(f"/articles/second-try/{path}"))

    assert page.xpath("//main//a[contains(@href, '/changes/')]") == []


@pytest.mark.parametrize("gone", [1, 2])
def test_a_removed_version_is_shown_in_no_comparison(client, public_article, author, staff, gone):
    revised(public_article, author, staff)
    revised(public_article, author, staff, "The newest text.")

    workflow.issue_notice(public_article, actor=staff[0], kind="removal", reason="It named a patient.", versions=[gone])

    response = client.get("/articles/lymph-nodes/versions/2/changes/")
    assert response.status_code == 410
    assert "filter" not in response.content.decode()
    assert "newer text" not in response.content.decode()
    called = {1: "This comparison was removed", 2: "This text was removed"}[gone]
    assert called in words(parsed(response).xpath("//h1")[0])
    links = parsed(client.get("/articles/lymph-nodes/versions/")).xpath("//a[contains(@href, 'changes')]/@href")
    assert links == (["/articles/lymph-nodes/versions/3/changes/"] if gone == 1 else [])


def test_references_that_came_and_went_are_marked_with_their_numbers(client, author, staff):
    draft = factories.article(author, slug="cited", body='<p>It filters <cite data-ref="one2020"></cite>.</p>')
    factories.cite(draft, "one2020", by=author, title="The first work")
    factories.cite(draft, "two2021", by=author, title="The second work")
    factories.published(factories.submitted(author, draft), *staff)
    section = draft.sections.get()
    section.body = '<p>It filters <cite data-ref="two2021"></cite>.</p>'
    factories.save(section, author)
    factories.published(factories.submitted(author, draft), *staff)

    text = parsed(client.get("/articles/cited/versions/2/changes/")).find_class("redline")[0]

    assert words(text.xpath(".//del")[0]) == "[removed: [1]]"
    assert "The first work" in words(text.xpath(".//del")[-1])
    assert "The second work" in words(text.xpath(".//ins")[-1])


def test_a_retracted_version_is_compared_under_its_notice(client, public_article, author, staff):
    second = revised(public_article, author, staff)
    workflow.issue_notice(second.article, actor=staff[0], kind="retraction", reason="The source was withdrawn.")

    page = parsed(client.get("/articles/lymph-nodes/versions/2/changes/"))

    assert "The source was withdrawn." in words(page.find_class("notice")[0])


def test_a_page_says_how_long_it_takes_to_read_where_that_is_known(client, author, staff, public_article):
    thai = factories.article(author, title="Thai", slug="thai", body="<p>มะเร็งเป็นโรค</p>", language="th")
    factories.published(factories.submitted(author, thai), *staff)

    assert "About 1 minute to read" in client.get(page_for(public_article)).content.decode()
    assert "to read</p>" not in client.get(page_for(thai)).content.decode()
