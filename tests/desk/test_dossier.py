"""The dossier of an article at the desk: who opens it, what stands in it, and how its archive comes about."""

import datetime
import hashlib
import io
import zipfile

import pytest
from django.utils import timezone
from lxml import html

from articles.models import Article, Authorship, VersionText
from reviews import workflow
from reviews.desk.article.dossier import making, views
from reviews.desk.article.dossier.contents import parts_of
from reviews.evidence.ledger import dossiers, verify_export
from reviews.models import Dossier, DossierPart, LedgerEvent, Message, Opening
from reviews.operations.background.jobs import prune
from tests.desk.pages import text, url
from tests.factories import article, asked, decide, edit, events, person, published, save, submitted, under_review
from tests.reviews.test_planning import PLAN, tie

pytestmark = pytest.mark.django_db(transaction=True)
SECRET = "Only for the board."


@pytest.fixture
def admin():
    return person("root", "Rita Root", groups=["admin"])


@pytest.fixture
def recorded(author, editor, clinical, specialist):
    """An article with a published version, and a second one under review with all that can happen to it."""
    return record(author, editor, clinical, specialist)


def record(author, editor, clinical, specialist, *, recalled=0) -> Article:
    """Return such an article, with so many recalled versions in between."""
    draft = article(author)
    published(submitted(author, draft), editor, clinical, specialist)
    for turn in range(recalled):
        edit(draft, f"Lymph nodes filter {turn} litres.", by=author)
        workflow.recall(submitted(author, draft).review, actor=author, reason="Not yet.")
    edit(draft, "Lymph nodes filter 5 mg of lymph.", by=author)
    version = submitted(author, draft, note="Now with a dose")
    asked, other = under_review(version, editor, (clinical, "clinical"), (specialist, "specialist"))
    comment = workflow.comment(version, actor=clinical, text=SECRET, board_only=True, blocking=True)
    workflow.comment(version, actor=editor, text="Thank you for that.", thread=comment)
    workflow.recuse(other, actor=specialist, reason="My brother sells it.", conflict=True)
    decide(asked, "request_changes", "The dose is wrong.")
    workflow.issue_notice(draft, actor=editor, kind="correction", reason="A word was missing.")
    return draft


def page_of(client, draft, **query) -> str:
    return text(client.get(url("dossier", draft.pk), query))


def test_an_editor_reads_all_that_is_recorded(at, recorded, editor):
    page = page_of(at(editor), recorded)

    for words in (
        "Version 2",
        "Version 1",
        "Now with a dose",
        "Compared with version 1: 1 change: 1 dose",
        SECRET,
        "Board only",
        "Thank you for that.",
        "My brother sells it.",
        "Stepped back because of a conflict of interest",
        "The dose is wrong.",
        "A word was missing.",
        "Please review: ",
        "emailed, ",
        "Approved; published",
    ):
        assert words in page, words
    assert len(events()) > 5
    for version in recorded.versions.all():
        assert version.digest in page


def test_a_request_that_was_never_accepted_was_declined_and_its_sentences_are_apart(at, author, editor, specialist):
    version = submitted(author)
    [row] = asked(version, editor, (specialist, "specialist"))
    workflow.recuse(
        row, actor=specialist, because="conflict", reason="I own shares in the maker.", suggestion="Dr Mei Sample"
    )

    page = page_of(at(editor), version.article)

    assert "Stepped back because of a conflict" not in page
    said = "Reason: a conflict of interest.<br>I own shares in the maker.<br>Suggests instead: Dr Mei Sample."
    assert page.count(said) == 2  # the request and its event
    assert "Declined, " in page


def test_each_event_of_the_ledger_stands_on_the_page_once(at, recorded, editor):
    page = html.document_fromstring(at(editor).get(url("dossier", recorded.pk)).content)

    shown = sorted(int(row.get("value")) for row in page.xpath("//ol[@class='timeline']/li"))

    rows = LedgerEvent.objects.filter(article=str(recorded.public_id)).order_by("position")
    assert shown == list(rows.values_list("position", flat=True))


def test_every_id_on_the_page_is_there_once(at, recorded, editor):
    page = html.document_fromstring(at(editor).get(url("dossier", recorded.pk)).content)

    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    targets = [link[1:] for link in page.xpath("//main//a/@href[starts-with(., '#')]")]
    assert set(targets) <= set(ids)


def test_an_administrator_opens_it_too_and_nobody_else(at, recorded, author, editor, clinical, specialist, admin):
    address = url("dossier", recorded.pk)

    assert at(admin).get(address).status_code == at(editor).get(address).status_code == 200
    for one in (author, clinical):
        answer = at(one).get(address)
        assert answer.status_code == 403
        assert "Only an administrator or an editor opens the dossier of an article." in text(answer)
    assert at(person("stranger", groups=["author"])).get(address).status_code == 404


