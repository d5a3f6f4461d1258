"""Section-level sign-off: a version is approved when specialists in its topic have signed for each changed section."""

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection, transaction
from django.db.utils import DatabaseError
from lxml import html

from articles.frozen.signed_text import frozen_content
from articles.models import Article, Audience, Section, Topic, Wording
from reviews import workflow
from reviews.evidence.ledger import exporting, verify_export
from reviews.models import Quorum, Specialty
from reviews.verifying import verify
from reviews.workflow.approval import eligibility
from tests import factories
from tests.factories import PASSWORD, decide, review_of, save, submitted, under_review

pytestmark = pytest.mark.django_db

ONCOLOGY, SURGERY = "Oncology", "Surgery"


@pytest.fixture
def asked_for(db):
    return Quorum.objects.create(kind="topic", risk="standard", clinical=2, specialist=1, pharmacist=0, by_section=True)


@pytest.fixture
def surgeon(db):
    return factories.board_member("surgeon", "Sara Surgeon", ["specialist"], specialties=[SURGERY])


@pytest.fixture
def draft(author):
    """A draft on two topics: a section on both, one on each."""
    draft = factories.article(author, slug="nodes", topics=(ONCOLOGY, SURGERY))
    for number, name in enumerate((ONCOLOGY, SURGERY), start=2):
        body = f"<p>What {name} says.</p>"
        section = Section(article=draft, heading=f"On {name}", body=body, position=number, topic=factories.topic(name))
        save(section, author)
    return draft


def again(draft):
    return Article.objects.get(pk=draft.pk)


def keys(draft):
    return [*draft.sections.order_by("position").values_list("key", flat=True)]


def change(draft, called, by, **values):
    section = draft.sections.get(heading=called)
    for name, value in values.items():
        setattr(section, name, value)
    return save(section, by)


@pytest.fixture
def first(asked_for, draft, author, editor, clinical, specialist, surgeon):
    """The first version, approved and public: everybody it needs has signed."""
    version = submitted(author, draft)
    for row in under_review(
        version, editor, (clinical, "clinical"), (specialist, "specialist"), (surgeon, "specialist")
    ):
        decide(row)
    return workflow.publish(version, actor=editor)


def is_intact():
    report = verify()
    assert [str(problem) for problem in report.problems] == []
    call_command("checkpoint", verbosity=0)
    return "All is well" in verify_export.verify("".join(exporting.lines()))


def missing(version):
    return eligibility.still_needed(review_of(version))


def test_every_section_of_a_first_version_needs_a_specialist_in_its_topic(
    asked_for, draft, author, editor, clinical, specialist, surgeon
):
    version = submitted(author, draft)
    rows = under_review(version, editor, (clinical, "clinical"), (specialist, "specialist"), (surgeon, "specialist"))
    assert review_of(version).sections == keys(draft)
    assert factories.payload("submitted")["sections"] == keys(draft)

    decide(rows[0])
    decision = decide(rows[1])

    assert decision.sections == keys(draft)[:2], "what is on no topic in particular, and what is on Oncology"
    assert "As a specialist I have read the new or changed sections “What they do” and “On Oncology”." in (
        decision.signature.statement
    )
    assert review_of(version).status == "under_review", "the numbers are there, a surgeon is not"
    assert missing(version) == ["an approval by a specialist in Surgery for “On Surgery”"]

    decision = decide(rows[2])

    assert decision.sections == [keys(draft)[0], keys(draft)[2]]
    assert review_of(version).status == "approved"
    assert is_intact()


def test_a_specialist_is_told_on_top_which_sections_wait_for_their_signature(
    asked_for, draft, author, editor, clinical, specialist, surgeon, client
):
    version = submitted(author, draft)
    rows = under_review(version, editor, (clinical, "clinical"), (specialist, "specialist"), (surgeon, "specialist"))

    def told(person):
        client.force_login(person)
        page = html.document_fromstring(client.get(f"/desk/reviews/{version.review.pk}/").content)
        links = page.xpath("//p[@class='hint'][starts-with(., 'As a specialist')]/a")
        assert all(page.xpath(f"//section[@id='{link.get('href')[1:]}']") for link in links)
        return [link.text for link in links]

    assert told(specialist) == ["What they do", "On Oncology"]
    assert told(surgeon) == ["What they do", "On Surgery"]
    assert told(clinical) == told(editor) == []

    decide(rows[1])

    assert told(surgeon) == ["On Surgery"]
    assert told(specialist) == []


