"""Urgent approval: one signature approves, the quorum stays, and what is missing of it is said until it is there."""

import datetime
import json
from unittest import mock

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.formats import date_format
from lxml import etree, html

from articles.models import Article
from reviews import workflow
from reviews.evidence.ledger import exporting, verify_export
from reviews.messages import reminders
from reviews.models import LedgerEvent, Quorum, Task
from reviews.site.proofs import proof_at
from reviews.verifying import verify
from reviews.workflow import NotAllowed, NotNow
from reviews.workflow.steps.assignment import default_due, due_by_default
from reviews.workflow.table import State, state_of
from tests import factories
from tests.factories import PASSWORD, decide, review_of, submitted, under_review

pytestmark = pytest.mark.django_db(transaction=True)

DAYS = 7
WHY = "A drug was recalled today."
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def due():
    return timezone.localdate() + datetime.timedelta(days=DAYS)


@pytest.fixture
def permitted(db):
    return Quorum.objects.create(
        kind="topic", risk="standard", clinical=2, specialist=1, pharmacist=0, urgent_days=DAYS
    )


@pytest.fixture
def version(permitted, author):
    return submitted(author, slug="lymph")


@pytest.fixture
def pair(version, editor, clinical, specialist):
    return under_review(version, editor, (clinical, "clinical"), (specialist, "specialist"))


def declare(version, actor, reason=WHY):
    return workflow.declare_urgent(version.review, actor=actor, reason=reason)


@pytest.fixture
def owing(version, pair, editor):
    """A version that one reviewer approved urgently; the other is still asked."""
    declare(version, editor)
    decide(pair[0])
    return version


@pytest.fixture
def public(owing, editor):
    workflow.publish(owing, actor=editor)
    return owing


def of(version):
    return Article.objects.get(pk=version.article_id)


def actions(version):
    return [*LedgerEvent.objects.exclude(article="").order_by("position").values_list("action", flat=True)]


def lines(client, address):
    return " ".join(client.get(address).content.decode().split())


def is_intact():
    report = verify()
    assert [str(problem) for problem in report.problems] == []
    call_command("checkpoint", verbosity=0)
    return "All is well" in verify_export.verify("".join(exporting.lines()))


def test_one_signature_approves_and_the_quorum_stays(version, pair, editor, due):
    declare(version, editor)
    assert review_of(version).status == "under_review"

    decide(pair[0])

    review = review_of(version)
    assert (review.status, review.full_review_due, review.completed_at) == ("approved", due, None)
    assert (review.quorum, review.approvals_needed) == ({"clinical": 2, "specialist": 1, "pharmacist": 0}, 2)
    assert (review.urgent_because, review.urgent_by_name) == (WHY, "Edith Editor")
    assert [row.is_open for row in review.assignments.all()] == [False, True]
    assert is_intact()


def test_open_requests_are_due_with_the_full_review_at_the_latest(
    version, editor, clinical, specialist, author, due, client, mailoutbox
):
    soon = timezone.localdate() + datetime.timedelta(days=2)
    later = workflow.assign(version.review, actor=editor, reviewer=clinical, capacity="clinical")
    workflow.assign(version.review, actor=editor, reviewer=specialist, capacity="specialist", due=soon)
    more = factories.board_member("more", specialties=["Oncology"])
    unasked = workflow.assign(version.review, actor=editor, reviewer=more, capacity="clinical")
    workflow.unassign(unasked, actor=editor, reason="Not needed.")
    assert later.due > due
    mailoutbox.clear()

    declare(version, editor)

    [*days] = review_of(version).assignments.order_by("pk").values_list("due", flat=True)
    assert days == [due, soon, unasked.due]
    assert later.history.latest().due == due
    assert factories.payload("urgency_declared")["requests_brought_forward"] == 1
    told = {mail.to[0]: mail.body for mail in mailoutbox}
    assert f"Your review is due by {date_format(due)}." in told[clinical.email]
    assert f"Your review is due by {date_format(soon)}." in told[specialist.email]
    assert more.email not in told
    client.force_login(editor)
    assert "The open requests are due with the full review." in lines(client, f"/desk/articles/{version.article_id}/")
    assert is_intact()


