"""Notices as readers meet them: beside the text, on the list of versions, on lists, in search, and on each sheet."""

import datetime
import re

import pytest

from articles.models import Article, Notice, Version
from reviews import workflow
from tests import factories
from tests.articles.site.pages import DATE, days_later, page_for, parsed, words

TAG = "Under an expression of concern"


def issue(article, editor, kind, **kwargs):
    return workflow.issue_notice(article, actor=editor, kind=kind, **{"reason": "5 mg should read 0.5 mg.", **kwargs})


def corrected(article, author, staff):
    """Publish a second version of the article."""
    factories.edit(article, "Corrected words.", by=author)
    factories.published(factories.submitted(author, Article.objects.get(pk=article.pk)), *staff)
    return Article.objects.get(pk=article.pk)


def tags(page) -> list[str]:
    return [words(tag) for tag in page.xpath("//*[contains(@class, 'tag')]")]


@pytest.mark.parametrize("path", ["/", "/articles/", "/topics/oncology/", "/search/?q=lymph"])
def test_under_a_concern_no_list_calls_a_text_approved(client, public_article, editor2, path):
    listed = parsed(client.get(path)).xpath("//ul[@class='articles']")[0]
    assert "Approved" in words(listed)

    issue(public_article, editor2, "concern")

    listed = parsed(client.get(path)).xpath("//ul[@class='articles']")[0]
    assert "Approved" not in words(listed)
    assert TAG in words(listed)


def says_correction(client, article, other) -> dict[str, bool]:
    """Return of each page that names the article whether it says that a correction was published."""
    lists = ["/", "/articles/", "/topics/oncology/", "/search/?q=lymph"]
    texts = {path: parsed(client.get(path)).xpath("//ul[@class='articles']")[0] for path in lists}
    texts |= {"board": parsed(client.get("/board/")).find_class("signed")[0]}
    texts |= {"related": parsed(client.get(page_for(other))).find_class("related")[0]}
    own = parsed(client.get(page_for(article)))
    texts |= {"page": own.xpath("//header[@class='head']")[0], "sheet": own.find_class("sheet")[0]}
    assert all("Approved" in words(texts[name]) for name in (*lists, "page", "sheet"))
    return {name: "Correction published" in words(text) for name, text in texts.items()}


def test_under_a_correction_lists_and_sheets_say_in_the_words_of_the_page_that_it_was_published(
    client, author, staff, public_article, editor2
):
    other = factories.article(author, title="Other nodes", slug="other")
    factories.published(factories.submitted(author, other), *staff)
    assert not any(says_correction(client, public_article, other).values())

    notice = issue(public_article, editor2, "correction")

    assert all(says_correction(client, public_article, other).values())
    article = corrected(public_article, author, staff)
    assert all(says_correction(client, article, other).values())
    issue(public_article, editor2, "correction", reason="It was right.", lifts=notice)
    assert not any(says_correction(client, article, other).values())


def test_under_a_concern_the_page_and_what_is_related_to_it_do_not_begin_with_approved(
    client, author, staff, public_article, editor2
):
    draft = factories.article(author, title="Other nodes", slug="other")
    factories.published(factories.submitted(author, draft), *staff)
    issue(public_article, editor2, "concern")

    page = parsed(client.get(page_for(public_article)))
    other = parsed(client.get(page_for(draft)))

    assert tags(page)[0] == TAG
    assert words(other.find_class("related")[0]).endswith("Under an expression of concern Lymph nodes")


@pytest.mark.parametrize(
    ("kind", "label"),
    [("retraction", "Retracted"), ("withdrawal", "Withdrawn"), ("concern", TAG), ("correction", None)],
)
def test_the_list_of_versions_labels_what_a_notice_speaks_of_and_says_why(client, public_article, editor2, kind, label):
    issue(public_article, editor2, kind)

    told, row = parsed(client.get("/articles/lymph-nodes/versions/")).xpath("//ol[@class='versions']/li")

    shown = "Still readable" if kind in ("retraction", "withdrawal") else "Shown now"
    assert [words(tag) for tag in row.find_class("tag")] == [label, shown][label is None :]
    assert (row.xpath(".//strong[@data-status='approved']") == []) == (label is not None)
    assert words(told).startswith(f"{Notice.Kind(kind).label} of version 1, ")
    assert "5 mg should read 0.5 mg." in words(told)


