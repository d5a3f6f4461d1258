"""Submitting and recalling: who wrote a version, what a correction is, what stops a draft."""

import json

import pytest
from django.core.exceptions import ValidationError

from articles import correction
from articles.models import Article, Authorship, Reference, Section, Topic, Version, Wording
from articles.models.audience import Audience
from reviews import workflow
from reviews.models import Assignment, LedgerEvent, Quorum, Review
from reviews.workflow import NotAllowed, NotNow
from reviews.workflow.submission import submission_blockers
from tests.articles.frozen import section
from tests.factories import (
    approved,
    article,
    board_member,
    cite,
    decide,
    edit,
    evidence,
    payload,
    person,
    published,
    review_of,
    save,
    submitted,
    under_review,
)


def names(version):
    return [writer["name"] for writer in version.writers]


# who wrote it


def test_the_writers_of_a_version_are_everybody_in_the_history_of_its_draft(author, editor):
    draft = article(author)
    edit(draft, "Lymph nodes, filter lymph.", by=editor)

    assert names(submitted(author, draft)) == ["Ada Author", "Edith Editor"]


def test_every_linked_contributor_is_a_writer_though_they_typed_nothing(author):
    draft = article(author)
    illustrator = person("ines", "Ines Illustrator")
    save(Authorship(article=draft, contributor=illustrator.contributor, role="illustrator"), author)

    assert names(submitted(author, draft)) == ["Ada Author", "Ines Illustrator"]


def test_who_imported_the_text_is_a_writer(author, editor):
    draft = article(author, imported_by=editor)

    assert names(submitted(author, draft)) == ["Ada Author", "Edith Editor"]


def test_who_made_the_article_is_a_writer(author, editor):
    draft = article(author)
    Article.objects.filter(pk=draft.pk).update(created_by=editor)

    assert "Edith Editor" in names(submitted(author, draft))


def test_a_comma_saved_by_somebody_else_does_not_free_the_first_writer(author, editor):
    draft = article(author)
    edit(draft, "Lymph nodes filter lymph", by=editor)
    edit(draft, "Lymph nodes, filter lymph", by=author)
    edit(draft, "Lymph nodes filter, lymph", by=author)

    assert names(submitted(author, draft)) == ["Ada Author", "Edith Editor"]


def test_the_writer_of_a_deleted_section_stays_a_writer(author, editor):
    draft = article(author)
    row = save(Section(article=draft, heading="More", body="<p>More.</p>", position=2), editor)
    row._history_user = author
    row.delete()

    assert names(submitted(author, draft)) == ["Ada Author", "Edith Editor"]


def test_the_writer_of_a_wording_of_a_deleted_section_stays_a_writer(author, editor):
    draft = article(author)
    row = save(Section(article=draft, heading="More", body="<p>More.</p>", position=2), author)
    carer = Audience.objects.get(key="carer")
    wording = save(Wording(section=row, audience=carer, body="<p>For carers.</p>"), editor)
    wording._history_user = row._history_user = author
    wording.delete()
    row.delete()

    assert names(submitted(author, draft)) == ["Ada Author", "Edith Editor"]


def test_who_added_a_reference_or_a_topic_is_a_writer(author, editor, editor2):
    draft = article(author)
    cite(draft, by=editor)
    save(draft.article_topics.model(article=draft, topic=Topic.objects.create(name="Immunology", slug="imm")), editor2)

    assert names(submitted(author, draft)) == ["Ada Author", "Edith Editor", "Edgar Second"]


def test_publishing_makes_nobody_a_writer(author, editor, clinical, specialist):
    draft = article(author)
    published(submitted(author, draft), editor, clinical, specialist)
    edit(draft, "Lymph nodes filter all lymph.", by=author)

    assert names(submitted(author, draft, change="minor")) == ["Ada Author"]


def test_a_writer_who_left_the_draft_later_stays_one_in_the_version(author, editor):
    draft = article(author)
    coauthor = person("carl", "Carl Coauthor")
    link = save(Authorship(article=draft, contributor=coauthor.contributor), author)
    version = submitted(author, draft)

    link.delete()

    assert "Carl Coauthor" in names(Version.objects.get(pk=version.pk))


