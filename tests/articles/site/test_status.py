"""A page says where its text stands: approved, pending, retracted, removed, or an older version."""

import re

import pytest

from articles.models import Article, Audience
from reviews import workflow
from tests import factories
from tests.articles.site.pages import DATE, page_for, parsed, under_review, words


def test_an_approved_page_says_so_in_three_steps_and_full_dates(client, public_article):
    page = parsed(client.get(page_for(public_article)))

    steps = page.xpath("//ol[@class='steps']/li")
    assert [words(step.find_class("step")[0]) for step in steps] == ["Submitted", "Under review", "Approved"]
    assert [words(step.find_class("state")[0]) for step in steps] == ["completed"] * 3
    assert [step.get("aria-current") for step in steps] == [None] * 3
    (fold,) = page.xpath("//details[@class='standing'][.//ol]")
    assert "open" not in fold.attrib
    assert words(fold.find("summary")).startswith("Review status: Approved by our medical advisory board")
    assert all(re.search(DATE, words(step)) for step in steps)
    assert "Articles are reviewed by our medical advisory board before approval. This page: approved." in words(page)
    for label in ["Last updated", "Page last reviewed", "Next review due"]:
        assert re.search(rf"{label}\s*{DATE}", words(page)), label
    for time in page.xpath("//time"):
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", time.get("datetime"))
        assert re.fullmatch(DATE, time.text)
    assert page.xpath("//dl[@class='dates'][preceding::article]")
    assert page.xpath("//header[@class='head']//a[@href='/board/']")
    assert "Important:" not in words(page)


def test_a_pending_page_warns_and_is_kept_out_of_search(client, pending_article, editor, clinical, specialist):
    for place, status in enumerate(["submitted", "under_review"]):
        response = client.get(page_for(pending_article))
        page = parsed(response)

        assert response["X-Robots-Tag"] == "noindex"
        assert page.xpath("//meta[@name='robots'][@content='noindex']")
        caution = page.find_class("caution")[0]
        assert words(caution).startswith("Important: This page has not been approved")
        assert page.xpath("//article[preceding::section[@class='caution']]")
        assert "Medically reviewed by" not in words(page)
        assert "ast reviewed" not in words(page)
        steps = page.xpath("//ol[@class='steps']/li")
        assert [index for index, step in enumerate(steps) if step.get("aria-current")] == [place], status
        assert words(steps[2]) == "Approved not started"
        if status == "submitted":
            first, _ = under_review(pending_article, editor, (clinical, "clinical"), (specialist, "specialist"))
            factories.decide(first)


def test_an_approved_text_that_is_not_published_has_no_byline(client, pending_article, staff):
    factories.approved(pending_article.latest_version, *staff)

    response = client.get(page_for(pending_article))
    page = parsed(response)

    assert words(page.find_class("caution")[0]).startswith("Important: This page is not published yet")
    assert response["X-Robots-Tag"] == "noindex"
    assert "Medically reviewed by" not in words(page)
    assert words(page.xpath("//li[@aria-current='step']")[0]).startswith("Approved current")


def test_a_pending_text_goes_at_once_when_its_review_ends(client, pending_article, author):
    assert client.get(page_for(pending_article)).status_code == 200

    workflow.recall(pending_article.latest_version.review, actor=author, reason="It is not ready.")

    assert client.get(page_for(pending_article)).status_code == 404
    assert client.get("/articles/why/").status_code == 404


def test_a_pending_text_is_on_no_list(client, pending_article):
    for path in ["/", "/articles/", "/topics/"]:
        assert "Why do nodes swell?" not in client.get(path).content.decode()
    assert client.get("/topics/oncology/").status_code == 404
    assert client.get("/articles/why/versions/").status_code == 404
    assert client.get("/articles/why/versions/1/").status_code == 404


def test_a_newer_version_under_review_is_told_and_nothing_of_it_shown(client, public_article, author, editor, clinical):
    factories.edit(public_article, "Canary of version two.", by=author)
    newer = factories.submitted(author, public_article, note="Canary note.")
    workflow.assign(newer.review, actor=editor, reviewer=clinical, capacity="clinical")

    page = client.get(page_for(public_article)).content.decode()

    assert "A newer version is under review." in page
    assert "Canary" not in page
    assert "Canary" not in client.get("/articles/lymph-nodes/versions/").content.decode()
    assert client.get("/articles/lymph-nodes/versions/2/").status_code == 404


