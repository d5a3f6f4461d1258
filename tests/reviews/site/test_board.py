"""The board page: who sits on it, with what credentials, and what they signed that is now public."""

import datetime
import re

import pytest
from django.utils import timezone

from articles.models import Article
from reviews import workflow
from reviews.models import BoardMember, Specialty
from reviews.workflow.steps.interests.disclosing import Declared
from tests import factories
from tests.articles.site.pages import library, parsed, words

DATE = r"\d{1,2} [A-Z][a-z]+ \d{4}"


def entry(client, name):
    """Return the words of a member's entry, or nothing where there is none."""
    sections = parsed(client.get("/board/")).xpath("//section[@class='member']")
    return next((words(section) for section in sections if name in words(section.find("h2"))), None)


def test_each_member_is_told_of_in_words(client, specialist, lay):
    specialist.contributor.bio = "Twenty years <b>of</b> surgery.\n\nTeaches."
    specialist.contributor.orcid = "0000-0002-1825-0097"
    specialist.contributor.save()

    shown = entry(client, "Simon Specialist, MD")

    assert "On the board as Clinical reviewer, specialist reviewer" in shown
    assert "Specialist in Oncology" in shown
    assert "ORCID iD 0000-0002-1825-0097" in shown
    assert "About Twenty years <b>of</b> surgery. Teaches." in shown
    assert re.search(rf"Disclosure of interests made on {DATE}: nothing to declare\.", shown)
    assert "No current articles." in shown
    assert "On the board as Lay reviewer" in entry(client, "Larry Layman")


def test_interests_are_told_as_they_were_disclosed_last(client, clinical):
    member = clinical.board_member
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    factories.disclose(member, conflicts=["Surgery"], made_on=yesterday)
    assert "nothing to declare" in entry(client, "Clara")

    factories.disclose(member, conflicts=["Surgery"])

    assert re.search(rf"made on {DATE}: Consulting fees\.", entry(client, "Clara"))


def test_the_newest_disclosure_is_told_though_an_older_one_runs_longer(client, clinical):
    month = timezone.localdate() + datetime.timedelta(days=30)

    factories.disclose(clinical.board_member, conflicts=["Surgery"], valid_until=month)

    assert "Consulting fees." in entry(client, "Clara")
    assert "nothing to declare" not in entry(client, "Clara")


def test_a_disclosure_of_a_day_to_come_is_not_told_yet(client, clinical):
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)

    factories.disclose(clinical.board_member, conflicts=["Surgery"], made_on=tomorrow)

    assert "nothing to declare" in entry(client, "Clara")
    assert "Consulting fees" not in entry(client, "Clara")


def test_a_disclosure_that_has_run_out_is_said_to_be_out_of_date(client, clinical):
    long_ago = timezone.localdate() - datetime.timedelta(days=500)
    other = factories.person("late", "Lena Late", groups=["reviewer"])
    member = BoardMember.objects.create(user=other, capacities=["lay"])
    assert "No disclosure of interests has been made." in entry(client, "Lena Late")

    factories.disclose(member, made_on=long_ago, valid_until=long_ago + datetime.timedelta(days=365))

    assert "nothing to declare. It is out of date." in entry(client, "Lena Late")


def test_who_left_the_board_is_not_on_its_page(client, clinical, specialist, pharmacist, author):
    clinical.groups.clear()
    specialist.is_active = False
    specialist.save()
    factories.person("group-only", "Greta Group", groups=["reviewer"])

    page = client.get("/board/").content.decode()

    for name in ["Clara", "Simon", "Greta", "Ada Author"]:
        assert name not in page
    assert "Petra Pharmacist" in page


def test_an_empty_board_says_so(client, db):
    assert "The board has no members at present." in client.get("/board/").content.decode()


def test_a_member_is_shown_with_what_they_signed_that_is_public_now(client, public_article, author, staff):
    assert "Current articles signed Lymph nodes" in entry(client, "Clara")
    assert "Current articles signed Lymph nodes" in entry(client, "Simon")

    factories.edit(public_article, "The newer text.", by=author)
    other = factories.board_member("reviewer3", "Mei Third")
    version = factories.submitted(author, Article.objects.get(pk=public_article.pk))
    factories.approved(version, staff[0], other, staff[2])
    assert "No current articles" in entry(client, "Mei Third")

    workflow.publish(version, actor=staff[0])

    assert "Current articles signed Lymph nodes" in entry(client, "Mei Third")
    assert "No current articles" in entry(client, "Clara")


@pytest.mark.parametrize(
    ("change", "said"), [("correction", "(signed a correction)"), ("minor", "(signed a minor change)")]
)
def test_who_signed_a_small_change_is_not_said_to_have_approved_the_article(client, author, staff, change, said):
    draft = factories.article(author, title="Lymph nodes", body="<p>They recieve it.</p>")
    factories.published(factories.submitted(author, draft), *staff)
    factories.edit(draft, "They receive it.", by=author)
    version = factories.submitted(author, draft, change=change)
    people = [(staff[1], "clinical"), (staff[2], "specialist")][: 1 if change == "correction" else 2]
    for asked in factories.under_review(version, staff[0], *people):
        factories.decide(asked)
    workflow.publish(version, actor=staff[0])

    assert f"Current articles signed Lymph nodes {said}" in entry(client, "Clara")


