"""A correction as it is submitted: what was proved, what changed around it, and what a full review stands behind."""

import json

import pytest
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils import timezone
from lxml import html

from articles.models import Article, ArticleTopic, Audience, Section, Topic
from articles.review_process import Approval
from reviews import workflow
from reviews.models import LedgerEvent, Quorum, Review, Signature
from reviews.site.around import union
from reviews.site.around.approvals import FULL_REVIEW, Approvals
from reviews.site.around.arms import Asked
from reviews.workflow import NotNow
from reviews.workflow.approval.full_review import behind
from tests import factories
from tests.articles.frozen import cite as mark
from tests.factories import approved, article, decide, edit, evidence, published, save, submitted, under_review

pytestmark = pytest.mark.django_db

SLIP = "<p>They recieve it.</p>"
PROVED = (
    "In “What they do”: “recieve” became “receive”. “recieve” is not in any dictionary or list of "
    "medicines, and no other published article uses it. It occurs only once in this text."
)


@pytest.fixture
def with_slip(author, editor, clinical, specialist):
    draft = article(author, body=SLIP)
    published(submitted(author, draft), editor, clinical, specialist)
    return draft


def edit_body(draft, body, author):
    section = draft.sections.get()
    section.body = body
    save(section, author)


def corrected(draft, author):
    edit(draft, "They receive it.", by=author)
    return submitted(author, draft, change="correction", note="A slip")


def named_for_the_full_review(version) -> set[int]:
    """Return the numbers of the versions whose signatures the byline names for the full review."""
    rows = union().fetch(Asked(version.article_id, version.pk, "public", "2026-01-01")).of(Approvals)
    signed = Signature.objects.filter(pk__in=[row.id for row in rows if row.text == FULL_REVIEW])
    return {*signed.values_list("version__number", flat=True)}


def told() -> list[str]:
    return json.loads(LedgerEvent.objects.filter(action="submitted").last().private.text)["proved"]


def test_what_was_proved_is_in_the_ledger_and_on_the_page_in_just_those_words(with_slip, author, editor, client):
    version = corrected(with_slip, author)
    client.force_login(editor)

    page = client.get(f"/desk/reviews/{version.review.pk}/").content.decode()

    assert told() == [PROVED]
    assert PROVED in page


@pytest.mark.parametrize("text", ["All recieve more.", "Recieve more.", "RECIEVE", "All “recieve”, more."])
def test_a_slip_that_another_article_has_too_is_no_slip(with_slip, author, editor, clinical, specialist, text):
    other = article(author, body=f"<p>{text}</p>")
    published(submitted(author, other), editor, clinical, specialist)
    edit(with_slip, "They receive it.", by=author)
    before = evidence()

    with pytest.raises(ValidationError, match="“recieve” also occurs elsewhere"):
        submitted(author, with_slip, change="correction")

    assert evidence() == before


def test_what_changed_around_a_correction_is_told_and_refuses_nothing(with_slip, author, editor, editor2):
    topic, readers = Topic.objects.get(), Audience.objects.get(key="carer")
    topic.name, readers.label, author.contributor.credentials = "Cancer", "somebody who cares", "MD"
    for row in (topic, readers, author.contributor):
        row.save()
    workflow.confirm_disclaimer(workflow.issue_disclaimer(readers, actor=editor, text="New."), actor=editor2)

    corrected(with_slip, author)

    names = ("The list of topics", "The list of contributors", "A disclaimer", "The list of audiences")
    assert told() == [
        *(f"{name} was changed elsewhere, not in this draft. A correction may include this change." for name in names),
        PROVED,
    ]


def test_what_the_draft_itself_changed_still_refuses(with_slip, author):
    save(ArticleTopic(article=with_slip, topic=factories.topic("Cancer")), author)

    with pytest.raises(ValidationError, match="The list of topics is different"):
        corrected(with_slip, author)


