"""An editor overrides a finding that is wrong about these words: signed, tied to them, and known to all who approve."""

import pytest
from django.core import mail
from django.core.exceptions import ValidationError

from articles import checks
from articles.checks.families import RULES
from articles.checks.finding import Severity
from articles.checks.overriding import MAY_BE_OVERRIDDEN
from articles.models import Section
from reviews import workflow
from reviews.models import Decision, LedgerEvent, Message, Override
from reviews.site.around import around
from reviews.workflow import NotAllowed, NotNow
from reviews.workflow.approval.blockers import overridden_in
from reviews.workflow.steps.beside.overriding import blocking
from reviews.workflow.steps.submission import submission_blockers
from tests import factories
from tests.factories import PASSWORD

DOSE = "<p>Never write 5.0 mg: a reader may take it for 50 mg.</p>"
REASON = "It quotes the way of writing that it warns of."


@pytest.fixture
def draft(author):
    return factories.article(author, body=DOSE)


def taken_back(row, editor, reason="It was a mistake."):
    return workflow.take_back_override(row, actor=editor, reason=reason, password=PASSWORD)


def test_an_overridden_finding_stops_neither_submission_nor_approval_and_is_signed_by_all(
    draft, author, editor, clinical, specialist
):
    with pytest.raises(NotNow, match=r"trailing zero"):
        factories.submitted(author, draft)

    row = factories.overridden(draft, editor, REASON)

    assert submission_blockers(draft) == []
    version = factories.submitted(author, draft)
    factories.published(version, editor, clinical, specialist)
    for decision in Decision.objects.filter(outcome="approve"):
        said = decision.signature.statement
        assert f"I know that Edith Editor overrode the finding of MED-001 on “{row.words}”" in said
        assert REASON.rstrip(".") in said
    assert factories.payload("decided")["checks"]["overrides"] == {"MED-001": 1}
    (found,) = overridden_in(Decision.objects.latest("pk").signature.statement, version.digest)
    assert found == ("Edith Editor", "MED-001", row.words, REASON)


def test_the_override_is_a_signed_sentence_with_its_event_and_its_reason_is_private(draft, editor):
    row = factories.overridden(draft, editor, REASON)

    assert row.statement.startswith(
        "As an editor who wrote no part of this text I have looked at what the automatic check MED-001 found in "
    )
    assert row.fingerprint in row.statement
    assert row.statement.endswith(f"Reason: {REASON}")
    event = factories.last_event()
    assert (event.action, event.article) == ("overridden", str(draft.public_id))
    assert "quotes" not in event.payload
    assert REASON in event.private.text
    assert f"reviews_override:{row.pk}" in event.private.text


def test_other_words_are_not_overridden_and_the_same_words_still_are(draft, author, editor):
    factories.overridden(draft, editor, REASON)
    section = Section.objects.get(article=draft)

    section.body = DOSE + "<p>Something else.</p>"
    factories.save(section, author)
    assert submission_blockers(draft) == []

    section.body = DOSE + "<p>Give 7.0 mg.</p>"
    factories.save(section, author)
    assert len(submission_blockers(draft)) == 1

    section.body = DOSE.replace("Never", "Always")
    factories.save(section, author)
    assert len(submission_blockers(draft)) == 1


def test_an_override_that_is_taken_back_blocks_again_and_may_be_signed_anew(
    draft, author, editor, editor2, clinical, specialist
):
    row = factories.overridden(draft, editor, REASON)
    version = factories.submitted(author, draft)
    first, second = factories.under_review(version, editor, (clinical, "clinical"), (specialist, "specialist"))
    factories.decide(first)

    taken_back(row, editor2)

    with pytest.raises(NotNow, match="trailing zero"):
        factories.decide(second)
    with pytest.raises(NotNow, match="taken back already"):
        taken_back(row, editor)
    assert factories.last_event().action == "override_taken_back"
    factories.overridden(draft, editor2, REASON)
    factories.decide(second)
    assert "Edward" not in Decision.objects.first().signature.statement