@pytest.mark.parametrize("groups", [["editor"], ["admin"], ["editor", "admin"]])
def test_nobody_opens_the_dossier_of_what_they_contributed_to(at, recorded, author, groups):
    writer, linked = person("writer", "Will Writer", groups=groups), person("linked", "Lin Linked", groups=groups)
    edit(recorded, "Lymph nodes filter lymph.", by=writer)
    save(Authorship(article=recorded, contributor=linked.contributor, role="editor"), author)
    dossier = made(recorded, writer)

    for one in (writer, linked):
        for page in (url("dossier", recorded.pk), url("dossier_archive", dossier.pk)):
            answer = at(one).get(page)
            assert answer.status_code == 403
            assert "You contributed to this article" in text(answer)
            assert SECRET not in text(answer)
        assert at(one).post(url("ask_for_archive", recorded.pk)).status_code == 403
    assert Dossier.objects.count() == 1


def made(draft, user) -> Dossier:
    dossier = making.ask_for(draft, user)
    dossier.refresh_from_db()
    return dossier


def test_the_archive_is_made_and_downloaded_and_verified(at, recorded, editor):
    client = at(editor)

    answer = client.post(url("ask_for_archive", recorded.pk), follow=True)

    dossier = Dossier.objects.get()
    assert "The archive is being made." in text(answer)
    assert (dossier.requested_by, dossier.requested_by_name) == (editor, editor.contributor.name)
    assert dossier.done == dossier.total == 4
    assert "Download the archive of" in page_of(client, recorded)
    archive = client.get(url("dossier_archive", dossier.pk))
    content = b"".join(archive.streaming_content)
    assert archive["Content-Type"] == "application/zip"
    assert int(archive["Content-Length"]) == len(content) == dossier.size
    assert dossier.sha256 == hashlib.sha256(content).hexdigest()
    assert "All is well" in verify_export.verify_dossier(content)


