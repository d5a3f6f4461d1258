"""Verify this page: in plain words who signed, with files by which a stranger checks it, and honest about the rest."""

import json
import re
import subprocess
import sys

import pytest

from articles.models import VersionText
from reviews import workflow
from reviews.evidence.ledger import keys, proofs, verify_export
from reviews.models import Checkpoint, LedgerPrivate
from tests import factories
from tests.articles.site.pages import library, page_for, parsed, words
from tests.ledger import attacks
from tests.ledger.attacks import execute

PAGE = "/articles/lymph-nodes/proof/"
OF_ONE = "/articles/lymph-nodes/versions/1/proof/"
ENDS = ("proof/", "proof.json", "versions/1/proof/", "versions/1/proof.json")


def text_of(client, path=PAGE) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return words(parsed(response).xpath("//main")[0])


def test_a_patient_reads_first_who_signed(client, public_article):
    page = parsed(client.get(PAGE))

    assert words(page.xpath("//h1")[0]) == "Verify Lymph nodes"
    assert words(page.xpath("//h2")[0]) == "Two clinicians signed exactly this text"
    signers = [words(row) for row in page.find_class("signers")[0]]
    assert [re.sub(r"\d+ \w+ \d{4}", "TODAY", row) for row in signers] == [
        "Clara Clinical, MD Clinical reviewer, on TODAY",
        "Simon Specialist, MD Specialist reviewer, on TODAY",
    ]


def test_a_lay_reviewer_is_no_clinician(client, author, staff, lay):
    editor, clinical, specialist = staff
    draft = factories.article(author, slug="lymph-nodes")
    version = factories.submitted(author, draft)
    asked = ((clinical, "clinical"), (lay, "lay"), (specialist, "specialist"))
    for assignment in factories.under_review(version, editor, *asked):
        factories.decide(assignment)
    workflow.publish(version, actor=editor)

    page = text_of(client)

    assert "Two clinicians signed exactly this text" in page
    assert re.search(r"Larry Layman, MD Lay reviewer, on [^.]*\. A lay reviewer reads as a reader does", page)


def test_a_stranger_verifies_the_page_with_what_it_links_to(client, public_article, tmp_path):
    page = parsed(client.get(PAGE))
    links = dict(
        zip(("signed.json", "proof.json", "verify_export.py"), page.xpath("//ol[1]/li[1]/a/@href"), strict=True)
    )
    for name, link in links.items():
        (tmp_path / name).write_bytes(client.get(link).getvalue())
    (told,) = page.xpath("//ol[1]//pre")
    assert told.text.startswith("python verify_export.py --proof proof.json --text signed.json --key ")

    command = [sys.executable, "-I", *told.text.split()[1:]]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("All is well: version 1 of ")
    assert "Clara Clinical (clinical)" in done.stdout


def test_all_that_the_page_says_is_in_the_proof(client, public_article):
    proof = json.loads(client.get("/articles/lymph-nodes/proof.json").content)
    page = text_of(client)

    assert proof["facts"]["digest"] == public_article.published_version.digest
    for part in (proof["facts"]["digest"], proof["facts"]["article"], keys.signer().public, keys.signer().key_id):
        assert part in page
    assert " ".join(proof["checkpoint"].split()) in page
    events = {int(row.get("value")): words(row) for row in parsed(client.get(PAGE)).xpath("//ol[@class='receipt']/li")}
    kept = [row["event"]["position"] for row in proof["events"] if row["event"]["article"]]
    assert list(events) == kept
    assert [event.split(".")[0] for event in events.values()] == [
        "The text was frozen and submitted for review",
        "Clara Clinical approved it",
        "Simon Specialist approved it",
        "The text was published",
    ]


def test_the_text_leads_to_it(client, public_article):
    for path in (page_for(public_article), "/articles/lymph-nodes/versions/1/"):
        (link,) = parsed(client.get(path)).xpath("//a[text()='Verify this page']/@href")
        assert link == OF_ONE
    assert client.get(OF_ONE).status_code == 200


