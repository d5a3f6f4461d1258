"""The public list of notices, the page of each, and their feeds."""

import pytest
from lxml import etree

from articles.models import Notice, Topic
from articles.text.rendering.visible import visible
from reviews import workflow
from tests import factories
from tests.articles.site.machines import states
from tests.articles.site.machines.schema_org import problems
from tests.articles.site.machines.test_feeds_and_sitemaps import ATOM, mapped
from tests.articles.site.machines.test_json_ld import claims, is_shown, said, seen
from tests.articles.site.pages import library, page_for, parsed, words

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")]


def issue(article, editor, kind="correction", **more):
    more = {"reason": "5 mg should read 0.5 mg.", **more}
    return workflow.issue_notice(states.again(article), actor=editor, kind=kind, **more)


def listed(client, path="/notices/") -> list[str]:
    return [words(row) for row in parsed(client.get(path)).xpath("//ol[@class='issued']/li")]


def titles(client, path) -> list[str]:
    feed = etree.fromstring(client.get(path).content)
    assert feed.xpath("/a:feed/a:link[@rel='self']/@href", namespaces=ATOM) == [f"http://testserver{path}"]
    return feed.xpath("//a:entry/a:title/text()", namespaces=ATOM)


@pytest.mark.parametrize("kind", [kind for kind in Notice.Kind.values if kind != "removal"])
def test_each_notice_is_listed_with_its_text_versions_reason_issuer_and_day(client, public_article, editor2, kind):
    notice = issue(public_article, editor2, kind)

    page = parsed(client.get("/notices/"))

    (row,) = page.xpath("//ol[@class='issued']/li")
    day = f"{notice.issued_at:%-d %B %Y}"
    label = notice.get_kind_display()
    expected = f"{label} Lymph nodes, version 1 5 mg should read 0.5 mg. Issued by Edgar Second on {day}."
    assert words(row) == expected
    assert row.xpath(".//a/@href") == [f"/notices/{notice.pk}/", "/articles/lymph-nodes/"]


def test_a_notice_and_its_article_lead_to_each_other(client, public_article, editor2):
    notice = issue(public_article, editor2)

    own = parsed(client.get(f"/notices/{notice.pk}/"))
    (box,) = parsed(client.get(page_for(public_article))).find_class("notice")

    assert f"/notices/{notice.pk}/" in box.xpath(".//a/@href")
    assert "/articles/lymph-nodes/" in own.xpath("//main//a/@href")
    assert "5 mg should read 0.5 mg." in words(own.find_class("notice")[0])
    assert words(own.xpath("//h1")[0]) == "Correction"


def test_a_lifted_notice_stays_with_who_lifted_it_and_why(client, public_article, editor, editor2):
    notice = issue(public_article, editor2, "concern")
    issue(public_article, editor, "concern", reason="The source was checked.", lifts=notice)

    (row,) = listed(client)

    assert row.startswith("Expression of concern, lifted Lymph nodes, version 1 5 mg should read")
    assert "Issued by Edgar Second on" in row
    assert "The source was checked. Lifted by Edith Editor on" in row
    own = words(parsed(client.get(f"/notices/{notice.pk}/")))
    assert "This notice was lifted." in own
    assert "The text may be wrong." not in own
    of_kind = words(parsed(client.get("/notices/concern/")))
    assert "What such a notice means while it is in force: The text may be wrong." in of_kind


def test_the_newest_notice_comes_first_and_kinds_can_be_seen_apart(client, public_article, editor2):
    issue(public_article, editor2, "correction", reason="First.")
    issue(public_article, editor2, "concern", reason="Second.")

    assert ["Second." in row for row in listed(client)] == [True, False]
    assert ["First." in row for row in listed(client, "/notices/correction/")] == [True]
    assert listed(client, "/notices/retraction/") == []
    assert "No notice of this kind has been issued." in words(parsed(client.get("/notices/retraction/")))
    chosen = parsed(client.get("/notices/concern/")).xpath("//nav[@class='kinds']//a[@aria-current='page']")
    assert [words(link) for link in chosen] == ["Expressions of concern"]


def test_a_long_list_has_pages_and_no_notice_twice(client, public_article, editor2, monkeypatch):
    monkeypatch.setattr("articles.site.lists.notices.ON_A_PAGE", 2)
    for number in range(5):
        issue(public_article, editor2, reason=f"Reason {number}.")

    path, seen = "/notices/", []
    while path:
        page = parsed(client.get(path))
        seen += [words(row) for row in page.xpath("//ol[@class='issued']/li")]
        path = next(iter(page.xpath("//a[@rel='next']/@href")), None)

    assert [row[row.index("Reason") :][:8] for row in seen] == [f"Reason {number}" for number in (4, 3, 2, 1, 0)]


@pytest.mark.parametrize(
    "path",
    ["/notices/9999/", "/notices/nothing/", "/notices/?after=x", "/notices/?after=9999", "/notices/?after=٣",
     f"/notices/?after={10**30}", f"/notices/{10**30}/"],
)  # fmt: skip
def test_a_notice_that_there_is_not_is_not_found(client, public_article, path):
    assert client.get(path).status_code == 404


def test_while_a_text_is_removed_only_its_removal_is_listed_and_neither_title_nor_address(
    client, public_article, editor2
):
    earlier = issue(public_article, editor2, reason="The canarydose was wrong.")
    removal = issue(public_article, editor2, "removal", reason="By order of a court.")

    for path in ("/notices/", f"/notices/{removal.pk}/", "/notices/feed/", "/topics/oncology/feed/"):
        page = client.get(path).content.decode()
        assert "By order of a court." in page, path
        assert not [word for word in ("Lymph nodes", "lymph-nodes", "canarydose") if word in page], path
    assert client.get(f"/notices/{earlier.pk}/").status_code == 404

    issue(public_article, editor2, "removal", reason="The order was lifted.", lifts=removal)

    assert [row.partition(" ")[0] for row in listed(client)] == ["Removal,", "Correction"]
    assert client.get(f"/notices/{earlier.pk}/").status_code == 200