@pytest.mark.parametrize("kind", ["retraction", "withdrawal", "removal"])
def test_what_is_not_to_be_relied_on_is_nobodys_credit(client, public_article, editor2, kind):
    workflow.issue_notice(public_article, actor=editor2, kind=kind, reason="It was wrong.")

    assert "No current articles" in entry(client, "Clara")
    assert "Lymph nodes" not in client.get("/board/").content.decode()


@pytest.mark.parametrize("page", ["/board/", "member"])
def test_a_text_is_labelled_while_it_is_under_a_concern(client, public_article, clinical, editor2, page):
    called = "Current articles signed Under an expression of concern Lymph nodes"
    page = f"/board/{clinical.contributor.pk}/" if page == "member" else page

    def words():
        return " ".join(parsed(client.get(page)).text_content().split())

    assert "Under an expression of concern" not in words()

    issued = workflow.issue_notice(public_article, actor=editor2, kind="concern", reason="A doubt.")
    assert called in words()

    workflow.issue_notice(public_article, actor=editor2, kind="concern", reason="Settled.", lifts=issued)
    assert "Current articles signed Lymph nodes" in words()
    assert "Under an expression of concern" not in words()


def test_a_lay_readers_word_is_no_approval(client, author, editor, clinical, specialist, lay):
    draft = factories.article(author, title="Lymph nodes")
    version = factories.submitted(author, draft)
    people = [(lay, "lay"), (clinical, "clinical"), (specialist, "specialist")]
    for assignment in factories.under_review(version, editor, *people):
        factories.decide(assignment)
    workflow.publish(version, actor=editor)

    assert "No current articles" in entry(client, "Larry Layman")
    assert "Current articles signed Lymph nodes" in entry(client, "Clara")


@pytest.mark.parametrize("number", [1, 50])
def test_the_board_costs_the_same_queries_however_many_sit_on_it(
    client, author, staff, number, django_assert_num_queries
):
    for place in range(number):
        member = factories.board_member(f"member{place}", f"Member {place:02}", specialties=["Oncology"])
        interest = Declared("Acme", "grants", timezone.localdate(), topics=[factories.topic("Surgery")])
        workflow.disclose(member.board_member, actor=member, interests=[interest] * 2)
    library(author, staff, min(number, 10))

    with django_assert_num_queries(9):
        response = client.get("/board/")

    assert len(parsed(response).find_class("member")) == min(number + 2, 20)
    assert not response.cookies
    assert client.post("/board/").status_code == 405


def test_members_stand_in_the_order_of_their_names(client, db):
    for name in ["bea Bold", "Carl Calm", "Ann Able"]:
        factories.board_member(name.split()[0].lower(), name)

    names = parsed(client.get("/board/")).xpath("//section[@class='member']/h2/text()")

    assert names == ["Ann Able, MD", "bea Bold, MD", "Carl Calm, MD"]


@pytest.mark.parametrize("number", [4, 5])
def test_a_large_board_comes_a_page_at_a_time_and_names_each_member_once(client, db, monkeypatch, number):
    monkeypatch.setattr("reviews.site.board_page.MEMBERS_ON_A_PAGE", 2)
    for place in range(number):
        factories.board_member(f"member{place}", "Same Name" if place in (1, 2) else f"Member {place}")
    path, seen = "/board/", []

    while path:
        page = parsed(client.get(path))
        seen += (shown := page.xpath("//section[@class='member']/h2/text()"))
        assert 1 <= len(shown) <= 2
        path = next(iter(page.xpath("//a[@rel='next']/@href")), "")

    members = [f"Member {place}, MD" for place in range(number) if place not in (1, 2)]
    assert seen == [*members, "Same Name, MD", "Same Name, MD"]
    for wrong in ("999999", "-1", "x", "9" * 40):
        assert client.get(f"/board/?after={wrong}").status_code == 404


@pytest.mark.parametrize("number", [4, 5])
def test_the_boards_page_shows_a_few_texts_of_each_and_a_members_page_all_of_them(
    client, author, staff, monkeypatch, number
):
    monkeypatch.setattr("reviews.site.board_page.ON_THE_BOARDS_PAGE", 2)
    monkeypatch.setattr("reviews.site.board_page.ON_A_PAGE", 2)
    library(author, staff, number)
    clara = staff[1].contributor

    board = parsed(client.get("/board/"))
    (link,) = board.xpath(f"//section[@id='person-{clara.pk}']//a[contains(., 'All current articles')]/@href")
    seen, path = [], link
    while path:
        page = parsed(client.get(path))
        seen += (shown := page.xpath("//ul[@class='signed']/li/a/text()"))
        assert 1 <= len(shown) <= 2
        path = next((f"{link}{rest}" for rest in page.xpath("//a[@rel='next']/@href")), "").replace(link * 2, link)

    newest_first = [f"Article {place:02}" for place in reversed(range(number))]
    assert board.xpath(f"//section[@id='person-{clara.pk}']//ul[@class='signed']/li/a/text()") == newest_first[:2]
    assert seen == newest_first