def test_a_large_archive_is_stored_and_sent_in_stretches(at, recorded, editor, monkeypatch):
    monkeypatch.setattr(making, "STRETCH", 1000)

    dossier = made(recorded, editor)

    content = b"".join(at(editor).get(url("dossier_archive", dossier.pk)).streaming_content)
    assert dossier.parts.count() == -(-dossier.size // 1000) > 5
    assert verify_export.verify_dossier(content)


@pytest.fixture
def waiting(monkeypatch):
    """Let no job run, as if no worker was there."""
    monkeypatch.setattr(type(making.make_dossier), "enqueue", lambda *args, **kwargs: None)


def test_while_one_is_made_the_page_says_how_far_and_no_second_is_asked_for(at, recorded, editor, admin, waiting):
    client = at(editor)
    dossier = making.ask_for(recorded, editor)

    assert "The archive waits for a worker." in page_of(client, recorded)
    dossier.done, dossier.total = 1, 4
    dossier.save()
    assert "1 of 4 parts are made." in page_of(client, recorded)
    assert 'value="25"' in client.get(url("dossier", recorded.pk)).content.decode()
    answer = at(admin).post(url("ask_for_archive", recorded.pk))
    assert answer.status_code == 409
    assert "An archive of this article is being made. Wait until it is finished." in text(answer)
    assert Dossier.objects.count() == 1
    assert client.get(url("dossier_archive", dossier.pk)).status_code == 404


def test_one_that_is_late_is_said_and_another_can_be_asked_for(at, recorded, editor, waiting):
    client, hour = at(editor), datetime.timedelta(hours=1, minutes=1)
    making.ask_for(recorded, editor, now=timezone.now() - hour)

    assert "The last archive that was asked for is late." in page_of(client, recorded)
    assert client.post(url("ask_for_archive", recorded.pk)).status_code == 302
    assert Dossier.objects.count() == 2


def test_a_job_that_runs_twice_makes_one_archive(recorded, editor):
    dossier = made(recorded, editor)
    before = list(dossier.parts.values_list("pk", flat=True))

    making.make_dossier.func(dossier.pk)

    assert list(dossier.parts.values_list("pk", flat=True)) == before


def test_a_refused_archive_says_why(at, recorded, editor, monkeypatch):
    def refuse(article):
        raise dossiers.NotAsRecorded("What is stored of this article is not what the ledger tells of it: event 3: x.")

    monkeypatch.setattr(dossiers, "recorded", refuse)

    dossier = made(recorded, editor)

    assert "event 3: x." in page_of(at(editor), recorded)
    assert not dossier.is_under_way
    assert not dossier.parts.exists()
    monkeypatch.undo()
    assert made(recorded, editor).made_at


def test_an_archive_is_deleted_after_a_week_and_who_took_it_stays_known(at, recorded, editor):
    dossier = made(recorded, editor)
    now = timezone.now()
    Dossier.objects.filter(pk=dossier.pk).update(made_at=now - datetime.timedelta(days=6, hours=23))
    prune.func()
    assert DossierPart.objects.exists()
    Dossier.objects.filter(pk=dossier.pk).update(made_at=now - datetime.timedelta(days=7, minutes=1))

    prune.func()

    assert not DossierPart.objects.exists()
    page = page_of(at(editor), recorded)
    assert "no longer kept" in page
    assert dossier.sha256 in page
    assert editor.contributor.name in page
    assert at(editor).get(url("dossier_archive", dossier.pk)).status_code == 404


def test_five_versions_are_on_a_page_and_the_next_on_the_next(at, author, editor, monkeypatch):
    monkeypatch.setattr(views, "VERSIONS", 2)
    draft = with_versions(author, 5)
    client = at(editor)

    first, second, third = (page_of(client, draft, **query) for query in ({}, {"before": "4"}, {"before": "2"}))

    for page, numbers in ((first, (5, 4)), (second, (3, 2)), (third, (1,))):
        assert [number for number in range(1, 6) if f"Version {number}:" in page] == sorted(numbers)
    assert "Earlier versions" in first
    assert "Earlier versions" not in third
    assert "Compared with version 3" in first
    for nonsense in ("x", "-1", "9" * 30):
        assert page_of(client, draft, before=nonsense)


def with_versions(author, number) -> Article:
    """Return an article with so many versions, each recalled but the last."""
    draft = article(author)
    for turn in range(number):
        edit(draft, f"Lymph nodes filter {turn} litres of lymph.", by=author)
        version = submitted(author, draft, note=f"Number {turn}")
        if turn < number - 1:
            workflow.recall(version.review, actor=author, reason="Not yet.")
    return draft


def test_a_page_costs_the_same_queries_with_more_versions(
    at, author, editor, clinical, specialist, recorded, django_assert_num_queries
):
    """However many versions a page has, and however much is recorded of them."""
    several = record(author, editor, clinical, specialist, recalled=3)
    for number in range(20):
        workflow.comment(several.versions.last(), actor=editor, text=f"Remark {number}.")
    client = at(editor)

    for draft in (recorded, several):
        client.get(url("dossier", draft.pk))  # notes in the access log what is opened for the first time
        with django_assert_num_queries(36):
            client.get(url("dossier", draft.pk))


def test_who_opens_the_page_is_in_the_access_log_of_each_unpublished_text(at, recorded, editor):
    client, newest = at(editor), recorded.versions.last()

    before = Opening.objects.filter(user=editor).count()
    for _turn in range(2):
        client.get(url("dossier", recorded.pk))

    row = Opening.objects.get(user=editor)
    assert before == 0
    assert (row.version, row.audience, row.since) == (newest, newest.written_for, None)
    assert newest.review.published_at is None


def test_an_erased_text_is_said(at, recorded, editor, monkeypatch):
    monkeypatch.setattr("reviews.desk.article.dossier.contents.intact_contents", lambda versions: {})

    page = page_of(at(editor), recorded)

    assert page.count("The text of this version was erased") == 2
    assert "filter 5 mg" not in page


def test_only_the_first_events_of_a_long_review_are_on_the_page(recorded):
    versions = list(recorded.versions.select_related("review").order_by("-number"))

    short = parts_of(recorded, versions, most_events=2)
    whole = parts_of(recorded, versions, most_events=None)

    assert [len(part.events) for part in short] == [2, 2]
    assert all(part.older_events for part in short)
    assert not any(part.older_events for part in whole)
    assert min(len(part.events) for part in whole) > 2


def test_mails_of_other_articles_are_not_among_those_of_this_one(recorded, author, editor, clinical, specialist):
    other = submitted(author, title="Veins")
    under_review(other, editor, (clinical, "clinical"))
    versions = list(recorded.versions.select_related("review").order_by("-number"))

    mails = [mail for part in parts_of(recorded, versions) for mail in part.mails]

    assert mails
    assert {mail.page.partition("#")[0] for mail in mails} <= {
        url("desk_review", version.review.pk) for version in versions
    } | {version.get_absolute_url() for version in versions}
    assert Message.objects.filter(page=url("desk_review", other.review.pk)).exists()


def test_the_article_leads_to_its_dossier_for_those_who_may(at, recorded, author, editor, admin):
    for one, leads in ((editor, True), (admin, True), (author, False)):
        page = at(one).get(url("desk_article", recorded.pk)).content.decode()
        assert (url("dossier", recorded.pk) in page) == leads


def test_a_management_plan_is_on_the_page_and_in_the_file_with_its_measures(at, author, editor, clinical):
    tie(clinical, "Oncology")
    version = submitted(author)
    workflow.record_plan(version.review, actor=editor, reviewer=clinical, **PLAN)

    page = page_of(at(editor), version.article)
    with zipfile.ZipFile(io.BytesIO(making.archive_of(version.article))) as archive:
        archived = archive.read("dossier.html").decode()

    for shown in (page, archived):
        assert shown.count(PLAN["measures"]) == 2  # in the table of plans, and among the exceptions
        assert "was allowed to review despite a disclosed interest" in shown


def test_the_file_of_the_archive_reads_without_the_site(recorded, editor):
    with zipfile.ZipFile(io.BytesIO(making.archive_of(recorded))) as archive:
        page = html.document_fromstring(archive.read("dossier.html").decode())

    assert page.xpath("//link | //script | //img | //form") == []
    assert not [address for address in page.xpath("//a/@href") if not address.startswith(("#", "http"))]
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert VersionText.objects.count() == 2