@pytest.mark.parametrize("kind", ["correction", "concern", "retraction", "withdrawal", "removal"])
def test_a_lifted_notice_leaves_its_trace_on_the_list_of_versions(client, public_article, editor, editor2, kind):
    label = Notice.Kind(kind).label
    notice = issue(public_article, editor2, kind)
    issue(public_article, editor, kind, reason="It was right.", lifts=notice)

    lifted, told, row = parsed(client.get("/articles/lymph-nodes/versions/")).xpath("//ol[@class='versions']/li")

    said = words(told.find_class("notice")[0])
    assert re.match(
        rf"{label}, lifted, on version 1: it was in force from {DATE} to {DATE}\. Edgar Second said: ?5 mg should read",
        said,
    )
    assert re.search("Edith Editor lifted it: ?It was right\\. ?This notice$", said)
    assert re.fullmatch(
        rf"{DATE}: Edith Editor lifted the notice on version 1 \({label.lower()}\) of {DATE}\.", words(lifted)
    )
    assert "Shown now" in words(row)
    assert [client.get(link).status_code for link in told.xpath(".//a/@href")] == [200]


def test_of_a_removed_version_no_earlier_notice_is_told(client, author, staff, public_article):
    article = corrected(public_article, author, staff)
    notice = issue(article, staff[0], "concern", versions=[1], reason="It names a patient.")
    issue(article, staff[0], "concern", reason="It is settled.", lifts=notice)
    issue(article, staff[0], "removal", versions=[1], reason="By order of a court.")

    page = client.get("/articles/lymph-nodes/versions/").content.decode()

    assert "By order of a court." in page
    assert "It names a patient." not in page
    links = parsed(client.get("/articles/lymph-nodes/versions/")).xpath("//li[@class='event']//a/@href")
    assert [client.get(link).status_code for link in links] == [200]


def test_a_corrected_version_says_what_was_wrong_in_the_one_before_it(client, author, staff, public_article):
    issue(public_article, staff[0], "correction")

    article = corrected(public_article, author, staff)

    for path in [page_for(article), "/articles/lymph-nodes/versions/2/", "/articles/lymph-nodes/versions/2/changes/"]:
        notice = words(parsed(client.get(path)).find_class("notice")[0])
        assert "Correction of version 1, published before this one" in notice, path
        assert "5 mg should read 0.5 mg." in notice, path


def test_a_correction_names_no_version_that_readers_never_had(client, author, staff, public_article):
    factories.edit(public_article, "Words that were declined.", by=author)
    declined = factories.submitted(author, Article.objects.get(pk=public_article.pk))
    workflow.decline(declined.review, actor=staff[0], reason="The dose is wrong.")
    article = corrected(public_article, author, staff)

    issue(article, staff[0], "correction", versions=[1, 2])

    notice = words(parsed(client.get(page_for(article))).find_class("notice")[0])
    assert "Correction of version 1, published before this one" in notice


def test_a_correction_of_two_versions_names_both_on_the_third_and_is_folded_there_alone(
    client, author, staff, public_article
):
    draft = corrected(public_article, author, staff)
    issue(draft, staff[0], "correction", versions=[1, 2])
    factories.edit(draft, "The third words.", by=author)
    factories.published(factories.submitted(author, draft), *staff)

    (folded,) = parsed(client.get(page_for(draft))).find_class("notice")

    assert words(folded.find("summary")) == "Correction of versions 1 and 2, published before this one"
    assert (folded.tag, folded.get("open")) == ("details", None)
    (in_full,) = parsed(client.get("/articles/lymph-nodes/versions/1/")).find_class("notice")
    assert in_full.tag == "section"
    assert words(in_full).startswith("Important: Correction 5 mg")


def closed(article, author, staff):
    """Publish a second version, and remove that one alone."""
    draft = corrected(article, author, staff)
    return draft, issue(draft, staff[0], "removal", versions=[2], reason="It named a patient.")


