"""The readers' pages: what each answers, and what none of them ever shows."""

import re

import pytest
from lxml import html

from articles.content import thaw
from articles.models import ArticleTopic, Audience, Notice, Slug
from articles.rendering import render
from reviews import workflow
from tests import factories
from tests.articles.site.pages import library, page_for, parsed, words

DATE = r"\d{1,2} [A-Z][a-z]+ \d{4}"


def under_review(article, editor, *reviewers):
    return factories.under_review(article.latest_version, editor, *reviewers)


# What each page answers


def test_every_page_answers(client, public_article):
    for path in [
        "/",
        "/articles/",
        "/articles/lymph-nodes/for/public/",
        "/articles/lymph-nodes/for/carer/",
        "/articles/lymph-nodes/for/professional/",
        "/articles/lymph-nodes/versions/",
        "/articles/lymph-nodes/versions/1/",
        "/articles/lymph-nodes/versions/1/changes/",
        "/topics/",
        "/topics/oncology/",
        "/search/",
        "/search/?q=lymph",
        "/board/",
        "/ledger/",
    ]:
        response = client.get(path)
        page = parsed(response)

        assert response.status_code == 200, path
        assert "Cookie" not in response.get("Vary", ""), path
        assert not response.cookies, path
        assert len(page.xpath("//h1")) == 1, path
        assert len(page.xpath("//main")) == 1, path
        assert page.get("lang") == "en"
        assert page.xpath("//a[@href='#main']")
        assert not page.xpath("//script | //style | //*[@style] | //*[starts-with(name(@*), 'on')]"), path
        assert not page.xpath("//*[starts-with(@src, 'http')] | //link[@rel='stylesheet'][starts-with(@href, 'http')]")


def test_every_page_answers_head_as_get_without_a_body(client, public_article):
    for path in ["/", "/articles/", page_for(public_article), "/articles/lymph-nodes/versions/1/", "/topics/"]:
        response = client.head(path)

        assert (response.status_code, response.content) == (200, b""), path


def test_reading_pages_refuse_to_be_posted_to(client, public_article):
    for path in ["/", "/articles/", "/articles/lymph-nodes/", page_for(public_article), "/topics/", "/healthz"]:
        assert client.post(path).status_code == 405, path
    assert client.get("/audience/").status_code == 405


def test_an_empty_site_answers(client, db):
    for path in ["/", "/articles/", "/topics/"]:
        assert "No article is published yet." in client.get(path).content.decode(), path
    assert client.get("/editorial-policy/").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/articles/nothing/",
        "/articles/nothing/for/public/",
        "/articles/nothing/versions/",
        "/articles/lymph-nodes/for/robots/",
        "/articles/lymph-nodes/versions/2/",
        "/articles/lymph-nodes/versions/0/",
        "/articles/lymph-nodes/versions/99999999999999999999999999/",
        "/articles/?after=nothing",
        "/articles/?after=%00",
        "/topics/nothing/",
        "/nowhere/",
    ],
)
def test_what_is_not_there_answers_404_with_a_way_on(client, public_article, path):
    response = client.get(path)

    assert response.status_code == 404
    assert parsed(response).xpath("//main//a[@href='/articles/']")


def test_healthz_answers_ok_when_the_database_does(client, db):
    assert client.get("/healthz").content == b"ok\n"


def test_a_broken_page_answers_500_with_a_way_on(client, public_article, monkeypatch):
    client.raise_request_exception = False
    monkeypatch.setattr("articles.site.page.sha256", lambda text: "another digest")

    response = client.get(page_for(public_article))

    assert response.status_code == 500
    assert "Lymph nodes filter lymph" not in response.content.decode()
    assert parsed(response).xpath("//main//a[@href='/']")


# Addresses


def test_the_address_leads_to_the_audience_the_text_was_written_for(client, public_article):
    response = client.get("/articles/lymph-nodes/")

    assert (response.status_code, response["Location"]) == (302, "/articles/lymph-nodes/for/public/")
    assert "Cookie" in response["Vary"]


def test_the_address_leads_to_the_audience_chosen(client, public_article):
    client.cookies["audience"] = "carer"

    assert client.get("/articles/lymph-nodes/")["Location"] == "/articles/lymph-nodes/for/carer/"


def test_a_cookie_with_another_value_counts_for_nothing(client, public_article):
    client.cookies["audience"] = "robots"

    assert client.get("/articles/lymph-nodes/")["Location"] == "/articles/lymph-nodes/for/public/"


def test_a_draft_written_for_others_meanwhile_does_not_move_readers(client, public_article, author):
    public_article.written_for = Audience.objects.get(key="carer")
    factories.save(public_article, author)

    assert client.get("/articles/lymph-nodes/")["Location"] == "/articles/lymph-nodes/for/public/"


