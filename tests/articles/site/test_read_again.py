"""A public text that the board read again and found to need no change: every page says so on the very next request."""

import datetime
import json
import re

import pytest
from django.utils import timezone
from django.utils.formats import date_format

from articles.models import Article
from reviews import workflow
from reviews.evidence.ledger import verify_export
from reviews.messages import reminders
from reviews.models import Disclosure
from tests import factories
from tests.articles.site.machines.test_json_ld import said
from tests.articles.site.pages import page_for, parsed, words

PAGES = (
    "/articles/lymph-nodes/for/public/", "/articles/lymph-nodes/for/public.md", "/articles/lymph-nodes/versions/",
    "/articles/", "/articles/lymph-nodes/proof/", "/llms.txt", "/topics/oncology/",
    "/search/?q=lymph",
)  # fmt: skip


@pytest.fixture
def overdue(public_article, staff, monkeypatch):
    """Return the article 800 days later, when the board is in date again and the next review is overdue."""
    then = timezone.now() + datetime.timedelta(days=800)
    monkeypatch.setattr("django.utils.timezone.now", lambda: then)
    for user in staff[1:]:
        member, until = user.board_member, then.date() + datetime.timedelta(days=100)
        member.credential_valid_until = until
        member.save()
        disclosure = Disclosure.objects.get(member=member)
        disclosure.valid_until = until
        disclosure.save()
    return public_article


def read_again(article, *people):
    version = article.published_version
    for who, capacity in people:
        terms = {"capacity": capacity, "password": factories.PASSWORD, "digest": version.digest}
        workflow.attest(version, actor=who, **terms)


def text_of(client, path) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", client.get(path).getvalue().decode()).split())


def test_every_page_moves_on_the_very_next_request(client, overdue, staff):
    _, clinical, specialist = staff
    today = timezone.localdate()
    day, before = date_format(today, "DATE_FORMAT"), {path: text_of(client, path) for path in PAGES}
    assert all(day not in text for text in before.values())
    assert "Past its review date" in before["/articles/"]

    read_again(overdue, (clinical, "clinical"))
    assert {path: text_of(client, path) for path in PAGES if "proof" not in path} == {
        path: text for path, text in before.items() if "proof" not in path
    }
    read_again(overdue, (specialist, "specialist"))
    after = {path: text_of(client, path) for path in PAGES}

    assert all(day in text for path, text in after.items() if not path.startswith("/search"))
    assert "Past its review date" not in after["/articles/"] + after["/search/?q=lymph"] + after[PAGES[0]]
    due = date_format(today.replace(year=today.year + 2), "DATE_FORMAT")
    assert f"Next review due {due}" in after[PAGES[0]]
    byline = words(parsed(client.get(PAGES[0])).find_class("byline")[0])
    assert (
        f"Read again, no change needed: Clara Clinical, MD, clinical reviewer, on {day} and "
        f"Simon Specialist, MD, specialist reviewer, on {day}"
    ) in byline
    assert f"“Page last reviewed” became {day} ." in after["/articles/lymph-nodes/versions/"]
    assert "Read again, no change needed: Clara Clinical, MD, clinical reviewer" in after[PAGES[1]]
    data = said(parsed(client.get(PAGES[0])))
    assert data["lastReviewed"] == today.isoformat()
    assert [person["name"] for person in data["reviewedBy"]] == ["Clara Clinical", "Simon Specialist"]


def test_search_for_what_was_reviewed_since_finds_it(client, overdue, staff):
    _, clinical, specialist = staff
    path = f"/search/?q=lymph&since={timezone.localdate().year}"
    assert "Lymph nodes" not in words(parsed(client.get(path)).xpath("//main")[0]).replace("“", "")

    read_again(overdue, (clinical, "clinical"), (specialist, "specialist"))

    assert "Lymph nodes" in words(parsed(client.get(path)).xpath("//main")[0])


def test_a_later_correction_keeps_the_date_and_says_of_which_version(client, author, overdue, staff):
    _, clinical, specialist = staff
    read_again(overdue, (clinical, "clinical"), (specialist, "specialist"))
    factories.edit(overdue, "Lymph nodes filter the lymph.", by=author)
    factories.published(factories.submitted(author, overdue, change="minor"), *staff)

    byline = words(parsed(client.get(page_for(overdue))).find_class("byline")[0])

    assert "Version 1 read again, no change needed: Clara Clinical" in byline
    assert Article.objects.get(pk=overdue.pk).last_reviewed == timezone.localdate()


def test_a_retraction_hides_it(client, overdue, staff):
    editor, clinical, specialist = staff
    read_again(overdue, (clinical, "clinical"), (specialist, "specialist"))
    workflow.issue_notice(overdue, actor=editor, kind="retraction", reason="It was wrong.")

    for path in (*PAGES[:2], PAGES[3]):
        assert "no change needed" not in text_of(client, path)


def test_the_proof_tells_of_it(client, overdue, staff):
    _, clinical, specialist = staff
    read_again(overdue, (clinical, "clinical"), (specialist, "specialist"))

    facts = json.loads(client.get("/articles/lymph-nodes/proof.json").content)["facts"]
    page = words(parsed(client.get("/articles/lymph-nodes/proof/")).xpath("//main")[0])

    [again] = facts["read_again"]
    assert again["last_reviewed"] == timezone.localdate().isoformat()
    assert sorted(row["printed_name"] for row in again["signatures"].values()) == ["Clara Clinical", "Simon Specialist"]
    assert "Read again, no change needed: Clara Clinical, MD; Simon Specialist, MD." in page
    assert "had read this text again and signed that it needs no change" in page
    told = verify_export.verify_proof(client.get("/articles/lymph-nodes/proof.json").content.decode())
    assert "read again, no change needed, signed by " in told
    assert told.count("Clara Clinical") == told.count("Simon Specialist") == 2, "when approved, and when read again"


def test_the_reminder_goes_to_the_signers_too_and_follows_the_new_date(
    overdue, staff, mailoutbox, django_capture_on_commit_callbacks
):
    _, clinical, specialist = staff
    with django_capture_on_commit_callbacks(execute=True):
        reminders.send_due()
    due = [mail for mail in mailoutbox if mail.subject.startswith("Review due")]
    assert {mail.to[0] for mail in due} == {"editor@example.org", clinical.email, specialist.email}
    assert "members of the board can read it again and sign that" in due[0].body

    read_again(overdue, (clinical, "clinical"), (specialist, "specialist"))
    mailoutbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        assert reminders.send_due() == 0
        reminders.send_due(timezone.localdate() + datetime.timedelta(days=720))
    told = {mail.to[0] for mail in mailoutbox if mail.subject.startswith("Review due")}
    assert told == {"editor@example.org", clinical.email, specialist.email}