def test_the_submission_commits_to_the_history_of_the_draft(author):
    draft = article(author)
    submitted(author, draft)

    history = payload("submitted")["history"]

    assert len(history["sha256"]) == 64
    first, last = history["ids"]["articles_historicalsection"][0]
    assert last - first + 1 == Section.history.filter(article_id=draft.pk).count() == 1


# what is opened


def test_versions_are_numbered_from_one_and_the_article_points_at_the_latest(author, editor):
    draft = article(author)
    first = submitted(author, draft)
    workflow.recall(first.review, actor=author, reason="One more look.")
    edit(draft, "Other words.", by=author)
    second = submitted(author, draft)

    draft = Article.objects.get(pk=draft.pk)
    assert (first.number, second.number) == (1, 2)
    assert draft.latest_version == second
    assert draft.published_version is None


def test_the_frozen_version_keeps_its_words_when_the_draft_goes_on(author):
    draft = article(author)
    version = submitted(author, draft)
    edit(draft, "Other words.", by=author)

    assert "Other words" not in version.frozen.text
    assert json.loads(version.frozen.text)["sections"][0]["body"] == "<p>Lymph nodes filter lymph.</p>"


def test_the_terms_of_the_review_are_part_of_its_event(author):
    submitted(author)

    event = payload("submitted")
    assert event["quorum"] == {"clinical": 2, "specialist": 1, "pharmacist": 0}
    assert (event["change"], event["risk"], event["open_review"], event["approvals_needed"]) == (
        "major", "standard", False, 2,
    )  # fmt: skip


def test_a_high_risk_asks_for_three_signatures_one_of_them_a_pharmacists(author):
    assert submitted(author, risk="high").review.quorum == {"clinical": 2, "specialist": 1, "pharmacist": 1}


def test_the_editorial_policy_asks_for_no_specialist(author):
    assert submitted(author, kind="policy").review.quorum == {"clinical": 2, "specialist": 0, "pharmacist": 0}


def test_a_quorum_edited_later_touches_no_open_review(author):
    version = submitted(author)
    Quorum(kind="topic", risk="standard", clinical=5, specialist=2, open_review=True).save()

    review = review_of(version)
    assert review.quorum == {"clinical": 2, "specialist": 1, "pharmacist": 0}
    assert (review.approvals_needed, review.open_review) == (2, False)
    assert submitted(author).review.quorum == {"clinical": 5, "specialist": 2, "pharmacist": 0}


# what stops it


def test_the_same_draft_is_not_submitted_twice(author, editor):
    draft = article(author)
    version = submitted(author, draft)
    workflow.decline(version.review, actor=editor, reason="Too short.")
    before = evidence()

    with pytest.raises(NotNow, match=r"says the same as version 1; change something first\."):
        submitted(author, draft)

    assert evidence() == before


def test_only_one_version_of_an_article_is_under_review(author):
    draft = article(author)
    submitted(author, draft)
    edit(draft, "Other words.", by=author)
    before = evidence()

    with pytest.raises(NotNow, match="Version 1 is submitted; this can be done only when"):
        submitted(author, draft, change="minor")

    assert evidence() == before


def test_the_first_version_is_major(author):
    draft = article(author)
    before = evidence()

    for change in ("correction", "minor"):
        with pytest.raises(ValidationError, match="first version of an article is a major change"):
            submitted(author, draft, change=change)

    assert evidence() == before


def test_an_unknown_change_class_is_named_with_those_there_are(author):
    with pytest.raises(ValidationError, match="Choose one of these: correction, minor, major"):
        submitted(author, change="tiny")


def test_a_submission_needs_a_note_of_reasonable_length(author):
    draft = article(author)

    with pytest.raises(ValidationError, match="Say in a sentence what changed and why"):
        submitted(author, draft, note="  ")
    with pytest.raises(ValidationError, match="Keep it under 1,000 characters; this has 1,001"):
        submitted(author, draft, note="x" * 1001)