def test_a_notice_on_an_older_version_names_it_and_leads_to_it(client, author, staff, public_article, editor2):
    factories.edit(public_article, "The newer text.", by=author)
    factories.published(factories.submitted(author, states.again(public_article)), *staff)
    issue(public_article, editor2, "retraction", versions=[1])

    page = parsed(client.get("/notices/"))

    assert "Lymph nodes, version 1" in words(page)
    assert "/articles/lymph-nodes/versions/1/" in page.xpath("//main//a/@href")


@pytest.mark.parametrize("path", ["/notices/", "/notices/correction/", "/notices/feed/", "/topics/oncology/feed/"])
@pytest.mark.parametrize("number", [1, 12])
def test_the_cost_does_not_grow_with_the_notices(
    client, public_article, editor2, path, number, django_assert_num_queries
):
    for _ in range(number):
        issue(public_article, editor2)

    with django_assert_num_queries({"/notices/feed/": 3, "/topics/oncology/feed/": 9}.get(path, 4)):
        client.get(path)


def test_a_notice_issued_shows_on_the_very_next_request(client, public_article, editor2):
    before = client.get("/notices/")
    assert "No notice has been issued." in words(parsed(before))

    issue(public_article, editor2)

    after = client.get("/notices/", headers={"if-none-match": before["ETag"]})
    assert (after.status_code, "0.5 mg" in after.content.decode()) == (200, True)


def test_every_page_leads_to_the_notices_and_the_sitemap_names_them(client, public_article):
    for path in ("/", page_for(public_article), "/board/"):
        assert "/notices/" in parsed(client.get(path)).xpath("//footer//a/@href")
    assert "http://testserver/notices/" in mapped(client)


@pytest.mark.parametrize("kind", ["", "correction/", "1"])
def test_schema_org_allows_what_the_pages_of_notices_say_and_they_show_it(client, public_article, editor2, kind):
    notice = issue(public_article, editor2)
    issue(public_article, editor2, reason="5 mg was right.", lifts=notice)
    path = f"/notices/{notice.pk}/" if kind == "1" else f"/notices/{kind}"

    page = parsed(client.get(path))
    data = said(page)

    assert problems(data) == []
    text = seen(visible(page.find("body"))) + page.findtext(".//title")
    missing = [claim for claim in claims(data) if not is_shown(page, *claim, page, text)]
    assert [claim for claim in missing if claim[0] not in ("position", "inLanguage", "numberOfItems")] == []
    item = data["mainEntity"] if kind == "1" else data["mainEntity"]["itemListElement"][0]["item"]
    assert item["@type"] == "CorrectionComment"
    assert item["about"]["name"] == "Lymph nodes"
    assert item["comment"]["text"] == "5 mg was right."
    assert data["publisher"]["correctionsPolicy"] == "http://testserver/notices/"


# Feeds


def test_the_feed_of_notices_tells_of_notices_alone(client, public_article, editor2):
    notice = issue(public_article, editor2, "concern")
    issue(public_article, editor2, "concern", reason="It is right.", lifts=notice)

    assert titles(client, "/notices/feed/") == [
        "Expression of concern lifted: Lymph nodes",
        "Expression of concern: Lymph nodes",
    ]


def test_the_feed_of_a_topic_tells_of_its_publications_and_notices_alone(
    client, author, staff, public_article, editor2
):
    other = factories.article(author, title="Joints", slug="joints", topics=("Surgery", "Oncology"))
    factories.published(factories.submitted(author, other), *staff)
    issue(other, editor2)
    issue(public_article, editor2)

    of_both = ["Correction: Lymph nodes", "Correction: Joints", "Joints", "Lymph nodes"]
    assert titles(client, "/topics/oncology/feed/") == of_both
    assert titles(client, "/topics/surgery/feed/") == ["Correction: Joints", "Joints"]


def test_the_feed_of_a_topic_is_short_and_the_newest_come_first(client, author, staff, monkeypatch):
    monkeypatch.setattr("articles.site.machines.feeds.entries.IN_THE_FEED", 2)
    library(author, staff, 3)

    assert titles(client, "/topics/oncology/feed/") == ["Article 02", "Article 01"]


def test_the_feed_of_a_topic_stays_to_tell_of_the_retraction_of_its_last_article(client, public_article, editor2):
    issue(public_article, editor2, "retraction")

    assert client.get("/topics/oncology/").status_code == 404
    assert titles(client, "/topics/oncology/feed/") == ["Retraction: Lymph nodes"]


def test_a_topic_on_which_nothing_was_published_has_no_feed(client, author):
    Topic.objects.create(name="Empty", slug="empty")
    factories.submitted(author, topics=("Surgery",))

    for slug in ("empty", "surgery", "none"):
        assert client.get(f"/topics/{slug}/feed/").status_code == 404, slug


@pytest.mark.parametrize(("path", "feed"), [("/topics/oncology/", "/topics/oncology/feed/"),
                                            ("/notices/", "/notices/feed/")])  # fmt: skip
def test_a_page_with_a_feed_names_it(client, public_article, path, feed):
    page = parsed(client.get(path))

    named = page.xpath("//link[@rel='alternate'][@type='application/atom+xml']/@href")
    assert named == ["/feed/", feed]
    assert feed in page.xpath("//main//a/@href")
    assert client.get(feed)["Content-Type"].startswith("application/atom+xml")