def test_a_retracted_page_is_labelled_and_stays_readable(client, public_article, editor2):
    workflow.issue_notice(public_article, actor=editor2, kind="retraction", reason="The source was <i>withdrawn</i>.")

    response = client.get(page_for(public_article))
    page = parsed(response)

    assert response.status_code == 200
    assert words(page.xpath("//h1")[0]) == "Retracted: Lymph nodes"
    assert page.xpath("//title")[0].text.startswith("Retracted: Lymph nodes")
    notice = page.find_class("notice")[0]
    assert "The source was <i>withdrawn</i>." in words(notice)
    assert re.search(rf"Issued by Edgar Second on {DATE}\.", words(notice))
    assert page.xpath("//article[preceding::section[@class='notice']]")
    assert "Lymph nodes filter lymph." in words(page.xpath("//article")[0])
    assert "Medically reviewed by" not in words(page)
    assert "Next review due" not in words(page)
    assert not page.find_class("steps")
    assert "Lymph nodes" not in client.get("/articles/").content.decode()


def test_a_lifted_retraction_is_gone_from_the_page(client, public_article, editor2):
    notice = workflow.issue_notice(public_article, actor=editor2, kind="retraction", reason="It was wrong.")
    workflow.issue_notice(public_article, actor=editor2, kind="retraction", reason="It was right.", lifts=notice)

    page = client.get(page_for(public_article)).content.decode()

    assert "Retract" not in page
    assert "Medically reviewed by" in page


@pytest.mark.parametrize(
    ("kind", "label"),
    [("correction", ""), ("concern", "Under an expression of concern: "), ("withdrawal", "Withdrawn: ")],
)
def test_other_notices_stand_before_the_text(client, public_article, editor2, kind, label):
    workflow.issue_notice(public_article, actor=editor2, kind=kind, reason="A figure was wrong.")

    page = parsed(client.get(page_for(public_article)))

    assert page.find_class("notice")[0].get("data-kind") == kind
    assert words(page.xpath("//h1")[0]) == f"{label}Lymph nodes"


def test_a_removed_article_answers_410_with_who_when_and_why(client, public_article, author, editor2):
    public_article.slug = "glands"
    factories.save(public_article, author)
    factories.edit(public_article, "Another text.", by=author)
    factories.submitted(author, public_article, note="Second.")
    workflow.issue_notice(public_article, actor=editor2, kind="removal", reason="A court ordered it.")

    for path in ["", "for/public/", "versions/", "versions/1/"]:
        response = client.get(f"/articles/glands/{path}")
        text = words(parsed(response))

        assert response.status_code == 410
        assert "A court ordered it." in text
        assert re.search(rf"Removed by ?Edgar Second, editor On ?{DATE} ?Why", text)
        assert re.search("Published version removed ?1 All corrections and retractions Search", text)
        assert "filter lymph" not in text
    assert client.get("/articles/lymph-nodes/").status_code == 301
    assert "glands" not in client.get("/articles/").content.decode()


def test_a_removed_older_version_answers_410_and_the_newer_one_stays(client, public_article, author, staff, editor2):
    factories.edit(public_article, "The newer text.", by=author)
    factories.published(factories.submitted(author, public_article), *staff)
    workflow.issue_notice(public_article, actor=editor2, kind="removal", reason="It named a patient.", versions=[1])

    assert client.get("/articles/lymph-nodes/versions/1/").status_code == 410
    assert client.get("/articles/lymph-nodes/versions/2/").status_code == 200
    assert client.get(page_for(public_article)).status_code == 200
    listed = parsed(client.get("/articles/lymph-nodes/versions/"))
    assert not listed.xpath("//a[@href='/articles/lymph-nodes/versions/1/']")
    assert "Version 1 Removed" in words(listed)


def test_an_older_version_says_that_it_is_one(client, public_article, author, staff):
    factories.edit(public_article, "The newer text.", by=author)
    factories.published(factories.submitted(author, public_article), *staff)

    response = client.get("/articles/lymph-nodes/versions/1/")
    page = parsed(response)

    assert response["X-Robots-Tag"] == "noindex"
    assert "Older version" in words(page)
    assert page.xpath("//main//a[@href='/articles/lymph-nodes/']")
    assert "filter lymph" in words(page)
    assert "newer text" not in words(page)
    assert "X-Robots-Tag" not in client.get("/articles/lymph-nodes/versions/2/")