def test_a_request_after_the_declaration_is_due_with_the_full_review(version, pair, editor, due, client, mailoutbox):
    declare(version, editor)
    more = factories.board_member("more")
    client.force_login(editor)
    assert f'value="{due:%Y-%m-%d}"' in lines(client, f"/desk/reviews/{version.review.pk}/assignments/")
    mailoutbox.clear()

    [asked] = under_review(version, editor, (more, "clinical"))

    assert asked.due == due
    [mail] = [mail for mail in mailoutbox if mail.subject.startswith("Please review")]
    assert "The review has been declared urgent." in mail.body


def test_once_the_full_review_is_overdue_a_request_has_the_usual_time(public, editor, due, monkeypatch):
    late = due + datetime.timedelta(days=1)
    monkeypatch.setattr(timezone, "localdate", lambda: late)

    assert due_by_default(review_of(public)) == default_due(late)


def test_a_signature_already_given_approves_at_the_declaration(version, pair, editor):
    decide(pair[1])

    declare(version, editor)

    assert state_of(review_of(version)) == State.APPROVED_URGENTLY
    assert factories.payload("urgency_declared")["status"] == "approved"
    assert is_intact()


def test_a_pharmacist_alone_approves_nothing_urgently(author, editor, clinical, pharmacist):
    Quorum.objects.create(kind="topic", risk="standard", clinical=1, specialist=0, pharmacist=1, urgent_days=3)
    version = submitted(author)
    first, second = under_review(version, editor, (pharmacist, "pharmacist"), (clinical, "clinical"))
    declare(version, editor)

    decide(first)
    assert review_of(version).status == "under_review"

    decide(second)
    assert state_of(review_of(version)) == State.APPROVED  # this one met the whole quorum
    assert factories.last_event().action == "full_review_completed"
    assert is_intact()


def test_the_last_signature_completes_the_review_as_an_event_of_its_own(public, pair, due):
    assert of(public).last_reviewed is None

    decide(pair[1])

    review, article = review_of(public), of(public)
    assert actions(public)[-2:] == ["decided", "full_review_completed"]
    assert (review.completed_at is not None, review.full_review_due) == (True, due)
    assert article.last_reviewed == review.completed_at.astimezone(datetime.UTC).date()
    assert article.next_review_due.year == article.last_reviewed.year + 2
    assert len(factories.payload("full_review_completed")["signatures"]) == 2
    assert is_intact()


def story(client, version):
    """Return the sentences of the article's history, the newest first."""
    page = html.document_fromstring(client.get(f"/desk/articles/{version.article_id}/").content)
    return [
        " ".join(row.xpath("string()").split()).split(" UTC ")[1] for row in page.xpath("//ol[@class='timeline']/li")
    ]


def test_the_history_says_which_approval_made_it_approved_and_which_completed_it(public, pair, editor, due, client):
    decide(pair[1], "request_changes")
    more = factories.board_member("more", "Mo More", capacities=["specialist"], specialties=["Oncology"])
    [again, asked] = under_review(public, editor, (pair[1].reviewer, "specialist"), (more, "specialist"))
    decide(again, "request_changes")
    workflow.unassign(asked, actor=editor, reason="Not needed.")
    [last] = under_review(public, editor, (pair[1].reviewer, "specialist"))
    decide(last)
    client.force_login(editor)

    told = [line for line in story(client, public) if "approved" in line or "asked for changes" in line]

    signed = "Simon Specialist approved version 1 as specialist reviewer. The quorum is met."
    wanted = "Simon Specialist asked for changes to version 1 as specialist reviewer."
    urgently = f"The version is approved urgently; its full review is due by {date_format(due)}."
    assert [line.split("The second")[0] for line in told] == [
        signed, wanted, wanted, f"Clara Clinical approved version 1 as clinical reviewer. {urgently}"
    ]  # fmt: skip


def test_the_history_of_an_approval_that_met_the_whole_quorum_at_once(author, editor, clinical, pharmacist, client):
    Quorum.objects.create(kind="topic", risk="standard", clinical=1, specialist=0, pharmacist=1, urgent_days=3)
    version = submitted(author)
    first, second = under_review(version, editor, (pharmacist, "pharmacist"), (clinical, "clinical"))
    declare(version, editor)
    decide(first)
    decide(second)
    client.force_login(editor)

    assert story(client, version)[1] == (
        "Clara Clinical approved version 1 as clinical reviewer. The quorum is met: the version is approved."
    )