def test_a_correction_needs_a_published_text(author, editor):
    draft = article(author)
    workflow.recall(submitted(author, draft).review, actor=author, reason="One more look.")
    edit(draft, "Lymph nodes filter, lymph.", by=author)

    with pytest.raises(ValidationError, match="Only a published text can be corrected"):
        submitted(author, draft, change="correction")


def test_a_correction_that_is_more_is_refused_with_what_is_different(author, editor, clinical, specialist):
    draft = article(author, body="<p>Take 5 mg.</p>")
    published(submitted(author, draft), editor, clinical, specialist)
    edit(draft, "Take 50 mg.", by=author)
    before = evidence()

    with pytest.raises(ValidationError) as refused:
        submitted(author, draft, change="correction")

    assert refused.value.messages == [
        "This is more than a correction. A number or its unit in “What they do” is different."
    ]
    assert evidence() == before


def test_a_correction_is_compared_with_what_is_public_and_not_with_the_last_version(
    author, editor, clinical, specialist
):
    draft = article(author, body="<p>Take 5 mg of it.</p>")
    published(submitted(author, draft), editor, clinical, specialist)
    edit(draft, "Take 50 mg of it.", by=author)
    workflow.decline(submitted(author, draft, change="minor").review, actor=editor, reason="Wrong dose.")
    edit(draft, "Take 50 mg, of it.", by=author)

    with pytest.raises(ValidationError, match="more than a correction"):
        submitted(author, draft, change="correction")


BLOCKED = {
    "no author": ({}, lambda draft: draft.authorships.all().delete(), "Only an author of this article"),
    "no topic": ({"topics": ()}, None, "File the article under at least one topic"),
    "AI use undeclared": ({"ai_use": ""}, None, "Declare whether artificial intelligence was used"),
    "no words": ({"body": "<p> </p>"}, None, "no section says anything yet"),
    "unknown citation": ({"body": '<p>So.<cite data-ref="x1">[x1]</cite></p>'}, None, "no reference of that key"),
    "placeholder": ({"body": "<p>Take XX mg.</p>"}, None, "still holds a placeholder: “XX mg”"),
    "machine's voice": ({"body": "<p>As an AI language model, I advise.</p>"}, None, "speaks as a machine"),
}


@pytest.mark.parametrize("why", BLOCKED)
def test_a_draft_that_cannot_be_submitted_says_why(author, why):
    fields, change, sentence = BLOCKED[why]
    draft = article(author, **fields)
    if change:
        change(draft)
    before = evidence()

    with pytest.raises((NotNow, NotAllowed)) as refused:
        submitted(author, draft)

    assert sentence in str(refused.value)
    assert str(refused.value).endswith(".")
    assert evidence() == before


def test_the_button_and_the_refusal_give_the_same_reasons(author):
    draft = article(author, topics=(), ai_use="")

    with pytest.raises(NotNow) as refused:
        submitted(author, draft)

    assert str(refused.value) == " ".join(submission_blockers(draft))
    assert len(submission_blockers(draft)) == 2


# recalling


def test_a_recall_ends_the_requests_to_review(author, editor, clinical):
    version = submitted(author)
    under_review(version, editor, (clinical, "clinical"))

    workflow.recall(version.review, actor=author, reason="A table is missing.")

    review = review_of(version)
    assert (review.status, review.end_reason) == ("recalled", "A table is missing.")
    assert Assignment.objects.get(review=review).ended_as == "review_ended"


def test_an_approved_version_waits_while_a_newer_one_is_submitted(author, editor, clinical, specialist):
    draft = article(author)
    first = submitted(author, draft)
    approved(first, editor, clinical, specialist)
    edit(draft, "Other words.", by=author)

    submitted(author, draft, change="minor")

    assert Review.objects.pending().count() == 1
    assert workflow.publish(first, actor=editor) == first