ASKED_EACH_TIME = "public, max-age=0, must-revalidate"


def test_a_removal_that_is_lifted_or_replaced_is_seen_on_the_next_request(client, public_article, editor2):
    path = page_for(public_article)
    notice = workflow.issue_notice(public_article, actor=editor2, kind="removal", reason="By order of a court.")
    gone = [client.get(each) for each in (path, "/articles/lymph-nodes/", "/articles/lymph-nodes/versions/1/")]

    assert {(answer.status_code, answer["Cache-Control"]) for answer in gone} == {(410, ASKED_EACH_TIME)}
    workflow.issue_notice(public_article, actor=editor2, kind="removal", reason="Settled.", lifts=notice)
    assert client.get(path).status_code == 200


def test_a_former_address_is_asked_for_each_time_and_may_become_the_present_one_again(client, public_article, author):
    def name(slug):
        draft = Article.objects.get(pk=public_article.pk)
        draft.slug = slug
        factories.save(draft, author)

    name("glands")
    led = client.get("/articles/lymph-nodes/")
    assert (led.status_code, led["Location"], led["Cache-Control"]) == (301, "/articles/glands/", ASKED_EACH_TIME)


def test_each_removed_version_says_why_it_was_removed_itself(client, public_article, author, staff, editor2):
    factories.edit(public_article, "The newer text.", by=author)
    factories.published(factories.submitted(author, Article.objects.get(pk=public_article.pk)), *staff)
    for number, reason in [(1, "Words about a patient."), (2, "By order of a court.")]:
        draft = Article.objects.get(pk=public_article.pk)
        workflow.issue_notice(draft, actor=editor2, kind="removal", reason=reason, versions=[number])

    for number, reason in [(1, "Words about a patient."), (2, "By order of a court.")]:
        page = client.get(f"/articles/lymph-nodes/versions/{number}/")
        assert page.status_code == 410
        assert reason in words(parsed(page))
        assert re.search(
            f"Published version removed ?{number} All corrections and retractions Search", words(parsed(page))
        )


def test_no_page_leads_to_changes_since_a_removed_version(client, public_article, author, staff, editor2):
    factories.edit(public_article, "The newer text.", by=author)
    factories.published(factories.submitted(author, Article.objects.get(pk=public_article.pk)), *staff)
    paths = [page_for(public_article), "/articles/lymph-nodes/versions/2/", "/articles/lymph-nodes/versions/"]
    link = '//a[@href="/articles/lymph-nodes/versions/2/changes/"]'
    assert [bool(parsed(client.get(path)).xpath(link)) for path in paths] == [True] * 3

    article = Article.objects.get(pk=public_article.pk)
    workflow.issue_notice(article, actor=editor2, kind="removal", reason="By order of a court.", versions=[1])

    assert [bool(parsed(client.get(path)).xpath(link)) for path in paths] == [False] * 3


def test_a_text_that_nobody_is_asked_about_is_not_said_to_be_read(client, pending_article, editor, clinical):
    def caution() -> str:
        return words(parsed(client.get(page_for(pending_article))).find_class("caution")[0])

    assert "is waiting for reviewers" in caution()
    [asked] = under_review(pending_article, editor, (clinical, "clinical"))
    assert "its reviewers are reading it" in caution()

    workflow.unassign(asked, actor=editor, reason="She is ill.")

    assert "is waiting for reviewers" in caution()
    assert "are reading it" not in caution()


def test_an_approved_text_that_is_not_published_is_called_so_on_title_and_sheet(client, pending_article, staff):
    before = parsed(client.get(page_for(pending_article)))
    factories.approved(pending_article.latest_version, *staff)

    after = parsed(client.get(page_for(pending_article)))

    for page, state in [(before, "Not approved:"), (after, "Not published:")]:
        assert words(page.xpath("//title")[0]).startswith(f"{state} Why do nodes swell?")
        assert words(page.find_class("sheet")[0]).startswith(f"{state} do not act on this text.")


def test_readers_are_named_as_they_were_when_the_text_was_signed(client, public_article):
    readers = Audience.objects.get(key="carer")
    signed = readers.label
    readers.label = "Children under ten"
    readers.save()

    page = words(parsed(client.get("/articles/lymph-nodes/for/carer/")))

    assert signed in page
    assert "Children under ten" not in page
