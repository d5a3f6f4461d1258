"""What a stranger downloads to verify the ledger: all of it, cheap to give, and nothing that is not public."""

import hashlib
import json
import subprocess
import sys

import pytest

from articles.models import VersionText
from reviews import workflow
from reviews.evidence.ledger import exporting, keys
from reviews.evidence.ledger.events import rotate
from reviews.models import Checkpoint, LedgerEvent, LedgerPrivate
from tests import factories
from tests.articles.site.pages import page_for, parsed


def downloaded(client, path) -> bytes:
    response = client.get(path, follow=True)
    assert response.status_code == 200, path
    return response.getvalue()


def test_a_stranger_verifies_with_what_the_pages_give_and_nothing_else(client, public_article, editor2, tmp_path):
    kept = downloaded(client, "/ledger/checkpoint")
    workflow.issue_notice(public_article, actor=editor2, kind="correction", reason="A dose was wrong.")

    done = verified(client, kept, tmp_path)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"All is well: {LedgerEvent.objects.count()} events and ")


def test_a_stranger_verifies_right_after_the_key_was_changed(client, public_article, settings, tmp_path):
    kept, new = downloaded(client, "/ledger/checkpoint"), tmp_path / "new.key"
    keys.make(new)
    rotate(keys.read(new))
    settings.LEDGER_KEY_FILE = new

    done = verified(client, kept, tmp_path)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"All is well: {LedgerEvent.objects.count()} events and ")


def verified(client, kept: bytes, tmp_path) -> subprocess.CompletedProcess:
    """Do what the page says with the checkpoint that was kept, the newest export and the key of today."""
    page = parsed(client.get("/ledger/"))
    [export] = page.xpath("//ol//a[contains(@href, 'export')]/@href")
    [verifier] = page.xpath("//ol//a[contains(@href, 'verifier')]/@href")
    for name, body in {
        "kept.txt": kept,
        "ledger.jsonl": downloaded(client, export),
        "verify.py": downloaded(client, verifier),
    }.items():
        (tmp_path / name).write_bytes(body)
    [key] = page.xpath("//dt[starts-with(., 'Public key')]/following-sibling::dd[1]//text()[normalize-space()]")
    command = [sys.executable, "-I", "verify.py", "ledger.jsonl", "--key", key.strip()]
    return subprocess.run([*command, "--checkpoint", "kept.txt"], cwd=tmp_path, capture_output=True, text=True)


def test_the_export_up_to_a_checkpoint_is_the_same_for_ever(client, public_article, editor2):
    point = Checkpoint.objects.order_by("size").last()
    before = downloaded(client, point.export_address)
    assert before.decode() == "".join(exporting.lines(point.size))

    workflow.issue_notice(public_article, actor=editor2, kind="correction", reason="A dose was wrong.")

    answer = client.get(point.export_address)
    assert answer.getvalue() == before != "".join(exporting.lines()).encode()
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert int(answer["Content-Length"]) == len(before)
    newest = Checkpoint.objects.order_by("size").last()
    for path in ("/ledger/export", f"/ledger/export/{newest.size}"):
        led_on = client.get(path)
        assert led_on["Location"] == newest.export_address == f"/ledger/export/{newest.size}-{newest.root[:16]}"
        assert "no-store" in led_on["Cache-Control"]


def test_what_follows_the_newest_checkpoint_waits_for_the_next(client, public_article, author):
    """A reader who keeps a checkpoint now, and asks for the list a moment later, is never told of too short a list."""
    point = Checkpoint.objects.order_by("size").last()
    factories.edit(public_article, "The newer text.", by=author)
    factories.submitted(author, public_article)

    assert LedgerEvent.objects.count() > point.size
    assert client.get("/ledger/export")["Location"] == point.export_address


def test_each_checkpoint_is_there_to_the_byte(client, public_article):
    points = list(Checkpoint.objects.order_by("size"))

    for point in points:
        led_on = client.get(f"/ledger/checkpoint/{point.size}")
        assert (led_on["Location"], "no-store" in led_on["Cache-Control"]) == (point.get_absolute_url(), True)
        answer = client.get(point.get_absolute_url())
        assert (answer.content.decode(), answer["Content-Type"]) == (point.note, "text/plain; charset=utf-8")
        assert "immutable" in answer["Cache-Control"]
    newest = client.get("/ledger/checkpoint")
    assert newest.content.decode() == points[-1].note
    assert newest["Cache-Control"] == "no-cache"
    assert len(points) > 1