def test_the_list_of_versions_and_the_page_agree_on_last_reviewed(public, pair, client):
    waits = "Until it is complete, the page does not say when it was last reviewed."
    assert waits in lines(client, "/articles/lymph/versions/")
    assert "Page last reviewed" not in lines(client, "/articles/lymph/for/public/")

    decide(pair[1])

    assert waits not in lines(client, "/articles/lymph/versions/")
    assert "“Page last reviewed” became" in lines(client, "/articles/lymph/versions/")
    assert "Page last reviewed" in lines(client, "/articles/lymph/for/public/")


def test_completed_before_publication_it_is_published_as_any_other(owing, pair, editor):
    decide(pair[1])
    assert state_of(review_of(owing)) == State.APPROVED
    assert of(owing).last_reviewed is None

    workflow.publish(owing, actor=editor)

    assert of(owing).last_reviewed == review_of(owing).reviewed_on
    assert is_intact()


def test_more_reviewers_can_be_asked_after_publication_and_sign_the_same_digest(public, pair, editor):
    workflow.unassign(pair[1], actor=editor, reason="On leave.")
    another = factories.board_member("another", capacities=["specialist"], specialties=["Oncology"])

    [asked] = under_review(public, editor, (another, "specialist"))
    signature = decide(asked).signature

    assert (signature.digest, signature.version_id) == (public.digest, public.pk)
    assert state_of(review_of(public)) == State.PUBLISHED
    assert is_intact()


REFUSED = [
    ("", NotNow, "permits no urgent approval"),
    ("writer", NotAllowed, "You wrote all or part of this text"),
    ("author", NotAllowed, "Only an editor"),
    ("twice", NotNow, "already been declared urgent"),
    ("approved", NotNow, "declared urgent only while"),
    ("submitted", NotNow, "declared urgent only while"),
    ("wanted", NotNow, "Changes are requested by"),
    ("blocked", NotNow, "A blocking comment is not resolved"),
    ("no reason", ValidationError, "Give the reason in a sentence"),
]


@pytest.mark.parametrize(("case", "error", "words"), REFUSED)
def test_what_cannot_be_declared_urgent_is_refused_and_nothing_is_left(
    author, editor, clinical, specialist, case, error, words
):
    if case:
        Quorum.objects.create(kind="topic", risk="standard", clinical=2, specialist=1, pharmacist=0, urgent_days=DAYS)
    writer = factories.person("writing", groups=["editor"])
    draft = factories.article(author)
    factories.edit(draft, "Lymph nodes filter it.", by=writer)
    version = submitted(author, draft)
    if case != "submitted":
        asked = under_review(version, editor, (clinical, "clinical"), (specialist, "specialist"))
    if case == "twice":
        declare(version, editor)
    elif case == "approved":
        [decide(row) for row in asked]
    elif case == "wanted":
        decide(asked[0], "request_changes")
    elif case == "blocked":
        workflow.comment(version, actor=clinical, text="Which dose?", blocking=True)
    before = factories.rows()

    with pytest.raises(error, match=words):
        declare(version, {"writer": writer, "author": author}.get(case, editor), "" if case == "no reason" else WHY)

    assert factories.rows() == before


def test_where_one_signature_is_the_quorum_there_is_nothing_to_hurry(public, pair, author):
    """A correction, and a kind that needs one clinician."""
    decide(pair[1])
    factories.edit(of(public), "Lymph nodes, filter lymph.", by=author)
    correction = submitted(author, of(public), change="correction")
    Quorum.objects.create(kind="question", risk="standard", clinical=1, specialist=0, pharmacist=0, urgent_days=DAYS)
    answer = submitted(author, kind="question", title="Do lymph nodes filter lymph?", slug="do-they")

    assert (correction.change, review_of(correction).urgent_days) == ("correction", None)
    assert review_of(answer).urgent_days is None