def test_the_page_for_an_audience_never_varies_and_sets_no_cookie(client, public_article):
    client.cookies["audience"] = "carer"

    response = client.get(page_for(public_article))

    assert "Cookie" not in response.get("Vary", "")
    assert not response.cookies


def test_who_is_signed_in_reads_the_same_page_without_being_asked_for(
    client, public_article, author, django_assert_num_queries
):
    for_anybody = client.get(page_for(public_article)).content
    client.force_login(author)

    with django_assert_num_queries(2):
        assert client.get(page_for(public_article)).content == for_anybody


def test_a_former_address_redirects_for_good(client, public_article, author):
    public_article.slug = "glands"
    factories.save(public_article, author)

    for end in ["", "for/carer/", "versions/", "versions/1/"]:
        response = client.get(f"/articles/lymph-nodes/{end}")
        assert (response.status_code, response["Location"]) == (301, f"/articles/glands/{end}")


def test_a_former_address_of_what_is_not_public_tells_nothing(client, author):
    draft = factories.article(author, slug="secret-plan")
    Slug.objects.create(article=draft, slug="older-plan")

    assert client.get("/articles/older-plan/").status_code == 404


def test_the_policy_has_an_address_of_its_own(client, author, editor, clinical, specialist):
    draft = factories.article(author, kind="policy", slug="our-policy", title="Editorial policy")
    version = factories.submitted(author, draft)
    for assignment in factories.under_review(version, editor, (clinical, "clinical"), (specialist, "clinical")):
        factories.decide(assignment)
    workflow.publish(version, actor=editor)

    assert client.get("/editorial-policy/")["Location"] == "/articles/our-policy/"


# The text


def test_the_article_element_is_what_the_renderer_gives(client, public_article):
    content = thaw(public_article.published_version.frozen.text)

    for audience in ["public", "carer", "professional"]:
        for _ in ("rendered", "from the cache"):
            page = client.get(page_for(public_article, audience)).content.decode()
            assert page.count("<article") == 1
            assert render(content, audience).html in page


def test_a_hostile_title_is_shown_as_letters(client, author, staff):
    title = '<script>alert(1)</script> & "nodes" \''
    draft = factories.article(author, title=title, slug="hostile")
    factories.published(factories.submitted(author, draft, note="<b>note</b>"), *staff)

    for path in ["/", "/articles/", "/articles/hostile/for/public/", "/articles/hostile/versions/"]:
        page = client.get(path).content.decode()
        assert "<script" not in page, path
        assert "<b>" not in page, path
        assert title in html.document_fromstring(page).text_content(), path


def test_the_disclaimer_in_force_is_shown_to_its_audience(client, public_article, author, editor, editor2):
    issued = workflow.issue_disclaimer(Audience.objects.get(key="carer"), actor=editor, text="A newer word.")
    assert "A newer word." not in client.get(page_for(public_article, "carer")).content.decode()

    workflow.confirm_disclaimer(issued, actor=editor2)

    assert "A newer word." in client.get(page_for(public_article, "carer")).content.decode()
    assert "A newer word." not in client.get(page_for(public_article, "public")).content.decode()


# The status


def test_an_approved_page_says_so_in_three_steps_and_full_dates(client, public_article):
    page = parsed(client.get(page_for(public_article)))

    steps = page.xpath("//ol[@class='steps']/li")
    assert [words(step.find_class("step")[0]) for step in steps] == ["Submitted", "Under review", "Approved"]
    assert [words(step.find_class("state")[0]) for step in steps] == ["completed", "completed", "current"]
    assert [step.get("aria-current") for step in steps] == [None, None, "step"]
    assert all(re.search(DATE, words(step)) for step in steps)
    assert "Articles are reviewed by our medical advisory board before approval. This page: approved." in words(page)
    for label in ["Last updated", "Last reviewed", "Next review due"]:
        assert re.search(rf"{label}\s*{DATE}", words(page)), label
    for time in page.xpath("//time"):
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", time.get("datetime"))
        assert re.fullmatch(DATE, time.text)
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
        assert "Last reviewed" not in words(page)
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


def test_a_newer_version_under_review_is_told_and_nothing_of_it_shown(client, public_article, author, editor):
    factories.edit(public_article, "Canary of version two.", by=author)
    factories.submitted(author, public_article, note="Canary note.")

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


@pytest.mark.parametrize("kind", ["correction", "concern", "withdrawal"])
def test_other_notices_stand_before_the_text(client, public_article, editor2, kind):
    workflow.issue_notice(public_article, actor=editor2, kind=kind, reason="A figure was wrong.")

    page = parsed(client.get(page_for(public_article)))

    assert page.find_class("notice")[0].get("data-kind") == kind
    assert words(page.xpath("//h1")[0]) == ("Withdrawn: " if kind == "withdrawal" else "") + "Lymph nodes"


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
        assert re.search("Published version removed ?1 Search", text)
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