@pytest.mark.parametrize("by_author", [True, False])
def test_another_title_of_a_cited_work_is_no_correction_whoever_changed_it(
    author, editor, clinical, specialist, by_author
):
    draft = article(author, body=f"<p>They recieve it.{mark('ada')}</p>")
    work = factories.cite(draft, "ada", by=author, title="Ten people were given 5 mg").reference
    published(submitted(author, draft), editor, clinical, specialist)
    work.csl = {**work.csl, "title": "Ten thousand people were given 500 mg"}
    save(work, author if by_author else editor)
    edit_body(draft, f"<p>They receive it.{mark('ada')}</p>", author)
    before = evidence()

    with pytest.raises(ValidationError, match=r"In the title of the reference \[@ada\]"):
        submitted(author, draft, change="correction")

    assert evidence() == before


def test_a_slip_in_the_title_of_a_cited_work_is_corrected_and_told(author, editor, clinical, specialist):
    draft = article(author, body=f"<p>They recieve it.{mark('ada')}</p>")
    work = factories.cite(draft, "ada", by=author, title="Ten people hapily rest").reference
    published(submitted(author, draft), editor, clinical, specialist)
    work.csl = {**work.csl, "title": "Ten people happily rest"}
    save(work, author)

    submitted(author, draft, change="correction")

    [said] = told()
    assert said.startswith("In the title of the reference [@ada]: “hapily”")


def test_a_text_without_a_full_review_behind_it_is_a_full_review(author, editor, clinical, specialist):
    draft = article(author)
    asked, *_ = under_review(submitted(author, draft), editor, (clinical, "clinical"))
    decide(asked, "request_changes", "Once more.")
    edit(draft, "Lymph nodes filter lymph well.", by=author)

    version = submitted(author, draft, change="minor")
    published(version, editor, clinical, specialist)

    shown = Article.objects.get()
    assert (version.change, version.review.change) == ("major", "major")
    assert shown.last_reviewed is not None
    assert shown.next_review_due is not None


@pytest.mark.parametrize(
    ("change", "said"), [("correction", "Correction checked by"), ("minor", "Minor change reviewed")]
)
def test_a_byline_without_a_full_review_says_nothing_of_a_later_change(change, said):
    """As of a version that release 0.2 published."""
    signature = Approval("Clara Clinical", "MD", "clinical reviewer", timezone.now(), None)
    context = {"page": {"authors": []}, "review": {f"is_{change}": True}, "signatures": [signature]}

    byline = render_to_string("site/_byline.html", {**context, "full_review": [], "pulled": None})

    assert said in byline
    assert "Later" not in byline


def test_the_byline_names_as_full_reviewers_only_those_of_a_public_text(with_slip, author, editor, specialist, client):
    other = factories.board_member("reviewer4", "Dora Doctor")
    edit(with_slip, "A text that never becomes public.", by=author)
    approved(submitted(author, with_slip), editor, other, specialist)
    version = corrected(with_slip, author)
    decide(under_review(version, editor, (other, "clinical"))[0])
    workflow.publish(version, actor=editor)

    page = client.get(f"/articles/{with_slip.slug}/", follow=True).content.decode()

    full, correction = page.split("Medically reviewed in full by")[1].split("Later correction checked by")
    assert "Clara Clinical" in full
    assert "Dora Doctor" not in full
    assert "Dora Doctor" in correction.split("</ul>")[0]


def test_the_byline_names_who_read_in_full_and_who_checked_the_correction(
    with_slip, author, editor, clinical, specialist, client
):
    version = corrected(with_slip, author)
    [asked] = under_review(version, editor, (clinical, "clinical"))
    decide(asked)
    workflow.publish(version, actor=editor)

    page = " ".join(client.get(f"/articles/{with_slip.slug}/", follow=True).content.decode().split())

    full, correction = page.split("Medically reviewed in full by")[1].split("Later correction checked by")
    correction = correction.split("</ul>")[0]
    full = full.split("</ul>")[0]
    assert clinical.contributor.name in full
    assert specialist.contributor.name in full
    assert clinical.contributor.name in correction
    assert specialist.contributor.name not in correction


