"""
Fifteen ways in which an approval goes wrong elsewhere, each tried here.

They were found by running a widely used system; the numbers are those of the table in which they were written down.
"""

import pytest
from django.db import connection, transaction

from articles.models import Article, Section, Version
from articles.models.rows.append_only import EvidenceIsAppendOnly
from articles.text import redline
from articles.text.richtext import clean
from reviews import workflow
from reviews.models import Assignment, Decision, LedgerEvent, Review, Signature, Task
from reviews.workflow import NotAllowed, NotNow
from tests.factories import (
    PASSWORD,
    approved,
    article,
    board_member,
    decide,
    edit,
    evidence,
    person,
    published,
    review_of,
    rows,
    save,
    submitted,
    under_review,
)


@pytest.fixture
def draft(author):
    return article(author)


@pytest.fixture
def version(author, draft):
    return submitted(author, draft)


@pytest.fixture
def pair(version, editor, clinical, specialist):
    return under_review(version, editor, (clinical, "clinical"), (specialist, "specialist"))


def public_text(draft):
    return Article.objects.get(pk=draft.pk).published_version.frozen.text


def execute(statement, params):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, params)


def refuses(statement, *params):
    """Make sure that the database itself refuses the statement."""
    with pytest.raises(Exception, match="append-only"):
        execute(statement, params)
    return True


def test_01_what_is_published_is_what_was_approved_though_the_draft_was_saved_during_review(
    author, editor, draft, version, pair
):
    decide(pair[0])
    edit(draft, "Words that nobody has read.", by=author)
    decide(pair[1])

    workflow.publish(version, actor=editor)

    assert "Words that nobody has read." not in public_text(draft)
    assert public_text(draft) == version.frozen.text
    assert set(Signature.objects.values_list("digest", flat=True)) == {version.digest}


def test_01b_new_words_reach_readers_only_through_new_signatures(author, editor, clinical, specialist, draft, version):
    published(version, editor, clinical, specialist)
    edit(draft, "New words.", by=author)
    second = submitted(author, draft, change="minor")

    with pytest.raises(NotNow):
        workflow.publish(second, actor=editor)
    assert not Decision.objects.filter(review=second.review).exists()
    published(second, editor, clinical, specialist)

    assert "New words." in public_text(draft)
    assert Signature.objects.filter(version=second).count() == 2


def test_14_a_version_is_not_rewritten_in_place_once_somebody_approved_it(
    author, editor, specialist, draft, version, pair
):
    decide(pair[0])
    text = version.frozen
    text.text, version.title = "{}", "Other words"
    for change in (text.save, version.save):
        with pytest.raises(EvidenceIsAppendOnly):
            change()
    assert refuses("UPDATE articles_versiontext SET text = '{}' WHERE version_id = %s", version.pk)
    assert refuses("UPDATE articles_version SET digest = 'x' WHERE id = %s", version.pk)

    edit(draft, "Saved by a member of the board.", by=specialist)
    decide(pair[1])
    workflow.publish(Version.objects.get(pk=version.pk), actor=editor)

    assert "Saved by a member of the board." not in public_text(draft)


def test_02_an_author_who_sits_on_the_board_cannot_approve_their_own_article(editor, specialist):
    both = board_member("both", groups=["author", "reviewer"])
    version = submitted(both)
    [row] = under_review(version, editor, (specialist, "specialist"))
    before = rows()

    with pytest.raises(NotAllowed, match="wrote all or part of this text"):
        workflow.assign(version.review, actor=editor, reviewer=both, capacity="clinical")
    with pytest.raises(NotAllowed, match="Only the assigned reviewer"):
        workflow.decide(row, actor=both, outcome="approve", password=PASSWORD, digest=version.digest)

    assert rows() == before


def test_03_a_member_of_the_board_cannot_publish_past_the_review_nor_end_it_by_trying(version, pair, clinical):
    before = rows()

    for actor in (clinical, person("editor3", groups=["editor", "reviewer"])):
        kept = rows()
        with pytest.raises((NotAllowed, NotNow)):
            workflow.publish(version, actor=actor)
        assert rows() == kept

    assert review_of(version).status == "under_review"
    assert Assignment.objects.open().count() == 2
    assert rows()["reviews_assignment"] == before["reviews_assignment"]


def test_04a_somebody_in_no_group_cannot_approve_by_calling_the_function(version, pair):
    nobody = person("nobody")
    before = rows()

    for row in pair:
        with pytest.raises(NotAllowed, match=r"Only the assigned reviewer can do this\."):
            workflow.decide(row, actor=nobody, outcome="approve", password=PASSWORD, digest=version.digest)

    assert rows() == before


def test_04b_the_last_approval_is_accepted_from_a_reviewer_who_may_not_publish(version, pair, specialist, editor):
    decide(pair[0])
    decide(pair[1])

    assert review_of(version).status == "approved"
    with pytest.raises(NotAllowed, match=r"Only an editor can do this\."):
        workflow.publish(version, actor=specialist)
    assert workflow.publish(version, actor=editor) == version


def test_05_one_request_is_decided_once_though_both_objects_were_loaded_before(version, pair, clinical):
    first, second = Assignment.objects.get(pk=pair[0].pk), Assignment.objects.get(pk=pair[0].pk)
    given = {"actor": clinical, "password": PASSWORD, "digest": version.digest}
    workflow.decide(first, outcome="approve", **given)
    before = rows()

    with pytest.raises(NotNow, match="has already ended"):
        workflow.decide(second, outcome="request_changes", reason="No.", **given)

    assert rows() == before
    assert list(Decision.objects.values_list("outcome", flat=True)) == ["approve"]