@pytest.mark.parametrize(
    "path", ["checkpoint/1", "export/1", "checkpoint/0", "export/0", f"export/{10**30}", f"export/{10**30}-0a"]
)
def test_there_is_nothing_at_a_size_without_a_checkpoint(client, public_article, path):
    assert client.get(f"/ledger/{path}").status_code == 404


@pytest.mark.parametrize("kind", ["checkpoint", "export"])
def test_what_another_history_had_at_the_same_size_is_not_there(client, public_article, kind):
    """After an older backup was restored the ledger grows again: what anybody keeps for ever has another address."""
    point = Checkpoint.objects.order_by("size").last()

    assert client.get(f"/ledger/{kind}/{point.size}-{point.short_root}").status_code == 200
    assert client.get(f"/ledger/{kind}/{point.size}-{'0' * 16}").status_code == 404


@pytest.mark.parametrize("path", ["checkpoint", "export"])
def test_an_empty_ledger_has_nothing_to_give(client, db, path):
    assert client.get(f"/ledger/{path}").status_code == 404
    assert client.get("/ledger/").status_code == 200


def test_the_script_is_confirmed_not_sent_again(client, db):
    first = client.get("/ledger/verifier")
    again = client.get("/ledger/verifier", headers={"if-none-match": first["ETag"]})

    assert first.content == exporting.verifier()
    assert (again.status_code, again.content) == (304, b"")


def test_a_long_ledger_costs_as_many_queries_as_a_short_one(
    client, public_article, author, staff, django_assert_num_queries
):
    for _ in range(2):
        point = Checkpoint.objects.order_by("size").last()
        with django_assert_num_queries(4):
            downloaded(client, point.export_address)
        for number in range(3):
            draft = factories.article(author, title=f"More {number}", slug=f"more-{point.size}-{number}")
            factories.published(factories.submitted(author, draft), *staff)


def test_no_name_reason_or_title_that_is_not_public_is_given(client, author, staff, public_article):
    factories.edit(public_article, "The canary text.", by=author)
    version = factories.submitted(author, public_article)
    (assignment,) = factories.under_review(version, staff[0], (staff[1], "clinical"))
    factories.decide(assignment, "request_changes", "Canary reason.")

    given = downloaded(client, "/ledger/export").decode()

    assert LedgerPrivate.objects.filter(text__contains="Canary reason.").exists()
    for secret in [
        "anary",
        "Edith",
        "Ada Author",
        "Lymph nodes",
        *LedgerPrivate.objects.values_list("salt", flat=True),
    ]:
        assert secret not in given


def test_the_text_that_was_signed_has_the_digest_that_was_signed(client, public_article):
    version = public_article.published_version
    page = parsed(client.get(page_for(public_article)))
    [address] = page.xpath("//a[text()='The text that was signed']/@href")

    answer = client.get(address)

    assert hashlib.sha256(answer.content).hexdigest() == version.digest
    assert json.loads(answer.content)["title"] == "Lymph nodes"
    assert answer["Content-Type"] == "application/json"
    published = [json.loads(line)["event"] for line in exporting.lines() if '"action": "published"' in line]
    assert [json.loads(event["payload"])["digest"] for event in published] == [version.digest]
    assert client.get(address, headers={"if-none-match": answer["ETag"]}).status_code == 304


def test_a_signed_text_leads_to_the_page_that_says_what_stands_over_it(client, public_article, editor2):
    workflow.issue_notice(public_article, actor=editor2, kind="retraction", reason="The dose was wrong.")

    answer = client.get("/articles/lymph-nodes/versions/1/signed")

    path, _, relation = answer["Link"].partition(">; ")
    assert relation == 'rel="describedby"'
    assert "The dose was wrong." in client.get(path.removeprefix("<")).content.decode()


def test_a_signed_text_is_given_as_long_as_its_page_is(client, author, staff, public_article):
    address = "/articles/lymph-nodes/versions/{}/signed"
    factories.edit(public_article, "The canary text.", by=author)
    version = factories.submitted(author, public_article)
    assert client.get(address.format(2)).status_code == 404
    factories.published(version, *staff)
    assert [client.get(address.format(number)).status_code for number in (1, 2, 3)] == [200, 200, 404]

    workflow.issue_notice(public_article, actor=staff[0], kind="removal", reason="A court said so.")

    assert [client.get(address.format(number)).status_code for number in (1, 2)] == [410, 410]
    assert b"canary" not in client.get(address.format(2)).content


def test_a_text_that_was_erased_is_not_there(client, public_article, monkeypatch):
    monkeypatch.setattr(VersionText.objects, "values_list", lambda *names, **how: VersionText.objects.none())

    assert client.get("/articles/lymph-nodes/versions/1/signed").status_code == 404