def test_only_what_changed_since_the_last_approval_needs_one(
    first, draft, author, editor, clinical, surgeon, specialist
):
    change(draft, "On Surgery", author, body="<p>What surgery says now.</p>")
    version = submitted(author, again(draft), change="minor")
    assert review_of(version).sections == [keys(draft)[2]]

    rows = under_review(version, editor, (clinical, "clinical"), (specialist, "specialist"))
    [decide(row) for row in rows]
    assert review_of(version).status == "under_review"
    [row] = under_review(version, editor, (surgeon, "specialist"))
    decide(row)

    assert review_of(version).status == "approved"
    assert is_intact()


@pytest.mark.parametrize(
    ("values", "needed"),
    [
        ({"heading": "On the surgery"}, True),
        ({"role": "urgent"}, True),
        ({"position": 1}, False),
        ({"topic": None}, False),
    ],
)
def test_what_counts_as_a_change_of_a_section(first, draft, author, values, needed):
    what_they_do, _, on_surgery = keys(draft)
    change(draft, "What they do", author, body="<p>Lymph nodes clean lymph.</p>")
    change(draft, "On Surgery", author, **values)

    version = submitted(author, again(draft), change="minor")

    changed = [what_they_do, on_surgery] if needed else [what_they_do]
    assert sorted(review_of(version).sections) == sorted(changed)


def test_a_wording_for_other_readers_and_a_cited_work_are_changes_of_their_section(first, draft, author):
    section = draft.sections.get(heading="On Surgery")
    save(
        Wording(section=section, audience=Audience.objects.get(key="professional"), body="<p>For surgeons.</p>"), author
    )
    row = factories.cite(draft, by=author)
    change(
        draft, "On Oncology", author, body="<p>What Oncology says.<cite data-ref='smith2020'>[@smith2020]</cite></p>"
    )
    second = submitted(author, again(draft), change="minor")
    assert review_of(second).sections == keys(draft)[1:]

    workflow.recall(review_of(second), actor=author, reason="A name was wrong.")
    row.reference.csl = {**row.reference.csl, "title": "Another work"}
    row.reference.save()
    section.wordings.get().delete()
    third = submitted(author, again(draft), change="minor")

    assert review_of(third).sections == keys(draft)[1:2], "compared with what was approved, not with what was recalled"


def test_a_correction_needs_no_specialist(first, draft, author, editor, clinical):
    change(draft, "On Surgery", author, body="<p>What, Surgery says.</p>")
    version = submitted(author, again(draft), change="correction")
    assert (version.change, review_of(version).sections) == ("correction", None)

    [row] = under_review(version, editor, (clinical, "clinical"))
    decide(row)

    assert review_of(version).status == "approved"
    assert is_intact()


def test_after_a_retraction_every_section_is_read_again(first, draft, author, editor):
    workflow.issue_notice(again(draft), actor=editor, kind="retraction", reason="The doses were wrong.")
    change(draft, "On Surgery", author, body="<p>What surgery says now.</p>")

    version = submitted(author, again(draft))

    assert review_of(version).sections == keys(draft)


def test_what_is_approved_urgently_was_not_read_by_its_specialists_yet(asked_for, draft, author, editor, clinical):
    asked_for.urgent_days = 7
    asked_for.save()
    version = submitted(author, draft)
    [row] = under_review(version, editor, (clinical, "clinical"))
    workflow.declare_urgent(version.review, actor=editor, reason="A drug was recalled.")
    decide(row)
    workflow.publish(version, actor=editor)
    factories.edit(draft, "Lymph nodes clean lymph.", by=author)

    assert review_of(submitted(author, again(draft))).sections == keys(draft)