@pytest.mark.parametrize("kind", ["retraction", "withdrawal"])
def test_under_a_notice_too_who_read_in_full_and_who_checked_a_word_are_told_apart(
    with_slip, author, editor, client, kind
):
    mei = factories.board_member("mei", "Mei Comma")
    signed_by(corrected(with_slip, author), editor, mei)
    workflow.issue_notice(with_slip, actor=editor, kind=kind, reason="The dose was wrong.")

    page = html.document_fromstring(client.get(f"/articles/{with_slip.slug}/", follow=True).content)

    [told] = page.xpath("//dt[.='Approved before the notice']/following-sibling::dd")
    full, checked = (" ".join(part.text_content().split()) for part in told)
    assert full.startswith("Reviewed in full by Clara Clinical, clinical reviewer, on ")
    assert "Simon Specialist" in full
    assert checked.startswith("Later correction checked by Mei Comma, clinical reviewer, on ")
    assert "Mei" not in full
    assert page.find_class("byline")[0].text_content().count("Mei") == 0


def test_the_byline_of_a_full_review_names_it_once(with_slip, client):
    page = client.get(f"/articles/{with_slip.slug}/", follow=True).content.decode()

    assert "Medically reviewed by" in page
    assert "in full by" not in page


def signed_by(version, editor, *reviewers):
    for asked in under_review(version, editor, *((person, "clinical") for person in reviewers)):
        decide(asked)
    return workflow.publish(version, actor=editor)


def byline(client, draft) -> str:
    page = client.get(f"/articles/{draft.slug}/", follow=True).content.decode()
    start = page.index('class="byline"')
    return " ".join(html.document_fromstring(page[start - 5 : page.index("</div>", start)]).text_content().split())


def test_the_byline_names_who_reviewed_what_came_between_the_full_review_and_this_text(
    with_slip, author, editor, clinical, specialist, client
):
    mei, jane = factories.board_member("mei", "Mei Minor"), factories.board_member("jane", "Jane Minor")
    save(Section(article=with_slip, position=7, heading="More", body="<p>They filter lymph.</p>"), author)
    Quorum.objects.create(kind="topic", risk="standard", clinical=2, specialist=0, pharmacist=0)
    signed_by(submitted(author, with_slip, change="minor"), editor, mei, jane)
    signed_by(corrected(with_slip, author), editor, clinical)

    said = byline(client, with_slip)

    full, rest = said.split("Medically reviewed in full by")[1].split("Earlier minor changes reviewed by")
    between, own = rest.split("Later correction checked by")
    assert [name in full for name in ("Clara", "Simon", "Mei", "Jane")] == [True, True, False, False]
    assert [name in between for name in ("Clara", "Simon", "Mei", "Jane")] == [False, False, True, True]
    assert [name in own for name in ("Clara", "Simon", "Mei", "Jane")] == [True, False, False, False]


@pytest.mark.parametrize("kind", ["retraction", "withdrawal", "removal"])
@pytest.mark.parametrize("change", ["minor", "correction"])
def test_what_takes_the_place_of_a_text_not_to_be_relied_on_is_a_full_review(
    with_slip, author, editor, clinical, specialist, kind, change
):
    workflow.issue_notice(with_slip, actor=editor, kind=kind, reason="The dose was wrong.")
    edit(with_slip, "They receive it.", by=author)

    version = submitted(author, with_slip, change=change)

    assert version.review.change == "major"
    assert (
        version.full_review_because
        == {
            "removal": "version 1, which was public, is removed",
            "retraction": "version 1, which is public, is under a notice: retraction",
            "withdrawal": "version 1, which is public, is under a notice: withdrawal",
        }[kind]
    )


def test_a_full_review_that_was_retracted_is_nobodys_credit(with_slip, author, editor, clinical, specialist, client):
    edit(with_slip, "They are given it.", by=author)
    published(submitted(author, with_slip, change="minor"), editor, clinical, specialist)
    workflow.issue_notice(with_slip, actor=editor, kind="retraction", reason="It was wrong.", versions=[1])

    said = byline(client, with_slip)

    assert "in full" not in said
    assert "Later" not in said
    assert "Minor change reviewed by" in said