def test_one_clinician_suffices_for_a_correction_and_the_last_review_does_not_move(
    author, editor, clinical, specialist
):
    draft = article(author)
    published(submitted(author, draft), editor, clinical, specialist)
    dates = Article.objects.values_list("last_reviewed", "next_review_due").get(pk=draft.pk)
    edit(draft, "Lymph nodes filter, lymph.", by=author)
    version = submitted(author, draft, change="correction", note="A comma")
    [assignment] = under_review(version, editor, (clinical, "clinical"))

    decide(assignment)
    workflow.publish(version, actor=editor)

    assert review_of(version).status == "approved"
    assert Article.objects.values_list("last_reviewed", "next_review_due").get(pk=draft.pk) == dates


def test_a_member_of_the_board_who_wrote_nothing_may_submit_nothing(author):
    draft = article(author)
    member = board_member("bea")
    before = evidence()

    with pytest.raises(NotAllowed, match=r"Only an author of this article can do this\."):
        workflow.submit(draft, actor=member, change="major", note="For you")

    assert evidence() == before
    assert not LedgerEvent.objects.filter(action="submitted").exists()


# what a correction is

P = "<p>{}</p>".format
TABLE = "<table><tbody><tr><th>Drug</th><th>Dose</th></tr><tr><td>{}</td><td>{}</td></tr></tbody></table>".format
CITED = '<p>It works.<cite data-ref="{0}">[@{0}]</cite> It is safe.</p>'.format
SAME, MORE = True, False