def test_a_raised_change_asks_for_what_its_new_terms_ask(draft, author, editor, clinical, specialist, surgeon):
    Quorum.objects.create(kind="topic", risk="high", clinical=2, specialist=1, pharmacist=0, by_section=True)
    version = submitted(author, draft)
    assert review_of(version).sections is None
    [row] = under_review(version, editor, (surgeon, "specialist"))
    decide(row)

    workflow.assign(review_of(version), actor=editor, reviewer=clinical, capacity="clinical", risk="high")

    assert review_of(version).sections == keys(draft)
    assert factories.payload("assigned")["sections"] == keys(draft)
    assert missing(version) == [
        "1 more clinical approval",
        "an approval by a specialist in any of the article's topics for “What they do”",
        "an approval by a specialist in Oncology for “On Oncology”",
        "an approval by a specialist in Surgery for “On Surgery”",
    ]
    [row] = under_review(version, editor, (surgeon, "specialist"))
    assert decide(row).sections == [keys(draft)[0], keys(draft)[2]]
    assert missing(version) == ["1 more clinical approval", "an approval by a specialist in Oncology for “On Oncology”"]
    assert is_intact()


def test_a_later_specialty_or_setting_changes_no_open_review(asked_for, draft, author, editor, clinical, specialist):
    version = submitted(author, draft)
    rows = under_review(version, editor, (clinical, "clinical"), (specialist, "specialist"))
    [decide(row) for row in rows]

    Specialty.objects.create(member=specialist.board_member, topic=factories.topic(SURGERY))
    asked_for.by_section = False
    asked_for.save()
    topic = Topic.objects.get(name=SURGERY)
    topic.name = "Operations"
    topic.save()

    assert missing(version) == ["an approval by a specialist in Surgery for “On Surgery”"]


def test_a_specialist_in_the_wider_topic_signs_for_its_parts(asked_for, draft, author, editor, clinical, specialist):
    surgery = factories.topic(SURGERY)
    surgery.parent = factories.topic("Medicine")
    surgery.save()
    wide = factories.board_member("wide", capacities=["specialist"], specialties=["Medicine"])
    version = submitted(author, draft)

    [decide(row) for row in under_review(version, editor, (specialist, "specialist"), (wide, "specialist"))]

    assert review_of(version).status == "approved"


def test_a_specialist_who_signs_as_a_clinician_signs_for_no_section(
    asked_for, draft, author, editor, specialist, surgeon
):
    version = submitted(author, draft)

    decision, *_ = [
        decide(row) for row in under_review(version, editor, (specialist, "clinical"), (surgeon, "specialist"))
    ]

    assert decision.sections is None
    assert missing(version) == ["an approval by a specialist in Oncology for “On Oncology”"]


def test_a_request_for_changes_signs_for_no_section(asked_for, draft, author, editor, specialist, clinical):
    version = submitted(author, draft)
    [row, _] = under_review(version, editor, (specialist, "specialist"), (clinical, "clinical"))

    decision = decide(row, "request_changes")

    assert decision.sections is None
    assert "I have read the new" not in decision.signature.statement


def test_an_urgent_version_owes_its_sections_too(asked_for, draft, author, editor, clinical, specialist, surgeon):
    asked_for.urgent_days = 7
    asked_for.save()
    version = submitted(author, draft)
    rows = under_review(version, editor, (clinical, "clinical"), (specialist, "specialist"), (surgeon, "specialist"))
    workflow.declare_urgent(version.review, actor=editor, reason="A drug was recalled.")
    [decide(row) for row in rows[:2]]
    assert review_of(version).owes_full_review
    assert missing(version) == ["an approval by a specialist in Surgery for “On Surgery”"]

    decide(rows[2])

    assert not review_of(version).owes_full_review
    assert is_intact()