def test_the_files_are_kept_and_confirmed(client, public_article):
    for end in ENDS:
        first = client.get(f"/articles/lymph-nodes/{end}")
        again = client.get(f"/articles/lymph-nodes/{end}", headers={"if-none-match": first["ETag"]})
        assert (first.status_code, again.status_code) == (200, 304)
        assert first["X-Robots-Tag"] == "noindex"
        assert not first.cookies
    assert first["Content-Type"] == "application/json"


def test_an_older_version_keeps_its_proof_and_says_what_replaced_it(client, author, staff, public_article):
    before = json.loads(client.get("/articles/lymph-nodes/proof.json").content)["facts"]
    factories.edit(public_article, "The newer text.", by=author)
    factories.published(factories.submitted(author, public_article), *staff)

    older, current = text_of(client, OF_ONE), text_of(client)

    assert "This is about version 1. A newer version replaced it" in older
    assert "A newer version replaced it" not in current
    assert json.loads(client.get("/articles/lymph-nodes/versions/1/proof.json").content)["facts"] == before
    assert json.loads(client.get("/articles/lymph-nodes/proof.json").content)["facts"]["version"] == 2


def test_a_correction_says_that_only_the_change_was_checked(client, author, staff):
    draft = factories.article(author, slug="lymph-nodes", body="<p>Lymph nodes  filter lymph, they filter.</p>")
    factories.published(factories.submitted(author, draft), *staff)
    factories.edit(draft, "Lymph nodes filter lymph; they filter.", by=author)
    version = factories.submitted(author, draft, change="minor", note="Words")
    factories.published(version, *staff)

    page = text_of(client)

    assert (
        "This version is a minor change: the advice stayed the same. The full review was of an earlier version" in page
    )


@pytest.mark.parametrize(
    ("kind", "label"),
    [("retraction", "Retracted:"), ("withdrawal", "Withdrawn:"), ("concern", "Under an expression of concern:")],
)
def test_a_notice_comes_first(client, public_article, editor2, kind, label):
    workflow.issue_notice(public_article, actor=editor2, kind=kind, reason="The dose was wrong.")

    page = text_of(client)

    assert page.startswith(f"Back to the text Verify {label}".strip())
    assert page.index("The dose was wrong.") < page.index("signed exactly this text")
    assert "They signed before the notice above was issued. Their signatures do not answer it." in page
    (told,) = json.loads(client.get("/articles/lymph-nodes/proof.json").content)["facts"]["notices"]
    assert (told["kind"], told["reason"]) == (kind, "The dose was wrong.")


def test_a_removed_text_has_no_proof(client, public_article, editor2):
    workflow.issue_notice(public_article, actor=editor2, kind="removal", reason="A court said so.")

    for end in ENDS:
        response = client.get(f"/articles/lymph-nodes/{end}")
        assert response.status_code == 410
        assert b"Clara" not in response.content


def test_what_was_never_published_has_no_proof(client, author, public_article, pending_article):
    factories.edit(public_article, "The canary text.", by=author)
    factories.submitted(author, public_article)

    for path in ("/articles/lymph-nodes/versions/2/", "/articles/why/", "/articles/why/versions/1/", "/articles/no/"):
        assert client.get(f"{path}proof/").status_code == 404
        assert client.get(f"{path}proof.json").status_code == 404
    assert client.get(page_for(pending_article)).content.count(b"Verify this page") == 0


def test_a_former_address_leads_on(client, author, public_article):
    public_article.slug = "nodes-of-the-lymph"
    factories.save(public_article, author)

    for end in ENDS:
        response = client.get(f"/articles/lymph-nodes/{end}")
        assert (response.status_code, response["Location"]) == (301, f"/articles/nodes-of-the-lymph/{end}")