EDITS = [
    # letters and punctuation
    (SAME, "a letter left out", P("The tretment helps."), P("The treatment helps.")),
    (SAME, "two letters exchanged", P("Patients recieve it."), P("Patients receive it.")),
    (SAME, "a doubled letter", P("It occurrs often."), P("It occurs often.")),
    (SAME, "a comma", P("After surgery rest."), P("After surgery, rest.")),
    (SAME, "a full stop", P("Rest"), P("Rest.")),
    (SAME, "a capital", P("rest well."), P("Rest well.")),
    (SAME, "an apostrophe", P("The patient's arm."), P("The patient’s arm.")),
    (SAME, "quotation marks", P('The "sentinel" node.'), P("The “sentinel” node.")),
    (SAME, "a short word", P("Hte node."), P("The node.")),
    (SAME, "another spelling", P("The tumor grows."), P("The tumour grows.")),
    (SAME, "a misspelt prefix kept", P("Hypertenson is treated."), P("Hypertension is treated.")),
    (SAME, "a space too many", P("Rest  well."), P("Rest well.")),
    # numbers
    (MORE, "a number", P("Take 5 mg."), P("Take 50 mg.")),
    (MORE, "a decimal point moved", P("Take 1.5 mg."), P("Take 15 mg.")),
    (MORE, "a range", P("For 5–7 days."), P("For 5–10 days.")),
    (MORE, "a number in words", P("Wait four hours."), P("Wait for hours.")),
    (MORE, "another number in words", P("Take three tablets."), P("Take there tablets.")),
    (MORE, "numbers in words exchanged", P("First six, then two."), P("First two, then six.")),
    (MORE, "an exponent", P("10<sup>9</sup> cells."), P("10<sup>6</sup> cells.")),
    (MORE, "an exponent as a character", P("10⁹ cells."), P("10⁶ cells.")),
    (MORE, "a sign of comparison", P("If &lt; 5 mmol/L."), P("If &gt; 5 mmol/L.")),
    (MORE, "a minus at the beginning", P("-5 °C is cold."), P("5 °C is cold.")),
    (MORE, "a minus in brackets", P("Store (-5 °C)."), P("Store (5 °C).")),
    (MORE, "a roman stage", P("Stage II disease."), P("Stage III disease.")),
    (MORE, "a clotting factor", P("Give factor VII now."), P("Give factor VIII now.")),
    # units
    (MORE, "mg and mcg", P("Take 5 mg."), P("Take 5 mcg.")),
    (MORE, "mg and g", P("Take 5 mg."), P("Take 5 g.")),
    (MORE, "mmol and nmol", P("Above 5 mmol/L."), P("Above 5 nmol/L.")),
    (MORE, "µmol and mmol", P("Above 5 µmol/L."), P("Above 5 mmol/L.")),
    (MORE, "litre and decilitre", P("Above 5 mg/L."), P("Above 5 mg/dL.")),
    (MORE, "micrograms and milligrams", P("Take 5 micrograms."), P("Take 5 milligrams.")),
    (MORE, "percent and per mille", P("In 5 % of them."), P("In 5 ‰ of them.")),
    # citations and links
    (MORE, "another work cited", CITED("smith2020"), CITED("smith2021")),
    (MORE, "a citation left out", CITED("smith2020"), P("It works. It is safe.")),
    (MORE, "a citation moved to another sentence", CITED("smith2020"),
     '<p>It works. It is safe.<cite data-ref="smith2020">[@smith2020]</cite></p>'),
    (MORE, "another address", P('See <a href="https://a.org">it</a>.'), P('See <a href="https://b.org">it</a>.')),
    (MORE, "a link taken off", P('See <a href="https://a.org">it</a>.'), P("See it.")),
    # negations
    (MORE, "not left out", P("Do not stop."), P("Do stop.")),
    (MORE, "not became now", P("It is not safe."), P("It is now safe.")),
    (MORE, "cannot and can", P("You cannot drive."), P("You can drive.")),
    (MORE, "with and without", P("Take it with food."), P("Take it without food.")),
    (MORE, "isn’t and is", P("It isn’t safe."), P("It is safe.")),
    (MORE, "a negation that opens a paragraph", P("For pain") + P("No alcohol."), P("For pain") + P("On alcohol.")),
    (MORE, "emphasis moved off the negation", P("<strong>Do not</strong> stop."), P("Do not <strong>stop</strong>.")),
    # words that turn the sense
    (MORE, "hyper and hypo", P("Treat hypertension."), P("Treat hypotension.")),
    (MORE, "inter and intra", P("An intermuscular injection."), P("An intramuscular injection.")),
    (MORE, "increase and decrease", P("An increased dose."), P("A decreased dose.")),
    (MORE, "symptomatic and asymptomatic", P("In symptomatic people."), P("In asymptomatic people.")),
    (MORE, "possible and impossible", P("Driving is possible."), P("Driving is impossible.")),
    (MORE, "active and inactive", P("The active form."), P("The inactive form.")),
    (MORE, "regular and irregular", P("A regular pulse."), P("An irregular pulse.")),
    (MORE, "safe and unsafe", P("It is safe."), P("It is unsafe.")),
    (MORE, "abduction and adduction", P("Test abduction first."), P("Test adduction first.")),
    (MORE, "afferent and efferent", P("The afferent vessel."), P("The efferent vessel.")),
    (MORE, "LDL and HDL", P("Raised LDL levels."), P("Raised HDL levels.")),
    (MORE, "mRNA and tRNA", P("The mRNA is read."), P("The tRNA is read.")),
    (MORE, "alpha and beta", P("An α-blocker helps."), P("A β-blocker helps.")),
    (MORE, "another word", P("Take it in the morning."), P("Take it in the evening.")),
    (MORE, "a word added", P("Take it."), P("Take it daily.")),
    # tables and blocks
    (MORE, "a table cell", TABLE("Aspirin", "75 mg"), TABLE("Aspirin", "300 mg")),
    (MORE, "a letter in a table cell", TABLE("Asprin", "75 mg"), TABLE("Aspirin", "75 mg")),
    (MORE, "a row added", TABLE("A", "1"), TABLE("A", "1</td></tr><tr><td>B</td><td>2")),
    (MORE, "paragraphs exchanged", P("Call for help first.") + P("Then give oxygen."),
     P("Then give oxygen.") + P("Call for help first.")),
    (MORE, "a paragraph split", P("Rest well. Eat well."), P("Rest well.") + P("Eat well.")),
    (MORE, "a word moved to the next paragraph", P("Rest and eat") + P("well"), P("Rest and") + P("eat well")),
    (MORE, "a paragraph moved into a list", "<ul><li>Rest.</li></ul><p>Eat.</p>", "<ul><li>Rest.<p>Eat.</p></li></ul>"),
]  # fmt: skip


