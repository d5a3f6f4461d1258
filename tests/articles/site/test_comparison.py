"""Any two published versions as one text with the changes marked, counted and led to; and the change log."""

import pytest

from articles.models import Article, Audience, VersionText, Wording
from articles.site.versions import change_log
from reviews import workflow
from tests import factories
from tests.articles.site.pages import library, parsed, words
from tests.ledger import attacks
from tests.ledger.attacks import execute

TWO = "/articles/lymph-nodes/versions/1...2/"
LIST = "/articles/lymph-nodes/versions/"


def revised(article, author, staff, text="The newer text.", **how):
    draft = Article.objects.get(pk=article.pk)
    factories.edit(draft, text, by=author)
    return factories.published(factories.submitted(author, draft, **how), *staff)


@pytest.fixture
def three(author, staff):
    """An article with three published versions: 5 mg, 0.5 mg, and 5 mg again."""
    draft = factories.article(author, title="Lymph nodes", slug="lymph-nodes", body="<p>Give 5 mg of it daily.</p>")
    factories.published(factories.submitted(author, draft), *staff)
    revised(draft, author, staff, "Give 0.5 mg of it daily.", note="Another dose.")
    revised(draft, author, staff, "Give 5 mg of it daily.", note="The first dose again.")
    return Article.objects.get(pk=draft.pk)


def text_of(client, path) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return words(parsed(response).xpath("//main")[0])


def test_two_versions_are_compared_and_the_changes_counted(client, three):
    page = parsed(client.get(TWO))

    assert words(page.xpath("//h1")[0]) == "What changed from version 1 to version 2"
    assert words(page.find_class("counts")[0]) == "1 change: 1 dose. Go to the first change"
    (link,) = page.find_class("counts")[0].xpath("./a/@href")
    assert page.get_element_by_id(link.removeprefix("#")).tag == "p"
    assert [words(part) for part in page.xpath("//div[contains(@class, 'redline')]//del")] == ["[removed: 5 mg]"]
    assert client.get(TWO)["X-Robots-Tag"] == "noindex"


def test_versions_that_are_not_neighbours_are_compared(client, three):
    page = text_of(client, "/articles/lymph-nodes/versions/1...3/")

    assert "Nothing that was signed changed: the two versions are identical." in page
    assert "0.5 mg" not in page
    assert "Another dose." not in page


def test_the_form_leads_to_the_comparison_in_either_order(client, three):
    form = parsed(client.get(LIST)).find_class("compare")[0]
    assert form.get("action") == "/articles/lymph-nodes/changes/"
    assert [option.text for option in form.xpath(".//select[@name='from']/option")] == ["3", "2", "1"]
    assert [option.text for option in form.xpath(".//option[@selected]")] == ["2", "3"]

    for query in ({"from": 1, "to": 3}, {"from": 3, "to": 1}):
        response = client.get(form.get("action"), query)
        assert (response.status_code, response["Location"]) == (302, "/articles/lymph-nodes/versions/1...3/")


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"from": 1},
        {"from": 2, "to": 2},
        {"from": "a", "to": 1},
        {"from": "٣", "to": 1},
        {"from": "9" * 5000, "to": 1},
    ],
)
def test_what_are_no_two_versions_is_said_in_a_sentence(client, three, query):
    response = client.get("/articles/lymph-nodes/changes/", query)

    assert response.status_code == 422
    assert "Choose two different versions by their numbers." in words(parsed(response))


@pytest.mark.parametrize("pair", ["2...1", "2...2", "0...2", "1...9", "1...4", f"{10**30}...2", f"1...{10**30}"])
def test_there_is_no_other_comparison(client, author, three, pair):
    factories.edit(three, "The canary text.", by=author)
    factories.submitted(author, three)

    assert client.get(f"/articles/lymph-nodes/versions/{pair}/").status_code == 404


def test_the_changes_are_shown_as_another_audience_reads_them(client, author, staff, three):
    section = three.sections.get()
    carer = Audience.objects.get(key="carer")
    factories.save(
        Wording(section=section, audience=carer, heading="What they do", body="<p>Help to give it.</p>"), author
    )
    factories.published(factories.submitted(author, Article.objects.get(pk=three.pk)), *staff)

    mine = parsed(client.get("/articles/lymph-nodes/versions/3...4/"))
    theirs = text_of(client, "/articles/lymph-nodes/versions/3...4/for/carer/")

    assert "The text for these readers is the same in both versions." in words(mine)
    assert "It changed in another way for: carer or family member." in words(mine)
    assert "changes for other readers only" in words(mine.find_class("counts")[0])
    (link,) = mine.xpath("//a[contains(text(), 'carer')]/@href")
    assert link == "/articles/lymph-nodes/versions/3...4/for/carer/"
    assert "This is the text for these readers: carer or family member." in theirs
    assert "Help to give it." in theirs
    assert client.get("/articles/lymph-nodes/versions/3...4/for/nobody/").status_code == 404


@pytest.mark.parametrize("gone", [1, 2])
def test_a_removed_version_is_in_no_comparison(client, staff, three, gone):
    workflow.issue_notice(three, actor=staff[0], kind="removal", reason="It named a patient.", versions=[gone])

    response = client.get(TWO)

    assert response.status_code == 410
    assert "mg" not in words(parsed(response).xpath("//main")[0])
    form = parsed(client.get(LIST)).find_class("compare")[0]
    assert [option.text for option in form.xpath(".//select[@name='to']/option")] == ["3", *({"1", "2"} - {str(gone)})]


