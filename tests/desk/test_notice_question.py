"""Before a notice with grave consequences the desk says what readers will see, and what it says comes true."""

import datetime

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from lxml import etree, html

from articles.models import Article, Notice
from reviews import workflow
from reviews.workflow import NotNow
from tests.desk.pages import url
from tests.factories import approved, article, edit, evidence, published, submitted

pytestmark = pytest.mark.django_db

REASON = "5 mg should read 0.5 mg.\nAsk before you take it."
GRAVE = [kind for kind, row in Notice.CONSEQUENCES.items() if row.asks_first]
FEEDS = ("/feed/", "/topics/oncology/feed/")
LISTS = ("/", "/articles/", "/topics/oncology/", "/search/?q=lymph")
OFF_LISTS = "No list, no search result and no sitemap names the article. Feeds tell of its notices alone."


@pytest.fixture(autouse=True)
def _empty_cache():
    cache.clear()


@pytest.fixture
def draft(author, editor, clinical, specialist):
    """Return an article with two published versions."""
    draft = article(author, title="Lymph nodes", slug="lymph-nodes")
    published(submitted(author, draft), editor, clinical, specialist)
    return next_version(draft, author, (editor, clinical, specialist)).article


def next_version(draft, author, staff, change="major", step=published):
    edit(draft, f"Lymph nodes filter lymph, edition {draft.versions.count() + 1}.", by=author)
    found = step(submitted(author, Article.objects.get(pk=draft.pk), change=change), *staff)
    return found if step is published else found.version


def sent(draft, kind, **more):
    return {"kind": kind, "reason": REASON, "seen": draft.notices.count(), **more}


def asked(browser, draft, kind, **more):
    """Send the form of the notice; return the page that asks."""
    answer = browser.post(url("notices", draft.pk), sent(draft, kind, **more))
    assert answer.status_code == 200, answer.content.decode()
    return html.document_fromstring(answer.content)


def pressed(browser, page, button):
    """Press this button of the page that asks, as a browser does: with every field of its form."""
    form = page.xpath("//main//form")[0]
    data: dict[str, list[str]] = {}
    for field in form.xpath(".//input[@type='hidden']"):
        data.setdefault(field.get("name"), []).append(field.get("value") or "")
    press = form.xpath(f".//button[@name='{button}']")[0]
    return browser.post(form.get("action"), {**data, button: press.get("value")})


def words(element) -> str:
    return " ".join(element.text_content().split())


def told(page, section="readers") -> list[str]:
    return [words(row) for row in page.xpath(f"//section[@aria-labelledby='{section}']/ul/li")]


def titles(client, feed) -> list[str]:
    return [title.text for title in etree.fromstring(client.get(feed).content).iterfind("{*}entry/{*}title")]


def is_of_notice(title) -> bool:
    return title.startswith(("Removal", "Retraction", "Withdrawal"))


def named_by(client, path) -> bool:
    return "/articles/lymph-nodes/" in client.get(path).content.decode()


@pytest.mark.parametrize("kind", GRAVE)
def test_the_notice_is_issued_from_the_question_alone(at, draft, editor, kind):
    before = evidence()

    page = asked(at(editor), draft, kind)
    assert evidence() == before
    assert not draft.notices.exists()
    assert "5 mg should read 0.5 mg." in words(page.find_class("notice")[0])

    assert pressed(at(editor), page, "read").status_code == 302
    notice = draft.notices.get()
    assert (notice.kind, notice.reason) == (kind, REASON)


def test_a_correction_is_issued_without_a_question(at, draft, editor):
    assert at(editor).post(url("notices", draft.pk), sent(draft, "correction")).status_code == 302
    assert draft.notices.get().kind == "correction"


