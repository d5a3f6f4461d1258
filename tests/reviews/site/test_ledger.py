"""The ledger in plain words: its true state, and nothing private."""

import pytest

from reviews import workflow
from reviews.evidence.ledger import keys
from reviews.models import Checkpoint, LedgerHead, LedgerPrivate
from tests import factories
from tests.articles.site.pages import library, parsed, words


def test_the_page_tells_where_the_ledger_ends(client, public_article):
    head = LedgerHead.objects.get()

    page = words(parsed(client.get("/ledger/")))

    assert f"Events {head.position} Ledger id {head.ledger_id} Hash of the last event {head.hash}" in page
    assert f"Key id {head.key_id} Public key (Ed25519) {keys.signer().public}" in page


def test_the_newest_checkpoint_stands_there_to_the_letter(client, public_article):
    newest = Checkpoint.objects.order_by("size").last()

    (shown,) = parsed(client.get("/ledger/")).xpath("//main//pre")

    assert shown.text_content() == newest.note


def test_every_step_shows_on_the_very_next_request(client, public_article, editor2):
    before = client.get("/ledger/").content

    workflow.issue_notice(public_article, actor=editor2, kind="correction", reason="Canary reason.")

    after = client.get("/ledger/").content
    assert after != before
    assert LedgerHead.objects.get().hash.encode() in after


def test_no_name_or_reason_is_ever_shown(client, author, staff, public_article):
    factories.edit(public_article, "The newer text.", by=author)
    version = factories.submitted(author, public_article)
    (assignment,) = factories.under_review(version, staff[0], (staff[1], "clinical"))
    factories.decide(assignment, "request_changes", "Canary reason.")

    page = client.get("/ledger/").content.decode()

    assert LedgerPrivate.objects.filter(text__contains="Canary reason.").exists()
    for secret in ["Canary", "Clara", "Edith", "Ada Author", *LedgerPrivate.objects.values_list("salt", flat=True)]:
        assert secret not in page


def test_a_ledger_that_has_not_begun_says_so(client, db):
    assert "It is still empty." in client.get("/ledger/").content.decode()


def test_without_the_key_the_page_tells_what_it_knows(client, public_article, settings, tmp_path):
    settings.LEDGER_KEY_FILE = tmp_path / "none.key"

    page = client.get("/ledger/")

    assert page.status_code == 200
    assert LedgerHead.objects.get().key_id in page.content.decode()
    assert "Public key (Ed25519)" not in page.content.decode()


def test_another_key_is_not_given_out_as_the_ledgers(client, public_article, settings, tmp_path):
    settings.LEDGER_KEY_FILE = tmp_path / "other.key"
    keys.make(settings.LEDGER_KEY_FILE)

    assert keys.signer().public not in client.get("/ledger/").content.decode()


@pytest.mark.parametrize("number", [1, 15])
def test_the_page_costs_four_queries_however_long_the_ledger(client, author, staff, number, django_assert_num_queries):
    library(author, staff, number)

    with django_assert_num_queries(4):
        response = client.get("/ledger/")

    assert not response.cookies
    assert client.post("/ledger/").status_code == 405


def test_reading_of_board_and_ledger_writes_nothing(client, public_article):
    before = factories.evidence()

    for path in ["/board/", "/ledger/"]:
        client.get(path)

    assert factories.evidence() == before


def test_the_page_says_what_it_protects_against_and_what_events_of_earlier_releases_tell(client, public_article):
    page = words(parsed(client.get("/ledger/")))

    assert (
        "Events recorded by a version of our software before 0.3 show more. "
        "They contain account numbers, the same number in each event." in page
    )
    assert (
        "They contain the signed statements with the titles of published texts. They also contain unsalted hashes"
        in page
    )
    assert "It cannot show that someone who was allowed to take a step told the truth." in page
    assert "someone who has the database, the signing key and every copy of the checkpoints" in page