def content(body="<p>Text.</p>", **more):
    return {
        "kind": "topic", "language": "en", "title": "Lymph nodes", "risk": "standard", "written_for": "public",
        "ai_use": {"level": "none", "note": ""}, "topics": [], "contributors": [], "references": [], "figures": [],
        "disclaimers": {}, "audiences": [], "sections": [section("a1", heading="Use", body=body)], **more,
    }  # fmt: skip


@pytest.mark.parametrize(("is_one", "what", "old", "new"), EDITS, ids=[row[1] for row in EDITS])
def test_a_correction_changes_letters_and_punctuation_only(is_one, what, old, new):
    found = correction.differences(content(old), content(new))

    assert bool(found) is not is_one, found
    assert all(sentence.endswith(".") for sentence in found)


OTHER_FACTS = {
    "title": "Lymph node", "kind": "question", "language": "de", "risk": "high", "written_for": "carer",
    "ai_use": {"level": "assisted", "note": ""}, "topics": [{"name": "Oncology", "slug": "oncology"}],
    "contributors": [{"name": "Ada"}], "references": [{"key": "a", "csl": "{}"}], "figures": ["f"],
    "disclaimers": {"public": {}}, "audiences": [{"key": "public"}],
}  # fmt: skip


@pytest.mark.parametrize("name", [name for name in OTHER_FACTS if name != "title"])
def test_a_correction_touches_nothing_but_the_text(name):
    assert correction.differences(content(), content(**{name: OTHER_FACTS[name]}))


def test_a_section_added_renamed_or_moved_is_more_than_a_correction():
    old = content(sections=[section("a1", heading="Use"), section("b2", heading="Harms")])

    for sections in (
        [section("b2", heading="Harms"), section("a1", heading="Use")],
        [section("a1", heading="Use")],
        [section("a1", heading="Use"), section("b2", heading="Benefits")],
        [section("a1", heading="Use"), section("b2", heading="Harms", role="urgent")],
        [section("a1", heading="Use", carer={"heading": "", "body": "<p>Text.</p>"}), section("b2", heading="Harms")],
    ):
        assert correction.differences(old, content(sections=sections)), sections


def test_a_wording_is_held_to_the_same_rule():
    def worded(body):
        return content(sections=[section("a1", heading="Use", carer={"heading": "", "body": body})])

    assert correction.differences(worded("<p>Give 5 mg.</p>"), worded("<p>Give 6 mg.</p>"))
    assert not correction.differences(worded("<p>Give it dayly.</p>"), worded("<p>Give it daily.</p>"))


# the sentences of the constraints on drafts


def test_the_constraints_of_a_draft_say_what_to_do(author):
    draft = article(author)
    row = draft.sections.get()
    work = cite(draft, by=author)
    contributor = author.contributor
    public = Audience.objects.get(key="public")
    carer = Audience.objects.get(key="carer")
    save(Wording(section=row, audience=carer, body="<p>So.</p>"), author)
    Reference.objects.create(csl={"title": "A"}, doi="10.1/a", pmid="123")

    for broken, sentence in [
        (Article(kind="topic", slug="x", title="", created_by=author, written_for=public), "Give the article a title."),
        (Section(article=draft, heading="", body=""), "Give the section a heading; only the lead does without."),
        (Authorship(article=draft, contributor=contributor), "This person has this part already."),
        (draft.article_topics.get().__class__(article=draft, topic=draft.topics.get()),
         "The article is filed under this topic already."),
        (work.__class__(article=draft, key=work.key, reference=work.reference),
         "This article has a reference with this key already."),
        (Wording(section=row, audience=carer), "This section has a wording for this audience already."),
        (Reference(csl={}, doi="10.1/a"), "The library has a work with this DOI already."),
        (Reference(csl={}, pmid="123"), "The library has a work with this PMID already."),
    ]:  # fmt: skip
        with pytest.raises(ValidationError) as refused:
            broken.validate_constraints()
        assert sentence in refused.value.messages, broken