@pytest.mark.parametrize("end", ["approved", "returned", "declined"])
def test_a_major_change_that_readers_have_not_seen_is_part_of_the_next_version(
    with_slip, author, editor, clinical, specialist, end
):
    edit(with_slip, "Take 5 mg each day.", by=author)
    version = submitted(author, with_slip)
    pair = under_review(version, editor, (clinical, "clinical"), (specialist, "specialist"))
    if end == "declined":
        workflow.decline(version.review, actor=editor, reason="Not now.")
    else:
        for asked in pair:
            decide(asked, *([] if end == "approved" else ["request_changes", "Once more."]))
    edit(with_slip, "Take 5 mg each morning.", by=author)

    newer = submitted(author, with_slip, change="minor")

    assert newer.review.change == "major"
    assert newer.full_review_because == "version 2, a major change, is not public"


def test_a_recalled_major_change_and_one_that_readers_have_ask_for_nothing(with_slip, author, editor, clinical):
    edit(with_slip, "They are given it.", by=author)
    workflow.recall(submitted(author, with_slip).review, actor=author, reason="The wrong class.")
    edit(with_slip, "They are handed it.", by=author)

    version = submitted(author, with_slip, change="minor")

    assert (version.review.change, version.full_review_because) == ("minor", "")


def test_the_first_text_that_readers_see_was_read_in_full(author, editor, clinical, specialist, client):
    draft = article(author, body=SLIP)
    factories.approved(submitted(author, draft), editor, clinical, specialist)
    edit(draft, "They are given it.", by=author)
    client.force_login(author)

    said = client.post(
        f"/desk/articles/{draft.pk}/versions/", {"change": "minor", "note": "A word."}, follow=True
    ).content.decode()

    assert "It is a major change, although you chose another class: nothing of this article is public yet." in said
    version = draft.versions.get(number=2)
    published(version, editor, clinical, specialist)
    assert Article.objects.get(pk=draft.pk).last_reviewed is not None


def test_a_correction_is_proved_beside_a_major_change_that_it_has_no_part_of(with_slip, author, editor, clinical):
    edit(with_slip, "Take 5 mg each day.", by=author)
    submitted(author, with_slip)
    workflow.decline(with_slip.versions.get(number=2).review, actor=editor, reason="Not now.")

    version = corrected(with_slip, author)

    assert (version.review.change, told()) == ("correction", [PROVED])


def test_a_correction_of_what_is_not_shown_any_more_is_not_published(with_slip, author, editor, clinical, specialist):
    edit(with_slip, "Take 5 mg each day.", by=author)
    factories.approved(submitted(author, with_slip), editor, clinical, specialist)
    correction = corrected(with_slip, author)
    [asked] = under_review(correction, editor, (clinical, "clinical"))
    decide(asked)
    workflow.publish(with_slip.versions.get(number=2), actor=editor, despite=3)
    before = evidence()

    with pytest.raises(NotNow, match="Version 2 was published after this correction was submitted"):
        workflow.publish(correction, actor=editor)

    assert evidence() == before


@pytest.mark.parametrize("raised", [None, "minor", "major"])
def test_a_correction_of_what_was_replaced_while_it_was_reviewed_is_published_only_if_read_in_full(
    with_slip, author, editor, clinical, specialist, raised
):
    """A minor change, as an editor called it, would stand under the date of a review that read another text."""
    edit(with_slip, "Take 5 mg each day.", by=author)
    factories.approved(submitted(author, with_slip), editor, clinical, specialist)
    correction = corrected(with_slip, author)
    asked = [
        workflow.assign(correction.review, actor=editor, reviewer=member, capacity=capacity, change=raised)
        for member, capacity in [(clinical, "clinical"), (specialist, "specialist")][: 2 if raised else 1]
    ]
    workflow.publish(with_slip.versions.get(number=2), actor=editor, despite=3)
    for each in asked:
        decide(each)

    if raised == "major":
        assert workflow.publish(correction, actor=editor) == correction
        return
    assert behind(Review.objects.get(version=correction)).version.number == 1
    before = evidence()
    with pytest.raises(NotNow, match="Version 2 was published after this correction was submitted"):
        workflow.publish(correction, actor=editor)
    assert evidence() == before


