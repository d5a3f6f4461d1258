"""Notices: five kinds, what each does to what readers see, and how one is lifted."""

import pytest
from django.core.exceptions import ValidationError

from articles.models import Article, Notice
from reviews import workflow
from reviews.models import Checkpoint
from reviews.workflow import NotAllowed, NotNow
from tests.factories import approved, article, edit, evidence, payload, published, submitted

KINDS = ("correction", "concern", "retraction", "removal", "withdrawal")


@pytest.fixture
def version(author, editor, clinical, specialist):
    return published(submitted(author), editor, clinical, specialist)


def issue(version, editor, kind, **kwargs):
    return workflow.issue_notice(
        version.article, actor=editor, kind=kind, **{"reason": "The dose was wrong.", **kwargs}
    )


def seen(version):
    """Return whether readers find the article at its address, and in lists."""
    mine = {"pk": version.article_id}
    return Article.objects.public().filter(**mine).exists(), Article.objects.listed().filter(**mine).exists()


@pytest.mark.parametrize(
    ("kind", "at_its_address", "in_lists"),
    [("correction", True, True), ("concern", True, True), ("retraction", True, False), ("removal", False, False),
     ("withdrawal", True, False)],
)  # fmt: skip
def test_a_notice_shows_at_once_and_its_lifting_too(version, editor, kind, at_its_address, in_lists):
    assert seen(version) == (True, True)

    notice = issue(version, editor, kind)
    assert seen(version) == (at_its_address, in_lists)

    lifted = issue(version, editor, kind, reason="It was right after all.", lifts=notice)
    assert seen(version) == (True, True)
    assert not Notice.objects.in_force().exists()
    assert lifted.lifts == notice
    assert payload("notice_issued")["lifts"].startswith("articles_notice:")


@pytest.mark.parametrize("kind", KINDS)
def test_a_notice_is_one_event_with_kind_reason_and_versions(version, editor, kind):
    before = Checkpoint.objects.count()

    notice = issue(version, editor, kind)

    event = payload("notice_issued")
    assert (event["kind"], event["reason"], event["versions"]) == (kind, "The dose was wrong.", [1])
    assert (notice.issued_by_name, list(notice.versions.all())) == ("Edith Editor", [version])
    assert Checkpoint.objects.count() == before + 1


def test_a_notice_names_what_is_public_and_a_removal_every_version(author, editor, clinical, specialist):
    draft = article(author)
    first = published(submitted(author, draft), editor, clinical, specialist)
    edit(draft, "Other words.", by=author)
    second = published(submitted(author, draft, change="minor"), editor, clinical, specialist)
    edit(draft, "Still other words.", by=author)
    third = submitted(author, draft, change="minor")

    assert list(issue(first, editor, "retraction").versions.all()) == [second]
    assert list(issue(first, editor, "concern").versions.all()) == [second]
    assert list(issue(first, editor, "correction", versions=[1]).versions.all()) == [first]
    assert list(issue(first, editor, "correction").versions.order_by("number")) == [first, second]
    assert list(issue(first, editor, "removal").versions.order_by("number")) == [first, second, third]


@pytest.mark.parametrize("kind", ["correction", "concern", "retraction", "withdrawal", "removal"])
def test_a_notice_about_nothing_that_was_ever_public_is_refused(author, editor, clinical, specialist, kind):
    """It would be called public and stand nowhere, while readers are shown another version without it."""
    draft = article(author)
    first = submitted(author, draft)
    workflow.recall(first.review, actor=author, reason="Too early.")
    edit(draft, "Other words.", by=author)
    second = published(submitted(author, draft), editor, clinical, specialist)
    before = evidence()

    with pytest.raises(ValidationError, match="None of these versions was ever public"):
        issue(second, editor, kind, versions=[1])

    assert evidence() == before