def test_06_audit_rows_are_neither_changed_nor_deleted_whatever_the_door(version, pair):
    decide(pair[0])
    before = evidence()

    for model in (LedgerEvent, Signature, Decision, Version, Article.history.model, Review.history.model):
        row = model.objects.first()
        for change in (row.save, row.delete, model.objects.all().delete, lambda m=model: m.objects.update(pk=1)):
            with pytest.raises(EvidenceIsAppendOnly):
                change()
        table, key = model._meta.db_table, model._meta.pk.column
        assert refuses(f"UPDATE {table} SET {key} = {key}")
        assert refuses(f"DELETE FROM {table}")

    assert evidence() == before


def test_07_old_versions_and_their_approvals_stay_when_a_newer_draft_exists(
    author, editor, clinical, specialist, draft, version
):
    published(version, editor, clinical, specialist)
    edit(draft, "New words.", by=author)
    submitted(author, draft, change="minor")

    for doomed in (version, version.frozen, version.review):
        with transaction.atomic(), pytest.raises(Exception, match=r"evidence|protected|never deleted"):
            doomed.delete()

    assert Article.objects.get(pk=draft.pk).published_version == version
    assert Decision.objects.live_approvals().filter(review__version=version).count() == 2


def test_08_the_account_of_who_approved_cannot_be_deleted_and_the_name_stays(version, pair, clinical):
    workflow.comment(version, actor=clinical, text="Well put.")
    decide(pair[0])

    with pytest.raises(Exception, match="protected"):
        clinical.delete()
    clinical.is_active = False
    clinical.save()

    signature = Signature.objects.get()
    assert (signature.signer, signature.printed_name) == (clinical, "Clara Clinical")
    assert version.comments.get().author_name == "Clara Clinical"


def test_09_an_article_with_versions_cannot_be_deleted(editor, clinical, specialist, draft, version):
    published(version, editor, clinical, specialist)
    before = evidence()

    with pytest.raises(Exception, match="protected"), transaction.atomic():
        draft.delete()
    with pytest.raises(Exception, match="protected"), transaction.atomic():
        Article.objects.filter(pk=draft.pk).delete()

    assert evidence() == before


def test_10_saving_the_draft_of_a_published_article_changes_nothing_that_readers_see(
    author, editor, clinical, specialist, draft, version
):
    published(version, editor, clinical, specialist)
    shown = Article.objects.public().filter(pk=draft.pk).values("shown_version_id", "published_version_id").get()
    text = public_text(draft)

    draft = Article.objects.get(pk=draft.pk)
    draft.title = "Other words"
    save(draft, author)
    edit(draft, "Other words.", by=author)

    assert (
        Article.objects.public().filter(pk=draft.pk).values("shown_version_id", "published_version_id").get() == shown
    )
    assert public_text(draft) == text
    assert draft.history.count() == 2
    assert draft.history.first().history_user == author


def test_11_twenty_saves_of_one_changed_word_cost_the_bytes_of_their_section_only(author, draft):
    long = " ".join(f"Lymph nodes filter lymph, part {number}." for number in range(400))
    for position in range(2, 12):
        save(Section(article=draft, heading=f"Part {position}", body=f"<p>{long}</p>", position=position), author)
    before = {table: len(found) for table, found in rows().items()}
    size = Section.history.count()

    for number in range(20):
        edit(draft, f"Lymph nodes filter lymph, word{number:02}.", by=author)

    added = {table: len(found) - before[table] for table, found in rows().items() if len(found) != before[table]}
    new = Section.history.order_by("history_id")[size:]
    changed = draft.sections.order_by("position").first()
    whole = sum(len(section.body) for section in draft.sections.all())
    per_save = sum(len(row.body.encode()) + len(row.heading.encode()) for row in new) / 20
    print(f"{per_save:.0f} bytes for each save of one word, in an article of {whole} characters")
    assert added == {"articles_historicalsection": 20}
    assert {row.key for row in new} == {changed.key}
    assert per_save < 100 < whole / 1000


def test_12_a_changed_table_cell_is_shown_as_that_cell_in_its_table():
    def table(dose):
        rows = f"<tr><th>Drug</th><th>Dose</th></tr><tr><td>Aspirin</td><td>{dose}</td></tr>"
        return clean(f"<table><tbody>{rows}<tr><td>Warfarin</td><td>1 mg</td></tr></tbody></table>")

    old, new = table("75 mg"), table("300 mg")

    marked = redline.redline(old, new)

    assert "<del>75" in marked
    assert "<ins>300" in marked
    assert marked.count("<del>") == marked.count("<ins>") == 1
    assert marked.count("Warfarin") == 1
    assert "{" not in marked
    assert (redline.reject(marked), redline.accept(marked)) == (old, new)


def test_13_quorum_reviewer_day_and_waiting_work_are_facts_of_their_own(version, pair):
    assert version.review.quorum == {"clinical": 2, "specialist": 1, "pharmacist": 0}
    assert {"reviewer", "capacity", "due"} <= {field.name for field in Assignment._meta.get_fields()}
    assert {"role", "assignee", "due"} <= {field.name for field in Task._meta.get_fields()}
    assert "risk" in {field.name for field in Review._meta.get_fields()}


def test_each_approval_counts_for_one_version(author, editor, clinical, specialist, draft, version):
    approved(version, editor, clinical, specialist)
    edit(draft, "New words.", by=author)
    second = submitted(author, draft, change="minor")

    assert not Decision.objects.filter(review=second.review).exists()
    assert review_of(second).status == "submitted"
