"""A site in German: the desk, its refusals and its mails are German, and what is signed and stored stays English."""

import datetime
import json

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.utils import timezone

from articles.models import Article
from reviews import workflow
from reviews.models import LedgerPrivate, Schedule, Signature, Task
from tests.desk.pages import SIGNED, text, url
from tests.factories import article, cite, edit, evidence, published, review_of, save, submitted, under_review

HOUR = datetime.timedelta(hours=1)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _german(settings):
    settings.LANGUAGE_CODE = "de"


def subjects() -> list[str]:
    return [each.subject.partition(":")[0] for each in mail.outbox]


def test_a_round_is_done_on_a_desk_in_german(at, author, editor, clinical, specialist):
    draft = article(author)

    sent = at(author).post(url("submit", draft.pk), {"change": "major", "note": "Erste Version"}, follow=True)

    assert '<html lang="de">' in text(sent)
    assert "Version 1 ist zur Begutachtung eingereicht." in text(sent)
    review = review_of(draft.versions.get())
    early = at(editor).post(url("publish", review.pk), {})
    assert early.status_code == 409
    assert "Version 1 ist eingereicht. Nur eine freigegebene Version" in text(early)
    for person, capacity in ((clinical, "clinical"), (specialist, "specialist")):
        asked = {"ask": person.pk, f"as-{person.pk}": capacity, "risk": "standard", "change": "major"}
        assert "1 Fachperson wird gefragt." in text(at(editor).post(url("assign", review.pk), asked, follow=True))
    for row in review.assignments.all():
        signed = {**SIGNED, "outcome": "approve", "digest": review.version.digest}
        gate = text(at(row.reviewer).get(url("desk_review", review.pk)))
        assert "Ich habe keinen Interessenkonflikt: annehmen und lesen" in gate
        at(row.reviewer).post(url("accept", row.pk))
        wrong = at(row.reviewer).post(url("decide", row.pk), {**signed, "password": "falsch"})
        assert wrong.status_code == 422
        assert "Das ist nicht Ihr Passwort. Es wurde nichts unterschrieben." in text(wrong)
        done = at(row.reviewer).post(url("decide", row.pk), signed, follow=True)
        assert "Ihre Entscheidung ist unterschrieben." in text(done)
    assert "Version 1 ist öffentlich." in text(at(editor).post(url("publish", review.pk), {}, follow=True))
    expected = {"Eingereicht", "Bitte um ein Gutachten", "Sie haben unterschrieben", "Freigegeben", "Veröffentlicht"}
    assert expected <= set(subjects())
    call_command("verify_ledger")


def test_what_is_signed_is_english(author, editor, clinical, specialist):
    published(submitted(author), editor, clinical, specialist)

    assert {row.statement.partition(" I ")[0] for row in Signature.objects.all()} == {
        "As clinical reviewer",
        "As specialist reviewer",
    }
    call_command("verify_ledger")


def test_the_proof_of_a_correction_is_stored_in_english_and_refused_in_german(at, author, editor, clinical, specialist):
    draft = article(author, body="<p>Lymph nodes filterr lymph.</p>")
    cite(draft, by=author)
    published(submitted(author, draft), editor, clinical, specialist)
    edit(draft, "Lymph nodes filterr 5 mg of lymph.", by=author)

    refused = at(author).post(url("submit", draft.pk), {"change": "correction", "note": "Ein Wort."})

    assert refused.status_code == 422
    assert "Das ist mehr als eine Berichtigung." in text(refused)
    edit(draft, "Lymph nodes filter lymph.", by=author)
    submitted(author, draft, change="correction", note="Ein Wort.")
    stored = [json.loads(row.text) for row in LedgerPrivate.objects.all()]
    (proved,) = [row["proved"] for row in stored if "proved" in row]
    assert "became" in " ".join(proved)


def test_why_a_schedule_was_refused_is_stored_in_english(author, editor, clinical, specialist):
    version = submitted(author)
    under_review(version, editor, (clinical, "clinical"), (specialist, "specialist"))
    for row in review_of(version).assignments.all():
        workflow.decide(row, actor=row.reviewer, outcome="approve", password=SIGNED["password"], digest=version.digest)
    workflow.schedule(version, actor=editor, at=timezone.now() + HOUR)
    editor.groups.clear()

    workflow.publish_due(timezone.now() + 2 * HOUR)

    assert "no longer allowed to publish it: Only an editor can do this." in Schedule.objects.get().reason
    assert Task.objects.get().text.startswith("Version 1 was not published as scheduled.")


@pytest.mark.parametrize("size", [0, 20_000], ids=["small", "large"])
def test_a_faulty_file_is_refused_in_german(at, author, size):
    """A large file is read in a process of its own."""
    data = f"---\ntitle: A\nkind: essay\n---\n> 60\n\n{'Text. ' * 100}\n".encode() + b"\n\nText." * (size // 7)
    before = evidence()

    answer = at(author).post(url("draft_import"), {"file": SimpleUploadedFile("a.md", data)})

    assert answer.status_code == 422
    assert "Zeile 3: Der Wert “essay” von kind ist nicht bekannt. Zur Wahl stehen: topic, question, policy." in text(
        answer
    )
    assert "Zeile 5: Das &gt; beginnt einen Zitatblock" in text(answer)
    assert "Line " not in text(answer)
    assert evidence() == before


def test_a_file_that_meets_changes_of_the_desk_is_refused_in_german(at, author):
    data = "---\ntitle: Knoten\nkind: topic\nai_use: none\n---\nText.\n\n## Teil\n\n{}\n"
    send = {"update": "on"}
    at(author).post(url("draft_import"), {"file": SimpleUploadedFile("a.md", data.format("Eins.").encode())})
    section = Article.objects.get().sections.get(heading="Teil")
    section.body = "<p>Zwei.</p>"
    save(section, author)

    answer = at(author).post(
        url("draft_import"), {**send, "file": SimpleUploadedFile("a.md", data.format("Drei.").encode())}
    )

    assert (
        "Der Abschnitt “Teil” wurde sowohl in der Redaktion als auch in der Datei geändert. Im Entwurf steht “Zwei.”. "
        "In der Datei steht “Drei.”." in text(answer)
    )