def test_a_version_named_by_a_retraction_is_not_published_until_it_is_lifted(author, editor, clinical, specialist):
    draft = article(author)
    first = published(submitted(author, draft), editor, clinical, specialist)
    edit(draft, "Other words.", by=author)
    second = submitted(author, draft, change="minor")
    approved(second, editor, clinical, specialist)
    notice = issue(first, editor, "retraction", versions=[1, 2])
    before = evidence()
    with pytest.raises(NotNow, match=r"A notice forbids it: retraction\."):
        workflow.publish(second, actor=editor)
    assert evidence() == before

    issue(first, editor, "retraction", lifts=notice)

    assert workflow.publish(second, actor=editor) == second


def test_a_corrected_version_takes_the_place_of_a_retracted_one(author, editor, clinical, specialist):
    draft = article(author)
    first = published(submitted(author, draft), editor, clinical, specialist)
    issue(first, editor, "retraction")
    edit(draft, "Right words.", by=author)

    second = published(submitted(author, draft, change="minor"), editor, clinical, specialist)

    assert seen(second) == (True, True)
    assert Notice.objects.in_force().get().versions.get() == first


def test_a_notice_is_lifted_once(version, editor):
    notice = issue(version, editor, "concern")
    issue(version, editor, "concern", lifts=notice)
    before = evidence()

    with pytest.raises(NotNow, match=r"That notice is no longer in force\."):
        issue(version, editor, "concern", lifts=notice)

    assert evidence() == before


def test_a_lifting_cannot_be_lifted(version, editor):
    lifting = issue(version, editor, "concern", lifts=issue(version, editor, "concern"))

    with pytest.raises(NotNow, match="no longer in force"):
        issue(version, editor, "concern", lifts=lifting)


def test_a_notice_lifts_its_own_kind_on_its_own_article_and_names_no_versions(
    version, author, editor, clinical, specialist
):
    other = published(submitted(author), editor, clinical, specialist)
    notice = issue(version, editor, "concern")
    before = evidence()

    for case, sentence in [
        (
            {"version": version, "kind": "correction"},
            "A notice can only lift one of the same kind on the same article.",
        ),
        ({"version": other, "kind": "concern"}, "A notice can only lift one of the same kind on the same article."),
        ({"version": version, "kind": "concern", "versions": [1]}, "Do not choose any."),
    ]:
        with pytest.raises(ValidationError, match=sentence):
            issue(case.pop("version"), editor, case.pop("kind"), lifts=notice, **case)

    assert evidence() == before


def test_wrong_input_is_said_in_a_sentence(version, editor):
    before = evidence()

    for kind, more, sentence in [
        ("apology", {}, "Choose one of these: correction, concern, retraction, removal, withdrawal."),
        ("concern", {"reason": " "}, "Give the reason in a sentence."),
        ("concern", {"versions": [7]}, "Choose versions of this article by their numbers."),
        ("concern", {"versions": []}, "Choose versions of this article by their numbers."),
    ]:
        with pytest.raises(ValidationError, match=sentence):
            issue(version, editor, kind, **more)

    assert evidence() == before


def test_only_an_editor_issues_a_notice(version, author, clinical):
    before = evidence()

    for actor in (author, clinical):
        with pytest.raises(NotAllowed, match=r"Only an editor can do this\."):
            issue(version, actor, "concern")

    assert evidence() == before


def test_there_is_no_notice_about_what_was_never_public(author, editor):
    version = submitted(author)
    before = evidence()

    with pytest.raises(
        NotNow, match=r"Nothing of this article has been published, so there is nothing to issue a notice about\."
    ):
        issue(version, editor, "retraction")

    assert evidence() == before


def test_the_constraint_of_a_notice_says_what_to_do(version, editor):
    with pytest.raises(ValidationError, match=r"Give the reason\."):
        Notice(article=version.article, kind="concern", reason="", issued_by=editor).validate_constraints()


def test_a_notice_written_before_another_was_issued_is_refused(version, editor):
    issue(version, editor, "concern", seen=0)
    before = evidence()

    with pytest.raises(NotNow, match=r"Another notice was issued after you opened this page. Read it first\."):
        issue(version, editor, "concern", seen=0)

    assert evidence() == before
    issue(version, editor, "correction", seen=1)