@pytest.mark.parametrize("path", ["", "versions/", "versions/1/", "versions/1/changes/", "versions/1/signed"])
def test_no_version_is_called_removed_that_is_only_closed_with_the_article(client, author, staff, public_article, path):
    closed(public_article, author, staff)

    answer = client.get(f"/articles/lymph-nodes/{path}")

    page = words(parsed(answer))
    assert answer.status_code == 410
    assert ("This article was removed" in page) == ("versions/1/" in path)
    assert re.search("Published version removed ?2 While", page)
    assert "While the removal is in force, no other version of the article is shown." in page


def test_a_removal_of_all_versions_says_nothing_of_others(client, author, staff, public_article):
    issue(corrected(public_article, author, staff), staff[0], "removal")

    page = words(parsed(client.get("/articles/lymph-nodes/versions/1/")))

    assert "This text was removed" in page
    assert re.search("Published versions removed ?1, 2 ", page)
    assert "other version" not in page


def test_a_notice_that_no_reader_sees_is_not_called_public(client, author, staff, public_article):
    draft, removal = closed(public_article, author, staff)
    client.force_login(staff[0])
    page = f"/desk/articles/{draft.pk}/notices/"
    form = {"kind": "correction", "versions": ["1"], "reason": "5 mg should read 0.5 mg.", "seen": 1}

    said = words(parsed(client.post(page, form, follow=True)))

    assert "The notice is recorded. Readers do not see it while the removal is in force" in said
    assert "The notice is public." not in said
    assert "This article is removed. Readers see nothing of it" in words(parsed(client.get(page)))
    issue(draft, staff[0], "removal", lifts=removal)
    assert "5 mg should read 0.5 mg." in words(parsed(client.get("/articles/lymph-nodes/versions/1/")))
    concern = {**form, "kind": "concern", "seen": 3}
    asked = client.post(page, concern).content.decode()
    read = re.search('name="read" value="([^"]+)"', asked)[1]
    assert "The notice is public." in words(parsed(client.post(page, {**concern, "read": read}, follow=True)))


def test_the_desk_calls_no_removed_version_public(client, author, staff, public_article):
    draft, _ = closed(public_article, author, staff)
    factories.edit(draft, "The third words.", by=author)
    factories.submitted(author, draft)
    client.force_login(staff[0])

    row = words(parsed(client.get("/desk/articles/")).xpath("//ul[@class='rows']/li")[0])

    assert "version 3; version 2 is removed" in row


def test_a_correction_issued_after_the_corrected_version_stands_on_the_wrong_one_too(
    client, author, staff, public_article
):
    article = corrected(public_article, author, staff)

    issue(article, staff[0], "correction")

    for path in [page_for(article), "/articles/lymph-nodes/versions/1/"]:
        (notice,) = parsed(client.get(path)).find_class("notice")
        assert words(notice).startswith("Important: Correction 5 mg"), path


def test_a_retraction_of_an_earlier_version_is_not_said_of_the_later_one(client, author, staff, public_article):
    article = corrected(public_article, author, staff)

    issue(article, staff[0], "retraction", versions=[1])

    assert parsed(client.get(page_for(article))).find_class("notice") == []
    assert words(parsed(client.get("/articles/lymph-nodes/versions/1/")).find_class("notice")[0])


def test_no_page_links_to_a_policy_before_there_is_one(client, author, staff, public_article):
    paths = ["/", "/articles/", page_for(public_article), "/articles/lymph-nodes/versions/1/", "/board/", "/search/"]
    assert not [path for path in paths if b"/editorial-policy/" in client.get(path).content]

    policy = factories.article(author, kind="policy", slug="policy", topics=("Oncology",))
    factories.published(factories.submitted(author, policy), *staff)
    assert [path for path in paths if b"/editorial-policy/" in client.get(path).content] == paths

    issue(policy, staff[0], "withdrawal")
    assert not [path for path in paths if b"/editorial-policy/" in client.get(path).content]


def test_a_former_address_of_an_unpublished_draft_costs_what_an_unknown_one_costs(
    client, author, django_assert_num_queries
):
    draft = factories.article(author, slug="before")
    draft.slug = "after"
    factories.save(draft, author)

    for slug in ["never-known", "before", "after"]:
        with django_assert_num_queries(3, info=slug):
            assert client.get(f"/articles/{slug}/for/public/").status_code == 404


