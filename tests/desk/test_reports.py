"""What editors do with readers' reports of errors, and what the reporters are told."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.utils import timezone
from lxml import html

from articles.desk.readers.reports import handling
from articles.models import Article, ErrorReport, Feedback, Helpfulness, ReportStep
from articles.models.reader_input.sent import digest_of
from reviews import workflow
from reviews.messages import reminders
from tests import factories
from tests.articles.site.pages import words
from tests.desk.pages import text, url
from tests.factories import article, edit, person, published, submitted
from tests.populated import report as make

pytestmark = pytest.mark.django_db(transaction=True)

TOKEN = "a-private-token"


@pytest.fixture
def public(author, editor, clinical, specialist) -> Article:
    draft = article(author, slug="nodes", title="Nodes", body="<p>Nodes filter lymph.</p>")
    published(submitted(author, draft), editor, clinical, specialist)
    return Article.objects.get(pk=draft.pk)


@pytest.fixture
def reported(public) -> ErrorReport:
    return make(public, section=public.sections.get().key)


def another(public, number=1, **fields) -> ErrorReport:
    return make(public, f"Another report {number}.", **{"token_digest": "", **fields})


def told(client, token=TOKEN) -> str:
    """Return what the reporter is told."""
    return words(html.document_fromstring(client.get(f"/reports/{token}/").content).find(".//main"))


def second_version(public, author, *staff) -> None:
    edit(public, "Nodes filter much lymph.", by=author)
    published(submitted(author, Article.objects.get(pk=public.pk)), *staff)


# The queue


def listed(response) -> list[str]:
    return html.document_fromstring(response.content).xpath("//ul[@class='rows']/li/p/text()")


def test_the_queue_is_in_the_order_of_severity_and_then_of_age(at, editor, public):
    now = timezone.now()
    for number, (severity, days) in enumerate([(2, 9), (4, 30), (1, 1), (1, 3)]):
        another(public, number, severity=severity, reported_at=now - datetime.timedelta(days=days))

    response = at(editor).get(url("reports"))

    assert listed(response) == [f"Another report {number}." for number in (3, 2, 0, 1)]
    assert "Reports (4 open)" in words(html.document_fromstring(response.content).find(".//nav"))


def test_the_list_comes_a_page_at_a_time_in_both_orders(at, editor, public, monkeypatch):
    now = timezone.now()
    for number in range(7):
        another(public, number, severity=1 + number % 3, reported_at=now - datetime.timedelta(days=number % 2))
    monkeypatch.setattr("articles.desk.readers.reports.views.IN_A_LIST", 2)
    for state in ("open", "elsewhere"):
        seen, query = [], {"state": state}
        while query:
            page = html.document_fromstring(at(editor).get(url("reports"), query).content)
            seen += page.xpath("//ul[@class='rows']/li/a/@href")
            following = page.xpath("//a[@rel='next']/@href")
            query = dict(part.split("=") for part in following[0][1:].split("&")) if following else None
        assert len(seen) == len(set(seen)) == 7
        for row in ErrorReport.objects.open():
            handling.turn_away(row, actor=editor, reply="Another page.")


@pytest.mark.parametrize("query", [{"state": "nothing"}, {"after": "x"}, {"after": "9" * 30}, {"after": "1\0"}])
def test_any_query_of_the_list_is_answered(at, editor, reported, query):
    assert at(editor).get(url("reports"), query).status_code == 200


@pytest.mark.parametrize("number", [1, 30])
def test_list_and_page_cost_the_same_queries_for_one_report_and_for_many(
    at, editor, public, reported, number, django_assert_num_queries
):
    for each in range(number):
        another(public, each)
    handling.reply(reported, actor=editor, reply="We look at it.")
    client = at(editor)
    client.get(url("report", reported.pk))

    with django_assert_num_queries(7):
        client.get(url("reports"))
    with django_assert_num_queries(17):
        client.get(url("report", reported.pk))


def test_the_page_says_what_it_is_about_and_leads_to_the_draft(at, editor, public, reported):
    page = html.document_fromstring(at(editor).get(url("report", reported.pk)).content)

    said = words(page.find(".//main"))
    section = public.sections.get()
    assert f"about Nodes, version 1, section {section.heading}, by a carer or family member." in said
    assert "Nothing is stored about who reported it." in said
    assert url("draft", public.pk) in page.xpath("//main//a/@href")
    assert f"/articles/nodes/for/carer/#s-{section.key}" in page.xpath("//main//a/@href")


# What is done with it


def test_a_writer_of_the_article_settles_no_report_about_it(at, clinical, specialist, editor):
    both = person("both", "Bo Both", groups=["author", "editor"])
    published(submitted(both, article(both, slug="own", title="Own")), editor, clinical, specialist)
    row = make(Article.objects.get(slug="own"))
    other = another(Article.objects.get(slug="own"))
    before = factories.rows()
    sentence = "You wrote a part of this article. Another editor has to settle reports about it."

    for name, typed in [
        ("correct_report", {"number": "2"}), ("leave_report", {"reply": "It is right."}),
        ("turn_away_report", {"reply": "Elsewhere."}), ("merge_report", {"into": str(other.pk)}),
    ]:  # fmt: skip
        refused = at(both).post(url(name, row.pk), typed)
        assert refused.status_code == 403
        assert sentence in text(refused)

    assert factories.rows() == before
    page = text(at(both).get(url("report", row.pk)))
    assert sentence in page
    assert "Settle as corrected" not in page
    assert "Settle as corrected" in text(at(editor).get(url("report", row.pk)))
    handling.reply(row, actor=both, reply="We look at it.")
    assert handling.leave(row, actor=editor, reply="It is right.").is_open is False


def test_the_severity_decides_the_place_and_what_the_reader_said_stays(at, editor, public, reported):
    another(public)

    response = at(editor).post(url("judge_report", reported.pk), {"severity": "4"})

    reported.refresh_from_db()
    assert response.status_code == 302
    assert (reported.severity, reported.thought) == (4, 2)
    assert listed(at(editor).get(url("reports")))[-1] == reported.text
    assert "Set the severity: Something else" in text(at(editor).get(url("report", reported.pk)))
    assert at(editor).post(url("judge_report", reported.pk), {"severity": "4"}).status_code == 422


def test_a_reply_is_read_at_the_private_address_while_the_report_stays_open(at, client, editor, reported):
    assert at(editor).post(url("reply_to_report", reported.pk), {"reply": "Which table?"}).status_code == 302

    reported.refresh_from_db()
    assert reported.is_open
    assert "waiting for our editors, who have replied" in told(client)
    assert "Which table?" in told(client)


def test_a_correction_names_a_later_published_version_of_the_same_article(
    at, client, author, editor, clinical, specialist, public, reported
):
    refused = at(editor).post(url("correct_report", reported.pk), {"number": "2"})
    assert refused.status_code == 422
    assert "No later version has been published yet." in text(refused)
    second_version(public, author, editor, clinical, specialist)
    for number in ("1", "3"):
        again = at(editor).post(url("correct_report", reported.pk), {"number": number})
        assert "Enter one of these: 2." in text(again)
    assert ErrorReport.objects.get().is_open

    at(editor).post(url("correct_report", reported.pk), {"number": "2", "reply": "Thank you."})

    assert "version 2 corrects it" in told(client)
    assert "Thank you." in told(client)
    assert ErrorReport.objects.get().version.number == 1, "the report stays with the text that was read"


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("retraction", "Version 2: Retracted Do not rely on this text."),
        ("concern", "Version 2: Under an expression of concern"),
        ("removal", "Version 2: Removed"),
    ],
)
def test_the_reporter_reads_that_the_correcting_version_is_itself_in_doubt_or_no_longer_offered(
    at, client, author, editor, clinical, specialist, public, reported, kind, status
):
    second_version(public, author, editor, clinical, specialist)
    at(editor).post(url("correct_report", reported.pk), {"number": "2"})
    assert "Version 2:" not in told(client)

    workflow.issue_notice(public, actor=editor, kind=kind, reason="Wrong again.", versions=[2])

    assert status in told(client)


@pytest.mark.parametrize(
    ("name", "title"), [("leave_report", "Looked at, and not changed"), ("turn_away_report", "Not about this page")]
)
def test_a_report_that_changes_nothing_is_settled_with_a_reason_alone(at, client, editor, reported, name, title):
    assert at(editor).post(url(name, reported.pk), {"reply": " "}).status_code == 422
    assert ErrorReport.objects.get().is_open

    at(editor).post(url(name, reported.pk), {"reply": "The table is for adults."})

    assert title in told(client)
    assert "The table is for adults." in told(client)


def test_a_duplicate_has_the_outcome_of_the_other_and_keeps_it_when_that_is_deleted(at, client, editor, public):
    first, second = another(public), make(public, "The same.")

    at(editor).post(url("merge_report", second.pk), {"into": first.pk})
    assert "put together with another report" in told(client)
    handling.leave(first, actor=editor, reply="It is right.")
    assert "It is right." in told(client)

    ErrorReport.objects.get(pk=first.pk).delete()
    assert "It is right." in told(client)


@pytest.mark.parametrize("into", ["itself", "nothing", "merged", "words", ""])
def test_a_merge_that_leads_nowhere_is_refused(at, editor, public, reported, into):
    merged, target = another(public, 2), another(public, 3)
    handling.merge(merged, actor=editor, into=target.pk)
    numbers = {"itself": reported.pk, "nothing": 10**12, "merged": merged.pk, "words": "x", "": ""}

    response = at(editor).post(url("merge_report", reported.pk), {"into": numbers[into]})

    assert response.status_code == 422
    reported.refresh_from_db()
    assert reported.is_open


def test_what_was_done_is_kept_in_order_and_deleted_with_the_report(at, editor, public, reported):
    handling.judge(reported, actor=editor, severity=1)
    handling.leave(reported, actor=editor, reply="It is right.")
    handling.reopen(reported, actor=editor)

    done = [(step.sentence, step.reply, step.by) for step in ReportStep.objects.all()]
    assert done == [
        ("Set the severity: It could harm someone", "", editor),
        ("Settled: no change needed", "It is right.", editor),
        ("Opened again", "", editor),
    ]
    ErrorReport.objects.get().delete()
    assert not ReportStep.objects.exists()


STEPS = {
    "judge": lambda row, actor, public: handling.judge(row, actor=actor, severity=3),
    "reply": lambda row, actor, public: handling.reply(row, actor=actor, reply="No."),
    "correct": lambda row, actor, public: handling.correct(row, actor=actor, number=2),
    "leave": lambda row, actor, public: handling.leave(row, actor=actor, reply="No."),
    "turn_away": lambda row, actor, public: handling.turn_away(row, actor=actor, reply="No."),
    "merge": lambda row, actor, public: handling.merge(row, actor=actor, into=another(public).pk),
}


@pytest.mark.parametrize("name", STEPS)
def test_each_step_is_for_editors_and_for_open_reports_alone(author, editor, public, reported, name):
    for nobody in (author, person("root", groups=["admin"])):
        with pytest.raises(PermissionDenied, match="Only editors"):
            STEPS[name](reported, nobody, public)
    handling.leave(reported, actor=editor, reply="First.")
    before = ReportStep.objects.count()

    with pytest.raises(ValidationError, match="not open any more") as refused:
        STEPS[name](reported, editor, public)

    reported.refresh_from_db()
    assert refused.value.code == "stale"
    assert (reported.state, reported.reply, ReportStep.objects.count()) == ("no_change", "First.", before)


def test_a_report_that_was_deleted_meanwhile_does_not_come_back(editor, public, reported):
    same = ErrorReport.objects.get(pk=reported.pk)
    reported.delete()

    with pytest.raises(ValidationError, match="was deleted while you were working on it"):
        handling.leave(same, actor=editor, reply="No.")

    assert not ErrorReport.objects.exists()


@pytest.mark.parametrize(
    "outcome",
    [{"state": "corrected"}, {"state": "merged"}, {"state": "no_change"}, {"state": "elsewhere"}],
)
def test_the_database_refuses_an_outcome_without_what_belongs_to_it(reported, outcome):
    with pytest.raises(IntegrityError), transaction.atomic():
        reported.settle(**outcome)


# Personal data


def test_the_words_of_a_reader_are_nowhere_but_in_their_row(at, editor, public):
    row = make(public, "The secretword is wrong.")
    at(editor).get(url("report", row.pk))
    handling.reply(row, actor=editor, reply="Thank you.")
    handling.leave(row, actor=editor, reply="It is right.")

    assert {table for table, rows in factories.rows().items() if "secretword" in str(rows)} == {"articles_errorreport"}
    row.delete()
    assert not [table for table, rows in factories.rows().items() if "secretword" in str(rows)]


@pytest.mark.parametrize("name", ["number", "token", "address"])
def test_the_operator_erases_a_report_by_its_number_or_its_address(reported, name, capsys):
    named = {"number": str(reported.pk), "token": TOKEN, "address": f"https://imprimatur.example/reports/{TOKEN}/"}

    call_command("erase_report", named[name])

    assert not ErrorReport.objects.exists()
    assert "was deleted" in capsys.readouterr().out
    with pytest.raises(CommandError, match="There is no such report"):
        call_command("erase_report", named[name])


# On the article's page


def test_the_desk_shows_the_counts_of_each_version_and_only_editors_read_the_words(at, author, editor, public):
    version = public.published_version
    for audience, yes, no in (("public", 3, 1), ("carer", 2, 0)):
        Helpfulness.objects.create(version=version, audience=audience, yes=yes, no=no)
    today = timezone.localdate()
    Feedback.objects.create(
        version=version, helpful=False, text="Add a picture.", given_at=timezone.now(), delete_after=today
    )
    report = another(public, severity=1)

    for who in (author, editor):
        page = html.document_fromstring(at(who).get(url("desk_article", public.pk)).content)
        assert [words(row) for row in page.xpath("//table[@class='counts']//tr")][1:] == ["151"]
        is_shown = "Add a picture." in words(page), url("report", report.pk) in page.xpath("//main//a/@href")
        assert is_shown == ((who == editor,) * 2)


# Email


def test_editors_are_told_of_open_reports_and_at_once_of_those_that_could_harm(public, reported, mailoutbox):
    today = timezone.localdate()
    mailoutbox.clear()

    assert [reminders.send_due(today), reminders.send_due(today)] == [1, 0]
    assert "There is 1 open report of an error. None is said to be harmful." in mailoutbox[0].body
    assert mailoutbox[0].body.rstrip().endswith("/desk/reports/")
    assert reported.text not in mailoutbox[0].body + mailoutbox[0].subject

    another(public, severity=1)
    assert reminders.send_due(today + datetime.timedelta(days=1)) == 1
    assert "There are 2 open reports of errors. 1 could harm someone." in mailoutbox[-1].body


def test_editors_are_told_weekly_while_a_report_is_open_and_not_of_none(editor, public, reported):
    today = timezone.localdate()
    sent = [reminders.send_due(today + datetime.timedelta(days=days)) for days in range(9)]
    assert sent == [1, 0, 0, 0, 0, 0, 0, 1, 0]

    handling.leave(reported, actor=editor, reply="No.")
    assert reminders.send_due(today + datetime.timedelta(days=30)) == 0


def test_two_reports_never_share_a_private_address(public, reported):
    with pytest.raises(IntegrityError), transaction.atomic():
        another(public, token_digest=digest_of(TOKEN))
