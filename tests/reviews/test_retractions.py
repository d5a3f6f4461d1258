"""A list of retractions in force: who is told, what is stopped, and what the ledger proves of it."""

import datetime
import json
from contextlib import contextmanager

import pytest
from django.core.management import CommandError, call_command

from articles.files.drafts.store import store
from articles.files.markdown.parsing import parse
from articles.models import Article, ArticleReference, Reference, Retraction, RetractionSnapshot
from articles.site.verifying.comparing import compare, versions
from articles.text.citations.retractions.standing import Standing
from reviews.models import Task
from reviews.verifying import verify
from reviews.workflow import NotNow
from tests import factories, retractions
from tests.articles.frozen import cite as mark
from tests.articles.site.pages import parsed, words

pytestmark = pytest.mark.django_db

DOI, PMID = "10.5555/cited", "77"
TITLE = "An invented study"
WHY = "It is the study that this section corrects."


@pytest.fixture
def staff(editor, clinical, specialist):
    return editor, clinical, specialist


@pytest.fixture
def cited(author):
    draft = factories.article(
        author, slug="cited", title="Cited", body=f"<p>First.{mark('one')} More.{mark('two')}</p>"
    )
    factories.cite(draft, "one", by=author, title="One work")
    factories.cite(draft, "two", by=author, title=TITLE, DOI=DOI)
    work = Reference.objects.get(article_references__key="two")
    work.doi, work.pmid = DOI, PMID
    factories.save(work, author)
    return draft


@pytest.fixture
def signed(cited, author, staff):
    return factories.published(factories.submitted(author, cited), *staff)


def tasks() -> list[str]:
    return [task.text for task in Task.objects.filter(closed_at__isnull=True)]


@contextmanager
def nothing_changes():
    before = factories.evidence()
    yield
    assert factories.evidence() == before


def test_a_list_is_kept_with_its_digest_and_the_ledger_commits_to_it(signed):
    retractions.load(retractions.row(doi=DOI), retractions.row(2, pmid="5", nature="Correction"))

    snapshot = RetractionSnapshot.objects.get()
    said = factories.payload("retractions_loaded")
    assert (snapshot.name, snapshot.as_of, snapshot.rows, snapshot.entries) == (
        "Retraction Watch",
        retractions.DAY,
        2,
        2,
    )
    assert said == said | {"name": "Retraction Watch", "as_of": "2026-11-02", "lines": 2, "entries": 2,
                           "sha256": snapshot.sha256, "digest": snapshot.digest}  # fmt: skip
    assert {row.identifier: row.standing for row in Retraction.objects.all()} == {
        f"doi:{DOI}": Standing.RETRACTED, "pmid:5": Standing.CORRECTED,
    }  # fmt: skip
    assert verify().problems == []


@pytest.mark.parametrize(
    "change",
    [
        lambda: Retraction.objects.all().delete(),
        lambda: Retraction.objects.update(standing=Standing.CORRECTED),
        lambda: Retraction.objects.create(identifier="doi:10.5555/innocent", standing=Standing.RETRACTED, record=1),
    ],
)
def test_a_change_past_the_site_is_found(signed, change):
    retractions.load(retractions.row(doi=DOI))

    change()

    assert [problem.kind for problem in verify().problems] == ["retractions"]


def test_entries_before_any_list_are_found(signed):
    Retraction.objects.create(identifier="doi:10.5555/innocent", standing=Standing.RETRACTED, record=1)

    assert [problem.kind for problem in verify().problems] == ["retractions"]


@pytest.mark.parametrize(
    ("nature", "said"),
    [
        ("Retraction", "cites a retracted work: [@two], “An invented study” (Retraction Watch, as of 2026-11-02)."),
        ("Expression of concern", "cites a work under an expression of concern: [@two]"),
        ("Correction", "cites a work that was corrected: [@two]"),
        ("Reinstatement", "cites a work that was reinstated: [@two]"),
    ],
)
@pytest.mark.parametrize("named_by", [{"doi": DOI}, {"pmid": PMID}])
def test_each_published_article_that_a_list_touches_gets_a_task(signed, nature, said, named_by):
    (touched,) = retractions.load(retractions.row(nature=nature, **named_by))

    (text,) = tasks()
    task = Task.objects.get()
    assert f"Version 1 {said}" in text
    assert (task.article, task.version, task.role) == (signed.article, signed, "Editors")
    assert touched.version == signed