# The byline


def test_the_byline_names_who_signed_this_text_and_no_lay_reader(client, author, editor, clinical, specialist, lay):
    draft = factories.article(author, slug="signed")
    version = factories.submitted(author, draft)
    people = [(lay, "lay"), (clinical, "clinical"), (specialist, "specialist")]
    for assignment in factories.under_review(version, editor, *people):
        factories.decide(assignment)
    workflow.publish(version, actor=editor)

    byline = words(parsed(client.get("/articles/signed/for/public/")).find_class("byline")[0])

    expected = rf"Medically reviewed by Clara Clinical, MD, clinical reviewer, on {DATE}"
    assert re.search(rf"{expected} ?Simon Specialist, MD, specialist reviewer, on {DATE}$", byline)
    assert "Larry" not in byline


def test_a_superseded_approval_is_in_no_byline(client, author, editor, clinical, specialist):
    draft = factories.article(author, slug="signed")
    version = factories.submitted(author, draft)
    factories.approved(version, editor, clinical, specialist)
    workflow.withdraw_approval(
        version.review, actor=clinical, password=factories.PASSWORD, reason="A figure is wrong after all."
    )
    factories.edit(draft, "The figure is right now.", by=author)
    second = factories.submitted(author, draft)
    other = factories.board_member("reviewer3", "Mei Third")
    factories.published(second, editor, other, specialist)

    page = words(parsed(client.get("/articles/signed/for/public/")))

    assert "Mei Third" in page
    assert "Clara Clinical" not in page


def test_the_byline_keeps_names_as_they_were_signed(client, public_article, clinical):
    clinical.contributor.name = "Clara Married"
    clinical.contributor.save()

    assert "Clara Clinical" in client.get(page_for(public_article)).content.decode()
    assert "Clara Married" not in client.get(page_for(public_article)).content.decode()


# What is never shown


def every_public_page(client, *slugs):
    """Return all that anybody is shown at any public address, refusals included."""
    paths = ["/", "/articles/", "/topics/", "/topics/oncology/", "/topics/canary-topic/", "/search/?q=can"]
    paths += ["/board/", "/ledger/", "/feed/", "/sitemap.xml", "/robots.txt"]
    for slug in slugs:
        ends = ["", "for/public/", "for/carer/", "for/professional/", "versions/", "versions/1/", "versions/2/"]
        ends += ["versions/1/changes/", "versions/2/changes/"]
        paths += [f"/articles/{slug}/{end}" for end in ends]
    return "".join(client.get(path, follow=True).content.decode() for path in paths)


def test_no_draft_is_ever_shown(client, author, public_article):
    factories.article(author, title="Canary draft", slug="draft", body="<p>Canary text.</p>", topics=["Canary topic"])
    public_article.title = "Canary title"
    factories.save(public_article, author)
    factories.edit(public_article, "Canary edit.", by=author)
    factories.save(ArticleTopic(article=public_article, topic=factories.topic("Canary topic")), author)

    assert "Canary" not in every_public_page(client, "draft", "lymph-nodes")


def test_no_text_under_closed_review_is_ever_shown(client, author, editor, clinical, specialist):
    draft = factories.article(author, title="Canary", slug="closed", body="<p>Canary text.</p>")
    version = factories.submitted(author, draft, note="Canary note")
    assert "Canary" not in every_public_page(client, "closed")

    factories.under_review(version, editor, (clinical, "clinical"))
    assert "Canary" not in every_public_page(client, "closed")


def test_no_approved_text_is_shown_before_it_is_published(client, author, staff):
    draft = factories.article(author, title="Canary", slug="closed", body="<p>Canary text.</p>")
    factories.approved(factories.submitted(author, draft), *staff)

    assert "Canary" not in every_public_page(client, "closed")


def test_no_text_is_shown_once_changes_are_requested(client, pending_article, editor, clinical):
    (assignment,) = under_review(pending_article, editor, (clinical, "clinical"))
    factories.decide(assignment, "request_changes", "Canary reason.")

    shown = every_public_page(client, "why")

    assert "Canary" not in shown
    assert "filter lymph" not in shown
    assert "Why do nodes swell?" not in shown


def test_no_comment_or_reason_is_ever_shown(client, author, editor, clinical, specialist):
    draft = factories.article(author, slug="signed")
    version = factories.submitted(author, draft)
    first, second = factories.under_review(version, editor, (clinical, "clinical"), (specialist, "specialist"))
    workflow.comment(version, actor=clinical, text="Canary comment.")
    factories.decide(first, reason="Canary reason.")
    factories.decide(second)
    workflow.publish(version, actor=editor)

    assert "Canary" not in every_public_page(client, "signed")