@pytest.mark.parametrize("kind", GRAVE)
def test_of_the_public_version_readers_see_what_the_question_said(at, client, draft, editor, kind):
    page = asked(at(editor), draft, kind)
    said = " ".join(told(page))
    pressed(at(editor), page, "read")

    answer = client.get("/articles/lymph-nodes/", follow=True)
    shown = words(html.document_fromstring(answer.content))
    assert f"(status {answer.status_code})" in said
    assert "5 mg should read 0.5 mg." in shown
    label = Notice.CONSEQUENCES[kind].called
    if answer.status_code == 410:
        assert "No version of it can be read." in said
        assert client.get("/articles/lymph-nodes/versions/1/").status_code == 410
        assert "edition 2" not in shown
        assert "The page shows your reason, your name and the date instead of the text." in said
        assert "Edith Editor" in shown
    else:
        assert "edition 2" in shown
        assert f"Its label is “{label}” instead of “Approved”." in said
        assert str(label) in shown
    if warning := Notice.CONSEQUENCES[kind].warning:
        assert f"The notice begins: “{warning}”" in said
        assert str(warning) in shown
    listed = [path for path in (*LISTS, "/sitemap-articles.xml") if named_by(client, path)]
    if OFF_LISTS in said:
        assert listed == []
        assert [title for path in FEEDS for title in titles(client, path) if not is_of_notice(title)] == []
    else:
        assert f"Lists, search and feeds still show the article, labelled “{label}”." in said
        assert listed == [*LISTS, "/sitemap-articles.xml"]
        assert all(str(label) in client.get(path).content.decode() for path in LISTS)
        assert all(f"{label}: Lymph nodes" in titles(client, path) for path in FEEDS)
    assert "The list of all notices and its feed show your reason." in said
    for path in ("/notices/", "/notices/feed/"):
        assert "5 mg should read 0.5 mg." in client.get(path).content.decode()


@pytest.mark.parametrize("kind", GRAVE)
def test_of_an_earlier_version_readers_see_what_the_question_said(at, client, draft, editor, kind):
    page = asked(at(editor), draft, kind, versions=[1])
    said = " ".join(told(page))
    pressed(at(editor), page, "read")

    earlier = client.get("/articles/lymph-nodes/versions/1/", follow=True)
    assert f"(status {earlier.status_code})" in said
    if earlier.status_code == 410:
        assert "The page of version 1 answers “gone” (status 410)." in said
        assert "Version 2, the public one, can still be read." in said
    else:
        assert "Version 1 can still be read (status 200), under your reason" in said
        assert "5 mg should read 0.5 mg." in earlier.content.decode()
    assert "Lists, search and feeds do not change: they show version 2." in said
    assert client.get("/articles/lymph-nodes/", follow=True).status_code == 200
    assert all(named_by(client, path) for path in (*LISTS, "/feed/"))


@pytest.mark.parametrize("kind", GRAVE)
@pytest.mark.parametrize("change", ["major", "minor"])
@pytest.mark.parametrize("versions", [[2], [2, 3]])
def test_a_version_on_its_way_is_held_back_if_the_question_says_so(
    at, draft, author, editor, clinical, specialist, kind, change, versions
):
    later = next_version(draft, author, (editor, clinical, specialist), change, approved)

    page = asked(at(editor), draft, kind, versions=versions)
    said = " ".join(told(page, "desk"))
    pressed(at(editor), page, "read")

    if "Version 3 is not held back: it can still be approved and published." in said:
        workflow.publish(later, actor=editor)
        assert change == "major" or 3 in versions
    else:
        assert "Version 3 cannot be published while the notice is in force." in said
        with pytest.raises(NotNow):
            workflow.publish(later, actor=editor)


def test_the_question_says_that_a_schedule_will_be_refused(at, draft, author, editor, clinical, specialist):
    later = next_version(draft, author, (editor, clinical, specialist), "minor", approved)
    at_noon = timezone.now() + datetime.timedelta(days=1)
    row = workflow.schedule(later, actor=editor, at=at_noon)

    page = asked(at(editor), draft, "retraction")
    assert "Version 3 is scheduled for " in " ".join(told(page, "desk"))
    assert "That publication will be refused unless the notice is lifted before." in " ".join(told(page, "desk"))
    pressed(at(editor), page, "read")

    workflow.publish_due(at_noon + datetime.timedelta(minutes=1))
    row.refresh_from_db()
    assert row.outcome == "refused"


@pytest.mark.parametrize("kind", GRAVE)
def test_the_next_version_needs_a_full_review_if_the_question_says_so(at, draft, author, editor, kind):
    page = asked(at(editor), draft, kind)
    said = "The next version needs a full review, whatever it changes." in told(page, "desk")
    pressed(at(editor), page, "read")

    edit(draft, "Lymph nodes filter some lymph.", by=author)
    assert (submitted(author, Article.objects.get(pk=draft.pk), change="minor").review.change == "major") == said