def test_a_raised_risk_takes_the_permission_of_its_own_quorum(version, editor, clinical, specialist):
    workflow.assign(version.review, actor=editor, reviewer=clinical, capacity="clinical", risk="high")

    with pytest.raises(NotNow, match="permits no urgent approval"):
        declare(version, editor)


def test_once_urgent_the_risk_is_not_raised(version, pair, editor):
    declare(version, editor)
    more = factories.board_member("more")

    with pytest.raises(ValidationError, match="can no longer be raised"):
        workflow.assign(review_of(version), actor=editor, reviewer=more, capacity="clinical", risk="high")


def test_the_only_approval_is_withdrawn_before_publication(owing, clinical, editor):
    workflow.withdraw_approval(review_of(owing), actor=clinical, password=PASSWORD, reason="Wrong dose.")

    review = review_of(owing)
    assert (review.status, review.assignments.open().count()) == ("changes_requested", 0)
    with pytest.raises(NotNow, match="is returned"):
        workflow.publish(owing, actor=editor)
    assert is_intact()


def test_an_approval_whose_signer_has_declared_a_conflict_since_does_not_complete_it(
    public, pair, editor, clinical, specialist, author, client
):
    factories.disclose(clinical.board_member, conflicts=["Oncology"])

    decision = decide(pair[1])

    review = review_of(public)
    assert (decision.outcome, review.completed_at, of(public).last_reviewed) == ("approve", None, None)
    assert actions(public)[-1] == "decided"
    reason = "a conflict of interest on a topic of this text: Oncology. Their approval does not count"
    for person, is_told in ((editor, True), (specialist, True), (author, False)):
        client.force_login(person)
        page = lines(client, f"/desk/reviews/{public.review.pk}/")
        assert (reason in page) == is_told
        assert "Still needed: <strong>1 more clinical approval</strong>" in page

    [another] = under_review(public, editor, (factories.board_member("more"), "clinical"))
    decide(another)

    assert state_of(review_of(public)) == State.PUBLISHED
    assert of(public).last_reviewed == review_of(public).reviewed_on
    assert is_intact()


def test_a_later_request_for_changes_is_a_task_and_completes_nothing(
    public, pair, editor, author, specialist, due, client, mailoutbox
):
    mailoutbox.clear()
    decide(pair[1], "request_changes")

    review = review_of(public)
    told = [mail.to for mail in mailoutbox if mail.subject == f"Changes requested: {public.title}"]
    assert sorted(address for to in told for address in to) == sorted([author.email, editor.email])
    client.force_login(author)
    assert "Approved urgently, changes requested" in lines(client, "/desk/")
    desk = lines(client, f"/desk/reviews/{public.review.pk}/")
    assert "What prevents the full review now" in desk
    assert "can no longer be approved" not in desk
    assert state_of(review) == State.PUBLISHED_URGENTLY
    [task] = Task.objects.filter(version=public, closed_at__isnull=True)
    assert (task.role, task.due) == ("Editors", due)
    assert task.text.startswith("Simon Specialist has requested changes to version 1")
    more = factories.board_member("more", capacities=["specialist"], specialties=["Oncology"])
    [asked] = under_review(public, editor, (more, "specialist"))
    with pytest.raises(NotNow, match="Changes are requested by"):
        decide(asked)

    [again] = under_review(public, editor, (specialist, "specialist"))
    decide(again)

    assert state_of(review_of(public)) == State.PUBLISHED
    assert not Task.objects.filter(version=public, closed_at__isnull=True).exists()
    assert is_intact()


def test_a_request_for_changes_before_publication_prevents_it(owing, pair, editor):
    decide(pair[1], "request_changes")

    with pytest.raises(NotNow, match="A reviewer has asked for changes to this version"):
        workflow.publish(owing, actor=editor)

    assert review_of(owing).status == "approved"


def test_after_the_last_request_is_cancelled_the_version_stays_approved(public, pair, editor):
    decide(pair[1], "request_changes")
    more = factories.board_member("more")
    [asked] = under_review(public, editor, (more, "clinical"))

    workflow.recuse(asked, actor=more, reason="No time.")

    assert state_of(review_of(public)) == State.PUBLISHED_URGENTLY
    assert is_intact()