def test_the_byline_names_nobody_whose_change_became_public_after_this_one_was_submitted(
    with_slip, author, editor, clinical, specialist, client
):
    mei = factories.board_member("mei", "Mei Minor")
    Quorum.objects.create(kind="topic", risk="standard", clinical=1, specialist=0, pharmacist=0)
    edit(with_slip, "They receive it daily.", by=author)
    second = submitted(author, with_slip, change="minor")
    decide(*under_review(second, editor, (mei, "clinical")))
    edit(with_slip, "They receive it weekly.", by=author)
    third = submitted(author, with_slip, change="minor")
    workflow.publish(second, actor=editor, despite=3)

    signed_by(third, editor, clinical)

    assert "Mei" not in byline(client, with_slip)
    assert "in full by Clara" in byline(client, with_slip)


def with_an_unseen_major_change(draft, author, editor, *reviewers):
    """Version 2 is major and never public; version 3 corrects version 1 and is."""
    edit(draft, "Take 5 mg each day.", by=author)
    version = submitted(author, draft)
    if reviewers:
        for asked in under_review(version, editor, *((person, "clinical") for person in reviewers)):
            decide(asked)
    else:
        workflow.decline(version.review, actor=editor, reason="There is no such dose.")
    return corrected(draft, author)


@pytest.mark.parametrize("is_approved", [True, False])
def test_a_major_change_that_readers_never_saw_is_not_forgotten_over_a_correction(
    with_slip, author, editor, clinical, specialist, is_approved
):
    Quorum.objects.create(kind="topic", risk="standard", clinical=2, specialist=0, pharmacist=0)
    pair = [factories.board_member("mei", "Mei Major"), specialist] if is_approved else []
    signed_by(with_an_unseen_major_change(with_slip, author, editor, *pair), editor, clinical)
    edit(with_slip, "Take 5 mg each morning.", by=author)

    version = submitted(author, with_slip, change="minor")

    assert version.review.change == "major"
    assert version.full_review_because == "version 2, a major change, is not public"


def test_a_full_review_of_a_text_that_readers_never_had_is_not_that_of_the_next_one(
    with_slip, author, editor, clinical, specialist, client, monkeypatch
):
    """A release before 0.3.0 may have taken version 4 as a minor change."""
    monkeypatch.setattr("reviews.workflow.steps.submission.full_review_needed", lambda *of: "")
    mei = factories.board_member("mei", "Mei Major")
    Quorum.objects.create(kind="topic", risk="standard", clinical=2, specialist=0, pharmacist=0)
    signed_by(with_an_unseen_major_change(with_slip, author, editor, mei, specialist), editor, clinical)
    edit(with_slip, "They receive it each day.", by=author)
    minor = submitted(author, with_slip, change="minor")
    signed_by(minor, editor, mei, specialist)

    full = byline(client, with_slip).split("in full by")[1].split("Earlier corrections checked by")[0]

    assert ("Clara" in full, "Mei" in full) == (True, False)
    assert behind(Review.objects.get(version=minor)).version.number == 1


def test_a_full_review_that_its_signers_took_back_stands_behind_nothing(
    with_slip, author, editor, clinical, specialist, client, monkeypatch
):
    """A release before 0.3.0 may have taken version 3 as a minor change."""
    monkeypatch.setattr("reviews.workflow.steps.submission.full_review_needed", lambda *of: "")
    edit(with_slip, "Take 5 mg each day.", by=author)
    taken_back = factories.approved(submitted(author, with_slip), editor, clinical, specialist)
    workflow.withdraw_approval(taken_back, actor=clinical, password=factories.PASSWORD, reason="The dose is wrong.")
    edit(with_slip, "They are given it.", by=author)
    minor = published(submitted(author, with_slip, change="minor"), editor, clinical, specialist)

    named = named_for_the_full_review(minor)

    assert behind(Review.objects.get(version=minor)).version.number == 1
    assert named == {1}