def test_a_withdrawn_approval_ends_the_review_as_ever(asked_for, draft, author, editor, clinical, specialist, surgeon):
    version = submitted(author, draft)
    rows = under_review(version, editor, (clinical, "clinical"), (specialist, "specialist"), (surgeon, "specialist"))
    [decide(row) for row in rows]

    workflow.withdraw_approval(review_of(version), actor=surgeon, password=PASSWORD, reason="Wrong dose.")

    assert review_of(version).status == "changes_requested"
    assert is_intact()


def test_an_approval_without_the_sections_is_found_by_the_verifier(
    asked_for, draft, author, editor, clinical, specialist, monkeypatch
):
    """The rule is taken out of the step, as a forger's server would do."""
    version = submitted(author, draft)
    rows = under_review(version, editor, (clinical, "clinical"), (specialist, "specialist"))
    monkeypatch.setattr("reviews.workflow.approval.sections.still_needed", lambda *args, **more: [])

    [decide(row) for row in rows]

    assert review_of(version).status == "approved"
    position = factories.last_event().position
    assert [(problem.position, problem.kind) for problem in verify().problems] == [(position, "step")]


@pytest.mark.parametrize("value", ["NULL", "'[]'"])
def test_the_database_keeps_the_sections(asked_for, draft, author, value):
    version = submitted(author, draft)

    with pytest.raises(DatabaseError, match="never change once they are set"), transaction.atomic():
        connection.cursor().execute(f"UPDATE reviews_review SET sections = {value} WHERE version_id = {version.pk}")

    assert review_of(version).sections == keys(draft)


def test_the_policy_has_no_topics_to_sign_for(db):
    row = Quorum(kind="policy", risk="standard", clinical=2, specialist=0, by_section=True)
    with pytest.raises(ValidationError, match="The editorial policy has no topics"):
        row.save()


def test_a_topic_that_the_article_left_counts_as_none(asked_for, draft, author):
    draft.article_topics.get(topic__name=SURGERY).delete()

    version = submitted(author, again(draft))

    sections = frozen_content(version)["sections"]
    assert [section.get("topic") for section in sections] == [None, ONCOLOGY, None]
    assert missing(version)[1:] == ["an approval by a specialist in Oncology for “On Oncology”"]
    asked_for.specialist = 0
    asked_for.save()
    workflow.recall(review_of(version), actor=author, reason="Too early.")
    factories.edit(draft, "Lymph nodes clean lymph.", by=author)
    assert missing(submitted(author, again(draft)))[1:] == [
        "an approval by a specialist in any of the article's topics for “What they do”, “On Surgery”",
        "an approval by a specialist in Oncology for “On Oncology”",
    ]


def test_many_sections_are_counted(asked_for, draft, author):
    for number in range(4):
        section = Section(article=draft, heading=f"More {number}", body="<p>It.</p>", position=9 + number)
        save(section, author)

    asked_for.specialist = 0
    asked_for.save()
    version = submitted(author, draft)

    assert "an approval by a specialist in any of the article's topics for 5 sections" in missing(version)


def test_without_the_setting_the_bytes_are_those_of_before(author, editor, specialist):
    version = submitted(author)
    assert (review_of(version).sections, "sections" in factories.payload("submitted")) == (None, False)
    [row] = under_review(version, editor, (specialist, "specialist"))
    assert (decide(row).sections, "sections" in factories.payload("decided")) == (None, False)
    assert all("topic" not in section for section in frozen_content(version)["sections"])


def test_another_title_of_a_cited_work_is_a_change_of_the_section_that_cites_it(
    asked_for, draft, author, editor, clinical, specialist, surgeon
):
    row = factories.cite(draft, by=author)
    change(
        draft, "On Oncology", author, body="<p>What Oncology says.<cite data-ref='smith2020'>[@smith2020]</cite></p>"
    )
    version = submitted(author, again(draft))
    asked = under_review(version, editor, (clinical, "clinical"), (specialist, "specialist"), (surgeon, "specialist"))
    [decide(each) for each in asked]
    row.reference.csl = {**row.reference.csl, "title": "Another work"}
    row.reference.save()

    newer = submitted(author, again(draft), change="minor")

    assert review_of(newer).sections == keys(draft)[1:2]