@pytest.mark.parametrize("change", ["minor", "correction"])
def test_the_next_version_rests_on_no_review_that_is_due(public, pair, author, change):
    factories.edit(of(public), "Lymph nodes, filter lymph.", by=author)

    newer = submitted(author, of(public), change=change)

    assert newer.change == "major"
    assert newer.full_review_because == "the full review of version 1, which is public, is still due"


def test_a_newer_version_ends_what_was_due_of_the_older(public, pair, author, editor, clinical, specialist, client):
    factories.edit(of(public), "Lymph nodes filter all lymph.", by=author)
    newer = submitted(author, of(public))
    for row in under_review(newer, editor, (clinical, "clinical"), (specialist, "specialist")):
        decide(row)
    assert pair[1].review.assignments.open().count() == 1

    workflow.publish(newer, actor=editor)

    review = review_of(public)
    assert (review.assignments.open().count(), review.completed_at) == (0, None)
    with pytest.raises(NotNow, match="The full review of version 1 is no longer due"):
        under_review(public, editor, (factories.board_member("more"), "clinical"))
    assert "full review never completed" in lines(client, "/articles/lymph/versions/1/")
    client.force_login(editor)
    desk = lines(client, f"/desk/reviews/{public.review.pk}/")
    assert "The full review was never completed." in desk
    assert "The full review is due by" not in desk
    client.logout()
    assert "Approved by our medical advisory board" in lines(client, "/articles/lymph/for/public/")
    assert of(public).last_reviewed == review_of(newer).reviewed_on
    assert is_intact()


def test_a_retraction_ends_what_was_due(public, pair, editor, client):
    notice = workflow.issue_notice(of(public), actor=editor, kind="retraction", reason="It was wrong.")

    assert not review_of(public).assignments.open().exists()
    client.force_login(editor)
    addresses = ["/articles/lymph/for/public/", "/articles/lymph/proof/", f"/desk/reviews/{public.review.pk}/"]
    for address in addresses:
        page = lines(client, address)
        assert "The full review was never completed." in page, address
        assert "full review is due" not in page, address
        assert WORDS not in page, address
    assert 'id="owing"' not in lines(client, "/desk/")
    with pytest.raises(NotNow, match="while a notice is in force: retraction"):
        under_review(public, editor, (factories.board_member("more"), "clinical"))

    workflow.issue_notice(of(public), actor=editor, kind="retraction", reason="It was right.", lifts=notice)
    [task] = Task.objects.filter(version=public, closed_at__isnull=True)
    assert task.text.startswith("The notice on version 1 was lifted, and its full review is due by")
    assert 'id="owing"' in lines(client, "/desk/")
    assert "full review is due" in lines(client, addresses[0])
    more = factories.board_member("others", capacities=["specialist"], specialties=["Oncology"])
    [asked] = under_review(public, editor, (more, "specialist"))
    decide(asked)

    assert state_of(review_of(public)) == State.PUBLISHED
    assert is_intact()


def test_a_minor_change_that_is_urgent_gets_a_full_review(public, pair, author, editor, specialist, client):
    decide(pair[1])
    reviewed = of(public).last_reviewed
    factories.edit(of(public), "Lymph nodes filter the lymph.", by=author)
    minor = submitted(author, of(public), change="minor")
    another = factories.board_member("another")
    [first, second] = under_review(minor, editor, (another, "clinical"), (specialist, "specialist"))
    declare(minor, editor)
    assert (review_of(minor).change, factories.payload("urgency_declared")["change"]) == ("major", "major")
    decide(first)
    workflow.publish(minor, actor=editor)
    assert of(public).last_reviewed == reviewed
    for address in SURFACES:
        found = lines(client, address)
        for words in ("reviewedBy", "lastReviewed", "ast reviewed"):
            assert words not in found, (address, words)

    decide(second)

    assert of(public).last_reviewed == review_of(minor).reviewed_on
    assert "lastReviewed" in lines(client, SURFACES[0])
    assert state_of(review_of(minor)) == State.PUBLISHED
    assert is_intact()


# what readers and programs are told

WORDS = "Approved urgently, full review due by"
SURFACES = [
    "/articles/lymph/for/public/", "/articles/lymph/versions/1/", "/articles/", "/", "/llms.txt", "/feed/",
    "/articles/lymph/for/public.md", "/search/?q=lymph",
]  # fmt: skip