@pytest.mark.parametrize(("kind", "label"), [("retraction", "Retracted"), ("withdrawal", "Withdrawn")])
def test_a_label_comes_before_the_changes_whichever_version_has_it(client, staff, three, kind, label):
    workflow.issue_notice(three, actor=staff[0], kind=kind, reason="It was wrong.", versions=[2])

    newer, older = text_of(client, TWO), text_of(client, "/articles/lymph-nodes/versions/2...3/")

    assert newer.index("It was wrong.") < newer.index("1 change: 1 dose.")
    assert older.index(f"Version 2: {label}") < older.index("1 change: 1 dose.")


@pytest.mark.parametrize("number", [1, 15])
def test_a_comparison_costs_the_same_queries_however_large_the_library(
    client, author, staff, three, number, django_assert_num_queries
):
    library(author, staff, number)

    with django_assert_num_queries(6):
        client.get(TWO)
    with django_assert_num_queries(4):
        client.get(TWO)


# The change log


def rows_of(client, path=LIST):
    return parsed(client.get(path)).xpath("//ol[@class='versions']/li")


def test_the_log_says_of_each_version_what_changed_who_checked_it_and_what_it_means(client, author, staff, three):
    revised(three, author, staff, "Give 5 mg of it each day.", change="minor", note="Plainer.")

    newest, third, _, first = map(words, rows_of(client))

    assert "Plainer. 1 change: 1 dose. What changed since version 3" in newest
    assert "The advice stayed the same, reviewed by Clara Clinical (clinical reviewer) and Simon" in newest
    assert "“Page last reviewed” did not move." in newest
    assert "The first dose again. 1 change: 1 dose. What changed since version 2" in third
    assert "A full review, signed by Clara Clinical (clinical reviewer) and Simon Specialist (specialist" in third
    reviewed = three.published_version.review.reviewed_on
    assert f"“Page last reviewed” became {reviewed:%-d %B %Y}." in third
    assert "change:" not in first
    assert "Verify version 1" in first


def test_notices_stand_between_the_versions_when_they_were_issued(client, author, staff, three):
    notice = workflow.issue_notice(three, actor=staff[0], kind="concern", reason="A study is examined.")
    revised(three, author, staff, "Give 6 mg of it daily.", note="A dose.")
    workflow.issue_notice(three, actor=staff[0], kind="concern", reason="It was sound.", lifts=notice)

    rows = [words(row) for row in rows_of(client)]

    assert [row.partition(" ")[0] for row in rows[1:2] + rows[3:]] == ["Version"] * 4
    assert "lifted the notice on version 3 (expression of concern) of" in rows[0]
    assert rows[2].startswith("Expression of concern, lifted, on version 3: it was in force from")


def test_a_long_log_comes_a_page_at_a_time_with_each_row_once(client, author, staff, three, monkeypatch):
    monkeypatch.setattr(change_log, "IN_A_PAGE", 2)
    workflow.issue_notice(three, actor=staff[0], kind="correction", reason="One.", versions=[1])
    revised(three, author, staff, "Give 6 mg of it daily.", note="A dose.")
    workflow.issue_notice(three, actor=staff[0], kind="correction", reason="Two.", versions=[4])
    path, seen, pages = LIST, [], 0

    while path and pages < 9:
        seen += [words(row) for row in rows_of(client, path)]
        more = parsed(client.get(path)).xpath("//a[@rel='next']/@href")
        path, pages = (more[0] if more else None), pages + 1

    assert pages == 2
    assert [row.split(",")[0].split(" Shown")[0][:23] for row in seen] == [
        "Correction of version 4",
        "Version 4",
        "Correction of version 1",
        "Version 3 The first dos",
        "Version 2 Another dose.",
        "Version 1 First version",
    ]
    assert "What changed since version 2" in seen[3], "the row on the next page is compared all the same"
    for after in ("x", "-1", "9" * 40, "1", "0"):
        assert client.get(f"{LIST}?after={after}").status_code == 404


def test_the_log_is_counted_once_and_costs_the_same_however_long(
    client, author, staff, three, django_assert_num_queries
):
    with django_assert_num_queries(8):
        client.get(LIST)
    with django_assert_num_queries(7):
        client.get(LIST)
    for number in range(3):
        revised(three, author, staff, f"Give {number} ml of it daily.", note="A dose.")
    with django_assert_num_queries(8):
        client.get(LIST)
    with django_assert_num_queries(7):
        client.get(LIST)


def test_a_text_that_was_erased_or_altered_is_counted_in_no_row_and_the_log_is_shown(client, three):
    attacks.disarm()
    execute("UPDATE articles_versiontext SET text = '{}' WHERE version_id = %s", [three.versions.get(number=1).pk])
    attacks.rearm()

    rows = [words(row) for row in rows_of(client)]

    assert ["1 change: 1 dose." in row for row in rows] == [True, False, False]
    assert VersionText.objects.count() >= 3


def test_of_one_version_there_is_nothing_to_compare(client, public_article):
    assert parsed(client.get(LIST)).find_class("compare") == []