def test_a_proof_can_be_had_at_the_checkpoint_that_a_reader_kept(client, author, public_article):
    kept = Checkpoint.objects.latest("size")
    library(author, (factories.person("e", groups=["editor"]), *reviewers()), 1)
    address = "/articles/lymph-nodes/versions/1/proof-{}.json"

    response = client.get(address.format(kept.size))

    assert Checkpoint.objects.latest("size").size > kept.size
    assert "All is well" in verify_export.verify_proof(response.content.decode(), kept=[kept.note])
    earlier = Checkpoint.objects.earliest("size").size
    for size in (0, earlier, kept.size + 1, 10**30):
        assert client.get(address.format(size)).status_code == 404
    assert client.get(f"/articles/lymph-nodes/versions/1/proof-{'9' * 5000}.json").status_code in (404, 414)


def reviewers():
    found = {row.username: row for row in type(factories.person("unused")).objects.all()}
    return found["reviewer1"], found["reviewer2"]


def test_an_erased_text_keeps_its_proof_and_the_page_says_so(client, public_article, monkeypatch):
    monkeypatch.setattr(VersionText.objects, "values_list", lambda *names, **how: VersionText.objects.none())

    page = parsed(client.get(PAGE))

    assert "The text of this version was erased, as the law can demand." in words(page)
    assert page.xpath("//a[contains(@href, '/signed')]") == []
    assert "--text" not in page.xpath("//ol[1]//pre")[0].text


@pytest.fixture
def unguarded(client, public_article):
    client.raise_request_exception = False
    attacks.disarm()
    yield client
    attacks.rearm()


def test_nothing_is_said_of_a_text_that_is_not_the_signed_one(unguarded, public_article):
    execute("UPDATE articles_versiontext SET text = '{}'", [])

    response = unguarded.get(PAGE)

    assert response.status_code == 500
    assert b"Clara" not in response.content
    assert b"The stored text is not the text that was submitted and signed" in response.content


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE reviews_ledgerevent SET payload = replace(payload, 'Clara', 'Carla') WHERE action = 'published'",
        "UPDATE reviews_ledgerevent SET at = '2020-01-01T00:00:00.000000Z' WHERE action = 'submitted'",
        "UPDATE reviews_ledgerevent SET action = 'commented' WHERE action = 'decided'",
        "UPDATE reviews_checkpoint SET note = replace(note, 'imprimatur/', 'imprimatvr/')",
    ],
)
def test_nothing_is_said_when_the_ledger_does_not_prove_it(unguarded, public_article, statement):
    execute(statement, [])

    for path in (PAGE, "/articles/lymph-nodes/proof.json"):
        response = unguarded.get(path)
        assert response.status_code == 500
        assert b"Clara" not in response.content
        assert b"Our ledger does not prove this text as it is stored" in response.content


def test_no_name_or_reason_that_is_not_public_is_given(client, author, staff, public_article):
    factories.edit(public_article, "The newer text.", by=author)
    version = factories.submitted(author, public_article)
    first, second = factories.under_review(version, staff[0], (staff[1], "clinical"), (staff[2], "specialist"))
    factories.decide(first, "request_changes", "Canary reason.")
    factories.decide(second, "request_changes", "Canary reason.")
    factories.edit(public_article, "The newest text.", by=author)
    factories.published(factories.submitted(author, public_article), *staff)

    given = "".join(client.get(f"/articles/lymph-nodes/{end}").content.decode() for end in ENDS)

    for secret in ["anary", "Edith", "Ada Author", *LedgerPrivate.objects.values_list("salt", flat=True)]:
        assert secret not in given


@pytest.mark.parametrize("number", [1, 12])
def test_a_proof_costs_the_same_queries_however_much_there_is(
    client, author, staff, number, monkeypatch, django_assert_num_queries
):
    monkeypatch.setattr(proofs, "TILE", 16)
    library(author, staff, number)

    for path, queries in [
        ("/articles/library-00/proof/", 8),
        ("/articles/library-00/proof.json", 7),
        ("/articles/library-00/versions/1/proof/", 8),
        ("/articles/library-00/versions/1/proof.json", 7),
    ]:
        with django_assert_num_queries(queries, info=path):
            client.get(path)


def test_reading_a_proof_writes_nothing(client, public_article):
    before = factories.evidence()

    for end in ENDS:
        client.get(f"/articles/lymph-nodes/{end}")

    assert factories.evidence() == before