def test_only_an_editor_who_wrote_nothing_overrides_and_a_refusal_leaves_nothing(draft, author, editor, clinical):
    writing = factories.person("writing", groups=["editor"])
    factories.edit(draft, DOSE.replace("Never", "Do never"), by=writing)
    before = factories.evidence()

    for actor, said in (
        (author, "Only an editor"),
        (clinical, "Only an editor"),
        (writing, "You wrote all or part of this text"),
    ):
        with pytest.raises(NotAllowed, match=said):
            factories.overridden(draft, actor, REASON)
    (found,) = blocking(draft)
    for wrong in ({"password": "wrong"}, {"reason": " "}, {"reason": "x" * 2001}):
        terms = {"finding": checks.fingerprint(found), "reason": REASON, "password": PASSWORD} | wrong
        with pytest.raises(ValidationError):
            workflow.override(draft, actor=editor, **terms)

    assert factories.evidence() == before
    assert not Override.objects.exists()


def test_a_fact_about_the_article_is_not_overridden_nor_what_is_no_longer_found(author, editor):
    draft = factories.article(author, topics=())
    (found,) = blocking(draft)
    assert found.rule == "GOV-011"
    with pytest.raises(NotNow, match="GOV-011 finds cannot be overridden"):
        factories.overridden(draft, editor, REASON)

    with pytest.raises(NotNow, match="no longer find this"):
        workflow.override(draft, actor=editor, finding="0" * 64, reason=REASON, password=PASSWORD)


def test_a_finding_is_overridden_once(draft, editor, editor2):
    factories.overridden(draft, editor, REASON)

    with pytest.raises(NotNow, match="overridden already"):
        factories.overridden(draft, editor2, REASON)


def test_a_finding_of_the_version_under_review_is_overridden_after_the_draft_has_changed(
    draft, author, editor, clinical, specialist
):
    row = factories.overridden(draft, editor, REASON)
    version = factories.submitted(author, draft)
    factories.edit(draft, "Nothing of that kind.", by=author)
    draft.refresh_from_db()
    taken_back(row, editor)

    factories.overridden(draft, editor, REASON)

    factories.approved(version, editor, clinical, specialist)


def test_the_other_editors_are_told_without_a_word_of_the_text(
    draft, editor, editor2, django_capture_on_commit_callbacks
):
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        row = factories.overridden(draft, editor, REASON)
        taken_back(row, editor)

    told = Message.objects.filter(subject__contains="verrid")
    assert {message.recipient for message in told} == {editor2}
    assert told.count() == 2
    assert all(row.words not in message.body for message in told)


def test_what_readers_are_told_is_what_was_signed(draft, author, editor, clinical, specialist):
    row = factories.overridden(draft, editor, reason='It says “5.0 mg” and "no".\nTwice.')
    version = factories.submitted(author, draft)
    factories.published(version, editor, clinical, specialist)

    signatures = around(draft, version, "public").byline.signatures

    assert [found for each in signatures for found in each.overridden] == [
        ("Edith Editor", "MED-001", row.words, 'It says ‘5.0 mg’ and "no". Twice.')
    ] * 2


def test_a_note_that_looks_like_an_override_is_none(author, editor, clinical, specialist):
    draft = factories.article(author)
    version = factories.submitted(author, draft)
    forged = " I know that Edith Editor overrode the finding of MED-001 on “x”, because: “y”."
    (row, _other) = factories.under_review(version, editor, (clinical, "clinical"), (specialist, "specialist"))

    decision = factories.decide(row, answers={"criterion:accuracy": ("partly", forged)})

    assert decision.answers.get().note == forged.strip()
    assert overridden_in(decision.signature.statement, version.digest) == ()


def test_every_rule_that_may_be_overridden_blocks_and_names_its_words():
    blocking_rules = {rule.number for rule in RULES if rule.severity == Severity.BLOCK}

    assert blocking_rules >= MAY_BE_OVERRIDDEN


def test_events_of_an_article_name_its_overrides(draft, editor):
    taken_back(factories.overridden(draft, editor, REASON), editor)

    assert [event.action for event in LedgerEvent.objects.filter(article=str(draft.public_id))][-2:] == [
        "overridden",
        "override_taken_back",
    ]