def test_a_member_of_whom_the_boards_page_shows_all_has_no_link_to_more(client, author, staff, monkeypatch):
    monkeypatch.setattr("reviews.site.board_page.ON_THE_BOARDS_PAGE", 2)
    library(author, staff, 2)

    shown = parsed(client.get("/board/")).get_element_by_id(f"person-{staff[1].contributor.pk}")

    assert shown.xpath(".//ul[@class='signed']/li/a/text()") == ["Article 01", "Article 00"]
    assert "articles signed by" not in words(shown)


def test_who_does_not_sit_on_the_board_has_no_page_there(client, public_article, author, clinical):
    pages = [f"/board/{clinical.contributor.pk}/", f"/board/{author.contributor.pk}/", "/board/999999/"]
    assert [client.get(page).status_code for page in pages] == [200, 404, 404]
    assert client.get(f"{pages[0]}?after=no-such-text").status_code == 404

    clinical.groups.clear()

    assert client.get(pages[0]).status_code == 404


def test_the_board_page_says_what_is_true_of_each(client, clinical):
    page = " ".join(client.get("/board/").content.decode().split())

    assert "These people read each article" not in page
    assert "Not every member reads every article." in page


@pytest.mark.parametrize("conflicts", [[], ["Surgery"]])
def test_a_disclosure_is_in_date_on_its_last_day_and_out_of_date_on_the_next(client, db, conflicts, monkeypatch):
    today = timezone.localdate()
    other = factories.person("late", "Lena Late", groups=["reviewer"])
    member = BoardMember.objects.create(user=other, capacities=["lay"])
    yesterday = today - datetime.timedelta(days=1)
    factories.disclose(member, conflicts=conflicts, made_on=yesterday, valid_until=today)

    def on(day):
        monkeypatch.setattr(timezone, "localdate", lambda: day)
        own = words(parsed(client.get(f"/board/{other.contributor.pk}/")))
        return ["out of date" in entry(client, "Lena Late"), "out of date" in own]

    assert on(today) == [False, False]
    assert on(today + datetime.timedelta(days=1)) == [True, True]


def test_of_two_disclosures_made_on_a_day_the_later_one_is_told(client, clinical):
    for place in range(3):
        factories.disclose(clinical.board_member, conflicts=["Surgery"] if place % 2 else [])
    factories.disclose(clinical.board_member, conflicts=["Surgery"])

    assert "Consulting fees." in entry(client, "Clara")


def test_texts_of_one_title_are_each_on_one_page_of_a_member(client, author, staff, monkeypatch):
    for number in range(3):
        draft = factories.article(author, title="The same", slug=f"same-{number}")
        factories.published(factories.submitted(author, draft), *staff)
    monkeypatch.setattr("reviews.site.board_page.ON_A_PAGE", 2)
    address = f"/board/{staff[1].contributor.pk}/"

    pages = [parsed(client.get(f"{address}{rest}")) for rest in ("", "?after=same-1")]

    links = [page.xpath("//ul[@class='signed']/li/a/@href") for page in pages]
    assert links == [["/articles/same-2/", "/articles/same-1/"], ["/articles/same-0/"]]
    ways = [page.xpath("//nav[@class='pages']/a/text()") for page in pages]
    assert ways == [["Next articles"], ["From the beginning"]]
    assert not any("All 3 texts" in words(page) for page in pages)


def test_a_concern_about_an_older_version_is_not_said_of_the_text_shown_now(client, public_article, author, staff):
    factories.edit(public_article, "The newer text.", by=author)
    factories.published(factories.submitted(author, Article.objects.get(pk=public_article.pk)), *staff)
    article = Article.objects.get(pk=public_article.pk)

    workflow.issue_notice(article, actor=staff[0], kind="concern", reason="A doubt.", versions=[1])

    assert "Under an expression of concern" not in entry(client, "Clara")


def test_a_members_specialties_stand_by_name(client, db):
    factories.board_member("many", "Mona Many", ["specialist"], specialties=["Surgery", "Anatomy", "Oncology"])

    assert "Specialist in Anatomy, Oncology, Surgery" in entry(client, "Mona Many")


def test_only_who_sits_as_a_specialist_is_called_one(client, clinical, specialist):
    for user in (clinical, specialist):
        Specialty.objects.get_or_create(member=user.board_member, topic=factories.topic("Oncology"))

    assert "Specialist in" not in entry(client, "Clara")
    assert "Specialist in Oncology" in entry(client, "Simon")


def test_disclosed_interests_are_told_one_by_one_in_the_language_of_the_page(client, clinical, settings):
    day = datetime.date(2026, 3, 2)
    interest = Declared("Acme <b>", "stock_held", day, topics=[factories.topic("Surgery")])
    workflow.disclose(clinical.board_member, actor=clinical, interests=[interest])

    assert "Acme <b>: stock or stock options, since 2 March 2026. Touches Surgery." in entry(client, "Clara Clinical")