def test_every_surface_says_that_the_full_review_is_due_until_it_is_complete(public, pair, client, due):
    call_command("search_index", verbosity=0)
    shown = date_format(due, "DATE_FORMAT")
    for address in SURFACES:
        found = lines(client, address)
        assert f"{WORDS} {shown}" in found, address
        assert "Approved by our medical advisory board" not in found, address
        assert "Medically reviewed by" not in found, address
        assert "lastReviewed" not in found, address
        assert "Last reviewed" not in found, address
    page = lines(client, SURFACES[0])
    assert "An editor declared the review urgent" in page
    assert "reviewedBy" not in page
    proof = lines(client, "/articles/lymph/proof/")
    assert "One clinician signed exactly this text" in proof
    assert "full review is due by <time" in proof

    decide(pair[1])

    for address in SURFACES:
        assert WORDS not in lines(client, address), address
    page = lines(client, SURFACES[0])
    assert "Approved by our medical advisory board" in page
    assert "lastReviewed" in page
    assert "An editor declared the review urgent" in page
    assert "The full review was complete on" in page
    proof = lines(client, "/articles/lymph/proof/")
    assert "Two clinicians signed exactly this text" in proof
    assert "The full review was complete on" in proof


def test_the_feeds_entry_is_as_new_as_the_completion(public, pair, client):
    def entry():
        found = etree.fromstring(client.get("/feed/").content).find(f"{ATOM}entry")
        return [found.findtext(f"{ATOM}{name}") for name in ("id", "updated")]

    name, at = entry()
    assert at == review_of(public).published_at.isoformat()

    later = timezone.now() + datetime.timedelta(hours=1)
    with mock.patch("django.utils.timezone.now", return_value=later):
        decide(pair[1])
        assert entry() == [name, later.isoformat()]


def test_past_its_day_the_page_says_that_it_is_overdue(public, client, monkeypatch, due):
    late = timezone.now() + datetime.timedelta(days=DAYS + 1)
    monkeypatch.setattr(timezone, "now", lambda: late)

    for address in ("/articles/lymph/for/public/", "/articles/", "/llms.txt", "/articles/lymph/for/public.md"):
        assert f"full review overdue since {date_format(due, 'DATE_FORMAT')}" in lines(client, address), address


def test_before_publication_an_open_review_says_that_one_reviewer_approved(author, editor, clinical, client):
    Quorum.objects.create(
        kind="topic", risk="standard", clinical=2, specialist=1, pharmacist=0, urgent_days=DAYS, open_review=True
    )
    version = submitted(author, slug="lymph")
    [asked] = under_review(version, editor, (clinical, "clinical"))
    declare(version, editor)
    decide(asked)

    page = lines(client, "/articles/lymph/for/public/")

    assert "Approved urgently, not published yet" in page
    assert "One reviewer has approved this text urgently" in page


def test_the_proof_tells_of_the_urgency_and_verifies(public, pair):
    call_command("checkpoint", verbosity=0)
    early = proof_at(public)
    assert early.facts["urgency"]["completed_in"] is None
    assert len(early.facts["signatures"]) == 1
    assert "this proof has no completion of it" in verify_export.verify_proof(early.text)

    decide(pair[1])
    call_command("checkpoint", verbosity=0)

    whole = proof_at(public)
    assert len(whole.facts["signatures"]) == 2
    assert whole.facts["urgency"]["completed_in"] == factories.last_event("full_review_completed").position
    assert "its full review was completed at" in verify_export.verify_proof(whole.text)
    hidden = json.loads(whole.text)
    hidden["events"] = [row for row in hidden["events"] if row["event"]["action"] != "urgency_declared"]
    with pytest.raises(verify_export.Bad):
        verify_export.verify_proof(verify_export.canonical(hidden))


# what the staff are told


def test_the_pages_of_the_staff_follow(public, pair, client, editor, specialist, due):
    client.force_login(editor)
    work, review = lines(client, "/desk/"), lines(client, f"/desk/reviews/{public.review.pk}/")
    assert "Approved urgently: full review due" in work
    assert "Published, full review due" in review
    assert f"{WORDS} {date_format(due, 'DATE_FORMAT')}" in review
    assert WHY in review
    assert "1 more approval by a specialist" in review

    client.force_login(specialist)
    assert "Lymph nodes" in lines(client, "/desk/")
    assert 'id="decide"' in lines(client, f"/desk/reviews/{public.review.pk}/")