def lines(client, address):
    return " ".join(client.get(address).content.decode().split())


def test_pages_say_which_section_waits_for_whom_and_what_is_signed(
    asked_for, draft, author, editor, clinical, specialist, surgeon, client
):
    version = submitted(author, draft)
    rows = under_review(version, editor, (clinical, "clinical"), (specialist, "specialist"), (surgeon, "specialist"))
    [decide(row) for row in rows[:2]]
    client.force_login(surgeon)

    page = lines(client, f"/desk/reviews/{version.review.pk}/")

    assert "Still needed: <strong>an approval by a specialist in Surgery for “On Surgery”</strong>" in page
    sections = page[page.index("New or changed sections, each for a specialist in its topic") :]
    assert '<strong>Not signed for yet</strong>: <span lang="en">“On Surgery”</span>' in sections
    assert 'Signed for by Simon Specialist: <span lang="en">“What they do”</span> <span class="small">any' in sections
    assert 'Simon Specialist: <span lang="en">“On Oncology”</span> <span class="small">Oncology</span>' in sections
    assert "I have read the new or changed sections “What they do” and “On Surgery”." in page

    decide(rows[2])
    workflow.publish(version, actor=editor)
    said = "A specialist in its topic, or in one of the article’s, signed for each new or changed section."
    assert said in lines(client, f"/articles/{draft.slug}/for/public/")


def test_while_a_full_review_is_due_no_page_says_that_specialists_signed(
    asked_for, draft, author, editor, clinical, specialist, surgeon, client
):
    asked_for.urgent_days = 7
    asked_for.save()
    version = submitted(author, draft)
    [row] = under_review(version, editor, (clinical, "clinical"))
    workflow.declare_urgent(version.review, actor=editor, reason="A drug was recalled.")
    decide(row)
    workflow.publish(version, actor=editor)

    assert "signed for each new or changed section" not in lines(client, f"/articles/{draft.slug}/for/public/")


def test_an_author_chooses_the_topic_of_a_section(draft, author, client):
    client.force_login(author)
    section = draft.sections.get(heading="What they do")
    address = f"/desk/articles/{draft.pk}/sections/{section.pk}/"
    shown = client.get(address).context["form"].fields["topic"]
    assert [label for _, label in shown.choices] == ["All topics of the article", ONCOLOGY, SURGERY]
    sent = {"role": "body", "heading": "What they do", "body": "<p>It.</p>", "position": 1}
    other = factories.topic("Elsewhere")

    for value in (str(other.pk), "x", "9" * 30):
        refused = client.post(address, {**sent, "topic": value})
        assert refused.status_code == 422
        assert section.history.count() == 1
    client.post(address, {**sent, "topic": str(factories.topic(SURGERY).pk)})

    section.refresh_from_db()
    assert section.topic.name == SURGERY
    assert "on Surgery" in lines(client, f"/desk/articles/{draft.pk}/draft/")


def test_with_one_topic_there_is_nothing_to_choose(author, client):
    draft = factories.article(author)
    client.force_login(author)

    assert "topic" not in client.get(f"/desk/articles/{draft.pk}/sections/new/").context["form"].fields


def test_another_topic_of_a_section_is_listed_and_is_no_correction(first, draft, author, editor, clinical, client):
    change(draft, "On Surgery", author, topic=factories.topic(ONCOLOGY))
    with pytest.raises(ValidationError, match="The topic of “On Surgery” is different"):
        submitted(author, again(draft), change="correction")

    version = submitted(author, again(draft), change="minor")

    under_review(version, editor, (clinical, "clinical"))
    client.force_login(clinical)
    page = lines(client, f"/desk/reviews/{version.review.pk}/?changes=approved")
    assert "Topic of “On Surgery”" in page


def test_a_new_name_of_a_topic_is_no_change_of_a_section(first, draft, author):
    topic = factories.topic(SURGERY)
    topic.name = "Operations"
    topic.save()
    change(draft, "On Surgery", author, body="<p>What, Surgery says.</p>")

    assert submitted(author, again(draft), change="correction").change == "correction"