def test_under_a_graver_notice_the_question_promises_no_milder_label(at, client, draft, editor):
    workflow.issue_notice(draft, actor=editor, kind="retraction", reason="It was wrong.")

    page = asked(at(editor), draft, "concern")
    said = " ".join(told(page))
    pressed(at(editor), page, "read")

    assert "Its label is “Retracted” instead of “Approved”." in said
    assert OFF_LISTS in said
    assert not any(named_by(client, path) for path in LISTS)


def test_while_the_article_is_removed_the_question_says_that_no_reader_sees_the_notice(at, client, draft, editor):
    workflow.issue_notice(draft, actor=editor, kind="removal", reason="By order of a court.")

    page = asked(at(editor), draft, "concern")
    pressed(at(editor), page, "read")

    (said,) = told(page)
    assert "Readers see nothing of it, and no other notice, until the removal is lifted." in said
    assert REASON[:20] not in client.get("/notices/").content.decode()


def test_a_removed_earlier_version_stays_removed(at, client, draft, editor):
    workflow.issue_notice(draft, actor=editor, kind="removal", reason="By order of a court.", versions=[1])

    page = asked(at(editor), draft, "retraction", versions=[1, 2])
    pressed(at(editor), page, "read")

    assert "Version 1 stays removed (status 410)." in told(page)
    assert client.get("/articles/lymph-nodes/versions/1/").status_code == 410


def test_change_it_leads_back_to_the_form_with_what_was_typed(at, draft, editor):
    page = asked(at(editor), draft, "retraction", versions=[1, 2])
    before = evidence()

    back = html.document_fromstring(pressed(at(editor), page, "change_it").content)

    form = back.xpath("//form[.//textarea]")[0]
    assert form.xpath(".//textarea[@name='reason']")[0].text.strip() == REASON
    assert form.xpath(".//select[@name='kind']/option[@selected]/@value") == ["retraction"]
    assert form.xpath(".//input[@name='versions'][@checked]/@value") == ["1", "2"]
    assert not back.find_class("problem")
    assert evidence() == before


def test_what_was_read_is_asked_again_if_the_reader_would_see_something_else(
    at, draft, author, editor, clinical, specialist
):
    page = asked(at(editor), draft, "retraction")
    next_version(draft, author, (editor, clinical, specialist))
    before = evidence()

    again = pressed(at(editor), page, "read")

    assert again.status_code == 409
    assert evidence() == before
    fresh = html.document_fromstring(again.content)
    assert "Something changed after you opened this page." in words(fresh)
    assert told(fresh)[0].startswith("Version 3 ")
    assert pressed(at(editor), fresh, "read").status_code == 302
    assert [row.number for row in draft.notices.get().versions.all()] == [3]


def test_after_another_notice_the_question_is_refused_and_nothing_typed_is_lost(at, draft, editor, editor2):
    page = asked(at(editor), draft, "retraction")
    workflow.issue_notice(draft, actor=editor2, kind="correction", reason="A word was missing.")

    refused = pressed(at(editor), page, "read")

    assert refused.status_code == 409
    assert "Another notice was issued after you opened this page. Read it first." in refused.content.decode()
    assert "5 mg should read 0.5 mg." in refused.content.decode()
    assert draft.notices.count() == 1


def test_a_version_published_between_the_question_and_the_lock_is_refused(draft, author, editor, clinical, specialist):
    next_version(draft, author, (editor, clinical, specialist))
    before = evidence()

    with pytest.raises(NotNow, match="Version 3 was published after you opened this page"):
        workflow.issue_notice(draft, actor=editor, kind="retraction", reason=REASON, versions=[2], shown=2)

    assert evidence() == before


def test_whoever_may_not_issue_it_is_refused_before_any_question(at, draft, author):
    refused = at(author).post(url("notices", draft.pk), sent(draft, "retraction"))

    assert refused.status_code == 403
    assert "what readers will see" not in refused.content.decode()


def test_the_question_costs_the_same_for_few_versions_and_for_many(at, draft, author, editor, clinical, specialist):
    browser = at(editor)

    def cost(numbers) -> int:
        with CaptureQueriesContext(connection) as captured:
            asked(browser, draft, "retraction", versions=numbers)
        return len(captured)

    cost([2])
    few = cost([2])
    for _ in range(3):
        next_version(draft, author, (editor, clinical, specialist))
    workflow.issue_notice(draft, actor=editor, kind="concern", reason="A doubt.", versions=[1, 2, 3])

    assert cost([1, 2, 3, 4, 5]) == few
    assert few <= 22