def test_a_minor_change_of_what_is_retracted_meanwhile_is_not_published(
    with_slip, author, editor, clinical, specialist
):
    edit(with_slip, "They are given it.", by=author)
    minor = submitted(author, with_slip, change="minor")
    factories.approved(minor, editor, clinical, specialist)
    notice = workflow.issue_notice(with_slip, actor=editor, kind="retraction", reason="The dose was wrong.")
    before = evidence()

    with pytest.raises(NotNow, match="Version 1, which was read in full, is under a notice: retraction"):
        workflow.publish(minor, actor=editor)

    assert evidence() == before
    workflow.issue_notice(with_slip, actor=editor, kind="retraction", reason="It was right.", lifts=notice)
    assert workflow.publish(minor, actor=editor)


def test_a_text_whose_full_review_is_retracted_later_has_no_dates_of_it_and_the_next_is_major(
    with_slip, author, editor, clinical, specialist, client
):
    edit(with_slip, "They are given it.", by=author)
    published(submitted(author, with_slip, change="minor"), editor, clinical, specialist)
    client.force_login(editor)
    pages = [f"/articles/{with_slip.slug}/", "/", "/articles/", "/topics/oncology/", f"/desk/articles/{with_slip.pk}/"]

    def shown() -> list[tuple[bool, bool]]:
        texts = [client.get(page, follow=True).content.decode() for page in pages]
        return [("ast reviewed" in text, "Next review due" in text) for text in texts]

    assert shown() == [(True, True), (True, False), (True, False), (True, False), (True, True)]

    notice = workflow.issue_notice(with_slip, actor=editor, kind="retraction", reason="It was wrong.", versions=[1])

    assert shown() == [(False, False)] * len(pages)
    desk = client.get(pages[-1]).content.decode()
    assert "No valid full review: version 1, which was read in full, is under a notice: retraction" in desk
    workflow.issue_notice(with_slip, actor=editor, kind="retraction", reason="It was right.", lifts=notice)
    assert ("Last reviewed" in client.get("/").content.decode()) is True
    workflow.issue_notice(with_slip, actor=editor, kind="retraction", reason="It was wrong.", versions=[1])
    edit(with_slip, "They are handed it.", by=author)
    newer = submitted(author, with_slip, change="minor")
    assert newer.review.change == "major"
    assert newer.full_review_because == "version 1, which was read in full, is under a notice: retraction"


@pytest.mark.parametrize("number", [1, 2, 3, 4, 5])
def test_page_and_workflow_name_the_same_full_review(author, editor, clinical, specialist, client, number):
    """Each version of a long line, all of them public one after the other."""
    draft = article(author)
    for place, change in enumerate(["major", "minor", "minor", "major", "minor"][:number]):
        edit(draft, f"They filter lymph, {place} times.", by=author)
        version = published(submitted(author, draft, change=change), editor, clinical, specialist)
    review = Review.objects.get(version=version)

    named = named_for_the_full_review(version) or {version.number}

    assert named == {behind(review).version.number}


@pytest.mark.parametrize("change", ["correction", "minor"])
def test_a_concern_does_not_vanish_with_the_next_comma(with_slip, author, editor, clinical, specialist, change):
    concern = {"actor": editor, "kind": "concern", "reason": "The dose is being looked into."}
    first = workflow.issue_notice(with_slip, **concern)
    edit(with_slip, "They receive it.", by=author)
    version = submitted(author, with_slip, change=change)
    factories.approved(version, editor, clinical, specialist) if change == "minor" else [
        decide(asked) for asked in under_review(version, editor, (clinical, "clinical"))
    ]
    before = evidence()

    with pytest.raises(NotNow, match="Version 1, the last one published, is under an expression of concern"):
        workflow.publish(version, actor=editor)

    assert evidence() == before
    workflow.issue_notice(with_slip, **concern, versions=[1, 2])
    workflow.issue_notice(with_slip, **{**concern, "reason": "One names both."}, lifts=first)
    workflow.publish(version, actor=editor)
    assert Article.objects.in_lists().get(pk=with_slip.pk).has_concern


def test_a_full_review_may_take_the_place_of_a_text_under_a_concern(with_slip, author, editor, clinical, specialist):
    workflow.issue_notice(with_slip, actor=editor, kind="concern", reason="The dose is being looked into.")
    edit(with_slip, "Take 5 mg.", by=author)

    assert published(submitted(author, with_slip), editor, clinical, specialist)