@pytest.mark.parametrize("order", [["retraction", "withdrawal"], ["withdrawal", "retraction"]])
def test_of_several_notices_the_gravest_gives_its_name_to_page_and_sheet(client, public_article, editor2, order):
    for kind in order:
        issue(public_article, editor2, kind)

    page = parsed(client.get(page_for(public_article)))

    assert words(page.xpath("//h1")[0]) == "Retracted: Lymph nodes"
    assert words(page.xpath("//title")[0]).startswith("Retracted: ")
    assert words(page.find_class("sheet")[0]).startswith("Retracted: do not rely on this text.")
    assert [one.get("data-kind") for one in page.find_class("notice")] == ["retraction", "withdrawal"]


@pytest.mark.parametrize(("kind", "label"), [("retraction", "Retracted:"), ("withdrawal", "Withdrawn:")])
def test_what_is_not_to_be_relied_on_is_not_called_in_doubt_as_well(client, public_article, editor2, kind, label):
    for each in ("concern", kind):
        issue(public_article, editor2, each)

    page = parsed(client.get(page_for(public_article)))

    assert words(page.xpath("//h1")[0]) == f"{label} Lymph nodes"
    assert [words(tag) for tag in page.xpath("//header[@class='head']//*[contains(@class, 'tag')]")] == []
    assert words(page.find_class("sheet")[0]).startswith(label)
    assert [one.get("data-kind") for one in page.find_class("notice")] == [kind, "concern"]


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("retraction", "Retracted: do not rely on this text."),
        ("withdrawal", "Withdrawn: this text is no longer offered."),
        ("concern", "Under an expression of concern."),
        ("correction", "An older version. Correction published."),
    ],
)
def test_the_sheet_of_an_older_version_says_first_what_a_notice_says_of_it(
    client, author, staff, public_article, kind, said
):
    article = corrected(public_article, author, staff)

    issue(article, staff[0], kind, versions=[1])

    sheets = [
        words(parsed(client.get(f"/articles/lymph-nodes/versions/{number}/")).find_class("sheet")[0])
        for number in (1, 2)
    ]
    newer = "Approved. Correction published." if kind == "correction" else "Approved."
    assert [sheet.partition(" Version")[0] for sheet in sheets] == [said, newer]


@pytest.mark.parametrize("outcome", ["pending", "declined", "approved"])
def test_the_list_of_versions_says_shown_now_of_the_published_one_whatever_comes_next(
    client, author, staff, public_article, outcome
):
    factories.edit(public_article, "Newer words.", by=author)
    version = factories.submitted(author, Article.objects.get(pk=public_article.pk))
    if outcome == "declined":
        workflow.decline(version.review, actor=staff[0], reason="The dose is wrong.")
    elif outcome == "approved":
        factories.approved(version, *staff)

    (row,) = parsed(client.get("/articles/lymph-nodes/versions/")).xpath("//ol[@class='versions']/li")

    assert [words(tag) for tag in row.find_class("tag")] == ["Shown now"]


def test_the_list_of_versions_gives_the_class_that_the_board_signed(client, author, staff, public_article):
    factories.edit(public_article, "Another dose.", by=author)
    version = factories.submitted(author, Article.objects.get(pk=public_article.pk), change="minor")
    editor, clinical, specialist = staff
    for place, (reviewer, capacity) in enumerate([(clinical, "clinical"), (specialist, "specialist")]):
        raised = {} if place else {"change": "major"}
        asked = {"reviewer": reviewer, "capacity": capacity, **raised}
        factories.decide(workflow.assign(version.review, actor=editor, **asked))
    workflow.publish(version, actor=editor)

    rows = parsed(client.get(f"/articles/{public_article.slug}/versions/")).xpath("//li//*[contains(@class, 'meta')]")

    assert [words(row).partition(" Approved")[0] for row in rows] == [Version.Change.MAJOR.label] * 2


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("retraction", "Do not rely on this text. It stays available so that anyone can see what it said."),
        ("withdrawal", "This text is no longer offered. It stays available so that anyone can see what it said."),
        ("concern", ""),
        ("correction", ""),
    ],
)
def test_a_notice_says_what_it_means_and_who_issued_it_when(client, public_article, editor2, monkeypatch, kind, said):
    days_later(monkeypatch, 5)
    notice = issue(public_article, editor2, kind)

    (shown,) = parsed(client.get(page_for(public_article))).find_class("notice")

    about = f"{said} 5 mg should read 0.5 mg. Issued by Edgar Second on {notice.issued_at:%-d %B %Y}."
    links = "This notice · All corrections and retractions"
    assert words(shown) == f"Important: {notice.get_kind_display()} {about.strip()} {links}"
    assert shown.xpath(".//a/@href") == [f"/notices/{notice.pk}/", "/notices/"]