def test_the_editors_are_told_and_led_to_the_article(signed, client, editor, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        retractions.load(retractions.row(doi=DOI))
    client.force_login(editor)

    inbox = words(parsed(client.get("/desk/inbox/")))
    page = words(parsed(client.get(f"/desk/articles/{signed.article_id}/")))

    assert "Check the references: Cited" in inbox
    assert "The reference [@two] (“An invented study”) is retracted." in page


def test_only_what_changed_since_the_last_list_opens_a_task(signed):
    later = retractions.DAY + datetime.timedelta(days=7)
    retractions.load(retractions.row(doi=DOI))
    assert retractions.load(retractions.row(doi=DOI), retractions.row(2, pmid="5"), as_of=later) == []
    assert len(tasks()) == 1

    lifted = retractions.row(3, doi=DOI, nature="Reinstatement", day="1/1/2025 0:00")
    (touched,) = retractions.load(
        retractions.row(doi=DOI), retractions.row(2, pmid="5"), lifted, as_of=later + datetime.timedelta(days=7)
    )

    assert touched.standing == Standing.REINSTATED
    assert len(tasks()) == 2


def test_drafts_older_versions_and_uncited_works_open_no_task(signed, author, staff):
    factories.edit(signed.article, "The newer text.", by=author)
    factories.published(factories.submitted(author, Article.objects.get(pk=signed.article_id)), *staff)

    assert retractions.load(retractions.row(doi=DOI), retractions.row(2, doi="10.5555/uncited")) == []
    assert tasks() == []


def test_the_same_list_an_older_one_and_one_cut_off_are_refused(signed):
    rows = [retractions.row(number, doi=f"10.5555/{number}") for number in range(1, 21)]
    retractions.load(*rows)
    day = datetime.timedelta(days=1)

    with nothing_changes(), pytest.raises(NotNow, match=r"This list is already loaded\."):
        retractions.load(*rows)
    with nothing_changes(), pytest.raises(NotNow, match="A newer list is loaded: Retraction Watch, as of 2026"):
        retractions.load(*rows, retractions.row(99, doi="10.5555/99"), as_of=retractions.DAY - day)
    with nothing_changes(), pytest.raises(NotNow, match=r"has 17 identifiers, the one in force has 20\."):
        retractions.load(*rows[:17], as_of=retractions.DAY + day)

    retractions.load(*rows[:17], as_of=retractions.DAY + day, accept_fewer=True)
    assert Retraction.objects.count() == 17
    assert verify().problems == []


# What is stopped


def test_a_draft_that_cites_a_retracted_work_cannot_be_submitted_unless_it_says_why(cited, author):
    retractions.load(retractions.row(doi=DOI))
    said = (
        "The reference [@two] is retracted. Cite another work, or say under References why it is cited although it is "
        "retracted."
    )

    with nothing_changes(), pytest.raises(NotNow) as refusal:
        factories.submitted(author, cited)
    assert str(refusal.value) == said

    say_why(author)
    version = factories.submitted(author, cited)
    (work,) = [row for row in json.loads(version.frozen.text)["references"] if row["key"] == "two"]
    assert work["although_retracted"] == WHY
    assert json.loads(work["csl"])["status"] == "retracted"


def say_why(author, key="two", why=WHY):
    row = ArticleReference.objects.get(key=key)
    row.although_retracted = why
    factories.save(row, author)


def test_a_work_that_is_reinstated_is_not_called_retracted_any_longer(cited, author):
    retractions.load(retractions.row(doi=DOI))
    say_why(author)
    reinstated = retractions.row(2, doi=DOI, nature="Reinstatement", day="1/1/2025 0:00")
    retractions.load(retractions.row(doi=DOI), reinstated)
    said = (
        "The reference [@two] is not retracted, or no longer. Take back, under References, why it is cited although it"
    )

    with nothing_changes(), pytest.raises(NotNow) as refusal:
        factories.submitted(author, cited)
    assert str(refusal.value) == f"{said} is retracted."

    say_why(author, why="")
    assert factories.submitted(author, cited)


def test_the_librarys_own_mark_stops_it_too(cited, author):
    work = Reference.objects.get(doi=DOI)
    work.csl = {**work.csl, "status": "Retracted"}
    factories.save(work, author)

    with pytest.raises(NotNow, match=r"The reference \[@two\] is retracted. Cite another work"):
        factories.submitted(author, cited)


@pytest.mark.parametrize("nature", ["Expression of concern", "Correction", "Reinstatement"])
def test_other_notices_stop_nothing(cited, author, staff, nature):
    retractions.load(retractions.row(doi=DOI, nature=nature))

    assert factories.published(factories.submitted(author, cited), *staff)


def test_a_retracted_work_that_the_text_does_not_cite_stops_nothing(cited, author):
    factories.cite(cited, "three", by=author, title="Uncited", DOI="10.5555/three")
    work = Reference.objects.get(article_references__key="three")
    work.doi = "10.5555/three"
    factories.save(work, author)
    retractions.load(retractions.row(doi=work.doi))

    assert factories.submitted(author, cited)


def test_a_work_retracted_during_the_review_stops_the_approval(cited, author, editor, clinical, client):
    version = factories.submitted(author, cited)
    (asked,) = factories.under_review(version, editor, (clinical, "clinical"))
    retractions.load(retractions.row(doi=DOI))
    said = "The reference [@two] is retracted, and the text does not say so."

    with nothing_changes(), pytest.raises(NotNow) as refusal:
        factories.decide(asked)
    client.force_login(clinical)
    page = words(parsed(client.get(f"/desk/reviews/{version.review.pk}/")))

    assert said in str(refusal.value)
    assert said in page
    factories.decide(asked, outcome="request_changes", reason="Cite another work.")


def test_a_text_that_says_why_it_cites_the_work_is_approved_and_readers_are_shown_why(client, cited, author, staff):
    retractions.load(retractions.row(doi=DOI))
    say_why(author)
    version = factories.published(factories.submitted(author, cited), *staff)

    page = parsed(client.get("/articles/cited/for/public/"))
    entry = words(page.xpath("//*[@id='ref-2']")[0])

    assert entry.startswith("[Retracted] ")
    assert f"Cited although it is retracted: {WHY}" in entry
    assert not page.xpath("//*[@data-kind='retracted-works']")
    assert compare(versions().get(pk=version.pk)).findings == []


# What readers see


def told(client, kind, path="/articles/cited/for/public/") -> list[str]:
    page = parsed(client.get(path))
    return [words(one) for one in page.xpath(f"//section[@data-kind='{kind}']//p[not(@class)]")]


PAGES = ["/articles/cited/for/public/", "/articles/cited/versions/1/", "/articles/cited/versions/1/proof/"]


@pytest.mark.parametrize("path", PAGES)
def test_readers_are_told_of_a_retraction_with_its_day_and_where_the_notice_is(client, signed, path):
    assert told(client, "retracted-works", path) == []

    retractions.load(retractions.row(doi=DOI))

    assert told(client, "retracted-works", path) == [
        "Reference 2 (“An invented study”) is retracted. Our library did not say so when this was submitted for "
        "review. The notice is of 14 August 2022. Read the notice An invented study"
    ]
    (notice,) = parsed(client.get(path)).xpath("//section[@data-kind='retracted-works']//a[@rel]/@href")
    assert notice == "https://doi.org/10.5555/notice"


@pytest.mark.parametrize("path", PAGES)
def test_readers_are_told_of_an_expression_of_concern(client, signed, path):
    retractions.load(retractions.row(doi=DOI, nature="Expression of concern", notice="", RetractionPubMedID="99"))

    assert told(client, "doubted-works", path) == [
        "There is an expression of concern about reference 2 (“An invented study”). The notice is of 14 August 2022. "
        "Read the notice An invented study"
    ]
    assert told(client, "retracted-works", path) == []
    (notice,) = parsed(client.get(path)).xpath("//section[@data-kind='doubted-works']//a[@rel]/@href")
    assert notice == "https://pubmed.ncbi.nlm.nih.gov/99/"


def test_readers_are_told_of_the_concern_that_the_librarys_entry_has(client, signed):
    work = Reference.objects.get(doi=DOI)
    work.csl = {**work.csl, "status": "Expression of concern"}
    work.save()

    (said,) = told(client, "doubted-works")
    assert said == "There is an expression of concern about reference 2 (“An invented study”)."


@pytest.mark.parametrize("nature", ["Correction", "Reinstatement"])
def test_readers_are_not_told_of_what_casts_no_doubt(client, signed, nature):
    retractions.load(retractions.row(doi=DOI, nature=nature))

    assert told(client, "retracted-works") == told(client, "doubted-works") == []


def test_readers_are_told_nothing_of_the_list_if_the_policy_says_so(client, signed, settings):
    settings.SHOW_LISTED_RETRACTIONS = False
    retractions.load(retractions.row(doi=DOI))

    assert told(client, "retracted-works") == []
    assert "is retracted" not in client.get("/articles/cited/versions/").content.decode()

    work = Reference.objects.get(doi=DOI)
    work.csl = {**work.csl, "status": "retracted"}
    work.save()
    assert told(client, "retracted-works")


def test_the_desk_says_that_readers_see_it_only_if_they_do(client, signed, editor, settings):
    retractions.load(retractions.row(doi=DOI))
    client.force_login(editor)
    page = f"/desk/articles/{signed.article_id}/"

    assert "Readers see a notice beside the text." in words(parsed(client.get(page)))
    settings.SHOW_LISTED_RETRACTIONS = False
    assert "Readers see a notice beside the text." not in words(parsed(client.get(page)))


# At the desk


def test_the_references_of_a_draft_say_how_each_work_stands(client, cited, author):
    client.force_login(author)
    page = f"/desk/articles/{cited.pk}/references/"
    assert words(parsed(client.get(page))).count("Not checked for retraction") == 2

    retractions.load(retractions.row(doi="10.5555/another"))
    assert words(parsed(client.get(page))).count("Not checked for retraction") == 1
    assert "Not on the list of retractions" in words(parsed(client.get(page)))

    retractions.load(retractions.row(doi=DOI), retractions.row(2, doi="10.5555/another"))
    said = words(parsed(client.get(page)))
    assert "Retracted (14 August 2022) · Read the notice two · Error in Data" in said


def test_an_author_says_why_a_retracted_work_is_cited(client, cited, author):
    retractions.load(retractions.row(doi=DOI))
    client.force_login(author)
    row = ArticleReference.objects.get(key="two")
    page = f"/desk/articles/{cited.pk}/references/{row.pk}/retracted/"
    assert page in client.get(f"/desk/articles/{cited.pk}/references/").content.decode()

    too_long = client.post(page, {"although_retracted": "x" * 301})
    saved = client.post(page, {"although_retracted": f" {WHY} "})

    assert too_long.status_code == 422
    assert saved.status_code == 302
    row.refresh_from_db()
    assert row.although_retracted == WHY
    assert f"Cited although it is retracted: {WHY}" in words(parsed(client.get(saved["Location"])))
    assert row.history.count() == 2
    client.post(page, {"although_retracted": ""})
    assert not ArticleReference.objects.get(key="two").although_retracted


def test_of_a_work_that_is_not_retracted_nothing_is_said(client, cited, author, lay):
    row = ArticleReference.objects.get(key="two")
    page = f"/desk/articles/{cited.pk}/references/{row.pk}/retracted/"
    client.force_login(author)
    with nothing_changes():
        answer = client.post(page, {"although_retracted": WHY})
    assert answer.status_code == 422
    assert "This work is not retracted, so there is nothing to say of it." in words(parsed(answer))
    assert client.get(f"/desk/articles/{cited.pk}/references/{row.pk + 999}/retracted/").status_code == 404
    client.force_login(lay)
    assert client.get(page).status_code in (403, 404)


def test_another_work_under_the_key_does_not_take_over_the_reason(cited, author):
    """The reason is about one work: an import that gives the key to another work forgets it."""
    say_why(author)
    head = "---\nslug: cited\ntitle: Cited\nkind: topic\nai_use: none\nreferences:\n"
    text = f"{head}  - {{id: two, title: {TITLE}, DOI: {DOI}}}\n---\nMore [@two].\n"
    store(parse(text.encode()), author=author, update=True)
    assert ArticleReference.objects.get(key="two").although_retracted == WHY

    store(parse(text.replace(DOI, "10.5555/other").encode()), author=author, update=True)

    assert not ArticleReference.objects.get(key="two").although_retracted


# The command


def test_the_command_loads_a_file_and_says_what_it_touches(signed, tmp_path, capsys):
    file = tmp_path / "list.csv"
    file.write_bytes(retractions.as_csv(retractions.row(doi=DOI), retractions.row(2)))

    call_command("import_retractions", file, "--as-of", "2026-11-02", "--name", "Watch, by hand")

    said = capsys.readouterr().out
    assert "Watch, by hand, as of 2026-11-02: 2 rows, SHA-256 " in said
    assert "1 rows name neither a DOI nor a PMID of the work." in said
    assert "1 cited work to look at:\n  cited, version 1: [@two] retracted" in said


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--as-of", "2999-01-01"], "The list cannot be of a day to come: 2999-01-01."),
        (["--as-of", "yesterday"], "invalid day value"),
        ([], "The file is not Retraction Watch’s list"),
    ],
)
def test_the_command_refuses_with_a_sentence_and_changes_nothing(db, tmp_path, arguments, sentence):
    file = tmp_path / "list.csv"
    file.write_bytes(b"\x00\xff")

    with nothing_changes(), pytest.raises(CommandError, match=sentence):
        call_command("import_retractions", file, *arguments)
    with pytest.raises(CommandError, match="No such file or directory"):
        call_command("import_retractions", tmp_path / "missing.csv")