# The audience


def test_the_choice_is_kept_in_a_cookie_and_leads_back(client, public_article):
    response = client.post("/audience/", {"audience": "carer", "next": "/articles/lymph-nodes/"})

    assert (response.status_code, response["Location"]) == (302, "/articles/lymph-nodes/")
    cookie = response.cookies["audience"]
    assert (cookie.value, cookie["samesite"], cookie["httponly"]) == ("carer", "Lax", True)
    assert list(response.cookies) == ["audience"]
    assert client.get("/articles/lymph-nodes/")["Location"] == "/articles/lymph-nodes/for/carer/"


def test_who_prefers_not_to_say_is_forgotten(client, public_article):
    client.cookies["audience"] = "carer"

    client.post("/audience/", {"audience": "", "next": "/articles/lymph-nodes/"})

    assert client.get("/articles/lymph-nodes/")["Location"] == "/articles/lymph-nodes/for/public/"


def test_the_form_offers_every_audience_and_not_to_say(client, public_article):
    page = parsed(client.get(page_for(public_article, "carer")))

    assert page.xpath("//form[@action='/audience/']//input[@type='radio']/@value") == [
        "public",
        "carer",
        "professional",
        "",
    ]
    assert page.xpath("//input[@type='radio'][@checked]/@value") == ["carer"]
    assert "csrf" not in html.tostring(page, encoding="unicode")


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "articles/",
        "/a\nb",
        "",
    ],
)
def test_the_choice_leads_nowhere_else(client, db, elsewhere):
    response = client.post("/audience/", {"audience": "carer", "next": elsewhere})

    assert response.status_code == 302
    assert response["Location"].startswith("/")
    assert "evil" not in response["Location"]


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://["},
        {"sec-fetch-site": "cross-site"},
        {"origin": "http://testserver", "sec-fetch-site": "cross-site"},
    ],
)
def test_a_choice_sent_from_another_site_is_refused(client, db, headers):
    response = client.post("/audience/", {"audience": "carer"}, headers=headers)

    assert response.status_code == 403
    assert not response.cookies


def test_a_choice_sent_from_this_site_needs_no_token(client, db):
    client.handler.enforce_csrf_checks = True

    response = client.post(
        "/audience/", {"audience": "carer"}, headers={"origin": "http://testserver", "sec-fetch-site": "same-origin"}
    )

    assert response.status_code == 302


@pytest.mark.parametrize("audience", ["robots", "PUBLIC", "public\0", "x" * 5000])
def test_an_unknown_audience_cannot_be_chosen(client, db, audience):
    response = client.post("/audience/", {"audience": audience})

    assert response.status_code == 422
    assert not response.cookies


# Speed


@pytest.mark.parametrize("number", [1, 50])
def test_a_page_costs_the_same_queries_however_large_the_library(
    client, author, staff, number, django_assert_num_queries
):
    library(author, staff, number)
    client.get("/articles/library-00/for/public/")
    client.get("/search/?q=article")

    for path, queries in [
        ("/", 3),
        ("/articles/", 2),
        ("/topics/", 1),
        ("/topics/oncology/", 3),
        ("/articles/library-00/", 1),
        ("/articles/library-00/for/public/", 2),
        ("/articles/library-00/versions/", 2),
        ("/articles/library-00/versions/1/", 2),
        ("/articles/library-00/versions/1/changes/", 3),
        ("/search/?q=article", 1),
        ("/search/", 0),
        ("/feed/", 1),
        ("/sitemap.xml", 2),
        ("/robots.txt", 0),
        ("/board/", 4),
        ("/ledger/", 3),
        ("/healthz", 9),
    ]:
        with django_assert_num_queries(queries, info=path):
            client.get(path)


def test_the_text_is_fetched_and_rendered_once_for_an_audience(client, public_article, django_assert_num_queries):
    with django_assert_num_queries(3):
        client.get(page_for(public_article))
    with django_assert_num_queries(2):
        client.get(page_for(public_article))


def test_long_lists_come_a_page_at_a_time(client, author, staff, monkeypatch):
    library(author, staff, 5)
    monkeypatch.setattr("articles.site.views.IN_A_LIST", 2)
    seen, path = [], "/articles/"

    while path:
        page = parsed(client.get(path))
        seen += page.xpath("//p[@class='title']/a/text()")
        path = next((f"/articles/{link}" for link in page.xpath("//a[@rel='next']/@href")), None)
        path = path and path.replace("/articles//articles/", "/articles/")

    assert seen == [f"Article {place:02}" for place in range(5)]


def test_reading_writes_nothing(client, public_article):
    before = factories.evidence()

    every_public_page(client, "lymph-nodes")

    assert factories.evidence() == before
    assert Notice.objects.count() == 0