def row_of(client, number: int):
    """Return what the list of versions says of this one."""
    return parsed(client.get("/articles/lymph-nodes/versions/")).xpath(
        f"//ol[@class='versions']/li[@value='{number}']"
    )[0]


def told_of(client):
    """Return what the list of versions says of a notice."""
    return parsed(client.get("/articles/lymph-nodes/versions/")).find_class("notice")[0]


def test_the_list_of_versions_says_when_each_was_approved_and_published(client, author, staff, monkeypatch):
    version = factories.submitted(author, factories.article(author, slug="lymph-nodes"))
    approved = factories.approved(version, *staff).approved_at
    days_later(monkeypatch, 3)
    workflow.publish(version, actor=staff[0])

    published = f"{approved + datetime.timedelta(days=3):%-d %B %Y}"
    assert words(row_of(client, 1)).endswith(f"Approved {approved:%-d %B %Y} Published {published}")
    hint = parsed(client.get("/articles/lymph-nodes/versions/1/")).find_class("hint")[0]
    assert f"This is version 1, published on {published}." in words(hint)


def test_the_list_of_versions_says_of_a_notice_when_it_was_issued_and_when_lifted(
    client, public_article, editor, editor2, monkeypatch
):
    days_later(monkeypatch, 2)
    notice = issue(public_article, editor2, "concern")
    issued = f"{notice.issued_at:%-d %B %Y}"
    assert f"Expression of concern of version 1, {issued}, by Edgar Second:5 mg" in words(told_of(client))

    days_later(monkeypatch, 4)
    lifting = issue(public_article, editor, "concern", lifts=notice)

    said = words(told_of(client))
    assert f"it was in force from {issued} to {lifting.issued_at:%-d %B %Y}." in said


def test_the_list_of_versions_tells_no_note_of_a_removed_one_and_that_one_is(client, author, staff, public_article):
    article = corrected(public_article, author, staff)
    path = "/articles/lymph-nodes/versions/"
    assert "First version" in words(row_of(client, 1))
    assert "but for what was removed" not in client.get(path).content.decode()

    issue(article, staff[0], "removal", versions=[1])

    assert "First version" not in words(row_of(client, 1))
    assert (
        "You can read every published version here, except those that were removed."
        in client.get(path).content.decode()
    )


@pytest.mark.parametrize("kind", ["retraction", "withdrawal"])
def test_of_a_text_not_to_be_relied_on_no_topic_leads_to_its_list(client, public_article, editor2, kind):
    pages = [page_for(public_article), "/articles/lymph-nodes/versions/1/"]
    topic = "//section[@class='about']//a[@href='/topics/oncology/']"
    assert all(parsed(client.get(path)).xpath(topic) for path in pages)

    issue(public_article, editor2, kind)

    for path in pages:
        page = parsed(client.get(path))
        assert not page.xpath(topic)
        assert "Oncology" in words(page.find_class("about")[0])
    (hint,) = page.find_class("hint")
    assert words(hint).endswith("It can still be read at its address.")


@pytest.mark.parametrize("kind", ["retraction", "withdrawal"])
def test_an_older_version_that_is_not_to_be_relied_on_is_called_older_too(client, author, staff, public_article, kind):
    issue(corrected(public_article, author, staff), staff[0], kind, versions=[1])

    page = parsed(client.get("/articles/lymph-nodes/versions/1/"))

    assert tags(page)[0] == "Older version"
    assert "Approved by our medical advisory board" not in words(page)