def test_the_desk_offers_it_where_the_quorum_permits_it_and_keeps_what_was_typed(version, pair, client, editor):
    client.force_login(editor)
    address = f"/desk/reviews/{version.review.pk}/"
    assert "Declare this review urgent" in lines(client, address)

    refused = client.post(f"{address}urgency/", {"reason": ""})
    assert (refused.status_code, review_of(version).full_review_due) == (422, None)

    done = client.post(f"{address}urgency/", {"reason": WHY})
    assert (done.status_code, review_of(version).urgent_because) == (302, WHY)
    assert client.post(f"{address}urgency/", {"reason": "Once more."}).status_code == 409
    assert "Once more." in client.post(f"{address}urgency/", {"reason": "Once more."}).content.decode()


def test_the_desk_says_nothing_of_it_where_no_quorum_permits_it(author, editor, clinical, client):
    version = submitted(author)
    under_review(version, editor, (clinical, "clinical"))
    client.force_login(editor)

    assert "Declare urgent" not in lines(client, f"/desk/reviews/{version.review.pk}/")


def test_editor_and_reviewer_are_reminded_before_and_after_the_day(public, pair, due, editor, mailoutbox):
    day = datetime.timedelta(days=1)

    assert reminders.send_due(due - 4 * day) == 0
    assert reminders.send_due(due - 3 * day) == 2
    assert reminders.send_due(due) == 1
    assert reminders.send_due(due + day) == 2
    assert reminders.send_due(due + 2 * day) == 0
    assert {row.kind for row in pair[1].reminders.all()} == {"soon", "due_today", "overdue"}
    assert {row.kind for row in of(public).reminders.all()} == {"full_soon", "full_late"}


def test_nobody_is_reminded_once_it_is_complete_or_replaced(public, pair, due):
    decide(pair[1])

    assert reminders.send_due(due + datetime.timedelta(days=1)) == 0


# what the database and the verification say

SET = "UPDATE reviews_review SET {} WHERE id = %s"
FORGED = [
    ("pending", "full_review_due = '2031-01-01', urgent_because = 'x', urgent_by_name = 'x', status = 'approved', "
     "approved_at = submitted_at, urgent_days = 3", "approved by its approving decisions alone"),
    ("forbidden", "full_review_due = '2031-01-01', urgent_because = 'x', urgent_by_name = 'x'", "its quorum permits"),
    ("owing", "full_review_due = '2031-01-01'", "never change"),
    ("owing", "full_review_due = NULL, urgent_because = NULL, urgent_by_name = NULL", "never change"),
    ("owing", "completed_at = approved_at", "completed by its approving decisions alone"),
    ("owing", "approvals_needed = 1", "never asks for fewer"),
]  # fmt: skip


@pytest.mark.parametrize(("state", "change", "words"), FORGED)
def test_the_database_refuses_what_no_signature_stands_behind(request, author, editor, clinical, state, change, words):
    if state == "owing":
        version = request.getfixturevalue("owing")
    else:
        if state == "pending":
            request.getfixturevalue("permitted")
        version = submitted(author)
        under_review(version, editor, (clinical, "clinical"))

    with pytest.raises(IntegrityError, match=words), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(SET.format(change), [version.review.pk])


def test_a_forged_urgency_is_found(author, editor, clinical):
    """The database cannot tell an editor's declaration from an administrator's; the ledger does."""
    version = submitted(author)
    [asked] = under_review(version, editor, (clinical, "clinical"))
    decide(asked)
    with connection.cursor() as cursor:
        cursor.execute(SET.format("urgent_days = 3"), [version.review.pk])
        cursor.execute(SET.format(
            "full_review_due = '2031-01-01', urgent_because = 'x', urgent_by_name = 'x', status = 'approved', "
            "approved_at = submitted_at"
        ), [version.review.pk])  # fmt: skip

    kinds = {problem.kind for problem in verify().problems}

    assert kinds == {"row", "status"}
